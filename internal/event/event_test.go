package event_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/internal/event"
)

func TestBrokerWakesOnceForManyNotifications(t *testing.T) {
	b := event.NewBroker()
	s, other := b.Subscribe("a", "b"), b.Subscribe("c")
	woken := 0
	s.OnWake(func() { woken++ })
	other.OnWake(func() { t.Error("woken for another topic") })
	if !s.Take() || s.Take() {
		t.Error("what is now is no news, or twice")
	}
	for range 100 {
		b.Notify("a")
		b.Notify("b")
	}
	if woken != 1 || !s.Take() || s.Take() {
		t.Errorf("woken %d times", woken)
	}
	s.Close()
	b.Notify("a")
	if b.Count("a") != 0 || b.Count("c") != 1 {
		t.Errorf("%d and %d listen", b.Count("a"), b.Count("c"))
	}
}

func TestBrokerUnderRace(t *testing.T) {
	b := event.NewBroker()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for range 200 {
				s := b.Subscribe(fmt.Sprint(i % 3))
				b.Notify(fmt.Sprint(i % 3))
				if !s.Take() {
					t.Error("no news")
				}
				s.Close()
			}
		})
	}
	wg.Wait()
}

// ledger is a source in memory that can be made to fail.
type ledger struct {
	mu     sync.Mutex
	events []*ent.Outbox
	broken bool
}

func (l *ledger) Seq(context.Context) (int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return int64(len(l.events)), nil
}

func (l *ledger) Since(_ context.Context, seq int64, limit int) ([]*ent.Outbox, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.broken {
		return nil, errors.New("the database is away")
	}
	rest := l.events[seq:]
	return rest[:min(limit, len(rest))], nil
}

func (l *ledger) add() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := int64(len(l.events) + 1)
	l.events = append(l.events, &ent.Outbox{ID: n, Topic: "t"})
	return n
}

func (l *ledger) setBroken(broken bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.broken = broken
}

func TestTailerAppliesEachEventOnceAndInOrder(t *testing.T) {
	l := &ledger{}
	l.add() // before the start: not ours
	var seen []int64
	var failures atomic.Int64
	failing := true
	tailer := event.NewTailer(l, func(error) { failures.Add(1) }, func(_ context.Context, e event.Event) error {
		if e.Seq == 3 && failing {
			failing = false
			return errors.New("once")
		}
		seen = append(seen, e.Seq)
		return nil
	})
	if err := tailer.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- tailer.Run(ctx) }()
	for range 5 {
		tailer.Committed(t.Context(), l.add())
	}
	l.setBroken(true)
	last := l.add()
	l.setBroken(false)
	tailer.Committed(t.Context(), last)
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(seen) != "[2 3 4 5 6 7]" || failures.Load() == 0 {
		t.Errorf("applied %v with %d failures", seen, failures.Load())
	}
}

func TestCommittedDoesNotWaitForATailerThatDoesNotRun(t *testing.T) {
	tailer := event.NewTailer(&ledger{}, func(error) {})
	begin := time.Now()
	tailer.Committed(t.Context(), 7)
	if time.Since(begin) > time.Second {
		t.Error("waited")
	}
}

// What happens while a stream still has something to say is said afterwards.
func TestStreamKeepsNewsUntilItHasReadThem(t *testing.T) {
	t.Parallel()
	b := event.NewBroker()
	stored, read, unsaid := 2, 0, []int(nil)
	s := event.NewStream(t.Context(), b.Subscribe("a"), func(context.Context) (int, event.State) {
		if len(unsaid) == 0 {
			for ; read < stored; read++ {
				unsaid = append(unsaid, read+1)
			}
		}
		if len(unsaid) == 0 {
			return 0, event.Nothing
		}
		n := unsaid[0]
		if unsaid = unsaid[1:]; len(unsaid) > 0 {
			return n, event.More
		}
		return n, event.One
	})
	if n, state := s.Next(); n != 1 || state != event.More {
		t.Fatal(n, state)
	}
	stored = 3
	b.Notify("a")
	if n, state := s.Next(); n != 2 || state != event.More {
		t.Fatal(n, state)
	}
	if n, state := s.Next(); n != 3 || state != event.One {
		t.Fatal(n, state)
	}
	if n, state := s.Next(); state != event.Nothing {
		t.Fatal(n, state)
	}
}
