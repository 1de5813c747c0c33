package release

import (
	"context"
	"fmt"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/activation"
	entrelease "sonata.ai/sonata/ent/release"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/frontend"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/store"
)

// RollBackInput is where to go back to, and why.
type RollBackInput struct {
	Frontend       string   `json:"frontend"`
	Environment    string   `json:"environment"`
	ToRelease      string   `json:"toRelease"`
	Reason         string   `json:"reason"`
	Expect         Expected `json:"expect"`
	IdempotencyKey string   `json:"-"`
}

// RollBack points the environment back at a release that was live in it. Drafts stay. Faults: NotFound, Invalid,
// Conflict with the codes LIVE_MOVED or NOTHING_TO_PUBLISH.
func (r *Releases) RollBack(ctx context.Context, in RollBackInput) (Result, error) {
	if err := frontend.CheckText("reason", in.Reason, 1, 1000); err != nil {
		return Result{}, err
	}
	v := verb{"releaseRollBack", in.Frontend, in.Environment, "environment", in.IdempotencyKey}
	return r.once(ctx, v, in, func(ctx context.Context, tx *store.Tx, owner *ent.Frontend, e *ent.Environment) (Result, error) {
		if err := r.expect(ctx, e, in.Expect); err != nil {
			return Result{}, err
		}
		to, err := tx.Release.Query().Where(entrelease.ID(in.ToRelease), entrelease.FrontendID(owner.ID)).Only(ctx)
		if ent.IsNotFound(err) {
			return Result{}, fault.NotFoundf("the frontend %s has no release with this id", owner.Slug).At("toRelease")
		}
		if err != nil {
			return Result{}, fmt.Errorf("read release: %w", err)
		}
		if e.LiveID != nil && *e.LiveID == to.ID {
			return Result{}, fault.Conflictf("release %d is live in %s already", to.Number, e.Key).WithCode("NOTHING_TO_PUBLISH").At("toRelease")
		}
		was, err := tx.Activation.Query().Where(activation.EnvironmentID(e.ID), activation.ReleaseID(to.ID)).Exist(ctx)
		if err != nil {
			return Result{}, fmt.Errorf("read activations: %w", err)
		}
		if !was {
			return Result{}, fault.Invalidf("release %d was never live in %s: promote or publish it instead", to.Number, e.Key).At("toRelease")
		}
		return r.activate(ctx, tx, owner, e, move{release: to, kind: activation.KindROLL_BACK, action: "releaseRollBack", reason: &in.Reason})
	})
}

// PromoteInput is from where to where.
type PromoteInput struct {
	Frontend       string   `json:"frontend"`
	From           string   `json:"from"`
	To             string   `json:"to"`
	Expect         Expected `json:"expect"`
	IdempotencyKey string   `json:"-"`
}

// Promote points one environment at the release that another one shows, to whoever may read that one. Faults: NotFound, Invalid, Conflict with the
// codes LIVE_MOVED or NOTHING_TO_PUBLISH.
func (r *Releases) Promote(ctx context.Context, in PromoteInput) (Result, error) {
	v := verb{"releasePromote", in.Frontend, in.To, "to", in.IdempotencyKey}
	return r.once(ctx, v, in, func(ctx context.Context, tx *store.Tx, owner *ent.Frontend, to *ent.Environment) (Result, error) {
		from, err := frontend.FindEnvironment(ctx, tx.Client(), owner, in.From, principal.DeliveryRead)
		if err != nil {
			return Result{}, at(err, "environment", "from")
		}
		if err := r.expect(ctx, to, in.Expect); err != nil {
			return Result{}, err
		}
		if from.LiveID == nil {
			return Result{}, fault.Invalidf("nothing is live in %s yet", from.Key).At("from")
		}
		if to.LiveID != nil && *to.LiveID == *from.LiveID {
			return Result{}, fault.Conflictf("%s and %s show the same release", from.Key, to.Key).WithCode("NOTHING_TO_PUBLISH")
		}
		made, err := tx.Release.Get(ctx, *from.LiveID)
		if err != nil {
			return Result{}, fmt.Errorf("read release: %w", err)
		}
		return r.activate(ctx, tx, owner, to, move{release: made, kind: activation.KindPROMOTE, action: "releasePromote"})
	})
}

// at renames the input field that a fault is about.
func at(err error, was, now string) error {
	if f := fault.As(err); f != nil && len(f.Path) == 1 && f.Path[0] == was {
		return f.At(now)
	}
	return err
}
