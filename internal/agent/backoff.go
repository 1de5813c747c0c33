package agent

import (
	"math/rand/v2"
	"time"
)

// backoff is how long to wait after each of several failures in a row.
type backoff struct {
	first, longest time.Duration
	failures       int
}

// next is how long to wait now: twice as long as the time before up to the longest, and a quarter more or less, so that
// what failed together is not tried again together.
func (b *backoff) next() time.Duration {
	wait := b.longest
	if b.failures < 20 {
		wait = min(b.longest, b.first<<b.failures)
	}
	b.failures++
	return time.Duration(float64(wait) * (0.75 + rand.Float64()/2))
}

// reset makes the next wait the first one.
func (b *backoff) reset() { b.failures = 0 }
