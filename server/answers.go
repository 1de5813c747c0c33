package server

import (
	"context"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"sonata.ai/sonata/internal/delivery"
	"sonata.ai/sonata/internal/kept"
)

// How much is kept of answers.
const (
	answersBytes = 32 << 20
	maxKept      = 1 << 20 // bytes of one answer
	maxVariables = 4 << 10 // bytes of the variables that an answer is kept for
)

// answers keeps finished answers to queries that read nothing but what is published: whoever asks the same is given the
// same, as long as the same is live and may be read. Both are asked again for each, and so are its budget and its
// safelist. Answers with errors, warnings or figures are never kept, nor those for drafts, previews or pinned releases.
type answers struct {
	parts   Parts
	trusted trusted
	budgets budgets

	kept *kept.Kept[answerKey, *answer]
}

// answerKey is what an answer is the answer to.
type answerKey struct {
	document  string // hash
	operation string
	variables string // JSON as it was sent
}

// answer is one that is kept.
type answer struct {
	body        []byte
	tag         string
	name        string // of the operation that ran
	roots, cost int
	reading     *delivery.Reading
}

func newAnswers(p Parts) *answers {
	return &answers{
		parts: p, trusted: trusted{p.Documents, p.Present}, budgets: budgets{p.Limits, p.Guard, p.Refused.Tell},
		kept: kept.New(answersBytes, func(key answerKey, x *answer) int { return len(x.body) + len(key.variables) + 512 }),
	}
}

// keyOf is what a request is looked up by; ok is false for one whose answer is never kept. Its document was let through.
func keyOf(s *sent, hash string) (key answerKey, ok bool) {
	key = answerKey{document: hash, operation: s.params.OperationName}
	if len(s.variables) > maxVariables {
		return key, false
	}
	key.variables = string(s.variables)
	return key, hash != "" && s.params.Extensions[costKey] != true
}

// first gives answers that are kept, and hands on every other request.
func (a *answers) first(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s := sentIn(r.Context()); s != nil && s.mediaType != eventStream {
			if x := a.find(r.Context(), s, w.Header()); x != nil {
				respond(w, r, s, http.StatusOK, x.body, x.tag)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// find returns the answer to a request that is kept and stands for who asks; nil when there is none. It was counted then
// as if it had run.
func (a *answers) find(ctx context.Context, s *sent, headers http.Header) *answer {
	began := time.Now()
	hash := a.trusted.admit(ctx, s.params)
	key, ok := keyOf(s, hash)
	if !ok {
		return nil
	}
	x, ok := a.kept.Get(key)
	if !ok {
		return nil
	}
	a.parts.Documents.Began(ctx, x.name) // and what is read may count it, too
	if !a.parts.Stands(ctx, x.reading) {
		return nil
	}
	if left, limited, enough := a.parts.Limits.Spend(ctx, x.cost); limited {
		if !enough {
			return nil // it is refused in its own words
		}
		sayCost(headers, left)
	}
	if x.roots > 1 && a.budgets.count(ctx, x.roots-1) != nil {
		return nil
	}
	a.parts.Documents.Ran(ctx, time.Since(began), false)
	a.parts.Metrics.answered(time.Since(began))
	return x
}

// keep keeps an answer that may be given to others.
func (a *answers) keep(s *sent, op *graphql.OperationContext, response *graphql.Response, body []byte, hash string, reading *delivery.Reading) {
	if op == nil || op.Operation == nil || op.Operation.Operation != ast.Query || len(response.Errors) > 0 || len(response.Extensions) > 0 ||
		len(body) > maxKept || !reading.IsLive() || !a.parts.Guard.Published(op.Operation) {
		return
	}
	key, ok := keyOf(s, hash)
	if !ok {
		return
	}
	cost, _ := op.Stats.GetExtension(costKey).(int)
	a.kept.Put(key, &answer{body: body, tag: tagOf(body), name: op.Operation.Name, roots: a.parts.Guard.Roots(op.Operation), cost: cost, reading: reading})
}
