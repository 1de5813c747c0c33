// Package figures counts what was asked of somebody, and how long the answers took, over the last minutes.
package figures

import (
	"math"
	"sync"
	"time"
)

// Figures are what a service was asked, and how it answered, within the last five minutes. Questions that clients gave up are
// not among them, and neither are probes and subscriptions.
type Figures struct {
	Calls         int
	Errors        int // of the calls: no answer, or none that can be used
	P50, P95, P99 *time.Duration
	Since         time.Time // when counting began, five minutes ago at most
}

// Lately is what a service was asked within ten seconds that are over, and how it answered.
type Lately struct {
	Until         time.Time
	Calls         int
	Errors        int
	P50, P95, P99 *time.Duration
}

// Totals are what a service was asked since it is known, for who adds it up elsewhere.
type Totals struct {
	Answered uint64
	Failed   uint64 // no answer, or none that can be used
	Refused  uint64 // by the circuit breaker: the service was not asked
	Seconds  float64
	Within   map[float64]uint64 // how many took at most so many seconds
}

// Figures are kept in slots of ten seconds, which are used again.
const (
	slotTime = 10 * time.Second
	slots    = 30
)

// Times are counted in buckets that grow by a factor of √2, so that a percentile is right give or take a fifth: bucket 0 is
// everything up to a sixteenth of a millisecond, bucket 39 everything above 40 s.
const (
	buckets     = 40
	firstBucket = time.Millisecond / 16
	coarseFirst = 8 // the buckets that Totals are told by: from 1 ms on, each four times the one before, to 4 s
	coarseStep  = 4
	coarseLast  = 32
)

// Counter counts calls. Its methods may be called at the same time.
type Counter struct {
	now   func() time.Time
	since time.Time

	mu      sync.Mutex
	slots   [slots]slot
	refused uint64
	failed  uint64
	took    time.Duration
	all     [buckets]uint64
}

type slot struct {
	number int64 // of the ten seconds that it is about
	errors int
	calls  [buckets]uint32
}

// New returns a counter of nothing yet, by a clock.
func New(now func() time.Time) *Counter { return &Counter{now: now, since: now()} }

func (f *Counter) number() int64 { return f.now().UnixNano() / int64(slotTime) }

// Refuse counts what was not asked at all.
func (f *Counter) Refuse() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.refused++
}

// Note counts a call.
func (f *Counter) Note(took time.Duration, failed bool) {
	b := bucketOf(took)
	f.mu.Lock()
	defer f.mu.Unlock()
	n := f.number()
	at := &f.slots[n%slots]
	if at.number != n {
		*at = slot{number: n}
	}
	at.calls[b]++
	f.all[b]++
	f.took += took
	if failed {
		at.errors++
		f.failed++
	}
}

func bucketOf(took time.Duration) int {
	if took <= firstBucket {
		return 0
	}
	return min(buckets-1, int(math.Ceil(2*math.Log2(float64(took)/float64(firstBucket)))))
}

// top is the longest time of a bucket.
func top(bucket int) time.Duration {
	return time.Duration(float64(firstBucket) * math.Pow(2, float64(bucket)/2))
}

// Read sums up the slots of the last five minutes.
func (f *Counter) Read() Figures {
	f.mu.Lock()
	defer f.mu.Unlock()
	var calls [buckets]int
	n := f.number()
	out := Figures{Since: f.since}
	if begin := time.Unix(0, (n-slots+1)*int64(slotTime)); begin.After(out.Since) {
		out.Since = begin
	}
	for _, s := range &f.slots {
		if s.number <= n-slots || s.number > n { // of a clock that was set back
			continue
		}
		out.Errors += s.errors
		for b, count := range s.calls {
			calls[b] += int(count)
			out.Calls += int(count)
		}
	}
	out.P50, out.P95, out.P99 = percentile(calls, 0.5), percentile(calls, 0.95), percentile(calls, 0.99)
	return out
}

// Lately sums up the newest slot that is over.
func (f *Counter) Lately() Lately {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := f.number()
	out := Lately{Until: time.Unix(0, n*int64(slotTime))}
	s := &f.slots[(n-1)%slots]
	if s.number != n-1 {
		return out
	}
	var calls [buckets]int
	for b, count := range s.calls {
		calls[b] = int(count)
		out.Calls += int(count)
	}
	out.Errors = s.errors
	out.P50, out.P95, out.P99 = percentile(calls, 0.5), percentile(calls, 0.95), percentile(calls, 0.99)
	return out
}

// percentile is the time that a share of the calls took at most; nil without calls.
func percentile(calls [buckets]int, share float64) *time.Duration {
	total, seen := 0, 0
	for _, n := range calls {
		total += n
	}
	rank := int(math.Ceil(share * float64(total)))
	for b, n := range calls {
		if seen += n; seen > 0 && seen >= rank {
			took := top(b)
			if b > 0 {
				took = time.Duration(float64(took) / math.Pow(2, 0.25)) // the middle of the bucket
			}
			return &took
		}
	}
	return nil
}

// Totals are all that was counted.
func (f *Counter) Totals() Totals {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := Totals{Failed: f.failed, Refused: f.refused, Seconds: f.took.Seconds(), Within: map[float64]uint64{}}
	count := uint64(0)
	for b, n := range f.all {
		if count += n; b >= coarseFirst && b <= coarseLast && (b-coarseFirst)%coarseStep == 0 {
			out.Within[top(b).Seconds()] = count
		}
	}
	out.Answered = count - f.failed
	return out
}
