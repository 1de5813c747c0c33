package app_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
)

// unreached are the fields that nobody saw a value of, and why.
func unreached() map[string]string {
	return map[string]string{
		"ApiKey.lastUsedAt": "written every twenty seconds", "Build.lastSeenAt": "written once a minute",
		"BrokenScreen.environment":      "a screen that is live would have to be bound: TestACheckNamesTheScreensThatItBreaks",
		"TrustedDocument.invalidReason": "the graph would have to change", "PublishBlocked.path": "no field of the input is at fault", "VersionConflict.path": "as above",
	}
}

// everythingIsReached fails for every field of the schema that no answer had a value for: what is asked of nothing proves
// nothing.
func (m *matrix) everythingIsReached(t *testing.T) {
	m.conflicts(t)
	m.servicesReached(t)
	m.ask(m.named(adminOfShop), m.mutationDocument(m.schema.Mutation.Fields.ForName("buildRegister")), map[string]any{
		"input": map[string]any{"frontend": "shop", "name": "seen by who may read it", "components": []any{}},
	})
	_, all := m.samples()
	for page := range slices.Chunk(all, 40) {
		ids := make([]string, len(page))
		for i, o := range page {
			ids[i] = o.id
		}
		m.ask(m.named(adminOfAll), m.nodesDocument(), map[string]any{"ids": ids})
	}
	for _, root := range []string{"frontends", "apiKeys", "members", "auditRefusals"} {
		f := m.schema.Query.Fields.ForName(root)
		for after := "null"; after != ""; { // what is seldom may stand on a later page
			a := m.ask(m.named(adminOfAll), "{ "+root+"(first: 100, after: "+after+")"+m.below(f, 2)+" page: "+root+"(first: 100, after: "+after+") { pageInfo { hasNextPage endCursor } } }", nil)
			page, _ := a.Data["page"].(map[string]any)
			info, _ := page["pageInfo"].(map[string]any)
			if after = ""; info["hasNextPage"] == true {
				after = strconv.Quote(info["endCursor"].(string))
			}
		}
	}
	excused := unreached()
	for name, d := range m.schema.Types {
		if d.Kind != ast.Object || strings.HasPrefix(name, "__") {
			continue
		}
		for _, f := range d.Fields {
			at := name + "." + f.Name
			if strings.HasPrefix(f.Name, "__") || name == "Mutation" && alone()[f.Name] != "" {
				continue
			}
			if excused[at] == "" && !m.reached[at] {
				t.Errorf("nobody saw a value of %s: ask it of something that has one, or say in unreached why not", at)
			}
		}
	}
}

// conflicts are mutations that are refused for what their errors tell of.
func (m *matrix) conflicts(t *testing.T) {
	x := m.tenants["shop"]
	for _, one := range []struct {
		mutation string
		input    map[string]any
		code     string
	}{
		{"screenUpdate", map[string]any{"id": x.ids["home"], "expectedVersion": 1, "title": "late"}, "VERSION_CONFLICT"},
		{"releasePublish", map[string]any{"frontend": "shop", "title": "late", "expectedLiveHash": missing("picture", "")}, "LIVE_MOVED"},
		{"releasePublish", map[string]any{"frontend": "shop", "title": "broken", "screens": []any{"broken"}}, "PUBLISH_BLOCKED"},
		{"screenCreate", map[string]any{"frontend": "shop", "key": "unsafe", "title": "unsafe", "body": map[string]any{
			"format": 1, "root": "root", "blocks": map[string]any{"root": map[string]any{
				"component": "hero", "major": 1, "slots": map[string]any{}, "props": map[string]any{"image": map[string]any{"$asset": missing("picture", ""), "alt": "x"}},
			}},
		}}, "INVALID"},
		{"documentsRegister", map[string]any{"frontend": "shop", "documents": []any{map[string]any{"name": "wrong", "body": "query Wrong { wrong }"}}}, "INVALID"},
	} {
		f := m.schema.Mutation.Fields.ForName(one.mutation)
		a := m.ask(m.named(adminOfShop), m.mutationDocument(f), map[string]any{"input": one.input})
		if got := strings.Join(codes(a), " "); got != one.code {
			t.Errorf("%s is refused as %s, want %s: %.300s", one.mutation, got, one.code, a.raw)
		}
	}
}

// everyReferenceIsTried fails for every reference of the schema that nothing was put into.
func (m *matrix) everyReferenceIsTried(t *testing.T) {
	tried := []string{
		"Query.node(id)", "Query.nodes(ids)", // byID
		"DeliveryContext.environment", "DeliveryContext.frontend", "DeliveryContext.manifest", "Perspective.release", "ScreenAt.key", // byPicture
	}
	for _, a := range arguments() {
		tried = append(tried, a.coordinate)
	}
	for _, at := range sortedKeys(references()) {
		isTried := m.tried[at] || strings.HasPrefix(at, "Subscription.") // each of their arguments: follow
		for _, one := range tried {
			isTried = isTried || one == at
		}
		if !isTried {
			t.Errorf("nobody tried to reach something of others by %s: add it to arguments", at)
		}
	}
}
