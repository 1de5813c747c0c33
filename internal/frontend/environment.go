package frontend

import (
	"context"
	"fmt"

	"sonata.ai/sonata/ent"
	entenv "sonata.ai/sonata/ent/environment"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/store"
)

// maxEnvironments bounds what a publish and a start have to look at.
const maxEnvironments = 20

// CreateEnvironment adds an environment in which nothing is live yet; delivery "" means KEY. Faults: NotFound,
// Forbidden, Invalid, Conflict with code TAKEN, Exhausted (20 per frontend).
func (f *Frontends) CreateEnvironment(ctx context.Context, ref, key, delivery string) (row *ent.Environment, err error) {
	if err := CheckKey("key", key); err != nil {
		return nil, err
	}
	if delivery == "" {
		delivery = string(entenv.DeliveryKEY)
	}
	err = f.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		owner, err := Find(ctx, tx.Client(), ref, principal.FrontendsWrite)
		if err != nil {
			return err
		}
		if !principal.Can(ctx, principal.FrontendsWrite, principal.Place{Frontend: owner.ID, Environment: key}) {
			return fault.Forbiddenf("what you may do is limited to other environments than %s: ask somebody who may make it", key).At("key")
		}
		keys, err := tx.Environment.Query().Where(entenv.FrontendID(owner.ID)).Select(entenv.FieldKey).Strings(ctx)
		if err != nil {
			return fmt.Errorf("read environments: %w", err)
		}
		for _, k := range keys {
			if k == key {
				return fault.Conflictf("the frontend %s has an environment %s already", owner.Slug, key).WithCode("TAKEN").At("key")
			}
		}
		if len(keys) >= maxEnvironments {
			return fault.Exhaustedf("a frontend has at most %d environments", maxEnvironments).WithCode("LIMIT")
		}
		row, err = tx.Environment.Create().SetFrontendID(owner.ID).SetKey(key).SetDelivery(entenv.Delivery(delivery)).Save(ctx)
		if err != nil {
			return fmt.Errorf("create environment: %w", err)
		}
		tx.Record(store.Fact{
			Topic: TopicChanged, Payload: Changed{Frontend: owner.ID}, Action: "environmentCreate",
			Frontend: owner.ID, SubjectID: row.ID, SubjectLabel: owner.Slug + "/" + key, Detail: map[string]any{"delivery": delivery},
		})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return row.Unwrap(), nil
}

// UpdateEnvironment changes who may read; delivery "" stays as it is. Fault: NotFound.
func (f *Frontends) UpdateEnvironment(ctx context.Context, id, delivery string) (row *ent.Environment, err error) {
	err = f.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		found, err := tx.Environment.Query().Where(entenv.ID(id)).WithFrontend().Only(ctx)
		if ent.IsNotFound(err) || err == nil && !Reaches(ctx, found, principal.FrontendsWrite) {
			return fault.NotFoundf("there is no environment with this id").At("id")
		}
		if err != nil {
			return fmt.Errorf("read environment: %w", err)
		}
		if delivery == "" {
			delivery = string(found.Delivery)
		}
		row, err = tx.Environment.UpdateOne(found).SetDelivery(entenv.Delivery(delivery)).Save(ctx)
		if err != nil {
			return fmt.Errorf("update environment: %w", err)
		}
		owner := found.Edges.Frontend
		tx.Record(store.Fact{
			Topic: TopicChanged, Payload: Changed{Frontend: owner.ID}, Action: "environmentUpdate",
			Frontend: owner.ID, SubjectID: row.ID, SubjectLabel: owner.Slug + "/" + row.Key, Detail: map[string]any{"delivery": delivery},
		})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return row.Unwrap(), nil
}
