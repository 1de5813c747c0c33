package gateway

import (
	"cmp"
	"sync"
	"time"
)

// When a circuit opens, and for how long.
const (
	breakerWindow      = 10 * time.Second
	breakerConsecutive = 5   // failures one after the other
	breakerLeast       = 20  // outcomes within the window, from which on
	breakerRatio       = 0.5 // of them may fail
	breakerOpen        = 2 * time.Second
	breakerOpenMost    = 30 * time.Second
	breakerProbes      = 2 // successes that close it again
)

// breaker keeps requests away from a service that fails. Closed, it lets all through. Open, none, for a time that doubles
// with each try that fails, or until a service that was silent is heard again. Then half open: one at a time, until two in a
// row succeed.
type breaker struct {
	now      func() time.Time
	patience int // failures one after the other, at which it opens; 0 for breakerConsecutive

	mu          sync.Mutex
	consecutive int
	began       time.Time // of the window
	all, failed int       // in the window
	until       time.Time // open until then; zero when closed
	wait        time.Duration
	probing     bool
	succeeded   int  // probes in a row
	silent      bool // the last that was asked of it in passing had no answer
}

// outcome is what became of a request.
type outcome int

const (
	answered  outcome = iota // also with errors of GraphQL's
	faulty                   // no answer, or none that can be used
	withdrawn                // the client is gone: that says nothing of the service
)

// enter asks whether a request may be made; done has to be called with what became of it. Half open, the request is a probe.
func (b *breaker) enter() (done func(outcome), ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.until.IsZero() {
		return b.closed, true
	}
	if b.probing || b.now().Before(b.until) {
		return nil, false
	}
	b.probing = true
	return b.probed, true
}

// state says whether requests pass, are refused, or are probes.
func (b *breaker) state() Circuit {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.until.IsZero():
		return Closed
	case b.now().Before(b.until):
		return Open
	}
	return HalfOpen
}

func (b *breaker) closed(o outcome) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if o == withdrawn || !b.until.IsZero() { // one that began before it opened
		return
	}
	now := b.now()
	if now.Sub(b.began) > breakerWindow {
		b.began, b.all, b.failed = now, 0, 0
	}
	b.all++
	if o == answered {
		b.consecutive = 0
		return
	}
	b.failed++
	b.consecutive++
	if b.consecutive >= cmp.Or(b.patience, breakerConsecutive) || b.all >= breakerLeast && float64(b.failed) > breakerRatio*float64(b.all) {
		b.open(now, breakerOpen)
	}
}

func (b *breaker) probed(o outcome) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.probing = false
	switch o {
	case withdrawn:
	case faulty:
		b.open(b.now(), min(2*b.wait, breakerOpenMost))
	case answered:
		if b.succeeded++; b.succeeded >= breakerProbes {
			b.until, b.consecutive, b.succeeded, b.all, b.failed = time.Time{}, 0, 0, 0, 0
		}
	}
}

// note takes what became of a question that was asked whatever the state is.
func (b *breaker) note(o outcome) {
	if b.state() == Closed {
		b.closed(o)
		return
	}
	b.heard(o)
}

// refuse opens it at once: nobody listens there.
func (b *breaker) refuse() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.until.IsZero() {
		b.open(b.now(), breakerOpen)
	}
}

// heard takes what became of a question that passes by. A service that had no answer to such a one and has again is back, so
// that nobody has to wait any longer; one that answers them all the while, and nothing else, gains nothing by it.
func (b *breaker) heard(o outcome) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch now := b.now(); {
	case o == faulty:
		b.silent = true
	case o == answered && b.silent:
		b.silent = false
		if now.Before(b.until) {
			b.until, b.succeeded = now, 1
		}
	}
}

func (b *breaker) open(now time.Time, wait time.Duration) {
	b.until, b.wait, b.succeeded = now.Add(wait), wait, 0
}
