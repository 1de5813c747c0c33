package access

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/apikey"
	"sonata.ai/sonata/ent/session"
	"sonata.ai/sonata/internal/event"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/store"
)

// Credentials turns tokens into principals and ends what a credential holds open once it ends or may do something else.
type Credentials struct {
	store *store.Store
	uses  *uses
	known *lru.Cache[string, principal.Principal] // by hash of the token
	turn  atomic.Int64                            // counts events, so that nothing read before one is kept after it

	first firstMember

	mu        sync.Mutex
	followers map[string]map[*follower]struct{} // by id of the credential
}

type follower struct {
	principal principal.Principal
	end       func()
}

// maxKnown bounds the credentials kept in memory.
const maxKnown = 10_000

// NewCredentials returns credentials of which none is known yet.
func NewCredentials(s *store.Store) (*Credentials, error) {
	known, err := lru.New[string, principal.Principal](maxKnown)
	if err != nil {
		return nil, err
	}
	return &Credentials{store: s, uses: newUses(), known: known, followers: map[string]map[*follower]struct{}{}}, nil
}

// Key returns who holds an API key. Fault: Unauthenticated, in the same words whatever is wrong with it.
func (c *Credentials) Key(ctx context.Context, token string) (principal.Principal, error) {
	return c.find(token, func(hash string) (principal.Principal, error) {
		row, err := c.store.Reader(ctx).APIKey.Query().Where(apikey.SecretHash(hash)).Only(ctx)
		if err != nil {
			return principal.Principal{}, err
		}
		return keyPrincipal(row, time.Now())
	}, "the API key is not valid: it may have ended or been revoked")
}

// Session returns who is signed in. Fault: Unauthenticated, in the same words whatever is wrong.
func (c *Credentials) Session(ctx context.Context, token string) (principal.Principal, error) {
	return c.find(token, func(hash string) (principal.Principal, error) {
		row, err := c.store.Reader(ctx).Session.Query().Where(session.TokenHash(hash)).WithMember().Only(ctx)
		if err != nil {
			return principal.Principal{}, err
		}
		return sessionPrincipal(row, time.Now())
	}, "the session has ended: sign in again")
}

func (c *Credentials) find(token string, read func(hash string) (principal.Principal, error), refusal string) (principal.Principal, error) {
	hash, turn := hashOf(token), c.turn.Load()
	if p, ok := c.known.Get(hash); ok && (p.Expires.IsZero() || time.Now().Before(p.Expires)) {
		c.uses.note(p.CredentialID, time.Now())
		return p, nil
	}
	p, err := read(hash)
	if ent.IsNotFound(err) || fault.KindOf(err) == fault.Unauthenticated {
		return principal.Principal{}, fault.Unauthenticatedf("%s", refusal)
	}
	if err != nil {
		return principal.Principal{}, fmt.Errorf("read credential: %w", err)
	}
	c.uses.note(p.CredentialID, time.Now())
	c.known.Add(hash, p)
	if c.turn.Load() != turn {
		c.known.Remove(hash)
	}
	return p, nil
}

// keyPrincipal is who a key makes its holder. Fault: Unauthenticated once it has ended.
func keyPrincipal(row *ent.APIKey, now time.Time) (principal.Principal, error) {
	if row.RevokedAt != nil || row.ExpiresAt != nil && !now.Before(*row.ExpiresAt) {
		return principal.Principal{}, fault.Unauthenticatedf("the key has ended")
	}
	g := principal.Grant{Scopes: row.Scopes, Environments: row.Environments, Services: row.Services}
	if row.FrontendID != nil {
		g.Frontend = *row.FrontendID
	}
	p := principal.Principal{
		Actor:  principal.Actor{ID: row.ID, Kind: principal.APIKey, Name: row.Name},
		Grants: []principal.Grant{g}, Credential: principal.KeyCredential, CredentialID: row.ID, Publishable: row.Publishable,
	}
	if row.ExpiresAt != nil {
		p.Expires = *row.ExpiresAt
	}
	if row.RequestsPerMinute != nil {
		p.RequestsPerMinute = *row.RequestsPerMinute
	}
	return p, nil
}

// sessionPrincipal is who a session makes its holder. Fault: Unauthenticated once it has ended.
func sessionPrincipal(row *ent.Session, now time.Time) (principal.Principal, error) {
	ends := row.UsedAt.Add(sessionIdle)
	if row.ExpiresAt.Before(ends) {
		ends = row.ExpiresAt
	}
	if !now.Before(ends) {
		return principal.Principal{}, fault.Unauthenticatedf("the session has ended")
	}
	m := row.Edges.Member
	return principal.Principal{
		Actor:  principal.Actor{ID: m.ID, Kind: principal.Member, Name: m.Name},
		Grants: principal.DecodeGrants(m.Grants), Credential: principal.SessionCredential, CredentialID: row.ID, Expires: ends,
	}, nil
}

// Follow calls end, once or more, when the credential of p ends or may do something else than p says. Call stop when
// nothing is open any more. A principal without a credential is never ended.
func (c *Credentials) Follow(ctx context.Context, p principal.Principal, end func()) (stop func()) {
	if p.CredentialID == "" {
		return func() {}
	}
	f := &follower{principal: p, end: end}
	c.mu.Lock()
	if c.followers[p.CredentialID] == nil {
		c.followers[p.CredentialID] = map[*follower]struct{}{}
	}
	c.followers[p.CredentialID][f] = struct{}{}
	c.mu.Unlock()
	var timer *time.Timer
	if !p.Expires.IsZero() {
		timer = time.AfterFunc(time.Until(p.Expires), end)
	}
	c.check(ctx, p.CredentialID) // it may have ended since p was read
	return func() {
		if timer != nil {
			timer.Stop()
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.followers[p.CredentialID], f)
		if len(c.followers[p.CredentialID]) == 0 {
			delete(c.followers, p.CredentialID)
		}
	}
}

// check reads a credential again and ends its followers for whom it is not what it was. What cannot be read ends them,
// too: rights that nobody can vouch for are none.
func (c *Credentials) check(ctx context.Context, id string) {
	now, err := c.read(ctx, id)
	c.mu.Lock()
	var gone []*follower
	for f := range c.followers[id] {
		if err != nil || !reflect.DeepEqual(now.Grants, f.principal.Grants) {
			gone = append(gone, f)
		}
	}
	c.mu.Unlock()
	for _, f := range gone {
		f.end()
	}
}

func (c *Credentials) read(ctx context.Context, id string) (principal.Principal, error) {
	if row, err := c.store.Reader(ctx).APIKey.Get(ctx, id); err == nil {
		return keyPrincipal(row, time.Now())
	}
	row, err := c.store.Reader(ctx).Session.Query().Where(session.ID(id)).WithMember().Only(ctx)
	if err != nil {
		return principal.Principal{}, err
	}
	return sessionPrincipal(row, time.Now())
}

// Apply follows the ledger: what an event names is forgotten and read again.
func (c *Credentials) Apply(ctx context.Context, e event.Event) error {
	if e.Topic != TopicChanged {
		return nil
	}
	var changed Changed
	if err := json.Unmarshal([]byte(e.Payload), &changed); err != nil {
		return fmt.Errorf("event %d: %w", e.Seq, err)
	}
	c.turn.Add(1)
	for _, hash := range c.known.Keys() {
		if p, ok := c.known.Peek(hash); ok && (p.ID == changed.Member || p.ID == changed.Key) {
			c.known.Remove(hash)
		}
	}
	for _, id := range c.followed(changed) {
		c.check(ctx, id)
	}
	_, err := c.MembersExist(ctx)
	return err
}

// followed returns the ids of the credentials that an event is about and that hold something open.
func (c *Credentials) followed(changed Changed) (ids []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, followers := range c.followers {
		for f := range followers {
			if f.principal.ID == changed.Member || f.principal.ID == changed.Key {
				ids = append(ids, id)
			}
			break
		}
	}
	return ids
}
