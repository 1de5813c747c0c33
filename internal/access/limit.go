package access

import (
	"context"
	"hash/maphash"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"sonata.ai/sonata/internal/principal"
)

// Limits counts what callers ask for. A caller has its limit in every window of a minute, wherever that begins: the
// requests are counted in parts of it, and a part counts until all of it is older than a minute. What is left comes back
// up to a part late.
//
// Requests and what they cost are counted side by side, each with its limit.
//
// The counters are in memory: a restart forgets them. A hundred thousand callers are remembered, about 40 MB; who has not
// asked for the longest time is forgotten first.
//
// Processes on one PostgreSQL give each caller its limit together, and a tenth more at most (a fifth for a minute after
// their number has changed), see Share. With any other database there is one process.
type Limits struct {
	anonymous, known int
	dear             int                  // the limit of what requests cost
	now              func() time.Duration // since some moment, never backwards
	seed             maphash.Seed
	shards           [shards]shard
	shared           *shared // nil for one process
}

const (
	minute     = time.Minute
	part       = 2 * time.Second
	parts      = int64(minute/part) + 1 // the one that runs, and those that reach into the minute before
	shards     = 64
	maxCallers = 100_000
)

type shard struct {
	mu      sync.Mutex
	callers *simplelru.LRU[Caller, *[kinds]spent]
}

// kind is what is counted.
type kind int

const (
	ofRequests kind = iota
	ofCost
	kinds
)

// spent is what a caller asked for in the last minute.
type spent struct {
	counts [parts]uint32
	last   int64 // number of the part that counts[last%parts] is for
	sum    int
	lease  *lease // nil with one process, and for who asks for little
}

// Caller is whose requests are counted together.
type Caller struct {
	Kind    principal.Kind
	ID      string // of the member or the key
	Address string // of who is not known, or sends a key that everybody may see
}

// Budget is what a caller may still ask for.
type Budget struct {
	Limit     int           // in a minute
	Remaining int           // now
	Reset     time.Duration // until it is whole again
	Retry     time.Duration // until what was refused would be let through; 0 when it was let through
}

// NewLimits returns counters that nobody was counted in. The limits are for each minute: anonymous for the requests of an
// address, known for those of a member, and of a key that has none of its own; cost for what the requests of any of them
// cost; 0 is none.
func NewLimits(anonymous, known, cost int) *Limits {
	start := time.Now()
	return newLimits(anonymous, known, cost, func() time.Duration { return time.Since(start) })
}

func newLimits(anonymous, known, cost int, now func() time.Duration) *Limits {
	l := &Limits{anonymous: anonymous, known: known, dear: cost, now: now, seed: maphash.MakeSeed()}
	for i := range l.shards {
		callers, err := simplelru.NewLRU[Caller, *[kinds]spent](maxCallers/shards, nil)
		if err != nil {
			panic(err) // only for a size below 1
		}
		l.shards[i].callers = callers
	}
	return l
}

// Take lets a caller through when what it asked for in the last minute and this, which costs cost, are within the
// limit; ok is false when they are not, and then this is not counted.
func (l *Limits) Take(c Caller, limit, cost int) (left Budget, ok bool) {
	return l.take(context.Background(), ofRequests, c, limit, cost)
}

func (l *Limits) take(ctx context.Context, of kind, c Caller, limit, cost int) (left Budget, ok bool) {
	if l.shared != nil {
		return l.takeShared(ctx, of, c, limit, cost)
	}
	now := l.now()
	s := l.shard(c)
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.spent(c, of)
	x.advance(int64(now / part))
	if ok = x.sum+cost <= limit; ok {
		x.add(cost)
	}
	left = x.left(now, limit)
	if !ok {
		left.Retry = x.until(now, max(0, limit-cost))
	}
	return left, ok
}

func (l *Limits) shard(c Caller) *shard { return &l.shards[maphash.Comparable(l.seed, c)%shards] }

// spent is what the caller spent, which is nothing for one that is not known.
func (s *shard) spent(c Caller, of kind) *spent {
	all, known := s.callers.Get(c)
	if !known {
		all = &[kinds]spent{}
		s.callers.Add(c, all)
	}
	return &all[of]
}

func (x *spent) add(cost int) {
	x.sum += cost
	x.counts[x.last%parts] += uint32(cost)
}

// Left is what a caller may still ask for.
func (l *Limits) Left(c Caller, limit int) Budget { return l.left(ofRequests, c, limit) }

func (l *Limits) left(of kind, c Caller, limit int) Budget {
	now := l.now()
	s := l.shard(c)
	s.mu.Lock()
	defer s.mu.Unlock()
	all, known := s.callers.Peek(c)
	if !known {
		return Budget{Limit: limit, Remaining: limit}
	}
	x := &all[of]
	x.advance(int64(now / part))
	if l.shared != nil {
		return l.shared.left(x, now, limit)
	}
	return x.left(now, limit)
}

// advance forgets what is older than the window.
func (x *spent) advance(to int64) {
	for i := max(x.last+1, to-parts+1); i <= to; i++ {
		x.sum -= int(x.counts[i%parts])
		x.counts[i%parts] = 0
	}
	x.last = max(x.last, to)
}

func (x *spent) left(now time.Duration, limit int) Budget {
	return Budget{Limit: limit, Remaining: max(0, limit-x.sum), Reset: x.until(now, 0)}
}

// until is how long it takes until no more than most counts.
func (x *spent) until(now time.Duration, most int) time.Duration {
	sum := x.sum
	for i := x.last - parts + 1; sum > most; i++ {
		if i < 0 {
			continue // before the beginning
		}
		if sum -= int(x.counts[i%parts]); sum <= most {
			return time.Duration(i+parts)*part - now
		}
	}
	return 0
}

// Count is Take for whoever asks by a request: a key by itself, a member by itself whatever the session, anybody else by
// address. Limited is false for the developer and for Sonata itself, and when the settings say that there is no limit.
func (l *Limits) Count(ctx context.Context, cost int) (left Budget, limited, ok bool) {
	c, limit := l.caller(ctx)
	if limit == 0 {
		return Budget{}, false, true
	}
	left, ok = l.take(ctx, ofRequests, c, limit, cost)
	return left, true, ok
}

// Remaining is Left for whoever asks.
func (l *Limits) Remaining(ctx context.Context) (left Budget, limited bool) {
	c, limit := l.caller(ctx)
	if limit == 0 {
		return Budget{}, false
	}
	return l.Left(c, limit), true
}

// Spend counts what a request costs, as Count counts the request.
func (l *Limits) Spend(ctx context.Context, cost int) (left Budget, limited, ok bool) {
	c, limit := l.spender(ctx)
	if limit == 0 {
		return Budget{}, false, true
	}
	left, ok = l.take(ctx, ofCost, c, limit, cost)
	return left, true, ok
}

// Affords is what the requests of whoever asks may still cost.
func (l *Limits) Affords(ctx context.Context) (left Budget, limited bool) {
	c, limit := l.spender(ctx)
	if limit == 0 {
		return Budget{}, false
	}
	return l.left(ofCost, c, limit), true
}

func (l *Limits) spender(ctx context.Context) (c Caller, limit int) {
	if unlimited(principal.From(ctx)) {
		return Caller{}, 0
	}
	c, _ = l.caller(ctx)
	return c, l.dear
}

func unlimited(who principal.Principal) bool {
	return who.Credential == principal.DeveloperCredential || who.Kind == principal.System
}

func (l *Limits) caller(ctx context.Context) (c Caller, limit int) {
	who := principal.From(ctx)
	switch {
	case unlimited(who):
		return Caller{}, 0
	case who.Kind == principal.Anonymous:
		return Caller{Kind: who.Kind, Address: network(principal.Source(ctx))}, l.anonymous
	}
	c, limit = Caller{Kind: who.Kind, ID: who.ID}, l.known
	if who.Credential == principal.KeyCredential {
		c.ID = who.CredentialID
	}
	if who.RequestsPerMinute > 0 {
		limit = who.RequestsPerMinute
	}
	if who.Publishable { // everybody has it: nobody may use up what it has for the others
		c.Address = network(principal.Source(ctx))
	}
	return c, limit
}
