package graph

import (
	"context"
	"time"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/graph/model"
	"sonata.ai/sonata/internal/fleet"
	"sonata.ai/sonata/internal/registry"
)

func instanceOf(i fleet.Instance) model.Instance {
	return model.Instance{
		ID: i.ID, ServiceName: i.Service, Name: i.Name, URL: i.URL, Version: i.Version, Agent: i.Agent, Weight: i.Weight, State: model.InstanceState(i.State),
		Health: healthOf(i.Observed.Health), Utilization: i.Utilization, InFlight: i.InFlight, Capacity: i.Capacity, CPU: i.CPU, Cores: i.Cores, Memory: i.Memory,
		Descriptors: i.Descriptors, Restarts: i.Restarts, Since: i.Since.UTC(), LastSeenAt: i.Seen.UTC(), Row: i,
	}
}

func healthOf(h registry.Health) *model.ServiceHealth {
	return &model.ServiceHealth{State: model.HealthState(h.State), Since: h.Since.UTC(), Reason: optional(h.Reason)}
}

func serviceFiguresOf(f registry.Figures) *model.ServiceFigures {
	return &model.ServiceFigures{
		Calls: float64(f.Calls), Errors: float64(f.Errors), P50Ms: f.P50Ms, P95Ms: f.P95Ms, P99Ms: f.P99Ms, Since: f.Since.UTC(),
		Breaker: model.BreakerState(f.Breaker),
	}
}

func instanceInSight(i fleet.Instance, ok bool) *model.Instance {
	if !ok {
		return nil
	}
	m := instanceOf(i)
	return &m
}

func beatOf(in model.InstanceHeartbeatInput) fleet.Beat {
	return fleet.Beat{
		Service: in.Service, Name: in.Instance, URL: in.URL, Version: given(in.Version), Agent: given(in.Agent), Weight: given(in.Weight),
		Draining: in.Draining, TTL: in.TTLSeconds,
		Load: fleet.Load{
			InFlight: given(in.InFlight), Capacity: given(in.Capacity), Descriptors: given(in.Descriptors), Restarts: given(in.Restarts),
			CPU: given(in.CPU), Cores: given(in.Cores), Memory: given(in.Memory),
		},
	}
}

func heartbeatPayload(a fleet.Answer, err error) (*model.InstanceHeartbeatPayload, error) {
	failures, err := refused(err)
	payload := &model.InstanceHeartbeatPayload{Command: model.InstanceCommandContinue, UserErrors: failures}
	if err != nil || len(failures) > 0 {
		return payload, err
	}
	payload.InstanceID, payload.Command, payload.DesiredReplicas = a.ID, model.InstanceCommand(a.Command), a.Desired
	return payload, nil
}

func instancePayload(i fleet.Instance, err error) (*model.InstancePayload, error) {
	failures, err := refused(err)
	return &model.InstancePayload{Instance: instanceInSight(i, err == nil && len(failures) == 0), UserErrors: failures}, err
}

func servicePayload(row *ent.Service, err error) (*model.ServicePayload, error) {
	failures, err := refused(err)
	return &model.ServicePayload{Service: serviceOf(row), UserErrors: failures}, err
}

func policyIn(in *model.ServicePolicyInput) *fleet.Policy {
	if in == nil {
		return nil
	}
	return &fleet.Policy{
		Minimum: in.Minimum, Maximum: in.Maximum, Target: in.TargetUtilization, CalmDown: int64(in.CalmDownSeconds),
	}
}

func policyOf(s *ent.Service) *model.ServicePolicy {
	p := fleet.PolicyOf(s)
	if p == nil {
		return nil
	}
	return &model.ServicePolicy{Minimum: p.Minimum, Maximum: p.Maximum, TargetUtilization: p.Target, CalmDownSeconds: int(p.CalmDown)}
}

// history is how an instance did of late.
func (r *Resolver) history(i *model.Instance, minutes *int) []model.InstancePoint {
	back := maxHistory
	if minutes != nil {
		back = min(max(time.Duration(*minutes)*time.Minute, 0), maxHistory)
	}
	return mapAll(r.Fleet.History(i.ID, back), func(p fleet.Point) model.InstancePoint {
		return model.InstancePoint{
			At: p.At.UTC(), Utilization: p.Utilization, CPU: p.CPU, Memory: p.Memory, InFlight: p.InFlight, Rate: p.Rate, Errors: p.Errors,
			P50Ms: p.P50Ms, P95Ms: p.P95Ms, P99Ms: p.P99Ms,
		}
	})
}

const maxHistory = 15 * time.Minute

func alertsOf(all []fleet.Alert) []model.Alert {
	return mapAll(all, func(a fleet.Alert) model.Alert {
		severity := model.SeverityWarning
		if a.Error {
			severity = model.SeverityError
		}
		return model.Alert{
			ID: a.ID, Rule: model.AlertRule(a.Rule), Severity: severity, ServiceName: a.Service, InstanceID: a.Instance, Since: a.Since.UTC(), Message: a.Message, Hint: a.Hint,
		}
	})
}

func fleetEventOf(e fleet.Event) (*model.FleetEvent, error) {
	return &model.FleetEvent{Instances: mapAll(e.Instances, instanceOf), Left: nonNil(e.Left), Complete: e.Complete}, nil
}

func afterFleet(e fleet.Event) sending { return sending{written: func() {}, err: e.Err} }

func alertsEventOf(e fleet.AlertsEvent) (*model.AlertsEvent, error) {
	return &model.AlertsEvent{Alerts: alertsOf(e.Alerts)}, nil
}

func afterAlerts(e fleet.AlertsEvent) sending { return sending{written: func() {}, err: e.Err} }

// fleet is the instances that the caller may see.
func (r *Resolver) fleet(ctx context.Context, service string) []model.Instance {
	return mapAll(r.Fleet.List(ctx, service), instanceOf)
}

// named is the name that was given; "" for none.
func named(name *string) string {
	if name == nil {
		return ""
	}
	return *name
}
