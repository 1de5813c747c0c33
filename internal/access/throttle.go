package access

import (
	"context"
	"net/netip"
	"strings"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/store"
)

// TooMany is the detail of a fault of kind Exhausted that ends by itself.
type TooMany struct{ Seconds int }

func tooManyf(seconds int, format string, args ...any) *fault.Error {
	return fault.Exhaustedf(format, args...).WithCode("RATE_LIMITED").WithDetail(TooMany{Seconds: seconds})
}

// How many attempts to sign in fail before the next are refused unread, within attemptsWithin.
const (
	attemptsPerAccount = 10
	attemptsPerSource  = 30
	attemptsWithin     = 10 * time.Minute
	maxAttemptKeys     = 50_000 // accounts and addresses that are remembered
)

// failures counts failed attempts to sign in per account, known or not, and per address. In memory it is exact for one
// process, in a database for all that are on it.
type failures interface {
	// refuse refuses an attempt of which it is known beforehand that it would not be let through; it counts nothing.
	// Fault: Exhausted, in the same words whether the account exists or not.
	refuse(ctx context.Context, account, source string) error
	// begin counts an attempt as failed until it succeeds, so that many at once count as many. Call it when the
	// password will be compared: what was never tried is nobody's failure. Fault: Exhausted, as of refuse.
	begin(ctx context.Context, account, source string) error
	// succeeded takes the attempt back, and forgets those that failed for the account.
	succeeded(ctx context.Context, account, source string)
}

func newFailures(s *store.Store) (failures, error) {
	if s.Address().IsPostgres() {
		return &sharedAttempts{store: s}, nil
	}
	return newAttempts()
}

// attempts is failures of one process, in memory.
type attempts struct {
	mu   sync.Mutex
	seen *lru.Cache[string, window]
	now  func() time.Time
}

type window struct {
	began time.Time
	count int
}

func newAttempts() (*attempts, error) {
	seen, err := lru.New[string, window](maxAttemptKeys)
	if err != nil {
		return nil, err
	}
	return &attempts{seen: seen, now: time.Now}, nil
}

func (a *attempts) refuse(_ context.Context, account, source string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.over(account, source)
}

func (a *attempts) over(account, source string) error {
	return overAttempts(a.window(ofAccount(account)), a.window(ofSource(source)), a.now())
}

// overAttempts refuses when either window is full.
func overAttempts(account, source window, now time.Time) error {
	for _, of := range []struct {
		window
		limit int
	}{{account, attemptsPerAccount}, {source, attemptsPerSource}} {
		if of.count >= of.limit {
			wait := int(attemptsWithin.Seconds()-now.Sub(of.began).Seconds()) + 1
			return tooManyf(wait, "too many attempts to sign in failed: try again in %d minutes", (wait+59)/60)
		}
	}
	return nil
}

func ofAccount(account string) string { return "account " + account }
func ofSource(source string) string   { return "source " + network(source) }

func (a *attempts) begin(_ context.Context, account, source string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.over(account, source); err != nil {
		return err
	}
	for _, key := range []string{ofAccount(account), ofSource(source)} {
		w := a.window(key)
		w.count++
		a.seen.Add(key, w)
	}
	return nil
}

func (a *attempts) succeeded(_ context.Context, account, source string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.seen.Remove(ofAccount(account))
	key := ofSource(source)
	if w := a.window(key); w.count > 0 {
		w.count--
		a.seen.Add(key, w)
	}
}

func (a *attempts) window(key string) window {
	w, _ := a.seen.Get(key)
	return w.at(a.now())
}

// backward is how far the clock may lie behind the beginning of a window: more is a clock that was set back, and the
// window has ended.
const backward = time.Minute

// at is the window, or a new one when it has ended.
func (w window) at(now time.Time) window {
	if since := now.Sub(w.began); since >= attemptsWithin || since < -backward {
		return window{began: now}
	}
	return w
}

// network is what one party holds of the address space: an IPv4 address, or the /64 of an IPv6 one.
func network(address string) string {
	ip, err := netip.ParseAddr(strings.Trim(address, "[]"))
	if err != nil {
		return address
	}
	if ip.Is4() {
		return address // there is one way to write it
	}
	if ip = ip.Unmap(); ip.Is4() {
		return ip.String()
	}
	prefix, err := ip.WithZone("").Prefix(64)
	if err != nil {
		return address
	}
	return prefix.String()
}
