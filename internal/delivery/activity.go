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
func (d *Delivery) WatchActivity(ctx context.Context, ref string) (<-chan ActivityEvent, error) {
	f := d.at(ctx).find(ref)
	if f == nil || !f.shows(ctx, principal.ContentRead) {
		return nil, noFrontend()
	}
	out := make(chan ActivityEvent)
	sub := d.broker.Subscribe(activityTopic(f.row.ID))
	last := d.activity.read(f.row.ID)
	names := kindNames()
	go d.followActivity(ctx, sub, f.row.ID, last, ActivityEvent{Kinds: names[:], At: time.Now()}, out)
	return out, nil
}

func (d *Delivery) followActivity(ctx context.Context, sub *event.Subscription, frontendID string, last changes, ev ActivityEvent, out chan<- ActivityEvent) {
	defer close(out)
	defer sub.Close()
	pause := time.NewTimer(0)
	defer pause.Stop()
	for {
		if !principal.Can(ctx, principal.ContentRead, principal.Place{Frontend: frontendID}) {
			return
		}
		if len(ev.Kinds) > 0 {
			select {
			case <-ctx.Done():
				return
			case out <- ev:
			}
			pause.Reset(activityEvery)
			select {
			case <-ctx.Done():
				return
			case <-pause.C:
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-sub.Wake():
		}
		now := d.activity.read(frontendID)
		ev = now.since(last)
		last = now
	}
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
