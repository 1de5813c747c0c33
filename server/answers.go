package server

import (
	"context"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"sonata.ai/sonata/internal/delivery"
	"sonata.ai/sonata/internal/document"
	"sonata.ai/sonata/internal/kept"
)

// How much is kept of answers.
const (
	answersBytes = 32 << 20
	maxKept      = 1 << 20 // bytes of one answer
	maxVariables = 4 << 10 // bytes of the variables that an answer is kept for
)

// answers keeps finished answers to queries that read nothing but releases: whoever asks the same is given the same, as
// long as what was read may be read, and what was live is. Both are asked again for each, and so are its budget and its
// safelist. Answers with errors, warnings or figures are never kept, nor those for drafts or previews.
type answers struct {
	parts     Parts
	trusted   trusted
	budgets   budgets
	questions *questions

	kept        *kept.Kept[answerKey, *answer]
	compressing atomic.Bool // one at a time: who asks meanwhile is answered as it is
}

// answerKey is what an answer is the answer to.
type answerKey struct {
	document  string // hash
	operation string
	variables string // JSON as it was sent
}

// answer is one that may be given to others. What it holds never changes; a compressed one takes its place.
type answer struct {
	plain       representation
	packed      *representation // nil until it was compressed, and where that does not pay
	name        string          // of the operation that ran
	roots, cost int
	reading     *delivery.Reading
	shared      sharing

	wanted  atomic.Int32 // how often it was asked for compressed
	settled atomic.Bool  // it is being compressed, or was, and that does not pay
}

func newAnswers(p Parts, read *questions) *answers {
	return &answers{
		parts: p, trusted: trusted{p.Documents, p.Present}, budgets: budgets{p.Limits, p.Guard, p.Refused.Tell}, questions: read,
		kept: kept.New(answersBytes, sizeOfAnswer),
	}
}

func sizeOfAnswer(key answerKey, x *answer) int {
	size := len(x.plain.body) + len(key.variables) + 512
	if x.packed != nil {
		size += len(x.packed.body)
	}
	return size
}

// keyOf is what a request is looked up by; ok is false for one whose answer is never kept. Its document was let through.
func keyOf(s *sent, hash string) (key answerKey, ok bool) {
	key = answerKey{document: hash, operation: s.params.OperationName}
	if len(s.variables) > maxVariables {
		return key, false
	}
	if s.question != nil {
		key.variables = s.question.variables
	} else {
		key.variables = string(s.variables)
	}
	return key, hash != "" && s.params.Extensions[costKey] != true
}

// give answers a request with what is kept, and reports whether it did.
func (a *answers) give(ctx context.Context, w http.ResponseWriter, r *http.Request, s *sent) bool {
	if s.mediaType == eventStream {
		return false
	}
	key, x := a.find(ctx, s)
	if x == nil {
		return false
	}
	a.questions.keep(s)
	as := &x.plain
	if len(x.plain.body) >= minPacked && prefersGzip(r.Header["Accept-Encoding"]) {
		if x.packed != nil {
			as = x.packed
		} else {
			a.want(key, x)
		}
	}
	respond(w, r, s, http.StatusOK, as, cacheControl(ctx, r, s, x.shared))
	return true
}

// find returns the answer to a request that is kept and stands for who asks; nil when there is none. It was counted then
// as if it had run.
func (a *answers) find(ctx context.Context, s *sent) (key answerKey, x *answer) {
	began := time.Now()
	hash := a.trusted.admit(ctx, s.params)
	key, ok := keyOf(s, hash)
	if !ok {
		return key, nil
	}
	if x, ok = a.kept.Get(key); !ok {
		return key, nil
	}
	a.parts.Documents.Began(ctx, x.name) // and what is read may count it, too
	if !a.parts.Stands(ctx, x.reading) {
		return key, nil
	}
	if left, limited, enough := a.parts.Limits.Spend(ctx, x.cost); limited {
		if !enough {
			return key, nil // it is refused in its own words
		}
		sayCost(s.headers, left)
	}
	if x.roots > 1 && a.budgets.count(ctx, x.roots-1) != nil {
		return key, nil
	}
	took := time.Since(began)
	a.parts.Documents.Ran(ctx, took, false)
	a.parts.Metrics.answered(took)
	return key, x
}

// answered is what of an answer may be given to others, or nil.
func (a *answers) answered(op *graphql.OperationContext, response *graphql.Response, body []byte, reading *delivery.Reading) *answer {
	if op == nil || op.Operation == nil || op.Operation.Operation != ast.Query || len(response.Errors) > 0 || len(response.Extensions) > 0 || !a.parts.Guard.Published(op.Operation) {
		return nil
	}
	shares, pinned := reading.Shares()
	if !shares {
		return nil
	}
	x := &answer{plain: represent(body, ""), name: op.Operation.Name, roots: a.parts.Guard.Roots(op.Operation), reading: reading, shared: whileLive}
	if pinned {
		x.shared = forGood
	}
	x.cost, _ = op.Stats.GetExtension(costKey).(int)
	return x
}

// freshness is who may keep an answer that is not kept here: one that shows data which everybody may be given for a while is
// for caches, as long as the data is.
func (a *answers) freshness(ctx context.Context, r *http.Request, s *sent, op *graphql.OperationContext, response *graphql.Response, reading *delivery.Reading) string {
	fresh, ok := reading.Fresh()
	if !ok || op == nil || op.Operation == nil || len(response.Errors) > 0 || len(response.Extensions) > 0 || !a.parts.Guard.Published(op.Operation) {
		return keptByNobody
	}
	if control := cacheControl(ctx, r, s, whileLive); control != sharedWhile {
		return control
	}
	return "public, max-age=" + strconv.Itoa(int(min(fresh, sharedAtMost).Seconds()))
}

// keep keeps an answer that may be given to others, and how its question was read.
func (a *answers) keep(ctx context.Context, s *sent, x *answer) {
	if x == nil || len(x.plain.body) > maxKept {
		return
	}
	if key, ok := keyOf(s, document.From(ctx).Hash); ok {
		a.kept.Put(key, x)
		a.questions.keep(s)
	}
}
