package server

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
)

// representation is an answer in one coding of its bytes. The values of its headers are written by many answers at once:
// nobody changes them.
type representation struct {
	body   []byte
	coding []string // Content-Encoding; nil for none
	tag    []string // ETag, strong: another one for each coding; nil for an answer with errors
	length []string // Content-Length
}

// represent names bytes by what they say (RFC 9110, section 8.8.3), and by how they are coded.
func represent(body []byte, coding string) representation {
	sum := sha256.Sum256(body)
	x := representation{body: body, length: []string{strconv.Itoa(len(body))}}
	tag := hex.EncodeToString(sum[:16])
	if coding != "" {
		x.coding, tag = []string{coding}, tag+"-"+coding
	}
	x.tag = []string{`"` + tag + `"`}
	return x
}

// minPacked is how large an answer is that is compressed: what fits into one packet arrives no sooner.
const minPacked = 1 << 10

// wantedFirst is how often an answer is asked for before it is compressed: most are asked for once.
const wantedFirst = 2

// want has an answer compressed when it was asked for often enough: beside the requests, none of which waits for that.
//
// What is kept holds nothing but published content, so that its length tells nothing of whoever is signed in. Other answers
// are never compressed: what a page makes a browser send would stand there beside what only its visitor may read, and the
// length would tell, guess by guess, whether they are alike (BREACH).
func (a *answers) want(key answerKey, x *answer) {
	if x.settled.Load() || x.wanted.Add(1) < wantedFirst || !a.compressing.CompareAndSwap(false, true) {
		return
	}
	go func() {
		defer a.compressing.Store(false)
		x.settled.Store(true)
		if packed := compress(x.plain.body); packed != nil {
			both := &answer{plain: x.plain, packed: packed, name: x.name, roots: x.roots, cost: x.cost, reading: x.reading, shared: x.shared}
			a.kept.Replace(key, func(now *answer) bool { return now == x }, both)
		}
	}()
}

// compress returns nil where less than an eighth is saved.
func compress(body []byte) *representation {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, err := z.Write(body)
	if z.Close() != nil || err != nil || out.Len() > len(body)/8*7 {
		return nil
	}
	x := represent(bytes.Clone(out.Bytes()), "gzip")
	return &x
}

// prefersGzip reads Accept-Encoding (RFC 9110, section 12.5.3): whether a client takes gzip, and likes it no less than what
// is not coded. Whoever says nothing takes anything, and is sent what is not coded.
func prefersGzip(values []string) bool {
	packed, any, plain := -1.0, -1.0, -1.0
	for _, value := range values {
		for part := range strings.SplitSeq(value, ",") {
			name, parameter, _ := strings.Cut(part, ";")
			quality := 1.0
			if parameter = strings.TrimSpace(parameter); len(parameter) > 2 && strings.EqualFold(parameter[:2], "q=") {
				quality = qualityOf(strings.TrimSpace(parameter[2:]))
			}
			switch name = strings.TrimSpace(name); {
			case strings.EqualFold(name, "gzip"), strings.EqualFold(name, "x-gzip"):
				packed = max(packed, quality)
			case strings.EqualFold(name, "identity"):
				plain = quality
			case name == "*":
				any = quality
			}
		}
	}
	if packed < 0 {
		packed = any
	}
	return packed > 0 && packed >= plain
}

// holds reports whether If-None-Match names a tag; weak ones count, as for every GET.
func holds(values []string, tag string) bool {
	for _, value := range values {
		for one := range strings.SplitSeq(value, ",") {
			if one = strings.TrimSpace(one); one == "*" || strings.TrimPrefix(one, "W/") == tag {
				return true
			}
		}
	}
	return false
}

// respond writes an answer. One that was read without errors by GET has a tag, by which it need not be sent twice: whoever
// asks may read it, or would not be answered here.
func respond(w http.ResponseWriter, r *http.Request, s *sent, status int, x *representation, control string) {
	mediaType := s.mediaType
	if mediaType == eventStream {
		mediaType = graphQLJSON // of a refusal
	}
	headers := w.Header()
	headers.Set("Cache-Control", control)
	if status == http.StatusMethodNotAllowed {
		headers.Set("Allow", http.MethodPost)
	}
	if isPublic(control) { // what is left of a budget is for whom it is of
		headers.Del("RateLimit")
		headers.Del("RateLimit-Policy")
	}
	if s.get && x.tag != nil {
		headers["Etag"] = x.tag
		if holds(r.Header["If-None-Match"], x.tag[0]) {
			headers.Del("Content-Type")
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	headers.Set("Content-Type", mediaType+"; charset=utf-8")
	if x.coding != nil {
		headers["Content-Encoding"] = x.coding
	}
	headers["Content-Length"] = x.length
	w.WriteHeader(status)
	w.Write(x.body) //nolint:errcheck,gosec // JSON, which nosniff keeps from being a page; the client is gone: nobody is left to tell
}
