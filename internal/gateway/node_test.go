package gateway_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"sonata.ai/sonata/internal/gateway"
	"sonata.ai/sonata/internal/supergraph"
	"sonata.ai/sonata/internal/testkit/subgraph"
)

// Ids that begin with prd_ are those of products, whose stars are another service's; those with shl_ are of shelves, whose
// node is no Node.
const (
	shopSDL = `interface Node { id: ID! }
type Query { first: Product node(id: ID!): Node nodes(ids: [ID!]!): [Node]! }
type Product implements Node @key(fields: "id") { id: ID! title: String! shelf: Shelf }
type Shelf @key(fields: "id", resolvable: false) { id: ID! }
type Release implements Node @key(fields: "id") { id: ID! products: [Product] }`
	shopData = `{"Query": {"first": {"$ref":"Product","id":"prd_1"}, "node": [{"$ref":"Product","id":"prd_1"},{"$ref":"Product","id":"prd_2"},
 {"__typename":"Release","id":"prd_ours","products":[]},{"__typename":"Nobody","id":"prd_odd"},
 {"__typename":"Product","id":"prd_bad","title":{"$error":"no title","code":"TITLE"}}]},
 "Product": [{"id":"prd_1","title":"Lamp","shelf":{"id":"shl_1"}},{"id":"prd_2","title":"Chair"}], "Release": [{"id":"rel_1","products":[{"$ref":"Product","id":"prd_1"}]}]}`
	shelvesSDL = `interface Node { id: ID! }
type Query { shelves: Int node(id: ID): Thing }
union Thing = Shelf
type Shelf implements Node @key(fields: "id") { id: ID! place: String }
type Product @key(fields: "id") { id: ID! stars: Int }`
	shelvesData = `{"Query": {"shelves": 2, "node": [{"$ref":"Shelf","id":"shl_1"},{"$ref":"Shelf","id":"shl_2"}]},
 "Shelf": [{"id":"shl_1","place":"window"},{"id":"shl_2","place":"door"}], "Product": [{"id":"prd_1","stars":5},{"id":"prd_2","stars":3}]}`
)

type nodeWorld struct {
	*ownWorld
	shop, shelves *subgraph.Service
}

func newNodeWorld(t testing.TB) *nodeWorld {
	t.Helper()
	w := &nodeWorld{ownWorld: ownWorldOf(t, ownData, viewsSDL+byMore, viewsData)}
	w.shop, w.shelves = w.service("shop", shopSDL, shopData), w.service("shelves", shelvesSDL, shelvesData)
	w.swap(w.prefixed("prd", "shl"))
	return w
}

func (w *nodeWorld) prefixed(shop, shelves string) *supergraph.Supergraph {
	w.t.Helper()
	sg, problems := supergraph.Compose([]supergraph.Subgraph{
		{Name: "sonata", SDL: link + ownSDL, Owned: true},
		{Name: "views", SDL: link + viewsSDL + byMore},
		{Name: "shop", SDL: link + shopSDL, NodePrefix: shop},
		{Name: "shelves", SDL: link + shelvesSDL, NodePrefix: shelves},
	})
	if sg == nil {
		w.t.Fatal(problems)
	}
	return sg
}

// An id is looked up where its prefix says, and the answer is the one that any other field of the service would give.
func TestNodesOfServices(t *testing.T) {
	w := newNodeWorld(t)
	const product = ` fragment P on Product { title }`
	for _, c := range []struct {
		name, query string
		variables   map[string]any
		want        string
	}{
		{"a literal", `{ node(id: "prd_1") { id ... on Product { title } } }`, nil, `{"data":{"node":{"id":"prd_1","title":"Lamp"}}}`},
		{"a block of text", `{ node(id: """prd_1""") { id } }`, nil, `{"data":{"node":{"id":"prd_1"}}}`},
		{"a variable", `query ($id: ID!) { node(id: $id) { ...P } }` + product, map[string]any{"id": "prd_2"}, `{"data":{"node":{"title":"Chair"}}}`},
		{"the same text for ours", `query ($id: ID!) { node(id: $id) { ... on Product { title } ... on Release { number } } }`, map[string]any{"id": "rel_1"}, `{"data":{"node":{"number":1}}}`},
		{"the same text for a service", `query ($id: ID!) { node(id: $id) { ... on Product { title } ... on Release { number } } }`, map[string]any{"id": "prd_1"}, `{"data":{"node":{"title":"Lamp"}}}`},
		{"a default", `query ($id: ID! = "prd_2") { node(id: $id) { ...P } }` + product, nil, `{"data":{"node":{"title":"Chair"}}}`},
		{"several with names", `{ a: node(id: "prd_1") { ...P } b: node(id: "shl_2") { id ... on Shelf { place } } c: node(id: "rel_2") { id } viewer }` + product, nil, `{"data":{"a":{"title":"Lamp"},"b":{"id":"shl_2","place":"door"},"c":{"id":"rel_2"},"viewer":"anonymous"}}`},
		{"in fragments", `query Q { ...F ... on Query { b: node(id: "prd_2") { ...P } } } query Other { ...F } fragment F on Query { a: node(id: "prd_1") { ...P } }` + product, map[string]any{"operation": "Q"}, `{"data":{"a":{"title":"Lamp"},"b":{"title":"Chair"}}}`},
		{"twice by one name", `{ node(id: "prd_1") { id } ...F } fragment F on Query { node(id: "prd_1") { ...P } }` + product, nil, `{"data":{"node":{"id":"prd_1","title":"Lamp"}}}`},
		{"with what others know", `{ node(id: "prd_1") { ... on Product { title stars shelf { id place } } } }`, nil, `{"data":{"node":{"title":"Lamp","stars":5,"shelf":{"id":"shl_1","place":"window"}}}}`},
		{"left out", `query ($s: Boolean = true) { node(id: "prd_1") @skip(if: $s) { id } nodes(ids: ["prd_1"]) @include(if: false) { id } viewer }`, nil, `{"data":{"viewer":"anonymous"}}`},
		{"only the type", `{ node(id: "prd_1") { __typename } }`, nil, `{"data":{"node":{"__typename":"Product"}}}`},
		{"nothing of its type", `{ node(id: "prd_1") { ... on Release { number } } }`, nil, `{"data":{"node":{}}}`},
		{"what is not there", `{ node(id: "prd_none") { id } }`, nil, `{"data":{"node":null}}`},
		{"no prefix", `{ a: node(id: "svcless_1") { id } b: node(id: "prd") { id } c: node(id: "") { id } d: node(id: 17) { id } e: node(id: "PRD_1") { id } }`, nil, `{"data":{"a":null,"b":null,"c":null,"d":null,"e":null}}`},
		{"an error", `{ n: node(id: "prd_bad") { ... on Product { title } } viewer }`, nil, `{"errors":[{"message":"no title","path":["n","title"],"extensions":{"code":"TITLE","service":"shop"}}],"data":{"n":null,"viewer":"anonymous"}}`},
		{"one of ours", `{ node(id: "prd_ours") { id ... on Release { number } } }`, nil, `{"errors":[{"message":"the service \"shop\" answered something that its schema does not allow","path":["node"],"extensions":{"code":"SUBGRAPH_INVALID_RESPONSE","service":"shop"}}],"data":{"node":null}}`},

		{"a list", `{ nodes(ids: ["prd_2", "prd_1"]) { id ...P } }` + product, nil, `{"data":{"nodes":[{"id":"prd_2","title":"Chair"},{"id":"prd_1","title":"Lamp"}]}}`},
		{
			"a list of all", `query ($ids: [ID!]!) { viewer all: nodes(ids: $ids) { id ... on Product { title stars } ... on Shelf { place } ... on Release { number } } last: viewer }`,
			map[string]any{"ids": []any{"rel_1", "prd_1", "shl_1", "prd_none", "rel_2", "prd_2", "prd_1"}},
			`{"data":{"viewer":"anonymous","all":[{"id":"rel_1","number":1},{"id":"prd_1","title":"Lamp","stars":5},{"id":"shl_1","place":"window"},null,{"id":"rel_2","number":2},{"id":"prd_2","title":"Chair","stars":3},{"id":"prd_1","title":"Lamp","stars":5}],"last":"anonymous"}}`,
		},
		{"a list of ours", `query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`, map[string]any{"ids": []any{"rel_2"}}, `{"data":{"nodes":[{"id":"rel_2"}]}}`},
		{"a list of one", `query ($ids: [ID!]!) { nodes(ids: $ids) { id } more: nodes(ids: "prd_2") { id } }`, map[string]any{"ids": "prd_1"}, `{"data":{"nodes":[{"id":"prd_1"}],"more":[{"id":"prd_2"}]}}`},
		{"a list with variables", `query ($id: ID!, $_n: ID!) { nodes(ids: [$id, "rel_1", $_n]) { id } _n0_prd: node(id: $id) { id } _i: first { id } }`, map[string]any{"id": "prd_1", "_n": "shl_1"}, `{"data":{"nodes":[{"id":"prd_1"},{"id":"rel_1"},{"id":"shl_1"}],"_n0_prd":{"id":"prd_1"},"_i":{"id":"prd_1"}}}`},
		{"a list in a fragment", `{ ...F nodes(ids: ["prd_1", "rel_1"]) { id } } fragment F on Query { nodes(ids: ["prd_1", "rel_1"]) { ...P } }` + product, nil, `{"data":{"nodes":[{"title":"Lamp","id":"prd_1"},{"id":"rel_1"}]}}`},
		{"a list with an error", `{ n: nodes(ids: ["rel_1", "prd_1", "prd_bad"]) { id ...P } }` + product, nil, `{"errors":[{"message":"no title","path":["n",2,"title"],"extensions":{"code":"TITLE","service":"shop"}}],"data":{"n":[{"id":"rel_1"},{"id":"prd_1","title":"Lamp"},null]}}`},
		{"a list with one of ours", `{ nodes(ids: ["prd_ours", "prd_2"]) { id } }`, nil, `{"errors":[{"message":"the service \"shop\" answered something that its schema does not allow","path":["nodes",0],"extensions":{"code":"SUBGRAPH_INVALID_RESPONSE","service":"shop"}}],"data":{"nodes":[null,{"id":"prd_2"}]}}`},
		{"an empty list", `{ nodes(ids: []) { id } }`, nil, `{"data":{"nodes":[]}}`},
		{"hidden fields", `{ _node_prd(id: "prd_1") { id } }`, nil, `{"errors":[{"message":"Cannot query field \"_node_prd\" on type \"Query\".","locations":[{"line":1,"column":3}],"extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}],"data":null}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := ""
			if c.variables["operation"] != nil {
				got = w.named(context.Background(), c.query, "Q")
			} else {
				got = w.send(context.Background(), c.query, c.variables)
			}
			if got != c.want {
				t.Errorf("got %s\nwant %s", got, c.want)
			}
		})
	}
	for _, a := range append(w.shop.Asked(), w.shelves.Asked()...) {
		if strings.Contains(a.Query, "_node") {
			t.Errorf("a service is asked by another name: %s", a.Query)
		}
	}
}

// A list is one question to each service, and one more to each that adds to it.
func TestAListOfNodesIsOneQuestion(t *testing.T) {
	w := newNodeWorld(t)
	w.send(context.Background(), `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Product { title stars } } }`, map[string]any{"ids": []string{"prd_1", "prd_2", "prd_1"}})
	if shop, shelves := len(w.shop.Asked()), len(w.shelves.Asked()); shop != 1 || shelves != 1 {
		t.Errorf("%d questions to the one and %d to the other", shop, shelves)
	}
}

// Whatever ids are asked for, there are as many plans as there are prefixes.
func TestNodesArePlannedByPrefix(t *testing.T) {
	w := newNodeWorld(t)
	const one, many = `query ($id: ID!) { node(id: $id) { id } }`, `query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`
	for _, id := range []string{"prd_1", "prd_2", "prd_none", "rel_1", "rel_2", "none_1", "shl_1", "shl_2"} {
		w.send(context.Background(), one, map[string]any{"id": id})
		w.send(context.Background(), many, map[string]any{"ids": []any{id, "prd_1", id}})
	}
	if n := gateway.PlansMade(w.gateway.Current()); n != 2+3 {
		t.Errorf("%d plans", n)
	}
	if n := w.ran.take(); len(n) == 0 || n[0] != one {
		t.Errorf("our own part is not asked as it was: %q", n)
	}
	next := w.swap(w.prefixed("prd", ""))
	if n := gateway.PlansMade(next); n == 0 {
		t.Error("nothing is planned ahead")
	}
	if got, want := w.send(context.Background(), many, map[string]any{"ids": []any{"shl_1", "prd_1"}}), `{"data":{"nodes":[null,{"id":"prd_1"}]}}`; got != want {
		t.Errorf("got %s", got)
	}
	w.swap(w.prefixed("shl", "prd"))
	if got, want := w.send(context.Background(), one, map[string]any{"id": "shl_1"}), `{"data":{"node":null}}`; got != want {
		t.Errorf("with another prefix: %s", got)
	}
}

// A service that does not answer leaves null and an error at each place, and nothing else is missing.
func TestNodesOfAServiceThatIsDown(t *testing.T) {
	w := newNodeWorld(t)
	w.shop.Break(subgraph.Fault{Status: http.StatusInternalServerError})
	const said = `"message":"the service \"shop\" cannot be reached","path":`
	const code = `,"extensions":{"code":"SUBGRAPH_UNAVAILABLE","service":"shop"}}`
	for query, want := range map[string]string{
		`{ node(id: "prd_1") { id ... on Product { title stars } } viewer }`: `{"errors":[{` + said + `["node"]` + code + `],"data":{"node":null,"viewer":"anonymous"}}`,
		`{ nodes(ids: ["rel_1", "prd_1", "shl_1", "prd_2"]) { id } }`:        `{"errors":[{` + said + `["nodes",1]` + code + `,{` + said + `["nodes",3]` + code + `],"data":{"nodes":[{"id":"rel_1"},null,{"id":"shl_1"},null]}}`,
	} {
		if got := w.send(context.Background(), query, nil); got != want {
			t.Errorf("%s\n got %s\nwant %s", query, got, want)
		}
	}
	for body, want := range map[string]string{
		`{"data":{"node":{"id":"prd_1"}}}`:                          `"path":["node"],"extensions":{"code":"SUBGRAPH_INVALID_RESPONSE"`, // of no type
		`{"data":{"node":{"__typename":"Product","id":{}}}}`:        `"path":["node","id"],"extensions":{"code":"SUBGRAPH_INVALID_RESPONSE"`,
		`{"data":{"node":[]}}`:                                      `"path":["node"],"extensions":{"code":"SUBGRAPH_INVALID_RESPONSE"`,
		`{"data":null,"errors":[{"message":"no"}]}`:                 `"path":["node"],"extensions":{"code":"SUBGRAPH_ERROR"`,
		`{"data":{"node":{"__typename":"Release","id":"rel_1"}}}`:   `"path":["node"],"extensions":{"code":"SUBGRAPH_INVALID_RESPONSE"`,
		`{"data":{"node":{"__typename":"Shelf","id":"shl_1"}}}`:     `"path":["node"],"extensions":{"code":"SUBGRAPH_INVALID_RESPONSE"`,
		`{"data":{"node":{"__typename":["Product"],"id":"prd_1"}}}`: `"path":["node"],"extensions":{"code":"SUBGRAPH_INVALID_RESPONSE"`,
		`{"data":{"_i0_prd_0":{"__typename":"Product"}}}`:           `"data":{"node":null`,
	} {
		w.shop.Break(subgraph.Fault{Body: body})
		if got := w.send(context.Background(), `{ node(id: "prd_1") { id } }`, nil); !strings.Contains(got, want) || !strings.Contains(got, `"data":{"node":null`) {
			t.Errorf("%s: %s", body, got)
		}
	}
	for _, body := range []string{`{"data":{"_n0_prd":[{"id":"x"}]}}`, `{"data":[]}`, `{"errors":{}}`, `{"data":{"a":1},"errors":[1]}`, `[]`, `{"data":{"_i_n0_prd_0":1,"_i_n0_prd_1":"x"}}`} {
		w.shop.Break(subgraph.Fault{Body: body})
		if got := w.send(context.Background(), `{ nodes(ids: ["prd_1", "rel_1", "prd_2"]) { id } }`, nil); !strings.Contains(got, `"data":{"nodes":[null,{"id":"rel_1"},null]}`) {
			t.Errorf("%s: %s", body, got)
		}
	}
}

// What a service leaves out is told in the words of the operation.
func TestNodesThatAreIncomplete(t *testing.T) {
	w := newNodeWorld(t)
	w.shop.Break(subgraph.Fault{Body: `{"data":{"_i_n0_prd_0":{"__typename":"Product","id":"prd_1"}}}`})
	want := `{"errors":[{"message":"Cannot return null for non-nullable field 'Query.all.title'.","path":["all",1,"title"],"extensions":{"code":"SUBGRAPH_INVALID_RESPONSE","service":"shop"}}],"data":{"all":[{"id":"rel_1"},null]}}`
	if got := w.send(context.Background(), `{ all: nodes(ids: ["rel_1", "prd_1"]) { id ... on Product { title } } }`, nil); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

// What a service asks for at its node is asked for, whatever it is called where operations are planned.
func TestNodesAreGuarded(t *testing.T) {
	w := newNodeWorld(t)
	sdl := strings.Replace(shopSDL, "node(id: ID!): Node", "node(id: ID!): Node @authenticated", 1)
	head := strings.Replace(link, `"@key"`, `"@key", "@authenticated"`, 1)
	sg, problems := supergraph.Compose([]supergraph.Subgraph{
		{Name: "sonata", SDL: link + ownSDL, Owned: true},
		{Name: "views", SDL: link + viewsSDL + byMore},
		{Name: "shop", SDL: head + sdl, NodePrefix: "prd"},
		{Name: "shelves", SDL: link + shelvesSDL, NodePrefix: "shl"},
	})
	if sg == nil {
		t.Fatal(problems)
	}
	w.swap(sg)
	for query, want := range map[string]string{
		`{ node(id: "prd_1") { id } viewer }`:                          `{"errors":[{"message":"sign in to see this field","path":["node"],"extensions":{"code":"UNAUTHENTICATED"}}],"data":{"node":null,"viewer":"anonymous"}}`,
		`{ nodes(ids: ["prd_1", "shl_1"]) { id } }`:                    `{"errors":[{"message":"sign in to see this field","path":["nodes",0],"extensions":{"code":"UNAUTHENTICATED"}}],"data":{"nodes":[null,{"id":"shl_1"}]}}`,
		`{ node(id: "shl_1") { id } other: node(id: "rel_1") { id } }`: `{"data":{"node":{"id":"shl_1"},"other":{"id":"rel_1"}}}`,
	} {
		if got := w.send(context.Background(), query, nil); got != want {
			t.Errorf("%s\n got %s\nwant %s", query, got, want)
		}
	}
	if n := len(w.shop.Asked()); n > 0 {
		t.Errorf("the service is asked %d times", n)
	}
}

// named runs one of several operations.
func (w *nodeWorld) named(ctx context.Context, query, operation string) string {
	w.t.Helper()
	var out strings.Builder
	if err := w.gateway.Current().Execute(ctx, &out, query, operation, nil); err != nil {
		w.t.Fatal(err)
	}
	return out.String()
}
