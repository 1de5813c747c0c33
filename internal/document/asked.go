package document

import (
	"context"
	"strings"
	"sync"
)

// Asked is the document of one operation, as it was let through. A transport makes it with the context; Admit fills it.
type Asked struct {
	Hash     string
	Source   string
	Mode     Mode
	Build    string   // name that the client gave itself
	frontend string   // id of the frontend that the request is for; "" for none in particular
	trusted  *Trusted // in that frontend, or in any for a request that is for none; nil for one that is not registered
	builtIn  bool
	runs     bool // it is run for a screen that is bound to it, retired or not

	mu    sync.Mutex
	name  string          // of the operation, once it is known
	noted map[string]bool // frontends that it was counted for as not registered
}

// Registered reports whether the document is a registered one, of the frontend that the request is for or of any, or one
// of Sonata's own.
func (a *Asked) Registered() bool { return a.trusted != nil || a.builtIn }

type askedKey struct{}

// With returns a context of one operation whose document is not known yet.
func With(ctx context.Context) context.Context { return context.WithValue(ctx, askedKey{}, &Asked{}) }

// As returns a context of a trusted document that is run for something else.
func As(ctx context.Context, t *Trusted) context.Context {
	return context.WithValue(ctx, askedKey{}, &Asked{Hash: t.Hash, Source: t.Source, frontend: t.Frontend, trusted: t, name: t.Name, runs: true})
}

// From is the document that an operation was let through with; nil where nothing was asked by one.
func From(ctx context.Context) *Asked {
	a, _ := ctx.Value(askedKey{}).(*Asked)
	return a
}

// maxShownName is how many bytes of an operation's name are kept of one that is not registered.
const maxShownName = 200

// clip cuts a text within a number of bytes.
func clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "")
}
