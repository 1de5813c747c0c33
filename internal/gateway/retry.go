package gateway

import "sync"

// budget bounds retries to a tenth of the requests, so that a service that is overloaded is not asked twice as often for it.
// It begins empty: at every moment at most 1.1 times the requests have been sent.
type budget struct {
	mu     sync.Mutex
	tenths int
}

const maxTenths = 100 // ten retries at once

func (b *budget) deposit() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tenths = min(b.tenths+1, maxTenths)
}

func (b *budget) withdraw() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.tenths < 10 {
		return false
	}
	b.tenths -= 10
	return true
}
