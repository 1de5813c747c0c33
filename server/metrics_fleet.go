package server

import (
	"github.com/prometheus/client_golang/prometheus"
)

// InstanceMetrics is what Prometheus is told of one running process of a service, or of Sonata. Nil is not known.
type InstanceMetrics struct {
	Service, Name, State            string
	Utilization, CPU, Memory        *float64
	InFlight, Descriptors, Restarts *int
	Rate, Errors                    float64  // a second, over the last five minutes
	P50, P95, P99                   *float64 // seconds
}

// AlertMetrics is something that is wrong.
type AlertMetrics struct{ Rule, Service, Severity string }

// fleet tells Prometheus of the instances as they are when it asks.
type fleet struct {
	read func() ([]InstanceMetrics, []AlertMetrics)

	state, utilization, cpu, memory, inFlight, descriptors, restarts, rate, latency, alerts *prometheus.Desc
}

// FollowFleet adds the instances, and what is wrong with them, to the metrics. Names of instances are labels: keys that may
// announce them choose them, and there are 10,000 at most.
func (m *Metrics) FollowFleet(read func() ([]InstanceMetrics, []AlertMetrics)) {
	desc := func(name, help string, more ...string) *prometheus.Desc {
		return prometheus.NewDesc("sonata_instance_"+name, help, append([]string{"service", "instance"}, more...), nil)
	}
	m.Registry.MustRegister(&fleet{
		read:        read,
		state:       desc("state", "1 for the state that the instance is in, 0 for the others.", "state"),
		utilization: desc("utilization", "How busy the instance says it is: 1 for as much as it can do."),
		cpu:         desc("cpu_cores", "CPU cores that the instance says it uses."),
		memory:      desc("memory_bytes", "Resident memory, as the instance says."),
		inFlight:    desc("in_flight", "Requests that the instance works on."),
		descriptors: desc("descriptors", "Open file descriptors, as the instance says."),
		restarts:    desc("restarts", "How often its agent had to start the instance again."),
		rate:        desc("requests_per_second", "What this process asked the instance, over five minutes, by outcome: answered or failed.", "outcome"),
		latency:     desc("latency_seconds", "Times of these, by quantile.", "quantile"),
		alerts:      prometheus.NewDesc("sonata_alerts", "How many alerts there are.", []string{"rule", "service", "severity"}, nil),
	})
}

// Describe is for the registry.
func (f *fleet) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{f.state, f.utilization, f.cpu, f.memory, f.inFlight, f.descriptors, f.restarts, f.rate, f.latency, f.alerts} {
		to <- d
	}
}

// Collect is for the registry.
func (f *fleet) Collect(to chan<- prometheus.Metric) {
	instances, alerts := f.read()
	gauge := func(desc *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, labels...)
	}
	for _, i := range instances {
		for _, state := range []string{"WAITING", "SERVING", "DRAINING", "SILENT"} {
			value := 0.0
			if state == i.State {
				value = 1
			}
			gauge(f.state, value, i.Service, i.Name, state)
		}
		for desc, value := range map[*prometheus.Desc]*float64{f.utilization: i.Utilization, f.cpu: i.CPU, f.memory: i.Memory} {
			if value != nil {
				gauge(desc, *value, i.Service, i.Name)
			}
		}
		for desc, value := range map[*prometheus.Desc]*int{f.inFlight: i.InFlight, f.descriptors: i.Descriptors, f.restarts: i.Restarts} {
			if value != nil {
				gauge(desc, float64(*value), i.Service, i.Name)
			}
		}
		gauge(f.rate, i.Rate-i.Errors, i.Service, i.Name, "answered")
		gauge(f.rate, i.Errors, i.Service, i.Name, "failed")
		for quantile, value := range map[string]*float64{"0.5": i.P50, "0.95": i.P95, "0.99": i.P99} {
			if value != nil {
				gauge(f.latency, *value, i.Service, i.Name, quantile)
			}
		}
	}
	count := map[AlertMetrics]int{}
	for _, a := range alerts {
		count[a]++
	}
	for a, n := range count {
		gauge(f.alerts, float64(n), a.Rule, a.Service, a.Severity)
	}
}
