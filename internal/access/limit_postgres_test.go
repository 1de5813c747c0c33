//go:build postgres

package access

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/allowance"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/store"
	"sonata.ai/sonata/internal/testkit/postgres"
)

// onPostgres opens stores of so many processes on one new database.
func onPostgres(t *testing.T, processes int) (stores []*store.Store) {
	t.Helper()
	fresh := postgres.Fresh(t)
	if fresh == "" {
		t.Fatal("TEST_POSTGRES names no PostgreSQL: run it with internal/testkit/postgres/with")
	}
	address, err := store.ParseAddress(fresh)
	if err != nil {
		t.Fatal(err)
	}
	for range processes {
		s, err := store.Open(t.Context(), address, store.Pool{Connections: 8})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		stores = append(stores, s)
	}
	return stores
}

// sharing are limits that run until the test ends.
func sharing(t *testing.T, stores []*store.Store) (all []*Limits) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	for _, s := range stores {
		l := NewLimits(0, 0, 0)
		l.Share(s)
		all = append(all, l)
		running.Go(func() {
			if err := l.Run(ctx, func(err error) { t.Errorf("share: %v", err) }); err != nil {
				t.Error(err)
			}
		})
	}
	t.Cleanup(func() { stop(); running.Wait() })
	return all
}

func TestProcessesShareLimits(t *testing.T) {
	limits := sharing(t, onPostgres(t, 3))
	for _, c := range []struct{ limit, cost, each int }{{10, 1, 30}, {100, 1, 150}, {6000, 1, 6000}, {60_000, 150, 400}} {
		name := fmt.Sprintf("%d by %d", c.limit, c.cost)
		of := ofRequests
		if c.cost > 1 {
			of = ofCost
		}
		var passed, alone atomic.Int64
		var all sync.WaitGroup
		for _, l := range limits {
			for worker := range 6 {
				all.Go(func() {
					for range c.each / 3 {
						if worker%2 == 0 {
							if _, ok := l.take(t.Context(), of, Caller{ID: name}, c.limit, c.cost); ok {
								passed.Add(int64(c.cost))
							}
						} else if l == limits[0] {
							if _, ok := l.take(t.Context(), of, Caller{ID: name + " alone"}, c.limit, c.cost); ok {
								alone.Add(int64(c.cost))
							}
						}
					}
				})
			}
		}
		all.Wait()
		t.Logf("%s: %d over three processes, %d from one alone", name, passed.Load(), alone.Load())
		if n := passed.Load(); 10*n > 12*int64(c.limit) || 10*n < 9*int64(c.limit) {
			t.Errorf("%s: three processes let %d through", name, n)
		}
		if n := alone.Load(); n > int64(c.limit) || 10*n < 9*int64(c.limit) {
			t.Errorf("%s: one process let %d through", name, n)
		}
		left := limits[0].left(of, Caller{ID: name}, c.limit)
		if left.Limit != c.limit || left.Remaining > c.limit/10 || left.Reset <= 0 || left.Reset > minute+2*part {
			t.Errorf("%s: it is said that there is %+v", name, left)
		}
	}
}

// A lease that nobody spends is given back: another process has it before the minute is over.
func TestLeasesAreGivenBack(t *testing.T) {
	limits := sharing(t, onPostgres(t, 2))
	c := Caller{ID: "a"}
	for range 200 {
		if _, ok := limits[0].Take(c, 1000, 1); !ok {
			t.Fatal("refused")
		}
	}
	deadline := time.Now().Add(20 * time.Second)
	for {
		row, err := limits[0].shared.store.Reader(t.Context()).Allowance.Get(t.Context(), rowOf(ofRequests, c))
		if err != nil && !ent.IsNotFound(err) {
			t.Fatal(err)
		}
		if err == nil && decodeAccount(row.Last, row.Counts).sum() == 200 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d are booked of 200", decodeAccount(row.Last, row.Counts).sum())
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func TestOldAllowancesAreSwept(t *testing.T) {
	s := onPostgres(t, 1)[0]
	l := NewLimits(0, 0, 0)
	l.Share(s)
	now, err := s.Now(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	last := now.UnixNano() / int64(part)
	err = s.Count(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		for chunk := range 3 {
			rows := make([]*ent.AllowanceCreate, askAtOnce)
			for i := range rows {
				rows[i] = tx.Allowance.Create().SetID(fmt.Sprintf("old %d %d", chunk, i)).SetLast(last - 3*parts)
			}
			if err := tx.Allowance.CreateBulk(rows...).Exec(ctx); err != nil {
				return err
			}
		}
		return tx.Allowance.Create().SetID("young").SetLast(last).Exec(ctx)
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.shared.sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if ids, err := s.Reader(t.Context()).Allowance.Query().Order(allowance.ByID()).IDs(t.Context()); err != nil || len(ids) != 1 || ids[0] != "young" {
		t.Errorf("%d rows are left, %v", len(ids), err)
	}
}

// Attempts to sign in are counted exactly, whoever counts them and however many at once.
func TestProcessesShareFailuresToSignIn(t *testing.T) {
	stores := onPostgres(t, 3)
	try := func(n int, account, source func(i int) string) (begun int64) {
		t.Helper()
		var count atomic.Int64
		var all sync.WaitGroup
		for _, s := range stores {
			a, err := newFailures(s)
			if err != nil {
				t.Fatal(err)
			}
			for i := range n {
				all.Go(func() {
					err := a.refuse(t.Context(), account(i), source(i))
					if err == nil {
						err = a.begin(t.Context(), account(i), source(i))
					}
					switch {
					case err == nil:
						count.Add(1)
					case fault.KindOf(err) != fault.Exhausted || fault.As(err).Detail.(TooMany).Seconds < 500:
						t.Errorf("refused with %v", err)
					}
				})
			}
		}
		all.Wait()
		return count.Load()
	}
	fixed := func(s string) func(int) string { return func(int) string { return s } }
	if n := try(10, fixed("ada"), func(i int) string { return "192.0.2." + strconv.Itoa(i) }); n != attemptsPerAccount {
		t.Errorf("%d attempts for an account", n)
	}
	if n := try(20, func(i int) string { return "nobody " + strconv.Itoa(i) }, fixed("198.51.100.1")); n != attemptsPerSource {
		t.Errorf("%d attempts from an address", n)
	}
	a := &sharedAttempts{store: stores[0]}
	for range 9 {
		if err := a.begin(t.Context(), "grace", "203.0.113.1"); err != nil {
			t.Fatal(err)
		}
	}
	a.succeeded(t.Context(), "grace", "203.0.113.1")
	if n := try(5, fixed("grace"), fixed("203.0.113.1")); n != attemptsPerAccount {
		t.Errorf("%d attempts after a success", n)
	}
	c, err := NewCredentials(stores[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Sweep(t.Context(), time.Now().Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if n, err := stores[0].Reader(t.Context()).SignInFailure.Query().Count(t.Context()); err != nil || n != 0 {
		t.Errorf("%d rows are left, %v", n, err)
	}
}
