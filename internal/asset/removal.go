package asset

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sonata.ai/sonata/ent"
	entasset "sonata.ai/sonata/ent/asset"
	"sonata.ai/sonata/ent/assetremoval"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/store"
)

// An upload finds files and keeps a row for them; a collection finds no row and removes files. They may be in different
// processes, and files know no transaction: so a collection says beforehand which picture it is at, and an upload looks
// before it touches the files, and again in the transaction that keeps the row.
const (
	removeWithin = time.Minute
	removalDies  = 5 * time.Minute // then whoever began it is not at it any more, whatever its clock says
	lookAgain    = 100 * time.Millisecond
)

// errRemoved says that files were removed after an upload looked.
var errRemoved = errors.New("the files were removed meanwhile")

// beginRemoval notes that the files of a picture are being removed and returns the id of the removal; "" when some
// frontend has the picture, or another process is at it.
func (a *Assets) beginRemoval(ctx context.Context, hash string) (id string, err error) {
	err = a.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		has, err := tx.Asset.Query().Where(entasset.Hash(hash)).Exist(ctx)
		if err != nil {
			return fmt.Errorf("look for asset: %w", err)
		}
		if has { // another frontend has it, or somebody uploaded it meanwhile
			return nil
		}
		before, err := removalOf(ctx, tx.Client(), hash)
		if err != nil || a.isUnderWay(before) {
			return err
		}
		if before != nil {
			if err := tx.AssetRemoval.DeleteOne(before).Exec(ctx); err != nil {
				return fmt.Errorf("forget removal: %w", err)
			}
		}
		row, err := tx.AssetRemoval.Create().SetHash(hash).Save(ctx)
		if err != nil {
			return fmt.Errorf("note removal: %w", err)
		}
		id = row.ID
		return nil
	})
	return id, err
}

func (a *Assets) endRemoval(ctx context.Context, id string) error {
	return a.store.Count(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.AssetRemoval.Update().Where(assetremoval.ID(id)).SetDone(true).Exec(ctx); err != nil {
			return fmt.Errorf("end removal: %w", err)
		}
		return nil
	})
}

func (a *Assets) forgetRemovals(ctx context.Context) error {
	now, err := a.store.Now(ctx)
	if err != nil {
		return err
	}
	return a.store.Count(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.AssetRemoval.Delete().Where(assetremoval.CreatedAtLT(now.Add(-sweepAfter))).Exec(ctx); err != nil {
			return fmt.Errorf("forget removals: %w", err)
		}
		return nil
	})
}

// removalOf returns the last removal of a picture that is remembered, or nil.
func removalOf(ctx context.Context, c *ent.Client, hash string) (*ent.AssetRemoval, error) {
	row, err := c.AssetRemoval.Query().Where(assetremoval.Hash(hash)).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for removal: %w", err)
	}
	return row, nil
}

func (a *Assets) isUnderWay(r *ent.AssetRemoval) bool {
	return r != nil && !r.Done && a.now().Sub(r.CreatedAt) < removalDies
}

// untilRemoved waits while the files of a picture are being removed and returns the last removal; nil when there was none
// lately. Fault: Unavailable when it takes too long.
func (a *Assets) untilRemoved(ctx context.Context, hash string) (*ent.AssetRemoval, error) {
	deadline := time.NewTimer(waitAtMost)
	defer deadline.Stop()
	for {
		last, err := removalOf(ctx, a.store.Reader(ctx), hash)
		if err != nil || !a.isUnderWay(last) {
			return last, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-deadline.C:
			return nil, fault.Unavailablef("the same picture, which nobody used, is being removed: try again in a moment")
		case <-time.After(lookAgain):
		}
	}
}

// stillThere refuses with errRemoved when another removal began since the one that an upload saw.
func stillThere(ctx context.Context, tx *store.Tx, hash string, seen *ent.AssetRemoval) error {
	last, err := removalOf(ctx, tx.Client(), hash)
	if err != nil {
		return err
	}
	if last == nil || seen != nil && last.ID == seen.ID {
		return nil
	}
	return errRemoved
}
