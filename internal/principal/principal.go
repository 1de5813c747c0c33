// Package principal says who is asking. It travels in the context from the edge to every verb.
package principal

import (
	"context"
	"encoding/json"
	"slices"
	"time"
)

// Kind says what sort of actor a principal is.
type Kind string

// The kinds of actor.
const (
	Member    Kind = "MEMBER"
	APIKey    Kind = "API_KEY"
	Service   Kind = "SERVICE"
	System    Kind = "SYSTEM"
	Anonymous Kind = "ANONYMOUS"
)

// Actor is who did something, as it is kept beside what was done.
type Actor struct {
	ID   string `json:"id"`
	Kind Kind   `json:"kind"`
	Name string `json:"name"`
}

// Nobody is the actor of a request that names none.
func Nobody() Actor { return Actor{ID: "anonymous", Kind: Anonymous, Name: "Anonymous"} }

// Encode returns the form in which an actor is stored.
func (a Actor) Encode() string {
	b, err := json.Marshal(a)
	if err != nil {
		return "{}" // three strings always marshal
	}
	return string(b)
}

// Decode reads what Encode wrote; nil when there is nothing.
func Decode(s string) *Actor {
	var a Actor
	if s == "" || json.Unmarshal([]byte(s), &a) != nil {
		return nil
	}
	return &a
}

// Credential says how a caller showed who it is.
type Credential string

// The kinds of credential.
const (
	NoCredential        Credential = "NONE"
	DeveloperCredential Credential = "DEVELOPER" // being on the machine of a development server
	SessionCredential   Credential = "SESSION"
	KeyCredential       Credential = "API_KEY"
)

// Principal is who is asking, with what it may do. It is never changed once it is in a context.
type Principal struct {
	Actor
	Grants            []Grant
	Credential        Credential
	CredentialID      string    // of the session or the key; "" without one
	Expires           time.Time // of the session or the key; zero for never
	Publishable       bool      // a key that everybody may see
	RequestsPerMinute int       // of a key that has a budget of its own; 0 for the default
	Advice            string    // how somebody who is not known gets in, where that is not by signing in; "" else
}

// Unknown is a caller who is not known. It holds nothing.
func Unknown() Principal { return Principal{Actor: Nobody(), Credential: NoCredential} }

// Sonata is the principal of what Sonata does by itself: the demo seed, schedules, clean-up. It may do everything.
func Sonata() Principal { return Acting(Actor{ID: "system", Kind: System, Name: "Sonata"}) }

// Acting is Sonata at work for an actor that was allowed to ask for it earlier, for instance by a schedule.
func Acting(a Actor) Principal {
	return Principal{Actor: a, Grants: []Grant{{Role: Admin}}, Credential: NoCredential}
}

// LocalDeveloper is whoever is on the machine of a development server. It may do everything.
func LocalDeveloper() Principal {
	return Principal{
		Actor:  Actor{ID: "developer", Kind: Member, Name: "Developer"},
		Grants: []Grant{{Role: Admin}}, Credential: DeveloperCredential,
	}
}

// Has reports whether the principal holds a scope anywhere.
func (p Principal) Has(scope string) bool {
	return slices.ContainsFunc(p.Grants, func(g Grant) bool { return g.gives(scope) })
}

// Can reports whether the principal holds a scope at a place.
func (p Principal) Can(scope string, at Place) bool {
	return slices.ContainsFunc(p.Grants, func(g Grant) bool { return g.reaches(at) && g.gives(scope) })
}

// Frontends returns the ids of the frontends in which the principal holds a scope; all is true when it holds it in every
// one.
func (p Principal) Frontends(scope string) (ids []string, all bool) {
	for _, g := range p.Grants {
		if !g.gives(scope) {
			continue
		}
		if g.Frontend == "" {
			return nil, true
		}
		ids = append(ids, g.Frontend)
	}
	return ids, false
}

// Scopes returns every scope that the principal holds anywhere, sorted.
func (p Principal) Scopes() []string {
	all := []string{}
	for _, g := range p.Grants {
		all = append(all, g.All()...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Covers reports whether the principal holds everything that a grant would give, so that it may give it.
func (p Principal) Covers(grant Grant) bool {
	for _, scope := range grant.All() {
		if !slices.ContainsFunc(p.Grants, func(g Grant) bool { return g.covers(scope, grant) }) {
			return false
		}
	}
	return true
}

// CanAll reports whether the principal holds one scope wherever the grant holds.
func (p Principal) CanAll(scope string, grant Grant) bool {
	return slices.ContainsFunc(p.Grants, func(g Grant) bool { return g.covers(scope, grant) })
}

type (
	principalKey struct{}
	requestKey   struct{}
)

// With returns a context in which p is asking.
func With(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, principalKey{}, &p)
}

// From returns who is asking; a caller who is not known and holds nothing when the context does not say.
func From(ctx context.Context) Principal {
	if p, ok := ctx.Value(principalKey{}).(*Principal); ok {
		return *p
	}
	return Unknown()
}

// Can reports whether who is asking holds a scope at a place.
func Can(ctx context.Context, scope string, at Place) bool { return From(ctx).Can(scope, at) }

// request is what is known of the request that somebody is asking by.
type request struct{ id, source string }

// WithRequest returns a context that carries the id of the request, for logs and the audit trail, and the address that
// it came from.
func WithRequest(ctx context.Context, id, source string) context.Context {
	return context.WithValue(ctx, requestKey{}, &request{id, source})
}

// WithSource is WithRequest for who has no id, or keeps that of the request.
func WithSource(ctx context.Context, address string) context.Context {
	return WithRequest(ctx, RequestID(ctx), address)
}

// RequestID returns the id of the request, or "".
func RequestID(ctx context.Context) string {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		return r.id
	}
	return ""
}

// Source returns the address that the request came from, or "" for what came from within.
func Source(ctx context.Context) string {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		return r.source
	}
	return ""
}
