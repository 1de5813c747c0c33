package screen

import (
	"context"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/internal/asset"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/store"
)

// refuseForeignPictures refuses blocks that name a picture which the frontend does not have, or name it in a form that
// is none. Fault: Invalid, with the pointer into the props.
func refuseForeignPictures(ctx context.Context, tx *store.Tx, owner *ent.Frontend, body Body, keys []string) error {
	for _, key := range keys {
		uses, bad := asset.Find(body.Blocks[key].Props)
		if len(bad) > 0 {
			return fault.Invalidf("%s: %s", key, bad[0].Message).WithPointer(bad[0].Pointer)
		}
		var hashes []string
		for _, use := range uses {
			hashes = append(hashes, use.Hash)
		}
		known, err := asset.Known(ctx, tx.Client(), owner.ID, hashes)
		if err != nil {
			return err
		}
		for _, use := range uses {
			if _, has := known[use.Hash]; !has {
				return fault.Invalidf("%s: the frontend %s has no such picture: upload it first with PUT /assets?frontend=%s and use the hash that it answers",
					key, owner.Slug, owner.Slug).WithPointer(use.Pointer)
			}
		}
	}
	return nil
}
