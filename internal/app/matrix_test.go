package app_test

import (
	"slices"
	"strings"
	"testing"
)

// Who may do what, for every field, mutation and subscription of the schema and every kind of caller. Documents, ids and
// inputs are made from the schema: what is new in it and asked nowhere fails the test.
func TestMatrix(t *testing.T) {
	m := newMatrix(t)
	m.photograph()
	t.Run("reads", func(t *testing.T) {
		for _, c := range m.callers {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				m.byID(t, c)
				m.byRoot(t, c)
			})
		}
	})
}

// byID asks for everything of every object by its id: one at a time, and all together. An id of something that is walled
// off is answered as one that nobody has.
func (m *matrix) byID(t *testing.T, c *caller) {
	samples, all := m.samples()
	missing := map[string]string{}
	for _, o := range samples {
		walled := m.check(t, c, m.nodeDocument(), map[string]any{"id": o.id})
		if m.sees(c, o) {
			continue
		}
		if missing[o.kind] == "" {
			id := missingLike(o.id)
			missing[o.kind] = strings.ReplaceAll(m.send(c, m.nodeDocument(), map[string]any{"id": id}), id, "ID")
		}
		if walled = strings.ReplaceAll(walled, o.id, "ID"); walled != missing[o.kind] {
			t.Errorf("%s: %s %s is answered %s, an id that nobody has %s", c.name, o.kind, o.id, walled, missing[o.kind])
		}
	}
	var ids []string
	for _, o := range all {
		ids = append(ids, o.id)
	}
	for page := range slices.Chunk(ids, 40) {
		m.check(t, c, m.nodesDocument(), map[string]any{"ids": page})
	}
}

// byRoot asks every list.
func (m *matrix) byRoot(t *testing.T, c *caller) {
	for _, root := range []string{"frontends", "apiKeys", "members"} {
		f := m.schema.Query.Fields.ForName(root)
		m.check(t, c, "{ "+root+"(first: 100)"+m.below(f, 2)+" }", nil)
	}
}
