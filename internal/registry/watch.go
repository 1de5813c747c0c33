package registry

import (
	"context"
	"fmt"
	"slices"
	"time"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/internal/event"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
)

// TopicSeen wakes streams of services: the graph, or what this process sees of a service, is another than it was.
const TopicSeen = "services seen"

// Event says which services are another than they were with the last one of the stream.
type Event struct {
	Services  []*ent.Service // by name
	Withdrawn []string       // names, sorted
	Complete  bool           // these are all
	Err       error          // the last thing a stream says, when it cannot go on
}

// Streams of services say something this often at most: a service that fails and answers by turns would otherwise have every
// open tool read all the time. While the services cannot be read they are tried again.
const (
	eventEvery = 200 * time.Millisecond
	againAfter = time.Second
)

// Watch is the stream of the services that the caller may see: all at once, then those whose health, schema or description
// changed, and those that left. A slow reader sees fewer, and always the last. It ends with Forbidden once the caller may see
// no service at all, and with ctx.
func (r *Registry) Watch(ctx context.Context) (*event.Stream[Event], error) {
	s := serviceStream{r: r, sub: r.Broker.Subscribe(TopicSeen)}
	return event.NewStream(ctx, s.sub, s.next), nil
}

// serviceStream remembers what one stream was sent last, and when.
type serviceStream struct {
	r     *Registry
	sub   *event.Subscription
	last  map[string]string // what was shown of each, by name; nil before the first event
	sent  time.Time
	again time.Time // not before
	rests bool      // and wakes when it may say more
	ended bool
}

func (s *serviceStream) next(ctx context.Context) (ev Event, state event.State) {
	if s.ended {
		return ev, event.End
	}
	if !principal.From(ctx).Has(principal.ServicesRead) {
		s.ended = true
		return Event{Err: fault.Forbiddenf("services may not be read any more without the scope %s: sign in or send an API key that holds it", principal.ServicesRead)}, event.More
	}
	if wait := max(eventEvery-time.Since(s.sent), time.Until(s.again)); wait > 0 {
		s.wakeAfter(wait)
		return ev, event.Nothing
	}
	s.rests = false
	rows, err := s.r.List(ctx)
	if err != nil { // what was sent last holds until the database answers again
		s.again = time.Now().Add(againAfter)
		s.wakeAfter(againAfter)
		return ev, event.Nothing
	}
	now := map[string]string{}
	for _, row := range rows {
		now[row.Name] = s.r.shown(row)
		if was, ok := s.last[row.Name]; !ok || was != now[row.Name] {
			ev.Services = append(ev.Services, row)
		}
	}
	for name := range s.last {
		if _, ok := now[name]; !ok {
			ev.Withdrawn = append(ev.Withdrawn, name)
		}
	}
	slices.Sort(ev.Withdrawn)
	ev.Complete = s.last == nil
	if !ev.Complete && len(ev.Services)+len(ev.Withdrawn) == 0 {
		return ev, event.Nothing
	}
	s.last, s.sent = now, time.Now()
	return ev, event.One
}

// wakeAfter has the stream asked again, once.
func (s *serviceStream) wakeAfter(wait time.Duration) {
	if s.rests {
		return
	}
	s.rests = true
	time.AfterFunc(wait, s.sub.Nudge)
}

// shown is what tells that a service is another than it was.
func (r *Registry) shown(s *ent.Service) string {
	h := r.Seen.Health(s.Name)
	return fmt.Sprintf("%q", []string{
		h.State, h.Reason, h.Since.String(), s.ID, text(s.LiveID), s.URL, text(s.Owner), text(s.Description), text(s.Contact), text(s.Repository), text(s.DocsURL), text(s.NodePrefix), fmt.Sprint(s.AllowedHosts),
	})
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
