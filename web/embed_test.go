//go:build !dev

package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

const script = "console.log('a script that is stored compressed')"

func zipped(t *testing.T, s string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, s); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func testSite(t *testing.T) http.Handler {
	t.Helper()
	return siteWhere(t, false)
}

// siteWhere services are on this machine, or not.
func siteWhere(t *testing.T, local bool) http.Handler {
	t.Helper()
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	s, err := newSite(fstest.MapFS{
		"home/index.html":      file("the home page"),
		"home/favicon.svg":     file("<svg/>"),
		"demo/index.html":      file("the demo"),
		"demo/demo.js.gz":      {Data: zipped(t, script)},
		"demo/demo.js.map":     file("{}"),
		"demo/.secret":         file("no"),
		"demo/.hidden/a.js":    file("no"),
		"demo/art/room.svg":    file("<svg/>"),
		"graphiql/index.html":  file("graphiql"),
		"graphiql/index.css":   file("body{}"),
		"elsewhere/index.html": file("no"),
		"studio/index.html":    file("the studio"),
		"demo/renderer.html":   file("the renderer"),
		"sdk/sonata-sdk.tgz":   file("a package"),
		"sdk/sonata.js.gz":     {Data: zipped(t, script)},
	}, func() []string { return []string{"https://shop.example"} }, local)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func request(h http.Handler, method, target string, header ...string) *http.Response {
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestPathsAndTypes(t *testing.T) {
	h := testSite(t)
	for _, c := range []struct{ path, want, contentType string }{
		{"/", "the home page", "text/html; charset=utf-8"},
		{"/favicon.svg", "<svg/>", "image/svg+xml"},
		{"/demo", "the demo", "text/html; charset=utf-8"},
		{"/demo/", "the demo", "text/html; charset=utf-8"},
		{"/demo/?build=1.0", "the demo", "text/html; charset=utf-8"},
		{"/demo/products/lamp", "the demo", "text/html; charset=utf-8"},
		{"/demo/products/", "the demo", "text/html; charset=utf-8"},
		{"/demo/products/l%C3%A4mp", "the demo", "text/html; charset=utf-8"},
		{"/demo/demo.js", script, "text/javascript; charset=utf-8"},
		{"/demo/art/room.svg", "<svg/>", "image/svg+xml"},
		{"/graphiql", "graphiql", "text/html; charset=utf-8"},
		{"/graphiql/", "graphiql", "text/html; charset=utf-8"},
		{"/graphiql/index.css", "body{}", "text/css; charset=utf-8"},
		{"/studio", "the studio", "text/html; charset=utf-8"},
		{"/studio/shop/screens/home", "the studio", "text/html; charset=utf-8"},
		{"/demo/renderer", "the renderer", "text/html; charset=utf-8"},
		{"/sdk/sonata-sdk.tgz", "a package", "application/gzip"},
		{"/sdk/sonata.js", script, "text/javascript; charset=utf-8"},
	} {
		r := request(h, "GET", c.path)
		if got := body(t, r); r.StatusCode != 200 || got != c.want || r.Header.Get("Content-Type") != c.contentType {
			t.Errorf("GET %s: %d %q %q, want 200 %q %q", c.path, r.StatusCode, r.Header.Get("Content-Type"), got, c.contentType, c.want)
		}
	}
}

// Other pages install and import the SDK; nothing else of the site is theirs to read.
func TestOtherOrigins(t *testing.T) {
	h := testSite(t)
	for p, want := range map[string]string{"/sdk/sonata.js": "*", "/sdk/sonata-sdk.tgz": "*", "/demo/demo.js": "", "/": ""} {
		if got := request(h, "GET", p, "Origin", "https://elsewhere.example").Header.Get("Access-Control-Allow-Origin"); got != want {
			t.Errorf("%s: Access-Control-Allow-Origin %q, want %q", p, got, want)
		}
	}
}

func TestNotFound(t *testing.T) {
	h := testSite(t)
	for _, p := range []string{
		"/nothing", "/home/index.html", "/index.html", "/elsewhere/index.html", "/elsewhere/", "/favicon.ico", "/home", "/home/",
		"/demo/missing.js", "/demo/demo.js.gz", "/demo/demo.js.map", "/demo/.secret", "/demo/.hidden/a.js", "/demo/.hidden/", "/.git/config",
		"/demo/..%2fhome/index.html", "/demo/..%2F..%2Fetc/passwd", "/demo/%2e%2e/home/index.html", "/demo/..%5cx", "/demo/a%2fb", "/demo/x%00y",
		"/demo//x", "/demo/art/../../x", "/graphiql/missing", "/graphiql/..%2fdemo", "/demo/index.html", "/graphiql/index.html", "/demox",
		"/studio/index.html", "/studio/missing.js", "/demo/renderer.html", "/demo/renderer/x", "/sdk", "/sdk/", "/sdk/x", "/welcome/x",
	} {
		r := request(h, "GET", p)
		if r.StatusCode != 404 {
			t.Errorf("GET %s: %d %q, want 404", p, r.StatusCode, body(t, r))
		}
		if r.Header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(r.Header.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("GET %s: a refusal without the security headers", p)
		}
	}
}

func TestMethods(t *testing.T) {
	h := testSite(t)
	for _, m := range []string{"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"} {
		r := request(h, m, "/demo/")
		if r.StatusCode != 405 || r.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("%s /demo/: %d Allow %q, want 405 and GET, HEAD", m, r.StatusCode, r.Header.Get("Allow"))
		}
	}
	r := request(h, "HEAD", "/")
	if got := body(t, r); r.StatusCode != 200 || got != "" || r.Header.Get("Content-Length") != "13" {
		t.Errorf("HEAD /: %d, body %q, length %q", r.StatusCode, got, r.Header.Get("Content-Length"))
	}
}

func TestCompressed(t *testing.T) {
	h := testSite(t)
	for accept, packed := range map[string]bool{
		"gzip": true, "br, gzip;q=0.5": true, "*": true, "GZIP": true, "deflate, *;q=0.1": true,
		"": false, "br": false, "gzip;q=0": false, "gzip; q=0.000, *": false, "*;q=0": false, "identity": false, "xgzip": false,
	} {
		r := request(h, "GET", "/demo/demo.js", "Accept-Encoding", accept)
		got := body(t, r)
		if (r.Header.Get("Content-Encoding") == "gzip") != packed || r.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("Accept-Encoding %q: Content-Encoding %q, Vary %q", accept, r.Header.Get("Content-Encoding"), r.Header.Get("Vary"))
		}
		if packed {
			z, err := gzip.NewReader(strings.NewReader(got))
			if err != nil {
				t.Fatalf("Accept-Encoding %q: %v", accept, err)
			}
			plain, err := io.ReadAll(z)
			if err != nil {
				t.Fatal(err)
			}
			got = string(plain)
		}
		if got != script {
			t.Errorf("Accept-Encoding %q: %q", accept, got)
		}
	}
}

func TestConditional(t *testing.T) {
	h := testSite(t)
	plain := request(h, "GET", "/demo/demo.js").Header.Get("ETag")
	packed := request(h, "GET", "/demo/demo.js", "Accept-Encoding", "gzip").Header.Get("ETag")
	if plain == "" || packed == "" || plain == packed {
		t.Fatalf("entity tags %q and %q: want two that differ", plain, packed)
	}
	for _, c := range []struct {
		tag, accept string
		want        int
	}{
		{plain, "", 304},
		{packed, "gzip", 304},
		{plain, "gzip", 200},
		{packed, "", 200},
		{"W/" + plain, "", 304},
		{`"other", ` + plain, "", 304},
		{"*", "", 304},
		{`"other"`, "", 200},
	} {
		r := request(h, "GET", "/demo/demo.js", "If-None-Match", c.tag, "Accept-Encoding", c.accept)
		if r.StatusCode != c.want || r.Header.Get("ETag") == "" || r.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("If-None-Match %s, Accept-Encoding %q: %d, want %d", c.tag, c.accept, r.StatusCode, c.want)
		}
		if got := body(t, r); c.want == 304 && got != "" {
			t.Errorf("a 304 with a body: %q", got)
		}
	}
}

func TestPolicies(t *testing.T) {
	h := testSite(t)
	for p, want := range map[string]string{
		"/": "frame-ancestors 'none'", "/graphiql": "frame-ancestors 'none'", "/graphiql/index.css": "font-src 'self' data:",
		"/demo/": "frame-ancestors 'self'", "/demo/products/lamp": "frame-ancestors 'self'", "/demo/renderer": "frame-src 'none'; frame-ancestors 'self'",
		"/studio": "frame-src 'self' https://shop.example; frame-ancestors 'self'", "/studio/shop/screens/home": "frame-src 'self' https://shop.example;",
	} {
		r := request(h, "GET", p)
		csp := r.Header.Get("Content-Security-Policy")
		if !strings.Contains(csp, want) || !strings.Contains(csp, "script-src 'self';") || strings.Contains(csp, "unsafe-eval") {
			t.Errorf("%s: policy %q, want %s", p, csp, want)
		}
		if r.Header.Get("Referrer-Policy") != "same-origin" || r.Header.Get("Cross-Origin-Opener-Policy") != "same-origin" || r.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: security headers missing: %v", p, r.Header)
		}
	}
}

// Where services are on this machine, the demo shows their pictures; nothing else does, and elsewhere it does not either.
func TestPicturesOfServicesOnThisMachine(t *testing.T) {
	for _, local := range []bool{false, true} {
		h := siteWhere(t, local)
		for p, may := range map[string]bool{"/demo/": local, "/demo/products/lamp": local, "/demo/renderer": local, "/": false, "/studio": false, "/graphiql": false, "/welcome": false} {
			policy := request(h, "GET", p).Header.Get("Content-Security-Policy")
			want := "img-src 'self' data: blob: https:; "
			if may {
				want = "img-src 'self' data: blob: https: http://127.0.0.1:* http://localhost:*; "
			}
			if !strings.Contains(policy, want) {
				t.Errorf("%s, services on this machine %t: policy %q, want %s", p, local, policy, want)
			}
		}
	}
}

// What is committed must be servable as it is: each page there, each script and style it names there, nothing from
// another host, no inline script.
func TestCommittedPages(t *testing.T) {
	h := Handler(func() []string { return nil }, false)
	for _, p := range []string{"/", "/demo/", "/demo/products/lamp", "/graphiql", "/favicon.svg"} {
		r := request(h, "GET", p)
		html := body(t, r)
		if r.StatusCode != 200 {
			t.Fatalf("GET %s: %d", p, r.StatusCode)
		}
		for _, ref := range references(html) {
			if strings.HasPrefix(ref, "/favicon") || strings.HasPrefix(ref, "/demo/") || strings.HasPrefix(ref, "/graphiql/") {
				target, _, _ := strings.Cut(ref, "?")
				if got := request(h, "GET", target); got.StatusCode != 200 {
					t.Errorf("%s names %s: %d", p, ref, got.StatusCode)
				}
			}
			if strings.Contains(ref, "//") && !strings.HasPrefix(ref, "http://www.w3.org/") {
				t.Errorf("%s reaches outside: %s", p, ref)
			}
		}
		for _, tag := range strings.Split(html, "<script")[1:] {
			attributes, rest, _ := strings.Cut(tag, ">")
			inline, _, _ := strings.Cut(rest, "</script")
			if !strings.Contains(attributes, "src=") || strings.TrimSpace(inline) != "" {
				t.Errorf("%s holds an inline script", p)
			}
		}
	}
}

func TestCommittedFilesHaveNoMapsAndUnpack(t *testing.T) {
	err := fs.WalkDir(Files(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if strings.HasSuffix(name, ".map") {
			t.Errorf("%s: source maps are not committed", name)
		}
		if !strings.HasSuffix(name, ".gz") {
			return nil
		}
		f, err := Files().Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		z, err := gzip.NewReader(f)
		if err != nil {
			return err
		}
		if !z.ModTime.IsZero() || z.Name != "" {
			t.Errorf("%s: the gzip header holds a time or a name, so a second build would differ", name)
		}
		_, err = io.Copy(io.Discard, z)
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// references lists the values of src and href attributes.
func references(html string) []string {
	var refs []string
	for _, attribute := range []string{` src="`, ` href="`} {
		for _, part := range strings.Split(html, attribute)[1:] {
			value, _, _ := strings.Cut(part, `"`)
			refs = append(refs, value)
		}
	}
	return refs
}
