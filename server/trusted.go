package server

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"sonata.ai/sonata/internal/document"
)

// documentRef is what a request says of its document besides the text.
type documentRef struct {
	id     string // documentId, doc_id, or the end of the path
	sha256 string // of Apollo's persistedQuery
	client string // name of the client
	build  string // version of the client
}

// maxDocumentID is how long an id may be.
const maxDocumentID = 128

func (d *documentRef) named() bool { return d.id != "" || d.sha256 != "" }

// name takes the one id that a request gives its document, in whatever ways.
func (d *documentRef) name(ids ...string) *malformed {
	for _, id := range ids {
		if id == "" {
			continue
		}
		if d.id != "" && d.id != id {
			return malformedf("the request names two documents: send one id")
		}
		if len(id) > maxDocumentID {
			return malformedf("the id of a document has at most %d characters", maxDocumentID)
		}
		d.id = id
	}
	return nil
}

// persisted reads Apollo's extension persistedQuery.
func (d *documentRef) persisted(extensions map[string]any) *malformed {
	raw, there := extensions["persistedQuery"]
	if !there {
		return nil
	}
	of, ok := raw.(map[string]any)
	hash, isText := of["sha256Hash"].(string)
	version, isNumber := of["version"].(json.Number)
	if ok && isText && isNumber && version == "1" && hash != "" && len(hash) <= maxDocumentID {
		if d.id != "" {
			return malformedf("the request names two documents: send documentId or persistedQuery, not both")
		}
		d.sha256 = hash
		return nil
	}
	return malformedf(`extensions.persistedQuery is {"version": 1, "sha256Hash": "…"} with the hash of a document`)
}

// clientIn reads how a client calls itself: the name and the version, in the words of either convention.
func (d *documentRef) clientIn(values func(string) []string) *malformed {
	var err *malformed
	one := func(names ...string) (found string) {
		for _, name := range names {
			for _, value := range values(name) {
				if value != "" && found != "" && value != found {
					err = malformedf("the client calls itself two things by %s and %s: send one of them", strings.ToLower(names[0]), strings.ToLower(names[1]))
				}
				if value != "" {
					found = value
				}
			}
		}
		return found
	}
	d.client = one("Graphql-Client-Name", "Apollographql-Client-Name")
	d.build = one("Graphql-Client-Version", "Apollographql-Client-Version")
	return err
}

// trusted lets operations through whose documents may run, finds the text of those that are sent by id, and counts them.
type trusted struct {
	documents *document.Documents
	present   graphql.ErrorPresenterFunc
}

var _ interface {
	graphql.OperationParameterMutator
	graphql.OperationContextMutator
	graphql.OperationInterceptor
} = trusted{}

// ExtensionName names the extension.
func (trusted) ExtensionName() string { return "TrustedDocuments" }

// Validate accepts every schema.
func (trusted) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters decides before anything is parsed.
func (t trusted) MutateOperationParameters(ctx context.Context, params *graphql.RawParams) *gqlerror.Error {
	if a := document.From(ctx); a != nil && a.Hash != "" {
		return nil // it was let through already
	}
	return t.decide(ctx, params)
}

// admit lets a document through and returns its hash; "" for one that is refused, which is said when it is to be run.
func (t trusted) admit(ctx context.Context, params *graphql.RawParams) (hash string) {
	if t.decide(ctx, params) != nil {
		return ""
	}
	return document.From(ctx).Hash
}

func (t trusted) decide(ctx context.Context, params *graphql.RawParams) *gqlerror.Error {
	request := document.Request{Source: params.Query}
	if s := sentIn(ctx); s != nil {
		request.ID, request.Persisted, request.Client, request.Build = s.document.id, s.document.sha256, s.document.client, s.document.build
		if s.question != nil && params.Query == s.question.query {
			request.Hash = s.question.hash
		}
	}
	source, err := t.documents.Admit(ctx, request)
	if err != nil {
		return t.present(ctx, err)
	}
	params.Query = source
	return nil
}

// MutateOperationContext says what the document turned out to be.
func (t trusted) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	t.documents.Began(ctx, op.Operation.Name)
	return nil
}

// InterceptOperation counts what ran.
func (t trusted) InterceptOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	if graphql.GetOperationContext(ctx).Operation.Operation == ast.Subscription {
		t.documents.Ran(ctx, -1, false)
		return next(ctx)
	}
	began := time.Now()
	responses, counted := next(ctx), false
	return func(ctx context.Context) *graphql.Response {
		response := responses(ctx)
		if !counted && response != nil {
			counted = true
			t.documents.Ran(ctx, time.Since(began), len(response.Errors) > 0)
		}
		return response
	}
}
