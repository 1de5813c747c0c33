package server

import (
	"context"
	"fmt"
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
		next.ServeHTTP(w, r) // a websocket's operations are counted one by one, and their answers have no headers
	})
}

// say429 writes what is left of a budget into the headers (draft-ietf-httpapi-ratelimit-headers).
func say429(h http.Header, left access.Budget) {
	h["Ratelimit-Policy"], h["Ratelimit"] = []string{policyOf("minute", left)}, []string{whatIsLeft("minute", left)}
	if left.Retry > 0 {
		h.Set("Retry-After", strconv.Itoa(inSeconds(left.Retry)))
	}
}

// policyOf and whatIsLeft are in every answer: they are put together without fmt.
func policyOf(name string, left access.Budget) string {
	return `"` + name + `";q=` + strconv.Itoa(left.Limit) + ";w=60"
}

func whatIsLeft(name string, left access.Budget) string {
	return `"` + name + `";r=` + strconv.Itoa(left.Remaining) + ";t=" + strconv.Itoa(inSeconds(left.Reset))
}

// inSeconds rounds up.
func inSeconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

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

// headersOf is the headers of the answer to a request by HTTP, which was counted as one where there is a limit; nil for an
// operation on a websocket.
func headersOf(ctx context.Context) http.Header {
	if s := sentIn(ctx); s != nil {
		return s.headers
	}
	return nil
}

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
	headers := headersOf(ctx)
	if response == nil || headers == nil || streaming(ctx) { // a stream has sent its headers
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
	if headers := headersOf(ctx); headers != nil {
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
	if headersOf(ctx) != nil {
		return nil
	}
	return m.budgets.count(ctx, 1)
}
