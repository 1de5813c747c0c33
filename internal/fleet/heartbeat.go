package fleet

import (
	"context"
	"fmt"
	"time"

	"sonata.ai/sonata/ent"
	entinstance "sonata.ai/sonata/ent/instance"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/store"
)

// Command is what an instance is to do.
type Command string

// The commands.
const (
	Continue Command = "CONTINUE"
	Drain    Command = "DRAIN" // take nothing new
	Stop     Command = "STOP"  // nothing is under way
)

// Answer is what a heartbeat is answered.
type Answer struct {
	ID      string // of the instance
	Command Command
	Desired *int // how many its agent should run; nil when nobody said
}

// Heartbeat notes that an instance is there. It needs instances:write for the service. Only one that is new, or another than it
// was, is written. Faults: NotFound, Invalid, Exhausted, Conflict (TAKEN: two processes have one name).
func (f *Fleet) Heartbeat(ctx context.Context, in Beat) (Answer, error) {
	if !principal.Can(ctx, principal.InstancesWrite, principal.Place{Service: in.Service}) {
		return Answer{}, fault.NotFoundf("there is no service %.80q, or it is not yours to announce: the key needs instances:write for it", in.Service).At("service")
	}
	if err := in.Load.check(); err != nil {
		return Answer{}, err
	}
	k, now := key{in.Service, in.Name}, f.now()
	f.mu.Lock()
	e := f.entries[k]
	if e != nil && e.same(in) { // most are: what was checked before is not checked again
		defer f.mu.Unlock()
		f.note(e, in.Load, now)
		return f.answer(e, now), nil
	}
	err := f.twoOfOneName(e, in, now)
	f.mu.Unlock()
	if err != nil {
		return Answer{}, err
	}
	if err := in.check(f.reach); err != nil {
		return Answer{}, err
	}
	row, err := f.write(ctx, in)
	if err != nil {
		return Answer{}, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	e = f.put(row, now)
	f.note(e, in.Load, now)
	f.place(in.Service, now)
	return f.answer(e, now), nil
}

// same reports whether nothing of what is kept is new.
func (e *entry) same(in Beat) bool {
	r := e.row
	return r.URL == in.URL && equal(r.Version, in.Version) && equal(r.Agent, in.Agent) && r.Weight == in.weight() && r.Leaving == in.Draining && r.TTL == in.TTL
}

func equal(a, b *string) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// settles is how long an instance that moved stays where it is: one that is back where it was, before, is two.
const settles = 30 * time.Second

func (f *Fleet) twoOfOneName(e *entry, in Beat, now time.Time) error {
	if e == nil || e.former != in.URL || now.Sub(e.movedAt) > settles {
		return nil
	}
	return fault.Conflictf("two processes announce %q: give each a name of its own (an agent takes --name)", in.Name).WithCode("TAKEN").At("instance")
}

// note wants the lock.
func (f *Fleet) note(e *entry, l Load, now time.Time) {
	e.seen, e.load = now, l
	e.history.add(l)
	e.restarts = noteRestarts(e.restarts, l.Restarts, now)
	f.dirty[e.row.Service] = true
}

// answer wants the lock.
func (f *Fleet) answer(e *entry, now time.Time) Answer {
	a := Answer{ID: e.row.ID, Command: Continue, Desired: f.desired(e.row.Service, e.row.Agent, now)}
	if state, _ := f.state(e, now); state == Draining {
		a.Command = Drain
		seen, _ := f.observer.Instance(e.row.Service, e.row.ID)
		if !e.drainedAt.IsZero() && now.Sub(e.drainedAt) >= drainLeast && seen.InFlight == 0 {
			a.Command = Stop
		}
	}
	return a
}

// drainLeast is how long an instance drains at least: until then other processes may not know that they are to ask it nothing new.
const drainLeast = 2 * time.Second

// write keeps an instance that is new or another than it was.
func (f *Fleet) write(ctx context.Context, in Beat) (row *ent.Instance, err error) {
	err = f.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		before, err := tx.Instance.Query().Where(entinstance.Service(in.Service), entinstance.Name(in.Name)).Only(ctx)
		if err != nil && !ent.IsNotFound(err) {
			return fmt.Errorf("read instance: %w", err)
		}
		if before == nil {
			row, err = insert(ctx, tx, in)
			return err
		}
		change := tx.Instance.UpdateOne(before).SetURL(in.URL).SetWeight(in.weight()).SetLeaving(in.Draining).SetTTL(in.TTL).ClearVersion().ClearAgent().
			SetNillableVersion(in.Version).SetNillableAgent(in.Agent)
		if before.URL != in.URL {
			change.SetDrained(false) // it is another process
		}
		if row, err = change.Save(ctx); err != nil {
			return fmt.Errorf("update instance: %w", err)
		}
		record(tx, row, "instanceHeartbeat", map[string]any{"leaving": in.Draining, "moved": before.URL != in.URL})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return row.Unwrap(), nil
}

func insert(ctx context.Context, tx *store.Tx, in Beat) (*ent.Instance, error) {
	all, err := tx.Instance.Query().Count(ctx)
	if err != nil {
		return nil, fmt.Errorf("count instances: %w", err)
	}
	siblings, err := tx.Instance.Query().Where(entinstance.Service(in.Service)).Count(ctx)
	if err != nil {
		return nil, fmt.Errorf("count instances: %w", err)
	}
	if siblings >= maxOfService || all >= maxInstances {
		return nil, fault.Exhaustedf("there are %d instances of this service and %d in all, and more are not kept", siblings, all).WithCode("LIMIT").At("instance")
	}
	row, err := tx.Instance.Create().SetService(in.Service).SetName(in.Name).SetURL(in.URL).SetNillableVersion(in.Version).SetNillableAgent(in.Agent).
		SetWeight(in.weight()).SetLeaving(in.Draining).SetTTL(in.TTL).Save(ctx)
	if err != nil {
		return nil, fmt.Errorf("insert instance: %w", err)
	}
	record(tx, row, "instanceHeartbeat", map[string]any{"joined": true})
	return row, nil
}

func record(tx *store.Tx, row *ent.Instance, action string, detail map[string]any) {
	tx.Record(store.Fact{
		Topic: TopicChanged, Payload: Changed{Service: row.Service}, Action: action,
		SubjectID: row.ID, SubjectLabel: row.Service + "/" + row.Name, Detail: detail,
	})
}
