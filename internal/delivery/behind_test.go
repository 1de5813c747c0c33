package delivery_test

import (
	"testing"
	"time"

	"sonata.ai/sonata/internal/delivery"
	"sonata.ai/sonata/internal/document"
	"sonata.ai/sonata/internal/event"
	"sonata.ai/sonata/internal/frontend"
	"sonata.ai/sonata/internal/testkit"
)

// A reader that comes from a process that is ahead is not sent what was before: it waits for what comes after.
func TestAStreamResumesAtAProcessThatIsBehind(t *testing.T) {
	k := testkit.New(t)
	k.Frontend("shop")
	k.Register("shop", "1", testkit.Component("page", "1.0", ""))
	home := k.Screen("shop", "home", "/")
	k.Publish("shop", "One")
	ctx := testkit.Context(t)
	documents := document.New(k.Store, document.Policy{}, nil)
	behind := testkit.Must(delivery.New(k.Store, k.Releases, k.Components, event.NewBroker(), documents))(t)
	if err := behind.Load(ctx); err != nil {
		t.Fatal(err)
	}
	if err := documents.Load(ctx); err != nil {
		t.Fatal(err)
	}
	seq, err := k.Store.Seq(ctx)
	if err != nil {
		t.Fatal(err)
	}
	publish := func(title string) {
		k.Edit(home, testkit.SetProps("root", map[string]any{"title": title}))
		k.Publish("shop", title)
	}
	publish("Two")
	ahead, _ := testkit.Must(k.Delivery.WatchRelease(ctx, "shop", frontend.Production, nil))(t).Wait()
	if ahead.Release.Number != 2 {
		t.Fatalf("release %d", ahead.Release.Number)
	}
	events := testkit.Must(behind.WatchRelease(ctx, "shop", frontend.Production, &ahead.Cursor))(t)
	if ev, state := events.Next(); state != event.Nothing {
		t.Fatalf("sent %s of release %d, which is older than what the reader has", ev.Kind, ev.Release.Number)
	}
	publish("Three")
	for _, row := range testkit.Must(k.Store.Since(ctx, seq, 100))(t) {
		if err := behind.Apply(ctx, event.Event{Seq: row.ID, Topic: row.Topic, Payload: row.Payload, Committed: time.Now()}); err != nil {
			t.Fatal(err)
		}
	}
	if ev, ok := events.Wait(); !ok || ev.Kind != "PUBLISH" || ev.Release.Number != 3 || ev.Previous == nil || ev.Previous.Number != 2 {
		t.Errorf("%+v", ev)
	}
}
