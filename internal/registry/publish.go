package registry

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"sonata.ai/sonata/ent"
	entservice "sonata.ai/sonata/ent/service"
	"sonata.ai/sonata/ent/subgraphversion"
	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/store"
	"sonata.ai/sonata/internal/supergraph"
)

// PublishInput is a service as its team describes it, with its schema. Of a service that is there already, nil stays as it
// is.
type PublishInput struct {
	Service, URL, SDL                                string
	Owner, Description, Contact, Repository, DocsURL *string
	NodePrefix                                       *string   // "" for none
	AllowedHosts                                     *[]string // nil for the host of the URL
	AllowBreaking                                    bool
	IdempotencyKey                                   string
}

// Published is what a change of the services led to.
type Published struct {
	Service    *ent.Service
	Supergraph *ent.SupergraphVersion
}

// kept is what is remembered of a change for its idempotency key.
type kept struct {
	Service    string `json:"service"`
	Supergraph string `json:"supergraph"`
}

// Publish makes a schema part of the graph, in one transaction with the graph that it makes. The same again changes nothing.
// It needs services:write for the service. Faults: NotFound, Invalid (COMPOSITION_FAILED with a Check as detail), Conflict (TAKEN; BREAKING_CHANGE with a Check as detail), Exhausted.
func (r *Registry) Publish(ctx context.Context, in PublishInput) (out Published, err error) {
	hosts, err := in.check()
	if err != nil {
		return Published{}, err
	}
	if err := r.reach(in.URL); err != nil {
		return Published{}, fault.Invalidf("url: %s; whoever runs Sonata can allow more (--service-networks)", err).At("url")
	}
	err = r.change(ctx, in.Service, func(ctx context.Context, tx *store.Tx) error {
		result := kept{}
		err := store.Once(ctx, tx, "subgraphPublish", in.IdempotencyKey, in, &result, func() error {
			members, err := Members(ctx, tx.Client()) // as they are before
			if err != nil {
				return err
			}
			row, err := r.save(ctx, tx, in, hosts)
			if err != nil {
				return err
			}
			version, err := r.publish(ctx, tx, row, members, in)
			if err != nil {
				return err
			}
			result = kept{Service: row.ID, Supergraph: version.ID}
			return nil
		})
		if err != nil {
			return err
		}
		out, err = published(ctx, tx.Client(), result)
		return err
	})
	return out.unwrap(), err
}

// change runs what changes a service for a caller who may.
func (r *Registry) change(ctx context.Context, service string, fn func(ctx context.Context, tx *store.Tx) error) error {
	if !principal.Can(ctx, principal.ServicesWrite, principal.Place{Service: service}) {
		return fault.NotFoundf("there is no service %.80q, or it is not yours to change: the key needs services:write for it", service).At("service")
	}
	return r.store.WithTx(ctx, fn)
}

// save writes what is known of the service besides its schema.
func (r *Registry) save(ctx context.Context, tx *store.Tx, in PublishInput, hosts []string) (*ent.Service, error) {
	if err := claim(ctx, tx, in); err != nil {
		return nil, err
	}
	row, err := tx.Service.Query().Where(entservice.Name(in.Service)).Only(ctx)
	if ent.IsNotFound(err) {
		n, err := tx.Service.Query().Count(ctx)
		if err != nil {
			return nil, fmt.Errorf("count services: %w", err)
		}
		if n >= maxServices {
			return nil, fault.Exhaustedf("there are %d services, and more are not kept", maxServices).WithCode("LIMIT").At("service")
		}
		create := tx.Service.Create().SetName(in.Service).SetURL(in.URL).SetNillableOwner(in.Owner).SetNillableDescription(in.Description).
			SetNillableContact(in.Contact).SetNillableRepository(in.Repository).SetNillableDocsURL(in.DocsURL).SetAllowedHosts(hosts)
		if text(in.NodePrefix) != "" {
			create.SetNodePrefix(*in.NodePrefix)
		}
		if row, err = create.Save(ctx); err != nil {
			return nil, fmt.Errorf("insert service: %w", err)
		}
		return row, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read service: %w", err)
	}
	change := tx.Service.UpdateOne(row).SetURL(in.URL).SetNillableOwner(in.Owner).SetNillableDescription(in.Description).SetNillableContact(in.Contact).
		SetNillableRepository(in.Repository).SetNillableDocsURL(in.DocsURL)
	if in.AllowedHosts != nil || row.URL != in.URL {
		change.SetAllowedHosts(hosts)
	}
	switch {
	case in.NodePrefix == nil:
	case *in.NodePrefix == "":
		change.ClearNodePrefix()
	default:
		change.SetNodePrefix(*in.NodePrefix)
	}
	if row, err = change.Save(ctx); err != nil {
		return nil, fmt.Errorf("update service: %w", err)
	}
	return row, nil
}

// publish makes a schema the live one of a service, unless it is already and its ids are found as before.
func (r *Registry) publish(ctx context.Context, tx *store.Tx, row *ent.Service, members []Member, in PublishInput) (*ent.SupergraphVersion, error) {
	hash := canonical.Hash([]byte(in.SDL))
	var same *ent.SubgraphVersion
	for _, m := range members {
		if m.ID != row.ID || m.Version.Hash != hash {
			continue
		}
		if same = m.Version; text(m.NodePrefix) == text(row.NodePrefix) {
			return r.record(ctx, tx, row, members, nil, "subgraphPublish", map[string]any{"number": m.Version.Number, "hash": hash})
		}
	}
	check, graph, err := r.compare(ctx, members, with(members, row, in.SDL))
	if err != nil {
		return nil, err
	}
	if err := check.stops(in.AllowBreaking, "sdl"); err != nil {
		return nil, err
	}
	if same != nil {
		return r.goLive(ctx, tx, row, same, graph, "subgraphPublish", check)
	}
	number, err := newestNumber(ctx, tx.Client(), row.ID)
	if err != nil {
		return nil, err
	}
	version, err := tx.SubgraphVersion.Create().SetServiceID(row.ID).SetNumber(number + 1).SetHash(hash).SetSdl(in.SDL).
		SetPublishedBy(principal.From(ctx).Encode()).Save(ctx)
	if err != nil {
		return nil, fmt.Errorf("insert subgraph version: %w", err)
	}
	return r.goLive(ctx, tx, row, version, graph, "subgraphPublish", check)
}

// goLive makes a version the live one, nil for none, and keeps the graph that it makes.
func (r *Registry) goLive(ctx context.Context, tx *store.Tx, row *ent.Service, version *ent.SubgraphVersion, graph *supergraph.Supergraph, action string, check Check) (*ent.SupergraphVersion, error) {
	change, detail := tx.Service.UpdateOne(row).ClearLive(), map[string]any{}
	if version != nil {
		change, detail = tx.Service.UpdateOne(row).SetLiveID(version.ID), map[string]any{"number": version.Number, "hash": version.Hash}
	}
	if row.NodePrefix != nil {
		detail["nodePrefix"] = *row.NodePrefix
	}
	if before := row.LiveID; before != nil {
		was, err := tx.SubgraphVersion.Query().Where(subgraphversion.ID(*before)).Only(ctx)
		if err != nil {
			return nil, fmt.Errorf("read subgraph version: %w", err)
		}
		detail["before"] = was.Number
	}
	if check.Breaks() {
		detail["breaking"] = breaking(check)
	}
	if err := change.Exec(ctx); err != nil {
		return nil, fmt.Errorf("update service: %w", err)
	}
	members, err := Members(ctx, tx.Client())
	if err != nil {
		return nil, err
	}
	return r.record(ctx, tx, row, members, graph, action, detail)
}

// record keeps the graph, where it is another than before, and notes what happened.
func (r *Registry) record(ctx context.Context, tx *store.Tx, row *ent.Service, members []Member, graph *supergraph.Supergraph, action string, detail map[string]any) (*ent.SupergraphVersion, error) {
	newest, err := Newest(ctx, tx.Client())
	if err != nil {
		return nil, err
	}
	if graph != nil {
		number, ids := 1, map[string]string{}
		if newest != nil {
			number = newest.Number + 1
		}
		for _, m := range members {
			ids[m.ID] = m.Version.ID
		}
		sdl := textOf(graph.API)
		newest, err = tx.SupergraphVersion.Create().SetNumber(number).SetHash(canonical.Hash([]byte(sdl))).SetSdl(sdl).SetMembers(ids).Save(ctx)
		if err != nil {
			return nil, fmt.Errorf("insert supergraph version: %w", err)
		}
	}
	detail["supergraph"] = newest.Number
	tx.Record(store.Fact{
		Topic: TopicChanged, Payload: Changed{Service: row.Name, Number: newest.Number}, Action: action,
		SubjectID: row.ID, SubjectLabel: row.Name, Detail: detail,
	})
	return newest, nil
}

// stops is the fault of a change that cannot be made, or not without being asked for twice; it names a field of the input.
func (c Check) stops(allowBreaking bool, field string) error {
	switch {
	case c.Refused():
		return fault.Invalidf("the schema does not compose with those of the other services: %s", first(c.Composition)).WithCode("COMPOSITION_FAILED").At(field).WithDetail(c)
	case c.Breaks() && !allowBreaking:
		return fault.Conflictf("%s: change the schema, or pass allowBreaking when nobody relies on it any more", whatBreaks(c)).WithCode("BREAKING_CHANGE").At(field).WithDetail(c)
	}
	return nil
}

func whatBreaks(c Check) string {
	if n := len(c.Documents); n > 0 {
		return fmt.Sprintf("the change breaks %d trusted documents, %s of them", n, c.Documents[0].Name)
	}
	if n := len(c.Screens); n > 0 {
		return fmt.Sprintf("the change takes data away that %d places on screens show, one of them on %s", n, c.Screens[0].Screen)
	}
	all := breaking(c)
	if len(all) == 1 {
		return fmt.Sprintf("the change breaks clients (%s)", all[0])
	}
	return fmt.Sprintf("the change breaks clients in %d places (%s)", len(all), all[0])
}

// maxNamed bounds the changes that an audit entry names.
const maxNamed = 20

func breaking(c Check) (names []string) {
	for _, change := range c.Changes {
		if change.Breaking && len(names) < maxNamed {
			names = append(names, change.Message)
		}
	}
	return names
}

func published(ctx context.Context, c *ent.Client, k kept) (Published, error) {
	row, err := c.Service.Get(ctx, k.Service)
	if err != nil {
		return Published{}, fmt.Errorf("read service: %w", err)
	}
	version, err := c.SupergraphVersion.Get(ctx, k.Supergraph)
	if err != nil {
		return Published{}, fmt.Errorf("read supergraph version: %w", err)
	}
	return Published{Service: row, Supergraph: version}, nil
}

func (p Published) unwrap() Published {
	if p.Service != nil {
		p.Service = p.Service.Unwrap()
	}
	if p.Supergraph != nil {
		p.Supergraph = p.Supergraph.Unwrap()
	}
	return p
}

// byPublishing is the members in the order in which their versions were published.
func byPublishing(members []Member) []Member {
	return slices.SortedStableFunc(slices.Values(members), func(a, b Member) int {
		return cmp.Or(a.Version.CreatedAt.Compare(b.Version.CreatedAt), cmp.Compare(a.Name, b.Name))
	})
}
