package delivery

import (
	"context"

	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/frontend"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/release"
)

// find returns a frontend by slug or id, whoever asks; nil when there is none.
func (x *index) find(ref string) *liveFrontend {
	if f := x.bySlug[ref]; f != nil {
		return f
	}
	return x.byID[ref]
}

// environment returns an environment whose delivery the caller may read. Faults: NotFound, in the same words for what is
// missing and for what the caller may not read; Forbidden for an operation that the frontend did not register, where that
// is needed.
func (d *Delivery) environment(ctx context.Context, ref, key string) (*liveFrontend, *liveEnvironment, error) {
	return d.environmentIn(ctx, d.at(ctx), ref, key)
}

func (d *Delivery) environmentIn(ctx context.Context, live *index, ref, key string) (*liveFrontend, *liveEnvironment, error) {
	f := live.find(ref)
	if f == nil {
		return nil, nil, noFrontend()
	}
	if e := f.environments[key]; e.isReadable(ctx) {
		return f, e, d.documents.Reads(ctx, f.row.ID)
	}
	if !f.isVisible(ctx) {
		return nil, nil, noFrontend()
	}
	return nil, nil, noEnvironment()
}

func noFrontend() error { return fault.NotFoundf("there is no such frontend").At("frontend") }

func noEnvironment() error {
	return fault.NotFoundf("the frontend has no such environment").At("environment")
}

// isReadable reports whether the caller may read what is live in the environment. One that is not there nobody may read.
func (e *liveEnvironment) isReadable(ctx context.Context) bool {
	return e != nil && frontend.Reaches(ctx, e.row, principal.DeliveryRead)
}

// isVisible reports whether the caller may know that the frontend is there.
func (f *liveFrontend) isVisible(ctx context.Context) bool {
	for _, e := range f.environments {
		if e.isReadable(ctx) {
			return true
		}
	}
	return f.shows(ctx, principal.DeliveryRead)
}

// shows reports whether the caller holds a scope in the frontend.
func (f *liveFrontend) shows(ctx context.Context, scope string) bool {
	return principal.Can(ctx, scope, principal.Place{Frontend: f.row.ID})
}

// mayPin reports whether the caller may read a release of the frontend by its id: with content:read, or where it is or was live in an
// environment that the caller may read and was not withdrawn.
func (d *Delivery) mayPin(ctx context.Context, f *liveFrontend, id string) (bool, error) {
	if f.shows(ctx, principal.ContentRead) {
		return true, nil
	}
	for _, e := range f.environments {
		if !e.isReadable(ctx) {
			continue
		}
		if e.view != nil && e.view.Row.ID == id {
			return true, nil
		}
		stands, err := d.history.stands(ctx, d.store.Reader(ctx), e.row, id)
		if err != nil || stands {
			return stands, err
		}
	}
	return false, nil
}

// pinned returns the release with this id if it is one of the frontend and the caller may read it, or nil.
func (d *Delivery) pinned(ctx context.Context, f *liveFrontend, id string) (*release.View, error) {
	view, err := d.releases.View(ctx, id)
	if fault.KindOf(err) == fault.NotFound || err == nil && view.Row.FrontendID != f.row.ID {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if may, err := d.mayPin(ctx, f, id); err != nil || !may {
		return nil, err
	}
	return view, nil
}

// closed is why a stream ends: what it was about is there, and the reader may not see it any more.
func closed() error {
	return fault.Forbiddenf("what this stream is about may not be read any more without the scope %s or %s: sign in or send an API key that holds it",
		principal.DeliveryRead, principal.ContentRead)
}
