package screen

import (
	"context"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/screenedit"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/store"
)

// UpdateInput changes what a screen has besides its blocks.
type UpdateInput struct {
	ID              string
	ExpectedVersion int
	Title           *string
	SetPath         bool // whether Path counts; "" makes the screen a shared part
	Path            string
}

// Update changes title or path. It merges with edits of blocks and conflicts with everything else that happened after
// the version that the caller read. Faults: NotFound, Invalid, Conflict with code VERSION_CONFLICT.
func (s *Screens) Update(ctx context.Context, in UpdateInput) (row *ent.Screen, err error) {
	err = s.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		old, d, err := readForChange(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		if old.Deleted {
			return fault.NotFoundf("the screen %s is deleted: bring it back with screenRevert", old.Key).At("id")
		}
		if in.ExpectedVersion > old.Version {
			return aheadf(old, in.ExpectedVersion)
		}
		others, err := tx.ScreenEdit.Query().Where(screenedit.ScreenID(old.ID),
			screenedit.FromVersionGTE(in.ExpectedVersion), screenedit.KindNEQ(screenedit.KindOPS)).Exist(ctx)
		if err != nil {
			return err
		}
		if others {
			return conflicted(old, nil, "somebody changed title or path, or the whole screen, meanwhile: read it again")
		}
		if in.Title != nil {
			d.Title = *in.Title
		}
		if in.SetPath {
			d.Path = in.Path
		}
		if err := checkHead(d.Title, d.Path); err != nil {
			return err
		}
		row, err = s.save(ctx, tx, old, change{
			kind: screenedit.KindMETA, action: "screenUpdate", draft: d, detail: map[string]any{"title": d.Title, "path": d.Path},
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return row.Unwrap(), nil
}

// Delete marks a screen as deleted: it is gone with the next publish. Faults: NotFound, Conflict with code
// VERSION_CONFLICT.
func (s *Screens) Delete(ctx context.Context, id string, expectedVersion int) error {
	return s.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		old, d, err := readForChange(ctx, tx, id)
		if err != nil {
			return err
		}
		if old.Deleted {
			return fault.NotFoundf("the screen %s is deleted already", old.Key).At("id")
		}
		if err := expect(old, expectedVersion); err != nil {
			return err
		}
		_, err = s.save(ctx, tx, old, change{kind: screenedit.KindWHOLE, action: "screenDelete", deleted: true, draft: d})
		return err
	})
}

func readForChange(ctx context.Context, tx *store.Tx, id string) (*ent.Screen, Draft, error) {
	row, err := Get(ctx, tx.Client(), id, principal.ContentWrite)
	if err != nil {
		return nil, Draft{}, err
	}
	d, err := DraftOf(row)
	return row, d, err
}
