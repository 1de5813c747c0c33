package graph

import (
	"context"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/graph/model"
	"sonata.ai/sonata/internal/access"
	"sonata.ai/sonata/internal/principal"
)

// memberOf maps a member with the grants that the caller may see.
func (r *Resolver) memberOf(ctx context.Context, row *ent.Member) (*model.Member, error) {
	if row == nil {
		return nil, nil
	}
	grants, err := r.grantsOf(ctx, access.Visible(ctx, principal.MembersRead, row))
	state := model.MemberStateActive
	if row.PasswordHash == "" {
		state = model.MemberStateInvited
	}
	return &model.Member{
		ID: row.ID, Email: row.Email, Name: row.Name, State: state, Grants: grants, CreatedAt: row.CreatedAt.UTC(),
		LastSignedInAt: utc(row.LastSignedInAt), Row: row,
	}, err
}

func (r *Resolver) memberNode(ctx context.Context, id string) (model.Node, error) {
	row, err := r.Members.Get(ctx, id)
	if err != nil {
		return nil, absent(err)
	}
	m, err := r.memberOf(ctx, row)
	return found(m, err)
}

func (r *Resolver) members(ctx context.Context, first *int, after *string) (*model.MemberConnection, error) {
	w, err := readWindow(first, after, 20)
	if err != nil {
		return nil, err
	}
	rows, total, err := r.Members.List(ctx, w.after, w.limit())
	if err != nil {
		return nil, err
	}
	edges, info := paginate(w, rows, func(m *ent.Member) string { return m.Email }, func(c string, m *ent.Member) model.MemberEdge {
		node, failed := r.memberOf(ctx, m)
		if failed != nil {
			err = failed
		}
		return model.MemberEdge{Cursor: c, Node: node}
	})
	return &model.MemberConnection{Edges: edges, PageInfo: info, TotalCount: total}, err
}

func (r *Resolver) memberPayload(ctx context.Context, row *ent.Member, err error) (*model.MemberPayload, error) {
	failures, err := refused(err)
	if err != nil {
		return nil, err
	}
	m, err := r.memberOf(ctx, row)
	return &model.MemberPayload{Member: m, UserErrors: failures}, err
}

func (r *Resolver) linkPayload(ctx context.Context, row *ent.Member, link access.Link, err error) (*model.MemberLinkPayload, error) {
	failures, err := refused(err)
	if err != nil {
		return nil, err
	}
	m, err := r.memberOf(ctx, row)
	out := &model.MemberLinkPayload{Member: m, Link: optional(link.URL), UserErrors: failures}
	if row != nil {
		out.ExpiresAt = &link.Expires
	}
	return out, err
}

// sessionPayload answers as who the caller is from now on.
func (r *Resolver) sessionPayload(ctx context.Context, who principal.Principal, err error) (*model.SessionPayload, error) {
	failures, err := refused(err)
	if err != nil || len(failures) > 0 {
		return &model.SessionPayload{UserErrors: failures}, err
	}
	viewer, err := r.viewer(principal.With(ctx, who))
	return &model.SessionPayload{Viewer: viewer, UserErrors: failures}, err
}

func (r *Resolver) viewerMember(ctx context.Context, of principal.Principal) (*model.Member, error) {
	if of.Credential != principal.SessionCredential {
		return nil, nil
	}
	ctx = principal.With(ctx, of)
	row, err := r.Members.Get(ctx, of.ID)
	if err != nil {
		return nil, absent(err)
	}
	return r.memberOf(ctx, row)
}

func grantsIn(in []model.GrantInput) []access.GrantInput {
	return mapAll(in, func(g model.GrantInput) access.GrantInput {
		return access.GrantInput{Role: principal.Role(g.Role), Frontend: text(g.Frontend), Environments: g.Environments.Value()}
	})
}

func memberIn(in model.MemberUpdateInput) access.MemberUpdate {
	out := access.MemberUpdate{ID: in.ID, Name: in.Name.Value()}
	if grants := in.Grants.Value(); grants != nil {
		given := grantsIn(grants)
		out.Grants = &given
	}
	return out
}
