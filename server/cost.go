package server

import (
	"context"
	"fmt"
	"maps"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"sonata.ai/sonata/internal/access"
	"sonata.ai/sonata/internal/document"
)

// costing refuses operations that cost too much, or more than their caller has left in a minute, before anything of them
// runs, and says what one cost to who asks for it.
type costing struct {
	costs   *document.Costs
	most    int // of one operation; 0 is any
	limits  *access.Limits
	refused func(ctx context.Context, action, code string)
}

var _ interface {
	graphql.OperationContextMutator
	graphql.ResponseInterceptor
} = costing{}

// costKey is where an operation has what it costs, and the member of extensions in which that is asked for and said.
const costKey = "cost"

// ExtensionName names the extension.
func (costing) ExtensionName() string { return "Costing" }

// Validate accepts every schema.
func (costing) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext counts what an operation costs with the variables that it has. To come again is no advice for
// more than a whole minute has.
func (c costing) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	cost := c.costs.Of(op.Operation, op.Variables)
	op.Stats.SetExtension(costKey, cost)
	if c.most > 0 && cost > c.most {
		return tooDear(cost, c.most, fmt.Sprintf("the operation costs %d, and %d is allowed: ask for fewer entries (first), or send it in parts", cost, c.most))
	}
	left, isLimited, ok := c.limits.Spend(ctx, cost)
	if !isLimited {
		return nil
	}
	if cost > left.Limit {
		c.refused(ctx, "/graphql", "LIMIT")
		return tooDear(cost, left.Limit, fmt.Sprintf("the operation costs %d, and a minute has %d: ask for fewer entries (first), or send it in parts", cost, left.Limit))
	}
	if headers := headersOf(ctx); headers != nil {
		sayCost(headers, left)
	}
	if ok {
		return nil
	}
	c.refused(ctx, "/graphql", rateLimited)
	seconds := inSeconds(left.Retry)
	return &gqlerror.Error{
		Message:    fmt.Sprintf("the operation costs %d, and of the %d that a minute has %d are left: come again in %d s", cost, left.Limit, left.Remaining, seconds),
		Extensions: map[string]any{"code": rateLimited, "retryAfterSeconds": seconds, "cost": cost},
	}
}

func tooDear(cost, limit int, message string) *gqlerror.Error {
	return &gqlerror.Error{Message: message, Extensions: map[string]any{"code": "LIMIT", "cost": cost, "limit": limit}}
}

// sayCost writes what is left beside what is left of the requests.
func sayCost(h http.Header, left access.Budget) {
	h["Ratelimit-Policy"] = append(h["Ratelimit-Policy"], policyOf("cost", left))
	h["Ratelimit"] = append(h["Ratelimit"], whatIsLeft("cost", left))
}

// InterceptResponse says what an operation cost when its request has "extensions": {"cost": true}, in the form that
// Shopify made known.
func (c costing) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response := next(ctx)
	op := graphql.GetOperationContext(ctx)
	requested, known := op.Stats.GetExtension(costKey).(int)
	if response == nil || !known || op.Extensions[costKey] != true {
		return response
	}
	said := map[string]any{
		"requestedQueryCost": requested, "actualQueryCost": c.costs.Actual(op.Operation, op.Variables, response.Data), "throttleStatus": nil,
	}
	if left, isLimited := c.limits.Affords(ctx); isLimited {
		said["throttleStatus"] = map[string]any{
			"maximumAvailable": left.Limit, "currentlyAvailable": left.Remaining, "restoreRate": float64(left.Limit) / 60,
		}
	}
	response.Extensions = maps.Clone(response.Extensions)
	if response.Extensions == nil {
		response.Extensions = map[string]any{}
	}
	response.Extensions[costKey] = said
	return response
}
