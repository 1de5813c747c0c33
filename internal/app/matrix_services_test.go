package app_test

import (
	"strings"
	"testing"
)

const stockSDL = "type Query { stockLevel: Int stockName: String }"

// servicesJoin makes a service part of the graph, and a document that needs it trusted.
func (m *matrix) servicesJoin() {
	m.t.Helper()
	in := map[string]any{
		"service": "stock", "url": "http://127.0.0.1:9/graphql", "sdl": stockSDL, "owner": "Logistics", "description": "What is left", "contact": "stock@example.org",
		"repository": "https://example.org/stock", "docsUrl": "https://example.org/stock/docs", "allowedHosts": []any{"stock.example"},
	}
	m.do("subgraphPublish", in, "")
	m.do("documentsRegister", map[string]any{"frontend": "shop", "documents": []any{map[string]any{"body": "query Stock { stockLevel }"}}}, "")
}

// servicesReached asks for everything that there is to know of services, and of what is refused.
func (m *matrix) servicesReached(t *testing.T) {
	all := m.named(adminOfAll)
	for root, arguments := range map[string]string{"service": `(name: "stock")`, "services": "(first: 100)", "supergraph": ""} {
		m.ask(all, "{ "+root+arguments+m.below(m.schema.Query.Fields.ForName(root), 2)+" }", nil)
	}
	for sdl, code := range map[string]string{"type Query {\n  stockLevel: Missing\n}": "COMPOSITION_FAILED", "type Query { stockName: String }": "BREAKING_CHANGE"} {
		m.ask(all, m.mutationDocument(m.schema.Mutation.Fields.ForName("subgraphCheck")), map[string]any{"input": map[string]any{"service": "stock", "sdl": sdl}})
		input := map[string]any{"service": "stock", "url": "http://127.0.0.1:9/graphql", "sdl": sdl}
		a := m.ask(all, m.mutationDocument(m.schema.Mutation.Fields.ForName("subgraphPublish")), map[string]any{"input": input})
		if got := strings.Join(codes(a), " "); !strings.HasPrefix(got, code) {
			t.Errorf("%s is refused as %s, want %s: %.500s", sdl, got, code, a.raw)
		}
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
