// Package app wires the parts. New starts nothing that runs by itself; Run starts every part in one errgroup, and the
// first error ends all.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os/exec"
	"runtime/debug"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"sonata.ai/sonata/graph"
	"sonata.ai/sonata/internal/access"
	"sonata.ai/sonata/internal/asset"
	"sonata.ai/sonata/internal/component"
	"sonata.ai/sonata/internal/config"
	"sonata.ai/sonata/internal/delivery"
	"sonata.ai/sonata/internal/demo"
	"sonata.ai/sonata/internal/document"
	"sonata.ai/sonata/internal/event"
	"sonata.ai/sonata/internal/event/nats"
	"sonata.ai/sonata/internal/fleet"
	"sonata.ai/sonata/internal/frontend"
	"sonata.ai/sonata/internal/presence"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/registry"
	"sonata.ai/sonata/internal/release"
	"sonata.ai/sonata/internal/screen"
	"sonata.ai/sonata/internal/store"
	"sonata.ai/sonata/internal/usage"
	"sonata.ai/sonata/server"
	"sonata.ai/sonata/web"
)

// App is a server that is built and does not run yet.
type App struct {
	Handler http.Handler

	cfg       *config.Config
	log       *slog.Logger
	listener  net.Listener
	mode      config.Mode
	store     *store.Store
	assets    *asset.Assets
	releases  *release.Releases
	delivery  *delivery.Delivery
	broker    *event.Broker
	presence  *presence.Presence
	usage     *usage.Usage
	documents *document.Documents
	registry  *registry.Registry
	services  *services
	fleet     *fleet.Fleet
	surface   *server.Surface
	tailer    *event.Tailer
	access    *access.Credentials
	refusals  *access.Refusals
	limits    *access.Limits
	wakers    *nats.Wakers // nil without a NATS
	idle      *idlers

	admin         http.Handler
	adminListener net.Listener      // nil for none
	certificate   *certificate      // nil without TLS
	developer     *server.Developer // nil in production
	setUp         *access.SetUp     // nil when there is nothing to set up
	hashers       *access.Hashers   // nil to hash in this process

	started          atomic.Bool
	draining         atomic.Bool
	drain            context.CancelFunc // completes streams
	closeConnections context.CancelFunc // closes websockets
}

// Drain is how a stop goes: streams complete, then websockets close, then running requests get the rest.
const (
	completeWithin = 300 * time.Millisecond
	stopWithin     = 20 * time.Second
)

// Option is something that only some who build an App can give.
type Option func(*App)

// HashWith takes what makes the command of a process that computes hashes of passwords (see access.Hashers). Without it
// they are computed in this process.
func HashWith(command func() *exec.Cmd) Option {
	return func(a *App) {
		a.hashers = access.NewHashers(command, func(err error) { a.log.Warn("a password was hashed in this process", "error", err) })
	}
}

// New opens the database and the listener and builds every part. What it returns must be closed.
func New(ctx context.Context, cfg *config.Config, log *slog.Logger, options ...Option) (_ *App, err error) {
	a := &App{cfg: cfg, log: log, idle: newIdlers(), broker: event.NewBroker()}
	for _, option := range options {
		option(a)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Close())
		}
	}()
	if err = a.listen(ctx); err != nil {
		return nil, err
	}
	a.certificate = openCertificate(&cfg.Server, log)
	if a.store, err = store.Open(ctx, cfg.Database.Address(), cfg.Database.Pool()); err != nil {
		return nil, err
	}
	if a.access, err = access.NewCredentials(a.store); err != nil {
		return nil, err
	}
	if err = a.decideMode(ctx); err != nil {
		return nil, err
	}
	secrets, err := a.openSecrets(ctx)
	if err != nil {
		return nil, err
	}
	storage, err := a.openAssets(ctx)
	if err != nil {
		return nil, err
	}
	a.assets = asset.New(a.store, storage)
	components := component.New(a.store)
	if a.documents, err = a.openDocuments(); err != nil {
		return nil, err
	}
	screens := screen.New(a.store, components, a.documents)
	frontends := frontend.New(a.store)
	a.releases = release.New(a.store, components, secrets, a.documents)
	if err := demo.Seed(ctx, demo.Verbs{Store: a.store, Frontends: frontends, Components: components, Screens: screens, Releases: a.releases}, a.demo()); err != nil {
		return nil, fmt.Errorf("seed the demo: %w", err)
	}
	if a.delivery, err = delivery.New(a.store, a.releases, components, a.broker, a.documents); err != nil {
		return nil, err
	}
	a.presence = presence.New(a.store, secrets)
	a.usage = usage.New(a.store, a.delivery)
	members, err := access.NewMembers(a.store, access.NewPasswords(a.hashers), a.setUp, a.URL)
	if err != nil {
		return nil, err
	}
	a.refusals = access.NewRefusals(a.store)
	a.limits = access.NewLimits(a.cfg.Limits.Anonymous, a.cfg.Limits.Key, a.cfg.Limits.CostMinute)
	a.limits.Share(a.store)
	a.tailer = event.NewTailer(a.store, a.failed("follow the ledger"), a.access.Apply, a.documents.Apply, a.delivery.Apply, a.servicesChanged, a.fleetChanged)
	if err := a.wakeOnCommit(ctx); err != nil {
		return nil, err
	}
	if err := a.tailer.Start(ctx); err != nil {
		return nil, err
	}
	if err := a.documents.Load(ctx); err != nil {
		return nil, err
	}
	if err := a.delivery.Load(ctx); err != nil {
		return nil, err
	}
	err = a.open(secrets, &graph.Resolver{
		Store: a.store, Frontends: frontends, Components: components, Screens: screens, Releases: a.releases,
		Delivery: a.delivery, Presence: a.presence, Usage: a.usage, Documents: a.documents, Keys: access.NewKeys(a.store, a.cfg.Limits.Key), Members: members,
		Audit: access.NewLog(a.store), Refusals: a.refusals, Limits: a.limits,
		DemoPreviewURL: a.previewURL,
	})
	if err != nil {
		return nil, err
	}
	if err := a.fleet.Load(ctx); err != nil {
		return nil, err
	}
	a.services.begin(ctx)
	return a, nil
}

// open makes the surface of our own part of the graph, and what joins those of services to it.
func (a *App) open(secrets *store.Secrets, resolver *graph.Resolver) error {
	var draining, connections context.Context
	draining, a.drain = context.WithCancel(context.Background())
	connections, a.closeConnections = context.WithCancel(context.Background())
	schema := graph.NewExecutableSchema(graph.Config{Resolvers: resolver})
	own, err := server.NewGraph(schema, a.refusals.Note)
	if err != nil {
		return err
	}
	parts := server.Parts{
		Graph: own, Present: graph.Present(a.log), Recover: graph.Recover, Assets: pictures{a.assets}, Access: a.access,
		Audit: resolver.Audit, Refused: a.refusals.Note,
		Developer: a.developer, Facing: a.facing(), Pages: web.Handler(a.delivery.FrameSources, a.mode == config.Development),
		Limits: resolver.Limits, Documents: a.documents, Limit: a.limit(), Concurrent: a.cfg.Limits.Concurrent, Metrics: server.NewMetrics(), Log: a.log, Ready: a.ready, AllowsOrigin: a.delivery.AllowsOrigin,
		FrontendAllows: a.delivery.FrontendAllows,
		Stands:         a.delivery.Stands,
		BlockTypes:     resolver.Components.Types,
		PartialStatus:  a.cfg.Server.PartialStatus,
		Draining:       draining, Connections: connections,
	}
	a.services = a.openServices(secrets, own, resolver, server.NewInner(parts))
	parts.ServiceKeys = a.services.keys()
	parts.Metrics.FollowServices(a.services.metrics)
	a.registry = registry.New(registry.Options{
		Store: a.store, SDL: graph.Subgraph(schema.Schema()), Documents: a.documents, Screens: a.releases, Reach: a.reaches, Plans: a.services.plans, Seen: a.services, Broker: a.broker,
	})
	a.fleet = fleet.New(fleet.Options{Store: a.store, Broker: a.broker, Reach: a.reaches, Observer: a.services, Self: newSelf(parts.Metrics).read})
	parts.Metrics.FollowFleet(a.fleetMetrics)
	resolver.Registry, resolver.Fleet = a.registry, a.fleet
	a.admin = server.Admin(parts)
	a.surface = server.New(parts)
	a.Handler = a.surface
	a.delivery.AskWith(a.surface.Ask, a.cfg.Services.DataWithin)
	a.documents.Follow(schema.Schema(), a.refusing(own))
	return nil
}

// serveGraph puts a graph in the place of the one that is served.
func (a *App) serveGraph(g server.Graph) {
	a.documents.Follow(g.Schema.Schema(), a.refusing(g))
	a.surface.Serve(g)
	a.delivery.GraphServed()
}

// servicesChanged follows one event of the ledger.
func (a *App) servicesChanged(ctx context.Context, e event.Event) error {
	return a.services.Apply(ctx, e)
}

// fleetChanged follows one event of the ledger.
func (a *App) fleetChanged(ctx context.Context, e event.Event) error {
	return a.fleet.Apply(ctx, e)
}

func (a *App) httpServer(handler http.Handler) *http.Server {
	return &http.Server{
		Handler: handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second,
		WriteTimeout: 60 * time.Second, IdleTimeout: 120 * time.Second, MaxHeaderBytes: 32 << 10,
		ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelDebug),
	}
}

// Run serves until ctx ends, then drains: readiness off, streams completed, running requests finished.
func (a *App) Run(ctx context.Context) error {
	srv, admin := a.httpServer(a.Handler), a.httpServer(a.admin)
	srv.ConnState = a.idle.follow
	group, ctx := errgroup.WithContext(ctx)
	parts, stopParts := context.WithCancel(principal.With(context.WithoutCancel(ctx), principal.Sonata())) // they outlive the listener: its requests need them
	group.Go(func() error { return a.tailer.Run(parts) })
	group.Go(func() error { return a.store.Watch(parts, a.databaseChanged) })
	if a.wakers == nil {
		group.Go(func() error { return a.store.Listen(parts, a.tailer.Wake, a.failed("listen for changes")) })
	}
	group.Go(func() error { return a.releases.RunSchedules(parts, a.failed("activate schedules")) })
	group.Go(func() error { return a.delivery.RunSightings(parts, a.failed("write build sightings")) })
	group.Go(func() error { return a.presence.Run(parts, a.failed("tell other processes who is present")) })
	group.Go(func() error { return a.usage.Run(parts, a.failed("write usage")) })
	group.Go(func() error { return a.documents.Run(parts, a.failed("write uses of documents")) })
	group.Go(func() error { return a.refusals.Run(parts, a.failed("write refusals")) })
	group.Go(func() error { return a.limits.Run(parts, a.countsAlone) })
	group.Go(func() error { return a.services.Run(parts) })
	group.Go(func() error { return a.fleet.Run(parts, a.failed("follow the fleet")) })
	group.Go(func() error { return a.assets.Run(parts, a.failed("collect assets")) })
	group.Go(func() error { return a.access.Run(parts, a.failed("write uses of credentials")) })
	group.Go(func() error { return a.sweep(parts) })
	if a.certificate != nil {
		group.Go(func() error { return a.certificate.run(parts) })
	}
	if a.adminListener != nil {
		group.Go(func() error {
			if err := admin.Serve(a.adminListener); !errors.Is(err, http.ErrServerClosed) {
				return fmt.Errorf("serve operators: %w", err)
			}
			return nil
		})
	}
	group.Go(func() error {
		debug.FreeOSMemory() // the start, above all the demo's, leaves several times what is in use
		return nil
	})
	group.Go(func() error {
		a.started.Store(true)
		if err := a.serve(srv); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve: %w", err)
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		defer stopParts()
		return errors.Join(a.stop(srv), admin.Close()) // who watches can, to the end
	})
	return group.Wait()
}

func (a *App) stop(srv *http.Server) error {
	a.draining.Store(true)
	a.log.Info("stopping: streams complete, running requests finish")
	a.drain()
	time.Sleep(completeWithin) // still listening: who asks /readyz can see that this is over
	a.closeConnections()
	a.idle.close()
	within, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	go a.idle.closeUntil(within) // some come in the last moment before the listener closes
	if err := srv.Shutdown(within); err != nil {
		a.log.Warn("some requests did not finish in time", "error", err)
		return srv.Close()
	}
	return nil
}

// sweepEvery is how often rows are removed that only serve repetition and catching up, or nobody any more.
const sweepEvery = time.Hour

func (a *App) sweep(ctx context.Context) error {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case now := <-ticker.C:
			if err := errors.Join(a.store.Sweep(ctx, now), a.access.Sweep(ctx, now)); err != nil && ctx.Err() == nil {
				a.failed("sweep")(err)
			}
		}
	}
}

// failed logs what a part will try again. While the database is away, which is said once, everything fails for that.
func (a *App) failed(what string) func(error) {
	return func(err error) {
		if a.store != nil && a.store.Away() {
			return
		}
		a.log.Error(what+" failed and will be tried again", "error", err)
	}
}

func (a *App) ready(ctx context.Context) error {
	switch {
	case a.draining.Load():
		return errors.New("draining")
	case !a.started.Load():
		return errors.New("starting")
	}
	if err := a.store.Ping(ctx); err != nil {
		a.log.WarnContext(ctx, "not ready", "error", err)
		return errors.New("the database does not answer")
	}
	return nil
}

func (a *App) previewURL(token string) string {
	return a.URL() + "/demo/?" + release.PreviewParameter + "=" + url.QueryEscape(token)
}

// Overview returns what is live, for the console.
func (a *App) Overview() []delivery.Live { return a.delivery.Overview() }

// Close gives back what New opened.
func (a *App) Close() error {
	var errs []error
	if a.drain != nil {
		a.drain()
		a.closeConnections()
	}
	for _, l := range []net.Listener{a.listener, a.adminListener} {
		if l == nil {
			continue
		}
		if err := l.Close(); !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	if a.wakers != nil {
		a.wakers.Close()
	}
	if a.store != nil {
		errs = append(errs, a.store.Close())
	}
	return errors.Join(errs...)
}

func netReason(err error) string {
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err.Error()
	}
	return err.Error()
}
