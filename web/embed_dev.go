//go:build dev

// Package web, built with the tag dev, serves the same pages from a running Vite server, so that an edit shows at once.
package web

import (
	"io/fs"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"slices"
	"strings"
)

// Files returns the built files on disk: in development the working directory is the repository.
func Files() fs.FS { return os.DirFS("web/dist") }

// Handler proxies the pages to the Vite server named by SONATA_WEB_DEV, http://localhost:5173 when it is not set. There
// is no content security policy here: Vite's own client needs inline scripts.
func Handler(_ func() []string, local bool) http.Handler {
	target := os.Getenv("SONATA_WEB_DEV")
	if target == "" {
		target = "http://localhost:5173"
	}
	u, err := url.Parse(target)
	if err != nil || u.Host == "" {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "SONATA_WEB_DEV is not a URL", http.StatusBadGateway)
		})
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(u)
		r.Out.Host = u.Host
	}}
	built, err := newSite(Files(), func() []string { return nil }, local)
	if err != nil {
		built = &site{} // nothing is built yet
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// A package has to be built before it can be installed; the renderer runs where Vite's modules cannot be fetched.
		if p := r.URL.Path; strings.HasPrefix(p, "/sdk/") || strings.HasPrefix(p, "/demo/renderer") || p == "/demo/demo.css" {
			built.ServeHTTP(w, r)
			return
		}
		folder, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		if slices.Contains([]string{"", "favicon.svg", "demo", "graphiql", "studio", "welcome"}, folder) {
			proxy.ServeHTTP(w, r)
			return
		}
		http.NotFound(w, r)
	})
}
