package web

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// csp begins every content security policy. No script may be inline; styles may, because React and Monaco write them.
// Pictures may come from anywhere over https: screens name them by URL.
const csp = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob: https:; " +
	"connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'self'; "

// page is one page of the site: the file it is and what its address and its policy are.
type page struct {
	file    string // in the file system
	at      string // its address; everything below it is its too
	routes  bool   // whether addresses below it that name no file are the page itself, which has its own routes
	policy  string // what its policy has besides csp
	preview bool   // whether it may frame the frontends' origins
	local   bool   // whether it may show pictures of services on this machine, where those are
}

// pages lists the pages; of two that could answer the longer address wins.
func pages() []page {
	return []page{
		{file: "home/index.html", at: "/", policy: "frame-src 'self'; frame-ancestors 'none'"},
		{file: "welcome/index.html", at: "/welcome", policy: "frame-src 'self'; frame-ancestors 'none'"},
		{file: "studio/index.html", at: "/studio", routes: true, policy: "frame-ancestors 'self'", preview: true},
		{file: "demo/index.html", at: "/demo", routes: true, policy: "frame-src 'self'; frame-ancestors 'self'", local: true},
		{file: "demo/renderer.html", at: "/demo/renderer", policy: "frame-src 'none'; frame-ancestors 'self'", local: true},
		{file: "graphiql/index.html", at: "/graphiql", policy: "frame-src 'self'; font-src 'self' data:; frame-ancestors 'none'"},
	}
}

// folders are served below their own names.
func folders() []string { return []string{"demo", "graphiql", "sdk", "studio", "welcome"} }

// asset is one file as it is served. A file that is stored only compressed keeps its gzip form: it is sent as it is to
// who accepts it and unpacked on the way for who does not.
type asset struct {
	file        string // in the file system, with .gz where it is stored so
	contentType string
	etag        func() string // over the stored bytes, without quotes; "" when they cannot be read. Hashed when it is asked for first: a start touches no page of the files
	size        int64
	gzipped     bool
}

// site answers from a table of exact paths, made once. Names are never joined to a path that came from outside, so there
// is nothing to traverse.
type site struct {
	files        fs.FS
	assets       map[string]asset
	pages        []page
	frameSources func() []string
	local        bool // whether services are on this machine
}

// newSite remembers where each file is served.
func newSite(files fs.FS, frameSources func() []string, local bool) (*site, error) {
	s := &site{files: files, assets: map[string]asset{}, pages: pages(), frameSources: frameSources, local: local}
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		url := urlOf(name)
		if url == "" {
			return nil
		}
		a, err := describe(files, name)
		if err != nil {
			return err
		}
		s.assets[url] = a
		return nil
	})
	return s, err
}

// urlOf maps a file to the path it is served at, or to "" for what is never served: dotfiles, source maps and files
// outside the pages' folders. A page's own file is served at its address, not by name.
func urlOf(name string) string {
	name = strings.TrimSuffix(name, ".gz")
	for _, segment := range strings.Split(name, "/") {
		if strings.HasPrefix(segment, ".") {
			return ""
		}
	}
	if strings.HasSuffix(name, ".map") {
		return ""
	}
	for _, p := range pages() {
		if p.file == name {
			return p.at
		}
	}
	if file, ok := strings.CutPrefix(name, "home/"); ok {
		return "/" + file
	}
	if folder, _, ok := strings.Cut(name, "/"); ok && slices.Contains(folders(), folder) {
		return "/" + name
	}
	return ""
}

func describe(files fs.FS, name string) (asset, error) {
	info, err := fs.Stat(files, name)
	if err != nil {
		return asset{}, err
	}
	plain, gzipped := strings.CutSuffix(name, ".gz")
	return asset{
		file:        name,
		contentType: contentType(plain),
		etag:        sync.OnceValue(func() string { return hashOf(files, name) }),
		size:        info.Size(),
		gzipped:     gzipped,
	}, nil
}

func hashOf(files fs.FS, name string) string {
	f, err := files.Open(name)
	if err != nil {
		return ""
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return ""
	}
	return hex.EncodeToString(sum.Sum(nil))[:32]
}

// contentType is a table of its own: what the operating system thinks of an extension must not decide what a browser
// runs.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".json":
		return "application/json"
	case ".txt":
		return "text/plain; charset=utf-8"
	case ".ttf":
		return "font/ttf"
	case ".woff2":
		return "font/woff2"
	case ".png":
		return "image/png"
	case ".tgz":
		return "application/gzip"
	}
	return "application/octet-stream"
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	// Whoever opens a window of ours could otherwise count its frames, which tells who is signed in.
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Content-Security-Policy", s.policy(r.URL.Path))
	h.Set("Cache-Control", "no-cache")

	a, ok := s.lookup(r)
	if !ok {
		http.Error(w, "404 page not found", http.StatusNotFound)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "405 method not allowed", http.StatusMethodNotAllowed)
		return
	}
	s.send(w, r, a)
}

// pageOf finds the page that a path belongs to, known or not.
func (s *site) pageOf(p string) page {
	var found page
	for _, candidate := range s.pages {
		below := p == candidate.at || strings.HasPrefix(p, strings.TrimSuffix(candidate.at, "/")+"/")
		if below && len(candidate.at) > len(found.at) {
			found = candidate
		}
	}
	return found
}

// policy returns the content security policy for a path.
func (s *site) policy(path string) string {
	p := s.pageOf(path)
	if p.local && s.local {
		return strings.Replace(csp, " https:;", " https: http://127.0.0.1:* http://localhost:*;", 1) + p.policy
	}
	if !p.preview {
		return csp + p.policy
	}
	return csp + "frame-src " + strings.Join(append([]string{"'self'"}, s.frameSources()...), " ") + "; " + p.policy
}

// lookup finds what a request means: a file by its exact name, a page, or the page whose own routes are below it. A
// path with an escaped separator is nobody's.
func (s *site) lookup(r *http.Request) (asset, bool) {
	path := r.URL.Path
	raw := strings.ToLower(r.URL.EscapedPath())
	if strings.Contains(raw, "%2f") || strings.Contains(raw, "%5c") || strings.Contains(raw, "%00") {
		return asset{}, false
	}
	if a, ok := s.assets[path]; ok {
		return a, true
	}
	p := s.pageOf(path)
	if path != p.at+"/" && (!p.routes || !isRoute(strings.TrimPrefix(path, p.at+"/"))) {
		return asset{}, false
	}
	a, ok := s.assets[p.at]
	return a, ok
}

// isRoute tells a route of a page from the name of a file that is not there: a route has no dot and no empty segment,
// except that it may end in a slash.
func isRoute(p string) bool {
	if strings.ContainsAny(p, ".\\") {
		return false
	}
	for _, segment := range strings.Split(strings.TrimSuffix(p, "/"), "/") {
		if segment == "" {
			return false
		}
	}
	return true
}

func (s *site) send(w http.ResponseWriter, r *http.Request, a asset) {
	h := w.Header()
	etag, packed := a.etag(), false
	if a.gzipped {
		h.Add("Vary", "Accept-Encoding")
		packed = acceptsGzip(r.Header.Values("Accept-Encoding"))
		if packed {
			etag += "-gz"
		}
	}
	h.Set("ETag", `"`+etag+`"`)
	h.Set("Content-Type", a.contentType)
	if strings.HasPrefix(r.URL.Path, "/sdk/") {
		h.Set("Access-Control-Allow-Origin", "*") // modules are fetched with CORS, and nothing about these is secret
	}
	if matches(r.Header.Values("If-None-Match"), etag) {
		h.Del("Content-Type")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	f, err := s.files.Open(a.file)
	if err != nil {
		h.Del("ETag")
		http.Error(w, "500 internal server error", http.StatusInternalServerError)
		return
	}
	defer f.Close()
	if packed {
		h.Set("Content-Encoding", "gzip")
	}
	if packed || !a.gzipped {
		h.Set("Content-Length", strconv.FormatInt(a.size, 10))
	}
	if r.Method == http.MethodHead {
		return
	}
	var body io.Reader = f
	if a.gzipped && !packed {
		z, err := gzip.NewReader(f)
		if err != nil {
			h.Del("ETag")
			http.Error(w, "500 internal server error", http.StatusInternalServerError)
			return
		}
		body = z
	}
	// Best effort: a reader that went away is the only way this fails, and nobody is left to tell.
	_, _ = io.Copy(w, body)
}

// acceptsGzip reads Accept-Encoding as RFC 9110 says: gzip or * with a weight above zero, the named one deciding.
func acceptsGzip(values []string) bool {
	any := false
	for _, part := range strings.Split(strings.Join(values, ","), ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		name = strings.ToLower(strings.TrimSpace(name))
		if name != "gzip" && name != "*" {
			continue
		}
		weight := 1.0
		if q, ok := strings.CutPrefix(strings.ToLower(strings.ReplaceAll(params, " ", "")), "q="); ok {
			weight, _ = strconv.ParseFloat(q, 64) // what is not a number counts as zero
		}
		if name == "gzip" {
			return weight > 0
		}
		any = weight > 0
	}
	return any
}

// matches compares weakly, as If-None-Match asks.
func matches(values []string, etag string) bool {
	for _, part := range strings.Split(strings.Join(values, ","), ",") {
		part = strings.TrimSpace(part)
		if part == "*" || strings.TrimPrefix(part, "W/") == `"`+etag+`"` {
			return true
		}
	}
	return false
}
