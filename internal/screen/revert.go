package screen

import (
	"context"
	"fmt"

	"sonata.ai/sonata/ent"
	entenv "sonata.ai/sonata/ent/environment"
	entrelease "sonata.ai/sonata/ent/release"
	"sonata.ai/sonata/ent/releaseitem"
	"sonata.ai/sonata/ent/screenedit"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/frontend"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/store"
)

// Revert sets a draft to what a release holds (release "": what is live in production) and brings a deleted screen
// back. Faults: NotFound, Conflict with code VERSION_CONFLICT.
func (s *Screens) Revert(ctx context.Context, id string, expectedVersion int, release string) (row *ent.Screen, err error) {
	err = s.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		old, err := Get(ctx, tx.Client(), id, principal.ContentWrite)
		if err != nil {
			return err
		}
		if err := expect(old, expectedVersion); err != nil {
			return err
		}
		from, err := releaseToRevertTo(ctx, tx, old, release)
		if err != nil {
			return err
		}
		item, err := tx.ReleaseItem.Query().Where(releaseitem.ReleaseID(from.ID), releaseitem.KindEQ(releaseitem.KindSCREEN),
			releaseitem.Key(old.Key)).WithBlob().Only(ctx)
		if ent.IsNotFound(err) {
			return fault.NotFoundf("release %d has no screen %s", from.Number, old.Key).At("toRelease")
		}
		if err != nil {
			return fmt.Errorf("read release item: %w", err)
		}
		frozen, err := ParseFrozen([]byte(item.Edges.Blob.Body))
		if err != nil {
			return err
		}
		d, err := frozen.Draft()
		if err != nil {
			return err
		}
		row, err = s.save(ctx, tx, old, change{
			kind: screenedit.KindWHOLE, action: "screenRevert", draft: d, detail: map[string]any{"toRelease": from.Number},
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return row.Unwrap(), nil
}

func releaseToRevertTo(ctx context.Context, tx *store.Tx, row *ent.Screen, id string) (*ent.Release, error) {
	if id == "" {
		e, err := tx.Environment.Query().Where(entenv.FrontendID(row.FrontendID), entenv.Key(frontend.Production)).WithLive().Only(ctx)
		if err != nil {
			return nil, fmt.Errorf("read production: %w", err)
		}
		if e.Edges.Live == nil || !frontend.Reaches(ctx, e, principal.DeliveryRead) {
			return nil, fault.NotFoundf("nothing is live in production yet: name a release").At("toRelease")
		}
		return e.Edges.Live, nil
	}
	r, err := tx.Release.Query().Where(entrelease.ID(id), entrelease.FrontendID(row.FrontendID)).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, fault.NotFoundf("the frontend has no release with this id").At("toRelease")
	}
	if err != nil {
		return nil, fmt.Errorf("read release: %w", err)
	}
	return r, nil
}
