package gateway

import (
	"context"
	"errors"
	"testing"
	"time"
)

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
