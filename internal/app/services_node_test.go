package app_test

import (
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sonata.ai/sonata/internal/document"
	"sonata.ai/sonata/internal/testkit/subgraph"
)

// A shop whose ids begin with prd_, and what others know of its products, which are on shelves with ids of their own.
const (
	prefixedShopSDL = linkV2 + `
interface Node { id: ID! }
type Query { shopName: String node(id: ID!): Node }
type Product implements Node @key(fields: "id") { id: ID! title: String shelf: Shelf }
type Shelf @key(fields: "id", resolvable: false) { id: ID! }
type Frontend implements Node @key(fields: "id") { id: ID! shopNotes: String }
`
	prefixedShopData = `{"Query": {"shopName": "Shelf & Co", "node": [{"$ref": "Product", "id": "prd_17"}, {"$ref": "Product", "id": "prd_18"}, {"__typename": "Frontend", "id": "prd_ours", "shopNotes": "x"},
    {"__typename": "Product", "id": "prd_bad", "title": {"$error": "The title is gone", "code": "GONE"}}]},
  "Product": [{"id": "prd_17", "title": "Lamp", "shelf": {"id": "shl_1"}}, {"id": "prd_18", "title": "Chair"}], "Frontend": []}`
	prefixedShelvesSDL = linkV2 + `
interface Node { id: ID! }
type Query { shelfCount: Int node(id: ID!): Shelf }
type Shelf implements Node @key(fields: "id") { id: ID! place: String }
type Product @key(fields: "id") { id: ID! stars: Int }
`
	prefixedShelvesData = `{"Query": {"shelfCount": 1, "node": [{"$ref": "Shelf", "id": "shl_1"}]}, "Shelf": [{"id": "shl_1", "place": "window"}],
  "Product": [{"id": "prd_17", "stars": 5}, {"id": "prd_18", "stars": 3}]}`
	prefixOfShop = `{ service(name: "shop") { nodePrefix live { number } } }`
)

// Ids that begin with the prefix of a service are looked up there, alone and in lists, with what others add; those of Sonata
// where they always were.
func TestNodesAreLookedUpAtTheirServices(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "sonata.db")
	first, stop := runningUntil(t, path, io.Discard, nil)
	p := platform{t, first}
	backend, shop := p.service(prefixedShopSDL, prefixedShopData)
	_, shelves := p.service(prefixedShelvesSDL, prefixedShelvesData)
	p.want(p.publish("shop", shop, prefixedShopSDL), `"userErrors":[]`)
	p.asks(`{ shopName }`, `"Shelf & Co"`)
	p.want(p.ask(`{ node(id: "prd_17") { id } }`, nil), `{"data":{"node":null}}`)
	p.want(p.publish("shop", shop, prefixedShopSDL, "nodePrefix", "prd"), `"live":{"number":1}`, `"supergraph":{"number":2,`, `"userErrors":[]`)
	p.want(p.publish("shelves", shelves, prefixedShelvesSDL, "nodePrefix", "shl"), `"userErrors":[]`)
	p.asks(`{ shelf: node(id: "shl_1") { id ... on Shelf { place } } node(id: "prd_17") { id ... on Product { title stars shelf { place } } } }`,
		`{"data":{"shelf":{"id":"shl_1","place":"window"},"node":{"id":"prd_17","title":"Lamp","stars":5,"shelf":{"place":"window"}}}}`)
	p.want(p.ask(prefixOfShop, nil), `{"nodePrefix":"prd","live":{"number":1}}`)

	var known struct {
		Data struct{ Frontend struct{ ID string } }
	}
	if err := json.Unmarshal([]byte(p.ask(`{ frontend(slug: "shop") { id } }`, nil)), &known); err != nil || known.Data.Frontend.ID == "" {
		t.Fatal("there is no frontend")
	}
	ours := known.Data.Frontend.ID
	const anything = `query ($id: ID!) { node(id: $id) { __typename id ... on Product { title } ... on Frontend { slug shopNotes } } }`
	p.want(p.ask(anything, map[string]any{"id": "prd_18"}), `{"data":{"node":{"__typename":"Product","id":"prd_18","title":"Chair"}}}`)
	p.want(p.ask(anything, map[string]any{"id": ours}), `"slug":"shop"`)
	p.want(p.ask(anything, map[string]any{"id": "svcless_1"}), `{"data":{"node":null}}`)
	p.want(p.ask(anything, map[string]any{"id": "prd_none"}), `{"data":{"node":null}}`)
	p.want(p.ask(anything, map[string]any{"id": "prd_ours"}), `"data":{"node":null}`, `"code":"SUBGRAPH_INVALID_RESPONSE"`, `"path":["node"]`)
	p.want(p.ask(`query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Product { title stars } ... on Frontend { slug } } viewer { actor { name } } }`,
		map[string]any{"ids": []string{"shl_1", "prd_17", ours, "svcless_1", "frt_none", "prd_bad", "prd_18"}}),
		`"nodes":[{"id":"shl_1"},{"id":"prd_17","title":"Lamp","stars":5},{"id":"`+ours+`","slug":"shop"},null,null,{"id":"prd_bad","title":null,"stars":null},{"id":"prd_18","title":"Chair","stars":3}],"viewer":{"actor":{"name":"Developer"}}`,
		`{"message":"The title is gone","path":["nodes",5,"title"],"extensions":{"code":"GONE","service":"shop"}}`)
	p.want(p.ask(`{ nodes(ids: [`+strings.Repeat(`"prd_17" `, 101)+`]) { id } }`, nil), `nodes takes at most 100 ids`)
	p.want(p.ask(`{ __type(name: "Query") { fields { name } } n: node(id: "prd_17") { ... on Product { title } } }`, nil), `"n":{"title":"Lamp"}`, `{"name":"nodes"}`)
	if got := p.ask(`{ __schema { types { fields { name } } } supergraph { sdl } }`, nil); strings.Contains(got, "_node_prd") || strings.Contains(got, "_nodes_prd") {
		t.Error("clients are told what stands for the service's node")
	}
	p.want(p.ask(`{ _node_prd(id: "prd_17") { id } }`, nil), `Cannot query field \"_node_prd\"`)

	backend.Asked()
	p.ask(anything, map[string]any{"id": "prd_18"})
	if asked := backend.Asked(); len(asked) != 1 || asked[0].Header.Get("Sonata-Identity") == "" || asked[0].Header.Get("Traceparent") == "" || strings.Contains(asked[0].Query, "_node") {
		t.Errorf("the service is asked %+v", asked)
	}
	backend.Break(subgraph.Fault{Status: http.StatusInternalServerError})
	p.want(p.ask(`{ node(id: "prd_17") { id } screen(at: {key: "home"}, context: {frontend: "shop"}) { key } }`, nil),
		`{"message":"the service \"shop\" cannot be reached","path":["node"],"extensions":{"code":"SUBGRAPH_UNAVAILABLE","service":"shop"}}`, `"node":null`, `"screen":{"key":"home"}`)
	backend.Break(subgraph.Fault{})
	stop()
	p.App = running(t, path, io.Discard, nil)
	p.asks(`{ node(id: "prd_17") { ... on Product { title } } }`, `{"data":{"node":{"title":"Lamp"}}}`)
}

// A prefix belongs to one service, as long as that is part of the graph and does not give it up; publishing without one leaves
// it as it is.
func TestAPrefixBelongsToOneService(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	_, shop := p.service(prefixedShopSDL, prefixedShopData)
	_, shelves := p.service(prefixedShelvesSDL, prefixedShelvesData)
	const lamp, title = `{ node(id: "prd_17") { ... on Product { title } } }`, `{"data":{"node":{"title":"Lamp"}}}`
	refused := func(got, code, path string, wants ...string) {
		t.Helper()
		p.want(got, append(wants, `"service":null`, `"code":"`+code+`"`, `"path":["`+path+`"]`)...)
	}
	publish := func(name, address, sdl, prefix string) string {
		t.Helper()
		return p.ask(strings.Replace(publishSubgraph, "code message", "code message path", 1), map[string]any{"input": map[string]any{"service": name, "url": address, "sdl": sdl, "nodePrefix": prefix}})
	}
	for _, prefix := range []string{"p", "Prd", "prd_", "1rd", "pr-d", "prdé", " prd", strings.Repeat("p", 21)} {
		refused(publish("shop", shop, prefixedShopSDL, prefix), "INVALID", "nodePrefix", "2 to 20 lower-case letters and digits")
	}
	for _, prefix := range []string{"frt", "env", "scr", "svc", "snp", "key"} {
		refused(publish("shop", shop, prefixedShopSDL, prefix), "TAKEN", "nodePrefix", "Sonata's own")
	}
	refused(publish("shop", shop, "type Query { shopName: String }", "prd"), "COMPOSITION_FAILED", "sdl", `"code":"NODE_PREFIX_WITHOUT_NODE"`, `has no Query.node(id: ID!): Node`)
	refused(publish("shop", shop, linkV2+"type Query { node(key: ID!): Lamp } type Lamp { id: ID! }", "prd"), "COMPOSITION_FAILED", "sdl", "Query.node has no argument id", "Query.node can answer Lamp, which is no Node")
	p.want(publish("shop", shop, prefixedShopSDL, "prd"), `"userErrors":[]`)
	p.asks(lamp, title)
	p.want(publish("shop", shop, prefixedShopSDL, "prd"), `"supergraph":{"number":1,`)
	refused(publish("shelves", shelves, prefixedShelvesSDL, "prd"), "TAKEN", "nodePrefix", "another service")

	p.want(p.publish("shop", shop, prefixedShopSDL+"#"), `"live":{"number":2}`)
	p.want(p.ask(prefixOfShop, nil), `"nodePrefix":"prd"`)
	p.want(p.ask(`mutation ($s: String!) { subgraphCheck(input: {service: "shop", sdl: $s}) { check { ok composition { code } } } }`, map[string]any{"s": "type Query { shopName: String }"}), `"ok":false`, `NODE_PREFIX_WITHOUT_NODE`)
	p.asks(lamp, title)
	p.want(publish("shop", shop, prefixedShopSDL+"#", "itm"), `"live":{"number":2}`, `"supergraph":{"number":3,`)
	p.asks(lamp, `{"data":{"node":null}}`)
	p.want(publish("shelves", shelves, prefixedShelvesSDL, "prd"), `"userErrors":[]`)
	p.want(publish("shelves", shelves, prefixedShelvesSDL, ""), `"userErrors":[]`)
	p.want(p.ask(`{ service(name: "shelves") { nodePrefix } }`, nil), `"nodePrefix":null`)
	p.want(publish("shop", shop, prefixedShopSDL+"#", "prd"), `"userErrors":[]`)
	p.asks(lamp, title)
	p.want(p.ask(`mutation { subgraphRollBack(input: {service: "shop", toNumber: 1}) { service { live { number } nodePrefix } } }`, nil), `{"live":{"number":1},"nodePrefix":"prd"}`)

	p.want(p.ask(`mutation { serviceWithdraw(input: {service: "shop", allowBreaking: true}) { withdrawn } }`, nil), `"withdrawn":"shop"`)
	p.asks(`{ node(id: "prd_17") { id } }`, `{"data":{"node":null}}`)
	p.want(p.publish("shop", shop, prefixedShopSDL), `"userErrors":[]`)
	p.asks(lamp, title)
	p.want(p.ask(`mutation { serviceWithdraw(input: {service: "shop", allowBreaking: true}) { withdrawn } }`, nil), `"withdrawn":"shop"`)
	p.want(publish("boutique", shop, prefixedShopSDL, "prd"), `"userErrors":[]`)
	p.asks(lamp, title)
	refused(publish("shop", shelves, prefixedShelvesSDL, "prd"), "TAKEN", "nodePrefix")
	p.want(p.publish("shop", shelves, "type Query { shopName2: String }"), `"userErrors":[]`)
	p.want(p.ask(prefixOfShop, nil), `"nodePrefix":null`)
}

// What holds for all that is asked holds for ids of services: the safelist, costs, who may see what; and nobody between keeps
// the answer.
func TestNodesOfServicesPassNoWall(t *testing.T) {
	t.Parallel()
	h := newHouseOf(t, io.Discard, []string{"--demo", "on", "--service-networks", "private"})
	admin, stranger := h.visitor(), h.visitor()
	admin.setUp("ada@example.org")
	sdl := strings.Replace(prefixedShopSDL, `"@external"]`, `"@external", "@authenticated"]`, 1)
	sdl = strings.Replace(strings.Replace(sdl, "v2.3", "v2.9", 1), "title: String", "title: String stock: Int @authenticated", 1)
	data := strings.Replace(prefixedShopData, `"title": "Lamp"`, `"title": "Lamp", "stock": 7`, 1)
	_, shop := platform{T: t}.service(sdl, data)
	publish := func(sdl string) {
		t.Helper()
		mustContain(t, admin.send(publishSubgraph, map[string]any{"input": map[string]any{"service": "shop", "url": shop, "sdl": sdl, "nodePrefix": "prd"}}), `"userErrors":[]`)
	}
	until := func(v *visitor, document, want string) {
		t.Helper()
		got := ""
		for deadline := time.Now().Add(30 * time.Second); !strings.Contains(got, want); got = v.send(document, nil).body {
			if time.Now().After(deadline) {
				t.Fatalf("%s\nis not in\n%s", want, got)
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
	publish(sdl)
	const lamp = `query Lamp { node(id: "prd_17") { ... on Product { title } } }`
	until(stranger, lamp, `{"data":{"node":{"title":"Lamp"}}}`)
	mustContain(t, stranger.send(`{ node(id: "prd_17") { ... on Product { title stock } } }`, nil), `{"title":"Lamp","stock":null}`, `"path":["node","stock"]`, `"code":"UNAUTHENTICATED"`)
	mustContain(t, stranger.send(`{ nodes(ids: ["prd_18", "prd_17"]) { ... on Product { title stock } } }`, nil), `{"title":"Lamp","stock":null}`, `"path":["nodes",1,"stock"]`, `"code":"UNAUTHENTICATED"`)
	mustContain(t, admin.send(`{ node(id: "prd_17") { ... on Product { stock } } }`, nil), `{"data":{"node":{"stock":7}}}`)
	deep := strings.Repeat("... on Node { ", 40) + "id" + strings.Repeat(" }", 40)
	var costly strings.Builder
	for i := range 500 {
		costly.WriteString(" n" + string(rune('a'+i%26)) + strings.Repeat("x", i/26) + `: nodes(ids: [` + strings.Repeat(`"prd_17" `, 100) + `]) { id ` + deep + ` }`)
	}
	if got := stranger.send(`{`+costly.String()+`}`, nil).body; !strings.Contains(got, `"code":"LIMIT"`) {
		t.Errorf("%.500s", got)
	}

	mustContain(t, admin.send(`mutation ($d: String!) { documentsRegister(input: {frontend: "shop", documents: [{body: $d}]}) { userErrors { message } } }`, map[string]any{"d": lamp}), `"userErrors":[]`)
	mustContain(t, admin.send(`mutation { safelistSet(input: {frontend: "shop", mode: ENFORCE}) { userErrors { message } } }`, nil), `"userErrors":[]`)
	mustContain(t, stranger.send(lamp, nil), `{"data":{"node":{"title":"Lamp"}}}`)
	for _, document := range []string{strings.Replace(lamp, "17", "18", 1), lamp + " ", strings.Replace(lamp, "node", "_node_prd", 1)} {
		mustContain(t, stranger.send(document, nil), `"code":"DOCUMENT_UNKNOWN"`)
	}
	c := &cached{safelisted: &safelisted{house: h}} // as a visitor who names a registered document
	for range 2 {
		r := c.get("/graphql", message{"documentId": document.HashOf(lamp)})
		if body, control := read(t, r), r.Header.Get("Cache-Control"); !strings.Contains(body, `"title":"Lamp"`) || control != forNobody {
			t.Errorf("%s may be kept: %s", body, control)
		}
	}

	guarded := strings.Replace(sdl, "node(id: ID!): Node", "node(id: ID!): Node @authenticated", 1)
	publish(guarded)
	until(stranger, lamp, `"path":["node"],"extensions":{"code":"UNAUTHENTICATED"}`)
	mustContain(t, admin.send(lamp, nil), `{"data":{"node":{"title":"Lamp"}}}`)
}
