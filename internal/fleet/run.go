package fleet

import (
	"context"
	"time"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/internal/registry"
)

// How often what is done.
const (
	tickEvery    = time.Second
	loadTogether = 100 * time.Millisecond // events that come so close are read once
	policyEvery  = 5 * time.Second
	graceOfGone  = 10 * time.Second // beyond its time to live, before one that does not answer is forgotten
)

// Run follows who comes and goes, until ctx ends. It needs the rights of Sonata itself. onError is told of what failed and will
// be tried again.
func (f *Fleet) Run(ctx context.Context, onError func(error)) error {
	ticker := time.NewTicker(tickEvery)
	defer ticker.Stop()
	policies := f.now()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-f.news:
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(loadTogether):
			}
			select { // what came meanwhile is read along
			case <-f.news:
			default:
			}
			if err := f.Load(ctx); err != nil && ctx.Err() == nil {
				onError(err)
				time.AfterFunc(tickEvery, func() { f.again() })
			}
		case <-ticker.C:
			gone := f.tick()
			if len(gone) > 0 {
				if err := f.forget(ctx, gone); err != nil && ctx.Err() == nil {
					onError(err)
				}
			}
			if now := f.now(); now.Sub(policies) >= policyEvery {
				policies = now
				if err := f.follow(ctx); err != nil && ctx.Err() == nil {
					onError(err)
				}
			}
		}
	}
}

// tick looks at everybody, and returns who is gone.
func (f *Fleet) tick() (gone []*ent.Instance) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.now()
	clear(f.crews)
	f.look(now)
	for k, e := range f.entries {
		if f.isGone(e, now) {
			gone = append(gone, e.row)
		}
		if now.Sub(e.seen) > e.ttl() { // whoever asks it has to find out whether it answers
			f.dirty[k.service] = true
		}
	}
	f.closePoints(now)
	for name := range f.dirty {
		f.place(name, now)
	}
	if f.watch(now) {
		f.broker.Notify(TopicAlerts)
	}
	f.broker.Notify(TopicSeen)
	return gone
}

// isGone reports whether nobody hears of an instance any more, and it does not answer either. It wants the lock.
func (f *Fleet) isGone(e *entry, now time.Time) bool {
	silent := now.Sub(e.seen) - e.ttl()
	if silent <= 0 {
		return false
	}
	if e.row.Leaving || e.row.Drained {
		return true
	}
	seen, asked := f.observer.Instance(e.row.Service, e.row.ID)
	return silent > graceOfGone && (!asked || !seen.Answers)
}

// closePoints makes a point of the ten seconds that are over, once for each.
func (f *Fleet) closePoints(now time.Time) {
	number := numberOf(now) - 1
	for _, e := range f.all() {
		if n := len(e.history.ring); n > 0 && e.history.ring[(e.history.next+n-1)%n].number >= number || e.seen.Before(time.Unix(0, number*int64(pointTime))) && n == 0 && e != f.own {
			continue
		}
		if e == f.own {
			own := f.self()
			e.history.close(number, own.Lately, deref(own.InFlight))
			continue
		}
		seen, _ := f.observer.Instance(e.row.Service, e.row.ID)
		e.history.close(number, seen.Lately, seen.InFlight)
	}
}

func deref(n *int) int {
	if n == nil {
		return 0
	}
	return *n
}

// look notes how busy this process is.
func (f *Fleet) look(now time.Time) {
	own := f.self()
	if f.own == nil {
		version := own.Version
		f.own = &entry{row: &ent.Instance{
			ID: "ins_" + registry.Sonata + "-" + own.Name, Service: registry.Sonata, Name: own.Name, Version: &version, Weight: 1, TTL: mostTTL, CreatedAt: now.UTC(),
		}}
	}
	f.own.seen, f.own.load = now, own.Load
	f.own.history.add(own.Load)
}
