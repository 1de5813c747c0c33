package graph

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"

	"entgo.io/ent/dialect/sql"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/activation"
	entasset "sonata.ai/sonata/ent/asset"
	entbuild "sonata.ai/sonata/ent/build"
	entcomponent "sonata.ai/sonata/ent/component"
	entfrontend "sonata.ai/sonata/ent/frontend"
	entrelease "sonata.ai/sonata/ent/release"
	"sonata.ai/sonata/ent/releaseitem"
	"sonata.ai/sonata/ent/releaseschedule"
	"sonata.ai/sonata/graph/model"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/release"
)

func (r *Resolver) frontends(ctx context.Context, first *int, after *string) (*model.FrontendConnection, error) {
	w, err := readWindow(first, after, 20)
	if err != nil {
		return nil, err
	}
	q := r.Store.Reader(ctx).Frontend.Query()
	if ids, all := principal.From(ctx).Frontends(principal.ContentRead); !all {
		q.Where(entfrontend.IDIn(ids...))
	}
	total, err := q.Clone().Count(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := q.Where(entfrontend.SlugGT(w.after)).Order(entfrontend.BySlug()).Limit(w.limit()).All(ctx)
	edges, info := paginate(w, rows, func(f *ent.Frontend) string { return f.Slug }, func(c string, f *ent.Frontend) model.FrontendEdge {
		return model.FrontendEdge{Cursor: c, Node: frontendOf(f)}
	})
	return &model.FrontendConnection{Edges: edges, PageInfo: info, TotalCount: total}, err
}

func (r *Resolver) screens(ctx context.Context, of *ent.Frontend, first *int, after *string, filter *model.ScreenFilter) (*model.ScreenConnection, error) {
	w, err := readWindow(first, after, 20)
	if err != nil {
		return nil, err
	}
	var f release.ScreenFilter
	if filter != nil {
		f = release.ScreenFilter{Text: text(filter.Query), Component: text(filter.UsesComponent)}
		if status := filter.Status.Value(); status != nil {
			f.Status = string(*status)
		}
	}
	all, err := r.Releases.Screens(ctx, of, f)
	if err != nil {
		return nil, err
	}
	rows := slices.DeleteFunc(slices.Clone(all), func(s *ent.Screen) bool { return s.Key <= w.after })
	edges, info := paginate(w, rows[:min(len(rows), w.limit())], func(s *ent.Screen) string { return s.Key }, func(c string, s *ent.Screen) model.ScreenEdge {
		return model.ScreenEdge{Cursor: c, Node: screenOf(s)}
	})
	return &model.ScreenConnection{Edges: edges, PageInfo: info, TotalCount: len(all)}, nil
}

func (r *Resolver) components(ctx context.Context, of *ent.Frontend, first *int, after *string) (*model.ComponentConnection, error) {
	w, err := readWindow(first, after, 50)
	if err != nil {
		return nil, err
	}
	total, err := r.Store.Reader(ctx).Frontend.QueryComponents(of).Count(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := r.Store.Reader(ctx).Frontend.QueryComponents(of).Where(entcomponent.KeyGT(w.after)).Order(entcomponent.ByKey()).Limit(w.limit()).All(ctx)
	edges, info := paginate(w, rows, func(c *ent.Component) string { return c.Key }, func(cursor string, c *ent.Component) model.ComponentEdge {
		node := componentOf(c)
		return model.ComponentEdge{Cursor: cursor, Node: &node}
	})
	return &model.ComponentConnection{Edges: edges, PageInfo: info, TotalCount: total}, err
}

// builds sorts by id: ids grow with time.
func (r *Resolver) builds(ctx context.Context, of *ent.Frontend, first *int, after *string) (*model.BuildConnection, error) {
	w, err := readWindow(first, after, 20)
	if err != nil {
		return nil, err
	}
	total, err := r.Store.Reader(ctx).Frontend.QueryBuilds(of).Count(ctx)
	if err != nil {
		return nil, err
	}
	q := r.Store.Reader(ctx).Frontend.QueryBuilds(of).WithManifest()
	if w.after != "" {
		q.Where(entbuild.IDLT(w.after))
	}
	rows, err := q.Order(entbuild.ByID(sql.OrderDesc())).Limit(w.limit()).All(ctx)
	edges, info := paginate(w, rows, func(b *ent.Build) string { return b.ID }, func(c string, b *ent.Build) model.BuildEdge {
		node := buildOf(b)
		return model.BuildEdge{Cursor: c, Node: &node}
	})
	return &model.BuildConnection{Edges: edges, PageInfo: info, TotalCount: total}, err
}

func (r *Resolver) releases(ctx context.Context, of *ent.Frontend, first *int, after *string) (*model.ReleaseConnection, error) {
	w, err := readWindow(first, after, 20)
	if err != nil {
		return nil, err
	}
	below, err := w.number(math.MaxInt32)
	if err != nil {
		return nil, err
	}
	total, err := r.Store.Reader(ctx).Frontend.QueryReleases(of).Count(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := r.Store.Reader(ctx).Frontend.QueryReleases(of).Where(entrelease.NumberLT(below)).Order(entrelease.ByNumber(sql.OrderDesc())).Limit(w.limit()).All(ctx)
	edges, info := paginate(w, rows, func(x *ent.Release) string { return strconv.Itoa(x.Number) }, func(c string, x *ent.Release) model.ReleaseEdge {
		return model.ReleaseEdge{Cursor: c, Node: releaseOf(x)}
	})
	return &model.ReleaseConnection{Edges: edges, PageInfo: info, TotalCount: total}, err
}

// assets sorts by id: ids grow with time.
func (r *Resolver) assets(ctx context.Context, of *ent.Frontend, first *int, after, query *string, hashes []model.Hash) (*model.AssetConnection, error) {
	w, err := readWindow(first, after, 20)
	if err != nil {
		return nil, err
	}
	if len(hashes) > maxPage {
		return nil, fault.Invalidf("hashes: name at most %d", maxPage).At("hashes")
	}
	q := r.Store.Reader(ctx).Frontend.QueryAssets(of)
	if query != nil {
		q.Where(entasset.NameContainsFold(*query))
	}
	if hashes != nil {
		wanted := make([]string, len(hashes))
		for i, hash := range hashes {
			wanted[i] = string(hash)
		}
		q.Where(entasset.HashIn(wanted...))
	}
	total, err := q.Clone().Count(ctx)
	if err != nil {
		return nil, err
	}
	if w.after != "" {
		q.Where(entasset.IDLT(w.after))
	}
	rows, err := q.Order(entasset.ByID(sql.OrderDesc())).Limit(w.limit()).All(ctx)
	edges, info := paginate(w, rows, func(a *ent.Asset) string { return a.ID }, func(c string, a *ent.Asset) model.AssetEdge {
		return model.AssetEdge{Cursor: c, Node: assetOf(a)}
	})
	return &model.AssetConnection{Edges: edges, PageInfo: info, TotalCount: total}, err
}

func (r *Resolver) activations(ctx context.Context, of *ent.Environment, first *int, after *string) (*model.ActivationConnection, error) {
	w, err := readWindow(first, after, 20)
	if err != nil {
		return nil, err
	}
	below, err := w.number(math.MaxInt32)
	if err != nil {
		return nil, err
	}
	total, err := r.Store.Reader(ctx).Environment.QueryActivations(of).Count(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := r.Store.Reader(ctx).Environment.QueryActivations(of).Where(activation.SequenceLT(below)).Order(activation.BySequence(sql.OrderDesc())).Limit(w.limit()).All(ctx)
	edges, info := paginate(w, rows, func(a *ent.Activation) string { return strconv.Itoa(a.Sequence) }, func(c string, a *ent.Activation) model.ActivationEdge {
		return model.ActivationEdge{Cursor: c, Node: activationOf(a)}
	})
	return &model.ActivationConnection{Edges: edges, PageInfo: info, TotalCount: total}, err
}

func (r *Resolver) schedules(ctx context.Context, of *ent.Environment, first *int, after *string) (*model.ReleaseScheduleConnection, error) {
	w, err := readWindow(first, after, 20)
	if err != nil {
		return nil, err
	}
	total, err := r.Store.Reader(ctx).Environment.QuerySchedules(of).Count(ctx)
	if err != nil {
		return nil, err
	}
	q := r.Store.Reader(ctx).Environment.QuerySchedules(of)
	if w.after != "" {
		q.Where(releaseschedule.IDLT(w.after))
	}
	rows, err := q.Order(releaseschedule.ByID(sql.OrderDesc())).Limit(w.limit()).All(ctx)
	edges, info := paginate(w, rows, func(s *ent.ReleaseSchedule) string { return s.ID }, func(c string, s *ent.ReleaseSchedule) model.ReleaseScheduleEdge {
		return model.ReleaseScheduleEdge{Cursor: c, Node: scheduleOf(s)}
	})
	return &model.ReleaseScheduleConnection{Edges: edges, PageInfo: info, TotalCount: total}, err
}

// items sorts by kind and key, which is one order: both are plain text.
func (r *Resolver) items(ctx context.Context, of *ent.Release, first *int, after *string) (*model.ReleaseItemConnection, error) {
	w, err := readWindow(first, after, maxPage)
	if err != nil {
		return nil, err
	}
	rows, err := r.Store.Reader(ctx).Release.QueryItems(of).Order(releaseitem.ByKind(), releaseitem.ByKey()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read release items: %w", err)
	}
	before := map[string]string{}
	if of.ParentID != nil {
		old, err := r.Store.Reader(ctx).ReleaseItem.Query().Where(releaseitem.ReleaseID(*of.ParentID)).All(ctx)
		if err != nil {
			return nil, fmt.Errorf("read items of the parent: %w", err)
		}
		for _, item := range old {
			before[itemName(item)] = item.BlobHash
		}
	}
	total := len(rows)
	rows = slices.DeleteFunc(rows, func(i *ent.ReleaseItem) bool { return itemName(i) <= w.after })
	edges, info := paginate(w, rows[:min(len(rows), w.limit())], itemName, func(c string, i *ent.ReleaseItem) model.ReleaseItemEdge {
		change := model.ChangeKindChanged
		if old, had := before[itemName(i)]; !had {
			change = model.ChangeKindAdded
		} else if old == i.BlobHash {
			change = model.ChangeKindUnchanged
		}
		return model.ReleaseItemEdge{Cursor: c, Node: &model.ReleaseItem{
			Kind: model.ItemKind(i.Kind), Key: i.Key, Hash: model.Hash(i.BlobHash), Change: change,
		}}
	})
	return &model.ReleaseItemConnection{Edges: edges, PageInfo: info, TotalCount: total}, nil
}

func itemName(i *ent.ReleaseItem) string { return string(i.Kind) + "/" + i.Key }
