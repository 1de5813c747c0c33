package delivery

import (
	"context"
	"fmt"
	"sync"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/activation"
	"sonata.ai/sonata/internal/release"
)

// Frontend returns a frontend by slug or id, from memory, for a caller who may read what is live in the environment.
// Fault: NotFound.
func (d *Delivery) Frontend(ctx context.Context, ref, environment string) (*ent.Frontend, error) {
	f, _, err := d.environment(ctx, ref, environment)
	if err != nil {
		return nil, err
	}
	return f.row, nil
}

// WasLive returns the release with this number if an environment shows it or showed it once; nil when it never did.
// The caller may read the environment. Fault: NotFound.
func (d *Delivery) WasLive(ctx context.Context, ref, environment string, number int) (*release.View, error) {
	_, e, err := d.environment(ctx, ref, environment)
	if err != nil {
		return nil, err
	}
	if e.view == nil || e.view.Row.Number == number {
		return e.view, nil
	}
	id, err := d.history.release(ctx, d.store.Reader(ctx), e.row, number)
	if err != nil || id == "" {
		return nil, err
	}
	return d.releases.View(ctx, id)
}

// history knows which releases were live in each environment. It reads what it does not know yet.
type history struct {
	mu sync.Mutex
	of map[string]*past // by environment id
}

type past struct {
	sequence int             // of the last activation that was read
	releases map[int]string  // ids by number
	stand    map[string]bool // by id of a release: whether it was not withdrawn since it was live last
}

func newHistory() *history { return &history{of: map[string]*past{}} }

// release returns the id of the release with this number, or "".
func (h *history) release(ctx context.Context, db *ent.Client, e *ent.Environment, number int) (string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p, err := h.read(ctx, db, e)
	if err != nil {
		return "", err
	}
	return p.releases[number], nil
}

// stands reports whether a release is or was live in the environment and was not rolled back from since.
func (h *history) stands(ctx context.Context, db *ent.Client, e *ent.Environment, id string) (bool, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p, err := h.read(ctx, db, e)
	if err != nil {
		return false, err
	}
	return p.stand[id], nil
}

// read returns what happened in an environment up to the given state. It wants the lock.
func (h *history) read(ctx context.Context, db *ent.Client, e *ent.Environment) (*past, error) {
	p := h.of[e.ID]
	if p == nil {
		p = &past{releases: map[int]string{}, stand: map[string]bool{}}
		h.of[e.ID] = p
	}
	if p.sequence < e.Sequence {
		rows, err := db.Activation.Query().Where(activation.EnvironmentID(e.ID), activation.SequenceGT(p.sequence),
			activation.SequenceLTE(e.Sequence)).Order(activation.BySequence()).WithRelease().All(ctx)
		if err != nil {
			return nil, fmt.Errorf("read activations: %w", err)
		}
		for _, row := range rows {
			p.releases[row.Edges.Release.Number] = row.ReleaseID
			if row.Kind == activation.KindROLL_BACK && row.PreviousID != nil {
				p.stand[*row.PreviousID] = false
			}
			p.stand[row.ReleaseID] = true
		}
		p.sequence = e.Sequence
	}
	return p, nil
}
