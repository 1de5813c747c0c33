package server

import (
	"context"
	"fmt"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/lexer"
	"github.com/vektah/gqlparser/v2/parser"

	"sonata.ai/sonata/internal/document"
)

// The limits of one request.
const (
	maxBody     = 1 << 20   // bytes of a request body
	maxManifest = 16 << 20  // the same, for callers who register builds, documents or services
	maxErrors   = 10        // errors in one answer
	maxMessage  = 2000      // bytes of a message, which may repeat what was sent
	maxURL      = 128 << 10 // bytes of a GET request's query string
)

// documentLimits holds what a document may ask for, whatever it arrived by.
type documentLimits struct {
	limits  DocumentLimits
	roots   func(op *ast.OperationDefinition) int
	weights func(op *ast.OperationDefinition) weight
	known   *parsed
	schema  *ast.Schema
}

var _ interface {
	graphql.OperationParameterMutator
	graphql.OperationContextMutator
	graphql.OperationInterceptor
	graphql.ResponseInterceptor
} = documentLimits{}

// ExtensionName names the extension.
func (documentLimits) ExtensionName() string { return "DocumentLimits" }

// Validate accepts every schema.
func (documentLimits) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters refuses long documents before they are parsed, and those that are not valid: the executor would
// find that out, too, but takes whatever time and memory it needs for it.
func (l documentLimits) MutateOperationParameters(ctx context.Context, request *graphql.RawParams) *gqlerror.Error {
	if len(request.Query) > document.MaxSource {
		return limitError("the document is larger than 64 kB")
	}
	s := sentIn(ctx)
	if s == nil || l.known.has(request.Query) {
		return nil
	}
	parsed, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: request.Query}, l.limits.Tokens)
	if err != nil || len(parsed.Operations) == 0 {
		return nil // the executor says so
	}
	switch err := document.Validate(l.schema, request.Query, parsed).(type) { //nolint:errorlint // it is one of two
	case nil:
		s.valid = parsed
		l.known.Add(ctx, request.Query, parsed)
		return nil
	case gqlerror.List:
		for _, e := range err {
			errcode.Set(e, errcode.ValidationFailed)
		}
		s.invalid = err
		return err[0]
	default:
		return limitError(err.Error())
	}
}

// MutateOperationContext refuses documents that hold too much, subscriptions on a transport that cannot carry them, and mutations by
// GET.
func (l documentLimits) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	if message := l.limits.refuse(l.weights(op.Operation), l.roots(op.Operation)); message != "" {
		return limitError(message)
	}
	if sent := sentIn(ctx); sent != nil && sent.get && op.Operation.Operation == ast.Mutation {
		return getOnlyReads()
	}
	if op.Operation.Operation == ast.Subscription && !streaming(ctx) {
		err := gqlerror.Errorf("subscriptions need a websocket (graphql-transport-ws) or server-sent events (Accept: text/event-stream)")
		err.Extensions = map[string]any{"code": "BAD_REQUEST"}
		return err
	}
	return nil
}

// InterceptOperation gives operations that end their deadline, also on transports that go on.
func (documentLimits) InterceptOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	if graphql.GetOperationContext(ctx).Operation.Operation == ast.Subscription {
		return next(ctx)
	}
	ctx, cancel := context.WithTimeout(ctx, deadline)
	responses := next(ctx)
	return func(ctx context.Context) *graphql.Response {
		defer cancel()
		return responses(ctx)
	}
}

// InterceptResponse bounds the errors of an answer, and says of a document with too many tokens that this is what is wrong
// with it: to the parser it is one that cannot be read.
func (l documentLimits) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response := next(ctx)
	if response != nil && codeOf(response) == errcode.ParseFailed && l.limits.tooLong(graphql.GetOperationContext(ctx).RawQuery) {
		response.Errors = gqlerror.List{limitError(fmt.Sprintf("the document has more than the %d tokens that are allowed: send less at once", l.limits.Tokens))}
	}
	if response != nil && len(response.Errors) > maxErrors {
		response.Errors = response.Errors[:maxErrors]
	}
	if response != nil {
		for _, e := range response.Errors {
			e.Message = clip(e.Message, maxMessage)
		}
	}
	return response
}

func getOnlyReads() *gqlerror.Error {
	return &gqlerror.Error{Message: "a GET request only reads: send a POST request", Extensions: map[string]any{"code": methodNotAllowed}}
}

func limitError(message string) *gqlerror.Error {
	return &gqlerror.Error{Message: message, Extensions: map[string]any{"code": "LIMIT"}}
}

// DocumentLimits is what one operation may hold, fragments followed; 0 is no limit.
type DocumentLimits struct {
	Tokens     int // of the document
	Cost       int // see document.Costs
	Depth      int // levels of nested fields
	Aliases    int // fields that are answered under another name
	RootFields int
	Directives int
}

// Refuse says which limit an operation with so many root fields exceeds whatever its variables are; "" for none.
func (l DocumentLimits) Refuse(op *ast.OperationDefinition, roots int) string {
	return l.refuse(weightOf(op), roots)
}

// refuse says which limit an operation exceeds; "" for none.
func (l DocumentLimits) refuse(w weight, roots int) string {
	for _, c := range []struct {
		holds, limit int
		format       string
	}{
		{w.depth, l.Depth, "the document nests fields %d levels deep, and %d levels are allowed: ask for what is below by its id"},
		{w.aliases, l.Aliases, "the document uses %d aliases, and %d are allowed: send several requests"},
		{roots, l.RootFields, "the operation has %d root fields, and %d are allowed: send several requests"},
		{w.directives, l.Directives, "the document uses %d directives, and %d are allowed"},
	} {
		if c.limit > 0 && c.holds > c.limit {
			return fmt.Sprintf(c.format, c.holds, c.limit)
		}
	}
	return ""
}

// tooLong reports whether a document has more tokens than it may have.
func (l DocumentLimits) tooLong(document string) bool {
	if l.Tokens == 0 {
		return false
	}
	text := lexer.New(&ast.Source{Input: document})
	for range l.Tokens {
		if token, err := text.ReadToken(); err != nil || token.Kind == lexer.EOF {
			return false
		}
	}
	return true
}

// weight is what a selection holds. What stands in a fragment counts for each of its uses.
type weight struct{ depth, aliases, directives int }

// countless is more than any limit. Fragments that use each other twice double with every step.
const countless = 1 << 30

func (w *weight) add(other weight) {
	w.depth = max(w.depth, other.depth)
	w.aliases = min(w.aliases+other.aliases, countless)
	w.directives = min(w.directives+other.directives, countless)
}

func weightOf(op *ast.OperationDefinition) weight {
	w := weigh(op.SelectionSet, map[string]weight{})
	w.directives += len(op.Directives)
	return w
}

// weigh measures each fragment once; validation refused cycles before.
func weigh(set ast.SelectionSet, fragments map[string]weight) (w weight) {
	for _, s := range set {
		var one weight
		switch s := s.(type) {
		case *ast.Field:
			one = weigh(s.SelectionSet, fragments)
			one.depth++
			one.directives += len(s.Directives)
			if s.Alias != s.Name {
				one.aliases++
			}
		case *ast.InlineFragment:
			one = weigh(s.SelectionSet, fragments)
			one.directives += len(s.Directives)
		case *ast.FragmentSpread:
			known, ok := fragments[s.Name]
			if !ok && s.Definition != nil {
				known = weigh(s.Definition.SelectionSet, fragments)
				known.directives += len(s.Definition.Directives)
				fragments[s.Name] = known
			}
			one = known
			one.directives += len(s.Directives)
		}
		w.add(one)
	}
	return w
}
