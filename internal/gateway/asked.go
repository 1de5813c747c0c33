package gateway

import (
	"context"
	"errors"
	"time"

	"sonata.ai/sonata/internal/figures"
)

// Figures are what the service was asked within the last five minutes. Questions that clients gave up are not among them, and
// neither are probes and subscriptions.
func (r *Remote) Figures() figures.Figures { return r.figures.Read() }

// Totals are what the service was asked since the Remote was made.
func (r *Remote) Totals() figures.Totals { return r.figures.Totals() }

// asked counts a question with what became of it once its answer was looked through.
func (r *Remote) asked(ctx context.Context, took time.Duration, err error) {
	var f *Fault
	errors.As(err, &f)
	switch {
	case f != nil && f.Code == CodeCircuitOpen:
		r.figures.Refuse()
	case err != nil && (errors.Is(ctx.Err(), context.Canceled) || errors.Is(err, errNotAsked)): // that says nothing of the service
	case err != nil && ctx.Err() != nil && took < r.options.Deadline/2: // others had used up the time
	default:
		r.figures.Note(took, err != nil)
	}
}
