package presence

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"sonata.ai/sonata/ent"
	entpresence "sonata.ai/sonata/ent/presence"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/screen"
	"sonata.ai/sonata/internal/store"
)

// How processes tell each other who is there. Whose process is gone is gone when its rows expire.
const (
	lookEvery      = time.Second
	writeEvery     = 4 * time.Second
	expireAfter    = 12 * time.Second
	syncWithin     = 5 * time.Second
	announceWithin = 15 * time.Second
	leaveWithin    = 2 * time.Second // at the end of the process
	atOnce         = 200             // rows of one statement: a database takes only so many parameters
)

// others is what this process tells the others, and how it knows of them. Its methods are for a process that is alone,
// too: for nil.
type others struct {
	process    string        // that tells this process from every other
	changed    chan struct{} // somebody came, left or moved here
	announcing chan struct{} // held by who announces somebody
	ahead      atomic.Int64  // nanoseconds that the common clock is ahead of this machine's
}

func newOthers() *others {
	return &others{process: strings.ReplaceAll(uuid.NewString(), "-", ""), changed: make(chan struct{}, 1), announcing: make(chan struct{}, 1)}
}

// now is the time by the clock that all processes have in common, as far as it is known without asking.
func (o *others) now() time.Time {
	if o == nil {
		return time.Now().UTC()
	}
	return time.Now().Add(time.Duration(o.ahead.Load())).UTC().Truncate(time.Microsecond) // what a database keeps
}

// wake makes Run write soon. It never waits.
func (o *others) wake() {
	if o == nil {
		return
	}
	select {
	case o.changed <- struct{}{}:
	default:
	}
}

// other is somebody as other processes know them.
type other struct {
	Person
	moved, expires time.Time
}

// everybody is who is on the screen, through whichever process. It wants the lock.
func (r *room) everybody() []Person {
	all := make([]Person, 0, len(r.people)+len(r.absent))
	for id, m := range r.people {
		if !m.shown {
			continue
		}
		who := m.Person
		if o, both := r.absent[id]; both {
			if o.Since.Before(who.Since) {
				who.Since = o.Since
			}
			if o.moved.After(m.moved) {
				who.BlockKey = o.BlockKey
			}
		}
		all = append(all, who)
	}
	for id, o := range r.absent {
		if r.people[id] == nil {
			all = append(all, o.Person)
		}
	}
	return all
}

// announce tells the other processes who entered, before this one shows it: so a screen never holds too many. That the
// database is away is no reason to refuse. Faults: Exhausted; Unavailable when the database is there and has no time.
func (p *Presence) announce(ctx context.Context, screenID, id string) error {
	if p.others == nil {
		return nil
	}
	within, cancel := context.WithTimeout(ctx, announceWithin)
	defer cancel()
	select { // one at a time: many who come at once must not keep Run, and everybody else who writes, waiting
	case p.others.announcing <- struct{}{}:
		defer func() { <-p.others.announcing }()
	case <-within.Done():
		return busy()
	}
	who := p.found(screenID, id)
	err := p.store.CountOf(within, "presence "+screenID, func(ctx context.Context, tx *store.Tx) error {
		now, err := p.clock(ctx) // after the wait for the turn
		if err != nil {
			return err
		}
		there, err := tx.Presence.Query().Where(entpresence.ScreenID(screenID), entpresence.PersonNEQ(id), entpresence.ExpiresAtGT(now)).
			Unique(true).Select(entpresence.FieldPerson).Strings(ctx)
		if err != nil {
			return fmt.Errorf("read presence: %w", err)
		}
		if len(there) >= maxPeople {
			return full()
		}
		return p.write(ctx, tx, []*ent.PresenceCreate{p.row(tx, who, now)})
	})
	switch {
	case err == nil || ctx.Err() != nil || fault.KindOf(err) == fault.Exhausted:
		return err
	case p.store.Ping(ctx) != nil: // it is away
		return nil
	case within.Err() != nil:
		return busy()
	}
	return err
}

func busy() error {
	return fault.Unavailablef("too many people are coming at once: try again in a moment")
}

// clock asks for the time that all processes have in common, and remembers how far it is from here.
func (p *Presence) clock(ctx context.Context) (time.Time, error) {
	began := time.Now()
	now, err := p.store.Now(ctx)
	if err == nil {
		p.others.ahead.Store(int64(now.Sub(began)))
	}
	return now, err
}

func (p *Presence) row(tx *store.Tx, who stay, now time.Time) *ent.PresenceCreate {
	row := tx.Presence.Create().SetScreenID(who.screen).SetPerson(who.ID).SetProcess(p.others.process).SetName(who.Name).
		SetSince(who.Since).SetExpiresAt(now.Add(expireAfter))
	if who.BlockKey != nil {
		row.SetBlockKey(*who.BlockKey)
	}
	if !who.moved.IsZero() {
		row.SetMovedAt(who.moved)
	}
	return row
}

// write makes rows or renews those that are there. Where somebody is stays what was said last: it may have been said to
// another process.
func (p *Presence) write(ctx context.Context, tx *store.Tx, rows []*ent.PresenceCreate) error {
	for some := range slices.Chunk(rows, atOnce) {
		err := tx.Presence.CreateBulk(some...).OnConflict(
			sql.ConflictColumns(entpresence.FieldScreenID, entpresence.FieldPerson, entpresence.FieldProcess),
			sql.ResolveWith(func(s *sql.UpdateSet) {
				s.SetExcluded(entpresence.FieldName)
				s.SetExcluded(entpresence.FieldExpiresAt)
				s.Set(entpresence.FieldBlockKey, sql.Expr("CASE WHEN excluded.moved_at > presences.moved_at THEN excluded.block_key ELSE presences.block_key END"))
				s.Set(entpresence.FieldMovedAt, sql.Expr("GREATEST(excluded.moved_at, presences.moved_at)"))
			}),
		).Exec(ctx)
		if err != nil {
			return fmt.Errorf("write presence: %w", err)
		}
	}
	return nil
}

// moveElsewhere moves who is connected to another process.
func (p *Presence) moveElsewhere(ctx context.Context, screenID, id, blockKey string) (who Person, err error) {
	if p.others == nil {
		return who, nobody()
	}
	_, err = screen.Get(ctx, p.store.Reader(ctx), screenID, principal.ContentRead)
	if fault.KindOf(err) == fault.NotFound {
		return who, nobody()
	}
	if err != nil {
		return who, err
	}
	now, err := p.clock(ctx)
	if err != nil {
		return who, err
	}
	err = p.store.Count(ctx, func(ctx context.Context, tx *store.Tx) error {
		found := entpresence.And(entpresence.ScreenID(screenID), entpresence.Person(id), entpresence.ExpiresAtGT(now))
		there, err := tx.Presence.Query().Where(found).Order(entpresence.BySince()).All(ctx)
		if err != nil {
			return fmt.Errorf("read presence: %w", err)
		}
		if len(there) == 0 {
			return nobody()
		}
		who = Person{ID: id, Name: there[0].Name, BlockKey: optional(blockKey), You: true, Since: there[0].Since}
		if err := tx.Presence.Update().Where(found).SetBlockKey(blockKey).SetMovedAt(now).Exec(ctx); err != nil {
			return fmt.Errorf("write presence: %w", err)
		}
		return nil
	})
	return who, err
}

// Run tells the other processes on the same database who is here, and looks who is there, while somebody is, until ctx
// ends; then it takes leave of them. onError is told of what failed but for a database that is away: then everybody
// here goes on seeing each other.
func (p *Presence) Run(ctx context.Context, onError func(error)) error {
	if p.others == nil {
		return nil
	}
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	s := syncing{of: p}
	for {
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaveWithin)
			defer cancel()
			return p.takeLeave(last)
		case <-p.others.changed:
			s.behind = true
		case <-ticker.C:
		}
		if err := s.step(ctx); err != nil && ctx.Err() == nil && fault.KindOf(err) != fault.Unavailable {
			onError(err)
		}
	}
}

// takeLeave removes what this process said. What cannot be removed expires.
func (p *Presence) takeLeave(ctx context.Context) error {
	err := p.store.Count(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Presence.Delete().Where(entpresence.Process(p.others.process)).Exec(ctx)
		return err
	})
	if fault.KindOf(err) == fault.Unavailable {
		return nil
	}
	return err
}

// syncing is what Run remembers.
type syncing struct {
	of      *Presence
	written time.Time
	behind  bool // what changed here was not told yet
}

// step tells what changed, or everything when it is time, and looks. Nobody here and nobody who left: nothing to do.
func (s *syncing) step(ctx context.Context) error {
	p := s.of
	screens := p.screens()
	if len(screens) == 0 && !s.behind {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, syncWithin)
	defer cancel()
	now, err := p.clock(ctx)
	if err == nil && (s.behind || time.Since(s.written) >= writeEvery) {
		err = s.tell(ctx, now)
	}
	var rows []*ent.Presence
	if err == nil && len(screens) > 0 {
		rows, err = p.store.Reader(ctx).Presence.Query().Where(entpresence.ScreenIDIn(screens...), entpresence.ExpiresAtGT(now)).All(ctx)
	}
	if err != nil {
		p.expire() // who cannot be asked for is there for as long as they said
		return fmt.Errorf("share presence: %w", err)
	}
	p.see(rows)
	return nil
}

// tell writes who is here and removes who left, and what others left behind long ago.
func (s *syncing) tell(ctx context.Context, now time.Time) error {
	p := s.of
	s.behind = false // before anybody is looked at: who comes then wakes it again
	err := p.store.Count(ctx, func(ctx context.Context, tx *store.Tx) error {
		told, err := tx.Presence.Query().Where(entpresence.Process(p.others.process)).All(ctx)
		if err != nil {
			return fmt.Errorf("read presence: %w", err)
		}
		here, rows := map[string]bool{}, []*ent.PresenceCreate{} // looked at after: whoever was announced is here
		for _, who := range p.here() {
			here[who.screen+" "+who.ID] = true
			if who.shown { // there may be no room for the others
				rows = append(rows, p.row(tx, who, now))
			}
		}
		if err := p.write(ctx, tx, rows); err != nil {
			return err
		}
		var gone []int
		for _, row := range told {
			if !here[row.ScreenID+" "+row.Person] {
				gone = append(gone, row.ID)
			}
		}
		for some := range slices.Chunk(gone, atOnce) {
			if _, err := tx.Presence.Delete().Where(entpresence.IDIn(some...)).Exec(ctx); err != nil {
				return fmt.Errorf("remove presence: %w", err)
			}
		}
		return nil
	})
	if err != nil {
		s.behind = true
		return err
	}
	if time.Since(s.written) < writeEvery {
		return nil
	}
	s.written = time.Now()
	return p.store.Count(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Presence.Delete().Where(entpresence.ExpiresAtLT(now.Add(-expireAfter))).Exec(ctx); err != nil {
			return fmt.Errorf("sweep presence: %w", err)
		}
		return nil
	})
}

// stay is somebody who is here.
type stay struct {
	Person
	screen string // id
	moved  time.Time
	shown  bool
}

// found is somebody who entered.
func (p *Presence) found(screenID, id string) stay {
	p.mu.Lock()
	defer p.mu.Unlock()
	m := p.rooms[screenID].people[id]
	return stay{m.Person, screenID, m.moved, m.shown}
}

// here returns everybody who is connected to this process, in one order: two that write at once then never wait for
// each other.
func (p *Presence) here() (all []stay) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for screen, r := range p.rooms {
		for _, m := range r.people {
			all = append(all, stay{m.Person, screen, m.moved, m.shown})
		}
	}
	slices.SortFunc(all, func(a, b stay) int { return cmp.Or(cmp.Compare(a.screen, b.screen), cmp.Compare(a.ID, b.ID)) })
	return all
}

func (p *Presence) screens() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Collect(maps.Keys(p.rooms))
}

// see takes over what rows say of others, and what was said for people of this process to others.
func (p *Presence) see(rows []*ent.Presence) {
	found := map[string]map[string]other{}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, row := range rows {
		r := p.rooms[row.ScreenID]
		if r == nil {
			continue
		}
		if row.Process == p.others.process {
			if m := r.people[row.Person]; m != nil && row.MovedAt.After(m.moved) {
				m.BlockKey, m.moved = optional(row.BlockKey), row.MovedAt
				p.changed(row.ScreenID, r)
			}
			continue
		}
		if found[row.ScreenID] == nil {
			found[row.ScreenID] = map[string]other{}
		}
		found[row.ScreenID][row.Person] = found[row.ScreenID][row.Person].with(row)
	}
	for id, r := range p.rooms {
		if !maps.EqualFunc(r.absent, found[id], other.looksLike) {
			p.changed(id, r)
		}
		r.absent = found[id]
	}
}

// with adds what another row says of the same person, who has tabs at several processes.
func (o other) with(row *ent.Presence) other {
	next := other{Person: Person{ID: row.Person, Name: row.Name, BlockKey: optional(row.BlockKey), Since: row.Since.UTC()}, moved: row.MovedAt, expires: row.ExpiresAt}
	if o.ID == "" {
		return next
	}
	if o.moved.After(next.moved) {
		next.BlockKey, next.moved = o.BlockKey, o.moved
	}
	if o.Since.Before(next.Since) {
		next.Since, next.Name = o.Since, o.Name
	}
	if o.expires.After(next.expires) {
		next.expires = o.expires
	}
	return next
}

// looksLike reports whether people would see no difference.
func (o other) looksLike(p other) bool {
	return o.Name == p.Name && o.Since.Equal(p.Since) && o.moved.Equal(p.moved) && value(o.BlockKey) == value(p.BlockKey)
}

func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// expire forgets others of whom nothing was heard for too long.
func (p *Presence) expire() {
	now := p.others.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	for id, r := range p.rooms {
		before := len(r.absent)
		maps.DeleteFunc(r.absent, func(_ string, o other) bool { return !o.expires.After(now) })
		if len(r.absent) != before {
			p.changed(id, r)
		}
	}
}
