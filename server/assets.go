package server

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"sonata.ai/sonata/internal/asset"
	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/principal"
)

// Assets is what the surface asks of pictures. Its errors are faults; anything else is a failure of ours.
type Assets interface {
	// Upload takes a picture in for a frontend; created is false when it has the very same already.
	Upload(ctx context.Context, frontend, name string, body io.Reader) (u Uploaded, created bool, err error)
	// Open opens a picture at a width of the ladder, or whole for 0.
	Open(ctx context.Context, hash string, width int) (asset.Content, error)
}

// Uploaded is the answer to an upload.
type Uploaded struct {
	ID          string `json:"id"`
	Hash        string `json:"hash"` // what "$asset" in props holds
	URL         string `json:"url"`
	Width       int    `json:"width"`
	Height      int    `json:"height"`
	Placeholder string `json:"placeholder"`
	Name        string `json:"name"`
	ContentType string `json:"contentType"`
	Size        int    `json:"size"`
}

// upload answers PUT /assets?frontend=<slug or id>&name=<file name>; the body is the picture.
func upload(p Parts) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPut {
			w.Header().Set("Allow", http.MethodPut)
			refuseProblem(w, http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "upload a picture with PUT /assets?frontend=<slug>&name=<file name>, the bytes of the file as body")
			return
		}
		if !principal.From(r.Context()).Has(principal.ContentWrite) {
			drain(r.Body)
		}
		if !mayAnywhere(p, w, r, principal.ContentWrite, "uploading") {
			return
		}
		query := r.URL.Query()
		if query.Get("frontend") == "" {
			refuseProblem(w, http.StatusBadRequest, "BAD_REQUEST", "name the frontend that the picture is for: PUT /assets?frontend=<slug>&name=<file name>")
			return
		}
		if r.ContentLength > asset.MaxBytes {
			drain(r.Body)
			refuseProblem(w, http.StatusRequestEntityTooLarge, "LIMIT", "a picture is at most 10 MB: make it smaller")
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), uploadWithin)
		defer cancel()
		answer, created, err := p.Assets.Upload(ctx, query.Get("frontend"), query.Get("name"), r.Body)
		if err != nil {
			drain(r.Body)
			presentProblem(p.Log, w, r, err)
			return
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Location", answer.URL)
		if created {
			w.WriteHeader(http.StatusCreated)
		}
		json.NewEncoder(w).Encode(answer) //nolint:errcheck // the client is gone: nobody is left to tell
	}
}

// drained is how much of a refused body is still taken: a browser that cannot finish sending shows a broken connection
// in place of the answer.
const drained = 32 << 20

func drain(body io.Reader) {
	io.CopyN(io.Discard, body, drained) //nolint:errcheck // whatever ends it, the answer is the same
}

// uploadWithin is how long an upload may take, waiting and storing included; the server's own deadlines are near.
const uploadWithin = 50 * time.Second

// forever is how long a picture may be kept by whoever has it: another picture has another address.
const forever = "public, max-age=31536000, immutable"

// pictures answers GET /assets/<64 hex digits>?w=<width>. They may be shown by any page of any origin. They were made
// here out of pixels, and still nothing that a browser could find in them may run.
func pictures(p Parts) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		head := w.Header()
		head.Set("X-Content-Type-Options", "nosniff")
		head.Set("Content-Security-Policy", "default-src 'none'; sandbox")
		head.Set("Cross-Origin-Resource-Policy", "cross-origin")
		head.Set("Access-Control-Allow-Origin", "*")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			head.Set("Allow", "GET, HEAD")
			refuseProblem(w, http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "send a GET request")
			return
		}
		hash := "sha256:" + r.PathValue("hash")
		if !canonical.IsHash(hash) {
			refuseProblem(w, http.StatusNotFound, "NOT_FOUND", "the address of a picture is /assets/ and 64 lower-case hex digits")
			return
		}
		width, ok := widthOf(r)
		if !ok {
			refuseProblem(w, http.StatusBadRequest, "BAD_REQUEST", "w is one of the widths "+asset.LadderInWords()+"; without it the picture comes as it is")
			return
		}
		content, err := p.Assets.Open(r.Context(), hash, width)
		if err != nil {
			presentProblem(p.Log, w, r, err)
			return
		}
		defer content.Close()
		head.Set("Content-Type", content.Type)
		head.Set("Cache-Control", forever)
		head.Set("ETag", `"`+strings.TrimPrefix(hash, "sha256:")+"-"+asset.FileName(width)+`"`)
		http.ServeContent(w, r, "", time.Time{}, content)
	}
}

// widthOf reads ?w=; 0 when it is left out.
func widthOf(r *http.Request) (width int, ok bool) {
	query := r.URL.Query()
	if !query.Has("w") {
		return 0, true
	}
	width, err := strconv.Atoi(query.Get("w"))
	return width, err == nil && asset.OnLadder(width) && query.Get("w") == strconv.Itoa(width)
}
