package access

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"sonata.ai/sonata/ent/apikey"
	"sonata.ai/sonata/ent/memberlink"
	"sonata.ai/sonata/ent/session"
	"sonata.ai/sonata/ent/signinfailure"
	"sonata.ai/sonata/internal/store"
)

// uses are the credentials that were used since they were last written down.
type uses struct {
	mu   sync.Mutex
	last map[string]time.Time // by id of the credential, to the minute
}

func newUses() *uses { return &uses{last: map[string]time.Time{}} }

func (u *uses) note(id string, now time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if at := now.UTC().Truncate(time.Minute); at.After(u.last[id]) {
		u.last[id] = at
	}
}

func (u *uses) take() map[string]time.Time {
	u.mu.Lock()
	defer u.mu.Unlock()
	taken := u.last
	u.last = map[string]time.Time{}
	return taken
}

// writeUses is how often uses are written: off the path of requests. A process that is killed loses that much.
const writeUses = 20 * time.Second

// Run writes when credentials were last used until ctx ends, and once more then.
func (c *Credentials) Run(ctx context.Context, onError func(error)) error {
	ticker := time.NewTicker(writeUses)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return c.writeUses(context.WithoutCancel(ctx))
		case <-ticker.C:
			if err := c.writeUses(ctx); err != nil && ctx.Err() == nil {
				onError(err)
			}
		}
	}
}

func (c *Credentials) writeUses(ctx context.Context) error {
	taken := c.uses.take()
	if len(taken) == 0 {
		return nil
	}
	err := c.store.Count(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		for id, at := range taken {
			if strings.HasPrefix(id, "key_") {
				err = tx.APIKey.Update().Where(apikey.ID(id), apikey.Or(apikey.UsedAtIsNil(), apikey.UsedAtLT(at))).SetUsedAt(at).Exec(ctx)
			} else {
				err = tx.Session.Update().Where(session.ID(id), session.UsedAtLT(at)).SetUsedAt(at).Exec(ctx)
			}
			if err != nil {
				return fmt.Errorf("write use: %w", err)
			}
		}
		return nil
	})
	if err != nil {
		for id, at := range taken {
			c.uses.note(id, at)
		}
	}
	return err
}

// sweepAfter is how long what has ended is left alone: the last use of a session is written a while after it.
const sweepAfter = time.Hour

// Sweep removes sessions, one-time links and counts of failures to sign in that ended before now. Keys that ended stay: the audit log names them.
func (c *Credentials) Sweep(ctx context.Context, now time.Time) error {
	now = now.UTC().Add(-sweepAfter)
	return c.store.Count(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Session.Delete().Where(session.Or(session.ExpiresAtLT(now), session.UsedAtLT(now.Add(-sessionIdle)))).Exec(ctx); err != nil {
			return fmt.Errorf("sweep sessions: %w", err)
		}
		if _, err := tx.MemberLink.Delete().Where(memberlink.ExpiresAtLT(now)).Exec(ctx); err != nil {
			return fmt.Errorf("sweep one-time links: %w", err)
		}
		if _, err := tx.SignInFailure.Delete().Where(signinfailure.BeganLT(now)).Exec(ctx); err != nil {
			return fmt.Errorf("sweep failures to sign in: %w", err)
		}
		return nil
	})
}
