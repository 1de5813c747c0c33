package graph

import (
	"context"

	"sonata.ai/sonata/internal/event"
)

// Alert lets a transport be told when a stream has something to say. Without one, asking for a response waits for it, which
// takes a goroutine for each stream. With one, a response that is nil means that there is nothing now while Waits, else that
// the stream is over. One goroutine at a time may ask.
type Alert struct {
	wake    func()
	follows bool
	quick   func() bool // nil for never
	waits   bool
}

type alertKey struct{}

// WithAlert returns a context for one operation. wake is called when it is worth asking again; it must return at once, and
// it may be called once more after the end.
func WithAlert(ctx context.Context, wake func()) (context.Context, *Alert) {
	a := &Alert{wake: wake}
	return context.WithValue(ctx, alertKey{}, a), a
}

func alertOf(ctx context.Context) *Alert {
	a, _ := ctx.Value(alertKey{}).(*Alert)
	return a
}

// Follows reports whether the operation, which was begun, is a stream that wakes. Others answer whoever waits.
func (a *Alert) Follows() bool { return a.follows }

// Waits reports whether the last response was nil because there is nothing to say now.
func (a *Alert) Waits() bool { return a.waits }

// Quick reports whether responses are made of what is in memory, and shared: asking for one takes microseconds.
func (a *Alert) Quick() bool { return a.quick != nil && a.quick() }

// follow connects the alert with a stream that was handed over.
func (a *Alert) follow(h *handover, shares bool) {
	if a == nil {
		return
	}
	if a.follows = true; shares {
		a.quick = h.quick
	}
	h.wakes(a.wake)
}

// nextOf asks a stream for its next event, or waits for it where nobody would be told.
func nextOf[E any](a *Alert, events *event.Stream[E]) (ev E, ok bool) {
	if a == nil {
		return events.Wait()
	}
	ev, state := events.Next()
	a.waits = state == event.Nothing
	return ev, state == event.One || state == event.More
}
