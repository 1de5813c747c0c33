package delivery

import (
	"context"
	"sync"
	"time"

	"sonata.ai/sonata/internal/asset"
	"sonata.ai/sonata/internal/component"
	"sonata.ai/sonata/internal/document"
	"sonata.ai/sonata/internal/event"
	"sonata.ai/sonata/internal/frontend"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/release"
	"sonata.ai/sonata/internal/screen"
)

// ActivityEvent says what changed since the last one of the stream.
type ActivityEvent struct {
	Kinds []string
	At    time.Time
}

// The kinds of activity.
const (
	ofScreens = iota
	ofReleases
	ofSchedules
	ofComponents
	ofFrontend
	ofAssets
	ofDocuments
	activityKinds // how many there are
)

func kindNames() [activityKinds]string {
	return [activityKinds]string{
		ofScreens: "SCREENS", ofReleases: "RELEASES", ofSchedules: "SCHEDULES", ofComponents: "COMPONENTS",
		ofFrontend: "FRONTEND", ofAssets: "ASSETS", ofDocuments: "DOCUMENTS",
	}
}

// activityOf says what an event of the ledger changes for people who look at a frontend.
func activityOf(topic string) []int {
	switch topic {
	case screen.TopicEdited:
		return []int{ofScreens}
	case release.TopicActivated: // how drafts compare with what is live is another now, and it may be the end of a schedule
		return []int{ofScreens, ofReleases, ofSchedules}
	case release.TopicScheduled: // it froze a release
		return []int{ofReleases, ofSchedules}
	case component.TopicRegistered:
		return []int{ofComponents}
	case frontend.TopicChanged:
		return []int{ofFrontend}
	case asset.TopicChanged:
		return []int{ofAssets}
	case document.TopicChanged:
		return []int{ofDocuments}
	default:
		return nil
	}
}

// activity counts the changes of each frontend by kind.
type activity struct {
	mu sync.Mutex
	of map[string]changes // by frontend id
}

type changes struct {
	counts [activityKinds]uint64
	at     time.Time
}

func newActivity() *activity { return &activity{of: map[string]changes{}} }

func (a *activity) note(frontendID string, kinds []int, at time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.of[frontendID]
	for _, k := range kinds {
		now.counts[k]++
	}
	now.at = at
	a.of[frontendID] = now
}

func (a *activity) read(frontendID string) changes {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.of[frontendID]
}

// noteActivity wakes who follows the activity of the event's frontend. It comes after the event reached memory: who
// reads again then reads what changed.
func (d *Delivery) noteActivity(e event.Event) error {
	kinds := activityOf(e.Topic)
	if kinds == nil {
		return nil
	}
	p, err := payload[struct{ Frontend string }](e)
	if err != nil {
		return err
	}
	d.activity.note(p.Frontend, kinds, e.Committed)
	d.broker.Notify(activityTopic(p.Frontend))
	return nil
}

func activityTopic(frontendID string) string { return "activity " + frontendID }

// activityEvery is the shortest time between two events of a stream: somebody who types would otherwise make every
// open tool read at every key.
const activityEvery = 200 * time.Millisecond

// WatchActivity is the stream of what changed in a frontend: everything at once, then what did. Changes within 200 ms
// of an event come together in the next. It takes content:read. Fault: NotFound.
func (d *Delivery) WatchActivity(ctx context.Context, ref string) (*event.Stream[ActivityEvent], error) {
	f := d.at(ctx).find(ref)
	if f == nil || !f.shows(ctx, principal.ContentRead) {
		return nil, noFrontend()
	}
	sub := d.broker.Subscribe(activityTopic(f.row.ID))
	names := kindNames()
	s := activityStream{d: d, sub: sub, frontend: f.row.ID, last: d.activity.read(f.row.ID), first: names[:]}
	return event.NewStream(ctx, sub, s.next), nil
}

// activityStream remembers what one stream was sent last, and when.
type activityStream struct {
	d        *Delivery
	sub      *event.Subscription
	frontend string // id
	last     changes
	first    []string // kinds that it begins with
	sent     time.Time
	rests    bool // and wakes when it may say more
}

func (s *activityStream) next(ctx context.Context) (ev ActivityEvent, state event.State) {
	if !principal.Can(ctx, principal.ContentRead, principal.Place{Frontend: s.frontend}) {
		return ev, event.End
	}
	if wait := activityEvery - time.Since(s.sent); wait > 0 {
		if !s.rests {
			s.rests = true
			time.AfterFunc(wait, s.sub.Nudge)
		}
		return ev, event.Nothing
	}
	s.rests = false
	now := s.d.activity.read(s.frontend)
	ev = now.since(s.last)
	if s.first != nil {
		ev, s.first = ActivityEvent{Kinds: s.first, At: time.Now()}, nil
	}
	s.last = now
	if len(ev.Kinds) == 0 {
		return ev, event.Nothing
	}
	s.sent = time.Now()
	return ev, event.One
}

func (c changes) since(last changes) ActivityEvent {
	ev := ActivityEvent{At: c.at}
	for k, name := range kindNames() {
		if c.counts[k] != last.counts[k] {
			ev.Kinds = append(ev.Kinds, name)
		}
	}
	return ev
}
