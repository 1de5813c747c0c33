package usage

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// Whatever is reported: no screen's count is lost, no level has more rows than it is allowed, and detail never says
// more than the screen it is of.
func TestBudgetHolds(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	for range 20 {
		b := newBudget(nil)
		counts := map[row]Count{}
		var reported Count
		screens, blocks := 1+r.IntN(1000), 1+r.IntN(100)
		for range 400 {
			of := row{frontend: "f", environment: []string{"production", "staging"}[r.IntN(2)], release: 1 + r.IntN(30), build: fmt.Sprint(r.IntN(20))}
			report := []ScreenReport{}
			for range 1 + r.IntN(5) {
				s := ScreenReport{Screen: fmt.Sprint("s", r.IntN(screens)), Views: r.IntN(3000) - 1000}
				reported.Views += clamp(s.Views)
				for range r.IntN(10) {
					block := BlockReport{fmt.Sprint("b", r.IntN(blocks)), r.IntN(10) - 1, r.IntN(10) - 1, r.IntN(10) - 1}
					reported.Clicks += clamp(block.Clicks)
					reported.RenderErrors += clamp(block.RenderErrors)
					s.Blocks = append(s.Blocks, block)
				}
				report = append(report, s)
			}
			for _, c := range spread(b, of, report, func(string, string) bool { return true }) {
				counts[c.row] = counts[c.row].plus(c.Count)
			}
		}
		checkBudget(t, counts, reported)
	}
}

func checkBudget(t *testing.T, counts map[row]Count, reported Count) {
	t.Helper()
	var total Count
	var rows [levels]int
	type place struct {
		environment, screen, build string
		release                    int
	}
	clicks := map[place]int64{}
	for r, n := range counts {
		at := place{r.environment, r.screen, r.build, r.release}
		if r.block == "" {
			total = total.plus(n)
			clicks[at] += n.Clicks
		} else {
			clicks[at] -= n.Clicks
		}
		if r.screen != "" || r.release != 0 { // the row of the environment is beside the budget
			rows[r.level()]++
		}
	}
	if total != reported {
		t.Errorf("%+v was reported and %+v is counted", reported, total)
	}
	for level, n := range rows {
		if n > allowed()[level] {
			t.Errorf("%d rows of level %d, allowed are %d", n, level, allowed()[level])
		}
	}
	for at, left := range clicks {
		if left < 0 && rows[ofScreen] < allowed()[ofScreen] {
			t.Errorf("the blocks of %v have %d more clicks than it", at, -left)
		}
	}
}

// A budget that is made from rows that are there goes on where they end.
func TestBudgetGoesOnAfterARestart(t *testing.T) {
	before := newBudget(nil)
	var rows []row
	for i := range allowed()[ofBlock] {
		r := row{screen: "home", block: fmt.Sprint(i)}
		if !before.has(r) {
			t.Fatalf("block %d has no place", i)
		}
		rows = append(rows, r)
	}
	after := newBudget(rows)
	for _, b := range []*budget{before, after} {
		if b.has(row{screen: "home", block: "one more"}) {
			t.Error("more blocks have a place than are allowed")
		}
		if !b.has(rows[0]) {
			t.Error("a row that is there has no place")
		}
		if got := b.place(row{screen: "home", release: 1}); got.screen != "home" {
			t.Error("blocks used up the places of screens")
		}
	}
}

func TestReportsHaveARate(t *testing.T) {
	u, now := New(nil, nil), time.Now()
	admitted := func(at time.Time) (n int) {
		for range 2 * burst {
			if u.admit(at) {
				n++
			}
		}
		return n
	}
	if n := admitted(now); n != burst {
		t.Errorf("%d reports at once, want %d", n, burst)
	}
	if n := admitted(now.Add(time.Second)); n != perSecond {
		t.Errorf("%d reports a second later, want %d", n, perSecond)
	}
	if n := admitted(now.Add(time.Hour)); n != burst {
		t.Errorf("%d reports an hour later, want %d", n, burst)
	}
}

func TestHoursHaveNoHoles(t *testing.T) {
	now := time.Date(2026, 11, 24, 10, 59, 59, 0, time.UTC)
	of := Day.span(now)
	total, previous, hours := byHour([]sum{
		{Hour: hourOf(now), Views: 1}, {Hour: hourOf(now) - 23, Views: 2}, {Hour: hourOf(now) - 24, Views: 4}, {Hour: hourOf(now) - 47, Views: 8},
	}, of)
	if total.Views != 3 || previous.Views != 12 || len(hours) != 24 {
		t.Errorf("total %d, previous %d, %d hours", total.Views, previous.Views, len(hours))
	}
	if last := hours[23]; last.Views != 1 || !last.At.Equal(now.Truncate(time.Hour)) || hours[0].Views != 2 {
		t.Errorf("%+v", hours)
	}
	if of.before != hourOf(now)-47 {
		t.Errorf("the window before begins at %d", of.before)
	}
}
