package app_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"sonata.ai/sonata/internal/document"
)

const stockSDL = "interface Node { id: ID! } type Query { stockLevel: Int stockName: String node(id: ID!): Node } type Stock implements Node { id: ID! }"

// servicesJoin makes a service part of the graph, and a document that needs it trusted.
func (m *matrix) servicesJoin() {
	m.t.Helper()
	in := map[string]any{
		"service": "stock", "url": "http://127.0.0.1:9/graphql", "sdl": stockSDL, "owner": "Logistics", "description": "What is left", "contact": "stock@example.org",
		"repository": "https://example.org/stock", "docsUrl": "https://example.org/stock/docs", "allowedHosts": []any{"stock.example"}, "nodePrefix": "stk",
	}
	m.do("subgraphPublish", in, "")
	m.stockInstance("http://instance.example:9/")
	m.do("serviceScale", map[string]any{"service": "stock", "replicas": 1}, "")
	m.do("documentsRegister", map[string]any{"frontend": "shop", "documents": []any{map[string]any{"body": "query Stock { stockLevel }"}, map[string]any{"body": stockNamed}, map[string]any{"body": frontendsNamed}}}, "")
}

const (
	stockNamed     = "query StockNamed { stockName }"
	frontendsNamed = "query FrontendsNamed { frontends(first: 3) { edges { node { name } } } }"
)

// screenOfStock is a draft that shows what the service knows, and what its page fills in by itself.
func (m *matrix) screenOfStock() {
	bound := func(of, path string, more map[string]any) map[string]any {
		in := map[string]any{"document": document.HashOf(of), "path": path}
		maps.Copy(in, more)
		return map[string]any{"$bind": in}
	}
	block := func(component string, props map[string]any) map[string]any {
		return map[string]any{"component": component, "major": 1, "props": props, "slots": map[string]any{}}
	}
	m.do("screenCreate", map[string]any{"frontend": "shop", "key": "stocked", "title": "stocked", "body": map[string]any{"format": 1, "root": "root", "blocks": map[string]any{
		"root":  map[string]any{"component": "page", "major": 1, "props": map[string]any{}, "slots": map[string]any{"children": []any{"left", "names"}}},
		"left":  block("banner", map[string]any{"title": bound(stockNamed, "/stockName", nil)}),
		"names": block("feature-list", map[string]any{"items": bound(frontendsNamed, "/frontends/edges", map[string]any{"map": map[string]any{"title": "/node/name"}, "run": "page"})}),
	}}}, "")
}

// servicesReached asks for everything that there is to know of services, and of what is refused.
func (m *matrix) servicesReached(t *testing.T) {
	all := m.named(adminOfAll)
	m.fleetReached(t, m.stockAnswers(t))
	m.screenOfStock()
	m.ask(all, `{ screen(at: {key: "stocked"}, context: {frontend: "shop", perspective: {draft: true}}) `+m.below(m.schema.Query.Fields.ForName("screen"), 3)+` }`, nil)
	document := m.subscriptionDocument("services", nil)
	s := &followed{stream: m.follow(all, document, nil), field: "services", document: document, at: site{m.tenants["shop"], ""}}
	defer s.stop()
	m.hear(s, 10*time.Second)
	name := m.fresh("service")
	m.do("subgraphPublish", map[string]any{"service": name, "url": "https://service.example/graphql", "sdl": "type Query { " + strings.ReplaceAll(name, "-", "_") + ": Int }"}, "")
	for told := m.hear(s, 10*time.Second); told != nil && len(told["services"].([]any)) == 0; told = m.hear(s, 10*time.Second) { //nolint:forcetypeassert // the schema says so
	}
	m.do("serviceWithdraw", map[string]any{"service": name, "allowBreaking": true}, "")
	for told := m.hear(s, 10*time.Second); told == nil || len(told["withdrawn"].([]any)) == 0; told = m.hear(s, 10*time.Second) { //nolint:forcetypeassert // as above
		if told == nil {
			t.Error("nobody is told that a service was withdrawn")
			break
		}
	}
	for root, arguments := range map[string]string{"service": `(name: "stock")`, "services": "(first: 100)", "supergraph": ""} {
		m.ask(all, "{ "+root+arguments+m.below(m.schema.Query.Fields.ForName(root), 2)+" }", nil)
	}
	for sdl, code := range map[string]string{"type Query {\n  stockLevel: Missing\n}": "COMPOSITION_FAILED", strings.Replace(stockSDL, "stockLevel: Int stockName: String", "stockName: Int", 1): "BREAKING_CHANGE"} {
		m.ask(all, m.mutationDocument(m.schema.Mutation.Fields.ForName("subgraphCheck")), map[string]any{"input": map[string]any{"service": "stock", "sdl": sdl}})
		input := map[string]any{"service": "stock", "url": "http://127.0.0.1:9/graphql", "sdl": sdl}
		a := m.ask(all, m.mutationDocument(m.schema.Mutation.Fields.ForName("subgraphPublish")), map[string]any{"input": input})
		if got := strings.Join(codes(a), " "); !strings.HasPrefix(got, code) {
			t.Errorf("%s is refused as %s, want %s: %.500s", sdl, got, code, a.raw)
		}
	}
}

// stockAnswers has somebody answer for the service, and asked: figures have times then.
func (m *matrix) stockAnswers(t *testing.T) (address string) {
	t.Helper()
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"data":{"__typename":"Query","stockLevel":42}}`)
	}))
	t.Cleanup(backend.Close)
	m.do("subgraphPublish", map[string]any{"service": "stock", "url": backend.URL, "sdl": stockSDL}, "")
	got := ""
	for deadline := time.Now().Add(30 * time.Second); !strings.Contains(got, `"stockLevel":42`); got = m.send(m.named(adminOfAll), "{ stockLevel }", nil) {
		if time.Now().After(deadline) {
			t.Fatalf("nobody answers for the service: %s", got)
		}
	}
	return backend.URL
}

// servicesFollowed opens the stream of services: it is refused before it begins, or tells of those that the caller may see.
func (m *matrix) servicesFollowed(t *testing.T, c *caller) {
	t.Helper()
	document := m.subscriptionDocument("services", nil)
	s := &followed{stream: m.follow(c, document, nil), field: "services", document: document, at: site{m.tenants["shop"], ""}}
	defer s.stop()
	if !c.holds("services:read") {
		first := s.next(10 * time.Second)
		if a := m.read(first); a.Data != nil || strings.Join(a.errors(), " ") != "services FORBIDDEN" || s.next(10*time.Second) != "" {
			t.Errorf("%s, following services, is not refused before it begins: %s", c.name, first)
		}
		return
	}
	first := m.hear(s, 10*time.Second)
	if first == nil {
		t.Fatalf("%s, following services: nothing came", c.name)
	}
	var names []string
	for _, one := range first["services"].([]any) { //nolint:forcetypeassert // the schema says so
		name, _ := one.(map[string]any)["name"].(string)
		names = append(names, name)
	}
	if sees := c.at("services:read", "", ""); sees != slices.Contains(names, "stock") || !sees && len(names) > 0 {
		t.Errorf("%s, following services, is told of %v", c.name, names)
	}
}

// serviceVariants are inputs of mutations about services, each about one of its own.
func serviceVariants() map[string]variant {
	input := func(m *matrix) map[string]any {
		name := m.fresh("service")
		return map[string]any{"service": name, "url": "https://service.example/graphql", "sdl": "type Query { " + strings.ReplaceAll(name, "-", "_") + ": Int }"}
	}
	published := func(m *matrix, more string) map[string]any {
		in := input(m)
		m.do("subgraphPublish", in, "")
		if more != "" {
			sdl, _ := in["sdl"].(string)
			name, _ := in["service"].(string)
			again := map[string]any{"service": name, "url": in["url"], "sdl": strings.Replace(sdl, "}", strings.ReplaceAll(name, "-", "_")+more+": Int }", 1)}
			m.do("subgraphPublish", again, "")
		}
		return map[string]any{"service": in["service"], "allowBreaking": true}
	}
	return map[string]variant{
		"subgraphCheck": {adminOfAll, func(m *matrix, _ site) map[string]any {
			in := input(m)
			delete(in, "url")
			return in
		}},
		"subgraphPublish": {adminOfAll, func(m *matrix, _ site) map[string]any { return input(m) }},
		"subgraphRollBack": {adminOfAll, func(m *matrix, _ site) map[string]any {
			in := published(m, "More")
			in["toNumber"] = 1
			return in
		}},
		"serviceWithdraw": {adminOfAll, func(m *matrix, _ site) map[string]any { return published(m, "") }},
	}
}
