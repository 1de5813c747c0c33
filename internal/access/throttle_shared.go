package access

import (
	"context"
	"fmt"
	"slices"
	"time"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/signinfailure"
	"sonata.ai/sonata/internal/store"
)

// sharedAttempts is failures of all processes on one database. Each attempt asks it: comparing a password costs a
// thousand times as much. Accounts and addresses are kept as hashes.
type sharedAttempts struct{ store *store.Store }

// takeBackWithin is how long somebody who has signed in waits for what failed before to be forgotten.
const takeBackWithin = 2 * time.Second

func (a *sharedAttempts) refuse(ctx context.Context, account, source string) error {
	now, err := a.store.Now(ctx)
	if err != nil {
		return fmt.Errorf("read failures to sign in: %w", err)
	}
	of, from := hashOf(ofAccount(account)), hashOf(ofSource(source))
	rows, err := a.store.Reader(ctx).SignInFailure.Query().Where(signinfailure.IDIn(of, from)).All(ctx)
	if err != nil {
		return fmt.Errorf("read failures to sign in: %w", err)
	}
	windows := windowsAt(rows, now)
	return overAttempts(windows[of], windows[from], now)
}

func (a *sharedAttempts) begin(ctx context.Context, account, source string) error {
	of, from := hashOf(ofAccount(account)), hashOf(ofSource(source))
	return a.holding(ctx, of, from, func(ctx context.Context, tx *store.Tx, windows map[string]window, now time.Time) error {
		if err := overAttempts(windows[of], windows[from], now); err != nil {
			return err
		}
		for id, w := range windows {
			if err := tx.SignInFailure.UpdateOneID(id).SetBegan(w.began).SetCount(w.count + 1).Exec(ctx); err != nil {
				return fmt.Errorf("count a failure to sign in: %w", err)
			}
		}
		return nil
	})
}

// succeeded is best effort: at worst an attempt that did not fail counts for ten minutes.
func (a *sharedAttempts) succeeded(ctx context.Context, account, source string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), takeBackWithin)
	defer cancel()
	of, from := hashOf(ofAccount(account)), hashOf(ofSource(source))
	_ = a.holding(ctx, of, from, func(ctx context.Context, tx *store.Tx, windows map[string]window, _ time.Time) error {
		if err := tx.SignInFailure.DeleteOneID(of).Exec(ctx); err != nil {
			return err
		}
		return tx.SignInFailure.UpdateOneID(from).SetBegan(windows[from].began).SetCount(max(0, windows[from].count-1)).Exec(ctx)
	})
}

// holding runs fn while nobody else changes the two rows, which it makes where they are not there. They are locked in the
// order of their ids.
func (a *sharedAttempts) holding(ctx context.Context, of, from string, fn func(context.Context, *store.Tx, map[string]window, time.Time) error) error {
	ids := []string{of, from}
	slices.Sort(ids)
	return a.store.CountOf(ctx, "sign-in", func(ctx context.Context, tx *store.Tx) error {
		creates := make([]*ent.SignInFailureCreate, len(ids))
		for i, id := range ids {
			creates[i] = tx.SignInFailure.Create().SetID(id).SetBegan(time.Unix(0, 0).UTC())
		}
		err := tx.SignInFailure.CreateBulk(creates...).OnConflictColumns(signinfailure.FieldID).
			Update(func(u *ent.SignInFailureUpsert) { u.AddCount(0) }).Exec(ctx)
		if err != nil {
			return fmt.Errorf("hold failures to sign in: %w", err)
		}
		rows, err := tx.SignInFailure.Query().Where(signinfailure.IDIn(ids...)).All(ctx)
		if err != nil {
			return fmt.Errorf("read failures to sign in: %w", err)
		}
		now, err := a.store.Now(ctx)
		if err != nil {
			return fmt.Errorf("read the clock of the database: %w", err)
		}
		return fn(ctx, tx, windowsAt(rows, now), now)
	})
}

// windowsAt are the windows of rows by their id, those that have ended begun anew.
func windowsAt(rows []*ent.SignInFailure, now time.Time) map[string]window {
	windows := map[string]window{}
	for _, row := range rows {
		windows[row.ID] = window{began: row.Began, count: row.Count}.at(now)
	}
	return windows
}
