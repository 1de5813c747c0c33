package fleet

import (
	"context"
	"fmt"
	"slices"
	"time"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/internal/event"
	"sonata.ai/sonata/internal/registry"
)

// Apply follows one event of the ledger: Run reads what is new. Many that come together are read once.
func (f *Fleet) Apply(_ context.Context, e event.Event) error {
	if e.Topic == TopicChanged || e.Topic == registry.TopicChanged {
		f.again()
	}
	return nil
}

// Load reads which instances there are, and of which services. What is known of how busy they are stays.
func (f *Fleet) Load(ctx context.Context) error {
	c := f.store.Reader(ctx)
	rows, err := c.Instance.Query().All(ctx)
	if err != nil {
		return fmt.Errorf("read instances: %w", err)
	}
	members, err := registry.Members(ctx, c)
	if err != nil {
		return err
	}
	now := f.now()
	f.mu.Lock()
	defer f.mu.Unlock()
	for k := range f.entries {
		if !slices.ContainsFunc(rows, func(r *ent.Instance) bool { return r.Service == k.service && r.Name == k.name }) {
			delete(f.entries, k)
		}
	}
	for _, row := range rows {
		f.put(row, now)
	}
	f.services = map[string]service{}
	for _, m := range members {
		s := service{id: m.ID, hosts: m.AllowedHosts, scale: scale{replicas: m.Replicas}, policy: PolicyOf(m.Service)}
		if m.ReplicasAt != nil {
			s.scale.at = *m.ReplicasAt
		}
		f.services[m.Name] = s
	}
	for name := range f.services { // those without instances, too: the last one may have left
		f.place(name, now)
	}
	f.look(now)
	f.broker.Notify(TopicSeen)
	return nil
}

// put takes a row for what is known of an instance. It wants the lock.
func (f *Fleet) put(row *ent.Instance, now time.Time) *entry {
	delete(f.crews, row.Service)
	k := key{row.Service, row.Name}
	e := f.entries[k]
	if e == nil || e.row.ID != row.ID {
		e = &entry{row: row, seen: now}
		f.entries[k] = e
	}
	if e.row.URL != row.URL {
		e.former, e.movedAt = e.row.URL, now
	}
	e.row = row
	switch drains := row.Leaving || row.Drained; {
	case !drains:
		e.drainedAt = time.Time{}
	case e.drainedAt.IsZero():
		e.drainedAt = now
	}
	return e
}

// place hands the instances of a service to who asks them. It wants the lock.
func (f *Fleet) place(service string, now time.Time) {
	delete(f.dirty, service)
	if _, published := f.services[service]; !published {
		return
	}
	var all []Place
	for k, e := range f.entries {
		if k.service != service {
			continue
		}
		state, _ := f.state(e, now)
		if state == Waiting {
			continue
		}
		p := Place{ID: e.row.ID, URL: e.row.URL, Weight: e.row.Weight, Draining: state == Draining, Heard: state == Serving}
		if u := e.load.utilization(); u != nil && state == Serving {
			p.Utilization = *u
		}
		all = append(all, p)
	}
	f.observer.Place(service, all)
}

// again has Run load once more.
func (f *Fleet) again() {
	select {
	case f.news <- struct{}{}:
	default:
	}
}
