package app_test

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"sonata.ai/sonata/graph"
)

// matrix is a production server with three frontends that hold everything that the schema knows, and everybody who asks.
// shop is whose callers try; blog publishes for everybody; vault for nobody.
type matrix struct {
	t *testing.T
	*house
	story   *told
	schema  *ast.Schema
	tenants map[string]*tenant
	callers []*caller
	ended   []*caller // whose keys have ended

	mu        sync.Mutex
	db        *sql.DB
	objects   map[string]object // by id
	reached   map[string]bool   // fields that somebody saw a value of, as Type.field
	parsed    map[string]*ast.QueryDocument
	documents map[string]string // by what they ask
	answers   map[string]any    // of the admin of everything, by document and variables
	log       []any             // edges of the whole audit log
	tried     map[string]bool   // references of mutations that something of others was put into
	watching  map[string]int    // open streams by subscription and frontend
	counter   int
	sum       map[string]string // the digest, as long as nobody did anything
}

// tenant is one frontend. Every text in it holds a mark, so that a leak is found in an answer whatever it came by.
type tenant struct {
	slug      string
	public    bool
	private   string            // mark of everything but what production shows
	published string            // mark of that
	staged    string            // mark of what staging alone shows
	ids       map[string]string // of what it has, by a name for it
	asset     string            // hash
	manifest  string            // hash
	preview   string            // token
	unknown   string            // hash of a document that is not registered
}

func (x *tenant) environments() []string { return []string{"production", "staging", x.trial()} }

// trial is the key of an environment that only this frontend has.
func (x *tenant) trial() string { return "trial-" + x.slug }

func contractOf() *ast.Schema { return graph.NewExecutableSchema(graph.Config{}).Schema() }

func newMatrix(t *testing.T) *matrix {
	t.Helper()
	m := &matrix{
		t: t, house: newHouseOf(t, io.Discard, []string{"--demo", "off", "--limit-anonymous", "100000000", "--limit-key", "100000000", "--limit-aliases", "0", "--limit-root-fields", "0", "--limit-cost", "0", "--limit-cost-minute", "0", "--service-networks", "private"}),
		schema: contractOf(), tenants: map[string]*tenant{}, objects: map[string]object{},
		reached: map[string]bool{}, parsed: map[string]*ast.QueryDocument{}, answers: map[string]any{}, documents: map[string]string{}, tried: map[string]bool{}, watching: map[string]int{},
	}
	m.story = m.told()
	m.do("setupComplete", map[string]any{"token": "${token}", "email": "ada@example.org", "name": "Ada", "password": good}, "")
	for _, slug := range []string{"shop", "blog", "vault"} {
		x := &tenant{
			slug: slug, public: slug != "vault", private: "qx" + slug + "private", published: "qx" + slug + "published",
			staged: "qx" + slug + "staged", ids: map[string]string{},
		}
		m.tenants[slug] = x
		m.build(x)
	}
	m.documentsRun()
	m.servicesJoin()
	m.call()
	m.acting()
	m.settle()
	m.find()
	m.photograph()
	m.readLog()
	return m
}

// do lets the admin of everything do something that must be accepted, and returns what keep names.
func (m *matrix) do(mutation string, input map[string]any, payload string, keep ...string) []string {
	m.t.Helper()
	m.sum = nil
	named := map[string]string{}
	for i, path := range keep {
		named[fmt.Sprint("kept ", i)] = path
	}
	m.story.do(m.t, act{mutation, "admin", input, payload, named})
	out := make([]string, len(keep))
	for i := range keep {
		out[i] = m.story.known[fmt.Sprint("kept ", i)]
	}
	return out
}

// build makes one frontend.
func (m *matrix) build(x *tenant) {
	m.t.Helper()
	x.ids["frontend"] = m.do("frontendCreate", map[string]any{
		"slug": x.slug, "name": x.private, "origins": []any{"https://" + x.slug + ".example"}, "previewUrl": "https://" + x.slug + ".example/preview",
	}, "frontend { id }", "frontend.id")[0]
	m.do("frontendUpdate", map[string]any{"id": x.slug, "usageEnabled": true}, "")
	x.ids[x.trial()] = m.do("environmentCreate", map[string]any{"frontend": x.slug, "key": x.trial()}, "environment { id }", "environment.id")[0]
	for _, key := range []string{"production", "staging"} {
		x.ids[key] = m.one("SELECT id FROM environments WHERE frontend_id = ? AND key = ?", x.ids["frontend"], key)
	}
	if !x.public {
		m.do("environmentUpdate", map[string]any{"id": x.ids["production"], "delivery": "KEY"}, "")
	}
	m.components(x)
	x.asset = m.upload(x, "admin", "picture.png")
	m.screens(x)
	m.releases(x)
	x.preview = m.do("previewLinkCreate", map[string]any{"frontend": x.slug}, "token", "token")[0]
	x.ids["key"] = m.do("apiKeyCreate", map[string]any{
		"name": x.private, "frontend": x.slug, "scopes": []any{"content:read"}, "environments": []any{"staging"}, "requestsPerMinute": 9,
		"expiresAt": time.Now().Add(time.Hour).Format(time.RFC3339),
	}, "apiKey { id }", "apiKey.id")[0]
	x.ids["key everywhere"] = m.do("apiKeyCreate", map[string]any{"name": x.private, "frontend": x.slug, "scopes": []any{"keys:read"}}, "apiKey { id }", "apiKey.id")[0]
	x.ids["member"] = m.do("memberInvite", map[string]any{
		"email": x.private + "@example.org", "name": x.private, "grants": []any{map[string]any{"role": "DESIGNER", "frontend": x.slug, "environments": []any{"staging"}}},
	}, "member { id }", "member.id")[0]
}

func (m *matrix) components(x *tenant) {
	object := func(properties string) json.RawMessage {
		return json.RawMessage(`{"type":"object","properties":{` + properties + `}}`)
	}
	text := map[string]any{"key": "text", "version": "1.0", "title": x.private, "category": x.private, "propsSchema": object(`"text":{"type":"string"}`)}
	old := []any{
		map[string]any{"key": "page", "version": "1.0", "slots": []any{"children"}, "propsSchema": object(`"title":{"type":"string"}`)},
		map[string]any{"key": "hero", "version": "1.0", "propsSchema": object(`"title":{"type":"string"},"image":{"type":"object","format":"asset"}`)},
		text,
	}
	banner := map[string]any{
		"key": "banner", "version": "1.2", "range": "^1.0", "title": x.private, "category": x.private, "propsSchema": object(`"title":{"type":"string"}`),
		"uiSchema": object(""), "examples": []any{map[string]any{"title": x.private}},
		"fallback": map[string]any{"component": "text", "major": 1, "props": map[string]any{"text": map[string]any{"$prop": "/title"}}},
	}
	only := map[string]any{"key": "only-" + x.slug, "version": "1.0", "propsSchema": object("")}
	big := map[string]any{"key": "hero", "version": "2.0", "propsSchema": object(`"title":{"type":"string"},"image":{"type":"object","format":"asset"},"big":{"type":"boolean"}`)}
	m.do("buildRegister", map[string]any{"frontend": x.slug, "name": x.private + " one", "components": old}, "")
	x.manifest = m.do("buildRegister", map[string]any{"frontend": x.slug, "name": x.private + " two", "components": append(old[:2:2], text, banner, only, big)}, "manifest", "manifest")[0]
}

// upload puts a picture that no other frontend has, and returns its hash.
func (m *matrix) upload(x *tenant, visitor, name string) string {
	m.t.Helper()
	m.counter++
	picture := image.NewRGBA(image.Rect(0, 0, 2, 2))
	picture.Set(0, 0, color.RGBA{R: uint8(m.counter), G: 200, B: 100, A: 255})
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		m.t.Fatal(err)
	}
	raw := m.request(http.MethodPut, "/assets?frontend="+x.slug+"&name="+x.private+name, b.String(), m.cookie(visitor)...)
	var got struct{ Hash, ID string }
	if err := json.Unmarshal([]byte(raw), &got); err != nil || got.Hash == "" {
		m.t.Fatalf("upload: %s", raw)
	}
	x.ids["asset"] = got.ID
	return got.Hash
}

// cookie is the header of a page of ours that a member sees.
func (m *matrix) cookie(visitor string) []string {
	return []string{"Cookie: __Host-sonata=" + m.story.visitors[visitor].cookie.Value, "Sec-Fetch-Site: same-origin"}
}

func (m *matrix) screens(x *tenant) {
	block := func(component string, major int, props map[string]any) map[string]any {
		return map[string]any{"component": component, "major": major, "props": props, "slots": map[string]any{}}
	}
	body := func(blocks map[string]any) map[string]any {
		children := []string{}
		for key := range blocks {
			children = append(children, key)
		}
		slices.Sort(children)
		blocks["root"] = map[string]any{"component": "page", "major": 1, "props": map[string]any{"title": x.published}, "slots": map[string]any{"children": children}}
		return map[string]any{"format": 1, "root": "root", "blocks": blocks}
	}
	create := func(key, path, title string, blocks map[string]any) {
		in := map[string]any{"frontend": x.slug, "key": key, "title": title, "body": body(blocks)}
		if path != "" {
			in["path"] = path
		}
		x.ids[key] = m.do("screenCreate", in, "screen { id }", "screen.id")[0]
	}
	create("footer", "", x.published, map[string]any{"words": block("text", 1, map[string]any{"text": x.published})})
	create("home", "/", x.published, map[string]any{
		"hero":   block("hero", 1, map[string]any{"title": x.published, "image": map[string]any{"$asset": x.asset, "alt": x.published}}),
		"banner": block("banner", 1, map[string]any{"title": x.published}), "foot": block("include", 1, map[string]any{"screen": "footer"}),
	})
	create("product", "/products/:handle", x.published, map[string]any{"one": block("hero", 1, map[string]any{"title": x.published})})
	create("only-"+x.slug, "/only", x.published, map[string]any{"own": block("only-"+x.slug, 1, map[string]any{})})
	create("broken", "/broken", x.private, map[string]any{"hero": block("hero", 1, map[string]any{"title": 5})})
	create("gone", "/gone", x.published, map[string]any{})
}

// published are the keys of the screens that releases take.
func (x *tenant) screenKeys() []any {
	return []any{"footer", "home", "product", "only-" + x.slug, "gone"}
}

// title gives the home screen another title, so that there is something to publish.
func (m *matrix) title(x *tenant, title string) {
	m.t.Helper()
	version := m.one("SELECT version FROM screens WHERE id = ?", x.ids["home"])
	m.do("screenUpdate", map[string]any{"id": x.ids["home"], "expectedVersion": json.Number(version), "title": title}, "")
}

// releases makes one of every fate: replaced, withdrawn, staged, live, scheduled.
func (m *matrix) releases(x *tenant) {
	m.t.Helper()
	input := func(environment string) map[string]any {
		return map[string]any{
			"frontend": x.slug, "environment": environment, "title": x.private, "notes": x.private, "screens": x.screenKeys(), "acknowledgeWarnings": true,
		}
	}
	publish := func(name, title, environment string) {
		m.title(x, title)
		kept := m.do("releasePublish", input(environment), "release { id } activation { id }", "release.id", "activation.id")
		x.ids["release "+name], x.ids["activation "+name] = kept[0], kept[1]
	}
	publish("replaced", x.published+" first", "production")
	publish("withdrawn", x.private+" withdrawn", "production")
	m.do("releaseRollBack", map[string]any{"frontend": x.slug, "toRelease": x.ids["release replaced"], "reason": x.private}, "")
	publish("earlier", x.staged+" earlier", "staging")
	publish("staged", x.staged, "staging")
	publish("live", x.published, "production")
	m.report(x)
	schedule := func(name, environment string, in time.Duration) {
		m.title(x, x.private+" "+name)
		more := input(environment)
		more["at"] = time.Now().Add(in).Format(time.RFC3339Nano)
		x.ids["schedule "+name] = m.do("releaseSchedule", more, "schedule { id }", "schedule.id")[0]
	}
	schedule("done", x.trial(), 2500*time.Millisecond)
	schedule("failed", x.trial(), 2600*time.Millisecond) // the one before moves the environment
	schedule("pending", "production", 24*time.Hour)
	schedule("staged", "staging", 24*time.Hour)
	m.title(x, x.private)
	m.do("screenDelete", map[string]any{"id": x.ids["gone"], "expectedVersion": 1}, "")
}

// report counts a visit in production and in staging.
func (m *matrix) report(x *tenant) {
	for environment, release := range map[string]string{"production": "live", "staging": "staged"} {
		number := m.one("SELECT number FROM releases WHERE id = ?", x.ids["release "+release])
		block := map[string]any{"key": "hero", "views": 3, "clicks": 2, "renderErrors": 1}
		m.do("usageReport", map[string]any{
			"frontend": x.slug, "environment": environment, "release": json.Number(number), "build": x.private + " two",
			"screens": []any{map[string]any{"screen": "home", "views": 3, "blocks": []any{block}}},
		}, "accepted")
	}
}

// acting lets a member of each frontend do something there, and nowhere else.
func (m *matrix) acting() {
	for slug, x := range m.tenants {
		name := x.private + " acting"
		m.person(name, []grant{{role: "DESIGNER", tenant: slug}})
		m.story.do(m.t, act{"screenUpdate", name, map[string]any{"id": x.ids["broken"], "expectedVersion": 1, "title": x.private}, "", nil})
	}
}

// one reads a value out of the database.
func (m *matrix) one(query string, args ...any) string {
	m.t.Helper()
	var value string
	if err := m.database().QueryRow(query, args...).Scan(&value); err != nil {
		m.t.Fatalf("%s: %v", query, err)
	}
	return value
}

// database is the server's own file, read from outside.
func (m *matrix) database() *sql.DB {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.db == nil {
		db, err := sql.Open("sqlite3", "file:"+m.path+"?mode=ro&_busy_timeout=5000")
		if err != nil {
			m.t.Fatal(err)
		}
		m.db = db
		m.t.Cleanup(func() { db.Close() })
	}
	return m.db
}

// call makes everybody who asks.
func (m *matrix) call() {
	m.t.Helper()
	m.callers = []*caller{
		{name: nobody},
		{name: adminOfAll, grants: []grant{{role: "ADMIN"}}, header: m.cookie("admin"), member: m.one("SELECT id FROM members WHERE email = 'ada@example.org'")},
	}
	for name, g := range askingKeys() {
		m.callers = append(m.callers, &caller{name: name, grants: []grant{g}, header: m.key(name, g, nil)})
	}
	for name, grants := range askingPeople() {
		m.callers = append(m.callers, m.person(name, grants))
	}
	slices.SortFunc(m.callers, func(a, b *caller) int { return strings.Compare(a.name, b.name) })
	soon := time.Now().Add(500 * time.Millisecond)
	g := grant{scopes: []string{"content:read"}, tenant: "shop"}
	m.ended = []*caller{{name: "an expired key", header: m.key("expired", g, &soon)}, {name: "a revoked key", header: m.key("revoked", g, nil)}}
	m.do("apiKeyRevoke", map[string]any{"id": m.one("SELECT id FROM api_keys WHERE name = 'revoked'")}, "")
}

func (m *matrix) key(name string, g grant, expires *time.Time) []string {
	m.t.Helper()
	in := map[string]any{"name": name, "scopes": g.scopes, "publishable": name == publishable}
	if g.tenant != "" {
		in["frontend"] = g.tenant
	}
	if g.environments != nil {
		in["environments"] = g.environments
	}
	if slices.Contains(g.scopes, "services:write") || slices.Contains(g.scopes, "instances:write") {
		in["services"] = []string{"stock"}
	}
	if expires != nil {
		in["expiresAt"] = expires.Format(time.RFC3339Nano)
	}
	return []string{"Authorization: Bearer " + m.do("apiKeyCreate", in, "secret", "secret")[0]}
}

func (m *matrix) person(name string, grants []grant) *caller {
	m.t.Helper()
	var given []any
	for _, g := range grants {
		one := map[string]any{"role": g.role, "frontend": g.tenant}
		if g.environments != nil {
			one["environments"] = g.environments
		}
		given = append(given, one)
	}
	m.counter++
	email := fmt.Sprintf("member%d@example.org", m.counter)
	kept := m.do("memberInvite", map[string]any{"email": email, "name": name, "grants": given}, "member { id } link", "member.id", "link")
	m.story.visitors[name] = m.visitor()
	m.story.do(m.t, act{"memberLinkAccept", name, map[string]any{"token": kept[1], "password": good}, "", nil})
	return &caller{name: name, grants: grants, header: m.cookie(name), member: kept[0]}
}

// named returns a caller.
func (m *matrix) named(name string) *caller {
	if name == newcomer {
		return &caller{name: name, grants: []grant{{role: "ADMIN", tenant: "shop"}}}
	}
	i := slices.IndexFunc(m.callers, func(c *caller) bool { return c.name == name })
	if i < 0 {
		m.t.Fatalf("there is no caller %q", name)
	}
	return m.callers[i]
}

// settle waits until the schedules have had their time and what was counted is written.
func (m *matrix) settle() {
	m.t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		ended := m.one("SELECT count(*) FROM release_schedules WHERE state IN ('DONE', 'FAILED')")
		counted := m.one("SELECT count(DISTINCT frontend_id || environment) FROM usage_counters WHERE views > 0")
		if ended == "6" && counted == "6" {
			return
		}
		if time.Now().After(end) {
			m.t.Fatalf("%s schedules ended, usage of %s environments was counted", ended, counted)
		}
	}
}
