package server

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// The limits of one request.
const (
	maxBody     = 1 << 20   // bytes of a request body
	maxManifest = 16 << 20  // the same, for callers who register builds, documents or services
	maxDocument = 64 << 10  // bytes of a document
	maxTokens   = 5000      // lexical tokens of a document
	maxDepth    = 20        // levels of nested fields, fragments followed
	maxErrors   = 10        // errors in one answer
	maxURL      = 128 << 10 // bytes of a GET request's query string
)

// documentLimits holds what a document may ask for, whatever it arrived by.
type documentLimits struct{}

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

// MutateOperationParameters refuses long documents before they are parsed.
func (documentLimits) MutateOperationParameters(_ context.Context, request *graphql.RawParams) *gqlerror.Error {
	if len(request.Query) > maxDocument {
		return limitError("the document is larger than 64 kB")
	}
	return nil
}

// MutateOperationContext refuses deep documents, subscriptions on a transport that cannot carry them, and mutations by
// GET.
func (documentLimits) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	if depthOf(op.Operation.SelectionSet, map[string]int{}) > maxDepth {
		return limitError("the document nests fields deeper than 20 levels")
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

// InterceptResponse bounds the errors of an answer.
func (documentLimits) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response := next(ctx)
	if response != nil && len(response.Errors) > maxErrors {
		response.Errors = response.Errors[:maxErrors]
	}
	return response
}

func getOnlyReads() *gqlerror.Error {
	return &gqlerror.Error{Message: "a GET request only reads: send a POST request", Extensions: map[string]any{"code": methodNotAllowed}}
}

func limitError(message string) *gqlerror.Error {
	return &gqlerror.Error{Message: message, Extensions: map[string]any{"code": "LIMIT"}}
}

// depthOf counts levels of fields. Each fragment is measured once; validation refused cycles before.
func depthOf(set ast.SelectionSet, fragments map[string]int) int {
	deepest := 0
	for _, s := range set {
		depth := 0
		switch s := s.(type) {
		case *ast.Field:
			depth = 1 + depthOf(s.SelectionSet, fragments)
		case *ast.InlineFragment:
			depth = depthOf(s.SelectionSet, fragments)
		case *ast.FragmentSpread:
			known, ok := fragments[s.Name]
			if !ok && s.Definition != nil {
				known = depthOf(s.Definition.SelectionSet, fragments)
				fragments[s.Name] = known
			}
			depth = known
		}
		deepest = max(deepest, depth)
	}
	return deepest
}
