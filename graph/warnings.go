package graph

import (
	"context"
	"strings"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"sonata.ai/sonata/graph/model"
	"sonata.ai/sonata/internal/delivery"
	"sonata.ai/sonata/internal/fault"
)

// Answers makes each answer whole: a query reads one state of what is live, and what is worth saying beside the data
// goes into extensions.warnings.
type Answers struct{}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationInterceptor
	graphql.ResponseInterceptor
} = Answers{}

// ExtensionName names the extension.
func (Answers) ExtensionName() string { return "Answers" }

// Validate accepts every schema.
func (Answers) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptOperation lets a query see one state of what is live.
func (Answers) InterceptOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	if graphql.GetOperationContext(ctx).Operation.Operation == ast.Query {
		ctx = delivery.Pin(ctx)
	}
	return next(ctx)
}

// InterceptResponse collects the warnings of one response.
func (Answers) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	list := &warnings{}
	response := next(context.WithValue(ctx, warningsKey{}, list))
	attach(response, list.said)
	return response
}

// attach puts warnings into a response.
func attach(response *graphql.Response, said []delivery.Warning) {
	if response == nil || len(said) == 0 {
		return
	}
	if response.Extensions == nil {
		response.Extensions = map[string]any{}
	}
	response.Extensions["warnings"] = said
}

// missing says what may be wrong with a question that is answered with null: a typing mistake looks like a screen that
// is not there. What is missing and what the caller may not see are told in the same words.
func missing(err error, at model.ScreenAt) (said []delivery.Warning) {
	if f := fault.As(err); f != nil && f.Kind == fault.NotFound {
		said = append(said, delivery.Warning{Code: "NOT_FOUND", Message: f.Message + ", or you may not see it"})
	}
	if path := at.Path.Value(); path != nil && !strings.HasPrefix(*path, "/") {
		said = append(said, delivery.Warning{Code: "INVALID_PATH", Message: "a path begins with /"})
	}
	return said
}

type warningsKey struct{}

type warnings struct {
	mu   sync.Mutex
	said []delivery.Warning
}

// warn adds to the response that is being made.
func warn(ctx context.Context, said []delivery.Warning) {
	if list, ok := ctx.Value(warningsKey{}).(*warnings); ok && len(said) > 0 {
		list.mu.Lock()
		defer list.mu.Unlock()
		list.said = append(list.said, said...)
	}
}
