package presence_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"sonata.ai/sonata/internal/event"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/presence"
	"sonata.ai/sonata/internal/testkit"
)

// until reads a stream until its newest state is as wanted.
func until(t *testing.T, people *event.Stream[[]presence.Person], wanted func([]presence.Person) bool) {
	t.Helper()
	deadline := time.After(5 * time.Second)
	for events := testkit.Events(people); ; {
		select {
		case now := <-events:
			if wanted(now) {
				return
			}
		case <-deadline:
			t.Fatal("the state never came")
		}
	}
}

func TestAScreenHoldsAHundredPeople(t *testing.T) {
	k := testkit.New(t)
	k.Frontend("shop")
	screen := k.Screen("shop", "home", "/").ID
	p := presence.New(k.Store, k.Secrets)
	here, leave := context.WithCancel(testkit.Context(t))
	for i := range 100 {
		if _, err := p.Join(here, screen, fmt.Sprintf("client-%03d", i), "Somebody"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := p.Join(testkit.Context(t), screen, "client-100", "Late"); fault.KindOf(err) != fault.Exhausted {
		t.Errorf("the 101st person got %v", err)
	}
	again, err := p.Join(testkit.Context(t), screen, "client-000", "First")
	if err != nil {
		t.Fatalf("another tab of somebody who is here: %v", err)
	}
	leave()
	until(t, again, func(people []presence.Person) bool {
		return len(people) == 1 && people[0].You && people[0].Name == "First"
	})
}

// People come, turn and go at the same time; in the end everybody who stayed is seen, and nobody else.
func TestPresenceUnderRace(t *testing.T) {
	k := testkit.New(t)
	k.Frontend("shop")
	screen := k.Screen("shop", "home", "/").ID
	p := presence.New(k.Store, k.Secrets)
	watch, err := p.Join(testkit.Context(t), screen, "the-watcher", "Watcher")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			client := fmt.Sprintf("client-%03d", i)
			for range 10 {
				ctx, leave := context.WithCancel(testkit.Context(t))
				people, err := p.Join(ctx, screen, client, "Guest")
				if err != nil {
					t.Error(err)
				}
				if _, err := p.Move(testkit.Context(t), screen, client, fmt.Sprintf("block-%d", i)); err != nil {
					t.Error(err)
				}
				if _, ok := people.Wait(); !ok {
					t.Error("the stream is over at once")
				}
				leave()
			}
			if _, err := p.Join(testkit.Context(t), screen, client, "Stays"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	until(t, watch, func(people []presence.Person) bool {
		stays := slices.DeleteFunc(slices.Clone(people), func(who presence.Person) bool { return who.Name != "Stays" })
		return len(people) == 21 && len(stays) == 20
	})
}
