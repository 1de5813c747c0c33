package registry

import (
	"context"
	"fmt"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/subgraphversion"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/store"
)

// RollBack makes an older version of a service's schema the live one again. It needs services:write for the service. Faults:
// NotFound, Invalid (COMPOSITION_FAILED), Conflict (BREAKING_CHANGE).
func (r *Registry) RollBack(ctx context.Context, service string, to int, allowBreaking bool) (out Published, err error) {
	err = r.change(ctx, service, func(ctx context.Context, tx *store.Tx) error {
		row, err := Find(ctx, tx.Client(), service, principal.ServicesWrite)
		if err != nil {
			return err
		}
		version, err := tx.SubgraphVersion.Query().Where(subgraphversion.ServiceID(row.ID), subgraphversion.Number(to)).Only(ctx)
		if ent.IsNotFound(err) {
			return fault.NotFoundf("the service %s has no version %d", service, to).At("toNumber")
		}
		if err != nil {
			return fmt.Errorf("read subgraph version: %w", err)
		}
		if *row.LiveID == version.ID {
			return fault.Invalidf("version %d of %s is what is served already", to, service).At("toNumber")
		}
		members, err := Members(ctx, tx.Client())
		if err != nil {
			return err
		}
		check, graph, err := r.compare(ctx, members, with(members, row, version.Sdl))
		if err != nil {
			return err
		}
		if err := check.stops(allowBreaking, "toNumber"); err != nil {
			return err
		}
		newest, err := r.goLive(ctx, tx, row, version, graph, "subgraphRollBack", check)
		if err != nil {
			return err
		}
		out, err = published(ctx, tx.Client(), kept{Service: row.ID, Supergraph: newest.ID})
		return err
	})
	return out.unwrap(), err
}
