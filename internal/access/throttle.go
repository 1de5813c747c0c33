package access

import (
	"net/netip"
	"strings"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"sonata.ai/sonata/internal/fault"
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

// attempts counts failed attempts to sign in per account, known or not, and per address.
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

// refuse refuses an attempt of which it is known beforehand that it would not be let through; it counts nothing. Fault:
// Exhausted, in the same words whether the account exists or not.
func (a *attempts) refuse(account, source string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.over(account, source)
}

func (a *attempts) over(account, source string) error {
	for _, of := range []struct {
		key   string
		limit int
	}{{ofAccount(account), attemptsPerAccount}, {ofSource(source), attemptsPerSource}} {
		if w := a.window(of.key); w.count >= of.limit {
			wait := int(attemptsWithin.Seconds()-a.now().Sub(w.began).Seconds()) + 1
			return tooManyf(wait, "too many attempts to sign in failed: try again in %d minutes", (wait+59)/60)
		}
	}
	return nil
}

func ofAccount(account string) string { return "account " + account }
func ofSource(source string) string   { return "source " + network(source) }

// begin counts an attempt as failed until it succeeds, so that many at once count as many. Call it when the password
// will be compared: what was never tried is nobody's failure. Fault: Exhausted, as of refuse.
func (a *attempts) begin(account, source string) error {
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

// succeeded takes the attempt back, and forgets those that failed for the account.
func (a *attempts) succeeded(account, source string) {
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
	w, ok := a.seen.Get(key)
	if now := a.now(); !ok || now.Sub(w.began) >= attemptsWithin {
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
