package asset

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"runtime/debug"
	"strings"
	"time"
	"unicode"

	"golang.org/x/sync/semaphore"

	"sonata.ai/sonata/ent"
	entasset "sonata.ai/sonata/ent/asset"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/frontend"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/store"
)

// Memory is bounded by how much is taken in at once: bodies of at most MaxBytes, and pixels of at most 16 bytes each
// while they are decoded. Who has to wait too long is told to come again.
const (
	maxUploads  = 8
	maxDecoding = MaxPixels / 1_000_000
	waitAtMost  = 10 * time.Second
	largePixels = 10_000_000 // from here memory is given back at once
)

// UploadInput is a file and what it is for.
type UploadInput struct {
	Frontend string // id or slug
	Name     string // of the file; shown, never trusted
	Body     io.Reader
}

// Upload takes a picture in; created is false when the frontend has the very same already. Faults: NotFound, Invalid
// (with the code UNSUPPORTED_MEDIA_TYPE for what is no picture), Exhausted, Unavailable when too much is going on.
func (a *Assets) Upload(ctx context.Context, in UploadInput) (row *ent.Asset, created bool, err error) {
	owner, err := frontend.Find(ctx, a.store.Reader(ctx), in.Frontend, principal.ContentWrite)
	if err != nil {
		return nil, false, err
	}
	if err := acquire(ctx, a.uploads, 1); err != nil {
		return nil, false, err
	}
	defer a.uploads.Release(1)
	raw, err := readBody(in.Body)
	if err != nil {
		return nil, false, err
	}
	picture, err := a.process(ctx, raw)
	if err != nil {
		return nil, false, err
	}
	return a.keep(ctx, owner, plainName(in.Name), picture)
}

func acquire(ctx context.Context, s *semaphore.Weighted, n int64) error {
	ctx, cancel := context.WithTimeout(ctx, waitAtMost)
	defer cancel()
	if err := s.Acquire(ctx, n); err != nil {
		return fault.Unavailablef("too many pictures are being uploaded: try again in a moment").Because(err)
	}
	return nil
}

func readBody(body io.Reader) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(body, MaxBytes+1))
	if err != nil {
		return nil, fault.Invalidf("the picture did not arrive whole: upload it again").Because(err)
	}
	if len(raw) > MaxBytes {
		return nil, fault.Exhaustedf("a picture is at most %d MB: make it smaller", MaxBytes>>20)
	}
	return raw, nil
}

// process decodes when there is memory for it: a small picture does not wait for another small one.
func (a *Assets) process(ctx context.Context, raw []byte) (Picture, error) {
	h, err := Inspect(raw)
	if err != nil {
		return Picture{}, err
	}
	pixels := h.Width * h.Height
	megapixels := int64((pixels + 999_999) / 1_000_000)
	if err := acquire(ctx, a.decoding, megapixels); err != nil {
		return Picture{}, err
	}
	defer a.decoding.Release(megapixels)
	if pixels > largePixels {
		defer debug.FreeOSMemory() // before the next one may begin
	}
	return Process(raw, h)
}

// keep stores files and row. The files come first: without a row nobody knows of them and they are swept away, while a
// row without files would be a picture that is not there.
func (a *Assets) keep(ctx context.Context, owner *ent.Frontend, name string, p Picture) (row *ent.Asset, created bool, err error) {
	for {
		removal, err := a.untilRemoved(ctx, p.Hash)
		if err != nil {
			return nil, false, err
		}
		if err := a.storage.Put(ctx, p.Hash, p.Files); err != nil {
			return nil, false, fmt.Errorf("store picture: %w", err)
		}
		if row, created, err = a.keepRow(ctx, owner, name, p, removal); !errors.Is(err, errRemoved) {
			return row, created, err
		}
	}
}

// keepRow keeps the row of a picture whose files are there, unless they were removed after the removal that was seen:
// then it returns errRemoved.
func (a *Assets) keepRow(ctx context.Context, owner *ent.Frontend, name string, p Picture, removal *ent.AssetRemoval) (row *ent.Asset, created bool, err error) {
	err = a.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := stillThere(ctx, tx, p.Hash, removal); err != nil {
			return err
		}
		row, err = tx.Asset.Query().Where(entasset.FrontendID(owner.ID), entasset.Hash(p.Hash)).Only(ctx)
		switch {
		case err == nil:
			if row, err = tx.Asset.UpdateOne(row).SetTouchedAt(a.now().UTC()).Save(ctx); err != nil {
				return fmt.Errorf("touch asset: %w", err)
			}
			tx.Record(uploaded(owner, row, store.TopicNone))
			return nil
		case !ent.IsNotFound(err):
			return fmt.Errorf("look for asset: %w", err)
		}
		created = true
		row, err = tx.Asset.Create().SetFrontendID(owner.ID).SetHash(p.Hash).SetName(name).SetContentType(p.ContentType).
			SetWidth(p.Width).SetHeight(p.Height).SetSize(p.Size).SetPlaceholder(p.Placeholder).SetTouchedAt(a.now().UTC()).Save(ctx)
		if err != nil {
			return fmt.Errorf("create asset: %w", err)
		}
		tx.Record(uploaded(owner, row, TopicChanged))
		return nil
	})
	if err != nil {
		return nil, false, err
	}
	return row.Unwrap(), created, nil
}

// uploaded is the fact of an upload; its topic says whether there is a picture more.
func uploaded(owner *ent.Frontend, row *ent.Asset, topic string) store.Fact {
	return store.Fact{
		Topic: topic, Payload: Changed{Frontend: owner.ID, Asset: row.ID}, Action: "assetUpload",
		Frontend: owner.ID, SubjectID: row.ID, SubjectLabel: owner.Slug + "/" + row.Name,
		Detail: map[string]any{"hash": row.Hash, "changed": topic == TopicChanged},
	}
}

// maxName is how many characters of a file name are kept.
const maxName = 200

// plainName keeps of a file name what is safe to show: no folders, nothing that cannot be seen or that turns the
// direction of the text around it.
func plainName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) {
			return -1
		}
		return r
	}, name)
	if runes := []rune(name); len(runes) > maxName {
		name = string(runes[:maxName])
	}
	if name = strings.TrimSpace(name); strings.Trim(name, "./") == "" {
		return "picture"
	}
	return name
}
