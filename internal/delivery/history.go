package delivery

import (
	"context"
	"fmt"
	"sync"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/activation"
	"sonata.ai/sonata/internal/release"
)

// Frontend returns a frontend by slug or id, from memory. Fault: NotFound.
func (d *Delivery) Frontend(ctx context.Context, ref string) (*ent.Frontend, error) {
	f, err := d.find(ctx, ref)
	if err != nil {
		return nil, err
	}
	return f.row, nil
}

// WasLive returns the release with this number if an environment shows it or showed it once; nil when it never did.
// Fault: NotFound.
func (d *Delivery) WasLive(ctx context.Context, ref, environment string, number int) (*release.View, error) {
	f, err := d.find(ctx, ref)
	if err != nil {
		return nil, err
	}
	e, err := f.environment(environment)
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
	sequence int            // of the last activation that was read
	releases map[int]string // ids by number
}

func newHistory() *history { return &history{of: map[string]*past{}} }

// release returns the id of the release with this number, or "".
func (h *history) release(ctx context.Context, db *ent.Client, e *ent.Environment, number int) (string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.of[e.ID]
	if p == nil {
		p = &past{releases: map[int]string{}}
		h.of[e.ID] = p
	}
	if p.sequence < e.Sequence {
		rows, err := db.Activation.Query().Where(activation.EnvironmentID(e.ID), activation.SequenceGT(p.sequence),
			activation.SequenceLTE(e.Sequence)).WithRelease().All(ctx)
		if err != nil {
			return "", fmt.Errorf("read activations: %w", err)
		}
		for _, row := range rows {
			p.releases[row.Edges.Release.Number] = row.ReleaseID
		}
		p.sequence = e.Sequence
	}
	return p.releases[number], nil
}
