package delivery

import (
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
}

// maxReach bounds the activations that are remembered.
const maxReach = 256

func newReach() *reach { return &reach{of: map[string]*Reached{}} }

// begin starts to count: an activation that reached nobody shows zero, not nothing.
func (r *reach) begin(activation string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.get(activation)
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

// Reached returns how an activation got to open streams; ok is false when this process does not know.
func (d *Delivery) Reached(activation string) (got Reached, ok bool) {
	d.reach.mu.Lock()
	defer d.reach.mu.Unlock()
	if r := d.reach.of[activation]; r != nil {
		return *r, true
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
