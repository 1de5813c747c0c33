package app_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"sonata.ai/sonata/internal/document"
)

// documentsRun lets every frontend register documents, run one of them as a build, retire one, and send two that it did
// not register.
func (m *matrix) documentsRun() {
	m.t.Helper()
	for slug, x := range m.tenants {
		read := "query Read_" + x.private + "($first: Int = 3) { __typename frontends(first: $first) { totalCount } }"
		old := "query Old_" + x.private + " { __typename }"
		m.do("documentsRegister", map[string]any{"frontend": slug, "documents": []any{map[string]any{"body": read}, map[string]any{"body": old}}}, "")
		x.ids["document"] = m.one("SELECT id FROM trusted_documents WHERE body = ?", read)
		m.do("documentRetire", map[string]any{"id": m.one("SELECT id FROM trusted_documents WHERE name = ?", "Old_"+x.private)}, "")
		m.do("documentUpdate", map[string]any{"id": x.ids["document"], "publicMaxAge": 60}, "")
		m.do("safelistSet", map[string]any{"frontend": slug, "mode": "LOG"}, "")
		send := func(source string) {
			body, err := json.Marshal(map[string]string{"query": source})
			if err != nil {
				m.t.Fatal(err)
			}
			headers := append(m.cookie("admin"), "Content-Type: application/json", "GraphQL-Client-Name: "+slug, "GraphQL-Client-Version: "+x.private+" two")
			if got := m.request(http.MethodPost, "/graphql", string(body), headers...); !strings.Contains(got, "Query") {
				m.t.Fatalf("%s: %s", source, got)
			}
		}
		send(read)
		for _, name := range []string{"Unknown_", "Stranger_"} {
			source := "query " + name + x.private + " { __typename }"
			send(source)
			x.unknown = document.HashOf(source)
		}
	}
	for deadline := time.Now().Add(20 * time.Second); m.one("SELECT count(*) FROM unknown_documents") != "6" || m.one("SELECT count(*) FROM document_usages") != "3"; {
		if time.Now().After(deadline) {
			m.t.Fatal("what ran was not written")
		}
		time.Sleep(50 * time.Millisecond)
	}
	for slug := range m.tenants {
		m.do("safelistSet", map[string]any{"frontend": slug, "mode": "OFF"}, "")
	}
}

func documentVariants() map[string]variant {
	return map[string]variant{
		"documentsRegister": {"", func(m *matrix, at site) map[string]any {
			name := strings.ReplaceAll(m.fresh("doc"), "-", "_")
			return map[string]any{"frontend": at.slug, "documents": []any{map[string]any{"body": "query " + name + " { __typename }"}}, "fromUnknown": []any{at.unknown}}
		}},
		"documentRetire": {"", func(m *matrix, at site) map[string]any { return map[string]any{"id": m.freshDocument(at)} }},
		"documentUpdate": {"", func(m *matrix, at site) map[string]any {
			return map[string]any{"id": m.freshDocument(at), "publicMaxAge": 60}
		}},
		"safelistSet": {adminOfShop, func(_ *matrix, at site) map[string]any {
			return map[string]any{"frontend": at.slug, "mode": "OFF"}
		}},
	}
}

// freshDocument registers a document that nobody knows yet and returns its id.
func (m *matrix) freshDocument(at site) string {
	m.t.Helper()
	name := strings.ReplaceAll(m.fresh("doc"), "-", "_")
	m.do("documentsRegister", map[string]any{"frontend": at.slug, "documents": []any{map[string]any{"body": "query " + name + " { __typename }"}}}, "")
	return m.one("SELECT id FROM trusted_documents WHERE name = ?", name)
}
