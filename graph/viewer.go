package graph

import (
	"context"
	"time"

	"sonata.ai/sonata/ent/frontend"
	"sonata.ai/sonata/graph/model"
	"sonata.ai/sonata/internal/access"
	"sonata.ai/sonata/internal/principal"
)

func (r *Resolver) viewer(ctx context.Context) (*model.Viewer, error) {
	who := principal.From(ctx)
	grants, err := r.grantsOf(ctx, who.Grants)
	return &model.Viewer{
		Actor: actorOf(&who.Actor), Credential: model.CredentialKind(who.Credential), Scopes: who.Scopes(), Grants: grants, Who: who,
	}, err
}

// grantsOf reads the slugs of the frontends where grants hold. That of a frontend that is gone is null.
func (r *Resolver) grantsOf(ctx context.Context, grants []principal.Grant) ([]model.Grant, error) {
	slugs := map[string]string{}
	for _, g := range grants {
		if g.Frontend != "" {
			slugs[g.Frontend] = ""
		}
	}
	if len(slugs) > 0 {
		ids := make([]string, 0, len(slugs))
		for id := range slugs {
			ids = append(ids, id)
		}
		rows, err := r.Store.Reader(ctx).Frontend.Query().Where(frontend.IDIn(ids...)).All(ctx)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			slugs[row.ID] = row.Slug
		}
	}
	return mapAll(grants, func(g principal.Grant) model.Grant {
		out := model.Grant{
			Scopes: g.All(), Frontend: optional(g.Frontend), FrontendSlug: optional(slugs[g.Frontend]),
			Environments: nonNil(g.Environments), Services: nonNil(g.Services),
		}
		if g.Role != "" {
			role := model.Role(g.Role)
			out.Role = &role
		}
		return out
	}), nil
}

func rateLimitOf(left access.Budget, limited bool) *model.RateLimit {
	if !limited {
		return nil
	}
	return &model.RateLimit{Limit: left.Limit, Remaining: left.Remaining, ResetAt: time.Now().Add(left.Reset).UTC()}
}
