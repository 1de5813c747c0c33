package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/wundergraph/graphql-go-tools/v2/pkg/engine/resolve"
	"golang.org/x/sync/singleflight"

	"sonata.ai/sonata/internal/kept"
	"sonata.ai/sonata/internal/supergraph"
)

// Engine runs operations over one supergraph version. It is never changed; only what it keeps of plans grows, to a bound.
type Engine struct {
	supergraph *supergraph.Supergraph
	planners   *planners
	sources    map[string]Source
	shapesOf   map[string]*conformer // of services, by name
	nodes      nodes
	runtime    *runtime

	shapes *kept.Kept[shapeKey, *shape]
	plans  *kept.Kept[planKey, *planned]
	normal *kept.Kept[string, *planned]
	once   singleflight.Group
	uses   *uses
	made   atomic.Int64 // plans

	own       graphql.ExecutableSchema // Sonata's own graph, which says of the schema what API has; nil without one
	ownSchema *ast.Schema              // what is valid for it
	ownName   string                   // the subgraph that it is

	ctx    context.Context // ends when the engine is drained or out of time
	cancel context.CancelFunc

	inFlight atomic.Int64
	retired  atomic.Bool
	drained  chan struct{}
	drain    sync.Once
}

type shapeKey struct{ text, operation string }

type planKey struct {
	shapeKey
	flags  string
	routes string
}

// shape is what is found out about an operation once.
type shape struct {
	flags []string // variables that decide what is in the plan
	own   bool     // valid in Sonata's own schema, so it is handed there as it is, unless it names ids of a service
	nodes nodeUses
}

// Build makes an engine aside; Gateway.Swap makes it the live one. Each subgraph has to have a source. Building starts
// nothing and reaches nobody.
func (g *Gateway) Build(sg *supergraph.Supergraph, sources map[string]Source) (*Engine, error) {
	for _, s := range sg.Sources {
		if sources[s.Name] == nil {
			return nil, fmt.Errorf("the subgraph %s has no source", s.Name)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	e := &Engine{
		supergraph: sg, sources: maps.Clone(sources), shapesOf: map[string]*conformer{}, nodes: nodesOf(sg), runtime: g.runtime, ctx: ctx, cancel: cancel, drained: make(chan struct{}), uses: newUses(),
		shapes: kept.New(g.options.PlanBytes/16, func(k shapeKey, s *shape) int {
			return len(k.text) + len(k.operation) + 16*len(s.flags) + s.nodes.bytes() + 256
		}),
		plans: kept.New(g.options.PlanBytes/2, func(k planKey, p *planned) int {
			return len(k.text) + len(k.operation) + len(k.flags) + len(k.routes) + p.bytes + 256
		}),
		normal: kept.New(g.options.PlanBytes/2, func(text string, p *planned) int { return len(text) + p.bytes + 256 }),
	}
	if g.options.Own != nil {
		e.own, e.ownSchema = g.options.Own(sg.API), g.options.Own(nil).Schema()
	}
	for name, s := range sources {
		if _, ok := s.(*Local); ok {
			e.ownName = name
		}
	}
	for _, s := range sg.Sources {
		if _, own := sources[s.Name].(*Local); own {
			continue
		}
		shape, err := newConformer(s)
		if err != nil {
			cancel()
			return nil, fmt.Errorf("the schema of %s cannot be read: %w", s.Name, err)
		}
		e.shapesOf[s.Name] = shape
	}
	asked := map[string]*nodeService{}
	for _, s := range sg.Sources {
		asked[s.Name] = newNodeService(s.Nodes)
	}
	var err error
	e.planners, err = newPlanners(ctx, sg, func(service string) courier {
		return courier{service, sources[service], e.fits, e.shapesOf[service], asked[service]}
	})
	if err != nil {
		cancel()
		return nil, err
	}
	return e, nil
}

// API is the schema that clients see. Operations are validated against it.
func (e *Engine) API() *ast.Schema { return e.supergraph.API }

// fits reports whether an entity of one type may answer a representation of another: where one is an interface, it stands for
// the types that implement it.
func (e *Engine) fits(asked, got string) bool {
	whole := e.planners.schema
	implements := func(object, abstract string) bool {
		return slices.ContainsFunc(whole.PossibleTypes[abstract], func(d *ast.Definition) bool { return d.Name == object })
	}
	return asked == got || implements(got, asked) || implements(asked, got)
}

// Supergraph is what the engine was built from.
func (e *Engine) Supergraph() *supergraph.Supergraph { return e.supergraph }

// Drained is closed when the engine was swapped out and nothing runs on it any more.
func (e *Engine) Drained() <-chan struct{} { return e.drained }

// enter counts one more thing that runs on the engine; false when it was swapped out, and another has to be taken.
func (e *Engine) enter() bool {
	e.inFlight.Add(1)
	if e.retired.Load() {
		e.leave()
		return false
	}
	return true
}

func (e *Engine) leave() {
	if e.inFlight.Add(-1) == 0 && e.retired.Load() {
		e.end()
	}
}

func (e *Engine) end() {
	e.drain.Do(func() {
		e.cancel()
		close(e.drained)
	})
}

// Discard ends an engine that was built and never swapped in.
func (e *Engine) Discard() { e.end() }

// retire lets nothing more in. The engine ends when what runs on it has ended, or after the time.
func (e *Engine) retire(within time.Duration) {
	e.retired.Store(true)
	if e.inFlight.Load() == 0 {
		e.end()
		return
	}
	timer := time.AfterFunc(within, e.cancel)
	context.AfterFunc(e.ctx, func() { timer.Stop() })
}

// planFor returns the plan of an operation that is valid in the engine's API. Equal operations are planned once at a time.
func (e *Engine) planFor(op Operation) (*planned, error) {
	key := planKey{shapeKey: shapeKey{op.Text, op.Definition.Name}, routes: op.routes}
	encoded := []byte("{}")
	if names := e.shapeOf(op.Text, op.Definition).flags; len(names) > 0 {
		flags := map[string]any{}
		for _, name := range names {
			flags[name] = op.Variables[name]
		}
		var err error
		if encoded, err = json.Marshal(flags); err != nil {
			return nil, err
		}
	}
	key.flags = string(encoded)
	if p, ok := e.plans.Get(key); ok {
		e.uses.note(key)
		return p, nil
	}
	made, err, _ := e.once.Do(key.text+"\x00"+key.operation+"\x00"+key.flags+"\x00"+key.routes, func() (any, error) {
		if p, ok := e.plans.Get(key); ok {
			return p, nil
		}
		e.made.Add(1)
		text := key.text
		if key.routes != "" {
			var err error
			if text, err = e.nodes.rerouted(text, key.operation, key.routes); err != nil {
				return nil, err
			}
		}
		p, normalized, err := e.planners.plan(text, key.operation, encoded, func(normalized string) *planned {
			p, _ := e.normal.Get(normalized)
			return p
		})
		if err != nil {
			return nil, err
		}
		if _, ok := e.normal.Get(normalized); !ok {
			e.normal.Put(normalized, p)
		}
		e.plans.Put(key, p)
		return p, nil
	})
	if err != nil {
		return nil, err
	}
	e.uses.note(key)
	return made.(*planned), nil //nolint:forcetypeassert // made above
}

// runtime is what engines have in common: the resolver, which bounds how much runs, and reuses memory.
type runtime struct {
	ctx      context.Context
	cancel   context.CancelFunc
	resolver func() *resolve.Resolver
}

func newRuntime(o Options) *runtime {
	ctx, cancel := context.WithCancel(context.Background())
	return &runtime{ctx: ctx, cancel: cancel, resolver: sync.OnceValue(func() *resolve.Resolver {
		return resolve.New(ctx, resolve.ResolverOptions{
			MaxConcurrency:                o.MaxConcurrent,
			PropagateSubgraphErrors:       true,
			SubgraphErrorPropagationMode:  resolve.SubgraphErrorPropagationModePassThrough,
			RewriteSubgraphErrorPaths:     true,
			OmitSubgraphErrorLocations:    true,
			AllowAllErrorExtensionFields:  true, // couriers leave only code and service
			SubscriptionHeartbeatInterval: 24 * time.Hour,
		})
	})}
}

// uses counts how often plans are asked for, for those that are made ahead on the next engine. What is kept of it is small:
// when there are many, all counts are halved and those at zero go.
type uses struct {
	mu     sync.Mutex
	counts map[planKey]int
}

const maxUses = 4096

func newUses() *uses { return &uses{counts: map[planKey]int{}} }

func (u *uses) note(k planKey) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.counts[k]++
	if len(u.counts) <= maxUses {
		return
	}
	for k, n := range u.counts {
		if n /= 2; n == 0 {
			delete(u.counts, k)
		} else {
			u.counts[k] = n
		}
	}
}

// hottest are the n keys that were asked for the most.
func (u *uses) hottest(n int) []planKey {
	u.mu.Lock()
	counts := maps.Clone(u.counts)
	u.mu.Unlock()
	keys := slices.SortedFunc(maps.Keys(counts), func(a, b planKey) int { return counts[b] - counts[a] })
	return keys[:min(n, len(keys))]
}
