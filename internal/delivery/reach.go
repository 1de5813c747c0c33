package delivery

import (
	"context"
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
	Streams int           // that it was written to
	Last    time.Duration // from commit to the last write

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

func (r *reach) note(activation string, after time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	got := r.get(activation)
	got.Streams++
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
func (d *Delivery) written(e *liveEnvironment) func() {
	if e == nil || e.activation == "" || e.committed.IsZero() {
		return func() {}
	}
	return func() { d.reach.note(e.activation, time.Since(e.committed)) }
}
