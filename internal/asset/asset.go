// Package asset keeps the pictures of frontends: taken in as nothing but pixels, stored by the hash of their content,
// served from any origin for ever, and collected once nothing uses them.
package asset

import (
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/semaphore"

	"sonata.ai/sonata/ent"
	entasset "sonata.ai/sonata/ent/asset"
	"sonata.ai/sonata/internal/store"
)

// TopicChanged is the event of a picture that was uploaded or collected.
const TopicChanged = "asset.changed"

// Changed is the payload of TopicChanged.
type Changed struct {
	Frontend string `json:"frontend"`
	Asset    string `json:"asset"`
}

// Assets is the verbs on pictures.
type Assets struct {
	store   *store.Store
	storage Storage
	now     func() time.Time

	uploads  *semaphore.Weighted // bodies in memory
	decoding *semaphore.Weighted // megapixels being decoded

	swept time.Time // when storage was last searched for files without a row
}

// New returns the verbs.
func New(s *store.Store, storage Storage) *Assets {
	return &Assets{
		store: s, storage: storage, now: time.Now,
		uploads: semaphore.NewWeighted(maxUploads), decoding: semaphore.NewWeighted(maxDecoding),
	}
}

// batch is how many hashes are asked for at once: databases bound the parameters of a query.
const batch = 500

// Known returns what is served of the pictures of a frontend with these hashes; those it does not have are left out.
func Known(ctx context.Context, c *ent.Client, frontendID string, hashes []string) (map[string]Meta, error) {
	known := map[string]Meta{}
	for some := range slices.Chunk(hashes, batch) {
		rows, err := c.Asset.Query().Where(entasset.FrontendID(frontendID), entasset.HashIn(some...)).All(ctx)
		if err != nil {
			return nil, fmt.Errorf("read assets: %w", err)
		}
		for _, row := range rows {
			known[row.Hash] = metaOf(row)
		}
	}
	return known, nil
}

func metaOf(row *ent.Asset) Meta {
	return Meta{Width: row.Width, Height: row.Height, Placeholder: row.Placeholder, ContentType: row.ContentType}
}
