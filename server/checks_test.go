package server

import (
	"math"
	"testing"

	"github.com/99designs/gqlgen/graphql"

	"sonata.ai/sonata/graph"
	"sonata.ai/sonata/internal/access"
	"sonata.ai/sonata/internal/document"
)

// BenchmarkChecks is what the checks of one operation take between the parser and the resolvers, its document kept.
func BenchmarkChecks(b *testing.B) {
	schema := contract()
	guard, err := graph.NewGuard(schema)
	if err != nil {
		b.Fatal(err)
	}
	costs, err := document.NewCosts(schema)
	if err != nil {
		b.Fatal(err)
	}
	limits := access.NewLimits(math.MaxInt, math.MaxInt, math.MaxInt)
	for name, text := range map[string]string{
		"screen":        `query ($at: ScreenAt!, $context: DeliveryContext!) { screen(at: $at, context: $context) { id key contentHash root blocks { key component version props slots { name blocks } } degradations { blockKey reason } } }`,
		"studio":        shapes()["studio"],
		"introspection": `{ __schema { types { name kind fields { name type { name kind ofType { name kind ofType { name } } } args { name type { name } } } inputFields { name type { name } } enumValues { name } } directives { name } } }`,
	} {
		doc := mustParse(b, text)
		c := newParsed(parsedBytes, onceBytes, guard.Learn, guard.Forget)
		c.Add(b.Context(), text, doc)
		variables := map[string]any{"slug": "shop", "query": "", "at": map[string]any{"key": "home"}, "context": map[string]any{"frontend": "shop", "environment": "production"}}
		limit := documentLimits{DocumentLimits{Depth: 20, Aliases: 100, RootFields: 50, Directives: 100, Cost: 1e6}, guard.Roots, c.weightOf, c, schema}
		count := budgets{limits, guard, nil}
		price := costing{costs, 1e6, limits, nil}
		for part, check := range map[string]func(*graphql.OperationContext) error{
			"cost alone": func(op *graphql.OperationContext) error { costs.Of(op.Operation, op.Variables); return nil },
			"all": func(op *graphql.OperationContext) error {
				if err := limit.MutateOperationContext(b.Context(), op); err != nil {
					return err
				}
				if err := count.MutateOperationContext(b.Context(), op); err != nil {
					return err
				}
				if err := price.MutateOperationContext(b.Context(), op); err != nil {
					return err
				}
				return nil
			},
			"look-up": func(*graphql.OperationContext) error { c.Get(b.Context(), text); return nil },
		} {
			b.Run(name+"/"+part, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					op := graphql.OperationContext{Operation: doc.Operations[0], Variables: variables}
					if err := check(&op); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
