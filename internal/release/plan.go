package release

import (
	"context"
	"fmt"
	"slices"
	"time"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/activation"
	entbuild "sonata.ai/sonata/ent/build"
	"sonata.ai/sonata/ent/buildmanifest"
	"sonata.ai/sonata/ent/predicate"
	entrelease "sonata.ai/sonata/ent/release"
	entscreen "sonata.ai/sonata/ent/screen"
	"sonata.ai/sonata/internal/asset"
	"sonata.ai/sonata/internal/component"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/frontend"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/screen"
)

// Plan is what a publish would do.
type Plan struct {
	Content  Content
	Items    []Item
	Hash     string
	Live     *View // nil when nothing is live
	Changes  []Change
	Problems []screen.Problem // errors first
	Affected []AffectedBuild
}

// AffectedBuild is a build that cannot render everything that would change.
type AffectedBuild struct {
	Build        *ent.Build
	Screens      []string
	Degradations []component.Degradation
}

// CanPublish reports whether something changes and no problem is an error.
func (p Plan) CanPublish() bool {
	return p.changesSomething() && !slices.ContainsFunc(p.Problems, func(x screen.Problem) bool { return x.Severity == screen.Error })
}

func (p Plan) changesSomething() bool {
	if p.Live == nil {
		return len(p.Content.Screens) > 0
	}
	return p.Live.Row.Hash != p.Hash
}

// Plan is the dry run of a publish; screens nil takes all that changed. Faults: NotFound.
func (r *Releases) Plan(ctx context.Context, owner *ent.Frontend, environment string, screens *[]string) (Plan, error) {
	e, err := frontend.FindEnvironment(ctx, r.store.Reader(ctx), owner, environment, principal.ContentRead)
	if err != nil {
		return Plan{}, err
	}
	return r.plan(ctx, owner, e, screens)
}

func (r *Releases) plan(ctx context.Context, owner *ent.Frontend, e *ent.Environment, screens *[]string) (p Plan, err error) {
	if p.Live, err = r.liveView(ctx, e); err != nil {
		return p, err
	}
	in, err := r.freezeInput(ctx, owner, p.Live, screens)
	if err != nil {
		return p, err
	}
	if err := ctx.Err(); err != nil { // nobody waits for the rest
		return p, err
	}
	p.Content, p.Problems = Freeze(in)
	if p.Items, p.Hash, err = p.Content.Items(); err != nil {
		return p, err
	}
	if p.Changes, err = Diff(in.Live, p.Content); err != nil {
		return p, err
	}
	rolledBack, err := r.rolledBack(ctx, e, p)
	if err != nil {
		return p, err
	}
	p.Problems = append(p.Problems, rolledBack...)
	if p.Affected, err = r.affected(ctx, owner, p); err != nil {
		return p, err
	}
	p.Problems = append(p.Problems, degraded(p.Affected)...)
	slices.SortStableFunc(p.Problems, func(a, b screen.Problem) int { return weightOf(a) - weightOf(b) })
	return p, nil
}

func weightOf(p screen.Problem) int {
	return slices.Index([]string{screen.Error, screen.Warning, screen.Info}, p.Severity)
}

// freezeInput chooses the drafts that differ from what is live.
func (r *Releases) freezeInput(ctx context.Context, owner *ent.Frontend, live *View, screens *[]string) (FreezeInput, error) {
	in := FreezeInput{Schemas: r.components.Schemas}
	if live != nil {
		in.Live = &live.Content
	}
	var err error
	if in.Catalogue, err = r.components.Catalogue(ctx, owner.ID); err != nil {
		return in, err
	}
	rows, err := r.store.Reader(ctx).Screen.Query().Where(entscreen.FrontendID(owner.ID)).Order(entscreen.ByKey()).All(ctx)
	if err != nil {
		return in, fmt.Errorf("read screens: %w", err)
	}
	if err := knownScreens(rows, screens); err != nil {
		return in, err
	}
	var bodies []string
	for _, row := range rows {
		if screens != nil && !slices.Contains(*screens, row.Key) {
			continue
		}
		switch live.Status(row) {
		case "NEW", "EDITED":
			d, err := screen.DraftOf(row)
			if err != nil {
				return in, err
			}
			in.Drafts = append(in.Drafts, d)
		case "DELETED":
			in.Removed = append(in.Removed, row.Key)
			continue
		default:
			continue
		}
		bodies = append(bodies, row.Body)
	}
	if in.Assets, err = asset.Known(ctx, r.store.Reader(ctx), owner.ID, asset.HashesIn(bodies...)); err != nil {
		return in, err
	}
	in.Sources, err = r.sources.Bindable(ctx, owner.ID, screen.Documents(in.Drafts...))
	return in, err
}

func knownScreens(rows []*ent.Screen, keys *[]string) error {
	if keys == nil {
		return nil
	}
	for _, key := range *keys {
		if !slices.ContainsFunc(rows, func(r *ent.Screen) bool { return r.Key == key }) {
			return fault.NotFoundf("the frontend has no screen %q", key).At("screens")
		}
	}
	return nil
}

// rolledBack warns when exactly this content was rolled back in the environment before.
func (r *Releases) rolledBack(ctx context.Context, e *ent.Environment, p Plan) ([]screen.Problem, error) {
	if !p.changesSomething() {
		return nil, nil
	}
	found, err := r.store.Reader(ctx).Activation.Query().Where(activation.EnvironmentID(e.ID),
		activation.KindEQ(activation.KindROLL_BACK), activation.HasPreviousWith(entrelease.Hash(p.Hash))).
		WithPrevious().Order(ent.Desc(activation.FieldSequence)).First(ctx)
	if ent.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read roll backs: %w", err)
	}
	reason := ""
	if found.Reason != nil {
		reason = ": " + *found.Reason
	}
	return []screen.Problem{{
		Severity: screen.Warning, Code: "PREVIOUSLY_ROLLED_BACK",
		Message: fmt.Sprintf("exactly this content was live as release %d and was rolled back%s", found.Edges.Previous.Number, reason),
	}}, nil
}

// How long a build counts as in use, and how many are looked at.
const (
	seenLately = 30 * 24 * time.Hour
	maxBuilds  = 50
)

// affected finds the builds seen lately that cannot render the changed screens as they are made.
func (r *Releases) affected(ctx context.Context, owner *ent.Frontend, p Plan) ([]AffectedBuild, error) {
	after, err := newView(&ent.Release{}, p.Content)
	if err != nil {
		return nil, err
	}
	changed := ChangedScreens(p.Live, after)
	if len(changed) == 0 {
		return nil, nil
	}
	rows, err := r.store.Reader(ctx).Build.Query().Where(entbuild.FrontendID(owner.ID), lately(time.Now())).
		WithManifest().Order(ent.Desc(entbuild.FieldRegisteredAt)).Limit(maxBuilds).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read builds: %w", err)
	}
	var found []AffectedBuild
	for _, row := range rows {
		build, err := r.components.Build(ctx, owner.ID, row.Edges.Manifest.Hash)
		if err != nil {
			return nil, err
		}
		a := AffectedBuild{Build: row}
		for _, key := range changed {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			filled, ok := after.Filled[key]
			if !ok {
				continue
			}
			served := component.Negotiate(filled.Tree, p.Content.Components, build, true, r.components.Schemas)
			if len(served.Degradations) > 0 {
				a.Screens = append(a.Screens, key)
				a.Degradations = append(a.Degradations, served.Degradations...)
			}
		}
		if len(a.Degradations) > 0 {
			found = append(found, a)
		}
	}
	return found, nil
}

func lately(now time.Time) predicate.Build {
	since := now.UTC().Add(-seenLately)
	return entbuild.Or(entbuild.RegisteredAtGT(since), entbuild.HasManifestWith(buildmanifest.LastSeenGT(since)))
}

// degraded says which builds will show less. It informs: an old build that falls back is how things are meant to be.
func degraded(affected []AffectedBuild) (found []screen.Problem) {
	for _, a := range affected {
		found = append(found, screen.Problem{
			Severity: screen.Info, Code: "BUILD_DEGRADED", Screen: a.Screens[0],
			Message: fmt.Sprintf("build %s cannot render %s as made", a.Build.Name, count(len(a.Degradations), "block")),
		})
	}
	return found
}
