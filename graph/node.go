package graph

import (
	"context"
	"strings"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/activation"
	"sonata.ai/sonata/ent/build"
	"sonata.ai/sonata/ent/componentversion"
	"sonata.ai/sonata/ent/releaseschedule"
	"sonata.ai/sonata/graph/model"
	"sonata.ai/sonata/internal/delivery"
	"sonata.ai/sonata/internal/fault"
)

// node reads the object behind an id: its prefix says of which type it is. What is missing is nil, and so is
// what the caller may not read. A domain that reads its own rows asks for itself: absent turns its NotFound into nil.
func (r *Resolver) node(ctx context.Context, id string) (model.Node, error) {
	if delivery.IsSnapshotID(id) {
		s, err := r.Delivery.Snapshot(ctx, id)
		return found(snapshotOf(s), err)
	}
	db := r.Store.Reader(ctx)
	prefix, _, _ := strings.Cut(id, "_")
	switch prefix {
	case "frt":
		row, err := db.Frontend.Get(ctx, id)
		return found(frontendOf(frontendInSight(ctx, row)), err)
	case "env":
		row, err := db.Environment.Get(ctx, id)
		return found(environmentOf(environmentInSight(ctx, row)), err)
	case "scr":
		row, err := db.Screen.Get(ctx, id)
		return found(screenOf(screenInSight(ctx, row)), err)
	case "cmp":
		row, err := db.Component.Get(ctx, id)
		row = inSight(row, func(c *ent.Component) bool { return reads(ctx, c.FrontendID) })
		return found(mapped(row, func(c *ent.Component) model.Component { return componentOf(c) }), err)
	case "cpv":
		row, err := db.ComponentVersion.Query().Where(componentversion.ID(id)).WithComponent().Only(ctx)
		row = inSight(row, func(v *ent.ComponentVersion) bool { return reads(ctx, v.Edges.Component.FrontendID) })
		return found(mapped(row, func(v *ent.ComponentVersion) model.ComponentVersion { return componentVersionOf(v) }), err)
	case "bld":
		row, err := db.Build.Query().Where(build.ID(id)).WithManifest().Only(ctx)
		row = inSight(row, func(b *ent.Build) bool { return reads(ctx, b.FrontendID) })
		return found(mapped(row, func(b *ent.Build) model.Build { return buildOf(b) }), err)
	case "rel":
		row, err := db.Release.Get(ctx, id)
		return found(releaseOf(releaseInSight(ctx, row)), err)
	case "act":
		row, err := db.Activation.Query().Where(activation.ID(id)).WithEnvironment().Only(ctx)
		row = inSight(row, func(a *ent.Activation) bool { return readsEnvironment(ctx, a.Edges.Environment) })
		return found(activationOf(row), err)
	case "sch":
		row, err := db.ReleaseSchedule.Query().Where(releaseschedule.ID(id)).WithEnvironment().Only(ctx)
		row = inSight(row, func(s *ent.ReleaseSchedule) bool { return readsEnvironment(ctx, s.Edges.Environment) })
		return found(scheduleOf(row), err)
	case "ast":
		row, err := db.Asset.Get(ctx, id)
		row = inSight(row, func(a *ent.Asset) bool { return reads(ctx, a.FrontendID) })
		return found(assetOf(row), err)
	case "svc":
		row, err := r.Registry.Service(ctx, id)
		return found(serviceOf(row), absent(err))
	case "ins":
		return found(instanceInSight(r.Fleet.Get(ctx, id)), nil)
	case "sgv":
		row, err := r.Registry.Version(ctx, id)
		return found(subgraphVersionOf(row), absent(err))
	case "spv":
		row, err := r.Registry.Supergraph(ctx, id)
		return found(supergraphVersionOf(row), absent(err))
	case "mem":
		return r.memberNode(ctx, id)
	case "key":
		row, err := r.Keys.Get(ctx, id)
		return found(keyOf(row), absent(err))
	case "doc":
		row, err := db.TrustedDocument.Get(ctx, id)
		if err != nil {
			return found[model.TrustedDocument](nil, err)
		}
		out, err := r.trustedDocument(ctx, row)
		return found(out, err)
	case "aud":
		entry, err := r.Audit.Get(ctx, id)
		if err != nil {
			return nil, absent(err)
		}
		return auditEntryOf(entry), nil
	default:
		return nil, nil
	}
}

// found keeps a nil pointer from becoming a node that is not nil.
func found[M any, P interface {
	*M
	model.Node
}](m P, err error) (model.Node, error) {
	if err = ignoreMissing(err); err != nil || m == nil {
		return nil, err
	}
	return m, nil
}

func ignoreMissing(err error) error {
	if ent.IsNotFound(err) {
		return nil
	}
	return err
}

func (r *Resolver) nodes(ctx context.Context, ids []string) ([]model.Node, error) {
	if len(ids) > maxPage {
		return nil, fault.Exhaustedf("nodes takes at most %d ids; these are %d", maxPage, len(ids)).At("ids")
	}
	out := make([]model.Node, len(ids))
	for i, id := range ids {
		var err error
		if out[i], err = r.node(ctx, id); err != nil {
			return nil, err
		}
	}
	return out, nil
}
