//sonata:pure

package fleet

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Policy is within what the number of instances is set by how busy they are.
type Policy struct {
	Minimum, Maximum int
	Target           float64 // utilization of an instance, of 1
	CalmDown         int64   // seconds in which fewer must have been enough all the time
}

// Measured is how busy the instances of a service are.
type Measured struct {
	At       int64     // seconds since whenever
	Desired  int       // that should run; 0 as long as nobody said
	Running  int       // that are asked
	Busy     []float64 // utilization of those that are known and not just started
	Changed  int64     // when Desired was set
	Starting bool      // some that should run do not yet
}

// advice is what a policy found enough of late.
type advice struct {
	since  int64 // when it began to look; 0 for not yet
	enough []enough
}

type enough struct {
	at int64
	n  int
}

// The numbers of a policy.
const (
	tolerance   = 0.1 // of the target: less than that is no reason to change anything
	growthMost  = 2   // times as many at once, or
	growthLeast = 4   // so many more
	startWithin = 60  // seconds
)

// Advise says how many should run, and why; the same as should run already when there is no reason for another number. It grows
// at once, and again when what was asked for runs; it shrinks to the most that was enough within the time to calm down.
func (p Policy) Advise(m Measured, was advice) (n int, reason string, now advice) {
	if m.Desired < p.Minimum {
		return p.Minimum, fmt.Sprintf("the policy wants %d at least", p.Minimum), was
	}
	if m.Desired > p.Maximum {
		return p.Maximum, fmt.Sprintf("the policy wants %d at most", p.Maximum), was
	}
	if m.Running == 0 || len(m.Busy) == 0 {
		return m.Desired, "", was
	}
	mean := 0.0
	for _, u := range m.Busy {
		mean += u / float64(len(m.Busy))
	}
	fits := m.Running
	if math.Abs(mean/p.Target-1) > tolerance {
		fits = int(math.Ceil(float64(m.Running)*mean/p.Target - 1e-9))
	}
	fits = min(max(fits, p.Minimum), p.Maximum)
	now = advice{since: cmp.Or(was.since, m.At), enough: slices.DeleteFunc(slices.Clone(was.enough), func(e enough) bool { return m.At-e.at > p.CalmDown })}
	now.enough = append(now.enough, enough{m.At, fits})
	if fits > m.Desired {
		if m.Starting && m.At-m.Changed < startWithin {
			return m.Desired, "", now
		}
		n = min(fits, max(growthMost*m.Desired, m.Desired+growthLeast))
		return n, fmt.Sprintf("utilization is %.2f on average over %d, above the target of %.2f", mean, len(m.Busy), p.Target), now
	}
	for _, e := range now.enough {
		fits = max(fits, e.n)
	}
	if fits < m.Desired && m.At-now.since >= p.CalmDown && !m.Starting {
		return fits, fmt.Sprintf("%d were enough for %d s: utilization is %.2f on average over %d, below the target of %.2f", fits, p.CalmDown, mean, len(m.Busy), p.Target), now
	}
	return m.Desired, "", now
}
