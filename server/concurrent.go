package server

import (
	"context"
	"fmt"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// retryBusy is when to come again to a server that runs all it can, in seconds.
const retryBusy = 1

// concurrent bounds how many queries and mutations run at once, whatever they arrived by; nil is any number. One holds its
// place while it runs: not while its request is read, nor while its answer is written.
type concurrent chan struct{}

var _ graphql.OperationInterceptor = concurrent(nil)

func newConcurrent(most int) concurrent {
	if most == 0 {
		return nil
	}
	return make(concurrent, most)
}

// ExtensionName names the extension.
func (concurrent) ExtensionName() string { return "Concurrent" }

// Validate accepts every schema.
func (concurrent) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptOperation runs an operation when there is a place for it. What waited would find its client gone, and the
// next ones waiting longer: who comes too many is told at once.
func (c concurrent) InterceptOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	responses := next(ctx)
	if c == nil || graphql.GetOperationContext(ctx).Operation.Operation == ast.Subscription {
		return responses
	}
	answered := false
	return func(ctx context.Context) *graphql.Response {
		if answered { // the end of a stream that had one answer
			return responses(ctx)
		}
		answered = true
		select {
		case c <- struct{}{}:
			defer func() { <-c }()
			return responses(ctx)
		default:
			responses = graphql.OneShot(nil)
			return c.busy(ctx)
		}
	}
}

func (c concurrent) busy(ctx context.Context) *graphql.Response {
	if headers := headersOf(ctx); headers != nil && !streaming(ctx) {
		headers.Set("Retry-After", strconv.Itoa(retryBusy))
	}
	return &graphql.Response{Errors: gqlerror.List{{
		Message:    fmt.Sprintf("the server runs as many operations as it may at once (%d): come again in %d s", cap(c), retryBusy),
		Extensions: map[string]any{"code": unavailable, "retryAfterSeconds": retryBusy},
	}}}
}
