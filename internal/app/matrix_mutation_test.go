package app_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
)

// mutations tries every mutation: as everybody who may not; with every reference replaced by what belongs to others; and, as
// the control, as it is. A mutation that nobody says how to call fails, and so does a reference that no input has.
func (m *matrix) mutations(t *testing.T) {
	known, possible := variants(), map[string]bool{}
	for _, f := range m.schema.Mutation.Fields {
		v, ok := known[f.Name]
		if delete(known, f.Name); !ok {
			if alone()[f.Name] == "" {
				t.Errorf("how is %s called? Say so in variants", f.Name)
			}
			if len(f.Arguments) > 0 && len(m.referencesIn(m.schema.Types[f.Arguments[0].Type.Name()], map[string]any{}, nil, map[string]bool{})) > 0 {
				t.Errorf("%s names things: it is not about the caller alone", f.Name)
			}
			continue
		}
		t.Run(f.Name, func(t *testing.T) {
			input := plainJSON(v.make(m, site{m.tenants["shop"], "production"})).(map[string]any)
			found := m.referencesIn(m.schema.Types[f.Arguments[0].Type.Name()], input, nil, possible)
			for _, r := range found {
				m.tried[r.coordinate] = true
			}
			may := m.named(adminOfShop)
			m.sum = m.digest()
			m.foreign(t, f, input, found, may)
			m.unentitled(t, f, input)
			m.control(t, f, input, v)
			m.stagingOnly(t, f, v)
		})
	}
	for name := range known {
		t.Errorf("there is no mutation %s any more", name)
	}
	for _, at := range slices.Sorted(maps.Keys(possible)) {
		if !m.tried[at] {
			t.Errorf("no input has %s: give it one in variants", at)
		}
	}
}

// document is the mutation with everything that it answers.
func (m *matrix) mutationDocument(f *ast.FieldDefinition) string {
	return m.written("mutation "+f.Name, func() string {
		return fmt.Sprintf("mutation($input: %s) { done: %s(input: $input)%s }", f.Arguments[0].Type, f.Name, m.below(f, 1))
	})
}

// accepted reports whether a mutation did something.
func accepted(a answer) bool {
	done, _ := a.Data["done"].(map[string]any)
	if done == nil || len(a.Errors) > 0 {
		return false
	}
	errors, _ := done["userErrors"].([]any)
	return len(errors) == 0 && done["accepted"] != false
}

// codes are why a mutation was refused.
func codes(a answer) (out []string) {
	for _, e := range a.Errors {
		out = append(out, e.Extensions.Code)
	}
	done, _ := a.Data["done"].(map[string]any)
	list, _ := done["userErrors"].([]any)
	for _, e := range list {
		for name, value := range e.(map[string]any) {
			if strings.HasSuffix(name, "_code") {
				out = append(out, fmt.Sprint(value))
			}
		}
	}
	return out
}

// refused asks for what must not be done.
func (m *matrix) refused(t *testing.T, c *caller, f *ast.FieldDefinition, input any, what string) answer {
	t.Helper()
	a := m.ask(c, m.mutationDocument(f), map[string]any{"input": input})
	if accepted(a) {
		t.Errorf("%s, by %s: accepted: %.500s", what, c.name, a.raw)
	}
	return a
}

// untouched compares every row of everybody with what they were before.
func (m *matrix) untouched(t *testing.T, what string) {
	t.Helper()
	now := m.digest()
	if owners := changed(m.sum, now); m.sum != nil && len(owners) > 0 {
		t.Errorf("%s: changed rows of %s", what, strings.Join(owners, ", "))
	}
	m.sum = now
}

// alike compares the answer for something with the one for what nobody has.
func alike(t *testing.T, what string, got answer, was string, none answer, missing string) {
	t.Helper()
	if strings.ReplaceAll(got.raw, was, "IT") != strings.ReplaceAll(none.raw, missing, "IT") {
		t.Errorf("%s is answered\n%.500s\nwhat nobody has\n%.500s", what, got.raw, none.raw)
	}
	if !slices.Contains([]string{"NOT_FOUND", "INVALID"}, strings.Join(codes(none), " ")) {
		t.Errorf("%s: what nobody has is refused as %v", what, codes(none))
	}
}

// within are the references to what must belong to the frontend that the rest of the input is about: nobody can name there
// what belongs to another, whatever they may do in both.
func within(r reference) bool {
	switch r.kind {
	case "environment key", "screen key", "picture":
		return true
	}
	return slices.Contains([]string{"PreviewLinkCreateInput.screen", "ReleaseRollBackInput.toRelease", "ScreenRevertInput.toRelease"}, r.coordinate)
}

// published reports whether a frontend is known to everybody at a place, since it delivers to everybody.
func delivers(r reference, x *tenant) bool {
	return r.coordinate == "UsageReportInput.frontend" && x.public
}

// foreign replaces each reference by what others have: the same answer as for what nobody has, and nothing changes.
func (m *matrix) foreign(t *testing.T, f *ast.FieldDefinition, input map[string]any, found []reference, may *caller) {
	shop := m.tenants["shop"]
	for _, r := range found {
		was := valueAt(input, r.path)
		if r.kind == "picture" {
			was = shop.asset
		}
		for _, slug := range []string{"blog", "vault"} {
			if delivers(r, m.tenants[slug]) {
				continue
			}
			for _, value := range m.tenants[slug].values(r.kind) {
				none := missing(r.kind, value)
				callers := []*caller{may}
				if within(r) {
					callers = append(callers, m.named(adminOfAll), m.named("an admin of shop, operator of blog"))
				}
				for _, c := range callers {
					what := fmt.Sprintf("%s with %s of %s for %s", f.Name, value, slug, r.coordinate)
					got := m.refused(t, c, f, with(input, r.path, was, value), what)
					alike(t, what, got, value, m.refused(t, c, f, with(input, r.path, was, none), what), none)
				}
			}
		}
		m.untouched(t, f.Name+" with what belongs to others for "+r.coordinate)
	}
}

// unentitled asks as everybody who may not do this in production of shop.
func (m *matrix) unentitled(t *testing.T, f *ast.FieldDefinition, input map[string]any) {
	scope := m.scopeOf("Mutation", f.Name)
	if scope == "" {
		return
	}
	for _, c := range m.callers {
		if c.at(scope, "shop", "") {
			continue
		}
		a := m.ask(c, m.mutationDocument(f), map[string]any{"input": input})
		why := strings.Join(codes(a), " ")
		if accepted(a) || !slices.Contains([]string{"NOT_FOUND", "FORBIDDEN"}, why) || !c.holds(scope) && (a.Data["done"] != nil || why != "FORBIDDEN") {
			t.Errorf("%s in shop by %s: %.300s", f.Name, c.name, a.raw)
		}
	}
	m.untouched(t, f.Name+" in shop by who may not")
}

// control does it as somebody who holds no more than it takes: it is accepted, and changes nothing of anybody else.
func (m *matrix) control(t *testing.T, f *ast.FieldDefinition, input any, v variant) {
	name := v.as
	if name == "" {
		name = "a key for " + m.scopeOf("Mutation", f.Name) + " in shop"
	}
	before := m.sum
	m.sum = nil
	if a := m.ask(m.named(name), m.mutationDocument(f), map[string]any{"input": input}); !accepted(a) {
		t.Errorf("%s by %s is refused: %.500s", f.Name, name, a.raw)
	}
	after := m.digest()
	if before["blog"] != after["blog"] || before["vault"] != after["vault"] {
		t.Errorf("%s in shop changed rows of %v", f.Name, changed(before, after))
	}
}

// stagingOnly is for somebody who holds everything in blog, but in staging only: production is as if it were not there.
func (m *matrix) stagingOnly(t *testing.T, f *ast.FieldDefinition, v variant) {
	c, blog := m.named("a key for staging of blog"), m.tenants["blog"]
	input := plainJSON(v.make(m, site{blog, "staging"})).(map[string]any)
	m.sum = m.digest()
	ofEnvironment := false
	for _, r := range m.referencesIn(m.schema.Types[f.Arguments[0].Type.Name()], input, nil, map[string]bool{}) {
		was := valueAt(input, r.path)
		var others []string
		switch r.kind {
		case "environment key":
			others = []string{"production", blog.trial()}
			if r.coordinate == "ReleasePromoteInput.from" || r.coordinate == "UsageReportInput.environment" { // everybody reads production
				others = others[1:]
			}
		case "environment":
			others = []string{blog.ids["production"], blog.ids[blog.trial()]}
		case "key":
			others = []string{blog.ids["key everywhere"]}
		case "schedule":
			others = []string{blog.ids["schedule pending"], blog.ids["schedule done"]}
		}
		for _, other := range others {
			ofEnvironment = true
			none := missing(r.kind, other)
			what := fmt.Sprintf("%s with %s of blog for %s", f.Name, other, r.coordinate)
			got := m.refused(t, c, f, with(input, r.path, was, other), what)
			alike(t, what, got, other, m.refused(t, c, f, with(input, r.path, was, none), what), none)
		}
	}
	if !ofEnvironment {
		return
	}
	m.untouched(t, f.Name+" in what is not staging of blog")
	before := m.sum
	m.sum = nil
	if a := m.ask(c, m.mutationDocument(f), map[string]any{"input": input}); !accepted(a) {
		t.Errorf("%s in staging of blog by %s is refused: %.500s", f.Name, c.name, a.raw)
	}
	if after := m.digest(); before["shop"] != after["shop"] || before["vault"] != after["vault"] {
		t.Errorf("%s in blog changed rows of %v", f.Name, changed(before, after))
	}
}
