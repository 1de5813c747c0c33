package frontend

import (
	"context"
	"fmt"

	"sonata.ai/sonata/ent"
	entfrontend "sonata.ai/sonata/ent/frontend"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/store"
)

// UpdateInput changes a frontend: nil stays as it is.
type UpdateInput struct {
	Frontend      string // id or slug
	Name          *string
	Origins       *[]string
	SetPreviewURL bool // whether PreviewURL counts; nil then removes it
	PreviewURL    *string
	UsageEnabled  *bool
}

// Update changes a frontend. Faults: NotFound, Invalid, Exhausted.
func (f *Frontends) Update(ctx context.Context, in UpdateInput) (row *ent.Frontend, err error) {
	err = f.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		found, err := Find(ctx, tx.Client(), in.Frontend, principal.FrontendsWrite)
		if err != nil {
			return err
		}
		change, detail := tx.Frontend.UpdateOne(found), map[string]any{}
		if in.Name != nil {
			if err := CheckText("name", *in.Name, 1, 200); err != nil {
				return err
			}
			change.SetName(*in.Name)
			detail["name"] = *in.Name
		}
		if in.Origins != nil {
			origins, err := CheckOrigins(*in.Origins)
			if err != nil {
				return err
			}
			change.SetOrigins(origins)
			detail["origins"] = origins
		}
		if in.SetPreviewURL {
			if err := checkPreviewURL(in.PreviewURL); err != nil {
				return err
			}
			if change.SetNillablePreviewURL(in.PreviewURL); in.PreviewURL == nil {
				change.ClearPreviewURL()
			}
			detail["previewUrl"] = in.PreviewURL
		}
		if in.UsageEnabled != nil {
			change.SetUsageEnabled(*in.UsageEnabled)
			detail["usageEnabled"] = *in.UsageEnabled
		}
		if row, err = change.Save(ctx); err != nil {
			return fmt.Errorf("update frontend: %w", err)
		}
		tx.Record(store.Fact{
			Topic: TopicChanged, Payload: Changed{Frontend: row.ID}, Action: "frontendUpdate",
			Frontend: row.ID, SubjectID: row.ID, SubjectLabel: row.Slug, Detail: detail,
		})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return row.Unwrap(), nil
}

// SetSafelist changes what becomes of documents that the frontend did not register, within a transaction of who checked
// that the caller may.
func SetSafelist(ctx context.Context, tx *store.Tx, f *ent.Frontend, mode string) (*ent.Frontend, error) {
	row, err := tx.Frontend.UpdateOne(f).SetSafelist(entfrontend.Safelist(mode)).Save(ctx)
	if err != nil {
		return nil, fmt.Errorf("update frontend: %w", err)
	}
	tx.Record(store.Fact{
		Topic: TopicChanged, Payload: Changed{Frontend: row.ID}, Action: "safelistSet",
		Frontend: row.ID, SubjectID: row.ID, SubjectLabel: row.Slug, Detail: map[string]any{"mode": mode, "before": string(f.Safelist)},
	})
	return row, nil
}
