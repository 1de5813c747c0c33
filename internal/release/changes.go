package release

import (
	"context"
	"fmt"
	"strings"

	"sonata.ai/sonata/ent"
	entrelease "sonata.ai/sonata/ent/release"
	entscreen "sonata.ai/sonata/ent/screen"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/frontend"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/screen"
)

// Changes compares a release with another one of the same frontend; against nil is its parent. Fault: NotFound.
func (r *Releases) Changes(ctx context.Context, of *ent.Release, against *string) ([]Change, error) {
	if !principal.Can(ctx, principal.ContentRead, principal.Place{Frontend: of.FrontendID}) {
		return nil, fault.NotFoundf("there is no release with this id")
	}
	if against == nil {
		against = of.ParentID
	}
	var before *Content
	if against != nil {
		same, err := r.store.Reader(ctx).Release.Query().Where(entrelease.ID(*against), entrelease.FrontendID(of.FrontendID)).Exist(ctx)
		if err != nil {
			return nil, fmt.Errorf("read release: %w", err)
		}
		if !same {
			return nil, fault.NotFoundf("the frontend has no release with this id").At("against")
		}
		view, err := r.View(ctx, *against)
		if err != nil {
			return nil, err
		}
		before = &view.Content
	}
	view, err := r.View(ctx, of.ID)
	if err != nil {
		return nil, err
	}
	return Diff(before, view.Content)
}

// Status compares a draft with what is live in an environment, for a caller who may read both. Fault: NotFound.
func (r *Releases) Status(ctx context.Context, row *ent.Screen, environment string) (string, error) {
	live, err := r.live(ctx, row.FrontendID, environment)
	if err != nil {
		return "", err
	}
	return live.Status(row), nil
}

func (r *Releases) live(ctx context.Context, frontendID, environment string) (*View, error) {
	db := r.store.Reader(ctx)
	owner, err := frontend.Find(ctx, db, frontendID, principal.ContentRead)
	if err != nil {
		return nil, err
	}
	e, err := frontend.FindEnvironment(ctx, db, owner, environment, principal.DeliveryRead)
	if err != nil {
		return nil, err
	}
	return r.liveView(ctx, e)
}

// ScreenFilter chooses screens; what is empty chooses all.
type ScreenFilter struct {
	Text      string // in key, title or path; case does not matter
	Status    string // compared with production
	Component string // used by the draft
}

// Screens returns the screens of a frontend that match, by key. Deleted ones count as long as they are live.
// For a caller who may not read what production shows, nothing is live there. Fault: NotFound.
func (r *Releases) Screens(ctx context.Context, owner *ent.Frontend, f ScreenFilter) ([]*ent.Screen, error) {
	if _, err := frontend.Find(ctx, r.store.Reader(ctx), owner.ID, principal.ContentRead); err != nil {
		return nil, err
	}
	live, err := r.live(ctx, owner.ID, frontend.Production)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return nil, err
	}
	rows, err := r.store.Reader(ctx).Screen.Query().Where(entscreen.FrontendID(owner.ID)).Order(entscreen.ByKey()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read screens: %w", err)
	}
	matching := []*ent.Screen{}
	for _, row := range rows {
		status := live.Status(row)
		if row.Deleted && status != "DELETED" || f.Status != "" && f.Status != status || !mentions(row, f.Text) {
			continue
		}
		if f.Component != "" {
			uses, err := screen.Uses(row, f.Component)
			if err != nil {
				return nil, err
			}
			if !uses {
				continue
			}
		}
		matching = append(matching, row)
	}
	return matching, nil
}

func mentions(row *ent.Screen, text string) bool {
	text = strings.ToLower(text)
	all := strings.ToLower(row.Key + "\n" + row.Title)
	if row.Path != nil {
		all += "\n" + strings.ToLower(*row.Path)
	}
	return strings.Contains(all, text)
}
