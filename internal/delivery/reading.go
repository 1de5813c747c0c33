package delivery

import (
	"context"
	"sync"
)

// Reading is what an operation read of what is live: enough to find out later, and for another caller, whether the same
// operation would be given the same. What it was given never changes: a release does not.
type Reading struct {
	mu    sync.Mutex
	reads []liveRead
	other bool // something that is not live was read, or could not be
}

type liveRead struct {
	frontend, environment string // as they were asked for
	release               string // id; "" for nothing
	owner, manifest       string // of the build that asked, where it is known; "" for none
}

type readingKey struct{}

// WithReading returns a context that notes what is read in it.
func WithReading(ctx context.Context) (context.Context, *Reading) {
	r := &Reading{}
	return context.WithValue(ctx, readingKey{}, r), r
}

// IsLive reports whether something was read, and nothing but what is live.
func (r *Reading) IsLive() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.reads) > 0 && !r.other
}

// noteReading notes one read of a screen.
func noteReading(ctx context.Context, c Context, f *liveFrontend, src *source, err error) {
	r, ok := ctx.Value(readingKey{}).(*Reading)
	if !ok {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil || !c.IsLive() {
		r.other = true
		return
	}
	read := liveRead{frontend: c.Frontend, environment: c.Environment, owner: f.row.ID}
	if src != nil {
		read.release = src.ref.ID
	}
	if c.Manifest != nil {
		read.manifest = *c.Manifest
	}
	r.reads = append(r.reads, read)
}

// Stands reports whether whoever asks now may read everything that was read, and whether it is still what is live there.
func (d *Delivery) Stands(ctx context.Context, r *Reading) bool {
	ctx = Pin(ctx)
	for _, read := range r.reads {
		_, e, err := d.environment(ctx, read.frontend, read.environment)
		if err != nil {
			return false
		}
		now := ""
		if e.view != nil {
			now = e.view.Row.ID
		}
		if now != read.release {
			return false
		}
	}
	for _, read := range r.reads {
		if read.manifest != "" && read.release != "" {
			d.seen.note(read.owner, read.manifest)
		}
	}
	return true
}
