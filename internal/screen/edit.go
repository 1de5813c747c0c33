package screen

import (
	"context"
	"fmt"
	"strconv"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/screenedit"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/store"
)

// EditInput is an edit of a draft.
type EditInput struct {
	Screen          string `json:"screen"`
	ExpectedVersion int    `json:"expectedVersion"`
	Ops             []Op   `json:"ops"`
	IdempotencyKey  string `json:"-"`
}

// EditResult is what an edit did.
type EditResult struct {
	Screen  *ent.Screen `json:"-"`
	ID      string      `json:"id"`
	Inverse []Op        `json:"inverse"`
	Rebased bool        `json:"rebased"`
}

// Edit applies ops to a draft, all or none. Edits that others made after the version that the caller read are merged
// by aspect. Faults: NotFound, Invalid (with the op's index in its path), Exhausted with the limit's name, Conflict
// with code VERSION_CONFLICT and Conflicted as detail.
func (s *Screens) Edit(ctx context.Context, in EditInput) (out EditResult, err error) {
	found, err := Get(ctx, s.store.Reader(ctx), in.Screen, principal.ContentWrite)
	if err != nil {
		return EditResult{}, atScreen(err)
	}
	err = s.store.WithTxOf(ctx, found.FrontendID, func(ctx context.Context, tx *store.Tx) error {
		row, err := Get(ctx, tx.Client(), in.Screen, principal.ContentWrite)
		if err != nil {
			return atScreen(err)
		}
		err = store.Once(ctx, tx, "screenEdit", in.IdempotencyKey, in, &out, func() error {
			out, err = s.edit(ctx, tx, row, in)
			return err
		})
		if err == nil && out.Screen == nil { // a repetition: the screen as it is now
			out.Screen = row
		}
		return err
	})
	if err != nil {
		return EditResult{}, err
	}
	out.Screen = out.Screen.Unwrap()
	return out, nil
}

// atScreen says that it is the screen which the input names.
func atScreen(err error) error {
	if f := fault.As(err); f != nil {
		return f.At("screen")
	}
	return err
}

func (s *Screens) edit(ctx context.Context, tx *store.Tx, row *ent.Screen, in EditInput) (EditResult, error) {
	if row.Deleted {
		return EditResult{}, fault.NotFoundf("the screen %s is deleted: bring it back with screenRevert", row.Key).At("screen")
	}
	if in.ExpectedVersion > row.Version {
		return EditResult{}, aheadf(row, in.ExpectedVersion)
	}
	catalogue, err := s.components.Catalogue(ctx, row.FrontendID)
	if err != nil {
		return EditResult{}, err
	}
	d, err := DraftOf(row)
	if err != nil {
		return EditResult{}, err
	}
	since, err := editsSince(ctx, tx.Client(), row, in.ExpectedVersion)
	if err != nil {
		return EditResult{}, err
	}
	applied, err := Rebase(d.Body, since, in.Ops, env(catalogue))
	if err != nil {
		return EditResult{}, withCurrent(err, row)
	}
	for i, op := range applied.Ops {
		if err := refuseUnsafe(applied.Body, writtenBy(op), catalogue); err != nil {
			return EditResult{}, fault.As(err).At("ops", strconv.Itoa(i))
		}
		if err := refuseForeignPictures(ctx, tx, row.Edges.Frontend, applied.Body, writtenBy(op)); err != nil {
			if f := fault.As(err); f != nil {
				return EditResult{}, f.At("ops", strconv.Itoa(i))
			}
			return EditResult{}, err
		}
	}
	d.Body = applied.Body
	row, err = s.save(ctx, tx, row, change{
		kind: screenedit.KindOPS, ops: applied.Ops, inverse: applied.Inverse, action: "screenEdit", draft: d,
		detail: map[string]any{"ops": applied.Ops, "inverse": applied.Inverse},
	})
	if err != nil {
		return EditResult{}, err
	}
	return EditResult{Screen: row, ID: row.ID, Inverse: applied.Inverse, Rebased: len(since) > 0}, nil
}

// withCurrent puts the screen into a conflict, so that a client needs no second request.
func withCurrent(err error, row *ent.Screen) error {
	f := fault.As(err)
	if f == nil || f.Code != "VERSION_CONFLICT" {
		return err
	}
	var blocks []string
	if c, ok := f.Detail.(Conflict); ok {
		blocks = c.Blocks
	}
	return conflicted(row, blocks, f.Message)
}

// writtenBy returns the block whose props the op wrote, if it wrote any.
func writtenBy(op Op) []string {
	if op.Kind == OpInsert || op.Kind == OpSetProps || op.Kind == OpUpgrade {
		return []string{op.Key}
	}
	return nil
}

// maxRebase bounds the edits that one edit can be merged over: a client that far behind reads again.
const maxRebase = 1000

// editsSince returns the edits that were accepted on the given version and later, oldest first.
func editsSince(ctx context.Context, c *ent.Client, row *ent.Screen, version int) ([]Edit, error) {
	if version == row.Version {
		return nil, nil
	}
	if version < 1 || row.Version-version > maxRebase {
		return nil, conflicted(row, nil, "the screen has moved on too far since that version: read it again")
	}
	rows, err := c.ScreenEdit.Query().Where(screenedit.ScreenID(row.ID), screenedit.FromVersionGTE(version)).
		Order(screenedit.ByFromVersion()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read edits: %w", err)
	}
	edits := make([]Edit, 0, len(rows))
	for _, r := range rows {
		e := Edit{FromVersion: r.FromVersion, Whole: r.Kind == screenedit.KindWHOLE}
		if e.Ops, err = DecodeOps(r.Ops); err != nil {
			return nil, err
		}
		if e.Inverse, err = DecodeOps(r.Inverse); err != nil {
			return nil, err
		}
		edits = append(edits, e)
	}
	return edits, nil
}
