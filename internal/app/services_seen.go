package app

import (
	"time"

	"sonata.ai/sonata/internal/gateway"
	"sonata.ai/sonata/internal/registry"
	"sonata.ai/sonata/server"
)

// tell wakes who follows the services. It never waits.
func (s *services) tell() {
	s.app.broker.Notify(registry.TopicSeen)
	s.app.delivery.DataBack()
}

// Health says how a service does.
func (s *services) Health(name string) registry.Health {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.health(name)
}

// health is Health for who holds the lock.
func (s *services) health(name string) registry.Health {
	r, why := s.remotes[name], s.leftOut[name]
	switch {
	case why != "":
		return registry.Health{State: "DOWN", Since: s.since, Reason: why}
	case r == nil: // it is no part of the graph
		return registry.Health{State: "UNKNOWN", Since: s.since}
	}
	return healthOf(r.Health(), r.since)
}

// Figures says what a service was asked of late.
func (s *services) Figures(name string) registry.Figures {
	s.mu.Lock()
	r, since := s.remotes[name], s.since
	s.mu.Unlock()
	if r == nil {
		return registry.Figures{Since: since, Breaker: string(gateway.Closed)}
	}
	return figuresOf(r.Figures(), r.Health().Circuit)
}

func milliseconds(d *time.Duration) *float64 {
	if d == nil {
		return nil
	}
	ms := float64(d.Microseconds()) / 1000
	return &ms
}

// metrics is what operators are told of the services that are part of the graph.
func (s *services) metrics() (supergraph int, all []server.ServiceMetrics) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name := range s.leftOut {
		all = append(all, server.ServiceMetrics{Name: name, State: s.health(name).State})
	}
	for name, r := range s.remotes {
		t := r.Totals()
		all = append(all, server.ServiceMetrics{
			Name: name, State: s.health(name).State, Breaker: string(r.Health().Circuit),
			Answered: t.Answered, Failed: t.Failed, Refused: t.Refused, Seconds: t.Seconds, Within: t.Within,
		})
	}
	return s.number, all
}
