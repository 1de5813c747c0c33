package gateway

import (
	"context"
	"errors"
	"sync"
	"time"
)

// State is how a service is doing.
type State string

// The states of a service.
const (
	Unknown State = "UNKNOWN" // nothing was asked of it yet
	Healthy State = "HEALTHY" // the last request was answered
	Failing State = "FAILING" // the last request was not
)

// Health is how a service is doing, by what it was asked last: by clients, or by a probe.
type Health struct {
	State State
	// Code and Reason say why it is failing; neither holds an address.
	Code, Reason string
	// Since is when the state began; Seen is when it was last confirmed.
	Since, Seen time.Time
	// Circuit says whether it is asked at all.
	Circuit Circuit
}

// Circuit is the state of a circuit breaker.
type Circuit string

// The states of a circuit breaker.
const (
	Closed   Circuit = "CLOSED"    // all requests pass
	Open     Circuit = "OPEN"      // none does
	HalfOpen Circuit = "HALF_OPEN" // one at a time does, to see whether the service is back
)

type health struct {
	now     func() time.Time
	circuit func() Circuit
	changed func()

	mu sync.Mutex
	at Health
}

// note is told how the last request went, after the circuit breaker was.
func (h *health) note(f *Fault) {
	if h.changes(f) {
		h.changed()
	}
}

func (h *health) changes(f *Fault) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	next := Health{State: Healthy}
	if f != nil {
		next = Health{State: Failing, Code: f.Code, Reason: f.Error()}
		if errors.Is(f, ErrReach) {
			next.Reason = "the address that its name stands for is not allowed for services"
		}
	}
	now := h.now()
	next.Since, next.Seen = h.at.Since, now
	if next.State != h.at.State {
		next.Since = now
	}
	next.Circuit = h.circuit() // within the lock: who comes later sees a later state
	changed := next.State != h.at.State || next.Reason != h.at.Reason || (next.Circuit == Closed) != (h.at.Circuit == Closed)
	h.at = next
	return changed
}

// Health is how the service is doing.
func (r *Remote) Health() Health {
	r.health.mu.Lock()
	at := r.health.at
	r.health.mu.Unlock()
	at.Circuit = r.breaker.state()
	return at
}

// Probe asks the service for the cheapest thing there is. It goes past the circuit breaker's refusal, and counts for it when
// it is half open.
func (r *Remote) Probe(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, min(r.options.Deadline, 2*time.Second))
	defer cancel()
	q := Question{Body: []byte(`{"query":"{__typename}"}`)}
	done, counts := r.breaker.enter()
	answer, fault := r.try(ctx, q)
	if fault == nil {
		if _, err := vet(r.options.Name, q.Body, answer, nil); err != nil {
			fault = faultOf(r.options.Name, err)
		}
	}
	if counts {
		done(outcomeOf(ctx, fault))
	}
	r.breaker.heard(outcomeOf(ctx, fault))
	r.health.note(fault)
	if fault != nil {
		return fault
	}
	return nil
}
