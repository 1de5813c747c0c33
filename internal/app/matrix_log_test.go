package app_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
)

// pageOfLog asks for a page of the audit log.
func (m *matrix) pageOfLog(c *caller, after any) answer {
	return m.ask(c, m.written("auditLog", func() string {
		return "query($after: String) { auditLog(first: 100, after: $after)" + m.below(m.schema.Query.Fields.ForName("auditLog"), 1) + " }"
	}), map[string]any{"after": after})
}

// readLog reads the whole log, as the admin of everything.
func (m *matrix) readLog() {
	m.t.Helper()
	for after := any(nil); ; {
		page := m.pageOfLog(m.named(adminOfAll), after).Data["auditLog"].(map[string]any)
		m.log = append(m.log, page["edges"].([]any)...)
		info := page["pageInfo"].(map[string]any)
		if after = info["endCursor"]; info["hasNextPage"] != true {
			break
		}
	}
	if len(m.log) < 101 {
		m.t.Fatalf("%d entries are one page: it proves nothing", len(m.log))
	}
}

// byLog reads the log page by page. The cursors are those of the admin of everything: behind one of an entry that the caller may
// not see comes the next that it may.
func (m *matrix) byLog(t *testing.T, c *caller) {
	if !c.holds("audit:read") {
		m.check(t, c, "{ auditLog(first: 1) { totalCount } auditRefusals(first: 1) { __typename } }", nil)
		return
	}
	m.check(t, c, "{ auditRefusals(first: 1) { __typename } }", nil)
	visible := func(edges []any) []any {
		return slices.DeleteFunc(slices.Clone(edges), func(edge any) bool {
			o, _ := m.lookUp(edge.(map[string]any)["node"].(map[string]any)["id"].(string))
			return !m.sees(c, o)
		})
	}
	total := len(visible(m.log))
	for from := 0; from < len(m.log); from += 50 {
		after := any(nil)
		if from > 0 {
			after = m.log[from-1].(map[string]any)["cursor"]
		}
		want := visible(m.log[from:])
		more := len(want) > 100
		want = want[:min(100, len(want))]
		page, _ := m.pageOfLog(c, after).Data["auditLog"].(map[string]any)
		info, _ := page["pageInfo"].(map[string]any)
		if !reflect.DeepEqual(page["edges"], any(want)) || fmt.Sprint(page["totalCount"]) != fmt.Sprint(total) || info["hasNextPage"] != more {
			t.Errorf("%s: the log behind entry %d has %v entries in all, want %d: %s", c.name, from, page["totalCount"], total, difference("edges", any(want), page["edges"]))
		}
	}
}
