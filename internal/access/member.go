package access

import (
	"context"
	"fmt"
	"net/mail"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/member"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/frontend"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/store"
)

// Members is the verbs on people, their sessions and their one-time links.
type Members struct {
	store     *store.Store
	passwords *Passwords
	attempts  failures
	setup     *SetUp
	baseURL   func() string
}

// NewMembers returns the verbs; baseURL is where the studio is, for links.
func NewMembers(s *store.Store, passwords *Passwords, setup *SetUp, baseURL func() string) (*Members, error) {
	a, err := newFailures(s)
	if err != nil {
		return nil, err
	}
	return &Members{store: s, passwords: passwords, attempts: a, setup: setup, baseURL: baseURL}, nil
}

// hasAdmin looks for an admin of everything who can sign in, besides one.
func hasAdmin(ctx context.Context, c *ent.Client, but string) (bool, error) {
	rows, err := c.Member.Query().Where(member.IDNEQ(but), member.PasswordHashNEQ("")).All(ctx)
	if err != nil {
		return false, fmt.Errorf("read members: %w", err)
	}
	return slices.ContainsFunc(rows, func(row *ent.Member) bool { return adminOfAll(principal.DecodeGrants(row.Grants)) }), nil
}

// Get returns the member with this id. Fault: NotFound, also for a caller who may see none of its grants.
func (m *Members) Get(ctx context.Context, id string) (*ent.Member, error) {
	return getMember(ctx, m.store.Reader(ctx), id, principal.MembersRead)
}

// Find returns the member with this email address. Faults: Invalid, NotFound, also for a caller who may see none of its
// grants.
func (m *Members) Find(ctx context.Context, email string) (*ent.Member, error) {
	email, err := normalEmail(email)
	if err != nil {
		return nil, err
	}
	row, err := m.store.Reader(ctx).Member.Query().Where(member.Email(email)).Only(ctx)
	if ent.IsNotFound(err) || err == nil && len(Visible(ctx, principal.MembersRead, row)) == 0 {
		return nil, fault.NotFoundf("there is no member with the address %s", email).At("email")
	}
	if err != nil {
		return nil, fmt.Errorf("read member: %w", err)
	}
	return row, nil
}

func getMember(ctx context.Context, c *ent.Client, id, scope string) (*ent.Member, error) {
	row, err := c.Member.Get(ctx, id)
	if ent.IsNotFound(err) || err == nil && row.ID != principal.From(ctx).ID && len(Visible(ctx, scope, row)) == 0 {
		return nil, fault.NotFoundf("there is no member with this id").At("id")
	}
	if err != nil {
		return nil, fmt.Errorf("read member: %w", err)
	}
	return row, nil
}

// Visible returns the grants of a member that the caller may see (members:read) or change (members:write). Everybody
// sees their own.
func Visible(ctx context.Context, scope string, row *ent.Member) []principal.Grant {
	p, all := principal.From(ctx), principal.DecodeGrants(row.Grants)
	if row.ID == p.ID && scope == principal.MembersRead {
		return all
	}
	return slices.DeleteFunc(all, func(g principal.Grant) bool {
		return !p.Can(scope, principal.Place{Frontend: g.Frontend})
	})
}

// List returns the members of whom the caller may see a grant, by email; those after the email after, at most limit.
func (m *Members) List(ctx context.Context, after string, limit int) (rows []*ent.Member, total int, err error) {
	all, err := m.store.Reader(ctx).Member.Query().Order(member.ByEmail()).All(ctx)
	if err != nil {
		return nil, 0, fmt.Errorf("read members: %w", err)
	}
	for _, row := range all {
		if len(Visible(ctx, principal.MembersRead, row)) == 0 {
			continue
		}
		total++
		if row.Email > after && len(rows) < limit {
			rows = append(rows, row)
		}
	}
	return rows, total, nil
}

// normalEmail is the one spelling of an address. Fault: Invalid.
func normalEmail(raw string) (string, error) {
	email := strings.ToLower(norm.NFKC.String(strings.TrimSpace(raw)))
	parsed, err := mail.ParseAddress(email)
	if err != nil || parsed.Address != email || len(email) > 254 || strings.ContainsFunc(email, frontend.UnfitForNames) || strings.ContainsAny(email, " \"'<>()\\,;:") {
		return "", fault.Invalidf("%q is not an email address", clip(raw)).At("email")
	}
	return email, nil
}

// GrantInput is a grant to give.
type GrantInput struct {
	Role         principal.Role
	Frontend     string // slug or id; "" for every frontend
	Environments []string
}

// maxGrants bounds the grants of one member.
const maxGrants = 50

// resolve turns inputs into grants that the caller may give. Faults: Invalid, NotFound, Forbidden, Exhausted.
func resolve(ctx context.Context, tx *store.Tx, inputs []GrantInput) ([]principal.Grant, error) {
	if len(inputs) == 0 || len(inputs) > maxGrants {
		return nil, fault.Invalidf("give 1 to %d grants", maxGrants).At("grants")
	}
	p, out := principal.From(ctx), []principal.Grant{}
	for i, in := range inputs {
		at := func(f *fault.Error) error { return f.At("grants", fmt.Sprint(i)) }
		g := principal.Grant{Role: in.Role, Environments: slices.Sorted(slices.Values(in.Environments))}
		if len(g.Environments) > 20 {
			return nil, at(fault.Exhaustedf("a grant names at most 20 environments").WithCode("LIMIT"))
		}
		if in.Frontend != "" {
			owner, err := frontend.Find(ctx, tx.Client(), in.Frontend, principal.MembersWrite)
			if f := fault.As(err); f != nil {
				return nil, at(f)
			}
			if err != nil {
				return nil, err
			}
			g.Frontend = owner.ID
			if err := environmentsExist(ctx, tx, owner, g.Environments, principal.MembersWrite); err != nil {
				return nil, err
			}
		}
		if !p.Covers(g) || !p.CanAll(principal.MembersWrite, g) {
			return nil, at(fault.Forbiddenf("you can give only what you hold yourself, where you may invite: leave this grant out, or ask an admin of everything"))
		}
		out = append(out, g)
	}
	return out, nil
}

// adminOfAll is the grant that at least one member who can sign in must keep.
func adminOfAll(grants []principal.Grant) bool {
	return slices.ContainsFunc(grants, func(g principal.Grant) bool {
		return g.Role == principal.Admin && g.Frontend == "" && len(g.Environments) == 0
	})
}

// keepAnAdmin refuses what would leave no admin of everything who can sign in. It reads inside the transaction, and
// transactions write one after the other: of two admins who remove each other one stays.
func keepAnAdmin(ctx context.Context, tx *store.Tx, without *ent.Member) error {
	if without.PasswordHash == "" || !adminOfAll(principal.DecodeGrants(without.Grants)) {
		return nil
	}
	if others, err := hasAdmin(ctx, tx.Client(), without.ID); err != nil || others {
		return err
	}
	return fault.Forbiddenf("%s is the last admin of everything: make somebody else one first", without.Name).At("id")
}

func recordMember(tx *store.Tx, action string, row *ent.Member, detail map[string]any) {
	tx.Record(store.Fact{
		Topic: TopicChanged, Payload: Changed{Member: row.ID}, Action: action,
		SubjectID: row.ID, SubjectLabel: row.Email, Detail: detail,
	})
}
