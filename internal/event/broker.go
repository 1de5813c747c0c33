// Package event carries what was committed to those who wait for it: a tailer that reads the ledger in order, and a
// broker that wakes streams. Neither ever blocks a publisher.
package event

import "sync"

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
	wake   chan struct{}
}

// Subscribe begins to listen. Subscribe first and read the state then: what happens in between wakes.
func (b *Broker) Subscribe(topics ...string) *Subscription {
	s := &Subscription{broker: b, topics: topics, wake: make(chan struct{}, 1)}
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

// Wake is readable once after one or many notifications.
func (s *Subscription) Wake() <-chan struct{} { return s.wake }

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
	defer b.mu.RUnlock()
	for s := range b.topics[topic] {
		select {
		case s.wake <- struct{}{}:
		default: // woken already
		}
	}
}

// Count returns how many listen to the topic.
func (b *Broker) Count(topic string) int {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return len(b.topics[topic])
}
