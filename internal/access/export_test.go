package access

import (
	"context"
	"testing"
	"time"

	"sonata.ai/sonata/internal/store"
)

// At sets the clock.
func (r *Refusals) At(now func() time.Time) { r.now = now }

// Sweep removes what is old.
func (r *Refusals) Sweep(ctx context.Context) error { return r.sweep(ctx) }

// NewPasswordQueue returns passwords with so many workers and places to wait.
func NewPasswordQueue(workers, queue int, patience time.Duration) *Passwords {
	return newPasswords(workers, queue, patience)
}

// Turn is one worker at work until done is called.
func (p *Passwords) Turn(ctx context.Context) (done func(), err error) { return p.turn(ctx) }

// Waiting is how many wait for a turn.
func (p *Passwords) Waiting() int { return len(p.waiting) }

// SetPasswords replaces how passwords are hashed and compared.
func (m *Members) SetPasswords(p *Passwords) { m.passwords = p }

// CountWork tells of each hash how much work it is.
func (p *Passwords) CountWork(count func(kib uint64)) {
	p.derive = func(c cost, password string, salt []byte) []byte {
		count(c.work())
		return c.derive(password, salt)
	}
}

// HashOf is a hash that costs so much.
func (p *Passwords) HashOf(password string, memory, time uint32) string {
	return p.newHash(password, cost{memory, time})
}

// Work is what one hash of today is.
func Work() uint64 { return today().work() }

// ForgetAttempts makes nobody's attempts count.
func (m *Members) ForgetAttempts(t testing.TB) {
	t.Helper()
	if a, ok := m.attempts.(*attempts); ok {
		a.seen.Purge()
		return
	}
	err := m.store.Count(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.SignInFailure.Delete().Exec(ctx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Patience sets how long a hasher may idle, and how long it may take.
func (h *Hashers) Patience(idles, takes time.Duration) { h.idles, h.takes = idles, takes }

// Derive is a hash of today.
func (h *Hashers) Derive(password string, salt []byte) []byte {
	return h.derive(today(), password, salt)
}

// DeriveHere is the same in this process.
func DeriveHere(password string, salt []byte) []byte { return today().derive(password, salt) }
