package usage

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"sonata.ai/sonata/internal/component"
	"sonata.ai/sonata/internal/frontend"
	"sonata.ai/sonata/internal/testkit"
)

type shop struct {
	*testkit.Kit
	usage *Usage
	id    string
}

func open(t *testing.T) shop {
	t.Helper()
	k := testkit.New(t)
	on := true
	f := k.Frontend("shop")
	if _, err := k.Frontends.Update(testkit.Context(t), frontend.UpdateInput{Frontend: "shop", UsageEnabled: &on}); err != nil {
		t.Fatal(err)
	}
	k.Register("shop", "1.0", component.SupportInput{Key: "page", Version: "1.0", Slots: &[]string{"children"}})
	k.Screen("shop", "home", "/")
	k.Publish("shop", "First")
	return shop{k, New(k.Store, k.Delivery), f.ID}
}

func (s shop) report(ctx context.Context, t *testing.T, views int) {
	t.Helper()
	accepted, err := s.usage.Report(ctx, Report{
		Frontend: "shop", Environment: "production", Build: "1.0", Release: 1,
		Screens: []ScreenReport{{Screen: "home", Views: views, Blocks: []BlockReport{{Key: "root", Clicks: views}}}},
	})
	if err != nil || !accepted {
		t.Errorf("accepted %t, %v", accepted, err)
	}
}

func (s shop) total(t *testing.T) Count {
	t.Helper()
	f, err := s.Store.Reader(testkit.Context(t)).Frontend.Get(testkit.Context(t), s.id)
	if err != nil {
		t.Fatal(err)
	}
	figures, err := s.usage.OfFrontend(testkit.Context(t), f, "production", Week)
	if err != nil {
		t.Fatal(err)
	}
	return figures.Total
}

// Reports from everywhere while counters are written: every one counts once. None is an event of the ledger.
func TestReportsUnderRace(t *testing.T) {
	s := open(t)
	before, err := s.Store.Seq(testkit.Context(t))
	if err != nil {
		t.Fatal(err)
	}
	var browsers sync.WaitGroup
	for range 8 {
		browsers.Go(func() {
			for range 100 {
				s.report(testkit.Context(t), t, 1)
			}
		})
	}
	written := make(chan struct{})
	go func() {
		defer close(written)
		for range 20 {
			if err := s.usage.flush(testkit.Context(t)); err != nil {
				t.Error(err)
			}
			s.total(t)
		}
	}()
	browsers.Wait()
	<-written
	ctx, stop := context.WithCancel(testkit.Context(t))
	stop()
	if err := s.usage.Run(ctx, func(err error) { t.Error(err) }); err != nil { // the end of a process
		t.Fatal(err)
	}
	if got := s.total(t); got != (Count{Views: 800, Clicks: 800}) {
		t.Errorf("%+v after 800 reports", got)
	}
	if after, err := s.Store.Seq(testkit.Context(t)); err != nil || after != before {
		t.Errorf("the ledger moved from %d to %d (%v)", before, after, err)
	}
}

func TestWhatCannotBeWrittenIsKept(t *testing.T) {
	s := open(t)
	s.report(testkit.Context(t), t, 3)
	broken, cancel := context.WithCancel(testkit.Context(t))
	cancel()
	if err := s.usage.flush(broken); err == nil {
		t.Fatal("the flush should have failed")
	}
	s.report(testkit.Context(t), t, 4)
	if err := s.usage.flush(testkit.Context(t)); err != nil {
		t.Fatal(err)
	}
	if got := s.total(t); got != (Count{Views: 7, Clicks: 7}) {
		t.Errorf("%+v", got)
	}
}

func TestOldCountersAreRemoved(t *testing.T) {
	s := open(t)
	now := hourOf(time.Now())
	counts := map[row]Count{}
	for _, age := range []int64{0, 100, 200, 359, 360, 361, 1000} {
		counts[row{frontend: s.id, environment: "production", hour: now - age, screen: "home", release: 1}] = Count{Views: 1}
	}
	if err := s.usage.write(testkit.Context(t), counts); err != nil {
		t.Fatal(err)
	}
	if err := s.usage.sweep(testkit.Context(t), now); err != nil {
		t.Fatal(err)
	}
	left, err := s.Store.Reader(testkit.Context(t)).UsageCounter.Query().Count(testkit.Context(t))
	if err != nil || left != 5 {
		t.Errorf("%d rows are left, %v", left, err)
	}
	if got := s.total(t); got.Views != 2 {
		t.Errorf("%d views in a week", got.Views)
	}
}

// The first report after a start finds the rows that were written before, so that a restart makes no room for more.
func TestABudgetHoldsAcrossARestart(t *testing.T) {
	s := open(t)
	now := hourOf(time.Now())
	counts := map[row]Count{}
	for i := range 2 * allowed()[ofBlock] { // the next hour too, which may begin meanwhile
		counts[row{frontend: s.id, environment: "staging", hour: now + int64(i%2), screen: "home", block: fmt.Sprint(i / 2), release: 1}] = Count{Views: 1}
	}
	if err := s.usage.write(testkit.Context(t), counts); err != nil {
		t.Fatal(err)
	}
	s.report(testkit.Context(t), t, 5)
	if err := s.usage.flush(testkit.Context(t)); err != nil {
		t.Fatal(err)
	}
	rows, err := s.Store.Reader(testkit.Context(t)).UsageCounter.Query().Count(testkit.Context(t))
	if err != nil || rows != 2*allowed()[ofBlock]+1 {
		t.Errorf("%d rows, %v: one block more than allowed?", rows, err)
	}
	if got := s.total(t); got != (Count{Views: 5, Clicks: 5}) {
		t.Errorf("%+v", got)
	}
}

// Writing 2,000 counters, the most of one frontend and hour, in one transaction.
func BenchmarkFlush(b *testing.B) {
	k := testkit.New(b)
	f := k.Frontend("shop")
	u := New(k.Store, k.Delivery)
	counts := map[row]Count{}
	for i := range 2000 {
		counts[row{frontend: f.ID, environment: "production", hour: 1, screen: fmt.Sprint("s", i%40), block: fmt.Sprint("b", i/40), release: 1, build: "1.0"}] = Count{Views: 1}
	}
	for b.Loop() {
		if err := u.write(testkit.Context(b), counts); err != nil {
			b.Fatal(err)
		}
	}
}

// Counting one report of a screen with 30 blocks, in memory.
func BenchmarkReport(b *testing.B) {
	k := testkit.New(b)
	f := k.Frontend("shop")
	u := New(k.Store, k.Delivery)
	report := []ScreenReport{{Screen: "home", Views: 1}}
	for i := range 30 {
		report[0].Blocks = append(report[0].Blocks, BlockReport{Key: fmt.Sprint("block-", i), Views: 1})
	}
	budget, err := u.budget(testkit.Context(b), hourly{f.ID, 1})
	if err != nil {
		b.Fatal(err)
	}
	of := row{frontend: f.ID, environment: "production", hour: 1, release: 1, build: "1.0"}
	b.ReportAllocs()
	for b.Loop() {
		for _, c := range spread(budget, of, report, func(string, string) bool { return true }) {
			u.pending[c.row] = u.pending[c.row].plus(c.Count)
		}
	}
}

// Two processes on one database keep to one budget, and what has no place of its own is counted where it belongs.
func TestABudgetHoldsAcrossProcesses(t *testing.T) {
	s := open(t)
	both := []*Usage{s.usage, New(s.Store, s.Delivery)}
	screens := allowed()[ofScreen] * 3 / 4
	hour := hourOf(time.Now())
	var flushing sync.WaitGroup
	for n, u := range both {
		b, err := u.budget(testkit.Context(t), hourly{s.id, hour})
		if err != nil {
			t.Fatal(err)
		}
		of := row{frontend: s.id, environment: "production", hour: hour, release: 1}
		for i := range screens {
			report := []ScreenReport{{Screen: fmt.Sprint("s", n, "-", i), Views: 1, Blocks: []BlockReport{{Key: "a", Clicks: 1}, {Key: "b", Clicks: 1}, {Key: "c", Clicks: 1}}}}
			for _, c := range spread(b, of, report, func(string, string) bool { return true }) {
				u.pending[c.row] = u.pending[c.row].plus(c.Count)
			}
		}
		flushing.Go(func() {
			if err := u.flush(testkit.Context(t)); err != nil {
				t.Error(err)
			}
		})
	}
	flushing.Wait()
	counts := map[row]Count{}
	for _, r := range s.Store.Reader(testkit.Context(t)).UsageCounter.Query().AllX(testkit.Context(t)) {
		counts[row{r.FrontendID, r.Environment, r.Hour, r.Screen, r.Block, r.Release, r.Build}] = Count{r.Views, r.Clicks, r.RenderErrors}
	}
	var rows [levels]int
	for r := range counts {
		rows[r.level()]++
	}
	if want := allowed(); rows[ofBlock] != want[ofBlock] || rows[ofScreen] != want[ofScreen] || rows[ofFrontend] != 1 {
		t.Errorf("%v rows of %v", rows, want)
	}
	if got := s.total(t); got != (Count{Views: int64(2 * screens), Clicks: int64(6 * screens)}) {
		t.Errorf("%+v of %d screens", got, 2*screens)
	}
}
