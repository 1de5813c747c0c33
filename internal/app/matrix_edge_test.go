package app_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// endpoints are what can be asked beside the graph: pictures are taken in where content may be written, and the log is exported to
// who may read it.
func (m *matrix) endpoints(t *testing.T) {
	m.sum = m.digest()
	for _, c := range m.callers {
		for _, slug := range sortedKeys(m.tenants) {
			put := func(frontend string) string {
				return m.request(http.MethodPut, "/assets?name=x.png&frontend="+frontend, "no picture", c.header...)
			}
			none, got := put("nowhere"), put(slug)
			if same := got == strings.ReplaceAll(none, "nowhere", slug); same == c.at("content:write", slug, "") {
				t.Errorf("%s uploads to %s and is answered %s, to nowhere %s", c.name, slug, got, none)
			}
			m.export(t, c, slug)
			m.types(t, c, slug)
		}
	}
	m.untouched(t, "what is no picture")
}

// types reads the types of one frontend's blocks: for who may explore the graph and read its content; for others it is not
// there.
func (m *matrix) types(t *testing.T, c *caller, slug string) {
	t.Helper()
	get := func(frontend string) string {
		return m.request(http.MethodGet, "/codegen/blocks.d.ts?frontend="+frontend, "", c.header...)
	}
	got := get(slug)
	m.marks(c, got, "/codegen/blocks.d.ts of "+slug)
	may := c.holds("graph:explore") && c.at("content:read", slug, "")
	if may != strings.Contains(got, "export type Block") || !may && got != strings.ReplaceAll(get("nowhere"), "nowhere", slug) {
		t.Errorf("%s reads the types of %s: %.300s", c.name, slug, got)
	}
	if !c.holds("graph:explore") && !strings.Contains(got, "FORBIDDEN") && !strings.Contains(got, "UNAUTHENTICATED") {
		t.Errorf("%s explores: %.300s", c.name, got)
	}
}

// export reads the log of one frontend as a file.
func (m *matrix) export(t *testing.T, c *caller, slug string) {
	t.Helper()
	get := func(frontend string) string {
		return m.request(http.MethodGet, "/audit.csv?frontend="+frontend, "", c.header...)
	}
	got, lines := get(slug), 0
	m.marks(c, got, "/audit.csv of "+slug)
	if c.holds("audit:read") {
		lines = strings.Count(got, "\n") - 1 // the first names the columns
	}
	if may := c.throughout("audit:read", slug); may != (lines > 0) || !may && got != get("nowhere") {
		t.Errorf("%s exports %d lines of %s: %.300s", c.name, lines, slug, got)
	}
	if !c.holds("audit:read") && !slices.ContainsFunc([]string{"FORBIDDEN", "UNAUTHENTICATED"}, func(code string) bool { return strings.Contains(got, code) }) {
		t.Errorf("%s exports the log: %.300s", c.name, got)
	}
}
