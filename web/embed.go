//go:build !dev

// Package web holds the pages that the binary serves: home, welcome, the studio, the demo shop and GraphiQL, and the SDK
// for other frontends. Their built form is committed under dist/, so that neither building nor running the binary needs
// Node.
package web

import (
	"embed"
	"io/fs"
	"net/http"
)

// dist is what `npm run build` wrote. The prefix all: keeps the tree exactly as it was built.
//
//go:embed all:dist
var dist embed.FS

// Files returns the built files, rooted at dist/.
func Files() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic("web: " + err.Error()) // only an invalid literal above could cause it
	}
	return sub
}

// Handler serves the pages: / (home), /welcome, /studio/…, /demo/… (the demo shop), /graphiql, and the files beside
// them. Mount it where nothing else matches; it answers 404 for all that is not its own. frameSources is asked with
// each request for the studio: the origins whose pages it may frame as previews. local says that services may be on this
// machine: then the demo shows their pictures, though they have no https.
func Handler(frameSources func() []string, local bool) http.Handler {
	s, err := newSite(Files(), frameSources, local)
	if err != nil {
		panic("web: " + err.Error()) // reading embedded files cannot fail
	}
	return s
}
