// Package registry keeps the services of the platform and the subgraphs that they published, and decides which of them make
// up the graph. A schema that does not compose with the others, or that would break somebody, never becomes part of it.
package registry

import (
	"context"
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"

	"sonata.ai/sonata/ent"
	entservice "sonata.ai/sonata/ent/service"
	"sonata.ai/sonata/ent/subgraphversion"
	"sonata.ai/sonata/ent/supergraphversion"
	"sonata.ai/sonata/internal/document"
	"sonata.ai/sonata/internal/event"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/release"
	"sonata.ai/sonata/internal/store"
	"sonata.ai/sonata/internal/supergraph"
)

// TopicChanged is the event of a service that was published, rolled back or withdrawn.
const TopicChanged = "services.changed"

// Changed is the payload of TopicChanged.
type Changed struct {
	Service string `json:"service"` // name
	Number  int    `json:"number"`  // of the supergraph version
}

// Sonata is the name of our own subgraph.
const Sonata = "sonata"

// Options are what the verbs on services need. All are required.
type Options struct {
	Store     *store.Store
	SDL       string // of our own subgraph
	Documents *document.Documents
	Screens   Screens
	Reach     func(address string) error               // why a service cannot be at an address
	Plans     func(graph *supergraph.Supergraph) error // why operations on a graph could not be run
	Seen      Seen
	Broker    *event.Broker // that is told of TopicSeen
}

// Seen is what this process sees of services, by name.
type Seen interface {
	Health(service string) Health
	Figures(service string) Figures
}

// Registry is the verbs on services.
type Registry struct {
	Seen   Seen
	Broker *event.Broker

	store     *store.Store
	own       supergraph.Subgraph
	documents *document.Documents
	screens   Screens
	reach     func(address string) error
	plans     func(*supergraph.Supergraph) error
}

// Screens knows what screens show of the graph.
type Screens interface {
	// BrokenBindings returns those that can be filled from one graph and could not from another, at most so many.
	BrokenBindings(ctx context.Context, was, next release.SourceIn, most int) ([]release.BrokenBinding, error)
}

// New returns the verbs.
func New(o Options) *Registry {
	return &Registry{
		Seen: o.Seen, Broker: o.Broker, store: o.Store, reach: o.Reach, plans: o.Plans,
		own: supergraph.Subgraph{Name: Sonata, SDL: o.SDL, Owned: true}, documents: o.Documents, screens: o.Screens,
	}
}

// Find returns the service with this name for a caller who holds the scope there. Fault: NotFound, in the same words for
// what is missing, for what was withdrawn, and for what the caller may not reach.
func Find(ctx context.Context, c *ent.Client, name, scope string) (*ent.Service, error) {
	row, err := c.Service.Query().Where(entservice.Name(name), entservice.LiveIDNotNil()).Only(ctx)
	if ent.IsNotFound(err) || err == nil && !principal.Can(ctx, scope, principal.Place{Service: name}) {
		return nil, fault.NotFoundf("there is no service %.80q", name).At("service")
	}
	if err != nil {
		return nil, fmt.Errorf("read service: %w", err)
	}
	return row, nil
}

// Member is a service that is part of the graph, with the version that is.
type Member struct {
	*ent.Service
	Version *ent.SubgraphVersion
}

// Members returns the services that make up the graph, by name.
func Members(ctx context.Context, c *ent.Client) ([]Member, error) {
	rows, err := c.Service.Query().Where(entservice.LiveIDNotNil()).WithLive().Order(entservice.ByName()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read services: %w", err)
	}
	members := make([]Member, len(rows))
	for i, row := range rows {
		if row.Edges.Live == nil {
			return nil, fmt.Errorf("the live version of the service %s is gone", row.Name)
		}
		members[i] = Member{Service: row, Version: row.Edges.Live}
	}
	return members, nil
}

// Newest returns the supergraph version that was made last; nil when no service was ever published.
func Newest(ctx context.Context, c *ent.Client) (*ent.SupergraphVersion, error) {
	row, err := c.SupergraphVersion.Query().Order(ent.Desc(supergraphversion.FieldNumber)).First(ctx)
	if ent.IsNotFound(err) {
		return nil, nil //nolint:nilnil // there is none before the first publish
	}
	if err != nil {
		return nil, fmt.Errorf("read supergraph version: %w", err)
	}
	return row, nil
}

// newestNumber is the number of the newest version of a service; 0 for none.
func newestNumber(ctx context.Context, c *ent.Client, service string) (int, error) {
	row, err := c.SubgraphVersion.Query().Where(subgraphversion.ServiceID(service)).Order(ent.Desc(subgraphversion.FieldNumber)).Select(subgraphversion.FieldNumber).First(ctx)
	if ent.IsNotFound(err) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read subgraph version: %w", err)
	}
	return row.Number, nil
}

// compose joins our own subgraph with those of the members.
func (r *Registry) compose(members []Member) (*supergraph.Supergraph, []supergraph.Problem) {
	all := []supergraph.Subgraph{r.own}
	for _, m := range members {
		all = append(all, supergraph.Subgraph{Name: m.Name, SDL: m.Version.Sdl, NodePrefix: m.prefix()})
	}
	return supergraph.Compose(all)
}

// Assemble composes the graph of all members. Where they do not compose any more, because our own subgraph is another than
// when they were published, those are left out that were published last and do not fit what is there before them; leftOut
// says why, by name.
func (r *Registry) Assemble(members []Member) (graph *supergraph.Supergraph, leftOut map[string]string, err error) {
	if graph, problems := r.compose(members); !refused(problems) {
		return graph, nil, nil
	}
	graph, problems := r.compose(nil)
	if refused(problems) {
		return nil, nil, fmt.Errorf("our own subgraph does not compose: %s", first(problems))
	}
	leftOut = map[string]string{}
	var fitting []Member
	for _, m := range byPublishing(members) {
		with, problems := r.compose(append(fitting[:len(fitting):len(fitting)], m))
		if refused(problems) {
			leftOut[m.Name] = first(problems)
			continue
		}
		graph, fitting = with, append(fitting, m)
	}
	return graph, leftOut, nil
}

func refused(problems []supergraph.Problem) bool { return first(problems) != "" }

// first is the message of the first problem that refuses a composition, or "".
func first(problems []supergraph.Problem) string {
	for _, p := range problems {
		if p.Severity == supergraph.Error {
			return p.Message
		}
	}
	return ""
}

// textOf is a schema as text.
func textOf(schema *ast.Schema) string {
	var text strings.Builder
	formatter.NewFormatter(&text, formatter.WithIndent("  ")).FormatSchema(schema)
	return text.String()
}
