package fleet

import (
	"math"
	"strings"
	"testing"
	"time"
	"unsafe"
)

func TestShare(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name              string
		replicas, running int
		agents            []string
		agent             string
		want              int
	}{
		{"alone", 3, 0, []string{"a"}, "a", 3},
		{"evenly", 4, 0, []string{"a", "b"}, "b", 2},
		{"the first by name runs one more", 5, 0, []string{"b", "a"}, "a", 3},
		{"and the second does not", 5, 0, []string{"b", "a"}, "b", 2},
		{"each instance of an agent names it", 5, 0, []string{"b", "b", "a", "a", "a"}, "b", 2},
		{"what runs without an agent counts", 5, 3, []string{"a"}, "a", 2},
		{"each keeps one", 1, 0, []string{"a", "b"}, "b", 1},
		{"also when others run enough", 1, 4, []string{"a"}, "a", 1},
		{"one that is new", 4, 0, []string{"b"}, "a", 2},
	} {
		if got := Share(c.replicas, c.running, c.agents, c.agent); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

func TestAdvise(t *testing.T) {
	t.Parallel()
	p := Policy{Minimum: 1, Maximum: 10, Target: 0.5, CalmDown: 60}
	busy := func(n int, u float64) []float64 {
		out := make([]float64, n)
		for i := range out {
			out[i] = u
		}
		return out
	}
	for _, c := range []struct {
		name   string
		m      Measured
		was    advice
		want   int
		reason string
	}{
		{"nobody runs", Measured{At: 100, Desired: 0}, advice{}, 1, "the policy wants 1 at least"},
		{"more run than may", Measured{At: 100, Desired: 12, Running: 12, Busy: busy(12, 0.5)}, advice{}, 10, "the policy wants 10 at most"},
		{"as busy as wanted", Measured{At: 100, Desired: 2, Running: 2, Busy: busy(2, 0.5)}, advice{}, 2, ""},
		{"a little busier", Measured{At: 100, Desired: 2, Running: 2, Busy: busy(2, 0.54)}, advice{}, 2, ""},
		{"busier", Measured{At: 100, Desired: 2, Running: 2, Busy: busy(2, 0.9)}, advice{}, 4, "utilization is 0.90 on average over 2, above the target of 0.50"},
		{"busier on average", Measured{At: 100, Desired: 2, Running: 2, Busy: []float64{0.2, 1.4}}, advice{}, 4, "0.80 on average"},
		{"far too busy: not all at once", Measured{At: 100, Desired: 2, Running: 2, Busy: busy(2, 2.5)}, advice{}, 6, "2.50"},
		{"busy while some start", Measured{At: 100, Desired: 4, Running: 2, Busy: busy(2, 2.5), Changed: 90, Starting: true}, advice{}, 4, ""},
		{"busy, and some never start", Measured{At: 200, Desired: 4, Running: 2, Busy: busy(2, 1.9), Changed: 90, Starting: true}, advice{}, 8, "1.90"},
		{"idle for a moment", Measured{At: 100, Desired: 4, Running: 4, Busy: busy(4, 0.1)}, advice{1, []enough{{60, 4}}}, 4, ""},
		{"idle for long", Measured{At: 100, Desired: 4, Running: 4, Busy: busy(4, 0.1)}, advice{1, []enough{{39, 4}, {50, 2}, {70, 1}}}, 2, "2 were enough for 60 s"},
		{"idle, looked at since a moment ago", Measured{At: 100, Desired: 4, Running: 4, Busy: busy(4, 0.1)}, advice{50, []enough{{50, 1}}}, 4, ""},
		{"nothing is known", Measured{At: 100, Desired: 4, Running: 4}, advice{}, 4, ""},
	} {
		n, reason, _ := p.Advise(c.m, c.was)
		if n != c.want || !strings.Contains(reason, c.reason) || (reason == "") != (c.reason == "") {
			t.Errorf("%s: %d because %q, want %d because %q", c.name, n, reason, c.want, c.reason)
		}
	}
}

// Under a load that rises and falls ten times the number follows it without flapping: it turns around no more often than the
// load does, and the number is within one of what would do, with nobody near its limit, most of the time.
func TestThePolicyDoesNotFlap(t *testing.T) {
	t.Parallel()
	p := Policy{Minimum: 1, Maximum: 20, Target: 0.6, CalmDown: 60}
	var state advice
	desired, running, changed := 1, 1, int64(0)
	turns, direction, near, seen := 0, 0, 0, 0
	const waves, period = 10, 1800 // seconds
	for at := int64(0); at < waves*period; at += 5 {
		if running < desired && at-changed >= 10 { // ten seconds until they run
			running = desired
		}
		running = min(running, desired)
		wave := 0.5 - 0.5*math.Cos(2*math.Pi*float64(at)/period)
		noise := 1 + 0.08*math.Sin(float64(at)*1.7)*math.Cos(float64(at)*0.37)
		load := (0.5 + 7*wave) * noise // instances' worth of work
		u := load / float64(running)
		busy := make([]float64, running)
		for i := range busy {
			busy[i] = u
		}
		n, _, next := p.Advise(Measured{At: at, Desired: desired, Running: running, Busy: busy, Changed: changed, Starting: running < desired}, state)
		state = next
		if d := n - desired; d != 0 {
			if direction != 0 && (d > 0) != (direction > 0) {
				turns++
			}
			desired, changed, direction = n, at, d
		}
		if seen++; math.Abs(float64(running)-math.Ceil(load/p.Target)) <= 1 && u < 0.85 {
			near++
		}
	}
	if turns > 2*waves {
		t.Errorf("it turned around %d times in %d waves", turns, waves)
	}
	if share := float64(near) / float64(seen); share < 0.8 {
		t.Errorf("the number was right for %.0f %% of the time", 100*share)
	}
	t.Logf("%d turns, right for %.0f %% of the time", turns, 100*float64(near)/float64(seen))
}

// A quarter of an hour of 200 instances takes at most a megabyte, and what is older goes.
func TestHistoryIsBounded(t *testing.T) {
	t.Parallel()
	var h history
	cpu := 0.5
	for n := range int64(1000) {
		h.add(Load{CPU: &cpu})
		h.close(n, Lately{Calls: 20, Errors: 10}, 3)
	}
	if bytes := 200 * cap(h.ring) * int(unsafe.Sizeof(point{})); bytes > 1<<20 {
		t.Errorf("200 instances take %d bytes", bytes)
	}
	all := h.read(second(0))
	if len(all) != points || !all[0].At.Equal(second(911*10)) || !all[len(all)-1].At.Equal(second(1000*10)) {
		t.Errorf("%d points from %s to %s", len(all), all[0].At, all[len(all)-1].At)
	}
	if p := all[5]; *p.CPU != 0.5 || p.Memory != nil || *p.InFlight != 3 || p.Rate != 2 || p.Errors != 1 {
		t.Errorf("%+v", p)
	}
	if got := h.read(second(995 * 10)); len(got) != 6 {
		t.Errorf("%d points", len(got))
	}
}

func second(seconds int64) time.Time { return time.Unix(seconds, 0) }
