package graph

import (
	"context"
	"strconv"

	"github.com/99designs/gqlgen/graphql"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/build"
	"sonata.ai/sonata/graph/model"
	"sonata.ai/sonata/internal/component"
	"sonata.ai/sonata/internal/delivery"
	"sonata.ai/sonata/internal/demo"
	"sonata.ai/sonata/internal/event"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/frontend"
	"sonata.ai/sonata/internal/presence"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/release"
	"sonata.ai/sonata/internal/screen"
)

func deliveryIn(in graphql.Omittable[*model.DeliveryAccess]) string {
	if d := in.Value(); d != nil {
		return string(*d)
	}
	return ""
}

func screenPayload(row *ent.Screen, err error) (*model.ScreenPayload, error) {
	failures, err := refused(err)
	return &model.ScreenPayload{Screen: screenOf(row), UserErrors: failures}, err
}

func editPayload(result screen.EditResult, err error) (*model.ScreenEditPayload, error) {
	if err != nil {
		failures, err := refused(err)
		return &model.ScreenEditPayload{Inverse: []model.DraftOp{}, UserErrors: failures}, err
	}
	inverse, err := draftOpsOf(result.Inverse)
	return &model.ScreenEditPayload{
		Screen: screenOf(result.Screen), Inverse: inverse, Rebased: result.Rebased, UserErrors: []model.UserError{},
	}, err
}

func (r *Resolver) releasePayload(ctx context.Context, result release.Result, err error) (*model.ReleasePayload, error) {
	failures, err := refused(err)
	if err != nil {
		return nil, err
	}
	done, err := r.activationInSight(ctx, result.Activation)
	return &model.ReleasePayload{Release: releaseOf(releaseInSight(ctx, result.Release)), Activation: activationOf(done), UserErrors: failures}, err
}

func (r *Resolver) schedulePayload(ctx context.Context, row *ent.ReleaseSchedule, err error) (*model.ReleaseSchedulePayload, error) {
	failures, err := refused(err)
	if err != nil {
		return nil, err
	}
	row, err = r.scheduleInSight(ctx, row)
	return &model.ReleaseSchedulePayload{Schedule: scheduleOf(row), UserErrors: failures}, err
}

func reachedOf(reached delivery.Reached) *model.ActivationDelivery {
	out := &model.ActivationDelivery{Streams: reached.Streams, Frontends: reached.Frontends}
	if reached.Streams > 0 {
		ms := float64(reached.Last.Microseconds()) / 1000
		out.LastMs = &ms
	}
	return out
}

func releaseEventOf(e delivery.ReleaseEvent) (*model.ReleaseEvent, error) {
	return &model.ReleaseEvent{
		Kind: model.ActivationKind(e.Kind), Sequence: e.Sequence, Cursor: e.Cursor, Release: releaseRefOf(e.Release),
		Previous: releaseRefOf(e.Previous), ChangedScreens: e.Changed, RefetchWithinMs: e.RefetchWithinMs,
	}, nil
}

func screenEventOf(e delivery.ScreenEvent) (*model.ScreenEvent, error) {
	return &model.ScreenEvent{Cause: model.ActivationKind(e.Cause), Snapshot: snapshotOf(e.Snapshot)}, nil
}

func draftEventOf(e delivery.DraftEvent) (*model.DraftEvent, error) {
	ops, err := draftOpsOf(e.Ops)
	return &model.DraftEvent{FromVersion: e.FromVersion, Screen: screenOf(e.Screen), Ops: ops, Actor: actorOf(e.Actor)}, err
}

func activityEventOf(e delivery.ActivityEvent) (*model.ActivityEvent, error) {
	return &model.ActivityEvent{At: e.At.UTC(), Kinds: mapAll(e.Kinds, func(k string) model.ActivityKind { return model.ActivityKind(k) })}, nil
}

func presenceEventOf(people []presence.Person) (*model.PresenceEvent, error) {
	return &model.PresenceEvent{People: mapAll(people, personOf)}, nil
}

func personOf(p presence.Person) model.Person {
	return model.Person{ID: p.ID, Name: p.Name, BlockKey: p.BlockKey, You: p.You, Since: p.Since}
}

// afterRelease, afterScreen and afterEdit say what the events of a stream bring besides their data.
func afterRelease(e delivery.ReleaseEvent) sending {
	out := sending{written: e.Written, err: e.Err}
	if e.Err == nil {
		out.place = placeInRelease + e.Cursor
	}
	return out
}

func afterScreen(e delivery.ScreenEvent) sending {
	out := sending{written: e.Written, warnings: e.Warnings, err: e.Err}
	if e.Snapshot != nil {
		out.place = placeInScreen + e.Snapshot.ContentHash
	}
	return out
}

func afterEdit(e delivery.DraftEvent) sending {
	out := sending{written: func() {}, err: e.Err}
	if e.Err == nil {
		out.place = placeInDraft + strconv.Itoa(e.FromVersion+1)
	}
	return out
}

// draftPlace is resumed for versions.
func draftPlace(ctx context.Context, since *int) *int {
	if since != nil {
		return since
	}
	if at := resumed(ctx, placeInDraft, nil); at != nil {
		if version, err := strconv.Atoi(*at); err == nil {
			return &version
		}
	}
	return nil
}

// watchRelease begins where its reader was, or at the beginning for a place that is none any more.
func (r *Resolver) watchRelease(ctx context.Context, ref, environment string, since *string) (*event.Stream[delivery.ReleaseEvent], error) {
	at := resumed(ctx, placeInRelease, since)
	events, err := r.Delivery.WatchRelease(ctx, ref, environment, at)
	if fault.KindOf(err) == fault.Invalid && since == nil && at != nil {
		return r.Delivery.WatchRelease(ctx, ref, environment, nil)
	}
	return events, err
}

// watchDraft is watchRelease for edits.
func (r *Resolver) watchDraft(ctx context.Context, id string, since *int) (*event.Stream[delivery.DraftEvent], error) {
	at := draftPlace(ctx, since)
	events, err := r.Delivery.WatchDraft(ctx, id, at)
	if fault.KindOf(err) == fault.Invalid && since == nil && at != nil {
		return r.Delivery.WatchDraft(ctx, id, nil)
	}
	return events, err
}

func always() bool { return true }

// quickly says whether the next picture of a screen is made of what is in memory: data is waited for.
func (r *Resolver) quickly(at delivery.At, c delivery.Context) func() bool {
	if !c.IsLive() {
		return nil
	}
	return func() bool { return !r.Delivery.Waits(at, c) }
}

// silently is for streams whose events bring nothing but their data.
func silently[E any](E) sending { return sending{written: func() {}} }

// fillBuild reads what a registered build looks like.
func (r *Resolver) fillBuild(ctx context.Context, out *model.BuildRegisterPayload, id string) error {
	row, err := r.Store.Reader(ctx).Build.Query().Where(build.ID(id)).WithManifest().Only(ctx)
	if err != nil {
		return err
	}
	b := buildOf(row)
	if out.Manifest = &b.Manifest; reads(ctx, row.FrontendID) {
		out.Build = &b
	}
	return nil
}

// previewLink is the page that shows a preview: the frontend's own, or the demo for the demo's frontend; nil where
// there is none.
func (r *Resolver) previewLink(ctx context.Context, ref, token string) (*string, error) {
	f, err := frontend.Find(ctx, r.Store.Reader(ctx), ref, principal.ContentRead)
	if err != nil {
		return nil, err
	}
	if f.PreviewURL != nil {
		link, err := release.PreviewLink(*f.PreviewURL, token)
		return &link, err
	}
	if f.Slug != demo.Slug {
		return nil, nil
	}
	link := r.DemoPreviewURL(token)
	return &link, nil
}

func (r *Resolver) parent(ctx context.Context, of *ent.Release) (*ent.Release, error) {
	if of.ParentID == nil {
		return nil, nil
	}
	return r.Store.Reader(ctx).Release.Get(ctx, *of.ParentID)
}

func (r *Resolver) draftBlocks(ctx context.Context, row *ent.Screen) ([]model.DraftBlock, error) {
	d, err := screen.DraftOf(row)
	if err != nil {
		return nil, err
	}
	catalogue, err := r.Components.Catalogue(ctx, row.FrontendID)
	if err != nil {
		return nil, err
	}
	return draftBlocksOf(d.Body, func(component string, major int) []string {
		def, _ := catalogue.Newest(component, major)
		return def.Slots
	})
}

// buildPayload answers a registration, with what broke when it was refused for that.
func (r *Resolver) buildPayload(ctx context.Context, register func() (*ent.Build, error)) (*model.BuildRegisterPayload, error) {
	out := &model.BuildRegisterPayload{BreakingChanges: []string{}, UserErrors: []model.UserError{}}
	row, err := register()
	if err == nil {
		return out, r.fillBuild(ctx, out, row.ID)
	}
	if f := fault.As(err); f != nil {
		if breaking, ok := f.Detail.(component.Breaking); ok {
			out.BreakingChanges = breaking
		}
	}
	out.UserErrors, err = refused(err)
	return out, err
}

func routeOf(x delivery.Route) model.Route {
	return model.Route{Path: x.Path, ScreenKey: x.Screen, Title: x.Title}
}
