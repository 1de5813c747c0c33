// Package fleet knows the running processes: the instances of services, which say of themselves that they are there and how busy
// they are, and Sonata's own. It says how many of each should run, and what is wrong with them. Only that an instance comes,
// leaves or is another than it was is written to the database; everything else is kept in memory, for a quarter of an hour.
package fleet

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/internal/event"
	"sonata.ai/sonata/internal/registry"
	"sonata.ai/sonata/internal/store"
)

// Topics of events.
const (
	TopicChanged = "fleet.changed" // an instance came, left or is another than it was, or another number of them should run
	TopicSeen    = "fleet seen"    // how busy they are
	TopicAlerts  = "fleet alerts"  // something began or ended to be wrong
)

// Changed is the payload of TopicChanged.
type Changed struct {
	Service string `json:"service"` // name
}

// State is what becomes of an instance.
type State string

// The states of an instance.
const (
	Waiting  State = "WAITING"  // its service is not published, or does not allow its host
	Serving  State = "SERVING"  // it is asked
	Draining State = "DRAINING" // it is asked nothing new
	Silent   State = "SILENT"   // it is not heard of any more, and asked as long as it answers
)

// Load is how busy an instance says it is. Nil is not said.
type Load struct {
	InFlight    *int // requests
	Capacity    *int // requests at a time
	Descriptors *int
	Restarts    *int
	CPU         *float64 // cores in use
	Cores       *float64 // that it may use
	Memory      *float64 // bytes
}

// Observed is what this process sees of an instance.
type Observed struct {
	Health   registry.Health
	Figures  registry.Figures
	Lately   Lately
	InFlight int
	Answers  bool // it answered when it was asked last, a few seconds ago
}

// Lately is what an instance was asked within ten seconds that are over.
type Lately struct {
	Calls, Errors       int
	P50Ms, P95Ms, P99Ms *float64
}

// Instance is a running process as it is now.
type Instance struct {
	ID, Service, Name, URL string
	Version, Agent         *string
	Weight                 float64
	State                  State
	Reason                 string // why it waits
	Since, Seen            time.Time
	Load
	Utilization *float64 // of 1
	Observed    Observed
	Own         bool // it is Sonata
}

// Place is an instance for who asks it.
type Place struct {
	ID, URL             string
	Weight, Utilization float64
	Draining, Heard     bool
}

// Observer knows what this process sees, and asks the instances.
type Observer interface {
	// Instance is what is seen of an instance of a service; false when it is not asked.
	Instance(service, id string) (Observed, bool)
	// Health and Figures are what is seen of a service.
	Health(service string) registry.Health
	Figures(service string) registry.Figures
	// Place says which instances there are to be asked.
	Place(service string, all []Place)
}

// Options are what a Fleet needs. All are required but Now.
type Options struct {
	Store    *store.Store
	Broker   *event.Broker
	Reach    func(address string) error // why an instance cannot be at an address
	Observer Observer
	Self     func() Own
	Now      func() time.Time // nil for the system's clock
}

// Own is what this process says of itself.
type Own struct {
	Name, Version string
	Load
	Figures registry.Figures
	Lately  Lately
}

// Fleet is the instances that are known. Its methods may be called at the same time.
type Fleet struct {
	store    *store.Store
	broker   *event.Broker
	reach    func(string) error
	observer Observer
	self     func() Own
	now      func() time.Time
	news     chan struct{} // there is something to load

	mu       sync.Mutex
	entries  map[key]*entry
	services map[string]service // published ones, by name
	alerts   map[string]Alert   // by id
	advice   map[string]advice  // of policies, by name of the service
	crews    map[string]crew    // by name of the service, until somebody comes or goes, and for a second at most
	dirty    map[string]bool    // services whose instances said something new
	own      *entry
}

// key tells instances apart, as they know themselves.
type key struct{ service, name string }

// entry is what is known of an instance.
type entry struct {
	row       *ent.Instance
	load      Load
	seen      time.Time
	drainedAt time.Time // when it was first seen to be draining
	former    string    // address before it moved
	movedAt   time.Time
	busySince time.Time // more than busy; zero when it is not
	restarts  []restart
	history   history
}

// service is what is known of a published one.
type service struct {
	id     string
	hosts  []string
	policy *Policy
	scale  scale
}

// scale is how many instances of a service should run; nil as long as nobody said.
type scale struct {
	replicas *int
	at       time.Time
}

// New returns a fleet that knows of nobody yet.
func New(o Options) *Fleet {
	f := &Fleet{
		store: o.Store, broker: o.Broker, reach: o.Reach, observer: o.Observer, self: o.Self, now: o.Now, news: make(chan struct{}, 1),
		entries: map[key]*entry{}, services: map[string]service{}, alerts: map[string]Alert{}, advice: map[string]advice{}, dirty: map[string]bool{}, crews: map[string]crew{},
	}
	if f.now == nil {
		f.now = time.Now
	}
	return f
}

// state wants the lock.
func (f *Fleet) state(e *entry, now time.Time) (s State, reason string) {
	published, ok := f.services[e.row.Service]
	switch {
	case !ok:
		return Waiting, "its service is not published yet"
	case !slices.Contains(published.hosts, hostOf(e.row.URL)):
		return Waiting, "its host is none of those that its service allows"
	case e.row.Leaving || e.row.Drained:
		return Draining, ""
	case now.Sub(e.seen) > e.ttl():
		return Silent, ""
	}
	return Serving, ""
}

func (e *entry) ttl() time.Duration { return time.Duration(e.row.TTL) * time.Second }

// instance is an entry as it is shown. It wants the lock.
func (f *Fleet) instance(e *entry, now time.Time) Instance {
	r := e.row
	i := Instance{
		ID: r.ID, Service: r.Service, Name: r.Name, URL: r.URL, Version: r.Version, Agent: r.Agent, Weight: r.Weight,
		Since: r.CreatedAt, Seen: e.seen, Load: e.load,
	}
	i.State, i.Reason = f.state(e, now)
	if seen, ok := f.observer.Instance(r.Service, r.ID); ok {
		i.Observed = seen
		if i.InFlight == nil {
			i.InFlight = &seen.InFlight
		}
	} else {
		i.Observed.Health = registry.Health{State: "UNKNOWN", Since: r.CreatedAt, Reason: i.Reason}
		i.Observed.Figures = registry.Figures{Since: r.CreatedAt, Breaker: "CLOSED"}
	}
	if i.State == Silent && i.Observed.Health.State == "HEALTHY" {
		i.Observed.Health.State, i.Observed.Health.Reason = "DEGRADED", "it answers, and is not heard of any more: look at its agent"
	}
	i.Utilization = i.utilization()
	return i
}

// utilization is the greater of requests in flight by capacity, and CPU by what may be used; nil when neither is known.
func (l Load) utilization() *float64 {
	var all []float64
	if l.InFlight != nil && l.Capacity != nil && *l.Capacity > 0 {
		all = append(all, float64(*l.InFlight)/float64(*l.Capacity))
	}
	if l.CPU != nil && l.Cores != nil && *l.Cores > 0 {
		all = append(all, *l.CPU / *l.Cores)
	}
	if len(all) == 0 {
		return nil
	}
	most := slices.Max(all)
	return &most
}

// byService sorts by service and age.
func byService(a, b Instance) int {
	return cmp.Or(strings.Compare(a.Service, b.Service), a.Since.Compare(b.Since), strings.Compare(a.Name, b.Name))
}
