package access

import (
	"context"
	"crypto/subtle"
	"fmt"
	"sync/atomic"

	"sonata.ai/sonata/ent/member"
	"sonata.ai/sonata/internal/store"
)

// SetUp is the right to make an admin of everything. Its token is shown on the console and kept in memory only, so that
// each start gives another, until there is an admin.
type SetUp struct{ token string }

// OpenSetUp returns a right that has a token of its own; nil when an admin of everything can sign in.
func OpenSetUp(ctx context.Context, s *store.Store) (*SetUp, error) {
	if there, err := hasAdmin(ctx, s.Reader(ctx), ""); err != nil || there {
		return nil, err
	}
	return &SetUp{token: newSecret()}, nil
}

// Token is what the link on the console carries.
func (s *SetUp) Token() string { return s.token }

// Matches reports whether a token is the one of the link.
func (s *SetUp) Matches(token string) bool {
	return subtle.ConstantTimeCompare([]byte(token), []byte(s.token)) == 1
}

// firstMember knows whether somebody can sign in. Once somebody could, it says so until the process ends, whatever
// becomes of the member.
type firstMember struct {
	there atomic.Bool
	told  func() // called once, when somebody can
}

// OnFirstMember sets what is called, once, when the first member exists that can sign in. Call it before the ledger is
// followed.
func (c *Credentials) OnFirstMember(f func()) { c.first.told = f }

// MembersExist reports whether a member has been there that can sign in: one that was invited and has not set a
// password yet does not count.
func (c *Credentials) MembersExist(ctx context.Context) (bool, error) {
	if c.first.there.Load() {
		return true, nil
	}
	some, err := c.store.Reader(ctx).Member.Query().Where(member.PasswordHashNEQ("")).Exist(ctx)
	if err != nil {
		return false, fmt.Errorf("look for members: %w", err)
	}
	if some && c.first.there.CompareAndSwap(false, true) && c.first.told != nil {
		c.first.told()
	}
	return some, nil
}
