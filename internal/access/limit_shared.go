package access

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/allowance"
	"sonata.ai/sonata/internal/store"
)

// shared is what a process does to keep limits together with others on the same database. A caller may spend a little in
// each process without anybody being asked; beyond that a process takes leases of what all may let through: ahead of
// need, for many callers in one transaction, off the path of requests. A request waits only where there is nothing left
// of the lease and the database has not said that there is no more.
type shared struct {
	store *store.Store
	now   func() time.Duration
	id    string // of the row that says that this process is there

	processes atomic.Int64 // that share the limits, as of the last time that they were counted
	alone     atomic.Bool  // the database does not answer: this process counts for itself
	wake      chan struct{}

	mu    sync.Mutex
	queue []*lease // to be asked for
	held  []*lease // that may have to be given back; only the asking goroutine reads or changes it
}

const (
	askEvery    = 100 * time.Millisecond // at most, for this many callers
	askAtOnce   = 500
	askWithin   = time.Second // else this process counts for itself
	maxQueue    = 10 * askAtOnce
	waitAtMost  = 2 * time.Second // of a request, for two times of asking
	maxTries    = 20
	beatEvery   = time.Second
	sweepLeases = time.Minute
	fewest      = 8 // processes that there are thought to be at least, so that more can come without loosening the limits
	freeShare   = 10
)

// Ids of rows that stand for processes begin so; those of callers are hashes.
const (
	processes      = "process "
	afterProcesses = "process!"
)

// Share makes the limits hold over all processes on the database of the store, if that is a PostgreSQL. Call it before
// the limits are used, and Run, which does it.
//
// While all of them can reach the database, they let through at most a tenth more than the limit of a caller in any
// minute, and a fifth while their number changes: that is what they may let through together without asking, a tenth of
// the limit shared out among at least 8. A process alone lets through the whole limit. What was used comes back up to 4 s
// late. A process that cannot reach the database within a second counts for itself until it can, and tells then what it
// let through; so does one for callers beyond 5,000 that wait to be asked about at once. A clock of the database that is
// set forward by a minute gives each caller its limit anew.
func (l *Limits) Share(s *store.Store) {
	if !s.Address().IsPostgres() {
		return
	}
	l.shared = &shared{store: s, now: l.now, id: processes + newSecret(), wake: make(chan struct{}, 1)}
}

// Run shares the limits until ctx ends; without others to share with it only waits. onError is told when the database
// stops answering.
func (l *Limits) Run(ctx context.Context, onError func(error)) error {
	if l.shared == nil {
		<-ctx.Done()
		return nil
	}
	var sweeping sync.WaitGroup
	sweeping.Go(func() { l.shared.sweepUntil(ctx, onError) })
	l.shared.run(ctx, onError)
	sweeping.Wait()
	return nil
}

// free is what a caller may spend in a minute here without anybody being asked.
func (s *shared) free(limit int) int {
	return limit / (freeShare * max(fewest, int(s.processes.Load())))
}

func (s *shared) left(x *spent, now time.Duration, limit int) Budget {
	b := x.left(now, limit)
	if x.lease == nil || s.alone.Load() {
		return b
	}
	at := x.lease.standing(now)
	b.Remaining = min(b.Remaining, max(at.left+at.room, s.free(limit)-x.sum))
	b.Reset = max(b.Reset, at.reset)
	return b
}

func (l *Limits) takeShared(ctx context.Context, of kind, c Caller, limit, cost int) (left Budget, ok bool) {
	var enough <-chan time.Time
	late := false
	for range maxTries {
		left, ok, asked := l.try(of, c, limit, cost, late)
		if asked == nil {
			return left, ok
		}
		if enough == nil {
			enough = time.After(waitAtMost)
		}
		select {
		case <-asked.done:
		case <-ctx.Done():
			late = true
		case <-enough:
			late = true
		}
		l.unwant(asked, cost)
	}
	left = l.left(of, c, limit)
	left.Retry = time.Second // others were faster, again and again
	return left, false
}

// waiting is one request that waits for the database.
type waiting struct {
	lease *lease
	done  <-chan struct{}
}

func (l *Limits) unwant(w *waiting, cost int) {
	w.lease.mu.Lock()
	defer w.lease.mu.Unlock()
	w.lease.want -= cost
}

// try lets a request through, or refuses it, or returns what it has to wait for. One that has waited for too long is
// counted here alone.
func (l *Limits) try(of kind, c Caller, limit, cost int, late bool) (left Budget, ok bool, asked *waiting) {
	now, sh := l.now(), l.shared
	s := l.shard(c)
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.spent(c, of)
	x.advance(int64(now / part))
	if x.sum == 0 && x.lease != nil && x.lease.idle(now) {
		x.lease = nil
	}
	if x.sum+cost > limit {
		left = sh.left(x, now, limit)
		left.Retry = x.until(now, max(0, limit-cost))
		return left, false, nil
	}
	if x.sum+cost <= sh.free(limit) {
		if x.lease != nil {
			x.lease.owed += cost
		}
		x.add(cost)
		return sh.left(x, now, limit), true, nil
	}
	if x.lease == nil {
		x.lease = &lease{id: rowOf(of, c), mu: &s.mu, spent: x, owed: x.sum}
	}
	y := x.lease
	y.limit, y.more = limit, true
	at := y.standing(now)
	switch {
	case sh.alone.Load():
		y.owed += cost
		sh.ask(y)
	case at.left >= cost:
		y.left -= cost
		sh.askAhead(y, at, now)
	case at.room < cost:
		left = sh.left(x, now, limit)
		left.Retry = max(time.Second, y.wait(y.saidNow(now), now, limit-cost))
		if at.stale { // others may have given something back
			sh.ask(y)
		}
		return left, false, nil
	case !late && sh.ask(y):
		y.want += cost
		return Budget{}, false, &waiting{y, y.done}
	default:
		y.owed += cost
	}
	x.add(cost)
	return sh.left(x, now, limit), true, nil
}

func rowOf(of kind, c Caller) string {
	return hashOf(fmt.Sprintf("%d %q %q %q", of, c.Kind, c.ID, c.Address))
}

// askAhead asks for more before it is needed: when there is little left of a lease, or little of its time.
func (s *shared) askAhead(y *lease, at standing, now time.Duration) {
	more := ahead(y.limit, at.room)
	if low := y.left < y.limit/40; more > 0 && (low || y.until-now < part/2) {
		s.ask(y)
	}
}

// ask puts a lease into the queue, and reports false when that is full. The lease is locked.
func (s *shared) ask(y *lease) bool {
	if y.done != nil {
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) >= maxQueue {
		return false
	}
	y.done = make(chan struct{})
	s.queue = append(s.queue, y)
	select {
	case s.wake <- struct{}{}:
	default:
	}
	return true
}

func (s *shared) run(ctx context.Context, onError func(error)) {
	beat := time.NewTicker(beatEvery)
	defer beat.Stop()
	try := func(f func(context.Context) error) bool {
		err := f(ctx)
		if ctx.Err() != nil {
			return false
		}
		if was := s.alone.Swap(err != nil); err != nil && !was {
			onError(err)
		}
		return err == nil
	}
	try(s.beat)
	for {
		select {
		case <-ctx.Done():
			s.alone.Store(true)
			s.release()
			return
		case <-beat.C:
			s.expire()
			try(s.beat)
		case <-s.wake:
		}
		for !s.alone.Load() && ctx.Err() == nil {
			batch := s.batch()
			if len(batch) == 0 {
				break
			}
			if !try(func(ctx context.Context) error { return s.askAll(ctx, batch) }) {
				s.release()
				break
			}
			select {
			case <-ctx.Done():
			case <-time.After(askEvery):
			}
		}
	}
}

// release lets everybody go who waits. What is owed is told when the database is back.
func (s *shared) release() {
	s.mu.Lock()
	queue := s.queue
	s.queue = nil
	s.mu.Unlock()
	for _, y := range queue {
		y.mu.Lock()
		y.finished()
		if y.owed > 0 {
			s.ask(y)
		}
		y.mu.Unlock()
	}
}

// batch takes leases out of the queue: each row once, and in their order, so that two processes that lock the same rows
// do not wait for each other.
func (s *shared) batch() []*lease {
	s.mu.Lock()
	defer s.mu.Unlock()
	var batch, later []*lease
	known := map[string]bool{}
	for _, y := range s.queue {
		if len(batch) == askAtOnce || known[y.id] {
			later = append(later, y)
			continue
		}
		known[y.id] = true
		batch = append(batch, y)
	}
	s.queue = later
	slices.SortFunc(batch, func(a, b *lease) int { return strings.Compare(a.id, b.id) })
	return batch
}

// askAll asks the database for a batch and tells the leases.
func (s *shared) askAll(ctx context.Context, batch []*lease) error {
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	asks := make([]ask, len(batch))
	for i, y := range batch {
		y.mu.Lock()
		asks[i] = y.asks(s.now())
		y.mu.Unlock()
	}
	answers, err := s.serve(ctx, batch, asks)
	now := s.now()
	for i, y := range batch {
		y.mu.Lock()
		if err != nil {
			y.failed(asks[i])
			if y.owed > 0 {
				s.ask(y)
			}
		} else {
			y.answered(answers[i], now)
			if !y.held {
				y.held = true
				s.held = append(s.held, y)
			}
		}
		y.mu.Unlock()
	}
	return err
}

// expire asks for what is to be given back.
func (s *shared) expire() {
	now := s.now()
	s.held = slices.DeleteFunc(s.held, func(y *lease) bool {
		y.mu.Lock()
		defer y.mu.Unlock()
		y.expire(now)
		if y.back > 0 {
			s.ask(y)
		}
		y.held = y.left > 0 || y.back > 0
		return !y.held
	})
}

// book books an ask when the clock of the database is at clock. What is given may be spent until the end of the part after
// that which runs then; here that is measured from began, which was before the clock was read.
func book(a *account, q ask, clock, began time.Duration) answer {
	to := int64(clock/part) + 1
	a.advance(to)
	given := a.serve(q)
	return answer{given: given, until: began + time.Duration(to+1)*part - clock, clock: clock - began, said: *a}
}

// serve is one transaction that holds the rows of a batch.
func (s *shared) serve(ctx context.Context, batch []*lease, asks []ask) (answers []answer, err error) {
	began := s.now()
	clock, err := s.store.Now(ctx)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(batch))
	for i, y := range batch {
		ids[i] = y.id
	}
	err = s.store.CountOf(ctx, "limits", func(ctx context.Context, tx *store.Tx) error {
		accounts, err := hold(ctx, tx, ids)
		if err != nil {
			return err
		}
		answers = make([]answer, len(batch))
		rows := make([]*ent.AllowanceCreate, len(batch))
		for i, id := range ids {
			a := accounts[id]
			answers[i] = book(a, asks[i], time.Duration(clock.UnixNano()), began)
			rows[i] = tx.Allowance.Create().SetID(id).SetLast(a.last).SetCounts(a.encode())
		}
		return tx.Allowance.CreateBulk(rows...).OnConflictColumns(allowance.FieldID).UpdateNewValues().Exec(ctx)
	})
	if err != nil {
		return nil, fmt.Errorf("share limits: %w", err)
	}
	return answers, nil
}

// hold makes the rows that are not there and locks all, in the order of their ids; only then are they read.
func hold(ctx context.Context, tx *store.Tx, ids []string) (map[string]*account, error) {
	rows := make([]*ent.AllowanceCreate, len(ids))
	for i, id := range ids {
		rows[i] = tx.Allowance.Create().SetID(id)
	}
	err := tx.Allowance.CreateBulk(rows...).OnConflictColumns(allowance.FieldID).Update(func(u *ent.AllowanceUpsert) { u.AddLast(0) }).Exec(ctx)
	if err != nil {
		return nil, err
	}
	found, err := tx.Allowance.Query().Where(allowance.IDIn(ids...)).All(ctx)
	if err != nil {
		return nil, err
	}
	accounts := make(map[string]*account, len(ids))
	for _, row := range found {
		accounts[row.ID] = decodeAccount(row.Last, row.Counts)
	}
	return accounts, nil
}

// beat says that this process is there, and counts those that are.
func (s *shared) beat(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	clock, err := s.store.Now(ctx)
	if err != nil {
		return err
	}
	last := int64(time.Duration(clock.UnixNano()) / part)
	return s.store.CountOf(ctx, "limits", func(ctx context.Context, tx *store.Tx) error {
		err := tx.Allowance.Create().SetID(s.id).SetLast(last).OnConflictColumns(allowance.FieldID).UpdateNewValues().Exec(ctx)
		if err != nil {
			return fmt.Errorf("say that this process is there: %w", err)
		}
		there, err := tx.Allowance.Query().Where(allowance.IDGTE(processes), allowance.IDLT(afterProcesses), allowance.LastGTE(last-parts)).Count(ctx)
		if err != nil {
			return fmt.Errorf("count processes: %w", err)
		}
		s.processes.Store(int64(there))
		return nil
	})
}

// sweepUntil removes what says nothing any more, until ctx ends. Every process does: nobody has to be the one.
func (s *shared) sweepUntil(ctx context.Context, onError func(error)) {
	ticker := time.NewTicker(sweepLeases)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if err := s.sweep(ctx); err != nil && ctx.Err() == nil && !s.alone.Load() {
				onError(err)
			}
		}
	}
}

// sweep removes rows some at a time, locking them in the order in which batches do.
func (s *shared) sweep(ctx context.Context) error {
	clock, err := s.store.Now(ctx)
	if err != nil {
		return err
	}
	before := int64(time.Duration(clock.UnixNano())/part) - 2*parts
	for found := askAtOnce; found == askAtOnce; {
		err := s.store.CountOf(ctx, "limits", func(ctx context.Context, tx *store.Tx) error {
			ids, err := tx.Allowance.Query().Where(allowance.LastLT(before)).Order(allowance.ByID()).Limit(askAtOnce).IDs(ctx)
			if found = len(ids); err != nil || found == 0 {
				return err
			}
			if _, err := hold(ctx, tx, ids); err != nil {
				return err
			}
			_, err = tx.Allowance.Delete().Where(allowance.IDIn(ids...), allowance.LastLT(before)).Exec(ctx)
			return err
		})
		if err != nil {
			return fmt.Errorf("sweep allowances: %w", err)
		}
	}
	return nil
}
