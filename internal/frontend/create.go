package frontend

import (
	"context"
	"fmt"
	"slices"

	"sonata.ai/sonata/ent"
	entenv "sonata.ai/sonata/ent/environment"
	entfrontend "sonata.ai/sonata/ent/frontend"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/store"
)

// CreateInput is a new frontend.
type CreateInput struct {
	Slug, Name string
	Origins    []string
	PreviewURL *string
	// UsageEnabled lets its reports of usage count from the beginning.
	UsageEnabled bool
}

// Create registers a frontend with the environments production (PUBLIC) and staging (KEY). It takes
// frontends:write for every frontend. Faults: Forbidden, Invalid, Conflict with code TAKEN, Exhausted.
func (f *Frontends) Create(ctx context.Context, in CreateInput) (row *ent.Frontend, err error) {
	if !principal.Can(ctx, principal.FrontendsWrite, principal.Place{}) {
		return nil, fault.Forbiddenf("a new frontend needs the scope %s for every frontend: ask somebody who holds it", principal.FrontendsWrite)
	}
	origins, err := in.check()
	if err != nil {
		return nil, err
	}
	err = f.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		taken, err := tx.Frontend.Query().Where(entfrontend.Slug(in.Slug)).Exist(ctx)
		if err != nil {
			return fmt.Errorf("look for slug: %w", err)
		}
		if taken {
			return fault.Conflictf("there is a frontend %s already", in.Slug).WithCode("TAKEN").At("slug")
		}
		row, err = tx.Frontend.Create().SetSlug(in.Slug).SetName(in.Name).SetOrigins(origins).
			SetNillablePreviewURL(in.PreviewURL).SetUsageEnabled(in.UsageEnabled).Save(ctx)
		if err != nil {
			return fmt.Errorf("create frontend: %w", err)
		}
		for _, e := range []struct {
			key      string
			delivery entenv.Delivery
		}{{Production, entenv.DeliveryPUBLIC}, {Staging, entenv.DeliveryKEY}} {
			if err := tx.Environment.Create().SetFrontendID(row.ID).SetKey(e.key).SetDelivery(e.delivery).Exec(ctx); err != nil {
				return fmt.Errorf("create environment: %w", err)
			}
		}
		tx.Record(store.Fact{
			Topic: TopicChanged, Payload: Changed{Frontend: row.ID}, Action: "frontendCreate",
			Frontend: row.ID, SubjectID: row.ID, SubjectLabel: row.Slug, Detail: map[string]any{"name": in.Name, "origins": origins, "usageEnabled": in.UsageEnabled},
		})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return row.Unwrap(), nil
}

func (in CreateInput) check() ([]string, error) {
	if err := CheckKey("slug", in.Slug); err != nil {
		return nil, err
	}
	if slices.Contains([]string{"join", "members", "setup"}, in.Slug) { // the studio has pages of these names beside those of frontends
		return nil, fault.Invalidf("the slug %q is reserved for a page of the studio: choose another", in.Slug).At("slug")
	}
	if err := CheckText("name", in.Name, 1, 200); err != nil {
		return nil, err
	}
	if err := checkPreviewURL(in.PreviewURL); err != nil {
		return nil, err
	}
	return CheckOrigins(in.Origins)
}
