package graph

import (
	"context"
	"slices"
	"strconv"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/trusteddocument"
	"sonata.ai/sonata/graph/model"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/registry"
	"sonata.ai/sonata/internal/release"
	"sonata.ai/sonata/internal/supergraph"
)

func serviceOf(row *ent.Service) *model.Service {
	return mapped(row, func(s *ent.Service) model.Service {
		return model.Service{
			ID: s.ID, Name: s.Name, URL: s.URL, Owner: s.Owner, Description: s.Description, Contact: s.Contact, Repository: s.Repository,
			DocsURL: s.DocsURL, NodePrefix: s.NodePrefix, AllowedHosts: nonNil(s.AllowedHosts), Row: s,
			Replicas: s.Replicas, ReplicasReason: optional(s.ReplicasReason), ReplicasSince: utc(s.ReplicasAt), Policy: policyOf(s),
		}
	})
}

func subgraphVersionOf(row *ent.SubgraphVersion) *model.SubgraphVersion {
	return mapped(row, func(v *ent.SubgraphVersion) model.SubgraphVersion {
		return model.SubgraphVersion{
			ID: v.ID, Number: v.Number, Sdl: v.Sdl, Hash: model.Hash(v.Hash), PublishedAt: v.CreatedAt.UTC(), PublishedBy: actorOf(principal.Decode(v.PublishedBy)),
		}
	})
}

func supergraphVersionOf(row *ent.SupergraphVersion) *model.SupergraphVersion {
	return mapped(row, func(v *ent.SupergraphVersion) model.SupergraphVersion {
		return model.SupergraphVersion{ID: v.ID, Number: v.Number, Hash: model.Hash(v.Hash), ComposedAt: v.CreatedAt.UTC(), Sdl: v.Sdl, Row: v}
	})
}

func publishServiceOf(in model.SubgraphPublishInput) registry.PublishInput {
	return registry.PublishInput{
		Service: in.Service, URL: in.URL, SDL: in.Sdl, Owner: given(in.Owner), Description: given(in.Description), Contact: given(in.Contact),
		Repository: given(in.Repository), DocsURL: given(in.DocsURL), NodePrefix: given(in.NodePrefix), AllowedHosts: listIn(in.AllowedHosts),
		AllowBreaking: in.AllowBreaking, IdempotencyKey: text(in.IdempotencyKey),
	}
}

// services pages through the services that the caller may see: there are few enough to read them all.
func (r *Resolver) services(ctx context.Context, first *int, after *string) (*model.ServiceConnection, error) {
	w, err := readWindow(first, after, 20)
	if err != nil {
		return nil, err
	}
	rows, err := r.Registry.List(ctx)
	if err != nil {
		return nil, err
	}
	total := len(rows)
	rows = slices.DeleteFunc(rows, func(s *ent.Service) bool { return s.Name <= w.after })
	edges, info := paginate(w, rows[:min(len(rows), w.limit())], func(s *ent.Service) string { return s.Name }, func(c string, s *ent.Service) model.ServiceEdge {
		return model.ServiceEdge{Cursor: c, Node: serviceOf(s)}
	})
	return &model.ServiceConnection{Edges: edges, PageInfo: info, TotalCount: total}, nil
}

func (r *Resolver) subgraphVersions(ctx context.Context, of *ent.Service, first *int, after *string) (*model.SubgraphVersionConnection, error) {
	w, err := readWindow(first, after, 20)
	if err != nil {
		return nil, err
	}
	before, err := w.number(0)
	if err != nil {
		return nil, err
	}
	rows, total, err := r.Registry.Versions(ctx, of, before, w.limit())
	edges, info := paginate(w, rows, func(v *ent.SubgraphVersion) string { return strconv.Itoa(v.Number) }, func(c string, v *ent.SubgraphVersion) model.SubgraphVersionEdge {
		return model.SubgraphVersionEdge{Cursor: c, Node: subgraphVersionOf(v)}
	})
	return &model.SubgraphVersionConnection{Edges: edges, PageInfo: info, TotalCount: total}, err
}

func (r *Resolver) health(s *model.Service) *model.ServiceHealth {
	return healthOf(r.Registry.Seen.Health(s.Name))
}

func (r *Resolver) figures(s *model.Service) *model.ServiceFigures {
	return serviceFiguresOf(r.Registry.Seen.Figures(s.Name))
}

func servicesEventOf(e registry.Event) (*model.ServicesEvent, error) {
	return &model.ServicesEvent{
		Services: mapAll(e.Services, func(row *ent.Service) model.Service { return *serviceOf(row) }), Withdrawn: nonNil(e.Withdrawn), Complete: e.Complete,
	}, nil
}

// afterServices says what the event of a stream brings besides its data.
func afterServices(e registry.Event) sending { return sending{written: func() {}, err: e.Err} }

// service answers a read of one service: what is missing and what is walled off look the same.
func (r *Resolver) service(ctx context.Context, name string) (*model.Service, error) {
	row, err := registry.Find(ctx, r.Store.Reader(ctx), name, principal.ServicesRead)
	return serviceOf(row), absent(err)
}

func (r *Resolver) supergraphPayload(ctx context.Context, out registry.Published, err error) (*model.SubgraphPublishPayload, error) {
	failures, err := r.refusedService(ctx, err)
	return &model.SubgraphPublishPayload{Service: serviceOf(out.Service), Supergraph: supergraphVersionOf(out.Supergraph), UserErrors: failures}, err
}

func (r *Resolver) withdrawPayload(ctx context.Context, out registry.Published, err error) (*model.ServiceWithdrawPayload, error) {
	failures, err := r.refusedService(ctx, err)
	payload := &model.ServiceWithdrawPayload{Supergraph: supergraphVersionOf(out.Supergraph), UserErrors: failures}
	if out.Service != nil {
		payload.Withdrawn = &out.Service.Name
	}
	return payload, err
}

func (r *Resolver) checkPayload(ctx context.Context, check registry.Check, err error) (*model.SubgraphCheckPayload, error) {
	failures, err := refused(err)
	payload := &model.SubgraphCheckPayload{UserErrors: failures}
	if err != nil || len(failures) > 0 {
		return payload, err
	}
	payload.Check, err = r.checkOf(ctx, check)
	return payload, err
}

// refusedService is refused for changes of services: a schema that does not fit comes with its check.
func (r *Resolver) refusedService(ctx context.Context, err error) ([]model.UserError, error) {
	failures, rest := refused(err)
	f := fault.As(err)
	if f == nil || rest != nil {
		return failures, rest
	}
	check, ok := f.Detail.(registry.Check)
	if !ok {
		return failures, nil
	}
	of, err := r.checkOf(ctx, check)
	if err != nil {
		return nil, err
	}
	return []model.UserError{model.CompositionFailed{Message: f.Message, Code: model.UserErrorCode(codeOf(f)), Path: f.Path, Check: of}}, nil
}

func (r *Resolver) checkOf(ctx context.Context, c registry.Check) (*model.SubgraphCheck, error) {
	out := &model.SubgraphCheck{
		Ok: c.OK(), Composition: mapAll(c.Composition, compositionProblemOf), BrokenDocuments: []model.BrokenDocument{},
		Changes: mapAll(c.Changes, func(x supergraph.Change) model.SchemaChange {
			return model.SchemaChange{Kind: x.Kind, Path: x.Path, Breaking: x.Breaking, Message: x.Message}
		}),
	}
	readable := slices.DeleteFunc(slices.Clone(c.Documents), func(d registry.BrokenDocument) bool {
		return !principal.Can(ctx, principal.DocumentsRead, principal.Place{Frontend: d.Frontend}) || !reads(ctx, d.Frontend)
	})
	out.BrokenElsewhere = len(c.Documents) - len(readable)
	ids := mapAll(readable, func(d registry.BrokenDocument) string { return d.ID })
	rows, err := r.Store.Reader(ctx).TrustedDocument.Query().Where(trusteddocument.IDIn(ids...)).WithFrontend().All(ctx)
	if err != nil {
		return nil, err
	}
	documents, err := r.trustedDocuments(ctx, rows)
	if err != nil {
		return nil, err
	}
	for _, d := range readable {
		i := slices.IndexFunc(rows, func(row *ent.TrustedDocument) bool { return row.ID == d.ID })
		if i >= 0 { // it may be gone in the meantime
			out.BrokenDocuments = append(out.BrokenDocuments, model.BrokenDocument{
				Document: &documents[i], Frontend: frontendOf(rows[i].Edges.Frontend), Reason: d.Reason,
			})
		}
	}
	out.BrokenScreens, err = r.brokenScreens(ctx, c.Screens)
	return out, err
}

// brokenScreens are those of frontends whose content the caller may read.
func (r *Resolver) brokenScreens(ctx context.Context, broken []release.BrokenBinding) ([]model.BrokenScreen, error) {
	all, known := []model.BrokenScreen{}, map[string]*model.Frontend{}
	for _, s := range broken {
		if !reads(ctx, s.Frontend) {
			continue
		}
		if known[s.Frontend] == nil {
			row, err := r.Store.Reader(ctx).Frontend.Get(ctx, s.Frontend)
			if err != nil {
				return nil, err
			}
			known[s.Frontend] = frontendOf(row)
		}
		all = append(all, model.BrokenScreen{
			Frontend: known[s.Frontend], Environment: optional(s.Environment), ScreenKey: s.Screen, BlockKey: s.Block, Reason: s.Reason,
		})
	}
	return all, nil
}

func compositionProblemOf(p supergraph.Problem) model.CompositionProblem {
	out := model.CompositionProblem{
		Severity: model.Severity(p.Severity), Code: p.Code, Message: p.Message, Hint: optional(p.Hint), Service: optional(p.Service),
	}
	if p.Severity == supergraph.Notice {
		out.Severity = model.SeverityInfo
	}
	if p.Line > 0 {
		out.Line, out.Column = &p.Line, &p.Column
	}
	return out
}
