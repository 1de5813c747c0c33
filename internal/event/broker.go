// Package event carries what was committed to those who wait for it: a tailer that reads the ledger in order, and a
// broker that wakes streams. Neither ever blocks a publisher.
package event

import (
	"sync"
	"sync/atomic"
)

// Broker wakes subscribers. It carries no data: a woken subscriber reads the state it wants, so a slow one sees fewer,
// later states and nobody's queue grows.
type Broker struct {
	mu     sync.RWMutex
	topics map[string]map[*Subscription]struct{}
}

// NewBroker returns a broker without subscribers.
func NewBroker() *Broker { return &Broker{topics: map[string]map[*Subscription]struct{}{}} }

// Subscription is one waiting reader.
type Subscription struct {
	broker *Broker
	topics []string
	news   atomic.Bool
	wake   atomic.Pointer[func()]
}

// Subscribe begins to listen, with news: what the state is now. What happens from then on is news again.
func (b *Broker) Subscribe(topics ...string) *Subscription {
	s := &Subscription{broker: b, topics: topics}
	s.news.Store(true)
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, t := range topics {
		if b.topics[t] == nil {
			b.topics[t] = map[*Subscription]struct{}{}
		}
		b.topics[t][s] = struct{}{}
	}
	return s
}

// OnWake has f called whenever there is news where there was none. f must return at once: the publisher waits for it.
func (s *Subscription) OnWake(f func()) { s.wake.Store(&f) }

// Take reports whether there was news, after one or many notifications; then there is none.
func (s *Subscription) Take() bool { return s.news.Swap(false) }

// Waiting reports whether there is news that nobody took.
func (s *Subscription) Waiting() bool { return s.news.Load() }

// Nudge is a notification of this subscription alone.
func (s *Subscription) Nudge() {
	if s.news.Swap(true) {
		return // woken already
	}
	if f := s.wake.Load(); f != nil {
		(*f)()
	}
}

// Close stops listening.
func (s *Subscription) Close() {
	s.broker.mu.Lock()
	defer s.broker.mu.Unlock()
	for _, t := range s.topics {
		delete(s.broker.topics[t], s)
		if len(s.broker.topics[t]) == 0 {
			delete(s.broker.topics, t)
		}
	}
}

// Notify wakes everybody who listens to the topic. It never waits.
func (b *Broker) Notify(topic string) {
	b.mu.RLock()
	all := make([]*Subscription, 0, len(b.topics[topic]))
	for s := range b.topics[topic] {
		all = append(all, s)
	}
	b.mu.RUnlock()
	for _, s := range all {
		s.Nudge()
	}
}

// Count returns how many listen to the topic.
func (b *Broker) Count(topic string) int {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return len(b.topics[topic])
}
