package gateway_test

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"sonata.ai/sonata/internal/gateway"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/supergraph"
	"sonata.ai/sonata/internal/testkit/subgraph"
)

// The graph that stands for Sonata's own, and a service that adds to its entity.
const (
	ownSDL = `type Query { viewer: String node(id: ID!): Node nodes(ids: [ID!]!): [Node]! release: Release releases: [Release!]! }
type Mutation { publish(title: String!): String }
type Subscription { releasePublished: Release }
interface Node { id: ID! }
type Release implements Node @key(fields: "id") { id: ID! number: Int! }`
	ownData = `{"Query": {"viewer": "$viewer", "release": {"$ref":"Release","id":"rel_1"}, "releases": [{"$ref":"Release","id":"rel_1"},{"$ref":"Release","id":"rel_2"}],
 "node": [{"__typename":"Release","id":"rel_1","number":1},{"__typename":"Release","id":"rel_2","number":2}],
 "nodes": [{"__typename":"Release","id":"rel_1","number":1},{"__typename":"Release","id":"rel_2","number":2}]},
 "Mutation": {"publish": {"$arg":"title"}}, "Subscription": {"releasePublished": {"$ref":"Release","id":"rel_2"}}, "Release": [{"id":"rel_1","number":1},{"id":"rel_2","number":2}]}`
	viewsSDL  = `type Query { top: Release } type Release @key(fields: "id") { id: ID! views: Int } type Mutation { count(n: Int!): Int }`
	byMore    = ` input By { n: Int } extend type Query { by(by: By): Int }`
	viewsData = `{"Query": {"top": {"$ref":"Release","id":"rel_2"}}, "Release": [{"id":"rel_1","views":10},{"id":"rel_2","views":20}], "Mutation": {"count": {"$arg":"n"}}}`
)

// ownGraph stands where gqlgen's generated executable does.
type ownGraph struct {
	schema  *ast.Schema // what introspection would tell
	service *subgraph.Service
	ran     *ran
}

type ran struct {
	mu    sync.Mutex
	texts []string
}

func (r *ran) take() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	texts := r.texts
	r.texts = nil
	return texts
}

func (o ownGraph) Schema() *ast.Schema { return o.schema }

func (o ownGraph) Complexity(context.Context, string, string, int, map[string]any) (int, bool) {
	return 0, false
}

func (o ownGraph) Exec(ctx context.Context) graphql.ResponseHandler {
	op, events := graphql.GetOperationContext(ctx), 0
	return func(ctx context.Context) *graphql.Response {
		if events++; op.Operation.Operation == ast.Subscription && events > 2 {
			return nil
		}
		o.ran.mu.Lock()
		o.ran.texts = append(o.ran.texts, op.RawQuery)
		o.ran.mu.Unlock()
		if f := graphql.CollectFields(op, op.Operation.SelectionSet, []string{"Query"}); len(f) > 0 && f[0].Name == "__schema" {
			n := len(o.schema.Types["Release"].Fields)
			b, _ := json.Marshal(map[string]any{f[0].Alias: map[string]any{"fieldsOfRelease": n}})
			return &graphql.Response{Data: b}
		}
		var text bytes.Buffer
		formatter.NewFormatter(&text).FormatQueryDocument(&ast.QueryDocument{Operations: ast.OperationList{op.Operation}, Fragments: op.Doc.Fragments})
		var r struct {
			Errors gqlerror.List
			Data   json.RawMessage
		}
		body := o.service.Execute(text.String(), op.Variables)
		body = bytes.ReplaceAll(body, []byte("$viewer"), []byte(principal.From(ctx).ID))
		if err := json.Unmarshal(body, &r); err != nil {
			panic(err)
		}
		return &graphql.Response{Errors: r.Errors, Data: r.Data}
	}
}

// ownWorld is a gateway whose graph is Sonata's own and a service's, behind gqlgen's executor.
type ownWorld struct {
	*world
	ran      *ran
	executor graphql.GraphExecutor
	views    *subgraph.Service
}

func newOwnWorld(t testing.TB) *ownWorld {
	t.Helper()
	return ownWorldOf(t, ownData, viewsSDL+byMore, viewsData)
}

// newOwnWorldOf has other data, and the graph is composed.
func newOwnWorldOf(t testing.TB, own, views, data string) *ownWorld {
	t.Helper()
	w := ownWorldOf(t, own, views, data)
	w.swap(w.composed(views))
	return w
}

func ownWorldOf(t testing.TB, ownData, views, data string) *ownWorld {
	t.Helper()
	service, err := subgraph.New(ownSDL, ownData)
	if err != nil {
		t.Fatal(err)
	}
	plain := gqlparser.MustLoadSchema(&ast.Source{Input: strings.ReplaceAll(ownSDL, `@key(fields: "id")`, "")})
	log := &ran{}
	own := func(api *ast.Schema) graphql.ExecutableSchema {
		if api == nil {
			api = plain
		}
		return ownGraph{api, service, log}
	}
	w := &ownWorld{world: &world{t: t, remotes: map[string]*gateway.Remote{}, sources: map[string]gateway.Source{}, servers: servers{}}, ran: log}
	w.gateway = gateway.New(gateway.Options{Own: own})
	t.Cleanup(w.gateway.Close)
	inside := executor.New(own(nil))
	inside.SetQueryCache(lru.New[*ast.QueryDocument](100))
	w.sources["sonata"] = gateway.NewLocal(inside)
	w.views = w.service("views", views, data)
	w.executor = &newest{gateway: w.gateway, own: own(nil), set: func(x *executor.Executor) { x.SetQueryCache(lru.New[*ast.QueryDocument](100)) }}
	return w
}

// newest begins each operation on an executor for the live engine, as a server does.
type newest struct {
	gateway *gateway.Gateway
	own     graphql.ExecutableSchema // while there is no engine
	set     func(*executor.Executor)

	mu   sync.Mutex
	of   *gateway.Engine
	runs *executor.Executor
}

func (n *newest) now() *executor.Executor {
	n.mu.Lock()
	defer n.mu.Unlock()
	if e := n.gateway.Current(); n.of != e || n.runs == nil {
		n.of, n.runs = e, executor.New(n.own)
		if e != nil {
			n.runs = executor.New(n.gateway.Executable(e))
		}
		n.set(n.runs)
	}
	return n.runs
}

func (n *newest) CreateOperationContext(ctx context.Context, params *graphql.RawParams) (*graphql.OperationContext, gqlerror.List) {
	return n.now().CreateOperationContext(ctx, params)
}

func (n *newest) DispatchOperation(ctx context.Context, op *graphql.OperationContext) (graphql.ResponseHandler, context.Context) {
	return n.now().DispatchOperation(ctx, op)
}

func (n *newest) DispatchError(ctx context.Context, errs gqlerror.List) *graphql.Response {
	return n.now().DispatchError(ctx, errs)
}

// composed is the graph with what the service adds.
func (w *ownWorld) composed(views string) *supergraph.Supergraph {
	w.t.Helper()
	sg, problems := supergraph.Compose([]supergraph.Subgraph{
		{Name: "sonata", SDL: link + ownSDL, Owned: true}, {Name: "views", SDL: link + views},
	})
	if sg == nil {
		w.t.Fatal(problems)
	}
	return sg
}

// send runs an operation as transports do.
func (w *ownWorld) send(ctx context.Context, query string, variables map[string]any) string {
	r := w.begin(ctx, query, variables)(ctx)
	b, err := json.Marshal(r)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(b)
}

func (w *ownWorld) begin(ctx context.Context, query string, variables map[string]any) graphql.ResponseHandler {
	ctx = graphql.StartOperationTrace(ctx)
	op, errs := w.executor.CreateOperationContext(ctx, &graphql.RawParams{Query: query, Variables: variables})
	if errs != nil {
		return graphql.OneShot(w.executor.DispatchError(graphql.WithOperationContext(ctx, op), errs))
	}
	responses, inner := w.executor.DispatchOperation(ctx, op)
	return func(context.Context) *graphql.Response { return responses(inner) }
}
