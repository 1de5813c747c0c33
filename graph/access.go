package graph

import (
	"context"
	"slices"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/introspection"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
)

// Guard is the first of two checks: it answers null and FORBIDDEN for fields that need a scope which the caller holds
// nowhere, refuses subscriptions to them before they begin, and shows of the schema what the caller's scopes reach.
// Whether a scope holds at the place of an object is asked by the domain.
type Guard struct {
	schema  *ast.Schema
	needs   needs
	demands sync.Map // *ast.OperationDefinition → *demand, of the documents that were learned
	views   *lru.Cache[string, *view]

	// Refused, when it is set, is told of each refusal: the name of a root field, for others Type.field, and the code of the
	// answer. It may be called at the same time from several goroutines and must not wait.
	Refused func(ctx context.Context, action, code string)
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationContextMutator
} = &Guard{}

// knownViews is how many sets of scopes are remembered: there are few.
const knownViews = 64

// NewGuard returns the guard of a schema.
func NewGuard(schema *ast.Schema) (*Guard, error) {
	views, err := lru.New[string, *view](knownViews)
	return &Guard{schema: schema, needs: needsOf(schema), views: views}, err
}

// ExtensionName names the extension.
func (*Guard) ExtensionName() string { return "Guard" }

// Validate accepts every schema.
func (*Guard) Validate(graphql.ExecutableSchema) error { return nil }

// Roots is how many fields of the root type an operation asks for, aliases included; at least one. Fields that @skip or
// @include leave out count.
func (g *Guard) Roots(op *ast.OperationDefinition) int { return g.demandOf(op).roots }

// Published reports whether an operation asks for nothing but what is published.
func (g *Guard) Published(op *ast.OperationDefinition) bool { return g.demandOf(op).shares }

// Learn finds out what the operations of a document demand, and remembers it until the document is forgotten. An
// operation that was not learned is walked for each question: what is remembered keeps its document in memory.
func (g *Guard) Learn(document *ast.QueryDocument) {
	for _, op := range document.Operations {
		g.demands.Store(op, g.needs.demandOf(g.schema, op))
	}
}

// Forget is for documents that nobody keeps any more.
func (g *Guard) Forget(document *ast.QueryDocument) {
	for _, op := range document.Operations {
		g.demands.Delete(op)
	}
}

func (g *Guard) demandOf(op *ast.OperationDefinition) *demand {
	if known, ok := g.demands.Load(op); ok {
		return known.(*demand) //nolint:forcetypeassert // nothing else is put in
	}
	return g.needs.demandOf(g.schema, op)
}

// MutateOperationContext puts the check before the resolvers of an operation that needs it. Others cost nothing.
func (g *Guard) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	d := g.demandOf(op.Operation)
	missing := missingOf(ctx, d.scopes)
	if len(missing) == 0 && !d.explores {
		return nil
	}
	if op.Operation.Operation == ast.Subscription {
		if err := g.subscription(ctx, op.Operation, missing); err != nil {
			return err
		}
	}
	inner := op.ResolverMiddleware
	op.ResolverMiddleware = func(ctx context.Context, next graphql.Resolver) (any, error) {
		fc := graphql.GetFieldContext(ctx)
		switch fc.Field.Name {
		case "__schema":
			schema, err := g.Explore(ctx)
			return introspection.WrapSchema(schema), err
		case "__type":
			schema, err := g.Explore(ctx)
			if err != nil {
				return nil, err
			}
			name, _ := fc.Args["name"].(string)
			return introspection.WrapTypeFromDef(schema, schema.Types[name]), nil
		}
		if scope := g.needs[fc.Object][fc.Field.Name]; scope != "" && slices.Contains(missing, scope) {
			g.refused(ctx, fc.Object, fc.Field.Name)
			return nil, needsScope(ctx, scope)
		}
		return inner(ctx, next)
	}
	return nil
}

// subscription refuses an operation whose root field the caller may not follow.
func (g *Guard) subscription(ctx context.Context, op *ast.OperationDefinition, missing []string) (refused *gqlerror.Error) {
	walk(g.schema, op.SelectionSet, []*ast.Definition{g.schema.Subscription}, func(d *ast.Definition, f *ast.Field) {
		scope := g.needs[d.Name][f.Name]
		if d != g.schema.Subscription || scope == "" || refused != nil || !slices.Contains(missing, scope) {
			return
		}
		g.refused(ctx, d.Name, f.Name)
		err := needsScope(ctx, scope)
		refused = gqlerror.ErrorPosf(f.Position, "%s", err.Message)
		refused.Path = ast.Path{ast.PathName(f.Alias)}
		refused.Extensions = map[string]any{"code": codeOf(err)}
	})
	return refused
}

func (g *Guard) refused(ctx context.Context, object, field string) {
	if g.Refused == nil {
		return
	}
	for _, root := range []*ast.Definition{g.schema.Query, g.schema.Mutation, g.schema.Subscription} {
		if root.Name == object {
			g.Refused(ctx, field, "FORBIDDEN")
			return
		}
	}
	g.Refused(ctx, object+"."+field, "FORBIDDEN")
}

// missingOf returns those of some scopes that the caller holds nowhere.
func missingOf(ctx context.Context, scopes []string) (missing []string) {
	if len(scopes) == 0 {
		return nil
	}
	who := principal.From(ctx)
	for _, scope := range scopes {
		if !who.Has(scope) {
			missing = append(missing, scope)
		}
	}
	return missing
}

func needsScope(ctx context.Context, scope string) *fault.Error {
	if advice := principal.From(ctx).Advice; advice != "" {
		return fault.Forbiddenf("this needs the scope %s: %s", scope, advice)
	}
	return fault.Forbiddenf("this needs the scope %s: sign in or send an API key that holds it", scope)
}
