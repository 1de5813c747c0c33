package delivery

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Reading is what an operation read of releases: enough to find out later, and for another caller, whether the same
// operation would be given the same. What it was given never changes: a release does not.
type Reading struct {
	mu    sync.Mutex
	reads []releaseRead
	other bool // something else was read, or could not be
	data  bool
	fresh time.Duration // for how long data may be given to everybody
}

type releaseRead struct {
	frontend, environment string // as they were asked for
	release               string // id; "" for nothing
	pinned                bool   // it was asked for by its id; else it is what was live
	owner, manifest       string // of the build that asked, where it is known; "" for none
}

type readingKey struct{}

// WithReading returns a context that notes what is read in it.
func WithReading(ctx context.Context) (context.Context, *Reading) {
	r := &Reading{}
	return context.WithValue(ctx, readingKey{}, r), r
}

// Shares reports whether something was read, and nothing but releases, so that whoever may read the same is given the
// same; pinned is true when all of them were named by their ids, so that this is so for as long as they may be read.
func (r *Reading) Shares() (shares, pinned bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.reads) == 0 || r.other || r.data {
		return false, false
	}
	return true, !slices.ContainsFunc(r.reads, func(x releaseRead) bool { return !x.pinned })
}

// Fresh is for how long an answer that shows data may be given to whoever may read the same; ok is false for one that shows
// none, or somebody's own.
func (r *Reading) Fresh() (fresh time.Duration, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.fresh, r.data && !r.other && r.fresh > 0
}

// noteData notes that data was filled in.
func noteData(ctx context.Context, data Data) {
	r, ok := ctx.Value(readingKey{}).(*Reading)
	if !ok || !data.Bound {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.data || data.Public < r.fresh {
		r.fresh = data.Public
	}
	r.data = true
}

// noteReading notes one read of a screen.
func noteReading(ctx context.Context, c Context, f *liveFrontend, src *source, err error) {
	r, ok := ctx.Value(readingKey{}).(*Reading)
	if !ok {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	pinned := c.Release != nil
	if err != nil || c.Draft || c.PreviewToken != nil || pinned && src == nil { // a release that is not there now may be there later
		r.other = true
		return
	}
	read := releaseRead{frontend: c.Frontend, environment: c.Environment, pinned: pinned, owner: f.row.ID}
	if src != nil {
		read.release = src.ref.ID
	}
	if c.Manifest != nil {
		read.manifest = *c.Manifest
	}
	r.reads = append(r.reads, read)
}

// Stands reports whether whoever asks now may read everything that was read, and whether what was live still is.
func (d *Delivery) Stands(ctx context.Context, r *Reading) bool {
	if len(r.reads) > 1 {
		ctx = Pin(ctx)
	}
	for _, read := range r.reads {
		f, e, err := d.environment(ctx, read.frontend, read.environment)
		if err != nil {
			return false
		}
		if read.pinned {
			if may, err := d.mayPin(ctx, f, read.release); err != nil || !may || f.row.ID != read.owner {
				return false
			}
			continue
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
