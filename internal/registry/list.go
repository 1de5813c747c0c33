package registry

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"sonata.ai/sonata/ent"
	entservice "sonata.ai/sonata/ent/service"
	"sonata.ai/sonata/ent/subgraphversion"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
)

// Health is how a service does, as this process sees it.
type Health struct {
	State  string // HEALTHY, DEGRADED, DOWN or UNKNOWN
	Since  time.Time
	Reason string // "" while nothing is wrong
}

// Figures are what a service was asked, and how it answered, within the last minutes, as this process sees it.
type Figures struct {
	Calls, Errors       int
	P50Ms, P95Ms, P99Ms *float64 // nil without calls
	Since               time.Time
	Breaker             string // CLOSED, OPEN or HALF_OPEN
}

// List returns the services that make up the graph and that the caller may see, by name.
func (r *Registry) List(ctx context.Context) ([]*ent.Service, error) {
	rows, err := r.store.Reader(ctx).Service.Query().Where(entservice.LiveIDNotNil()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read services: %w", err)
	}
	return inSight(ctx, rows), nil
}

// Of returns the services that a supergraph version is made of and that the caller may see, by name.
func (r *Registry) Of(ctx context.Context, version *ent.SupergraphVersion) ([]*ent.Service, error) {
	ids := []string{}
	for id := range version.Members {
		ids = append(ids, id)
	}
	rows, err := r.store.Reader(ctx).Service.Query().Where(entservice.IDIn(ids...)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read services: %w", err)
	}
	return inSight(ctx, rows), nil
}

func inSight(ctx context.Context, rows []*ent.Service) []*ent.Service {
	who := principal.From(ctx)
	rows = slices.DeleteFunc(rows, func(s *ent.Service) bool { return !who.Can(principal.ServicesRead, principal.Place{Service: s.Name}) })
	slices.SortFunc(rows, func(a, b *ent.Service) int { return strings.Compare(a.Name, b.Name) })
	return rows
}

// Service returns the service with an id that the caller may see. Fault: NotFound.
func (r *Registry) Service(ctx context.Context, id string) (*ent.Service, error) {
	row, err := r.store.Reader(ctx).Service.Get(ctx, id)
	return seen(ctx, row, err, func(s *ent.Service) string { return s.Name })
}

// Version returns the subgraph version with an id that the caller may see. Fault: NotFound.
func (r *Registry) Version(ctx context.Context, id string) (*ent.SubgraphVersion, error) {
	row, err := r.store.Reader(ctx).SubgraphVersion.Query().Where(subgraphversion.ID(id)).WithService().Only(ctx)
	return seen(ctx, row, err, func(v *ent.SubgraphVersion) string { return v.Edges.Service.Name })
}

// Versions returns those of a service before a number, the newest first, and how many there are in all. 0 is before none.
func (r *Registry) Versions(ctx context.Context, service *ent.Service, before, limit int) ([]*ent.SubgraphVersion, int, error) {
	all := r.store.Reader(ctx).SubgraphVersion.Query().Where(subgraphversion.ServiceID(service.ID))
	total, err := all.Clone().Count(ctx)
	if err != nil {
		return nil, 0, fmt.Errorf("count subgraph versions: %w", err)
	}
	if before > 0 {
		all.Where(subgraphversion.NumberLT(before))
	}
	rows, err := all.Order(ent.Desc(subgraphversion.FieldNumber)).Limit(limit).All(ctx)
	if err != nil {
		return nil, 0, fmt.Errorf("read subgraph versions: %w", err)
	}
	return rows, total, nil
}

// Supergraph returns the supergraph version with an id; the newest for none. A caller who may read services anywhere sees
// it. Fault: NotFound.
func (r *Registry) Supergraph(ctx context.Context, id string) (*ent.SupergraphVersion, error) {
	var row *ent.SupergraphVersion
	var err error
	if id == "" {
		row, err = Newest(ctx, r.store.Reader(ctx))
	} else {
		row, err = r.store.Reader(ctx).SupergraphVersion.Get(ctx, id)
	}
	if err != nil && !ent.IsNotFound(err) {
		return nil, fmt.Errorf("read supergraph version: %w", err)
	}
	if row == nil || err != nil || !principal.From(ctx).Has(principal.ServicesRead) {
		return nil, fault.NotFoundf("there is no such supergraph version")
	}
	return row, nil
}

func seen[R any](ctx context.Context, row *R, err error, name func(*R) string) (*R, error) {
	if err != nil && !ent.IsNotFound(err) {
		return nil, fmt.Errorf("read: %w", err)
	}
	if err != nil || !principal.Can(ctx, principal.ServicesRead, principal.Place{Service: name(row)}) {
		return nil, fault.NotFoundf("there is no such service")
	}
	return row, nil
}
