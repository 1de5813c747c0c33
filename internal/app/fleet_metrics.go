package app

import (
	"context"
	"time"

	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/server"
)

// fleetMetrics is what operators are told of running processes, and of what is wrong with them.
func (a *App) fleetMetrics() (instances []server.InstanceMetrics, alerts []server.AlertMetrics) {
	ctx := principal.With(context.Background(), principal.Sonata())
	for _, i := range a.fleet.List(ctx, "") {
		f := i.Observed.Figures
		counted := max(time.Since(f.Since).Seconds(), 1)
		instances = append(instances, server.InstanceMetrics{
			Service: i.Service, Name: i.Name, State: string(i.State), Utilization: i.Utilization, CPU: i.CPU, Memory: i.Memory, InFlight: i.InFlight,
			Descriptors: i.Descriptors, Restarts: i.Restarts, Rate: float64(f.Calls) / counted, Errors: float64(f.Errors) / counted,
			P50: inSeconds(f.P50Ms), P95: inSeconds(f.P95Ms), P99: inSeconds(f.P99Ms),
		})
	}
	for _, one := range a.fleet.Alerts(ctx) {
		severity := "WARNING"
		if one.Error {
			severity = "ERROR"
		}
		alerts = append(alerts, server.AlertMetrics{Rule: string(one.Rule), Service: one.Service, Severity: severity})
	}
	return instances, alerts
}

func inSeconds(ms *float64) *float64 {
	if ms == nil {
		return nil
	}
	s := *ms / 1000
	return &s
}
