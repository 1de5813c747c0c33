package gateway_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"sonata.ai/sonata/internal/gateway"
	"sonata.ai/sonata/internal/supergraph"
	"sonata.ai/sonata/internal/testkit/subgraph"
)

// The world of most tests: products are one service's, their reviews and the author of each are another's.
const (
	productsSDL = `type Query { products(first: Int): [Product!]! product(id: ID!): Product me: String }
type Mutation { productRename(id: ID!, name: String!): Product }
type Product @key(fields: "id") { id: ID! name: String! }
type Subscription { productChanged(id: ID): Product }`
	reviewsSDL = `type Query { reviewCount: Int reviewer: String }
type Mutation { reviewAdd(text: String!): String }
type Product @key(fields: "id") { id: ID! reviews(first: Int): [Review!] stars: Float! best: Review }
type Review { text: String! product: Product }`
	productsData = `{"Query": {"products": [{"$ref":"Product","id":"1"},{"$ref":"Product","id":"2"},{"$ref":"Product","id":"3"}],
 "product": [{"$ref":"Product","id":"1"},{"$ref":"Product","id":"2"},{"$ref":"Product","id":"3"}], "me": "products"},
 "Mutation": {"productRename": {"$ref":"Product","id":"1"}},
 "Product": [{"id":"1","name":"Chair"},{"id":"2","name":"Table"},{"id":"3","name":"Lamp"}]}`
	reviewsData = `{"Query": {"reviewCount": 3, "reviewer": "reviews"}, "Mutation": {"reviewAdd": {"$arg":"text"}},
 "Product": [{"id":"1","stars":4.5,"reviews":[{"text":"good","product":{"$ref":"Product","id":"1"}},{"text":"fine"}],"best":{"text":"good"}},
 {"id":"2","stars":3,"reviews":[]},{"id":"3","stars":1.25,"reviews":[{"text":"dark","product":{"$ref":"Product","id":"3"}}]}]}`
)

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires", "@provides", "@override", "@inaccessible"])
`

func wholeGraph(t testing.TB) *supergraph.Supergraph {
	return compose(t, "products", productsSDL, "reviews", reviewsSDL)
}

// compose joins services: names and SDLs in turn.
func compose(t testing.TB, services ...string) *supergraph.Supergraph {
	t.Helper()
	var all []supergraph.Subgraph
	for i := 0; i < len(services); i += 2 {
		all = append(all, supergraph.Subgraph{Name: services[i], SDL: link + services[i+1]})
	}
	sg, problems := supergraph.Compose(all)
	if sg == nil {
		t.Fatal(problems)
	}
	return sg
}

type servers map[string]*httptest.Server

// world is a gateway with its services, which are real servers.
type world struct {
	t                 testing.TB
	gateway           *gateway.Gateway
	products, reviews *subgraph.Service
	remotes           map[string]*gateway.Remote
	sources           map[string]gateway.Source
	servers           servers
}

func newWorld(t testing.TB, with ...func(*gateway.RemoteOptions)) *world {
	t.Helper()
	w := &world{t: t, gateway: gateway.New(gateway.Options{}), remotes: map[string]*gateway.Remote{}, sources: map[string]gateway.Source{}, servers: servers{}}
	w.products, w.reviews = w.service("products", productsSDL, productsData, with...), w.service("reviews", reviewsSDL, reviewsData, with...)
	t.Cleanup(w.gateway.Close)
	w.swap(wholeGraph(t))
	return w
}

func (w *world) service(name, sdl, data string, with ...func(*gateway.RemoteOptions)) *subgraph.Service {
	w.t.Helper()
	s, err := subgraph.New(sdl, data)
	if err != nil {
		w.t.Fatal(name, ": ", err)
	}
	server := httptest.NewServer(s)
	o := gateway.RemoteOptions{Name: name, URL: server.URL, Reach: gateway.Reach{AllowPrivate: true}}
	for _, f := range with {
		f(&o)
	}
	r, err := gateway.NewRemote(o)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { r.Close(); server.CloseClientConnections(); server.Close() })
	w.remotes[name], w.sources[name], w.servers[name] = r, r, server
	return s
}

func (w *world) swap(sg *supergraph.Supergraph) *gateway.Engine {
	w.t.Helper()
	e, err := w.gateway.Build(sg, w.sources)
	if err != nil {
		w.t.Fatal(err)
	}
	w.gateway.Swap(context.Background(), e)
	return e
}

// ask runs an operation and returns the response as it is written.
func (w *world) ask(ctx context.Context, query, variables string) string {
	w.t.Helper()
	var vars map[string]any
	if variables != "" {
		d := json.NewDecoder(strings.NewReader(variables))
		d.UseNumber()
		if err := d.Decode(&vars); err != nil {
			w.t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := w.gateway.Current().Execute(ctx, &out, query, "", vars); err != nil {
		w.t.Fatal(err)
	}
	return out.String()
}

func (w *world) want(query, variables, want string) {
	w.t.Helper()
	if got := w.ask(context.Background(), query, variables); got != want {
		w.t.Errorf("%s\n got %s\nwant %s", query, got, want)
	}
}
