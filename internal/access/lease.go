package access

import (
	"sync"
	"time"
)

// lease is what this process holds of what all processes may let through for one caller and kind. It belongs to the lock
// of the caller's shard.
type lease struct {
	id    string // of the row
	mu    *sync.Mutex
	spent *spent
	limit int // as it was last asked about

	left  int // may be let through
	until time.Duration
	part  int64 // where it is booked
	held  bool  // listed among those that have to be given back

	back     int // was booked, and is over without being spent
	backPart int64
	owed     int           // was let through without asking
	want     int           // what requests wait for
	more     bool          // there were requests since the database was asked last
	done     chan struct{} // closed once the database has answered; nil while nothing is asked

	said   account // by the database
	saidAt time.Duration
	clock  time.Duration // that of the database less that of this process
	known  bool
}

// standing says how things stand with a lease.
type standing struct {
	left, room int           // to spend here, and to be had of the database, as far as is known
	reset      time.Duration // until the whole limit is there
	stale      bool          // the database said so more than a part ago
}

func (x *lease) standing(now time.Duration) standing {
	s := standing{room: x.limit, stale: true}
	if now < x.until {
		s.left = x.left
	}
	if x.known {
		a := x.saidNow(now)
		s.room = max(0, x.limit-a.sum())
		s.reset = x.wait(a, now, 0)
		s.stale = now-x.saidAt >= part
	}
	return s
}

// saidNow is what the database said, without what is over since.
func (x *lease) saidNow(now time.Duration) *account {
	a := x.said
	a.advance(max(a.last, int64((now+x.clock)/part)+1))
	return &a
}

// wait is how long it takes until no more than most is booked in a.
func (x *lease) wait(a *account, now time.Duration, most int) time.Duration {
	return max(0, time.Duration(a.until(most)-1)*part-now-x.clock)
}

// expire gives up what was not spent in time.
func (x *lease) expire(now time.Duration) {
	if x.left > 0 && now >= x.until {
		x.giveUp()
	}
}

// giveUp notes what is left to be given back. Two parts at once are more than there is a place for: then the older stays
// booked until its minute is over.
func (x *lease) giveUp() {
	if x.backPart != x.part {
		x.back, x.backPart = 0, x.part
	}
	x.back, x.left = x.back+x.left, 0
}

// asks returns what is to be asked now, and takes it off.
func (x *lease) asks(now time.Duration) ask {
	x.expire(now)
	x.spent.advance(int64(now / part))
	q := ask{limit: x.limit, want: x.want, more: x.more, owed: min(x.owed, x.spent.sum), back: x.back, part: x.backPart}
	x.owed, x.back, x.more = 0, 0, false
	return q
}

// answer is what the database gave.
type answer struct {
	given int
	until time.Duration
	clock time.Duration // that of the database less that of this process
	said  account       // with what was given
}

func (x *lease) answered(a answer, now time.Duration) {
	if x.left > 0 && (a.said.last != x.part || now >= x.until) {
		x.giveUp()
	}
	x.left, x.until, x.part = x.left+a.given, a.until, a.said.last
	x.said, x.saidAt, x.clock, x.known = a.said, now, a.clock, true
	x.finished()
}

// failed puts back what was not heard, or nobody knows whether it was: at worst it is booked twice. What was to be given
// back stays booked.
func (x *lease) failed(q ask) {
	x.owed += q.owed
	x.finished()
}

func (x *lease) finished() {
	close(x.done)
	x.done = nil
}

// idle reports whether nothing is to be remembered.
func (x *lease) idle(now time.Duration) bool {
	return x.done == nil && x.want == 0 && x.back == 0 && x.owed == 0 && x.left == 0 && now >= x.until
}
