package server

import (
	"crypto/tls"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
)

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

// came is a request as curl on this machine would send it, changed by the test.
func came(path string, change func(*http.Request)) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:8080"+path, nil)
	r.RemoteAddr = "127.0.0.1:50000"
	if change != nil {
		change(r)
	}
	return r
}

func with(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func to(host string) func(*http.Request) { return func(r *http.Request) { r.Host = host } }

func from(address string) func(*http.Request) {
	return func(r *http.Request) { r.RemoteAddr = address }
}

func TestWhoIsTheDeveloper(t *testing.T) {
	const is, isNot, ends = "is", "is not", "ends"
	for name, c := range map[string]struct {
		change func(*http.Request)
		want   string
	}{
		"curl":    {nil, is},
		"by name": {to("localhost:8080"), is},
		"by IPv6": {func(r *http.Request) { r.Host, r.RemoteAddr = "[::1]:8080", "[::1]:50000" }, is},
		"own page": {func(r *http.Request) {
			with("Origin", "http://127.0.0.1:8080")(r)
			with("Sec-Fetch-Site", "same-origin")(r)
		}, is},
		"typed into the address bar":      {with("Sec-Fetch-Site", "none"), is},
		"a page elsewhere":                {with("Origin", "https://evil.example"), isNot},
		"a page of another port":          {with("Origin", "http://127.0.0.1:5173"), isNot},
		"our page by another scheme":      {with("Origin", "https://127.0.0.1:8080"), isNot},
		"a page without an origin":        {with("Origin", "null"), isNot},
		"sent across sites":               {with("Sec-Fetch-Site", "cross-site"), isNot},
		"sent within a site":              {with("Sec-Fetch-Site", "same-site"), isNot},
		"another machine":                 {from("10.0.0.7:50000"), isNot},
		"no address at all":               {from("@"), isNot},
		"another host":                    {to("sonata.example"), ends},
		"another port":                    {to("localhost:80"), ends},
		"no port":                         {to("localhost"), ends},
		"a name that begins like ours":    {to("localhost.evil.example:8080"), ends},
		"an address that is not loopback": {to("10.0.0.7:8080"), ends},
		"Forwarded":                       {with("Forwarded", "for=192.0.2.7"), ends},
		"X-Forwarded-For":                 {with("X-Forwarded-For", "127.0.0.1"), ends},
		"X-Forwarded-Proto":               {with("X-Forwarded-Proto", "https"), ends},
		"X-Forwarded-Anything":            {with("X-Forwarded-Anything", ""), ends},
		"X-Real-IP":                       {with("X-Real-IP", "127.0.0.1"), ends},
		"Via":                             {with("Via", "1.1 front"), ends},
		"an upgrade to nothing":           {with("Connection", "upgrade"), ends},
		"HTTP/1.0":                        {func(r *http.Request) { r.Proto, r.ProtoMajor, r.ProtoMinor = "HTTP/1.0", 1, 0 }, ends},
		"a browser at another name": {func(r *http.Request) {
			with("Origin", "https://sonata.example")(r)
			with("Sec-Fetch-Site", "same-origin")(r)
		}, ends},
	} {
		d, got := NewDeveloper(quiet(), "8080"), ""
		d.watched(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			got = isNot
			if d.Is(r) {
				got = is
			}
		})).ServeHTTP(httptest.NewRecorder(), came("/graphql", c.change))
		if got == isNot && !d.Is(came("/graphql", nil)) {
			got = ends
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestHealthEndsNothing(t *testing.T) {
	d := NewDeveloper(quiet(), "8080")
	h := d.watched(http.NotFoundHandler())
	for _, path := range []string{"/livez", "/readyz"} {
		h.ServeHTTP(httptest.NewRecorder(), came(path, to("sonata.example")))
		h.ServeHTTP(httptest.NewRecorder(), came(path, with("X-Forwarded-For", "192.0.2.7")))
	}
	if !d.Is(came("/graphql", nil)) {
		t.Error("the developer is signed out")
	}
	d.EndForMember()
	if d.Is(came("/graphql", nil)) {
		t.Error("the developer is signed in beside a member")
	}
}

// What is secure, what is our own origin and what is seen as the client, for one server behind a proxy.
func TestFacing(t *testing.T) {
	public, err := url.Parse("https://sonata.example")
	if err != nil {
		t.Fatal(err)
	}
	f := Facing{Public: public, Proxies: networks(t, "10.0.0.0/8")}
	proxied := func(more ...func(*http.Request)) func(*http.Request) {
		return func(r *http.Request) {
			r.RemoteAddr, r.Host = "10.0.0.1:1", "sonata.example"
			r.Header.Set("X-Forwarded-For", "192.0.2.7")
			for _, change := range more {
				change(r)
			}
		}
	}
	for name, c := range map[string]struct {
		change func(*http.Request)
		origin string
		own    bool
		secure bool
	}{
		"by TLS to the proxy":               {proxied(with("X-Forwarded-Proto", "https")), "https://sonata.example", true, true},
		"by nothing to the proxy":           {proxied(), "https://sonata.example", true, false},
		"the same name by HTTP":             {proxied(), "http://sonata.example", false, false},
		"another host":                      {proxied(to("evil.example")), "https://evil.example", false, false},
		"a name that begins alike":          {proxied(), "https://sonata.example.evil.example", false, false},
		"a name below":                      {proxied(), "https://x.sonata.example", false, false},
		"no proxy of ours says TLS":         {func(r *http.Request) { r.RemoteAddr = "192.0.2.7:1"; r.Header.Set("X-Forwarded-Proto", "https") }, "https://sonata.example", true, false},
		"TLS to us":                         {func(r *http.Request) { r.RemoteAddr = "192.0.2.7:1"; r.TLS = &tls.ConnectionState{} }, "https://sonata.example", true, true},
		"this machine":                      {nil, "http://127.0.0.1:8080", true, true},
		"a proxy on this machine":           {with("Via", "1.1 front"), "http://127.0.0.1:8080", false, false},
		"this machine by our name":          {to("sonata.example"), "https://sonata.example", true, false},
		"a client who claims this machine":  {proxied(with("X-Forwarded-For", "127.0.0.1, 192.0.2.7"), to("127.0.0.1:8080")), "http://127.0.0.1:8080", false, false},
		"a proxy who is told this machine":  {proxied(with("X-Forwarded-For", "127.0.0.1"), to("127.0.0.1:8080")), "http://127.0.0.1:8080", false, false},
		"loopback name from another client": {from("192.0.2.7:1"), "http://127.0.0.1:8080", false, false},
	} {
		var own, safe bool
		r := f.sighted(t.Context(), http.Header{}, came("/graphql", c.change), "id")
		own, safe = f.ownOrigin(c.origin, r), secure(r)
		if own != c.own || safe != c.secure {
			t.Errorf("%s: own %t secure %t, want %t %t", name, own, safe, c.own, c.secure)
		}
	}
}
