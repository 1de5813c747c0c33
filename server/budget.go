package server

import (
	"context"
	"encoding/json"
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
			say429(w, left)
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
		answer := &limitedAnswer{ResponseWriter: w}
		next.ServeHTTP(answer, r.WithContext(context.WithValue(r.Context(), limitedKey{}, answer)))
	})
}

// say429 writes what is left of a budget into the headers (draft-ietf-httpapi-ratelimit-headers).
func say429(w http.ResponseWriter, left access.Budget) {
	w.Header().Set("RateLimit-Policy", fmt.Sprintf(`"minute";q=%d;w=60`, left.Limit))
	w.Header().Set("RateLimit", fmt.Sprintf(`"minute";r=%d;t=%d`, left.Remaining, inSeconds(left.Reset)))
	if left.Retry > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(inSeconds(left.Retry)))
	}
}

func inSeconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }

func overBudget(left access.Budget) string {
	return fmt.Sprintf("there are no more than %d requests a minute, and a root field counts as one: come again in %d s", left.Limit, inSeconds(left.Retry))
}

// overGraphQL refuses in the form of GraphQL.
func overGraphQL(w http.ResponseWriter, left access.Budget) {
	body, err := json.Marshal(graphql.Response{Errors: gqlerror.List{overError(left)}})
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

type limitedKey struct{}

// limitedAnswer is the answer to a request by HTTP, which was counted as one where there is a limit. That its operation
// costs more than is left is known only when the executor, which would answer 200, has parsed it.
type limitedAnswer struct {
	http.ResponseWriter
	over, written bool
}

// WriteHeader passes the status on, or 429.
func (w *limitedAnswer) WriteHeader(status int) {
	if w.over {
		status = http.StatusTooManyRequests
	}
	w.written = true
	w.ResponseWriter.WriteHeader(status)
}

// Write sends the status first.
func (w *limitedAnswer) Write(p []byte) (int, error) {
	if !w.written {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController find the writer below.
func (w *limitedAnswer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// budgets counts the root fields of operations before they run, on every transport: a document may ask for a thousand
// things at once.
type budgets struct {
	limits  *access.Limits
	guard   *graph.Guard
	refused func(ctx context.Context, action, code string)
}

var _ interface {
	graphql.OperationParameterMutator
	graphql.OperationContextMutator
	graphql.ResponseInterceptor
} = budgets{}

// ExtensionName names the extension.
func (budgets) ExtensionName() string { return "Budgets" }

// Validate accepts every schema.
func (budgets) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters counts one for an operation on a websocket, whatever becomes of it.
func (b budgets) MutateOperationParameters(ctx context.Context, _ *graphql.RawParams) *gqlerror.Error {
	if _, counted := ctx.Value(limitedKey{}).(*limitedAnswer); counted {
		return nil
	}
	return b.count(ctx, 1)
}

// MutateOperationContext counts the root fields after the first.
func (b budgets) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	if more := b.guard.Roots(op.Operation) - 1; more > 0 {
		return b.count(ctx, more)
	}
	return nil
}

// InterceptResponse says in a header, too, when to come again with what was refused for now.
func (budgets) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response := next(ctx)
	answer, byHTTP := ctx.Value(limitedKey{}).(*limitedAnswer)
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
		answer.Header().Set("Retry-After", strconv.Itoa(wait))
	}
	return response
}

func (b budgets) count(ctx context.Context, cost int) *gqlerror.Error {
	left, isLimited, ok := b.limits.Count(ctx, cost)
	if !isLimited {
		return nil
	}
	answer, byHTTP := ctx.Value(limitedKey{}).(*limitedAnswer)
	if byHTTP {
		answer.over = !ok
		say429(answer, left)
	}
	if !ok {
		b.refused(ctx, "/graphql", rateLimited)
		return overError(left)
	}
	return nil
}
