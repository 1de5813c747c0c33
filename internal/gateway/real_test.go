package gateway_test

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"

	"sonata.ai/sonata/graph"
	"sonata.ai/sonata/internal/gateway"
	"sonata.ai/sonata/internal/supergraph"
)

// The executable that gqlgen generated tells of the composed API, alone and beside what a service has.
func TestIntrospectionOfTheWholeGraph(t *testing.T) {
	t.Parallel()
	own := func(api *ast.Schema) graphql.ExecutableSchema {
		return graph.NewExecutableSchema(graph.Config{Schema: api})
	}
	var sdl bytes.Buffer
	formatter.NewFormatter(&sdl).FormatSchema(own(nil).Schema())
	sg, problems := supergraph.Compose([]supergraph.Subgraph{
		{Name: "sonata", SDL: sdl.String(), Owned: true}, {Name: "products", SDL: link + productsSDL},
	})
	if sg == nil {
		t.Fatal(problems)
	}
	w := &world{t: t, gateway: gateway.New(gateway.Options{Own: own}), remotes: map[string]*gateway.Remote{}, sources: map[string]gateway.Source{}, servers: servers{}}
	t.Cleanup(w.gateway.Close)
	w.service("products", productsSDL, productsData)
	w.sources["sonata"] = gateway.NewLocal(executor.New(own(nil)))
	w.swap(sg)
	o := &ownWorld{world: w, executor: &newest{gateway: w.gateway, set: func(x *executor.Executor) { x.Use(extension.Introspection{}) }}}
	for query, want := range map[string]string{
		`{__type(name: "Product") {fields {name}}}`:                            `{"__type":{"fields":[{"name":"id"},{"name":"name"}]}}`,
		`{me __type(name: "Product") {kind} product(id: 2) {name} __typename}`: `{"me":"products","__type":{"kind":"OBJECT"},"product":{"name":"Table"},"__typename":"Query"}`,
		`{__typename}`:                           `{"__typename":"Query"}`,
		`{__type(name: "_Entity") {name}}`:       `{"__type":null}`,
		`{__schema {mutationType {name}} m: me}`: `{"__schema":{"mutationType":{"name":"Mutation"}},"m":"products"}`,
	} {
		var r struct {
			Errors []any
			Data   json.RawMessage
		}
		got := o.send(context.Background(), query, nil)
		if err := json.Unmarshal([]byte(got), &r); err != nil || len(r.Errors) > 0 || string(r.Data) != want {
			t.Errorf("%s\n got %s\nwant %s", query, got, want)
		}
	}
	all := o.send(context.Background(), `{__schema {types {name}}}`, nil)
	for _, name := range []string{`"Product"`, `"Release"`, `"ProductConnection"`} {
		if has := strings.Contains(all, name); has != (name != `"ProductConnection"`) {
			t.Errorf("%s: %t", name, has)
		}
	}
}
