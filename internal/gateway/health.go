package gateway

import (
	"context"
	"errors"
	"slices"
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
func (r *Remote) Health() Health { return r.health.read() }

func (h *health) read() Health {
	h.mu.Lock()
	at := h.at
	h.mu.Unlock()
	at.Circuit = h.circuit()
	return at
}

// Probe asks the service for the cheapest thing there is: each instance that was neither asked nor heard of for so long, or that does not
// do well; without instances its published address. It goes past the refusal of circuit breakers, and counts for them when they
// are half open. It fails when nobody that was asked answers.
func (r *Remote) Probe(ctx context.Context, after time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, min(r.options.Deadline, 2*time.Second))
	defer cancel()
	asked := r.probed(after)
	if len(asked) == 0 {
		return nil
	}
	done, counts := r.breaker.enter()
	faults := make([]*Fault, len(asked))
	var all sync.WaitGroup
	for i, p := range asked {
		all.Go(func() { faults[i] = r.probe(ctx, p) })
	}
	all.Wait()
	fault := faults[0]
	if i := slices.Index(faults, nil); i >= 0 {
		fault = nil
	}
	o := outcomeOf(ctx, fault)
	if counts {
		done(o)
	}
	if fault != nil && len(asked) < len(r.places.ready.Load().staying) {
		return nil //nolint:nilerr // the others do well: that says nothing of the service
	}
	r.breaker.heard(o)
	r.health.note(fault)
	if fault != nil {
		return fault
	}
	return nil
}

// Due reports whether there is somebody to probe.
func (r *Remote) Due(after time.Duration) bool { return len(r.probed(after)) > 0 }

// probed are the places that are to be probed.
func (r *Remote) probed(after time.Duration) (asked []*place) {
	now := r.options.Now()
	for _, p := range r.places.ready.Load().staying {
		if p.stale(now, after) {
			asked = append(asked, p)
		}
	}
	return asked
}

func (r *Remote) probe(ctx context.Context, p *place) *Fault {
	q := Question{Body: []byte(`{"query":"{__typename}"}`)}
	done, counts := p.breaker.enter()
	answer, fault := r.try(ctx, p.url, q)
	if fault == nil {
		if _, err := vet(r.options.Name, q.Body, answer, nil); err != nil {
			fault = faultOf(r.options.Name, err)
		}
	}
	o := outcomeOf(ctx, fault)
	if counts {
		done(o)
	}
	p.breaker.heard(o)
	p.health.note(fault)
	return fault
}
