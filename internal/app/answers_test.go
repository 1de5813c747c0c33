package app_test

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// interleaved is a production server whose answers are compared with those that are worked out each time.
type interleaved struct {
	*safelisted
	random    *rand.Rand
	askers    []asker
	manifests []string // of each frontend's builds, one that nobody registered, and "" for none
	version   map[string]int
	first     map[string]string // id of the first release of each frontend
	screens   map[string]string
	releases  []string // ids of some of each frontend, live, withdrawn and live elsewhere only, and one of none

	anywhere, pinned string // documents that every frontend registered
	between          map[string][]betweenBoth
	shared           int      // answers that something in between gave
	before           answered // the question before
}

// betweenBoth is an answer that a cache in between keeps, with the headers that it is for.
type betweenBoth struct {
	vary []string
	of   http.Header
	body string
}

// answered is one question and whom it comes from.
type answered struct {
	asker
	message message
	way     string
}

func newInterleaved(t *testing.T, seed uint64) *interleaved {
	x := &interleaved{safelisted: newSafelisted(t, "--limit-anonymous", "0", "--limit-key", "0", "--limit-cost-minute", "0"), random: rand.New(rand.NewPCG(seed, 1)), version: map[string]int{}, first: map[string]string{}, screens: map[string]string{}}
	x.anywhere = `query Anywhere($f: ID!, $e: String!, $m: Hash) { screen(at: {key: "home"}, context: {frontend: $f, environment: $e, manifest: $m}) { title release { number } } }`
	x.pinned = `query Pinned($f: ID!, $e: String!, $m: Hash, $r: ID!) { screen(at: {key: "home"}, context: {frontend: $f, environment: $e, manifest: $m, perspective: {release: $r}}) { title release { number } } }`
	x.releases = []string{"rel_none"}
	x.do("safelistSet", message{"frontend": "shop", "mode": "OFF"}, "")
	x.do("frontendCreate", message{"slug": "vault", "name": "vault"}, "")
	x.do("screenCreate", message{"frontend": "vault", "key": "home", "title": secretWord, "path": "/"}, "")
	x.manifests = []string{"", "sha256:" + strings.Repeat("0", 64)}
	for _, slug := range []string{"shop", "blog", "vault"} {
		page := func(version string) []any {
			return []any{message{"key": "page", "version": version, "propsSchema": message{"type": "object"}}}
		}
		for _, build := range []string{"1.0", "1.1"} {
			x.manifests = append(x.manifests, x.do("buildRegister", message{"frontend": slug, "name": "build " + build, "components": page(build)}, "manifest")["manifest"].(string))
		}
		x.screens[slug] = x.screenOf(slug)
		x.version[slug] = 1
		x.publish(slug, "production")
		x.first[slug] = x.publish(slug, "production")
		x.releases = append(x.releases, x.first[slug], x.publish(slug, "staging"))
		x.do("documentsRegister", message{"frontend": slug, "documents": []any{message{"body": x.anywhere}, message{"body": x.pinned}}}, "")
	}
	x.do("environmentUpdate", message{"id": x.environment("vault", "production"), "delivery": "KEY"}, "")
	key := func(in message) string { return x.do("apiKeyCreate", in, "secret")["secret"].(string) }
	x.askers = []asker{
		{},
		{client: "shop"},
		{client: "blog"},
		{key: x.publishable},
		{client: "shop", key: x.publishable},
		{key: x.private},
		{key: x.explorer},
		{key: x.foreignKey},
		{key: key(message{"name": "vault", "frontend": "vault", "scopes": []any{"delivery:read"}})},
		{key: key(message{"name": "staging", "frontend": "shop", "scopes": []any{"delivery:read"}, "environments": []any{"staging"}})},
		{key: key(message{"name": "all", "scopes": []any{"content:read"}})},
	}
	return x
}

func (x *interleaved) screenOf(slug string) string {
	raw := x.admin.send(`query($f: String!) { frontend(slug: $f) { screens(first: 1) { edges { node { id } } } } }`, map[string]any{"f": slug}).body
	_, rest, _ := strings.Cut(raw, `"id":"`)
	id, _, _ := strings.Cut(rest, `"`)
	return id
}

func (x *interleaved) environment(slug, key string) string {
	raw := x.admin.send(`query($f: String!, $e: String!) { frontend(slug: $f) { environment(key: $e) { id } } }`, map[string]any{"f": slug, "e": key}).body
	_, rest, _ := strings.Cut(raw, `"id":"`)
	id, _, _ := strings.Cut(rest, `"`)
	return id
}

// publish gives the screen another title and publishes it.
func (x *interleaved) publish(slug, environment string) string {
	x.do("screenUpdate", message{"id": x.screens[slug], "expectedVersion": x.version[slug], "title": fmt.Sprint("Title ", x.version[slug])}, "")
	x.version[slug]++
	x.between = nil // some seconds later
	done := x.do("releasePublish", message{"frontend": slug, "environment": environment, "title": "Again", "acknowledgeWarnings": true}, "release { id }")
	return done["release"].(map[string]any)["id"].(string)
}

func (x *interleaved) one(from ...string) string { return from[x.random.IntN(len(from))] }

// question asks for what is live, in one of the ways that clients ask; every other one is what somebody asked before.
func (x *interleaved) question() answered {
	if x.random.IntN(3) == 0 {
		return x.visit()
	}
	if x.before.message == nil || x.random.IntN(2) == 0 {
		x.before = x.fresh()
	}
	x.before.asker, x.before.way = x.askers[x.random.IntN(len(x.askers))], x.one("GET", "GET", "POST")
	return x.before
}

// visit is a question as many visitors ask it, and some with other rights, so that something in between keeps the answer.
func (x *interleaved) visit() answered {
	slug := x.one("shop", "blog", "vault")
	m := message{"query": x.anywhere, "variables": message{"f": slug, "e": "production"}}
	switch x.random.IntN(5) {
	case 0, 1:
		m = message{"query": x.pinned, "variables": message{"f": slug, "e": "production", "r": x.first[slug]}}
	case 2:
		m = message{"query": x.open, "variables": message{"frontend": slug}}
	}
	askers := []asker{{}, {client: slug}}
	if x.random.IntN(2) == 0 {
		askers = x.askers
	}
	return answered{askers[x.random.IntN(len(askers))], m, "GET"}
}

func (x *interleaved) fresh() answered {
	variables := message{"f": x.one("shop", "blog", "vault", "nowhere"), "g": x.one("shop", "blog", "vault"), "e": x.one("production", "production", "staging")}
	if manifest := x.one(x.manifests...); manifest != "" {
		variables["m"] = manifest
	}
	const head = "query Q($f: ID!, $g: ID!, $e: String!, $m: Hash) "
	source := x.one(
		head+`{ screen(at: {key: "home"}, context: {frontend: $f, environment: $e, manifest: $m}) { id title contentHash release { number } blocks { key component version props } degradations { wanted served } } other: screen(at: {path: "/"}, context: {frontend: $g}) { title } }`,
		head+`{ screen(at: {path: "/"}, context: {frontend: $f, environment: $e, manifest: $m}) { title release { number } } also: screen(at: {key: "gone"}, context: {frontend: $g, environment: $e}) { key } }`,
		head+`{ __typename screen(at: {key: "home"}, context: {frontend: $f, environment: $e, manifest: $m, perspective: {draft: true}}) { title } b: screen(at: {key: "home"}, context: {frontend: $g}) { title } }`,
		head+`{ screen(at: {key: "home"}, context: {frontend: $f, environment: $e, manifest: $m}) { title } b: screen(at: {key: "home"}, context: {frontend: $g}) { title } viewer { credential } }`,
		x.read, x.open, x.anywhere, x.anywhere, x.pinned, x.pinned,
	)
	if source == x.pinned {
		variables["r"] = x.one(x.releases...)
	}
	m := message{"query": source, "variables": variables}
	if source == x.open {
		m["variables"] = message{"frontend": variables["f"]}
	}
	if source == x.read {
		delete(m, "variables")
	}
	return answered{message: m}
}

// uncached is the same question asked so that its answer is worked out: with its cost, which is taken out again.
func (x *interleaved) uncached(q answered) string {
	m := message{"extensions": message{"cost": true}}
	for name, value := range q.message {
		m[name] = value
	}
	return x.ways()[q.way](q.asker, m)
}

// plain is an answer without what an uncached one has besides.
func plainAnswer(t *testing.T, raw string) string {
	t.Helper()
	var answer map[string]any
	if err := json.Unmarshal([]byte(raw), &answer); err != nil {
		t.Fatalf("%v: %s", err, raw)
	}
	inOrder := func(list any) { // whatever the order in which fields were worked out
		all, _ := list.([]any)
		slices.SortFunc(all, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	}
	inOrder(answer["errors"])
	if extensions, ok := answer["extensions"].(map[string]any); ok {
		inOrder(extensions["warnings"])
		if delete(extensions, "cost"); len(extensions) == 0 {
			delete(answer, "extensions")
		}
	}
	out, err := json.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// cachedBetween asks by GET through a cache that many callers share, which keeps what it is told that it may, as RFC 9111
// says it.
func (x *interleaved) cachedBetween(q answered) string {
	values := url.Values{}
	for name, value := range q.message {
		text, ok := value.(string)
		if !ok {
			raw, err := json.Marshal(value)
			if err != nil {
				x.t.Fatal(err)
			}
			text = string(raw)
		}
		values.Set(name, text)
	}
	of, target := q.headers(), x.url+"/graphql?"+values.Encode()
	for _, kept := range x.between[target] {
		if !slices.ContainsFunc(kept.vary, func(name string) bool { return kept.of.Get(name) != of.Get(name) }) {
			x.shared++
			return kept.body
		}
	}
	r := httptest.NewRequestWithContext(x.t.Context(), http.MethodGet, target, http.NoBody)
	r.RemoteAddr, r.Header = "127.0.0.1:40001", of
	w := httptest.NewRecorder()
	x.handler.ServeHTTP(w, r)
	if control := w.Header().Get("Cache-Control"); strings.HasPrefix(control, "public") {
		if q.key != "" {
			x.t.Errorf("the answer to a key is for all: %+v %v", q.asker, w.Header())
		}
		if x.between == nil {
			x.between = map[string][]betweenBoth{}
		}
		x.between[target] = append(x.between[target], betweenBoth{strings.Split(strings.ReplaceAll(w.Header().Get("Vary"), " ", ""), ","), of, w.Body.String()})
	}
	return w.Body.String()
}

// ask asks in the way of the question.
func (x *interleaved) ask(q answered) string {
	if q.way == "GET" {
		return x.cachedBetween(q)
	}
	return x.ways()[q.way](q.asker, q.message)
}

// disturb changes something that decides what is answered.
func (x *interleaved) disturb() string {
	x.between = nil // some seconds later
	slug := x.one("shop", "blog", "vault")
	switch what := x.one("publish", "publish", "stage", "roll back", "deliver", "safelist", "build"); what {
	case "publish":
		x.publish(slug, "production")
		return what + " " + slug
	case "stage":
		x.publish(slug, "staging")
		return what + " " + slug
	case "roll back":
		x.publish(slug, "production")
		x.do("releaseRollBack", message{"frontend": slug, "toRelease": x.first[slug], "reason": "again"}, "")
		return what + " " + slug
	case "deliver":
		to := x.one("PUBLIC", "KEY")
		x.do("environmentUpdate", message{"id": x.environment(slug, "production"), "delivery": to}, "")
		return what + " " + slug + " " + to
	case "safelist":
		mode := x.one("OFF", "OFF", "LOG", "ENFORCE")
		x.do("safelistSet", message{"frontend": slug, "mode": mode}, "")
		return what + " " + slug + " " + mode
	default:
		x.do("buildRegister", message{"frontend": slug, "name": "build 1.0", "components": []any{message{"key": "page", "version": x.one("1.0", "1.1"), "propsSchema": message{"type": "object"}}}}, "")
		return what + " " + slug
	}
}

// Whoever is given an answer that was kept is given what working it out would give: ANSWERS questions (5,000 by default) of
// callers with different rights, for different frontends, environments, releases and builds, with publishes, withdrawals and
// changes of rights in between, those by GET through a cache that all callers share. ANSWERS_SEED repeats a run.
func TestKeptAnswersAreThoseOfTheCaller(t *testing.T) {
	count, seed := 5000/min(raceFactor, 5), uint64(time.Now().UnixNano())
	for name, into := range map[string]func(int){"ANSWERS": func(n int) { count = n }, "ANSWERS_SEED": func(n int) { seed = uint64(n) }} {
		if text := os.Getenv(name); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil {
				t.Fatal(err)
			}
			into(n)
		}
	}
	x := newInterleaved(t, seed)
	last := ""
	for n := range count {
		if n%40 == 0 {
			last = x.disturb()
		}
		q := x.question()
		got, want := x.ask(q), x.uncached(q)
		if plainAnswer(t, got) != plainAnswer(t, want) {
			t.Fatalf("seed %d, question %d, after %s: %+v by %s %v\nis answered %.600s\nits own is     %.600s", seed, n, last, q.asker, q.way, q.message, got, want)
		}
	}
	response, err := http.Get(x.house.admin + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	figures, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(figures), "\nsonata_graphql_kept_answers_total ")
	line, _, _ := strings.Cut(rest, "\n")
	hits, err := strconv.ParseFloat(line, 64)
	if err != nil || hits < float64(count)/20 {
		t.Errorf("only %s of %d answers had been kept: little was compared", line, count)
	}
	if x.shared < count/1000 {
		t.Errorf("only %d of %d answers came from in between", x.shared, count)
	}
	t.Logf("seed %d: %s of %d answers had been kept, %d more in between", seed, line, count, x.shared)
}
