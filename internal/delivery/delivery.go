// Package delivery serves published screens from memory and tells open streams what changed. It follows the ledger:
// nothing here is the record of anything.
package delivery

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/sync/singleflight"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/activation"
	entfrontend "sonata.ai/sonata/ent/frontend"
	"sonata.ai/sonata/internal/access"
	"sonata.ai/sonata/internal/component"
	"sonata.ai/sonata/internal/document"
	"sonata.ai/sonata/internal/event"
	"sonata.ai/sonata/internal/frontend"
	"sonata.ai/sonata/internal/kept"
	"sonata.ai/sonata/internal/release"
	"sonata.ai/sonata/internal/screen"
	"sonata.ai/sonata/internal/store"
)

// Delivery is what is live everywhere, in memory.
type Delivery struct {
	store      *store.Store
	releases   *release.Releases
	components *component.Components
	broker     *event.Broker
	rendered   *lru.Cache[renderKey, *rendered]
	seen       *sightings
	reach      *reach
	activity   *activity
	history    *history
	documents  Documents
	bindable   Bindable

	ask          Ask
	dataWithin   time.Duration
	sharedData   *kept.Kept[string, *sharedAnswer]
	askingShared singleflight.Group
	back, graphs atomic.Int64 // how often data was back, and another graph was served
	telling      atomic.Bool

	changing sync.Mutex // one change of the index at a time
	index    atomic.Pointer[index]
}

// Documents decides what may be given to the operation that is asking.
type Documents interface {
	// Reads is asked before data of a frontend, by id, is given. Fault: Forbidden.
	Reads(ctx context.Context, frontendID string) error
	Bindable
}

// index is everything that is live. It is replaced whole, so a request sees one state.
type index struct {
	byID   map[string]*liveFrontend
	bySlug map[string]*liveFrontend
}

type liveFrontend struct {
	row          *ent.Frontend
	environments map[string]*liveEnvironment // by key
}

// liveEnvironment is one environment at one moment.
type liveEnvironment struct {
	row        *ent.Environment
	view       *release.View // nil when nothing is live
	kind       string        // of the activation that made it so
	activation string
	committed  time.Time
	news       atomic.Pointer[news] // what most streams are told of it
}

// maxRendered bounds the screens kept as they are served.
const maxRendered = 1024

// New returns an empty delivery: call Load before it is asked.
func New(s *store.Store, r *release.Releases, c *component.Components, b *event.Broker, documents Documents) (*Delivery, error) {
	cache, err := lru.New[renderKey, *rendered](maxRendered)
	if err != nil {
		return nil, err
	}
	d := &Delivery{
		store: s, releases: r, components: c, broker: b, rendered: cache,
		seen: newSightings(), reach: newReach(), activity: newActivity(), history: newHistory(), documents: documents, bindable: documents,
		sharedData: kept.New(sharedDataBytes, func(key string, x *sharedAnswer) int { return len(key) + x.size + 128 }),
	}
	d.index.Store(&index{byID: map[string]*liveFrontend{}, bySlug: map[string]*liveFrontend{}})
	return d, nil
}

// Load reads everything that is live.
func (d *Delivery) Load(ctx context.Context) error {
	ids, err := d.store.Reader(ctx).Frontend.Query().IDs(ctx)
	if err != nil {
		return fmt.Errorf("read frontends: %w", err)
	}
	for _, id := range ids {
		if err := d.reload(ctx, id, time.Time{}); err != nil {
			return err
		}
	}
	return nil
}

// reload reads one frontend again and replaces the index.
func (d *Delivery) reload(ctx context.Context, frontendID string, committed time.Time) error {
	row, err := d.store.Reader(ctx).Frontend.Query().Where(entfrontend.ID(frontendID)).WithEnvironments().Only(ctx)
	if err != nil {
		return fmt.Errorf("read frontend: %w", err)
	}
	d.changing.Lock()
	defer d.changing.Unlock()
	old := d.index.Load()
	fresh := &liveFrontend{row: row, environments: map[string]*liveEnvironment{}}
	for _, e := range row.Edges.Environments {
		if had := old.byID[frontendID]; had != nil {
			if same := had.environments[e.Key]; same != nil && same.row.Sequence == e.Sequence {
				fresh.environments[e.Key] = &liveEnvironment{row: e, view: same.view, kind: same.kind, activation: same.activation, committed: same.committed}
				continue
			}
		}
		live, err := d.readLive(ctx, e, committed)
		if err != nil {
			return err
		}
		fresh.environments[e.Key] = live
	}
	next := &index{byID: maps.Clone(old.byID), bySlug: maps.Clone(old.bySlug)}
	next.byID[row.ID], next.bySlug[row.Slug] = fresh, fresh
	d.index.Store(next)
	return nil
}

func (d *Delivery) readLive(ctx context.Context, e *ent.Environment, committed time.Time) (*liveEnvironment, error) {
	live := &liveEnvironment{row: e, committed: committed}
	if e.LiveID == nil {
		return live, nil
	}
	var err error
	if live.view, err = d.releases.View(ctx, *e.LiveID); err != nil {
		return nil, err
	}
	last, err := d.store.Reader(ctx).Activation.Query().
		Where(activation.EnvironmentID(e.ID), activation.Sequence(e.Sequence)).Only(ctx)
	if err != nil {
		return nil, fmt.Errorf("read activation: %w", err)
	}
	live.kind, live.activation = string(last.Kind), last.ID
	if !committed.IsZero() {
		d.reach.begin(last.ID, environmentTopic(e.ID))
	}
	return live, nil
}

// Apply follows one event of the ledger: first memory, then the streams.
func (d *Delivery) Apply(ctx context.Context, e event.Event) error {
	if err := d.apply(ctx, e); err != nil {
		return err
	}
	return d.noteActivity(e)
}

func (d *Delivery) apply(ctx context.Context, e event.Event) error {
	switch e.Topic {
	case frontend.TopicChanged:
		p, err := payload[frontend.Changed](e)
		if err != nil {
			return err
		}
		if err := d.reload(ctx, p.Frontend, e.Committed); err != nil {
			return err
		}
		d.broker.Notify(accessTopic(p.Frontend))
	case document.TopicChanged: // a stream's operation may be none of the frontend's any more
		p, err := payload[document.Changed](e)
		if err != nil {
			return err
		}
		d.broker.Notify(accessTopic(p.Frontend))
	case access.TopicChanged: // what whoever made a preview link may see
		d.broker.Notify(previewsTopic)
	case release.TopicActivated:
		p, err := payload[release.Activated](e)
		if err != nil {
			return err
		}
		if err := d.reload(ctx, p.Frontend, e.Committed); err != nil {
			return err
		}
		d.broker.Notify(environmentTopic(p.Environment))
		d.broker.Notify(pinnedTopic(p.Frontend))
	case screen.TopicEdited:
		p, err := payload[screen.Edited](e)
		if err != nil {
			return err
		}
		d.broker.Notify(draftTopic(p.Screen))
		d.broker.Notify(draftsTopic(p.Frontend))
	case component.TopicRegistered:
		p, err := payload[component.Registered](e)
		if err != nil {
			return err
		}
		d.wakeAll(p.Frontend) // a stream may have named this manifest before it was known
	}
	return nil
}

func payload[T any](e event.Event) (p T, err error) {
	if err := json.Unmarshal([]byte(e.Payload), &p); err != nil {
		return p, fmt.Errorf("event %d: %w", e.Seq, err)
	}
	return p, nil
}

func (d *Delivery) wakeAll(frontendID string) {
	d.broker.Notify(draftsTopic(frontendID))
	f := d.index.Load().byID[frontendID]
	if f == nil {
		return
	}
	for _, e := range f.environments {
		d.broker.Notify(environmentTopic(e.row.ID))
	}
}

func environmentTopic(id string) string { return "environment " + id }

// previewsTopic is heard by every stream that a preview link opened.
const previewsTopic = "previews"

func accessTopic(frontendID string) string { return "access " + frontendID } // who may read may be others now
func pinnedTopic(frontendID string) string { return "pinned " + frontendID } // a release may have been withdrawn
func draftTopic(screenID string) string    { return "draft " + screenID }
func draftsTopic(frontendID string) string { return "drafts " + frontendID }

type pinKey struct{}

// Pin returns a context in which everything is read from one state of what is live: the one at the first read. An
// answer that asks for several screens then never mixes two releases.
func Pin(ctx context.Context) context.Context {
	return context.WithValue(ctx, pinKey{}, &atomic.Pointer[index]{})
}

// at returns what is live, as ctx sees it.
func (d *Delivery) at(ctx context.Context) *index {
	pinned, ok := ctx.Value(pinKey{}).(*atomic.Pointer[index])
	if !ok {
		return d.index.Load()
	}
	pinned.CompareAndSwap(nil, d.index.Load())
	return pinned.Load()
}

// AllowsOrigin reports whether any frontend lists the origin.
func (d *Delivery) AllowsOrigin(origin string) bool {
	for _, f := range d.index.Load().byID {
		for _, o := range f.row.Origins {
			if o == origin {
				return true
			}
		}
	}
	return false
}

// FrontendAllows reports whether a frontend, by id, lists the origin.
func (d *Delivery) FrontendAllows(id, origin string) bool {
	f := d.index.Load().byID[id]
	return f != nil && slices.Contains(f.row.Origins, origin)
}

// FrameSources returns the origins that previews may be framed from, sorted: those of every frontend and of its preview
// URL.
func (d *Delivery) FrameSources() []string {
	var all []string
	for _, f := range d.index.Load().byID {
		all = append(all, f.row.Origins...)
		if f.row.PreviewURL == nil {
			continue
		}
		if u, err := url.Parse(*f.row.PreviewURL); err == nil && u.Host != "" {
			all = append(all, u.Scheme+"://"+u.Host)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Live is one line of what is live, for the console and the metrics.
type Live struct {
	Frontend, Environment string
	Release               int // 0 when nothing is live
}

// Overview returns what is live in every environment.
func (d *Delivery) Overview() (all []Live) {
	for _, f := range d.index.Load().byID {
		for _, e := range f.environments {
			l := Live{Frontend: f.row.Slug, Environment: e.row.Key}
			if e.view != nil {
				l.Release = e.view.Row.Number
			}
			all = append(all, l)
		}
	}
	return all
}

// Route is one path of a release.
type Route struct{ Path, Screen, Title string }

// Routes returns the paths of what is live, for a caller who may read it. Fault: NotFound.
func (d *Delivery) Routes(ctx context.Context, frontendID, environment string) ([]Route, error) {
	_, e, err := d.environment(ctx, frontendID, environment)
	if err != nil || e.view == nil {
		return nil, err
	}
	routes := []Route{}
	for _, key := range e.view.Keys() {
		if s := e.view.Screens[key]; s.Path != "" {
			routes = append(routes, Route{Path: s.Path, Screen: key, Title: s.Title})
		}
	}
	return routes, nil
}
