package fleet

import (
	"context"
	"fmt"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/store"
)

// Drain takes an instance out of service. It needs services:write for its service. Fault: NotFound. The same again changes
// nothing.
func (f *Fleet) Drain(ctx context.Context, id string) (Instance, error) {
	var row *ent.Instance
	err := f.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		row, err = tx.Instance.Get(ctx, id)
		if ent.IsNotFound(err) || err == nil && !principal.Can(ctx, principal.ServicesWrite, principal.Place{Service: row.Service}) {
			return fault.NotFoundf("there is no instance %.80q", id).At("id")
		}
		if err != nil {
			return fmt.Errorf("read instance: %w", err)
		}
		if row.Drained {
			return nil
		}
		if row, err = tx.Instance.UpdateOne(row).SetDrained(true).Save(ctx); err != nil {
			return fmt.Errorf("update instance: %w", err)
		}
		record(tx, row, "instanceDrain", nil)
		return nil
	})
	if err != nil {
		return Instance{}, err
	}
	now := f.now()
	f.mu.Lock()
	defer f.mu.Unlock()
	e := f.put(row.Unwrap(), now)
	f.place(row.Service, now)
	f.broker.Notify(TopicSeen)
	return f.instance(e, now), nil
}

// forget removes instances that are gone.
func (f *Fleet) forget(ctx context.Context, gone []*ent.Instance) error {
	return f.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, row := range gone {
			err := tx.Instance.DeleteOneID(row.ID).Exec(ctx)
			if ent.IsNotFound(err) { // another process was faster
				continue
			}
			if err != nil {
				return fmt.Errorf("delete instance: %w", err)
			}
			action := "instanceLost"
			if row.Leaving || row.Drained {
				action = "instanceLeave"
			}
			record(tx, row, action, nil)
		}
		return nil
	})
}
