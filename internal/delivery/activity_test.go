package delivery

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"sonata.ai/sonata/internal/event"
	"sonata.ai/sonata/internal/principal"
)

func TestActivityComesTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(principal.With(t.Context(), principal.Sonata()))
		d := &Delivery{broker: event.NewBroker(), activity: newActivity()}
		change := func(kinds ...int) {
			d.activity.note("f", kinds, time.Now())
			d.broker.Notify(activityTopic("f"))
		}
		sub := d.broker.Subscribe(activityTopic("f"))
		following := activityStream{d: d, sub: sub, frontend: "f"}
		stream := event.NewStream(ctx, sub, following.next)
		out := make(chan ActivityEvent)
		go func() {
			defer close(out)
			for ev, ok := stream.Wait(); ok; ev, ok = stream.Wait() {
				out <- ev
			}
		}()
		synctest.Wait()
		begin := time.Now()
		change(ofScreens)
		if got := <-out; !slices.Equal(got.Kinds, []string{"SCREENS"}) || time.Since(begin) != 0 {
			t.Errorf("the first change is %v after %s", got, time.Since(begin))
		}
		for range 10 {
			change(ofScreens)
			change(ofAssets)
		}
		if got := <-out; !slices.Equal(got.Kinds, []string{"SCREENS", "ASSETS"}) || time.Since(begin) != activityEvery {
			t.Errorf("what came within %s is %v after %s", activityEvery, got, time.Since(begin))
		}
		select {
		case got := <-out:
			t.Errorf("nothing changed, and %v came", got)
		case <-time.After(time.Minute):
		}
		cancel()
		synctest.Wait()
		if _, open := <-out; open || d.broker.Count(activityTopic("f")) != 0 {
			t.Error("the stream goes on after its reader left")
		}
	})
}

func TestAConnectionIsToldOnce(t *testing.T) {
	r, one, other := newReach(), &connection{}, &connection{}
	for range 3 {
		r.note("a", one, time.Second)
	}
	r.note("b", one, time.Second)
	r.note("a", other, time.Second)
	r.note("a", one, 2*time.Second)
	r.note("a", nil, time.Second) // a caller without a transport
	got, _ := r.read("a")
	if got.Streams != 6 || got.Frontends != 3 || got.Last != 2*time.Second {
		t.Errorf("%+v", got)
	}
	for i := range 10 * maxTold {
		one.tell(string(rune('A' + i)))
	}
	if len(one.told) != maxTold {
		t.Errorf("a connection remembers %d activations", len(one.told))
	}
}
