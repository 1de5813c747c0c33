package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/idempotencyrecord"
	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
)

// Once runs fn unless the same principal already succeeded with this mutation and key within a day; then it fills
// result with what was kept. The record commits with the change itself, for success only. An empty key runs fn
// always. Faults: Invalid with code IDEMPOTENCY_MISMATCH when the key came with another input, or when it is longer
// than 200 characters.
func Once[T any](ctx context.Context, tx *Tx, mutation, key string, input any, result *T, fn func() error) error {
	if key == "" {
		return fn()
	}
	if len(key) > 200 {
		return fault.Invalidf("the idempotency key is longer than 200 characters").At("idempotencyKey")
	}
	hash, err := canonical.HashOf(input)
	if err != nil {
		return fmt.Errorf("hash input: %w", err)
	}
	who := principal.From(ctx).ID
	found, err := tx.IdempotencyRecord.Query().Where(idempotencyrecord.Principal(who),
		idempotencyrecord.Mutation(mutation), idempotencyrecord.Key(key)).Only(ctx)
	switch {
	case ent.IsNotFound(err):
	case err != nil:
		return fmt.Errorf("read idempotency record: %w", err)
	case time.Since(found.CreatedAt) > keepIdempotency:
		if err := tx.IdempotencyRecord.DeleteOne(found).Exec(ctx); err != nil {
			return fmt.Errorf("drop idempotency record: %w", err)
		}
	case found.InputHash != hash:
		return fault.Invalidf("the idempotency key was used with another input: use a new key for a new request").
			WithCode("IDEMPOTENCY_MISMATCH").At("idempotencyKey")
	default:
		return json.Unmarshal([]byte(found.Result), result)
	}
	if err := fn(); err != nil {
		return err
	}
	kept, err := json.Marshal(result)
	if err != nil {
		return fmt.Errorf("encode result: %w", err)
	}
	err = tx.IdempotencyRecord.Create().SetPrincipal(who).SetMutation(mutation).SetKey(key).
		SetInputHash(hash).SetResult(string(kept)).Exec(ctx)
	if ent.IsConstraintError(err) { // on another frontend, which has its own turn
		return fault.Invalidf("the idempotency key is used by another request at this moment: use a new key for a new request").
			WithCode("IDEMPOTENCY_MISMATCH").At("idempotencyKey")
	}
	return err
}
