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
	t.Run("scopes", m.scopesAgree)
	t.Run("reads", func(t *testing.T) {
		for _, c := range m.callers {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				m.byID(t, c)
				m.byRoot(t, c)
				m.byArgument(t, c)
				m.byPicture(t, c)
				m.byPreview(t, c)
				m.byLog(t, c)
				m.itself(t, c)
			})
		}
	})
	t.Run("subscriptions", m.subscriptions)
	t.Run("mutations", m.mutations)
	t.Run("endpoints", m.endpoints)
	t.Run("ended keys", m.endedKeys)
	t.Run("references", m.everyReferenceIsTried)
	t.Run("fields", m.everythingIsReached)
}

// byID asks for everything of every object by its id: one at a time, and all together. An id of something that is walled
// off is answered as one that nobody has.
func (m *matrix) byID(t *testing.T, c *caller) {
	samples, all := m.samples()
	missing := map[string]string{}
	for _, o := range samples {
		walled := m.check(t, c, m.nodeDocument(o.kind), map[string]any{"id": o.id})
		if m.sees(c, o) {
			continue
		}
		if missing[o.kind] == "" {
			id := missingLike(o.id)
			missing[o.kind] = strings.ReplaceAll(m.send(c, m.nodeDocument(o.kind), map[string]any{"id": id}), id, "ID")
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
		m.check(t, c, m.written(root, func() string { return "{ " + root + "(first: 100)" + m.below(f, 2) + " }" }), nil)
	}
}

// itself asks who it is: what it holds is what the oracle says that it holds.
func (m *matrix) itself(t *testing.T, c *caller) {
	f := m.schema.Query.Fields.ForName("viewer")
	got := m.ask(c, m.written("viewer", func() string { return "{ viewer" + m.below(f, 2) + " }" }), nil)
	viewer, _ := got.Data["viewer"].(map[string]any)
	scopes := []string{}
	for _, s := range viewer["scopes"].([]any) {
		scopes = append(scopes, s.(string))
	}
	member, _ := viewer["member"].(map[string]any)
	id, _ := member["id"].(string)
	if len(got.Errors) > 0 || !slices.Equal(scopes, c.scopes()) || id != c.member {
		t.Errorf("%s holds %v, the oracle says %v; %.300s", c.name, scopes, c.scopes(), got.raw)
	}
}

// endedKeys are answered nothing, whatever they ask.
func (m *matrix) endedKeys(t *testing.T) {
	documents := []string{m.nodesDocument(), m.written("pictures", pictureDocument), "{ viewer { scopes } }", "subscription { activity(frontend: \"shop\") { at } }"}
	for _, f := range m.schema.Mutation.Fields {
		if len(f.Arguments) > 0 {
			documents = append(documents, m.mutationDocument(f))
		}
	}
	for _, c := range m.ended {
		for _, document := range documents {
			if raw := m.send(c, document, nil); !strings.Contains(raw, "UNAUTHENTICATED") || strings.Contains(raw, "data") {
				t.Errorf("%s: %.100s is answered %.300s", c.name, document, raw)
			}
		}
	}
}
