package registry

import (
	"context"

	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/store"
)

// Withdraw takes a service out of the graph. Its versions are kept, and publishing it again goes on from there. It needs
// services:write for the service. Faults: NotFound, Invalid (COMPOSITION_FAILED, when others need it), Conflict
// (BREAKING_CHANGE).
func (r *Registry) Withdraw(ctx context.Context, service string, allowBreaking bool) (out Published, err error) {
	err = r.change(ctx, service, func(ctx context.Context, tx *store.Tx) error {
		row, err := Find(ctx, tx.Client(), service, principal.ServicesWrite)
		if err != nil {
			return err
		}
		members, err := Members(ctx, tx.Client())
		if err != nil {
			return err
		}
		check, graph, err := r.compare(ctx, members, without(members, service))
		if err != nil {
			return err
		}
		if err := check.stops(allowBreaking, "service"); err != nil {
			return err
		}
		newest, err := r.goLive(ctx, tx, row, nil, graph, "serviceWithdraw", check)
		if err != nil {
			return err
		}
		out, err = published(ctx, tx.Client(), kept{Service: row.ID, Supergraph: newest.ID})
		return err
	})
	return out.unwrap(), err
}
