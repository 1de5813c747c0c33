package server

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strings"

	"sonata.ai/sonata/internal/fault"
)

// text is something about the contract that the caller may know.
type text func(p Parts, r *http.Request) (string, error)

// explored answers GET with a text about the contract; who may ask is decided as for the graph.
func explored(p Parts, of text) http.Handler {
	var h http.Handler = tagged(p, of)
	h = limited(p, overProblem, h)
	h = authenticated(p, refuseProblem, h)
	h = ownOrigins(p, refuseProblem, h)
	return crossOrigin(p.AllowsOrigin, []string{http.MethodGet, http.MethodHead}, h)
}

// tagged answers with a text and its ETag.
func tagged(p Parts, of text) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			refuseProblem(w, http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "send a GET request")
			return
		}
		text, err := of(p, r)
		if f := fault.As(err); f != nil && f.Kind == fault.Forbidden {
			refuseProblem(w, http.StatusForbidden, "FORBIDDEN", f.Message)
			return
		}
		if err != nil {
			presentProblem(p.Log, w, r, err)
			return
		}
		sum := sha256.Sum256([]byte(text))
		tag := `"` + hex.EncodeToString(sum[:16]) + `"`
		head := w.Header()
		head.Set("ETag", tag)
		head.Set("Cache-Control", "private, no-cache") // others may see less
		head.Add("Vary", "Authorization, Cookie")
		if strings.Contains(r.Header.Get("If-None-Match"), tag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		head.Set("Content-Type", "text/plain; charset=utf-8")
		head.Set("X-Content-Type-Options", "nosniff")
		io.WriteString(w, text) //nolint:errcheck // the client is gone: nobody is left to tell
	}
}

// schemaText is GET /schema.graphql: the schema as far as the caller's scopes reach. It is what introspection shows, as
// text.
func (gs *graphs) schemaText(_ Parts, r *http.Request) (string, error) {
	return gs.now.Load().Guard.SDL(r.Context())
}

// blockTypes is GET /codegen/blocks.d.ts?frontend=<slug or id>[&build=<name>]: the blocks of a frontend for TypeScript. It
// takes what introspection takes, and to read the frontend's content.
func (gs *graphs) blockTypes(p Parts, r *http.Request) (string, error) {
	if _, err := gs.now.Load().Guard.Explore(r.Context()); err != nil {
		return "", err
	}
	query := r.URL.Query()
	if query.Get("frontend") == "" {
		return "", fault.Invalidf("name the frontend whose blocks are wanted: GET /codegen/blocks.d.ts?frontend=<slug>, with &build=<name> for what one build can render")
	}
	return p.BlockTypes(r.Context(), query.Get("frontend"), query.Get("build"))
}
