package document

import (
	"context"
	"fmt"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/store"
)

// maxPublicAge is the most seconds that everybody may be given the same answer.
const maxPublicAge = 86_400

// UpdateInput is what is to change of a document.
type UpdateInput struct {
	ID           string
	SetPublic    bool // whether PublicMaxAge is meant
	PublicMaxAge *int // seconds; nil when answers are each reader's own
}

// Update changes what a document may be used for. Faults: NotFound, Invalid.
func (d *Documents) Update(ctx context.Context, in UpdateInput) (row *ent.TrustedDocument, err error) {
	if age := in.PublicMaxAge; age != nil && (*age < 1 || *age > maxPublicAge) {
		return nil, fault.Invalidf("publicMaxAge is 1 to %d seconds, not %d", maxPublicAge, *age).At("publicMaxAge")
	}
	err = d.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if row, err = get(ctx, tx.Client(), in.ID, principal.DocumentsWrite); err != nil {
			return err
		}
		change, detail := tx.TrustedDocument.UpdateOne(row), map[string]any{"hash": row.Hash}
		if in.SetPublic {
			detail["before"], detail["after"] = map[string]any{"publicMaxAge": row.PublicMaxAge}, map[string]any{"publicMaxAge": in.PublicMaxAge}
			change.ClearPublicMaxAge()
			if in.PublicMaxAge != nil {
				change.SetPublicMaxAge(*in.PublicMaxAge)
			}
		}
		if row, err = change.Save(ctx); err != nil {
			return fmt.Errorf("update document: %w", err)
		}
		tx.Record(store.Fact{
			Topic: TopicChanged, Payload: Changed{Frontend: row.FrontendID}, Action: "documentUpdate",
			Frontend: row.FrontendID, SubjectID: row.ID, SubjectLabel: row.Name, Detail: detail,
		})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return row.Unwrap(), nil
}
