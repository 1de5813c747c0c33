package app

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"sonata.ai/sonata/graph"
	"sonata.ai/sonata/internal/event"
	"sonata.ai/sonata/internal/gateway"
	"sonata.ai/sonata/internal/registry"
	"sonata.ai/sonata/internal/store"
	"sonata.ai/sonata/internal/supergraph"
	"sonata.ai/sonata/server"
)

// services keeps the graph that is served what the registry says it is.
type services struct {
	app      *App
	gateway  *gateway.Gateway
	identity *gateway.Identity
	local    gateway.Source
	again    chan struct{}

	loading sync.Mutex

	mu      sync.Mutex
	remotes map[string]*remote // by name of the service
	leftOut map[string]string  // why, by name: services whose schema or address does not do
	since   time.Time          // of what is served
	number  int                // of the supergraph version that is
}

// remote is a service as it is asked, as long as its address stays.
type remote struct {
	*gateway.Remote
	url     string
	since   time.Time
	probing atomic.Bool
}

// openServices makes the gateway, which has no services yet. Own is our own part of the graph; local asks it from within.
func (a *App) openServices(secrets *store.Secrets, own server.Graph, resolver *graph.Resolver, local graphql.GraphExecutor) *services {
	s := &services{
		app: a, local: gateway.NewLocal(local), again: make(chan struct{}, 1), remotes: map[string]*remote{},
		identity: gateway.NewIdentity(a.URL(), ed25519.NewKeyFromSeed(secrets.Derive("identity for services")), nil),
	}
	s.gateway = gateway.New(gateway.Options{Own: func(api *ast.Schema) graphql.ExecutableSchema {
		if api == nil {
			return own.Schema
		}
		return graph.NewExecutableSchema(graph.Config{Schema: api, Resolvers: resolver})
	}})
	return s
}

// keys answers with the keys that services check identities by.
func (s *services) keys() http.Handler { return s.identity.Keys() }

// Apply follows one event of the ledger: who published reads what is served with it. What fails is tried again by Run, while
// other events go on.
func (s *services) Apply(ctx context.Context, e event.Event) error {
	if e.Topic != registry.TopicChanged {
		return nil
	}
	s.begin(ctx)
	return nil
}

// begin serves the graph of the services. While that fails, what was served is, at the start our own part alone.
func (s *services) begin(ctx context.Context) {
	if err := s.load(ctx); err != nil {
		s.app.failed("serve the graph of the services")(err)
		select {
		case s.again <- struct{}{}:
		default: // it will be tried anyway
		}
	}
}

// plans says why operations on a graph could not be run.
func (s *services) plans(whole *supergraph.Supergraph) error {
	nobody := map[string]gateway.Source{}
	for _, source := range whole.Sources {
		nobody[source.Name] = gateway.Unreachable(source.Name, nil)
	}
	engine, err := s.gateway.Build(whole, nobody)
	if err != nil {
		return err
	}
	engine.Discard()
	return nil
}

// Run asks services that nobody asks whether they are there, and tries again what failed.
func (s *services) Run(ctx context.Context) error {
	defer s.gateway.Close()
	ticker := time.NewTicker(probeEvery)
	defer ticker.Stop()
	var probes sync.WaitGroup
	defer probes.Wait()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
			s.probe(ctx, &probes)
		case <-s.again:
			wait := time.Second
			for err := s.load(ctx); err != nil && ctx.Err() == nil; err = s.load(ctx) {
				s.app.failed("serve the graph of the services")(err)
				select {
				case <-ctx.Done():
				case <-time.After(wait):
					wait = min(2*wait, time.Minute)
				}
			}
		}
	}
}

// probe asks each service that was not asked for a while, and each that does not do well.
func (s *services) probe(ctx context.Context, probes *sync.WaitGroup) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.remotes {
		if !r.Due(probeEvery) || !r.probing.CompareAndSwap(false, true) {
			continue
		}
		probes.Go(func() {
			defer r.probing.Store(false)
			_ = r.Probe(ctx, probeEvery) // its health tells
		})
	}
}

// load reads what services make up the graph, and serves it.
func (s *services) load(ctx context.Context) error {
	s.loading.Lock()
	defer s.loading.Unlock()
	defer s.tell()
	newest, err := registry.Newest(ctx, s.app.store.Reader(ctx)) // first: what comes in between is an event of its own
	if err != nil {
		return err
	}
	members, err := registry.Members(ctx, s.app.store.Reader(ctx))
	if err != nil {
		return err
	}
	if len(members) == 0 && s.gateway.Current() == nil {
		return nil // what is served is our own part
	}
	whole, leftOut, err := s.app.registry.Assemble(members)
	if err != nil {
		return err
	}
	for name, why := range leftOut {
		s.app.log.Error("a service is left out of the graph: its schema does not compose any more", "service", name, "reason", why)
	}
	engine, err := s.gateway.Build(whole, s.sources(members, leftOut))
	if err != nil {
		return fmt.Errorf("build the engine: %w", err)
	}
	ahead, cancel := context.WithTimeout(ctx, planAhead)
	s.gateway.Swap(ahead, engine)
	cancel()
	g, err := server.NewGraph(s.gateway.Executable(engine), s.app.refusals.Note)
	if err != nil {
		return err
	}
	s.app.serveGraph(g)
	s.mu.Lock()
	if newest != nil {
		s.number = newest.Number
	}
	s.mu.Unlock()
	return s.app.fleet.Load(ctx)
}

// sources returns who is asked for each subgraph. A service whose address stays is the same as before, with all that is known
// of how it does.
func (s *services) sources(members []registry.Member, leftOut map[string]string) map[string]gateway.Source {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.leftOut, s.since = map[string]string{}, time.Now()
	sources, kept := map[string]gateway.Source{registry.Sonata: s.local}, map[string]*remote{}
	for _, m := range members {
		if leftOut[m.Name] != "" {
			s.leftOut[m.Name] = "its schema does not compose with Sonata's own part any more: " + leftOut[m.Name]
			continue
		}
		r := s.remotes[m.Name]
		if r == nil || r.url != m.URL {
			made, err := gateway.NewRemote(gateway.RemoteOptions{
				Name: m.Name, URL: m.URL, Headers: s.app.cfg.Services.PassedHeaders(), Identity: s.identity,
				Reach: s.app.reach(), Changed: s.tell,
			})
			if err != nil {
				s.leftOut[m.Name] = "its address is not allowed: see --service-networks"
				sources[m.Name] = gateway.Unreachable(m.Name, err)
				continue
			}
			r = &remote{Remote: made, url: m.URL, since: time.Now()}
		}
		kept[m.Name], sources[m.Name] = r, r
	}
	for name, r := range s.remotes {
		if kept[name] != r {
			r.Close() // what is under way ends by itself
		}
	}
	s.remotes = kept
	return sources
}

// reach is where services may be.
func (a *App) reach() gateway.Reach {
	private, networks := a.cfg.Services.Reach(a.mode)
	return gateway.Reach{AllowPrivate: private, Allow: networks}
}

// reaches says why a service cannot be at an address.
func (a *App) reaches(address string) error {
	_, err := a.reach().CheckURL(address)
	return err
}

// planAhead is how long documents are planned before a graph is served: who published waits for it.
const planAhead = 300 * time.Millisecond

// probeEvery is how often a service is asked whether it is there when nobody else asks it.
const probeEvery = 5 * time.Second
