package access

import (
	"context"
	"time"
)

// At sets the clock.
func (r *Refusals) At(now func() time.Time) { r.now = now }

// Sweep removes what is old.
func (r *Refusals) Sweep(ctx context.Context) error { return r.sweep(ctx) }
