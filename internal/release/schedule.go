package release

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/activation"
	"sonata.ai/sonata/ent/releaseschedule"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/frontend"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/store"
)

// TopicScheduled is the event of a schedule that was made, called off, or failed.
const TopicScheduled = "schedule.changed"

// Scheduled is the payload of TopicScheduled.
type Scheduled struct {
	Frontend string `json:"frontend"`
	Schedule string `json:"schedule"`
}

// maxAhead is how far ahead a schedule can be.
const maxAhead = 366 * 24 * time.Hour

type scheduleInput struct {
	PublishInput
	At time.Time `json:"at"`
}

type scheduleResult struct {
	ID  string               `json:"id"`
	row *ent.ReleaseSchedule // nil for a repetition
}

// Schedule freezes now what Publish would publish and lets it go live at a time. Faults as for Publish.
func (r *Releases) Schedule(ctx context.Context, in PublishInput, at time.Time) (row *ent.ReleaseSchedule, err error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	var out scheduleResult
	err = r.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		input := scheduleInput{PublishInput: in, At: at.UTC()}
		owner, e, err := target(ctx, tx, in.Frontend, in.Environment, principal.ReleaseWrite)
		if err != nil {
			return err
		}
		err = store.Once(ctx, tx, "releaseSchedule", in.IdempotencyKey, input, &out, func() error {
			if now := time.Now(); !at.After(now) || at.Sub(now) > maxAhead {
				return fault.Invalidf("at: choose a time in the future, at most a year ahead").At("at")
			}
			out, err = r.schedule(ctx, tx, owner, e, input)
			return err
		})
		if err != nil {
			return err
		}
		if row = out.row; row == nil {
			row, err = tx.ReleaseSchedule.Get(ctx, out.ID)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return row.Unwrap(), nil
}

func (r *Releases) schedule(ctx context.Context, tx *store.Tx, owner *ent.Frontend, e *ent.Environment, in scheduleInput) (scheduleResult, error) {
	made, err := r.freezeDrafts(ctx, tx, owner, e, in.PublishInput)
	if err != nil {
		return scheduleResult{}, err
	}
	row, err := tx.ReleaseSchedule.Create().SetEnvironmentID(e.ID).SetReleaseID(made.ID).SetNillableBaseID(e.LiveID).
		SetBaseSequence(e.Sequence).SetAt(in.At).SetActor(principal.From(ctx).Encode()).Save(ctx)
	if err != nil {
		return scheduleResult{}, fmt.Errorf("create schedule: %w", err)
	}
	recordSchedule(tx, "releaseSchedule", owner, e, row, map[string]any{"release": made.Number, "at": in.At})
	return scheduleResult{ID: row.ID, row: row}, nil
}

func recordSchedule(tx *store.Tx, action string, owner *ent.Frontend, e *ent.Environment, row *ent.ReleaseSchedule, detail map[string]any) {
	tx.Record(store.Fact{
		Topic: TopicScheduled, Payload: Scheduled{Frontend: owner.ID, Schedule: row.ID}, Action: action,
		Frontend: owner.ID, SubjectID: row.ID, SubjectLabel: owner.Slug + "/" + e.Key, Detail: detail,
	})
}

// CancelSchedule calls a pending schedule off. Faults: NotFound, Conflict when its time has come already.
func (r *Releases) CancelSchedule(ctx context.Context, id string) (row *ent.ReleaseSchedule, err error) {
	err = r.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		found, err := scheduleByID(ctx, tx, id)
		if ent.IsNotFound(err) || err == nil && !frontend.Reaches(ctx, found.Edges.Environment, principal.ReleaseWrite) {
			return fault.NotFoundf("there is no schedule with this id").At("id")
		}
		if err != nil {
			return err
		}
		if found.State != releaseschedule.StatePENDING {
			return fault.Invalidf("the schedule is %s already", found.State).At("id")
		}
		if row, err = tx.ReleaseSchedule.UpdateOne(found).SetState(releaseschedule.StateCANCELLED).Save(ctx); err != nil {
			return fmt.Errorf("cancel schedule: %w", err)
		}
		e := found.Edges.Environment
		recordSchedule(tx, "releaseScheduleCancel", e.Edges.Frontend, e, row, map[string]any{"state": row.State})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return row.Unwrap(), nil
}

func scheduleByID(ctx context.Context, tx *store.Tx, id string) (*ent.ReleaseSchedule, error) {
	return tx.ReleaseSchedule.Query().Where(releaseschedule.ID(id)).WithRelease().
		WithEnvironment(func(q *ent.EnvironmentQuery) { q.WithFrontend().WithLive() }).Only(ctx)
}

// ActivateDue lets every schedule whose time has come go live, in the order of their times, each in a transaction of
// its own and each exactly once.
func (r *Releases) ActivateDue(ctx context.Context, now time.Time) error {
	due, err := r.store.Reader(ctx).ReleaseSchedule.Query().Where(releaseschedule.StateEQ(releaseschedule.StatePENDING),
		releaseschedule.AtLTE(now.UTC())).Order(releaseschedule.ByAt(), releaseschedule.ByID()).IDs(ctx)
	if err != nil {
		return fmt.Errorf("read schedules: %w", err)
	}
	var errs []error
	for _, id := range due {
		errs = append(errs, r.activateSchedule(ctx, id))
	}
	return errors.Join(errs...)
}

func (r *Releases) activateSchedule(ctx context.Context, id string) error {
	return r.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		row, err := scheduleByID(ctx, tx, id)
		if err != nil {
			return fmt.Errorf("read schedule: %w", err)
		}
		if row.State != releaseschedule.StatePENDING { // called off, or another process was faster
			return nil
		}
		if actor := principal.Decode(row.Actor); actor != nil {
			ctx = principal.With(ctx, principal.Acting(*actor))
		}
		e := row.Edges.Environment
		if e.Sequence != row.BaseSequence {
			return failSchedule(ctx, tx, row)
		}
		_, err = r.activate(ctx, tx, e.Edges.Frontend, e, move{
			release: row.Edges.Release, kind: activation.KindSCHEDULED, action: "releaseSchedule",
		})
		if err != nil {
			return err
		}
		return tx.ReleaseSchedule.UpdateOne(row).SetState(releaseschedule.StateDONE).Exec(ctx)
	})
}

func failSchedule(ctx context.Context, tx *store.Tx, row *ent.ReleaseSchedule) error {
	e := row.Edges.Environment
	problem := fmt.Sprintf("%s moved since this was scheduled; what is live there was not overwritten: publish or schedule again", e.Key)
	if live := e.Edges.Live; live != nil {
		problem = fmt.Sprintf("release %d went live in %s since this was scheduled and was not overwritten: publish or schedule again", live.Number, e.Key)
	}
	if err := tx.ReleaseSchedule.UpdateOne(row).SetState(releaseschedule.StateFAILED).SetProblem(problem).Exec(ctx); err != nil {
		return fmt.Errorf("fail schedule: %w", err)
	}
	recordSchedule(tx, "releaseSchedule", e.Edges.Frontend, e, row, map[string]any{"state": "FAILED", "problem": problem})
	return nil
}

// checkSchedules is how often the clock is compared with the schedules.
const checkSchedules = 500 * time.Millisecond

// RunSchedules lets schedules go live until ctx ends, by the clock that all processes have in common. What fails is tried
// again.
func (r *Releases) RunSchedules(ctx context.Context, onError func(error)) error {
	ticker := time.NewTicker(checkSchedules)
	defer ticker.Stop()
	for {
		now, err := r.store.Now(ctx)
		if err == nil {
			err = r.ActivateDue(ctx, now)
		}
		if err != nil && ctx.Err() == nil {
			onError(err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}
