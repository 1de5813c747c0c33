// Package principal says who is asking. It travels in the context from the edge to every verb.
package principal

import (
	"context"
	"encoding/json"
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

// Sonata is the actor of what Sonata does by itself: the demo seed, schedules, clean-up.
func Sonata() Actor { return Actor{ID: "system", Kind: System, Name: "Sonata"} }

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

type (
	actorKey   struct{}
	requestKey struct{}
)

// With returns a context in which a is asking.
func With(ctx context.Context, a Actor) context.Context { return context.WithValue(ctx, actorKey{}, a) }

// From returns who is asking; Nobody when the context does not say.
func From(ctx context.Context) Actor {
	if a, ok := ctx.Value(actorKey{}).(Actor); ok {
		return a
	}
	return Nobody()
}

// WithRequestID returns a context that carries the id of the request, for logs and the audit trail.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

// RequestID returns the id of the request, or "".
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}
