package fleet

import (
	"context"
	"fmt"
	"slices"
	"time"

	"sonata.ai/sonata/internal/event"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
)

// Event says which instances are another than they were with the last one of the stream.
type Event struct {
	Instances []Instance
	Left      []string // ids
	Complete  bool
	Err       error // the last thing a stream says, when it cannot go on
}

// eventEvery is how often a stream says something at most.
const eventEvery = 2 * time.Second

// Watch is the stream of the instances that the caller may see, of one service when it is named.
func (f *Fleet) Watch(ctx context.Context, service string) *event.Stream[Event] {
	s := &following{f: f, service: service, sub: f.broker.Subscribe(TopicSeen)}
	return event.NewStream(ctx, s.sub, s.next)
}

type following struct {
	f       *Fleet
	service string
	sub     *event.Subscription
	last    map[string]string // what was shown of each, by id; nil before the first event
	sent    time.Time
	rests   bool
	ended   bool
}

func (s *following) next(ctx context.Context) (ev Event, state event.State) {
	if s.ended {
		return ev, event.End
	}
	if err := readsNoMore(ctx); err != nil {
		s.ended = true
		return Event{Err: err}, event.More
	}
	if wait := eventEvery - time.Since(s.sent); wait > 0 {
		if !s.rests {
			s.rests = true
			time.AfterFunc(wait, s.sub.Nudge)
		}
		return ev, event.Nothing
	}
	s.rests = false
	now := map[string]string{}
	for _, i := range s.f.List(ctx, s.service) {
		now[i.ID] = fmt.Sprint(i.State, i.Observed.Health, i.URL, i.Weight, value(i.Version), value(i.Agent), value(i.Utilization), value(i.CPU), value(i.Cores), value(i.Memory),
			value(i.InFlight), value(i.Capacity), value(i.Descriptors), value(i.Restarts), i.Observed.Figures.Calls, i.Observed.Figures.Errors)
		if now[i.ID] != s.last[i.ID] {
			ev.Instances = append(ev.Instances, i)
		}
	}
	for id := range s.last {
		if _, ok := now[id]; !ok {
			ev.Left = append(ev.Left, id)
		}
	}
	slices.Sort(ev.Left)
	ev.Complete = s.last == nil
	if !ev.Complete && len(ev.Instances)+len(ev.Left) == 0 {
		return ev, event.Nothing
	}
	s.last, s.sent = now, time.Now()
	return ev, event.One
}

func value[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

func readsNoMore(ctx context.Context) error {
	if principal.From(ctx).Has(principal.ServicesRead) {
		return nil
	}
	return fault.Forbiddenf("the fleet may not be read any more without the scope %s: sign in or send an API key that holds it", principal.ServicesRead)
}

// AlertsEvent is what is wrong.
type AlertsEvent struct {
	Alerts []Alert
	Err    error // the last thing a stream says, when it cannot go on
}

// WatchAlerts is the stream of what is wrong, as far as the caller may see it: all of it, whenever it is another.
func (f *Fleet) WatchAlerts(ctx context.Context) *event.Stream[AlertsEvent] {
	var last *string
	ended := false
	return event.NewStream(ctx, f.broker.Subscribe(TopicAlerts), func(ctx context.Context) (ev AlertsEvent, state event.State) {
		if ended {
			return ev, event.End
		}
		if err := readsNoMore(ctx); err != nil {
			ended = true
			return AlertsEvent{Err: err}, event.More
		}
		ev.Alerts = f.Alerts(ctx)
		now := fmt.Sprint(ev.Alerts)
		if last != nil && *last == now {
			return ev, event.Nothing
		}
		last = &now
		return ev, event.One
	})
}
