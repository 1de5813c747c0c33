package gateway

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// How instances are told from each other.
const (
	instancePatience = 3                      // failures in a row, after which an instance is left out
	orderEvery       = 200 * time.Millisecond // how often what is seen changes who is preferred
	slowRatio        = 2                      // times the usual time, from which on an instance counts as slow
	slowMost         = 10                     // and as how slow at most
	slowForgotten    = 5 * time.Second        // in which that counts half, so that it is asked again
	paceShare        = 0.2                    // of the newest time in the usual one
	leastWait        = time.Second            // for an answer, before a query is asked of another instance
	usualTimes       = 5                      // how many times what 95 of 100 answers take is waited at most
	usualLeast       = 2                      // and at least, for it to make sense at all
)

// places are where a service answers.
type places struct {
	mu    sync.Mutex
	base  *place   // the published address
	all   []*place // instances
	ready atomic.Pointer[order]
}

// order is who may be asked, as of a moment.
type order struct {
	at      time.Time
	staying []*place
	weights []float64     // of each: how likely it is to be looked at
	usual   time.Duration // in which 95 of 100 answers come; 0 when that is not known
}

// now is the newest order. Whoever finds that it is old makes a new one, while others go on with the old.
func (ps *places) now(now time.Time) *order {
	o := ps.ready.Load()
	if len(o.staying) > 1 && now.Sub(o.at) >= orderEvery && ps.mu.TryLock() {
		defer ps.mu.Unlock()
		return ps.order(now, true)
	}
	return o
}

// order looks at who is there, and, when somebody asks, at how they do. It wants the lock.
func (ps *places) order(now time.Time, asked bool) *order {
	o := &order{at: now}
	if before := ps.ready.Load(); before != nil && !asked { // reading what was measured takes more than all the rest
		o.at, o.usual = before.at, before.usual
	}
	var paces []float64
	for _, p := range ps.all {
		if !p.leaving.Load() {
			o.staying = append(o.staying, p)
			if usual, _ := p.pace.read(); usual > 0 {
				paces = append(paces, usual)
			}
		}
	}
	if len(o.staying) == 0 {
		o.staying = []*place{ps.base}
	}
	usual := median(paces)
	var longest []time.Duration
	for _, p := range o.staying {
		weight := p.weight / (1 + max(0, p.utilization)) / p.pace.slowness(usual, now)
		o.weights = append(o.weights, weight)
		if !asked {
			continue
		}
		if p95 := p.figures.Read().P95; p95 != nil {
			longest = append(longest, *p95)
		}
	}
	if asked {
		o.usual = median(longest) // not of the slowest, which may hang
	}
	ps.ready.Store(o)
	return o
}

// wait is how long the first instance that is asked is waited for, of the time that there is: all of it when nobody else could
// be asked, or answers take so long that asking another would only be more work.
func (o *order) wait(within time.Duration) time.Duration {
	half := within / 2
	if len(o.staying) < 2 || usualLeast*o.usual > half {
		return within
	}
	return min(half, max(leastWait, usualTimes*o.usual))
}

// median is the one in the middle, or before it; nothing of nothing.
func median[T cmp.Ordered](all []T) (middle T) {
	if len(all) == 0 {
		return middle
	}
	slices.Sort(all)
	return all[(len(all)-1)/2]
}

// pick chooses who is asked next, and counts it as asked: of two that are taken at random, by weight, the one that has less to
// do for its weight. One that failed is left out for a while, and then tried with one query at a time, which has a second try;
// when all did, none is left out, for the circuit breaker of the whole service decides about that. Not is who was asked before.
func (ps *places) pick(o *order, mutates bool, not *place) (*place, func(outcome)) {
	usable := make([]int, 0, 8)
	for i, p := range o.staying {
		if state := p.breaker.state(); p != not && (state == Closed || state == HalfOpen && !mutates && not == nil) {
			usable = append(usable, i)
		}
	}
	for len(usable) > 0 {
		i := o.lighter(usable)
		if done, ok := o.staying[usable[i]].breaker.enter(); ok {
			return o.staying[usable[i]], done
		}
		usable = slices.Delete(usable, i, i+1)
	}
	p := o.staying[rand.IntN(len(o.staying))]
	if p == not && len(o.staying) > 1 {
		p = o.staying[(slices.Index(o.staying, p)+1)%len(o.staying)]
	}
	return p, p.breaker.note
}

// lighter is which of two of the usable ones is asked.
func (o *order) lighter(usable []int) int {
	if len(usable) == 1 {
		return 0
	}
	first := o.draw(usable, -1)
	second := o.draw(usable, first)
	a, b := usable[first], usable[second]
	if float64(o.staying[b].inFlight.Load())/o.weights[b] < float64(o.staying[a].inFlight.Load())/o.weights[a] {
		return second
	}
	return first
}

// draw takes one of the usable ones at random, by weight, but for one.
func (o *order) draw(usable []int, but int) int {
	total := 0.0
	for i, u := range usable {
		if i != but {
			total += o.weights[u]
		}
	}
	at := rand.Float64() * total
	last := -1
	for i, u := range usable {
		if i == but {
			continue
		}
		last = i
		if at -= o.weights[u]; at < 0 {
			break
		}
	}
	return last
}

// pace is the usual time of an answer.
type pace struct {
	now func() time.Time

	mu    sync.Mutex
	usual float64 // seconds; 0 before the first
	last  time.Time
}

func (p *pace) note(took time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last = p.now()
	if p.usual == 0 {
		p.usual = took.Seconds()
		return
	}
	p.usual += paceShare * (took.Seconds() - p.usual)
}

func (p *pace) read() (usual float64, last time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.usual, p.last
}

// slowness is how many times slower than usual it is, 1 when that is not worth mentioning. It is forgotten with time: an
// instance that is not asked could not show that it is well again.
func (p *pace) slowness(usual float64, now time.Time) float64 {
	own, last := p.read()
	if own == 0 || usual == 0 || own < slowRatio*usual || own < 0.005 {
		return 1
	}
	return 1 + (min(own/usual, slowMost)-1)*math.Exp2(-now.Sub(last).Seconds()/slowForgotten.Seconds())
}
