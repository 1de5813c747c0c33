package server

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strings"

	"sonata.ai/sonata/internal/fault"
)

// schemaText answers GET /schema.graphql with the schema as far as the caller's scopes reach. It is what introspection
// shows, as text.
func schemaText(p Parts) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			refuseProblem(w, http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "send a GET request")
			return
		}
		text, err := p.Guard.SDL(r.Context())
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
