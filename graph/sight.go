package graph

import (
	"context"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/internal/frontend"
	"sonata.ai/sonata/internal/principal"
)

// reads reports whether the caller may read what a frontend holds besides its environments.
func reads(ctx context.Context, frontendID string) bool {
	return principal.Can(ctx, principal.ContentRead, principal.Place{Frontend: frontendID})
}

// readsEnvironment reports whether the caller may read an environment and what happened in it.
func readsEnvironment(ctx context.Context, e *ent.Environment) bool {
	return e != nil && frontend.Reaches(ctx, e, principal.ContentRead)
}

// inSight is the row, or nil when the caller may not read it: then it is as if it were not there. Of a verb's answer, too:
// who may do something need not be one who may read.
func inSight[R any](row *R, may func(*R) bool) *R {
	if row == nil || !may(row) {
		return nil
	}
	return row
}

func frontendInSight(ctx context.Context, row *ent.Frontend) *ent.Frontend {
	return inSight(row, func(f *ent.Frontend) bool { return reads(ctx, f.ID) })
}

func environmentInSight(ctx context.Context, row *ent.Environment) *ent.Environment {
	return inSight(row, func(e *ent.Environment) bool { return readsEnvironment(ctx, e) })
}

func screenInSight(ctx context.Context, row *ent.Screen) *ent.Screen {
	return inSight(row, func(s *ent.Screen) bool { return reads(ctx, s.FrontendID) })
}

func releaseInSight(ctx context.Context, row *ent.Release) *ent.Release {
	return inSight(row, func(x *ent.Release) bool { return reads(ctx, x.FrontendID) })
}

// activationInSight reads the environment that the activation is of.
func (r *Resolver) activationInSight(ctx context.Context, row *ent.Activation) (*ent.Activation, error) {
	if row == nil {
		return nil, nil
	}
	e, err := r.Store.Reader(ctx).Environment.Get(ctx, row.EnvironmentID)
	return inSight(row, func(*ent.Activation) bool { return err == nil && readsEnvironment(ctx, e) }), err
}

// scheduleInSight reads the environment that the schedule is of.
func (r *Resolver) scheduleInSight(ctx context.Context, row *ent.ReleaseSchedule) (*ent.ReleaseSchedule, error) {
	if row == nil {
		return nil, nil
	}
	e, err := r.Store.Reader(ctx).Environment.Get(ctx, row.EnvironmentID)
	return inSight(row, func(*ent.ReleaseSchedule) bool { return err == nil && readsEnvironment(ctx, e) }), err
}
