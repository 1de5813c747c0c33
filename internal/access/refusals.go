package access

import (
	"context"
	"fmt"
	"sort"
	"sync"
	"time"

	"entgo.io/ent/dialect/sql"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/refusal"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/store"
)

// Refusals counts what was refused: by caller, action, code and minute. Counting is off the path of requests, and what
// it costs has a bound, whoever asks and however often.
type Refusals struct {
	store *store.Store
	now   func() time.Time

	mu      sync.Mutex
	minute  time.Time
	known   map[refused]bool  // of this minute
	pending map[refused]int64 // not written yet
}

// refused is what is counted together.
type refused struct {
	minute        time.Time
	caller, actor string
	action, code  string
}

// Bounds of what is counted.
const (
	refusalsPerMinute = 500 // distinct; what is beyond is counted as of Others
	refusalsPending   = 10 * refusalsPerMinute
	refusalsEvery     = 3 * time.Second
	keepRefusals      = 30 * 24 * time.Hour
	sweepRefusals     = time.Hour
)

// Others is the caller that refusals are counted under once one minute has seen too many.
const Others = "others"

// NewRefusals returns counts that are kept in a store. Nothing is written before Run.
func NewRefusals(s *store.Store) *Refusals {
	return &Refusals{store: s, now: time.Now, known: map[refused]bool{}, pending: map[refused]int64{}}
}

// Note counts one refusal of the caller in ctx: known by its id, or else by its address. action is the name of a root
// field or of an endpoint, code the one that the answer has; both come from us, never from the request. Note never
// waits for anything.
func (r *Refusals) Note(ctx context.Context, action, code string) {
	key := refused{minute: r.now().UTC().Truncate(time.Minute), action: clipped(action, 100), code: clipped(code, 64)}
	if who := principal.From(ctx); who.Kind != principal.Anonymous && who.ID != "" {
		key.caller, key.actor = clipped(who.ID, 200), who.Encode()
	} else if key.caller = clipped(principal.Source(ctx), 200); key.caller == "" {
		key.caller = "unknown"
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if key.minute.After(r.minute) {
		r.minute, r.known = key.minute, map[refused]bool{}
	}
	if !r.known[key] && len(r.known) >= refusalsPerMinute {
		key.caller, key.actor = Others, ""
	} else {
		r.known[key] = true
	}
	if _, waiting := r.pending[key]; waiting || len(r.pending) < refusalsPending { // full only when nothing could be written for minutes
		r.pending[key]++
	}
}

func clipped(s string, most int) string {
	if len(s) > most {
		return s[:most]
	}
	return s
}

// Run writes what was counted every few seconds until ctx ends, and removes what is older than 30 days.
func (r *Refusals) Run(ctx context.Context, onError func(error)) error {
	write, sweep := time.NewTicker(refusalsEvery), time.NewTicker(sweepRefusals)
	defer write.Stop()
	defer sweep.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			if err := r.Flush(context.WithoutCancel(ctx)); err != nil {
				onError(err)
			}
			return nil
		case <-write.C:
			err = r.Flush(ctx)
		case <-sweep.C:
			err = r.sweep(ctx)
		}
		if err != nil && ctx.Err() == nil {
			onError(err)
		}
	}
}

// Flush writes what was counted since the last time, in one transaction without facts. What cannot be written is kept
// for the next.
func (r *Refusals) Flush(ctx context.Context) error {
	r.mu.Lock()
	taken := r.pending
	r.pending = map[refused]int64{}
	r.mu.Unlock()
	if len(taken) == 0 {
		return nil
	}
	err := r.store.Count(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, key := range inOrder(taken) {
			err := tx.Refusal.Create().SetMinute(key.minute).SetCaller(key.caller).SetActor(key.actor).SetAction(key.action).
				SetCode(key.code).SetCount(taken[key]).
				OnConflictColumns(refusal.FieldMinute, refusal.FieldCaller, refusal.FieldAction, refusal.FieldCode).
				Update(func(u *ent.RefusalUpsert) { u.AddCount(taken[key]) }).Exec(ctx)
			if err != nil {
				return fmt.Errorf("write refusals: %w", err)
			}
		}
		return nil
	})
	if err != nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		for key, n := range taken {
			r.pending[key] += n
		}
	}
	return err
}

// inOrder sorts by minute, so that ids grow with time.
func inOrder(counts map[refused]int64) []refused {
	keys := make([]refused, 0, len(counts))
	for key := range counts {
		keys = append(keys, key)
	}
	sort.Slice(keys, func(a, b int) bool { return keys[a].minute.Before(keys[b].minute) })
	return keys
}

func (r *Refusals) sweep(ctx context.Context) error {
	return r.store.Count(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Refusal.Delete().Where(refusal.MinuteLT(r.now().UTC().Add(-keepRefusals))).Exec(ctx); err != nil {
			return fmt.Errorf("sweep refusals: %w", err)
		}
		return nil
	})
}

// List returns at most limit refusals whose id is below the given one ("" for all), the newest first, and how many
// there are. Fault: NotFound for whoever may not read the whole log: refusals belong to no
// frontend.
func (r *Refusals) List(ctx context.Context, below string, limit int) (rows []*ent.Refusal, total int, err error) {
	if !readsWholeLog(principal.From(ctx)) {
		return nil, 0, fault.NotFoundf("what was refused is for whoever holds audit:read for every frontend")
	}
	if total, err = r.store.Reader(ctx).Refusal.Query().Count(ctx); err != nil {
		return nil, 0, fmt.Errorf("count refusals: %w", err)
	}
	q := r.store.Reader(ctx).Refusal.Query()
	if below != "" {
		q.Where(refusal.IDLT(below))
	}
	rows, err = q.Order(refusal.ByID(sql.OrderDesc())).Limit(limit).All(ctx)
	if err != nil {
		return nil, 0, fmt.Errorf("read refusals: %w", err)
	}
	return rows, total, nil
}
