package server

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"sonata.ai/sonata/graph"
	"sonata.ai/sonata/internal/access"
)

// limited answers who has no requests left, and says to everybody else how many there are. It counts one; what a
// GraphQL operation costs beyond that is counted by budgets, once it is known.
func limited(p Parts, over func(http.ResponseWriter, access.Budget), next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		left, isLimited, ok := p.Limits.Count(r.Context(), 1)
		if isLimited {
			say429(w.Header(), left)
		}
		if isLimited && !ok {
			p.Refused.Tell(r.Context(), r.Pattern, rateLimited)
			over(w, left)
			return
		}
		if isWebsocket(r) { // its operations are counted one by one, and their answers have no headers
			next.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), limitedKey{}, w.Header())))
	})
}

// say429 writes what is left of a budget into the headers (draft-ietf-httpapi-ratelimit-headers).
func say429(h http.Header, left access.Budget) {
	h.Set("RateLimit-Policy", fmt.Sprintf(`"minute";q=%d;w=60`, left.Limit))
	h.Set("RateLimit", fmt.Sprintf(`"minute";r=%d;t=%d`, left.Remaining, inSeconds(left.Reset)))
	if left.Retry > 0 {
		h.Set("Retry-After", strconv.Itoa(inSeconds(left.Retry)))
	}
}

func inSeconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }

func overBudget(left access.Budget) string {
	return fmt.Sprintf("there are no more than %d requests a minute, and a root field counts as one: come again in %d s", left.Limit, inSeconds(left.Retry))
}

// overGraphQL refuses in the form of GraphQL.
func overGraphQL(w http.ResponseWriter, left access.Budget) {
	body, err := encode(&graphql.Response{Errors: gqlerror.List{overError(left)}})
	if err != nil {
		body = []byte(`{"errors":[{"message":"refused"}]}`) // texts and a number always marshal
	}
	writeRefusal(w, http.StatusTooManyRequests, body)
}

// overProblem refuses with problem details.
func overProblem(w http.ResponseWriter, left access.Budget) {
	refuseProblem(w, http.StatusTooManyRequests, rateLimited, overBudget(left))
}

const rateLimited = "RATE_LIMITED"

func overError(left access.Budget) *gqlerror.Error {
	return &gqlerror.Error{Message: overBudget(left), Extensions: map[string]any{"code": rateLimited, "retryAfterSeconds": inSeconds(left.Retry)}}
}

// limitedKey is where the headers of the answer to a request by HTTP are, which was counted as one where there is a limit.
type limitedKey struct{}

// budgets counts the root fields of operations before they run, on every transport: a document may ask for a thousand
// things at once.
type budgets struct {
	limits  *access.Limits
	guard   *graph.Guard
	refused func(ctx context.Context, action, code string)
}

var _ interface {
	graphql.OperationContextMutator
	graphql.ResponseInterceptor
} = budgets{}

// ExtensionName names the extension.
func (budgets) ExtensionName() string { return "Budgets" }

// Validate accepts every schema.
func (budgets) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext counts the root fields after the first. To come again is no advice for more than a whole minute
// has.
func (b budgets) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	roots := b.guard.Roots(op.Operation)
	if roots <= 1 {
		return nil
	}
	if left, isLimited := b.limits.Remaining(ctx); isLimited && roots > left.Limit {
		b.refused(ctx, "/graphql", "LIMIT")
		return &gqlerror.Error{
			Message:    fmt.Sprintf("this operation has %d root fields, and each counts as one of the %d requests that a minute has: send it in parts", roots, left.Limit),
			Extensions: map[string]any{"code": "LIMIT"},
		}
	}
	return b.count(ctx, roots-1)
}

// InterceptResponse says in a header, too, when to come again with what was refused for now.
func (budgets) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response := next(ctx)
	headers, byHTTP := ctx.Value(limitedKey{}).(http.Header)
	if response == nil || !byHTTP || streaming(ctx) { // a stream has sent its headers
		return response
	}
	wait := 0
	for _, e := range response.Errors {
		if seconds, ok := e.Extensions["retryAfterSeconds"].(int); ok {
			wait = max(wait, seconds)
		}
	}
	if wait > 0 {
		headers.Set("Retry-After", strconv.Itoa(wait))
	}
	return response
}

func (b budgets) count(ctx context.Context, cost int) *gqlerror.Error {
	left, isLimited, ok := b.limits.Count(ctx, cost)
	if !isLimited {
		return nil
	}
	if headers, byHTTP := ctx.Value(limitedKey{}).(http.Header); byHTTP {
		say429(headers, left)
	}
	if !ok {
		b.refused(ctx, "/graphql", rateLimited)
		return overError(left)
	}
	return nil
}

// messages counts each operation on a websocket as one, whatever becomes of it: before anything else of it is looked at.
type messages struct{ budgets budgets }

var _ graphql.OperationParameterMutator = messages{}

// ExtensionName names the extension.
func (messages) ExtensionName() string { return "Messages" }

// Validate accepts every schema.
func (messages) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters counts what limited did not.
func (m messages) MutateOperationParameters(ctx context.Context, _ *graphql.RawParams) *gqlerror.Error {
	if _, counted := ctx.Value(limitedKey{}).(http.Header); counted {
		return nil
	}
	return m.budgets.count(ctx, 1)
}
