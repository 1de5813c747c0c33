package access

import (
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"
)

func TestAnAccountGivesWhatThereIs(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		booked      map[int64]uint32 // by part; 100 runs
		ask         ask
		given, left int // of the limit afterwards
	}{
		"what is wanted, and a twentieth":         {nil, ask{limit: 1000, want: 10, more: true}, 60, 940},
		"a quarter of what is left is less":       {map[int64]uint32{90: 900}, ask{limit: 1000, want: 20, more: true}, 40, 60},
		"no more than there is":                   {map[int64]uint32{90: 990}, ask{limit: 1000, want: 20, more: true}, 10, 0},
		"nothing":                                 {map[int64]uint32{90: 1000}, ask{limit: 1000, want: 1, more: true}, 0, 0},
		"one by one for small limits":             {nil, ask{limit: 10, want: 1, more: true}, 1, 9},
		"what is owed is booked before":           {map[int64]uint32{90: 900}, ask{limit: 1000, want: 50, more: true, owed: 80}, 20, 0},
		"what is owed may be more than there is":  {map[int64]uint32{90: 900}, ask{limit: 1000, want: 50, more: true, owed: 300}, 0, -200},
		"what comes back can be given":            {map[int64]uint32{90: 1000}, ask{limit: 1000, want: 5, more: true, back: 5, part: 90}, 5, 0},
		"no more comes back than was booked":      {map[int64]uint32{90: 3, 91: 997}, ask{limit: 1000, want: 5, more: true, back: 5, part: 90}, 3, 0},
		"what comes back is over":                 {map[int64]uint32{90: 1000}, ask{limit: 1000, want: 5, more: true, back: 5, part: 60}, 0, 0},
		"what comes back has not begun":           {map[int64]uint32{90: 1000}, ask{limit: 1000, want: 5, more: true, back: 5, part: 110}, 0, 0},
		"the oldest part that counts":             {map[int64]uint32{70: 1000}, ask{limit: 1000, want: 1, more: true}, 0, 0},
		"one that was over as this part began":    {map[int64]uint32{69: 1000}, ask{limit: 1000, want: 1, more: true}, 51, 949},
		"a lower limit than what is booked":       {map[int64]uint32{90: 1000}, ask{limit: 10, want: 1, more: true}, 0, -990},
		"nothing is wanted: a little ahead of it": {nil, ask{limit: 1000, more: true}, 50, 950},
		"nothing is wanted, and no request came":  {map[int64]uint32{90: 100}, ask{limit: 1000, back: 40, part: 90}, 0, 940},
	} {
		a := &account{}
		for _, p := range slices.Sorted(maps.Keys(c.booked)) {
			a.advance(p)
			a.counts[0] += c.booked[p]
		}
		a.advance(101)
		given := a.serve(c.ask)
		if left := c.ask.limit - a.sum(); given != c.given || left != c.left {
			t.Errorf("%s: %d were given and %d are left, not %d and %d", name, given, left, c.given, c.left)
		}
		if again := decodeAccount(a.last, a.encode()); *again != *a {
			t.Errorf("%s: kept as %+v, read as %+v", name, a, again)
		}
	}
}

// What was booked goes with a clock that is set back, and counts its minute from there; nobody waits for the clock.
func TestAnAccountFollowsTheClock(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ to, newest, sum, until int64 }{
		"a part later":                  {102, 102, 7, 101 + accountParts},
		"a part earlier, read before":   {100, 101, 7, 101 + accountParts},
		"set back by an hour":           {-1699, -1699, 7, -1699 + accountParts},
		"as long as it counts":          {100 + accountParts, 100 + accountParts, 7, 101 + accountParts},
		"once it is over":               {101 + accountParts, 101 + accountParts, 0, 101 + accountParts},
		"set forward by an hour":        {1901, 1901, 0, 1901},
		"the same part":                 {101, 101, 7, 101 + accountParts},
		"a row that was never written":  {101, 101, 7, 101 + accountParts},
		"two parts earlier is set back": {99, 99, 7, 99 + accountParts},
	} {
		a := decodeAccount(0, nil)
		a.advance(101)
		a.counts[0] = 7
		a.advance(c.to)
		if a.last != c.newest || int64(a.sum()) != c.sum || a.until(6) != c.until {
			t.Errorf("%s: %d in %d until %d, not %d in %d until %d", name, a.sum(), a.last, a.until(6), c.sum, c.newest, c.until)
		}
	}
}

// processes are several on one database that is a map, with clocks of their own.
type cluster struct {
	now     time.Duration // by the clock of the database
	rows    map[string]*account
	members []*Limits
	rng     *rand.Rand
	waits   int // until the database answers
}

func newCluster(seed uint64, members, limit int) *cluster {
	c := &cluster{now: 1000 * time.Hour, rows: map[string]*account{}, rng: rand.New(rand.NewPCG(seed, 2))}
	for range members {
		behind := time.Duration(c.rng.Int64N(int64(500 * time.Hour)))
		l := newLimits(limit, limit, 0, func() time.Duration { return c.now - behind })
		l.shared = &shared{now: l.now, wake: make(chan struct{}, 1)}
		l.shared.processes.Store(int64(members))
		c.members = append(c.members, l)
	}
	return c
}

// answer answers everything that a process asks; time passes before, within and after, and others ask meanwhile.
func (c *cluster) answer(l *Limits) {
	s := l.shared
	batch := s.batch()
	asks := make([]ask, len(batch))
	for i, y := range batch {
		asks[i] = y.asks(s.now())
	}
	began := s.now()
	c.pass(200 * time.Millisecond)
	at := c.now
	c.pass(200 * time.Millisecond)
	for i, y := range batch {
		if c.rows[y.id] == nil {
			c.rows[y.id] = &account{}
		}
		a := book(c.rows[y.id], asks[i], at, began)
		c.pass(200 * time.Millisecond)
		y.answered(a, s.now())
		s.held = append(s.held, y)
	}
}

func (c *cluster) pass(most time.Duration) { c.now += time.Duration(c.rng.Int64N(int64(most))) }

// take is what a request does, with everybody's questions answered at once where it waits.
func (c *cluster) take(l *Limits, cost, limit int) bool {
	for {
		_, ok, asked := l.try(ofRequests, Caller{ID: "a"}, limit, cost, false)
		if asked == nil {
			return ok
		}
		c.waits++
		c.answer(l)
		l.unwant(asked, cost)
	}
}

// No minute, wherever it begins, has more than a tenth above the limit over all processes, however many there are and
// whoever is asked when; and what is refused is refused for a reason.
func TestNoMinuteHasMoreThanTheLimitOverAllProcesses(t *testing.T) {
	t.Parallel()
	for seed := range uint64(25) {
		rng := rand.New(rand.NewPCG(seed, 1))
		members, limit := 1+rng.IntN(12), []int{1, 3, 10, 30, 100, 1000, 6000}[rng.IntN(7)]
		c := newCluster(seed, members, limit)
		pace := []time.Duration{1, time.Millisecond, 20 * time.Millisecond, time.Second, 10 * time.Second}[rng.IntN(5)]
		type taken struct {
			at   time.Duration
			cost int
		}
		var log []taken
		first, sum := 0, 0
		for range 8000 {
			c.pass(pace + 1)
			if rng.IntN(500) == 0 {
				c.pass(90 * time.Second)
			}
			l := c.members[rng.IntN(members)]
			if rng.IntN(20) == 0 {
				l.shared.expire()
				c.answer(l)
			}
			cost := 1 + rng.IntN(1+min(20, limit/100))
			if !c.take(l, cost, limit) {
				continue
			}
			log = append(log, taken{c.now, cost})
			sum += cost
			for ; log[first].at <= c.now-time.Minute; first++ {
				sum -= log[first].cost
			}
			if 10*sum > 11*limit {
				t.Fatalf("seed %d: %d within a minute over %d processes, the limit is %d", seed, sum, members, limit)
			}
		}
	}
}

// Who talks to one process alone has the whole limit, whatever the number of others, at once and from then on; and the
// database is asked a few times for that, not at each request.
func TestOneProcessAloneGivesTheWholeLimit(t *testing.T) {
	t.Parallel()
	for _, limit := range []int{1, 10, 30, 600} {
		for _, members := range []int{1, 40} {
			c := newCluster(1, members, limit)
			l := c.members[0]
			passed := 0
			for range 2 * limit {
				if c.take(l, 1, limit) {
					passed++
				}
			}
			if passed != limit {
				t.Errorf("%d of %d passed at once with %d processes", passed, limit, members)
			}
			if limit == 600 && c.waits > limit/20 {
				t.Errorf("%d requests of %d waited", c.waits, passed)
			}
			if limit == 1 { // a request comes every half minute then, which is too seldom to see when the next may
				continue
			}
			passed, c.waits = 0, 0
			c.now += 5 * time.Minute
			for range 20 * limit { // ten minutes at twice the limit
				c.now += 30 * time.Second / time.Duration(limit)
				if l.shared.expire(); len(l.shared.queue) > 0 {
					before := c.now
					c.answer(l)
					c.now = before + time.Duration(min(int64(c.now-before), int64(time.Millisecond)))
				}
				if c.take(l, 1, limit) {
					passed++
				}
			}
			if passed < 9*limit {
				t.Errorf("%d of %d passed in ten minutes with %d processes", passed, 10*limit, members)
			}
		}
	}
}

// While the database is away each process counts for itself, and what it let through is booked afterwards.
func TestAProcessAloneTellsAfterwards(t *testing.T) {
	t.Parallel()
	c := newCluster(1, 2, 1000)
	one, other := c.members[0], c.members[1]
	one.shared.alone.Store(true)
	for i := range 1500 {
		if ok := c.take(one, 1, 1000); ok != (i < 1000) {
			t.Fatalf("the request %d: %t", i, ok)
		}
	}
	one.shared.alone.Store(false)
	c.answer(one)
	passed := 0
	for range 1000 {
		if c.take(other, 1, 1000) {
			passed++
		}
	}
	if free := other.shared.free(1000); passed > free {
		t.Errorf("%d passed elsewhere, %d may without asking", passed, free)
	}
	if left := other.Left(Caller{ID: "a"}, 1000); left.Remaining > 0 || left.Reset < 50*time.Second {
		t.Errorf("it is said that there is %+v", left)
	}
}

// What a caller is told: that it has the limit, what is left of it over all processes as far as one knows, and when to
// come again, which is then worth it.
func TestWhatIsSaidOfASharedLimit(t *testing.T) {
	t.Parallel()
	c := newCluster(3, 2, 100)
	one, other := c.members[0], c.members[1]
	a := Caller{ID: "a"}
	for i := range 60 {
		if !c.take(one, 1, 100) {
			t.Fatalf("the request %d was refused", i)
		}
	}
	c.take(other, 1, 100)
	for range 40 {
		c.take(other, 1, 100)
	}
	left, ok, asked := other.try(ofRequests, a, 100, 1, false)
	for asked != nil {
		c.answer(other)
		other.unwant(asked, 1)
		left, ok, asked = other.try(ofRequests, a, 100, 1, false)
	}
	if ok || left.Limit != 100 || left.Remaining != 0 || left.Retry < 30*time.Second || left.Retry > minute+2*part {
		t.Fatalf("it is said that there is %+v, %t", left, ok)
	}
	c.now += left.Retry
	if !c.take(other, 1, 100) {
		t.Error("refused after the wait that it was told")
	}
	if left := one.Left(Caller{ID: "b"}, 100); left.Remaining != 100 || left.Reset != 0 {
		t.Errorf("another caller has %+v", left)
	}
}

// The queue has an end: callers beyond it are counted here alone, and nobody waits for ever.
func TestAFloodOfCallersDoesNotFillTheQueue(t *testing.T) {
	t.Parallel()
	l := newLimits(10, 10, 0, func() time.Duration { return 0 })
	l.shared = &shared{now: l.now, wake: make(chan struct{}, 1)}
	var waiting, passed int
	for i := range 3 * maxQueue {
		_, ok, asked := l.try(ofRequests, Caller{ID: time.Duration(i).String()}, 10, 1, false)
		switch {
		case asked != nil:
			waiting++
		case ok:
			passed++
		}
	}
	if waiting != maxQueue || passed != 2*maxQueue {
		t.Errorf("%d wait and %d passed", waiting, passed)
	}
	var wg sync.WaitGroup
	wg.Go(l.shared.release)
	wg.Wait()
	if len(l.shared.queue) > maxQueue {
		t.Errorf("%d are asked for", len(l.shared.queue))
	}
}
