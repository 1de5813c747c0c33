package gateway

import (
	"net/url"
	"sync/atomic"
	"time"

	"sonata.ai/sonata/internal/figures"
)

// Instance is one running replica of a service, as the gateway is told of it.
type Instance struct {
	ID string
	// URL is where it answers GraphQL over HTTP, and where its subscriptions are followed.
	URL string
	// Weight is its share of the questions relative to its siblings; 1 when it is 0.
	Weight float64
	// Utilization is how busy it says it is: 0 for not at all, 1 for as much as it can do.
	Utilization float64
	// Heard says that it is heard of: as long as it does well it is not probed.
	Heard bool
	// Draining says that it is asked nothing new; its streams go over to its siblings.
	Draining bool
}

// InstanceSeen is what the gateway sees of an instance.
type InstanceSeen struct {
	Health   Health
	Figures  figures.Figures // of the last five minutes
	Lately   figures.Lately
	InFlight int // questions
	Streams  int
}

// place is where a service answers: an instance, or the address that the service was published with.
type place struct {
	id             string // "" for the published address
	address        string // as it was announced
	url, streamURL *url.URL
	breaker        *breaker
	health         *health
	figures        *figures.Counter
	pace           pace
	inFlight       atomic.Int64
	streams        atomic.Int64
	leaving        atomic.Bool // it is draining, or gone
	heard          atomic.Bool

	weight, utilization float64 // changed by Serve, under the lock of places
}

// newPlace makes one that nothing was asked of yet.
func newPlace(id string, at, streamAt *url.URL, o RemoteOptions, patience int) *place {
	b := &breaker{now: o.Now, patience: patience}
	return &place{
		id: id, url: at, streamURL: streamAt, breaker: b, figures: figures.New(o.Now), weight: 1, pace: pace{now: o.Now},
		health: &health{now: o.Now, circuit: b.state, changed: o.Changed, at: Health{State: Unknown, Circuit: Closed}},
	}
}

// Serve says which instances there are. What is known of one stays as long as its id and its address do. Without any that is
// not draining, the published address is asked. It reports whether streams have to go over to others (Gateway.MoveStreams).
// An address that services cannot have is left out.
func (r *Remote) Serve(instances []Instance) (streamsMove bool) {
	r.places.mu.Lock()
	defer r.places.mu.Unlock()
	known := make(map[string]*place, len(r.places.all))
	for _, p := range r.places.all {
		known[p.id] = p
	}
	var all []*place
	for _, i := range instances {
		p := known[i.ID]
		if p == nil || p.address != i.URL {
			at, err := r.options.Reach.CheckURL(i.URL)
			if err != nil {
				continue
			}
			p = newPlace(i.ID, at, at, r.options, instancePatience)
			p.address = i.URL
		}
		p.weight, p.utilization = i.Weight, i.Utilization
		if p.weight <= 0 {
			p.weight = 1
		}
		p.heard.Store(i.Heard)
		if p.leaving.Swap(i.Draining) != i.Draining && i.Draining && p.streams.Load() > 0 {
			streamsMove = true
		}
		all = append(all, p)
	}
	stays := make(map[*place]bool, len(all))
	for _, p := range all {
		stays[p] = true
	}
	for _, before := range r.places.all {
		if !stays[before] {
			before.leaving.Store(true)
			streamsMove = streamsMove || before.streams.Load() > 0
		}
	}
	r.places.all = all
	base := r.places.base.leaving.Swap(hasStaying(all))
	streamsMove = streamsMove || !base && hasStaying(all) && r.places.base.streams.Load() > 0
	r.places.order(r.options.Now(), false)
	return streamsMove
}

func hasStaying(all []*place) bool {
	for _, p := range all {
		if !p.leaving.Load() {
			return true
		}
	}
	return false
}

// Instance is what is seen of an instance; false when there is none with this id.
func (r *Remote) Instance(id string) (InstanceSeen, bool) {
	r.places.mu.Lock()
	defer r.places.mu.Unlock()
	for _, p := range r.places.all {
		if p.id == id {
			return p.seen(), true
		}
	}
	return InstanceSeen{}, false
}

func (p *place) seen() InstanceSeen {
	return InstanceSeen{
		Health: p.health.read(), Figures: p.figures.Read(), Lately: p.figures.Lately(),
		InFlight: int(p.inFlight.Load()), Streams: int(p.streams.Load()),
	}
}

// stale reports whether a place was neither asked nor heard of for a while, or does not do well.
func (p *place) stale(now time.Time, after time.Duration) bool {
	h := p.health.read()
	return h.State != Healthy || !p.heard.Load() && now.Sub(h.Seen) >= after
}
