package store

import (
	"context"
	"fmt"
	"time"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/idempotencyrecord"
	"sonata.ai/sonata/ent/outbox"
)

// Seq returns the ledger's sequence: how many facts there are.
func (s *Store) Seq(ctx context.Context) (int64, error) {
	ledger, err := s.Reader(ctx).Ledger.Get(ctx, ledgerID)
	if err != nil {
		return 0, fmt.Errorf("read ledger: %w", err)
	}
	return ledger.Seq, nil
}

// Since returns at most limit events after the sequence number, in commit order.
func (s *Store) Since(ctx context.Context, seq int64, limit int) ([]*ent.Outbox, error) {
	events, err := s.read.Outbox.Query().Where(outbox.IDGT(seq)).Order(outbox.ByID()).Limit(limit).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	return events, nil
}

// How long rows are kept that only serve repetition and catching up.
const (
	keepIdempotency = 24 * time.Hour
	keepEvents      = 7 * 24 * time.Hour
)

// Sweep removes idempotency records older than a day and events older than a week.
func (s *Store) Sweep(ctx context.Context, now time.Time) error {
	if _, err := s.write.IdempotencyRecord.Delete().Where(idempotencyrecord.CreatedAtLT(now.Add(-keepIdempotency))).Exec(ctx); err != nil {
		return fmt.Errorf("sweep idempotency records: %w", err)
	}
	if _, err := s.write.Outbox.Delete().Where(outbox.CreatedAtLT(now.Add(-keepEvents))).Exec(ctx); err != nil {
		return fmt.Errorf("sweep events: %w", err)
	}
	return nil
}
