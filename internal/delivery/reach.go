package delivery

import (
	"context"
	"slices"
	"sync"
	"time"
)

// reach counts how activations got to open streams, for the people who published.
type reach struct {
	mu    sync.Mutex
	of    map[string]*Reached
	order []string // activation ids, oldest first
}

// Reached is how one activation got to open streams.
type Reached struct {
	Streams   int           // that it was written to
	Frontends int           // connections that those streams belong to
	Last      time.Duration // from commit to the last write

	begun time.Time // when it was applied
	topic string    // of the streams that it is for
}

// maxReach bounds the activations that are remembered.
const maxReach = 256

func newReach() *reach { return &reach{of: map[string]*Reached{}} }

// begin starts to count: an activation that reached nobody shows zero, not nothing.
func (r *reach) begin(activation, topic string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	got := r.get(activation)
	got.begun, got.topic = time.Now(), topic
}

func (r *reach) get(activation string) *Reached {
	if got := r.of[activation]; got != nil {
		return got
	}
	if len(r.order) >= maxReach {
		delete(r.of, r.order[0])
		r.order = r.order[1:]
	}
	got := &Reached{}
	r.of[activation] = got
	r.order = append(r.order, activation)
	return got
}

func (r *reach) note(activation string, c *connection, after time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	got := r.get(activation)
	got.Streams++
	if c.tell(activation) {
		got.Frontends++
	}
	got.Last = max(got.Last, after)
}

// An activation is answered while its streams are still being written to. Who asks how it reached them at once gets
// the answer when all of them have it, or after a moment: a stream whose picture did not change is never written to.
const (
	settleWithin = 150 * time.Millisecond
	settleEvery  = 5 * time.Millisecond
	freshFor     = time.Second
)

// Reached returns how an activation got to open streams; ok is false when this process does not know.
func (d *Delivery) Reached(ctx context.Context, activation string) (got Reached, ok bool) {
	ticker := time.NewTicker(settleEvery)
	defer ticker.Stop()
	for begin := time.Now(); ; {
		got, ok = d.reach.read(activation)
		if !ok || time.Since(got.begun) > freshFor || time.Since(begin) > settleWithin || got.Streams >= d.broker.Count(got.topic) {
			return got, ok
		}
		select {
		case <-ctx.Done():
			return got, ok
		case <-ticker.C:
		}
	}
}

func (r *reach) read(activation string) (Reached, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if got := r.of[activation]; got != nil {
		return *got, true
	}
	return Reached{}, false
}

// written returns what a transport calls once an event is on the wire.
func (d *Delivery) written(c *connection, e *liveEnvironment) func() {
	if e == nil || e.activation == "" || e.committed.IsZero() {
		return func() {}
	}
	return func() { d.reach.note(e.activation, c, time.Since(e.committed)) }
}

type connectionKey struct{}

// WithConnection returns a context for one open connection of a client. A transport makes it once for all the streams
// that the connection carries: to people they are one open frontend.
func WithConnection(ctx context.Context) context.Context {
	return context.WithValue(ctx, connectionKey{}, &connection{})
}

// connectionOf is nil for a stream that is a connection of its own.
func connectionOf(ctx context.Context) *connection {
	c, _ := ctx.Value(connectionKey{}).(*connection)
	return c
}

// connection remembers which activations were written to it last; reach's lock guards it.
type connection struct{ told []string }

// maxTold is how many: more than a connection is told of while its slowest stream is behind.
const maxTold = 16

// tell reports whether this is the first time that the connection is told of the activation. A stream without a
// connection is one of its own.
func (c *connection) tell(activation string) bool {
	if c == nil {
		return true
	}
	if slices.Contains(c.told, activation) {
		return false
	}
	if len(c.told) >= maxTold {
		c.told = slices.Delete(c.told, 0, 1)
	}
	c.told = append(c.told, activation)
	return true
}
