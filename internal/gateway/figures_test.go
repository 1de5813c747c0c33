package gateway

import (
	"context"
	"errors"
	"testing"
	"time"
)

// Figures are those of five minutes: what is older slides out, in steps of ten seconds, and takes no memory.
func TestFiguresSlide(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_000_000, 0)
	f := newFigures(func() time.Time { return now })
	if got := f.read(); got.Calls != 0 || got.P50 != nil || !got.Since.Equal(now) {
		t.Errorf("%+v", got)
	}
	for i := range 100 {
		took := 10 * time.Millisecond
		if i >= 90 {
			took = time.Second
		}
		f.note(took, i < 7)
	}
	near := func(what string, got *time.Duration, want time.Duration) {
		t.Helper()
		if got == nil || float64(*got) < 0.8*float64(want) || float64(*got) > 1.25*float64(want) {
			t.Errorf("%s is %v, want %s", what, got, want)
		}
	}
	got := f.read()
	if got.Calls != 100 || got.Errors != 7 {
		t.Errorf("%+v", got)
	}
	near("p50", got.P50, 10*time.Millisecond)
	near("p95", got.P95, time.Second)
	near("p99", got.P99, time.Second)
	now = now.Add(4 * time.Minute)
	f.note(time.Hour, true)
	if got := f.read(); got.Calls != 101 || got.Errors != 8 {
		t.Errorf("%+v", got)
	}
	now = now.Add(time.Minute)
	if got := f.read(); got.Calls != 1 || got.Errors != 1 || now.Sub(got.Since) > 5*time.Minute || now.Sub(got.Since) < 4*time.Minute {
		t.Errorf("%+v", got)
	}
	now = now.Add(time.Hour)
	if got := f.read(); got.Calls != 0 || got.P99 != nil {
		t.Errorf("%+v", got)
	}
	f.refuse()
	all := f.totals()
	if all.Answered != 93 || all.Failed != 8 || all.Refused != 1 || all.Within[time.Millisecond.Seconds()] != 0 || all.Within[(4096*time.Millisecond).Seconds()] != 100 || len(all.Within) != 7 {
		t.Errorf("%+v", all)
	}
}

// What says nothing of the service is not counted; what the circuit breaker refused is counted apart.
func TestWhatCountsAsACall(t *testing.T) {
	t.Parallel()
	r, err := NewRemote(RemoteOptions{Name: "stock", URL: "https://stock.example/graphql"})
	if err != nil {
		t.Fatal(err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	late, cancel := context.WithTimeout(t.Context(), 0)
	defer cancel()
	r.asked(gone, time.Second, timeout("stock", context.Canceled))
	r.asked(late, time.Second, timeout("stock", context.DeadlineExceeded)) // others had used up the time
	r.asked(t.Context(), time.Second, unavailable("stock", errors.Join(errNotAsked, errors.New("no identity"))))
	r.asked(t.Context(), time.Microsecond, circuitOpen("stock"))
	r.asked(t.Context(), time.Second, nil)
	r.asked(t.Context(), time.Second, invalid("stock", "with something that is not JSON", nil))
	r.asked(late, 4*time.Second, timeout("stock", context.DeadlineExceeded))
	if got := r.Totals(); got.Answered != 1 || got.Failed != 2 || got.Refused != 1 {
		t.Errorf("%+v", got)
	}
}

// Whoever is told of changes is told of each, once, and of nothing else: of the circuit that opens while the state stays, too.
func TestHealthTellsOfChanges(t *testing.T) {
	t.Parallel()
	told, circuit := 0, Closed
	h := &health{now: time.Now, circuit: func() Circuit { return circuit }, changed: func() { told++ }, at: Health{State: Unknown, Circuit: Closed}}
	expect := func(n int) {
		t.Helper()
		if told != n {
			t.Fatalf("told %d times, want %d", told, n)
		}
	}
	h.note(nil)
	h.note(nil)
	expect(1)
	h.note(unavailable("stock", nil))
	h.note(unavailable("stock", nil))
	expect(2)
	h.note(timeout("stock", nil))
	expect(3)
	circuit = Open
	h.note(timeout("stock", nil))
	expect(4)
	circuit = HalfOpen
	h.note(timeout("stock", nil))
	expect(4)
	h.note(nil)
	expect(5)
	circuit = Closed
	h.note(nil)
	expect(6)
}
