package server

import (
	"github.com/prometheus/client_golang/prometheus"
)

// ServiceMetrics is what Prometheus is told of one service.
type ServiceMetrics struct {
	Name                      string
	State                     string // of its health
	Breaker                   string // of its circuit breaker; "" while it is not asked at all
	Answered, Failed, Refused uint64
	Seconds                   float64            // that the answered and the failed took together
	Within                    map[float64]uint64 // how many of them took at most so many seconds
}

// services tells Prometheus of the services as they are when it asks: one that left takes its series along.
type services struct {
	read func() (supergraph int, all []ServiceMetrics)

	supergraph, requests, seconds, health, breaker *prometheus.Desc
}

// FollowServices adds the services to the metrics. read says which are part of the graph, and the number of its version.
func (m *Metrics) FollowServices(read func() (supergraph int, all []ServiceMetrics)) {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(name, help, labels, nil)
	}
	m.Registry.MustRegister(&services{
		read:       read,
		supergraph: desc("sonata_supergraph_version", "Number of the version of the graph that is served; 0 before the first service."),
		requests:   desc("sonata_service_requests_total", "Questions to a service: answered, failed (no answer, or none that can be used), or refused (by the circuit breaker, not sent).", "service", "outcome"),
		seconds:    desc("sonata_service_request_seconds", "Time of questions to a service that were answered or failed.", "service"),
		health:     desc("sonata_service_health", "1 for the state that the service is in, 0 for the others.", "service", "state"),
		breaker:    desc("sonata_service_breaker", "1 for the state that the service's circuit breaker is in, 0 for the others.", "service", "state"),
	})
}

// Describe is for the registry.
func (s *services) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{s.supergraph, s.requests, s.seconds, s.health, s.breaker} {
		to <- d
	}
}

// Collect is for the registry.
func (s *services) Collect(to chan<- prometheus.Metric) {
	number, all := s.read()
	to <- prometheus.MustNewConstMetric(s.supergraph, prometheus.GaugeValue, float64(number))
	for _, one := range all {
		s.states(to, s.health, one.Name, one.State, "HEALTHY", "DEGRADED", "DOWN", "UNKNOWN")
		if one.Breaker == "" {
			continue
		}
		s.states(to, s.breaker, one.Name, one.Breaker, "CLOSED", "OPEN", "HALF_OPEN")
		for outcome, n := range map[string]uint64{"answered": one.Answered, "failed": one.Failed, "refused": one.Refused} {
			to <- prometheus.MustNewConstMetric(s.requests, prometheus.CounterValue, float64(n), one.Name, outcome)
		}
		to <- prometheus.MustNewConstHistogram(s.seconds, one.Answered+one.Failed, one.Seconds, one.Within, one.Name)
	}
}

func (s *services) states(to chan<- prometheus.Metric, desc *prometheus.Desc, service, is string, states ...string) {
	for _, state := range states {
		value := 0.0
		if state == is {
			value = 1
		}
		to <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, service, state)
	}
}
