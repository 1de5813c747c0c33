package app

import (
	"time"

	"sonata.ai/sonata/internal/figures"
	"sonata.ai/sonata/internal/fleet"
	"sonata.ai/sonata/internal/gateway"
	"sonata.ai/sonata/internal/registry"
)

// Place says which instances of a service there are to be asked.
func (s *services) Place(service string, all []fleet.Place) {
	instances := make([]gateway.Instance, len(all))
	for i, p := range all {
		instances[i] = gateway.Instance{ID: p.ID, URL: p.URL, Weight: p.Weight, Utilization: p.Utilization, Draining: p.Draining, Heard: p.Heard}
	}
	s.mu.Lock()
	r := s.remotes[service]
	s.mu.Unlock()
	if r != nil && r.Serve(instances) {
		s.gateway.MoveStreams()
	}
}

// Instance is what this process sees of an instance of a service.
func (s *services) Instance(service, id string) (fleet.Observed, bool) {
	s.mu.Lock()
	r := s.remotes[service]
	s.mu.Unlock()
	if r == nil {
		return fleet.Observed{}, false
	}
	seen, ok := r.Instance(id)
	if !ok {
		return fleet.Observed{}, false
	}
	h := healthOf(seen.Health, r.since)
	return fleet.Observed{
		Health: h, Figures: figuresOf(seen.Figures, seen.Health.Circuit), InFlight: seen.InFlight,
		Lately:  latelyOf(seen.Lately),
		Answers: seen.Health.State == gateway.Healthy && time.Since(seen.Health.Seen) < 3*probeEvery,
	}, true
}

func latelyOf(l figures.Lately) fleet.Lately {
	return fleet.Lately{Calls: l.Calls, Errors: l.Errors, P50Ms: milliseconds(l.P50), P95Ms: milliseconds(l.P95), P99Ms: milliseconds(l.P99)}
}

func figuresOf(f figures.Figures, c gateway.Circuit) registry.Figures {
	return registry.Figures{
		Calls: f.Calls, Errors: f.Errors, P50Ms: milliseconds(f.P50), P95Ms: milliseconds(f.P95), P99Ms: milliseconds(f.P99), Since: f.Since,
		Breaker: string(c),
	}
}

// healthOf is how a service, or one of its instances, does; known since a moment.
func healthOf(h gateway.Health, known time.Time) registry.Health {
	if h.Since.IsZero() {
		h.Since = known
	}
	out := registry.Health{State: "HEALTHY", Since: h.Since, Reason: h.Reason}
	switch {
	case h.State == gateway.Unknown:
		out.State = "UNKNOWN"
	case h.State == gateway.Failing && h.Circuit != gateway.Closed:
		out.State = "DOWN"
	case h.State == gateway.Failing:
		out.State = "DEGRADED"
	}
	return out
}
