package access

import (
	"context"
	"crypto/subtle"
	"fmt"
	"sync/atomic"
	"time"

	"sonata.ai/sonata/ent/member"
	"sonata.ai/sonata/internal/store"
)

// SetUp is the right to make an admin of everything. Its token is shown on the console and kept in memory only, so that
// each start gives another, until there is an admin. Of several processes on one PostgreSQL each knows the tokens of the
// others for a day: who opens the link may reach any of them.
type SetUp struct {
	token   string
	secrets *store.Secrets // nil when there is only one process
	purpose string
}

// othersFor is how long the token of another process works here.
const othersFor = 24 * time.Hour

// OpenSetUp returns a right that has a token of its own; nil when an admin of everything can sign in.
func OpenSetUp(ctx context.Context, s *store.Store, secrets *store.Secrets) (*SetUp, error) {
	if there, err := hasAdmin(ctx, s.Reader(ctx), ""); err != nil || there {
		return nil, err
	}
	if !s.Address().IsPostgres() {
		return &SetUp{token: newSecret()}, nil
	}
	installation, err := s.Installation(ctx)
	if err != nil {
		return nil, err
	}
	purpose := "set up " + installation
	return &SetUp{token: secrets.Seal(purpose, []byte(time.Now().UTC().Format(time.RFC3339))), secrets: secrets, purpose: purpose}, nil
}

// Token is what the link on the console carries.
func (s *SetUp) Token() string { return s.token }

// Matches reports whether a token is the one of a link that works.
func (s *SetUp) Matches(token string) bool {
	if subtle.ConstantTimeCompare([]byte(token), []byte(s.token)) == 1 {
		return true
	}
	if s.secrets == nil {
		return false
	}
	made, ok := s.secrets.Open(s.purpose, token)
	if !ok {
		return false
	}
	at, err := time.Parse(time.RFC3339, string(made))
	return err == nil && time.Since(at) < othersFor
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
