package access

import (
	"context"
	"fmt"
	"time"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/member"
	"sonata.ai/sonata/ent/memberlink"
	"sonata.ai/sonata/ent/session"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/frontend"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/store"
)

// How long one-time links work.
const (
	invitedFor = 3 * 24 * time.Hour
	resetFor   = 24 * time.Hour
)

// Link is a one-time link to hand over. It is kept nowhere.
type Link struct {
	URL     string
	Expires time.Time
}

// InviteInput is a person to invite.
type InviteInput struct {
	Email, Name string
	Grants      []GrantInput
}

// Invite makes a member who has no password yet, and a link to set one. Faults: Invalid, Conflict with code TAKEN,
// NotFound, Forbidden for what the caller does not hold.
func (m *Members) Invite(ctx context.Context, in InviteInput) (row *ent.Member, link Link, err error) {
	email, err := normalEmail(in.Email)
	if err != nil {
		return nil, link, err
	}
	if err := frontend.CheckName("name", in.Name, 1, 200); err != nil {
		return nil, link, err
	}
	err = m.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		grants, err := resolve(ctx, tx, in.Grants)
		if err != nil {
			return err
		}
		taken, err := tx.Member.Query().Where(member.Email(email)).Exist(ctx)
		if err != nil {
			return fmt.Errorf("look for email: %w", err)
		}
		if taken {
			return fault.Conflictf("there is a member with this address already").WithCode("TAKEN").At("email")
		}
		if row, err = tx.Member.Create().SetEmail(email).SetName(in.Name).SetGrants(principal.EncodeGrants(grants)).Save(ctx); err != nil {
			return fmt.Errorf("create member: %w", err)
		}
		if link, err = m.newLink(ctx, tx, row); err != nil {
			return err
		}
		recordMember(tx, "memberInvite", row, map[string]any{"name": in.Name, "grants": grants})
		return nil
	})
	if err != nil {
		return nil, Link{}, err
	}
	return row.Unwrap(), link, nil
}

// newLink makes the one link of a member; those before end.
func (m *Members) newLink(ctx context.Context, tx *store.Tx, row *ent.Member) (Link, error) {
	if _, err := tx.MemberLink.Delete().Where(memberlink.MemberID(row.ID)).Exec(ctx); err != nil {
		return Link{}, fmt.Errorf("end links: %w", err)
	}
	token, lasts := newSecret(), invitedFor
	if row.PasswordHash != "" {
		lasts = resetFor
	}
	expires := time.Now().UTC().Add(lasts).Truncate(time.Second)
	if err := tx.MemberLink.Create().SetMemberID(row.ID).SetTokenHash(hashOf(token)).SetExpiresAt(expires).Exec(ctx); err != nil {
		return Link{}, fmt.Errorf("create link: %w", err)
	}
	return Link{URL: m.baseURL() + "/studio/join#" + token, Expires: expires}, nil
}

// mayRule refuses what a caller may do to a member only who may change every grant of it: who could set the password of
// a stronger account would have it.
func mayRule(ctx context.Context, row *ent.Member) error {
	for _, g := range principal.DecodeGrants(row.Grants) {
		if !principal.From(ctx).CanAll(principal.MembersWrite, g) || !principal.From(ctx).Covers(g) {
			return fault.Forbiddenf("%s may do things that you cannot give: ask an admin of everything", row.Name).At("id")
		}
	}
	return nil
}

// CreateLink makes a new one-time link and ends those before. Faults: NotFound, Forbidden.
func (m *Members) CreateLink(ctx context.Context, id string) (row *ent.Member, link Link, err error) {
	err = m.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if row, err = getMember(ctx, tx.Client(), id, principal.MembersWrite); err != nil {
			return err
		}
		if err := mayRule(ctx, row); err != nil {
			return err
		}
		if link, err = m.newLink(ctx, tx, row); err != nil {
			return err
		}
		recordMember(tx, "memberLinkCreate", row, map[string]any{"expiresAt": link.Expires.Format(time.RFC3339)})
		return nil
	})
	if err != nil {
		return nil, Link{}, err
	}
	return row.Unwrap(), link, nil
}

// MemberUpdate changes a member: nil stays as it is.
type MemberUpdate struct {
	ID     string
	Name   *string
	Grants *[]GrantInput
}

// Update changes a member. Faults: NotFound, Invalid, Forbidden.
func (m *Members) Update(ctx context.Context, in MemberUpdate) (row *ent.Member, err error) {
	err = m.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		found, err := getMember(ctx, tx.Client(), in.ID, principal.MembersWrite)
		if err != nil {
			return err
		}
		change, detail := tx.Member.UpdateOne(found), map[string]any{}
		if in.Name != nil {
			if err := frontend.CheckName("name", *in.Name, 1, 200); err != nil {
				return err
			}
			change.SetName(*in.Name)
			detail["name"] = *in.Name
		}
		if in.Grants != nil {
			grants, err := regrant(ctx, tx, found, *in.Grants)
			if err != nil {
				return err
			}
			change.SetGrants(principal.EncodeGrants(grants))
			detail["grants"], detail["before"] = grants, principal.DecodeGrants(found.Grants)
		}
		if row, err = change.Save(ctx); err != nil {
			return fmt.Errorf("update member: %w", err)
		}
		recordMember(tx, "memberUpdate", row, detail)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return row.Unwrap(), nil
}

// regrant replaces the grants that the caller may change; the others stay.
func regrant(ctx context.Context, tx *store.Tx, row *ent.Member, inputs []GrantInput) ([]principal.Grant, error) {
	if row.ID == principal.From(ctx).ID {
		return nil, fault.Forbiddenf("nobody changes their own grants: ask another admin").At("grants")
	}
	fresh, err := resolve(ctx, tx, inputs)
	if err != nil {
		return nil, err
	}
	for _, old := range principal.DecodeGrants(row.Grants) {
		if !principal.Can(ctx, principal.MembersWrite, principal.Place{Frontend: old.Frontend}) {
			fresh = append(fresh, old)
		} else if !principal.From(ctx).Covers(old) {
			return nil, fault.Forbiddenf("%s may do things that you cannot give: ask an admin of everything", row.Name).At("grants")
		}
	}
	if !adminOfAll(fresh) {
		if err := keepAnAdmin(ctx, tx, row); err != nil {
			return nil, err
		}
	}
	return fresh, nil
}

// Remove ends a member with all sessions and links. Faults: NotFound, Forbidden.
func (m *Members) Remove(ctx context.Context, id string) error {
	return m.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		row, err := getMember(ctx, tx.Client(), id, principal.MembersWrite)
		if err != nil {
			return err
		}
		if err := mayRule(ctx, row); err != nil {
			return err
		}
		if err := keepAnAdmin(ctx, tx, row); err != nil {
			return err
		}
		if err := endSessions(ctx, tx, row.ID, ""); err != nil {
			return err
		}
		if _, err := tx.MemberLink.Delete().Where(memberlink.MemberID(row.ID)).Exec(ctx); err != nil {
			return fmt.Errorf("end links: %w", err)
		}
		if err := tx.Member.DeleteOne(row).Exec(ctx); err != nil {
			return fmt.Errorf("remove member: %w", err)
		}
		recordMember(tx, "memberRemove", row, map[string]any{"name": row.Name})
		return nil
	})
}

// EndSessions ends every session of a member: one's own, or of somebody whom the caller may rule. Faults: NotFound,
// Forbidden.
func (m *Members) EndSessions(ctx context.Context, id string) (row *ent.Member, err error) {
	err = m.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if row, err = getMember(ctx, tx.Client(), id, principal.MembersWrite); err != nil {
			return err
		}
		if row.ID != principal.From(ctx).ID {
			if err := mayRule(ctx, row); err != nil {
				return err
			}
		}
		if err := endSessions(ctx, tx, row.ID, ""); err != nil {
			return err
		}
		recordMember(tx, "memberSessionsEnd", row, map[string]any{})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return row.Unwrap(), nil
}

// endSessions ends the sessions of a member but one.
func endSessions(ctx context.Context, tx *store.Tx, memberID, but string) error {
	if _, err := tx.Session.Delete().Where(session.MemberID(memberID), session.IDNEQ(but)).Exec(ctx); err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	return nil
}
