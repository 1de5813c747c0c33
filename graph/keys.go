package graph

import (
	"context"
	"slices"
	"time"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/graph/model"
	"sonata.ai/sonata/internal/access"
	"sonata.ai/sonata/internal/principal"
)

func keyOf(row *ent.APIKey) *model.APIKey {
	return mapped(row, func(row *ent.APIKey) model.APIKey {
		return model.APIKey{
			ID: row.ID, Name: row.Name, Prefix: row.Prefix, Scopes: nonNil(slices.Clone(row.Scopes)), Environments: nonNil(row.Environments),
			Services: nonNil(row.Services), Publishable: row.Publishable, RequestsPerMinute: row.RequestsPerMinute,
			CreatedAt: row.CreatedAt.UTC(), CreatedBy: actorOf(principal.Decode(row.CreatedBy)), LastUsedAt: utc(row.UsedAt),
			ExpiresAt: utc(row.ExpiresAt), RotatedAt: utc(row.RotatedAt), RevokedAt: utc(row.RevokedAt), Row: row,
		}
	})
}

func utc(t *time.Time) *time.Time {
	return mapped(t, func(t *time.Time) time.Time { return t.UTC() })
}

func keyIn(in model.APIKeyCreateInput) access.KeyInput {
	return access.KeyInput{
		Name: in.Name, Frontend: text(in.Frontend), Scopes: in.Scopes, Environments: in.Environments.Value(), Services: in.Services.Value(),
		Publishable: in.Publishable, ExpiresAt: in.ExpiresAt.Value(), RequestsPerMinute: in.RequestsPerMinute.Value(),
	}
}

func keyPayload(row *ent.APIKey, secret string, err error) (*model.APIKeyCreatePayload, error) {
	failures, err := refused(err)
	return &model.APIKeyCreatePayload{APIKey: keyOf(row), Secret: optional(secret), UserErrors: failures}, err
}

// keys is a page of the keys that the caller may see; of one frontend, or of all for "".
func (r *Resolver) keys(ctx context.Context, frontendID string, first *int, after *string) (*model.APIKeyConnection, error) {
	w, err := readWindow(first, after, 20)
	if err != nil {
		return nil, err
	}
	rows, total, err := r.Keys.List(ctx, frontendID, w.after, w.limit())
	edges, info := paginate(w, rows, func(k *ent.APIKey) string { return k.ID }, func(c string, k *ent.APIKey) model.APIKeyEdge {
		return model.APIKeyEdge{Cursor: c, Node: keyOf(k)}
	})
	return &model.APIKeyConnection{Edges: edges, PageInfo: info, TotalCount: total}, err
}
