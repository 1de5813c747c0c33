//go:build postgres

package processestest

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"sonata.ai/sonata/internal/store"
	"sonata.ai/sonata/internal/testkit/process"
)

// What may happen to two processes and their database: one is killed, they cannot wake each other, the database starts
// anew, the database stands still. What is published is served all the time, changes are refused in words while they
// cannot be kept, every stream ends on the last state, and nothing that was acknowledged is lost.
func TestProcessesOutliveWhatTheyStandOn(t *testing.T) {
	pause := 12 * time.Second
	if value := os.Getenv("PROCESS_PAUSE"); value != "" {
		var err error
		if pause, err = time.ParseDuration(value); err != nil {
			t.Fatal(err)
		}
	}
	f := newFleet(t, process.Build(t))
	a, b := f.start(), f.start()
	p := f.publisher()
	ctx, leave := context.WithCancel(t.Context())
	var everybody sync.WaitGroup
	defer everybody.Wait()
	defer leave()
	followers := make([]*follower, 2*number(t, "PROCESS_STREAMS", 500))
	for n := range followers {
		followers[n] = &follower{}
		everybody.Go(func() { followers[n].run(ctx, f, n) })
	}
	r := &reader{}
	everybody.Go(func() { r.run(ctx, f) })
	everywhere := func(what string) {
		t.Helper()
		behind := 0
		until(t, 30*time.Second, what, func() bool {
			behind = 0
			for _, w := range followers {
				if w.last.Load() != p.last {
					behind++
				}
			}
			return behind == 0
		})
	}
	p.must(a.URL)
	everywhere("not every stream began")

	t.Log("publishes through either")
	for n := range 10 {
		p.must([]string{a.URL, b.URL}[n%2])
	}
	everywhere("a publish did not reach every stream")

	t.Log("they cannot wake each other")
	db := f.sql()
	deaf, hears := context.WithCancel(t.Context())
	var cutting sync.WaitGroup
	cutting.Go(func() {
		for deaf.Err() == nil {
			db.ExecContext(deaf, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'sonata listener'")
			time.Sleep(20 * time.Millisecond)
		}
	})
	for n := range 4 {
		p.must([]string{a.URL, b.URL}[n%2])
		everywhere("without notifications a publish did not reach every stream")
	}
	hears()
	cutting.Wait()

	t.Log("one is killed")
	f.kill(b)
	p.must(a.URL)
	everywhere("the streams of a killed process did not find the other")
	b = f.start()
	p.must(b.URL)
	everywhere("a process that came later is not part of it")

	t.Log("the database starts anew")
	f.away(p, f.pg.Stop, 4*time.Second, func() error { return f.pg.Start(t.Context()) })
	everywhere("after a restart of the database a stream is behind")

	t.Log("the database stands still for", pause)
	f.away(p, f.pg.Pause, pause, f.pg.Resume)
	everywhere("after a pause of the database a stream is behind")

	leave()
	everybody.Wait()
	for _, w := range followers {
		if n := w.backwards.Load(); n > 0 {
			t.Errorf("a stream went back to an older release %d times", n)
		}
	}
	if len(r.failed) > 0 {
		t.Errorf("a published screen was not served %d times (of %d), first: %s", len(r.failed), r.served.Load(), r.failed[0])
	}
	t.Logf("%d releases, %d refused while the database was away, %d screens served", len(p.acked), p.refused["UNAVAILABLE"], r.served.Load())
	f.kept(p)
	f.noBug()
}

// away takes the database away for a while and brings it back.
func (f *fleet) away(p *publisher, take func() error, lasts time.Duration, back func() error) {
	f.t.Helper()
	if err := take(); err != nil {
		f.t.Fatal(err)
	}
	end := make(chan struct{})
	var refusing sync.WaitGroup
	refusing.Go(func() { p.refusedWhile(end) })
	until(f.t, 10*time.Second, "a process without its database is ready", func() bool { return f.status(f.any(0), "/readyz") == 503 && f.status(f.any(1), "/readyz") == 503 })
	for n := range 2 {
		if got := f.status(f.any(n), "/livez"); got != 200 {
			f.t.Errorf("/livez is %d while the database is away", got)
		}
	}
	time.Sleep(lasts)
	close(end)
	if err := back(); err != nil {
		f.t.Fatal(err)
	}
	refusing.Wait()
	if p.refused["UNAVAILABLE"] == 0 {
		f.t.Error("nothing was refused while the database was away")
	}
	for n := range 2 {
		took := p.again(f.any(n), 20*time.Second)
		f.t.Logf("a publish was let through %s after the database was back", took.Round(10*time.Millisecond))
	}
	until(f.t, 10*time.Second, "a process is not ready again", func() bool { return f.status(f.any(0), "/readyz") == 200 && f.status(f.any(1), "/readyz") == 200 })
}

// kept looks for everything that was acknowledged, and for holes.
func (f *fleet) kept(p *publisher) {
	f.t.Helper()
	db := f.sql()
	rows, err := db.QueryContext(f.t.Context(), "SELECT number, title FROM releases ORDER BY number")
	if err != nil {
		f.t.Fatal(err)
	}
	defer rows.Close()
	titles := map[int64]string{}
	var next int64 = 1
	for rows.Next() {
		var n int64
		var title string
		if err := rows.Scan(&n, &title); err != nil {
			f.t.Fatal(err)
		}
		if n != next {
			f.t.Errorf("release %d comes after %d", n, next-1)
		}
		next, titles[n] = n+1, title
	}
	if err := rows.Err(); err != nil {
		f.t.Fatal(err)
	}
	for n, title := range p.acked {
		if titles[n] != title {
			f.t.Errorf("release %d was acknowledged as %q and is %q", n, title, titles[n])
		}
	}
	f.whole()
}

// whole verifies the audit log and the order of events: a sequence without holes.
func (f *fleet) whole() {
	f.t.Helper()
	address, err := store.ParseAddress(f.address)
	if err != nil {
		f.t.Fatal(err)
	}
	chain, err := store.VerifyChain(f.t.Context(), address, "")
	if err != nil {
		f.t.Fatal(err)
	}
	var events, last int64
	if err := f.sql().QueryRowContext(f.t.Context(), "SELECT count(*), max(seq) FROM outboxes").Scan(&events, &last); err != nil {
		f.t.Fatal(err)
	}
	if got := fmt.Sprint(events, last); got != fmt.Sprint(chain.Entries, chain.Entries) {
		f.t.Errorf("%d audit entries, %d events to %d", chain.Entries, events, last)
	}
}
