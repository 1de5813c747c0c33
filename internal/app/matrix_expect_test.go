package app_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
)

// This file says what a caller must be answered: what the admin of everything is, without what the caller may not see.

// expectation is an answer in the making.
type expectation struct {
	m      *matrix
	c      *caller
	errors []string // path and code
}

// object is what the caller sees of an object; nil when it is walled off.
func (e *expectation) object(set ast.SelectionSet, kind string, full map[string]any, path string) any {
	if named, ok := full["__typename"].(string); ok {
		kind = named
	}
	if id, ok := full["id"].(string); ok && e.m.hasID(e.m.schema.Types[kind]) {
		if o, known := e.m.lookUp(id); !known || !e.m.sees(e.c, o) {
			return nil
		}
	}
	out := map[string]any{}
	for _, f := range e.m.flat(set, kind) {
		if f.Name == "__typename" {
			out[f.Alias] = kind
			continue
		}
		at := path + f.Alias
		if scope := e.m.scopeOf(kind, f.Name); scope != "" && !e.c.holds(scope) {
			out[f.Alias] = nil
			e.errors = append(e.errors, at+" FORBIDDEN")
			continue
		}
		value := full[f.Alias]
		switch kind + "." + f.Name {
		case "Query.auditRefusals": // they belong to no frontend
			if !e.c.throughout("audit:read", "") {
				value = nil
			}
		case "Frontend.documents", "Frontend.unknownDocuments", "Frontend.safelist": // the caller may hold documents:read elsewhere only
			slug, _ := full[strings.TrimSuffix(f.Alias, f.Name)+"slug"].(string) // aliases are alike
			value = e.ofDocuments(f.Name, slug, value)
		case "Member.grants":
			value = e.grants(full, value)
		case "ApiKey.lastUsedAt", "Member.lastSignedInAt", "TrustedDocument.lastUsedAt": // they move while everybody asks
			value = moving
		}
		out[f.Alias] = e.value(f, f.Definition.Type, value, at)
	}
	if strings.HasSuffix(kind, "Connection") {
		recount(out)
	}
	return out
}

const moving = "moving"

func (e *expectation) value(f *ast.Field, typ *ast.Type, value any, at string) any {
	switch value := value.(type) {
	case []any:
		out := []any{}
		for _, one := range value {
			seen := e.value(f, typ.Elem, one, at+"."+fmt.Sprint(len(out)))
			if seen != nil || typ.Elem == nil || !typ.Elem.NonNull {
				out = append(out, seen)
			}
		}
		return out
	case map[string]any:
		if len(f.SelectionSet) == 0 {
			return value
		}
		seen := e.object(f.SelectionSet, f.Definition.Type.Name(), value, at+".")
		if edge, ok := seen.(map[string]any); ok && strings.HasSuffix(typ.Name(), "Edge") && edge["node"] == nil {
			return nil
		}
		return seen
	}
	return value
}

// ofDocuments is what a frontend shows of its documents.
func (e *expectation) ofDocuments(field, slug string, value any) any {
	if e.c.at("documents:read", slug, "") {
		return value
	}
	if page, ok := value.(map[string]any); ok {
		page = maps.Clone(page)
		page["edges"] = []any{}
		return page
	}
	return nil
}

// grants keeps those of a member that the caller may see: each where it holds; all of its own.
func (e *expectation) grants(of map[string]any, value any) any {
	list, ok := value.([]any)
	if !ok || of["id"] == e.c.member {
		return value
	}
	return slices.DeleteFunc(slices.Clone(list), func(g any) bool {
		slug, _ := g.(map[string]any)["frontendSlug"].(string)
		return !e.c.at("members:read", slug, "")
	})
}

// recount says of a page that holds all what its edges are.
func recount(page map[string]any) {
	edges, ok := page["edges"].([]any)
	if !ok {
		return
	}
	page["totalCount"] = float64(len(edges))
	info, ok := page["pageInfo"].(map[string]any)
	if !ok {
		return
	}
	info["startCursor"], info["endCursor"] = nil, nil
	if len(edges) > 0 {
		info["startCursor"], info["endCursor"] = edges[0].(map[string]any)["cursor"], edges[len(edges)-1].(map[string]any)["cursor"]
	}
}

// full is the answer of the admin of everything, asked once; again when it may be out of date.
func (m *matrix) full(document string, variables map[string]any, again bool) map[string]any {
	raw, err := json.Marshal(variables)
	if err != nil {
		m.t.Fatal(err)
	}
	key := document + string(raw)
	m.mu.Lock()
	known, ok := m.answers[key].(map[string]any)
	m.mu.Unlock()
	if ok && !again {
		return known
	}
	a := m.ask(m.named(adminOfAll), document, variables)
	if len(a.Errors) > 0 {
		m.t.Errorf("the admin of everything is refused: %.300s %.300s", document, a.raw)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.answers[key] = a.Data
	return a.Data
}

// check asks as somebody, compares with what the oracle says, and returns the answer as it came. What moves meanwhile, hours
// for instance, is asked again.
func (m *matrix) check(t *testing.T, c *caller, document string, variables map[string]any) (raw string) {
	t.Helper()
	set := m.parse(document).Operations[0].SelectionSet
	for _, again := range []bool{false, true} {
		full := m.full(document, variables, again)
		got := m.ask(c, document, variables)
		e := &expectation{m: m, c: c}
		want := e.object(set, "Query", full, "")
		slices.Sort(e.errors)
		still(got.Data)
		if reflect.DeepEqual(want, any(got.Data)) && sameErrors(e.errors, got.errors()) {
			return got.raw
		}
		if again {
			t.Errorf("%s\n%.200s %v\n%s\nerrors %v, want %v", c.name, document, variables, difference("data", want, got.Data), got.errors(), e.errors)
			raw = got.raw
		}
	}
	return raw
}

// sameErrors compares what should be said with what is: an answer holds ten errors at most.
func sameErrors(want, got []string) bool {
	if len(want) <= mostErrors {
		return slices.Equal(want, got)
	}
	return len(got) == mostErrors && !slices.ContainsFunc(got, func(e string) bool { return !slices.Contains(want, e) })
}

const mostErrors = 10

// still takes the movement out of an answer.
func still(value any) {
	switch value := value.(type) {
	case []any:
		for _, one := range value {
			still(one)
		}
	case map[string]any:
		for name, one := range value {
			if strings.HasSuffix(name, "lastUsedAt") || strings.HasSuffix(name, "lastSignedInAt") {
				value[name] = moving
				continue
			}
			still(one)
		}
	}
}

// difference names the first place where two answers differ.
func difference(at string, want, got any) string {
	w, okW := want.(map[string]any)
	g, okG := got.(map[string]any)
	if okW && okG {
		for _, name := range slices.Sorted(maps.Keys(w)) {
			if !reflect.DeepEqual(w[name], g[name]) {
				return difference(at+"."+name, w[name], g[name])
			}
		}
	}
	a, okA := want.([]any)
	b, okB := got.([]any)
	if okA && okB && len(a) == len(b) {
		for i := range a {
			if !reflect.DeepEqual(a[i], b[i]) {
				return difference(fmt.Sprint(at, ".", i), a[i], b[i])
			}
		}
	}
	return fmt.Sprintf("%s is %.300v, want %.300v", at, got, want)
}
