package app_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// argument is a field that is asked with an argument that names something: $x, of the object $p where the field is not one
// of Query.
type argument struct {
	coordinate string
	variables  string // their types
	field      string // with its arguments; what it answers is selected whole
	of         string // name of the object in its frontend, "" for Query
	on         string // type of that
	// may says whether the caller is answered for what a frontend has, asked of another or the same: nil is nobody.
	may func(m *matrix, c *caller, parent, owner, value string) bool
}

// arguments are all those of queries.
func arguments() []argument {
	of := func(scope string) func(*matrix, *caller, string, string, string) bool {
		return func(_ *matrix, c *caller, _, owner, _ string) bool { return c.at(scope, owner, "") }
	}
	log := func(_ *matrix, c *caller, _, owner, _ string) bool { return c.throughout("audit:read", owner) }
	inside := func(_ *matrix, c *caller, parent, owner, _ string) bool {
		return parent == owner && c.at("content:read", parent, "")
	}
	environment := func(_ *matrix, c *caller, parent, owner, value string) bool {
		return parent == owner && c.at("content:read", parent, "") && c.at("content:read", parent, value)
	}
	delivered := func(m *matrix, c *caller, parent, owner, value string) bool {
		return parent == owner && c.at("content:read", parent, "") && m.reads(c, parent, value)
	}
	return []argument{
		{"Query.frontend(slug)", "$x: String!", "frontend(slug: $x)", "", "Query", of("content:read")},
		{"Query.auditLog(subject)", "$x: ID", "auditLog(first: 100, subject: $x)", "", "Query", log},
		{"AuditFilter.actor", "$x: ID", "auditLog(first: 100, filter: {actor: $x})", "", "Query", log},
		{"AuditFilter.frontend", "$x: ID", "auditLog(first: 100, filter: {frontend: $x, action: \"screenDelete\"})", "", "Query", log},
		{"Frontend.environment(key)", "$x: String!", "environment(key: $x)", "frontend", "Frontend", environment},
		{"Frontend.publishPlan(environment)", "$x: String!", "publishPlan(environment: $x)", "frontend", "Frontend", environment},
		{"Frontend.publishPlan(screens)", "$x: String!", "publishPlan(screens: [$x])", "frontend", "Frontend", func(m *matrix, c *caller, parent, owner, _ string) bool {
			return environment(m, c, parent, owner, "production")
		}},
		{"Frontend.usage(environment)", "$x: String!", "usage(environment: $x)", "frontend", "Frontend", environment},
		{"Frontend.routes(environment)", "$x: String!", "routes(environment: $x)", "frontend", "Frontend", delivered},
		{"Frontend.assets(hashes)", "$x: Hash!", "assets(first: 100, hashes: [$x])", "frontend", "Frontend", inside},
		{"ScreenFilter.usesComponent", "$x: String", "screens(first: 100, filter: {usesComponent: $x})", "frontend", "Frontend", inside},
		{"Screen.status(environment)", "$x: String!", "status(environment: $x)", "home", "Screen", delivered},
		{"Screen.usage(environment)", "$x: String!", "usage(environment: $x)", "home", "Screen", environment},
		{"Release.changes(against)", "$x: ID", "changes(against: $x)", "release withdrawn", "Release", inside},
	}
}

// document asks for everything that the field answers.
func (a argument) document(m *matrix) string {
	return m.written(a.coordinate, func() string {
		name, _, _ := strings.Cut(a.field, "(")
		field := a.field + m.below(m.schema.Types[a.on].Fields.ForName(name), 1)
		if a.of == "" {
			return "query(" + a.variables + ") { " + field + " }"
		}
		return "query($p: ID!, " + a.variables + ") { node(id: $p) { __typename id ... on " + a.on + " { " + field + " } } }"
	})
}

// byArgument asks each with what every frontend has, of shop and of blog. What the caller may not reach is answered as what
// nobody has.
func (m *matrix) byArgument(t *testing.T, c *caller) {
	for _, a := range arguments() {
		parents := []string{"shop", "blog"}
		if a.of == "" {
			parents = parents[:1]
		}
		for _, parent := range parents {
			none := map[string]string{}
			for _, owner := range []string{"shop", "blog", "vault"} {
				for _, value := range m.valuesOf(a, m.tenants[owner], parent == owner) {
					m.try(t, c, a, parent, owner, value, none)
				}
			}
		}
	}
}

func (m *matrix) try(t *testing.T, c *caller, a argument, parent, owner, value string, none map[string]string) {
	t.Helper()
	variables := func(x string) map[string]any {
		return map[string]any{"p": m.tenants[parent].ids[a.of], "x": x}
	}
	nobodys := missing(references()[a.coordinate], value)
	if none[nobodys] == "" {
		none[nobodys] = strings.ReplaceAll(m.ask(c, a.document(m), variables(nobodys)).raw, nobodys, "IT")
	}
	if a.may(m, c, parent, owner, value) {
		raw := m.check(t, c, a.document(m), variables(value))
		if c.name == adminOfAll && strings.ReplaceAll(raw, value, "IT") == none[nobodys] {
			t.Errorf("%s with %s of %s is answered as what nobody has: it proves nothing", a.coordinate, value, owner)
		}
		return
	}
	if got := strings.ReplaceAll(m.ask(c, a.document(m), variables(value)).raw, value, "IT"); got != none[nobodys] {
		t.Errorf("%s, asking %s: %s with %s of %s is answered\n%.400s\nwhat nobody has\n%.400s", c.name, parent, a.coordinate, value, owner, got, none[nobodys])
	}
}

// valuesOf are what a frontend has of the kind that an argument names.
func (m *matrix) valuesOf(a argument, owner *tenant, own bool) []string {
	kind := references()[a.coordinate]
	switch {
	case a.coordinate == "AuditFilter.actor":
		return []string{m.one("SELECT id FROM members WHERE name = ?", owner.private+" acting")}
	case kind == "environment key" && own:
		return owner.environments()
	}
	return owner.values(kind)
}

// show is what the pictures of a screen select.
const show = `{ __typename id key title path params release { id number } contentHash root blocks { key component version props slots { name blocks } } degradations { blockKey wanted served reason } }`

// pictureDocument asks for a screen in every way at once, but by a preview link.
func pictureDocument() string {
	var b strings.Builder
	b.WriteString("query($f: ID!, $e: String!, $theirKey: String!, $manifest: Hash!, $theirs: Hash!, $none: Hash!, $foreign: ID!")
	for _, fate := range sortedKeys((&tenant{}).fates()) {
		b.WriteString(", $" + fate + ": ID!")
	}
	b.WriteString(") { ")
	ask := func(alias, at, context string) {
		fmt.Fprintf(&b, "%s: screen(at: {%s}, context: {frontend: $f, environment: $e%s}) %s ", alias, at, context, show)
	}
	ask("now", `key: "home"`, "")
	ask("path", `path: "/products/lamp"`, "")
	ask("built", `key: "home"`, ", manifest: $manifest")
	ask("theirManifest", `key: "home"`, ", manifest: $theirs")
	ask("noManifest", `key: "home"`, ", manifest: $none")
	ask("theirKey", `key: $theirKey`, "")
	ask("foreign", `key: "home"`, ", perspective: {release: $foreign}")
	ask("draft", `key: "home"`, ", perspective: {draft: true}")
	for _, fate := range sortedKeys((&tenant{}).fates()) {
		ask(fate, `key: "home"`, ", perspective: {release: $"+fate+"}")
	}
	return b.String() + "}"
}

func (m *matrix) pictureVariables(slug, environment string) map[string]any {
	x, other := m.tenants[slug], m.tenants["vault"]
	if slug == "vault" {
		other = m.tenants["blog"]
	}
	variables := map[string]any{
		"f": slug, "e": environment, "theirKey": "only-" + other.slug, "manifest": x.manifest, "theirs": other.manifest,
		"none": missing("manifest", ""), "foreign": other.ids["release live"],
	}
	for fate := range x.fates() {
		variables[fate] = x.ids["release "+fate]
	}
	return variables
}

// byPicture asks for screens as frontends do. What is live is for who may read it there, a release for who may read it where
// it stands, drafts for who may read content.
func (m *matrix) byPicture(t *testing.T, c *caller) {
	document := m.written("pictures", pictureDocument)
	none := m.pictureVariables("shop", "production")
	none["f"] = "nowhere"
	absent := m.ask(c, document, none).raw
	for slug, x := range m.tenants {
		for _, environment := range x.environments() {
			variables := m.pictureVariables(slug, environment)
			if !m.reads(c, slug, environment) {
				missing := absent
				if m.visible(c, slug) {
					variables["e"] = "nowhere"
					missing = m.ask(c, document, variables).raw
					variables["e"] = environment
				}
				if got := m.ask(c, document, variables).raw; got != missing {
					t.Errorf("%s: screens in %s of %s are answered\n%.400s\nwhat is not there\n%.400s", c.name, environment, slug, got, missing)
				}
				continue
			}
			m.comparePictures(t, c, slug, environment, m.full(document, variables, false), m.ask(c, document, variables))
		}
	}
}

// visible says whether the caller may know that a frontend is there.
func (m *matrix) visible(c *caller, slug string) bool {
	return c.at("delivery:read", slug, "") || slices.ContainsFunc(m.tenants[slug].environments(), func(e string) bool { return m.reads(c, slug, e) })
}

func (m *matrix) comparePictures(t *testing.T, c *caller, slug, environment string, full map[string]any, got answer) {
	t.Helper()
	content := c.at("content:read", slug, "")
	errors := []string{}
	if !content {
		errors = append(errors, "draft FORBIDDEN")
	}
	if !slices.Equal(errors, got.errors()) {
		t.Errorf("%s: screens in %s of %s: %v, want %v", c.name, environment, slug, got.errors(), errors)
	}
	for alias, want := range full {
		stands, isRelease := m.tenants[slug].fates()[alias]
		withdrawn := isRelease && !slices.ContainsFunc(stands, func(e string) bool { return m.reads(c, slug, e) })
		if alias == "theirManifest" {
			want = full["noManifest"]
		}
		if (alias == "foreign" || alias == "theirKey") && want != nil || (alias == "now" || alias == "draft" || isRelease) && want == nil {
			t.Errorf("the admin of everything is answered %v for %s", want, alias)
		}
		if !content && (alias == "draft" || withdrawn) {
			want = nil
		}
		if !reflect.DeepEqual(want, got.Data[alias]) {
			t.Errorf("%s: %s in %s of %s: %s", c.name, alias, environment, slug, difference(alias, want, got.Data[alias]))
		}
	}
}

// byPreview opens a preview link, which is enough by itself: for the frontend that it was made for, and for no other.
func (m *matrix) byPreview(t *testing.T, c *caller) {
	const document = `query($f: ID!, $token: String!) { screen(at: {key: "home"}, context: {frontend: $f, perspective: {previewToken: $token}}) ` + show + ` }`
	ask := func(c *caller, frontend, token string) string {
		return m.send(c, document, map[string]any{"f": frontend, "token": token})
	}
	for slug, x := range m.tenants {
		if got, want := ask(c, slug, x.preview), ask(m.named(adminOfAll), slug, x.preview); got != want || !strings.Contains(got, x.private) {
			t.Errorf("%s: the preview link of %s shows %.300s", c.name, slug, got)
		}
		for other := range m.tenants {
			if got, want := ask(c, other, x.preview), ask(c, "nowhere", x.preview); other != slug && (got != want || !strings.Contains(got, "FORBIDDEN")) {
				t.Errorf("%s: the preview link of %s is answered by %s: %.300s, and by none %.300s", c.name, slug, other, got, want)
			}
		}
	}
}
