package asset

import (
	"context"
	"fmt"
	"slices"
	"time"

	entasset "sonata.ai/sonata/ent/asset"
	"sonata.ai/sonata/internal/store"
)

// touchEvery spares a write to edits that follow each other closely; it is far shorter than keep.
const touchEvery = time.Hour

// Touch notes that drafts took or gave up these pictures, in the transaction that does it: a collection that runs
// meanwhile sees either the draft or the new time. So a picture also outlives the edit that removed it, and undo works.
func Touch(ctx context.Context, tx *store.Tx, frontendID string, hashes []string, now time.Time) error {
	for some := range slices.Chunk(hashes, batch) {
		_, err := tx.Asset.Update().Where(entasset.FrontendID(frontendID), entasset.HashIn(some...),
			entasset.TouchedAtLT(now.UTC().Add(-touchEvery))).SetTouchedAt(now.UTC()).Save(ctx)
		if err != nil {
			return fmt.Errorf("touch assets: %w", err)
		}
	}
	return nil
}
