package usage

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"entgo.io/ent/dialect/sql"

	"sonata.ai/sonata/ent"
	entusage "sonata.ai/sonata/ent/usagecounter"
	"sonata.ai/sonata/internal/store"
)

const (
	flushEvery  = 3 * time.Second
	flushWithin = 2 * time.Second // at the end of the process
	keepHours   = 15 * 24         // two windows of a week, and a day for those who look in the morning
	atOnce      = 500             // rows of one statement: a database takes only so many parameters
)

// Run writes the counters every three seconds until ctx ends and once then, and removes those that are 15 days old.
func (u *Usage) Run(ctx context.Context, onError func(error)) error {
	ticker := time.NewTicker(flushEvery)
	defer ticker.Stop()
	swept := int64(0)
	for {
		if now := hourOf(time.Now()); now != swept {
			if err := u.sweep(ctx, now); err == nil {
				swept = now
			} else if ctx.Err() == nil {
				onError(err)
			}
		}
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushWithin)
			defer cancel()
			if err := u.flush(last); err != nil {
				onError(err)
			}
			return nil
		case <-ticker.C:
			if err := u.flush(ctx); err != nil && ctx.Err() == nil {
				onError(err)
			}
		}
	}
}

// flush writes what was counted, or keeps it for the next time.
func (u *Usage) flush(ctx context.Context) error {
	u.mu.Lock()
	taken := u.pending
	u.pending = map[row]Count{}
	u.mu.Unlock()
	if len(taken) == 0 {
		return nil
	}
	err := u.write(ctx, taken)
	if err != nil {
		u.mu.Lock()
		defer u.mu.Unlock()
		for r, n := range taken {
			u.pending[r] = u.pending[r].plus(n)
		}
	}
	return err
}

// write adds to the rows in one transaction, which takes turns with those of other processes: together they keep to the
// budget of each frontend. It records no fact: what visitors do is no act of authoring, and nobody waits for it.
func (u *Usage) write(ctx context.Context, counts map[row]Count) error {
	var fresh map[hourly]*budget
	err := u.store.CountOf(ctx, "usage", func(ctx context.Context, tx *store.Tx) error {
		placed, reread, err := u.fit(ctx, counts)
		if err != nil {
			return err
		}
		fresh = reread
		creates := make([]*ent.UsageCounterCreate, 0, len(placed))
		for r, n := range placed {
			creates = append(creates, tx.UsageCounter.Create().SetFrontendID(r.frontend).SetEnvironment(r.environment).
				SetHour(r.hour).SetScreen(r.screen).SetBlock(r.block).SetRelease(r.release).SetBuild(r.build).
				SetViews(n.Views).SetClicks(n.Clicks).SetRenderErrors(n.RenderErrors))
		}
		for some := range slices.Chunk(creates, atOnce) {
			err := tx.UsageCounter.CreateBulk(some...).OnConflict(
				sql.ConflictColumns(entusage.FieldFrontendID, entusage.FieldEnvironment, entusage.FieldHour,
					entusage.FieldScreen, entusage.FieldBlock, entusage.FieldRelease, entusage.FieldBuild),
				sql.ResolveWith(add),
			).Exec(ctx)
			if err != nil {
				return fmt.Errorf("write counters: %w", err)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	maps.Copy(u.budgets, fresh)
	return nil
}

// fit returns the counters that have a place, and the budgets of which it read again what other processes wrote: those of
// which a row is new.
func (u *Usage) fit(ctx context.Context, counts map[row]Count) (placed map[row]Count, reread map[hourly]*budget, err error) {
	placed, reread = map[row]Count{}, map[hourly]*budget{}
	for of, rows := range u.byHour(counts) {
		if rows.areWritten {
			maps.Copy(placed, rows.counts)
			continue
		}
		if reread[of], err = u.written(ctx, of); err != nil {
			return nil, nil, err
		}
		maps.Copy(placed, reread[of].fit(rows.counts))
	}
	return placed, reread, nil
}

// hourlyRows is the counters of one frontend and hour.
type hourlyRows struct {
	counts     map[row]Count
	areWritten bool // each was before, so it has a place
}

func (u *Usage) byHour(counts map[row]Count) map[hourly]hourlyRows {
	u.mu.Lock()
	defer u.mu.Unlock()
	all := map[hourly]hourlyRows{}
	for r, n := range counts {
		of := hourly{r.frontend, r.hour}
		rows, some := all[of]
		if !some {
			rows = hourlyRows{counts: map[row]Count{}, areWritten: true}
		}
		rows.counts[r] = n
		rows.areWritten = rows.areWritten && u.budgets[of] != nil && u.budgets[of].known[r]
		all[of] = rows
	}
	return all
}

// add is what an insert does to a row that is there.
func add(s *sql.UpdateSet) {
	for _, column := range []string{entusage.FieldViews, entusage.FieldClicks, entusage.FieldRenderErrors} {
		s.Set(column, sql.Expr(entusage.Table+"."+column+" + excluded."+column))
	}
}

// sweep removes what is too old for any window, and forgets the budgets of hours that are over.
func (u *Usage) sweep(ctx context.Context, hour int64) error {
	err := u.store.Count(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.UsageCounter.Delete().Where(entusage.HourLT(hour - keepHours)).Exec(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("remove old counters: %w", err)
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	for of := range u.budgets {
		if of.hour < hour {
			delete(u.budgets, of)
		}
	}
	return nil
}
