package graph

import (
	"context"
	"reflect"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"sonata.ai/sonata/graph/model"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
)

// Refusals tells of mutations that are refused by what they would change, be it as userErrors or as an error: what is
// refused before that, its guard and its budget tell. It must not wait for anything.
type Refusals func(ctx context.Context, action, code string)

var _ interface {
	graphql.HandlerExtension
	graphql.OperationContextMutator
} = Refusals(nil)

// Tell tells of one refusal; nobody, when r is nil.
func (r Refusals) Tell(ctx context.Context, action, code string) {
	if r != nil {
		r(ctx, action, code)
	}
}

// ExtensionName names the extension.
func (Refusals) ExtensionName() string { return "Refusals" }

// Validate accepts every schema.
func (Refusals) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext looks at the results of mutations. Other operations cost nothing.
func (r Refusals) MutateOperationContext(_ context.Context, op *graphql.OperationContext) *gqlerror.Error {
	if op.Operation.Operation != ast.Mutation {
		return nil
	}
	inner := op.ResolverMiddleware
	op.ResolverMiddleware = func(ctx context.Context, next graphql.Resolver) (any, error) {
		payload, err := inner(ctx, next)
		if fc := graphql.GetFieldContext(ctx); fc.Object == "Mutation" {
			if code := refusalIn(ctx, payload, err); code != "" {
				r.Tell(ctx, fc.Field.Name, code)
			}
		}
		return payload, err
	}
	return nil
}

// refusalIn returns the code with which a mutation was refused to its caller, or "". An id that is not found may be one
// behind a wall, for callers who have walls around them.
func refusalIn(ctx context.Context, payload any, err error) string {
	if f := fault.As(err); f != nil {
		if code := codeOf(f); code == "FORBIDDEN" || code == "UNAUTHENTICATED" || code == "RATE_LIMITED" {
			return code
		}
		return ""
	}
	v := reflect.ValueOf(payload)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return ""
	}
	field := v.Elem().FieldByName("UserErrors")
	if !field.IsValid() {
		return ""
	}
	failures, _ := field.Interface().([]model.UserError)
	for _, f := range failures {
		switch e, _ := f.(model.InputError); e.Code {
		case model.UserErrorCodeForbidden:
			return string(e.Code)
		case model.UserErrorCodeNotFound:
			if walled(principal.From(ctx)) {
				return string(e.Code)
			}
		}
	}
	return ""
}

func walled(p principal.Principal) bool {
	return !slices.ContainsFunc(p.Grants, func(g principal.Grant) bool { return g.Frontend == "" && len(g.Environments) == 0 })
}
