package fleet

import (
	"context"
	"fmt"
	"slices"
	"time"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/registry"
	"sonata.ai/sonata/internal/store"
)

// Scale says how many instances of a service should run; a policy is put aside. It needs services:write for it. Faults: NotFound,
// Invalid.
func (f *Fleet) Scale(ctx context.Context, service string, replicas int) (*ent.Service, error) {
	if replicas < 1 || replicas > maxReplicas {
		return nil, fault.Invalidf("replicas: 1 to %d", maxReplicas).At("replicas")
	}
	defer f.lookAnew(service)
	return f.change(ctx, service, func(ctx context.Context, tx *store.Tx, row *ent.Service) (*ent.Service, error) {
		change := withoutPolicy(tx.Service.UpdateOne(row))
		reason := "said by " + principal.From(ctx).Name
		row, err := f.scale(ctx, tx, change, row, replicas, reason)
		return row, err
	})
}

// SetPolicy lets the number of instances be set by how busy they are; nil takes the policy away. It needs services:write for the
// service. Faults: NotFound, Invalid.
func (f *Fleet) SetPolicy(ctx context.Context, service string, p *Policy) (*ent.Service, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	defer f.lookAnew(service)
	return f.change(ctx, service, func(ctx context.Context, tx *store.Tx, row *ent.Service) (*ent.Service, error) {
		change := withoutPolicy(tx.Service.UpdateOne(row))
		detail := map[string]any{}
		if p != nil {
			change.SetPolicyMinimum(p.Minimum).SetPolicyMaximum(p.Maximum).SetPolicyTarget(p.Target).SetPolicyCalmDown(int(p.CalmDown))
			detail = map[string]any{"minimum": p.Minimum, "maximum": p.Maximum, "target": p.Target, "calmDownSeconds": int(p.CalmDown)}
		}
		row, err := change.Save(ctx)
		if err != nil {
			return nil, fmt.Errorf("update service: %w", err)
		}
		recordService(tx, row, "servicePolicySet", detail)
		return row, nil
	})
}

// lookAnew forgets what was enough: what is wanted is another.
func (f *Fleet) lookAnew(service string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.advice, service)
}

func (p *Policy) check() error {
	switch {
	case p == nil:
		return nil
	case p.Minimum < 1:
		return fault.Invalidf("minimum: 1 at least").At("policy", "minimum")
	case p.Maximum < p.Minimum || p.Maximum > maxReplicas:
		return fault.Invalidf("maximum: no less than the minimum and at most %d", maxReplicas).At("policy", "maximum")
	case !(p.Target >= 0.1 && p.Target <= 0.9):
		return fault.Invalidf("targetUtilization: 0.1 to 0.9").At("policy", "targetUtilization")
	case p.CalmDown < 0 || p.CalmDown > 3600:
		return fault.Invalidf("calmDownSeconds: 0 to 3600").At("policy", "calmDownSeconds")
	}
	return nil
}

func withoutPolicy(change *ent.ServiceUpdateOne) *ent.ServiceUpdateOne {
	return change.ClearPolicyMinimum().ClearPolicyMaximum().ClearPolicyTarget().ClearPolicyCalmDown()
}

// PolicyOf is the policy of a service; nil for none.
func PolicyOf(row *ent.Service) *Policy {
	if row.PolicyMinimum == nil || row.PolicyMaximum == nil || row.PolicyTarget == nil || row.PolicyCalmDown == nil {
		return nil
	}
	return &Policy{Minimum: *row.PolicyMinimum, Maximum: *row.PolicyMaximum, Target: *row.PolicyTarget, CalmDown: int64(*row.PolicyCalmDown)}
}

// change runs what changes how many of a service should run, for a caller who may.
func (f *Fleet) change(ctx context.Context, service string, fn func(context.Context, *store.Tx, *ent.Service) (*ent.Service, error)) (out *ent.Service, err error) {
	err = f.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		row, err := registry.Find(ctx, tx.Client(), service, principal.ServicesWrite)
		if err != nil {
			return err
		}
		out, err = fn(ctx, tx, row)
		return err
	})
	if err != nil {
		return nil, err
	}
	out = out.Unwrap()
	now := f.now()
	f.mu.Lock()
	defer f.mu.Unlock()
	if s, ok := f.services[service]; ok {
		s.policy, s.scale.replicas = PolicyOf(out), out.Replicas
		if out.ReplicasAt != nil {
			s.scale.at = *out.ReplicasAt
		}
		f.services[service] = s
	}
	f.place(service, now)
	f.broker.Notify(TopicSeen)
	return out, nil
}

// scale writes another number.
func (f *Fleet) scale(ctx context.Context, tx *store.Tx, change *ent.ServiceUpdateOne, was *ent.Service, replicas int, reason string) (*ent.Service, error) {
	row, err := change.SetReplicas(replicas).SetReplicasReason(reason).SetReplicasAt(f.now().UTC()).Save(ctx)
	if err != nil {
		return nil, fmt.Errorf("update service: %w", err)
	}
	detail := map[string]any{"replicas": replicas, "reason": reason}
	if was.Replicas != nil {
		detail["before"] = *was.Replicas
	}
	recordService(tx, row, "serviceScale", detail)
	return row, nil
}

func recordService(tx *store.Tx, row *ent.Service, action string, detail map[string]any) {
	tx.Record(store.Fact{Topic: TopicChanged, Payload: Changed{Service: row.Name}, Action: action, SubjectID: row.ID, SubjectLabel: row.Name, Detail: detail})
}

// desired is how many an agent should run; nil when nobody said. It wants the lock.
func (f *Fleet) desired(service string, agent *string, now time.Time) *int {
	want := f.services[service].scale.replicas
	if want == nil || agent == nil {
		return nil
	}
	c, known := f.crews[service]
	if !known {
		for k, e := range f.entries {
			if k.service != service {
				continue
			}
			if e.row.Agent != nil {
				c.agents = append(c.agents, *e.row.Agent)
			} else if state, _ := f.state(e, now); state == Serving {
				c.alone++
			}
		}
		slices.Sort(c.agents)
		c.agents = slices.Compact(c.agents)
		f.crews[service] = c
	}
	n := Share(*want, c.alone, c.agents, *agent)
	return &n
}

// crew is who runs the instances of a service.
type crew struct {
	agents []string // sorted, each once
	alone  int      // instances that no agent runs
}

// follow has the policies look at how busy the instances are.
func (f *Fleet) follow(ctx context.Context) error {
	type change struct {
		service, reason string
		n               int
		was             *int
	}
	var changes []change
	now := f.now()
	f.mu.Lock()
	for name, s := range f.services {
		if s.policy == nil {
			continue
		}
		m := f.measured(name, s, now)
		n, reason, next := s.policy.Advise(m, f.advice[name])
		f.advice[name] = next
		if n != m.Desired {
			changes = append(changes, change{name, reason, n, s.scale.replicas})
		}
	}
	f.mu.Unlock()
	for _, c := range changes {
		_, err := f.change(ctx, c.service, func(ctx context.Context, tx *store.Tx, row *ent.Service) (*ent.Service, error) {
			if PolicyOf(row) == nil || (row.Replicas == nil) != (c.was == nil) || c.was != nil && *row.Replicas != *c.was {
				return row, nil // another process, or somebody, was faster
			}
			return f.scale(ctx, tx, tx.Service.UpdateOne(row), row, c.n, c.reason)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// measured wants the lock.
func (f *Fleet) measured(name string, s service, now time.Time) Measured {
	m := Measured{At: now.Unix(), Changed: s.scale.at.Unix()}
	for k, e := range f.entries {
		if k.service != name {
			continue
		}
		if state, _ := f.state(e, now); state != Serving {
			continue
		}
		m.Running++
		if u := e.load.utilization(); u != nil && now.Sub(e.row.CreatedAt) >= 2*e.ttl()/3 {
			m.Busy = append(m.Busy, *u)
		}
	}
	m.Desired = m.Running
	if s.scale.replicas != nil {
		m.Desired = *s.scale.replicas
	}
	m.Starting = m.Running < m.Desired || len(m.Busy) < m.Running
	return m
}
