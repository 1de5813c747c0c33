package fleet

import (
	"context"
	"slices"
	"time"

	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/registry"
)

// mayRead reports whether the caller may see the instances of a service. How Sonata does is for who may read all services.
func mayRead(ctx context.Context, service string) bool {
	return principal.Can(ctx, principal.ServicesRead, principal.Place{Service: service})
}

// List is the instances that the caller may see, by service and age; those of one service when it is named.
func (f *Fleet) List(ctx context.Context, service string) []Instance {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.now()
	var out []Instance
	for _, e := range f.all() {
		if (service == "" || e.row.Service == service) && mayRead(ctx, e.row.Service) {
			out = append(out, f.shown(e, now))
		}
	}
	slices.SortFunc(out, byService)
	return out
}

// shown is an entry as it is shown, our own too. It wants the lock.
func (f *Fleet) shown(e *entry, now time.Time) Instance {
	if e != f.own {
		return f.instance(e, now)
	}
	own := f.self()
	return Instance{
		ID: e.row.ID, Service: registry.Sonata, Name: own.Name, Version: e.row.Version, Weight: 1, State: Serving, Since: e.row.CreatedAt, Seen: e.seen,
		Load: e.load, Utilization: e.load.utilization(), Own: true,
		Observed: Observed{Health: registry.Health{State: "HEALTHY", Since: e.row.CreatedAt}, Figures: own.Figures, Lately: own.Lately, InFlight: deref(own.InFlight), Answers: true},
	}
}

// Get is an instance by id; false when there is none that the caller may see.
func (f *Fleet) Get(ctx context.Context, id string) (Instance, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range f.all() {
		if e.row.ID == id && mayRead(ctx, e.row.Service) {
			return f.shown(e, f.now()), true
		}
	}
	return Instance{}, false
}

// History is how an instance did since a moment, at most a quarter of an hour ago, the oldest first.
func (f *Fleet) History(id string, back time.Duration) []Point {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range f.all() {
		if e.row.ID == id {
			return e.history.read(f.now().Add(-back))
		}
	}
	return nil
}

// Alerts is what is wrong, the longest first, as far as the caller may see it.
func (f *Fleet) Alerts(ctx context.Context) []Alert {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.DeleteFunc(sortedAlerts(f.alerts), func(a Alert) bool { return !mayRead(ctx, a.Service) })
}
