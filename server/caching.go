package server

import (
	"context"
	"net/http"
	"strings"
	"time"

	"sonata.ai/sonata/internal/document"
	"sonata.ai/sonata/internal/principal"
)

// sharing is for how long whoever may read the same would be given the same answer.
type sharing int

const (
	unshared  sharing = iota // drafts, previews, what is the caller's own, errors, warnings
	whileLive                // until something else is live
	forGood                  // nothing but releases that were named by their ids
)

// What may be kept of an answer by GET, and by whom (docs/guides/caching.md). Whatever anybody keeps of what was live, a
// publish is seen after a few seconds. A pinned release never changes, so whoever was given it may keep it for a year;
// what is shared among visitors asks again as soon as for what is live, since a release can be withdrawn from those who
// have not read it yet.
const (
	keptByNobody   = "private, no-store"
	askedEachTime  = "private, no-cache"
	keptByOne      = "private, max-age=31536000, immutable"
	sharedWhile    = "public, max-age=5, stale-while-revalidate=60, stale-if-error=86400"
	sharedForGood  = "public, max-age=31536000, s-maxage=5, stale-while-revalidate=60, stale-if-error=86400, immutable"
	varyOfReading  = "Origin, Accept, Accept-Encoding, Authorization, Cookie, GraphQL-Client-Name, apollographql-client-name"
	varyOfOneAsked = "Origin, Accept, Accept-Encoding"
)

// sharedAtMost is the age in sharedWhile.
const sharedAtMost = 5 * time.Second

// isPublic reports whether caches that several callers share may keep an answer.
func isPublic(control string) bool { return strings.HasPrefix(control, "public") }

// cacheControl is who may keep an answer. Only that to a visitor who sends nothing that could be somebody's, to a document
// that is registered, is for caches in between: others' answers are theirs, and strangers cannot fill a cache with texts.
func cacheControl(ctx context.Context, r *http.Request, s *sent, shared sharing) string {
	if !s.get || shared == unshared {
		return keptByNobody
	}
	asked := document.From(ctx)
	anonymous := principal.From(ctx).Kind == principal.Anonymous && r.Header["Authorization"] == nil && r.Header["Cookie"] == nil
	everybody := anonymous && asked.Registered()
	forGood := shared == forGood && s.document.isOf(asked.Hash)
	switch {
	case everybody && forGood:
		return sharedForGood
	case everybody:
		return sharedWhile
	case forGood:
		return keptByOne
	}
	return askedEachTime
}

// isOf reports whether the way in which a request names its document can never mean another: its text, or its hash. An id
// of a frontend's own may be given to another text.
func (d *documentRef) isOf(hash string) bool {
	bare := strings.TrimPrefix(hash, "sha256:")
	return !d.named() || d.id == hash || d.id == bare || d.sha256 == bare
}

// vary says what an answer depended on besides its address. Whether a page may read it is said by Origin.
func vary(headers http.Header, get bool) {
	of := varyOfOneAsked
	if get {
		of = varyOfReading
	}
	headers["Vary"] = []string{of}
}
