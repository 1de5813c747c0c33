package screen

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"sonata.ai/sonata/ent"
	entscreen "sonata.ai/sonata/ent/screen"
	"sonata.ai/sonata/ent/screenedit"
	"sonata.ai/sonata/internal/asset"
	"sonata.ai/sonata/internal/component"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/frontend"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/store"
)

// CreateInput is a new screen.
type CreateInput struct {
	Frontend string // id or slug
	Key      string
	Title    string
	Path     string          // pattern; "" for a shared part
	Body     json.RawMessage // nil: one empty page block
}

// Create makes a screen; the key of a deleted one can be used again. Faults: NotFound, Invalid, Conflict with code
// TAKEN, Exhausted.
func (s *Screens) Create(ctx context.Context, in CreateInput) (row *ent.Screen, err error) {
	err = s.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		owner, err := frontend.Find(ctx, tx.Client(), in.Frontend, principal.ContentWrite)
		if err != nil {
			return err
		}
		catalogue, err := s.components.Catalogue(ctx, owner.ID)
		if err != nil {
			return err
		}
		body, err := firstBody(in.Body, catalogue)
		if err != nil {
			return err
		}
		d := Draft{Key: in.Key, Title: in.Title, Path: in.Path, Body: body}
		row, err = s.create(ctx, tx, owner, d, catalogue, "screenCreate")
		return err
	})
	if err != nil {
		return nil, err
	}
	return row.Unwrap(), nil
}

func firstBody(raw json.RawMessage, catalogue component.Catalogue) (Body, error) {
	if raw == nil || string(raw) == "null" {
		return NewBody("page", env(catalogue).NewestMajor("page")), nil
	}
	body, err := ParseBody(raw)
	if f := fault.As(err); f != nil {
		return body, f.At("body")
	}
	return body, err
}

// create writes a new screen, or brings a deleted one back under its key with new content.
func (s *Screens) create(ctx context.Context, tx *store.Tx, owner *ent.Frontend, d Draft, catalogue component.Catalogue, action string) (*ent.Screen, error) {
	if err := frontend.CheckKey("key", d.Key); err != nil {
		return nil, err
	}
	if err := checkHead(d.Title, d.Path); err != nil {
		return nil, err
	}
	for _, block := range d.Body.Order(nil) {
		err := refuseUnsafe(d.Body, []string{block}, catalogue)
		if err == nil {
			err = refuseForeignPictures(ctx, tx, owner, d.Body, []string{block})
		}
		if f := fault.As(err); f != nil {
			return nil, f.At("body").WithPointer("/blocks/" + block + "/props" + f.Pointer)
		}
		if err != nil {
			return nil, err
		}
	}
	old, err := tx.Screen.Query().Where(entscreen.FrontendID(owner.ID), entscreen.Key(d.Key)).WithFrontend().Only(ctx)
	switch {
	case ent.IsNotFound(err):
		return s.insert(ctx, tx, owner, d, action)
	case err != nil:
		return nil, fmt.Errorf("look for key: %w", err)
	case !old.Deleted:
		return nil, fault.Conflictf("the frontend %s has a screen %s already", owner.Slug, d.Key).WithCode("TAKEN").At("key")
	}
	return s.save(ctx, tx, old, change{kind: screenedit.KindWHOLE, action: action, draft: d})
}

func (s *Screens) insert(ctx context.Context, tx *store.Tx, owner *ent.Frontend, d Draft, action string) (*ent.Screen, error) {
	count, err := tx.Screen.Query().Where(entscreen.FrontendID(owner.ID)).Count(ctx)
	if err != nil {
		return nil, fmt.Errorf("count screens: %w", err)
	}
	if count >= maxScreens {
		return nil, fault.Exhaustedf("a frontend has at most %d screens, deleted ones included", maxScreens).WithCode("LIMIT")
	}
	body, err := d.Body.Canonical()
	if err != nil {
		return nil, err
	}
	hash, err := d.Hash()
	if err != nil {
		return nil, err
	}
	create := tx.Screen.Create().SetFrontendID(owner.ID).SetKey(d.Key).SetTitle(d.Title).SetBody(string(body)).
		SetContentHash(hash).SetUpdatedBy(principal.From(ctx).Encode())
	if d.Path != "" {
		create.SetPath(d.Path)
	}
	row, err := create.Save(ctx)
	if err != nil {
		return nil, fmt.Errorf("create screen: %w", err)
	}
	if err := asset.Touch(ctx, tx, owner.ID, asset.HashesIn(row.Body), time.Now()); err != nil {
		return nil, err
	}
	tx.Record(store.Fact{
		Topic: TopicEdited, Payload: Edited{Frontend: owner.ID, Screen: row.ID, Version: row.Version}, Action: action,
		Frontend: owner.ID, SubjectID: row.ID, SubjectLabel: owner.Slug + "/" + d.Key, Detail: map[string]any{"title": d.Title, "path": d.Path},
	})
	return row, nil
}

// DuplicateInput names what to copy and the new screen.
type DuplicateInput struct{ ID, Key, Title, Path string }

// Duplicate makes a screen with the draft of another. Faults as for Create.
func (s *Screens) Duplicate(ctx context.Context, in DuplicateInput) (row *ent.Screen, err error) {
	err = s.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		source, err := Get(ctx, tx.Client(), in.ID, principal.ContentWrite)
		if err != nil {
			return err
		}
		d, err := DraftOf(source)
		if err != nil {
			return err
		}
		catalogue, err := s.components.Catalogue(ctx, source.FrontendID)
		if err != nil {
			return err
		}
		d.Key, d.Title, d.Path = in.Key, in.Title, in.Path
		row, err = s.create(ctx, tx, source.Edges.Frontend, d, catalogue, "screenDuplicate")
		return err
	})
	if err != nil {
		return nil, err
	}
	return row.Unwrap(), nil
}
