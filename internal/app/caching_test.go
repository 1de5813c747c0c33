package app_test

import (
	"compress/gzip"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"sonata.ai/sonata/internal/document"
)

// What caches are told, in the words of docs/guides/caching.md.
const (
	forNobody   = "private, no-store"
	askAgain    = "private, no-cache"
	forOne      = "private, max-age=31536000, immutable"
	forAll      = "public, max-age=5, stale-while-revalidate=60, stale-if-error=86400"
	forAllAYear = "public, max-age=31536000, s-maxage=5, stale-while-revalidate=60, stale-if-error=86400, immutable"
	depends     = "Origin, Accept, Accept-Encoding, Authorization, Cookie, GraphQL-Client-Name, apollographql-client-name"
)

// cached is a production server with what caches in front of it should and should not keep.
type cached struct {
	*safelisted
	release              string // of blog, live
	pinned, big, own, at string // documents of blog
}

func newCached(t *testing.T) *cached {
	c := &cached{
		safelisted: newSafelisted(t),
		pinned:     `query Pinned($release: ID!) { screen(at: {key: "home"}, context: {frontend: "blog", perspective: {release: $release}}) { title } }`,
		big:        `query Big { screen(at: {key: "big"}, context: {frontend: "blog"}) { blocks { props } } }`,
		own:        `query Own($release: ID!) { screen(at: {key: "home"}, context: {frontend: "blog", perspective: {release: $release}}) { key } }`,
		at:         `query At($frontend: ID!, $environment: String!) { screen(at: {key: "home"}, context: {frontend: $frontend, environment: $environment}) { title } }`,
	}
	c.do("screenCreate", message{"frontend": "blog", "key": "big", "title": "Big", "path": "/big", "body": message{"format": 1, "root": "root", "blocks": message{
		"root": message{"component": "page", "major": 1, "slots": message{}, "props": message{"text": strings.Repeat("The same words again. ", 200)}},
	}}}, "")
	c.release = c.do("releasePublish", message{"frontend": "blog", "title": "Second"}, "release { id }")["release"].(map[string]any)["id"].(string)
	c.do("documentsRegister", message{"frontend": "blog", "documents": []any{
		message{"body": c.pinned}, message{"body": c.big}, message{"body": c.at},
	}}, "")
	c.do("documentsRegister", message{"frontend": "blog", "manifest": message{"own-id": c.own}}, "")
	return c
}

// get asks by GET; headers are pairs.
func (c *cached) get(path string, query message, headers ...string) *http.Response {
	c.t.Helper()
	values := url.Values{}
	for name, value := range query {
		values.Set(name, value.(string))
	}
	r := httptest.NewRequestWithContext(c.t.Context(), http.MethodGet, c.url+path+"?"+values.Encode(), http.NoBody)
	r.RemoteAddr = "127.0.0.1:40001"
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, r)
	return w.Result()
}

func read(t *testing.T, r *http.Response) string {
	t.Helper()
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// Who may keep which answer, for how long, and on what it depended: worked out, given from what is kept, and not modified.
func TestWhatCachesAreTold(t *testing.T) {
	c := newCached(t)
	bearer := func(key string) []string { return []string{"Authorization", "Bearer " + key} }
	live, pinned := message{"documentId": document.HashOf(c.read)}, message{"documentId": document.HashOf(c.pinned), "variables": `{"release":"` + c.release + `"}`}
	in := func(frontend, environment string) message {
		return message{"query": c.at, "variables": `{"frontend":"` + frontend + `","environment":"` + environment + `"}`}
	}
	with := func(m message, name, value string) message {
		m = maps.Clone(m)
		m[name] = value
		return m
	}
	free := message{"query": `{ screen(at: {key: "home"}, context: {frontend: "blog"}) { key title } }`}
	asBlog := []string{"GraphQL-Client-Name", "blog"}
	c.do("environmentUpdate", message{"id": c.idOf("blog", "staging"), "delivery": "KEY"}, "")
	for name, x := range map[string]struct {
		path    string
		query   message
		headers []string
		control string
		changes bool // with each request
	}{
		"a visitor, a registered document by its hash":           {query: live, control: forAll},
		"a visitor, a registered document in the path":           {path: "/" + document.HashOf(c.read), control: forAll},
		"a visitor, a registered document by its text":           {query: message{"query": c.read}, control: forAll},
		"a visitor of a page that the frontend lists":            {query: live, headers: []string{"Origin", c.url}, control: forAll},
		"a visitor, a release by its id":                         {query: pinned, control: forAllAYear},
		"a visitor, a release by its id, an id that may change":  {query: with(pinned, "documentId", "own-id"), control: forAll},
		"a visitor, a release that is none":                      {query: with(pinned, "variables", `{"release":"rel_none"}`), control: forNobody},
		"a visitor, a document that nobody registered":           {query: free, headers: asBlog, control: askAgain},
		"a visitor with a cookie":                                {query: live, headers: []string{"Cookie", "seen=1"}, control: askAgain},
		"a visitor with a session that has ended":                {query: live, headers: []string{"Cookie", "__Host-sonata=ended", "Sec-Fetch-Site", "same-origin"}, control: askAgain},
		"a visitor, figures of the answer":                       {query: with(live, "extensions", `{"cost":true}`), control: forNobody, changes: true},
		"a visitor, a build that nobody registered":              {query: with(free, "query", `{ screen(at: {key: "home"}, context: {frontend: "blog", manifest: "sha256:`+strings.Repeat("0", 64)+`"}) { title } }`), headers: asBlog, control: forNobody},
		"a visitor, drafts":                                      {query: with(free, "query", `{ screen(at: {key: "home"}, context: {frontend: "blog", perspective: {draft: true}}) { title } }`), headers: asBlog, control: forNobody},
		"a visitor, an environment for keys":                     {query: in("blog", "staging"), headers: asBlog, control: forNobody},
		"a visitor, nothing of a frontend":                       {query: message{"query": `{ viewer { credential } }`}, headers: asBlog, control: forNobody},
		"a visitor, a document that may not run":                 {query: message{"query": `{ screen(at: {key: "home"}, context: {frontend: "shop"}) { key } }`}, control: forNobody},
		"a visitor, an id of nothing":                            {path: "/style.css", control: forNobody},
		"a publishable key":                                      {query: live, headers: bearer(c.publishable), control: askAgain},
		"a private key":                                          {query: live, headers: bearer(c.private), control: askAgain},
		"a private key in an environment for keys":               {query: in("blog", "staging"), headers: bearer(c.foreignKey), control: askAgain},
		"a private key, a release by its id":                     {query: pinned, headers: bearer(c.foreignKey), control: forOne},
		"a private key, a release by its id, a text":             {query: message{"query": c.pinned, "variables": pinned["variables"]}, headers: bearer(c.foreignKey), control: forOne},
		"a private key, drafts":                                  {query: message{"query": `{ screen(at: {key: "home"}, context: {frontend: "blog", perspective: {draft: true}}) { title } }`}, headers: bearer(c.foreignKey), control: forNobody},
		"somebody signed in":                                     {query: live, headers: []string{"Cookie", "__Host-sonata=" + c.admin.cookie.Value, "Sec-Fetch-Site", "same-origin"}, control: askAgain},
		"somebody signed in, an environment for keys":            {query: in("blog", "staging"), headers: []string{"Cookie", "__Host-sonata=" + c.admin.cookie.Value, "Sec-Fetch-Site", "same-origin"}, control: askAgain},
		"somebody signed in, an own release by its id, own text": {query: message{"query": c.pinned, "variables": pinned["variables"]}, headers: []string{"Cookie", "__Host-sonata=" + c.admin.cookie.Value, "Sec-Fetch-Site", "same-origin"}, control: forOne},
	} {
		t.Run(name, func(t *testing.T) {
			for _, time := range []string{"first", "second"} {
				got := c.get("/graphql"+x.path, x.query, x.headers...)
				body, tag := read(t, got), got.Header.Get("ETag")
				if control := got.Header.Get("Cache-Control"); control != x.control && (control != "no-store" || x.control != forNobody) {
					t.Errorf("%s: %q, want %q: %.200s", time, control, x.control, body)
				}
				if vary := strings.Join(got.Header.Values("Vary"), ", "); vary != depends {
					t.Errorf("%s: it depends on %q", time, vary)
				}
				if strings.HasPrefix(x.control, "public") && (got.Header.Get("RateLimit") != "" || got.Header.Get("Set-Cookie") != "") {
					t.Errorf("%s: what is for all is also for one: %v", time, got.Header)
				}
				if (tag == "") != strings.Contains(body, `"errors"`) {
					t.Errorf("%s: the tag of %.200s is %q", time, body, tag)
				}
				if tag == "" || x.changes {
					continue
				}
				again := c.get("/graphql"+x.path, x.query, append([]string{"If-None-Match", tag}, x.headers...)...)
				if body := read(t, again); again.StatusCode != http.StatusNotModified || body != "" || again.Header.Get("ETag") != tag || again.Header.Get("Cache-Control") != x.control || again.Header.Get("Vary") != depends {
					t.Errorf("%s, not modified: %d %v %.200s", time, again.StatusCode, again.Header, body)
				}
			}
		})
	}
}

// idOf is the id of an environment, which is made where it is not there.
func (c *cached) idOf(slug, key string) string {
	c.t.Helper()
	raw := c.admin.send(`query($f: String!, $e: String!) { frontend(slug: $f) { environment(key: $e) { id } } }`, map[string]any{"f": slug, "e": key}).body
	_, rest, _ := strings.Cut(raw, `"id":"`)
	id, _, ok := strings.Cut(rest, `"`)
	if !ok {
		c.t.Fatalf("%s of %s: %s", key, slug, raw)
	}
	return id
}

// Whoever may not read any more what they have a tag of is not told that it is the same.
func TestATagGivesNoRight(t *testing.T) {
	c := newCached(t)
	live, pinned := message{"documentId": document.HashOf(c.at), "variables": `{"frontend":"blog","environment":"production"}`}, message{"documentId": document.HashOf(c.pinned), "variables": `{"release":"` + c.release + `"}`}
	tags := map[string]string{}
	for what, query := range map[string]message{"live": live, "pinned": pinned} {
		for range 2 {
			tags[what] = c.get("/graphql", query).Header.Get("ETag")
		}
	}
	refused := func(what string, query message) {
		t.Helper()
		got := c.get("/graphql", query, "If-None-Match", tags[what])
		if body := read(t, got); got.StatusCode == http.StatusNotModified || strings.Contains(body, "fruit") || got.Header.Get("Cache-Control") != forNobody {
			t.Errorf("%s: %d %v %s", what, got.StatusCode, got.Header, body)
		}
	}
	c.do("documentsRegister", message{"frontend": "blog", "documents": []any{message{"body": c.at + " "}}}, "") // another document changes nothing
	if got := c.get("/graphql", live, "If-None-Match", tags["live"]); got.StatusCode != http.StatusNotModified {
		t.Errorf("nothing happened: %d", got.StatusCode)
	}
	c.do("environmentUpdate", message{"id": c.idOf("blog", "production"), "delivery": "KEY"}, "")
	refused("live", live)
	refused("pinned", pinned)
}

// What is asked for again and again is sent compressed to whoever takes that, with a tag of its own.
func TestKeptAnswersAreSentCompressed(t *testing.T) {
	c := newCached(t)
	big := message{"documentId": document.HashOf(c.big)}
	plain := c.get("/graphql", big)
	whole, tag := read(t, plain), plain.Header.Get("ETag")
	if plain.Header.Get("Content-Encoding") != "" || len(whole) < 4000 {
		t.Fatalf("%v %s", plain.Header, whole)
	}
	var packed *http.Response
	for begin := time.Now(); packed == nil && time.Since(begin) < 30*time.Second; time.Sleep(time.Millisecond) {
		if got := c.get("/graphql", big, "Accept-Encoding", "gzip, deflate, br"); got.Header.Get("Content-Encoding") == "gzip" {
			packed = got
		} else if read(t, got) != whole || got.Header.Get("ETag") != tag {
			t.Fatalf("not compressed yet: %v", got.Header)
		}
	}
	if packed == nil {
		t.Fatal("it is never compressed")
	}
	size, packedTag := packed.ContentLength, packed.Header.Get("ETag")
	z, err := gzip.NewReader(packed.Body)
	if err != nil {
		t.Fatal(err)
	}
	if raw, err := io.ReadAll(z); err != nil || string(raw) != whole || size <= 0 || size > int64(len(whole))/2 || packedTag == tag || packedTag == "" || packed.Header.Get("Vary") != depends {
		t.Errorf("%v: %d bytes, %v", err, size, packed.Header)
	}
	for accept, want := range map[string]bool{
		"gzip": true, "GZIP;q=1.0": true, "br, gzip;q=0.1": true, "*": true, "gzip;q=0.5, identity;q=0.5": true, "identity;q=0, gzip": true,
		"": false, "br": false, "identity": false, "gzip;q=0": false, "gzip;q=0, *": false, "*;q=0": false, "gzip;q=0.4, identity;q=0.5": false, "gzip;q=x": false, "xgzip": false,
	} {
		got := c.get("/graphql", big, "Accept-Encoding", accept)
		if is := got.Header.Get("Content-Encoding") == "gzip"; is != want {
			t.Errorf("Accept-Encoding %q: compressed %t", accept, is)
		}
	}
	for _, x := range []struct {
		tag, accept string
		status      int
	}{{tag, "", 304}, {packedTag, "gzip", 304}, {packedTag, "", 200}, {tag, "gzip", 200}, {tag + ", " + packedTag, "gzip", 304}, {"W/" + packedTag, "gzip", 304}, {"*", "gzip", 304}} {
		got := c.get("/graphql", big, "Accept-Encoding", x.accept, "If-None-Match", x.tag)
		if got.StatusCode != x.status || got.StatusCode == 304 && got.Header.Get("Content-Encoding") != "" {
			t.Errorf("If-None-Match %s, Accept-Encoding %q: %d %v", x.tag, x.accept, got.StatusCode, got.Header)
		}
	}
	small := message{"documentId": document.HashOf(c.read)}
	for range 5 {
		if got := c.get("/graphql", small, "Accept-Encoding", "gzip"); got.Header.Get("Content-Encoding") != "" {
			t.Errorf("less than 1 kB is compressed: %v", got.Header)
		}
	}
}
