package asset

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"sonata.ai/sonata/ent"
	entasset "sonata.ai/sonata/ent/asset"
	"sonata.ai/sonata/ent/blob"
	entscreen "sonata.ai/sonata/ent/screen"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/store"
)

const (
	collectEvery = time.Hour
	collectMost  = 500 // rows of one pass: it holds the one writing connection
	sweepEvery   = 24 * time.Hour
	sweepAfter   = 24 * time.Hour // younger files may be those of an upload that another process is at
)

// Collect removes pictures that no draft shows, no release pins and no edit of the last 30 days took or gave up, and
// once a day files that no row knows of. It returns the hashes of the pictures that frontends lost. A release that
// exists keeps its pictures for ever: whoever rolls back finds them. One goroutine calls it at a time. Fault: Conflict
// when the files are those of another database: then it leaves them alone.
func (a *Assets) Collect(ctx context.Context) (gone []string, err error) {
	now := a.now().UTC()
	if gone, err = a.forget(ctx, now); err != nil {
		return nil, err
	}
	sweeps := now.Sub(a.swept) >= sweepEvery
	if len(gone) == 0 && !sweeps {
		return gone, nil
	}
	if err := a.mayRemove(ctx); err != nil {
		return gone, err
	}
	// Rows before files: a crash in between leaves files that are swept later. The other way round it would leave a
	// picture in the list that cannot be shown.
	if err := a.removeFiles(ctx, gone); err != nil || !sweeps {
		return gone, err
	}
	a.swept = now
	return gone, a.sweep(ctx, now)
}

// mayRemove refuses to remove files that somebody else put there: a second server that was pointed at the same place
// knows none of them, and would take all of them for leftovers.
func (a *Assets) mayRemove(ctx context.Context) error {
	name, err := a.store.Installation(ctx)
	if err != nil {
		return err
	}
	owner, err := a.storage.Owner(ctx, name)
	if err != nil {
		return err
	}
	if owner != name {
		return fault.Conflictf("the stored pictures are those of another database: nothing is removed there. Give each server a folder or prefix of its own with --assets")
	}
	return nil
}

// forget removes rows, in one transaction with the look at what is used: no draft can take a picture in between.
func (a *Assets) forget(ctx context.Context, now time.Time) (gone []string, err error) {
	ctx = principal.With(ctx, principal.Sonata())
	err = a.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		old, err := untouched(ctx, tx.Client(), now)
		if err != nil || len(old) == 0 {
			return err
		}
		used, err := inUse(ctx, tx.Client())
		if err != nil {
			return err
		}
		old = Collectable(old, used, now.Unix())
		for _, c := range old[:min(len(old), collectMost)] {
			if err := tx.Asset.DeleteOneID(c.ID).Exec(ctx); err != nil {
				return fmt.Errorf("remove asset: %w", err)
			}
			tx.Record(store.Fact{
				Topic: TopicChanged, Payload: Changed{Frontend: c.Frontend, Asset: c.ID}, Action: "assetCollect",
				Frontend: c.Frontend, SubjectID: c.ID, SubjectLabel: c.Label, Detail: map[string]any{"hash": c.Hash},
			})
			gone = append(gone, c.Hash)
		}
		return nil
	})
	return gone, err
}

func untouched(ctx context.Context, c *ent.Client, now time.Time) ([]Candidate, error) {
	rows, err := c.Asset.Query().Where(entasset.TouchedAtLTE(now.Add(-keepSeconds * time.Second))).
		Order(entasset.ByTouchedAt()).WithFrontend().All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read assets: %w", err)
	}
	old := make([]Candidate, len(rows))
	for i, row := range rows {
		old[i] = Candidate{
			ID: row.ID, Frontend: row.FrontendID, Hash: row.Hash, Label: row.Edges.Frontend.Slug + "/" + row.Name,
			Touched: row.TouchedAt.Unix(),
		}
	}
	return old, nil
}

// inUse returns the pictures that drafts show and releases pin, of all frontends together.
func inUse(ctx context.Context, c *ent.Client) (map[string]bool, error) {
	used := map[string]bool{}
	drafts, err := c.Screen.Query().Where(entscreen.Deleted(false), entscreen.BodyContains(`"`+EnvelopeKey+`"`)).
		Select(entscreen.FieldBody).Strings(ctx)
	if err != nil {
		return nil, fmt.Errorf("read drafts: %w", err)
	}
	for _, hash := range HashesIn(drafts...) {
		used[hash] = true
	}
	pinned, err := c.Blob.Query().Where(blob.KindEQ(blob.KindASSETS)).Select(blob.FieldBody).Strings(ctx)
	if err != nil {
		return nil, fmt.Errorf("read releases: %w", err)
	}
	for _, body := range pinned {
		var metas map[string]json.RawMessage
		if err := json.Unmarshal([]byte(body), &metas); err != nil {
			return nil, fmt.Errorf("read pinned assets: %w", err)
		}
		for hash := range metas {
			used[hash] = true
		}
	}
	return used, nil
}

// removeFiles removes the files of those pictures that no frontend has any more.
func (a *Assets) removeFiles(ctx context.Context, hashes []string) error {
	for _, hash := range hashes {
		if err := a.removeUnknown(ctx, hash); err != nil {
			return err
		}
	}
	return nil
}

func (a *Assets) removeUnknown(ctx context.Context, hash string) error {
	removal, err := a.beginRemoval(ctx, hash)
	if err != nil || removal == "" {
		return err
	}
	within, cancel := context.WithTimeout(ctx, removeWithin)
	defer cancel()
	if err := a.storage.Delete(within, hash); err != nil {
		return fmt.Errorf("remove picture: %w", err)
	}
	return a.endRemoval(ctx, removal)
}

// sweep removes the files that an upload or a collection left behind when it was cut off, and forgets the removals that no
// upload can be surprised by any more.
func (a *Assets) sweep(ctx context.Context, now time.Time) error {
	var old []string
	err := a.storage.List(ctx, func(hash string, stored time.Time) error {
		if now.Sub(stored) > sweepAfter {
			old = append(old, hash)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("list pictures: %w", err)
	}
	return errors.Join(a.removeFiles(ctx, old), a.forgetRemovals(ctx))
}

// Run collects until ctx ends. What fails is tried again an hour later.
func (a *Assets) Run(ctx context.Context, onError func(error)) error {
	ticker := time.NewTicker(collectEvery)
	defer ticker.Stop()
	for {
		if _, err := a.Collect(ctx); err != nil && ctx.Err() == nil {
			onError(err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}
