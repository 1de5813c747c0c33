package release

import (
	"context"
	"fmt"
	"slices"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/activation"
	"sonata.ai/sonata/ent/blob"
	entenv "sonata.ai/sonata/ent/environment"
	entrelease "sonata.ai/sonata/ent/release"
	"sonata.ai/sonata/ent/releaseitem"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/frontend"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/screen"
	"sonata.ai/sonata/internal/store"
)

// PublishInput is what to publish.
type PublishInput struct {
	Frontend            string    `json:"frontend"` // id or slug
	Environment         string    `json:"environment"`
	Screens             *[]string `json:"screens"` // nil: all that changed
	Title               string    `json:"title"`
	Notes               *string   `json:"notes"`
	Expect              Expected  `json:"expect"`
	AcknowledgeWarnings bool      `json:"acknowledgeWarnings"`
	IdempotencyKey      string    `json:"-"`
}

// Expected is the live release that a caller saw: compare-and-swap.
type Expected struct {
	Check bool    `json:"check"`
	Hash  *string `json:"hash"` // nil: nothing is live
}

// Result is what a publish, roll back or promote did.
type Result struct {
	Release    *ent.Release    `json:"-"`
	Activation *ent.Activation `json:"-"`
	ID         string          `json:"id"` // of the activation
}

// LiveMoved is the detail of a LIVE_MOVED fault: what is live instead; nil when nothing is, or when the caller may not
// read it.
type LiveMoved struct{ Live *ent.Release }

// Blocked is the detail of a PUBLISH_BLOCKED fault.
type Blocked struct{ Problems []screen.Problem }

// Publish makes a release of the chosen drafts and points the environment at it. Faults: NotFound, Invalid, Conflict
// with the codes LIVE_MOVED, NOTHING_TO_PUBLISH or PUBLISH_BLOCKED and their details.
func (r *Releases) Publish(ctx context.Context, in PublishInput) (Result, error) {
	if err := in.check(); err != nil {
		return Result{}, err
	}
	return r.once(ctx, in.verb(), in, func(ctx context.Context, tx *store.Tx, owner *ent.Frontend, e *ent.Environment) (Result, error) {
		made, err := r.freezeDrafts(ctx, tx, owner, e, in)
		if err != nil {
			return Result{}, err
		}
		return r.activate(ctx, tx, owner, e, move{release: made, kind: activation.KindPUBLISH, action: "releasePublish"})
	})
}

func (in PublishInput) check() error {
	if err := frontend.CheckText("title", in.Title, 1, 200); err != nil {
		return err
	}
	if in.Notes != nil {
		return frontend.CheckText("notes", *in.Notes, 0, 10_000)
	}
	return nil
}

// verb is a move of an environment that somebody asks for.
type verb struct {
	mutation, frontend, environment string
	field                           string // of the input, that names the environment
	idempotencyKey                  string
}

func (in PublishInput) verb() verb {
	return verb{"releasePublish", in.Frontend, in.Environment, "environment", in.IdempotencyKey}
}

// once runs a verb that moves a pointer in its transaction, with its idempotency record, and reads the answer. Who may
// not move the environment any more is not told what a request did when it could.
func (r *Releases) once(ctx context.Context, v verb, input any, fn func(context.Context, *store.Tx, *ent.Frontend, *ent.Environment) (Result, error)) (out Result, err error) {
	found, err := frontend.Find(ctx, r.store.Reader(ctx), v.frontend, principal.ReleaseWrite)
	if err != nil {
		return Result{}, at(err, "environment", v.field)
	}
	err = r.store.WithTxOf(ctx, found.ID, func(ctx context.Context, tx *store.Tx) error {
		owner, e, err := target(ctx, tx, v.frontend, v.environment, principal.ReleaseWrite)
		if err != nil {
			return at(err, "environment", v.field)
		}
		err = store.Once(ctx, tx, v.mutation, v.idempotencyKey, input, &out, func() error {
			out, err = fn(ctx, tx, owner, e)
			return err
		})
		if err != nil || out.Release != nil {
			return err
		}
		out.Activation, err = tx.Activation.Query().Where(activation.ID(out.ID)).WithRelease().Only(ctx)
		if err == nil {
			out.Release = out.Activation.Edges.Release
		}
		return err
	})
	if err != nil {
		return Result{}, err
	}
	out.Release, out.Activation = out.Release.Unwrap(), out.Activation.Unwrap()
	return out, nil
}

// target finds what a verb is about, for a caller who holds the scope there. Fault: NotFound.
func target(ctx context.Context, tx *store.Tx, ref, environment, scope string) (*ent.Frontend, *ent.Environment, error) {
	owner, err := frontend.Find(ctx, tx.Client(), ref, principal.ReleaseWrite)
	if err != nil {
		return nil, nil, err
	}
	e, err := frontend.FindEnvironment(ctx, tx.Client(), owner, environment, scope)
	return owner, e, err
}

// freezeDrafts makes the release that in asks for, without pointing anything at it.
func (r *Releases) freezeDrafts(ctx context.Context, tx *store.Tx, owner *ent.Frontend, e *ent.Environment, in PublishInput) (*ent.Release, error) {
	if err := r.expect(ctx, e, in.Expect); err != nil {
		return nil, err
	}
	p, err := r.plan(ctx, owner, e, in.Screens)
	if err != nil {
		return nil, err
	}
	if !p.changesSomething() {
		return nil, fault.Conflictf("what would be published is live in %s already", e.Key).WithCode("NOTHING_TO_PUBLISH")
	}
	if stop := stopping(p.Problems, in.AcknowledgeWarnings); len(stop) > 0 {
		return nil, fault.Conflictf("%s", blockedBecause(stop)).WithCode("PUBLISH_BLOCKED").WithDetail(Blocked{Problems: stop})
	}
	return save(ctx, tx, owner, e, p, in)
}

func stopping(problems []screen.Problem, acknowledged bool) []screen.Problem {
	return slices.DeleteFunc(slices.Clone(problems), func(p screen.Problem) bool {
		return p.Severity == screen.Info || acknowledged && p.Severity == screen.Warning
	})
}

// blockedBecause names the first problem and what to do about all of them.
func blockedBecause(stop []screen.Problem) string {
	advice := "acknowledge it with acknowledgeWarnings, or change the draft"
	if stop[0].Severity == screen.Error {
		advice = "mend the draft first"
	}
	more := ""
	if len(stop) > 1 {
		more = fmt.Sprintf(" (and %d more)", len(stop)-1)
	}
	return fmt.Sprintf("%s%s: %s", stop[0].Message, more, advice)
}

// expect compares what the caller saw live with what is.
func (r *Releases) expect(ctx context.Context, e *ent.Environment, want Expected) error {
	if !want.Check {
		return nil
	}
	live, err := r.liveView(ctx, e)
	if err != nil {
		return err
	}
	if live == nil && want.Hash == nil || live != nil && want.Hash != nil && live.Row.Hash == *want.Hash {
		return nil
	}
	detail, what := LiveMoved{}, "nothing"
	if live != nil && !principal.Can(ctx, principal.ContentRead, principal.Place{Frontend: e.FrontendID, Environment: e.Key}) {
		what = "something else"
	} else if live != nil {
		detail.Live, what = live.Row, fmt.Sprintf("release %d", live.Row.Number)
	}
	return fault.Conflictf("%s is live in %s, not what you saw: read the plan again", what, e.Key).
		WithCode("LIVE_MOVED").At("expectedLiveHash").WithDetail(detail)
}

// atOnce is how many rows one statement writes.
const atOnce = 100

// save writes the release, its blobs and items.
func save(ctx context.Context, tx *store.Tx, owner *ent.Frontend, e *ent.Environment, p Plan, in PublishInput) (*ent.Release, error) {
	last, err := tx.Release.Query().Where(entrelease.FrontendID(owner.ID)).Order(ent.Desc(entrelease.FieldNumber)).First(ctx)
	number := 1
	if err == nil {
		number = last.Number + 1
	} else if !ent.IsNotFound(err) {
		return nil, fmt.Errorf("read last release: %w", err)
	}
	row, err := tx.Release.Create().SetFrontendID(owner.ID).SetNumber(number).SetHash(p.Hash).SetTitle(in.Title).
		SetNillableNotes(in.Notes).SetNillableParentID(e.LiveID).SetAuthor(principal.From(ctx).Encode()).Save(ctx)
	if err != nil {
		return nil, fmt.Errorf("create release: %w", err)
	}
	hashes := make([]string, len(p.Items))
	for i, item := range p.Items {
		hashes[i] = item.Hash
	}
	have, err := tx.Blob.Query().Where(blob.IDIn(hashes...)).IDs(ctx)
	if err != nil {
		return nil, fmt.Errorf("look for blobs: %w", err)
	}
	var blobs []*ent.BlobCreate
	items := make([]*ent.ReleaseItemCreate, 0, len(p.Items))
	for _, item := range p.Items {
		if !slices.Contains(have, item.Hash) {
			blobs = append(blobs, tx.Blob.Create().SetID(item.Hash).SetKind(blob.Kind(item.Kind)).SetBody(string(item.Body)).SetSize(len(item.Body)))
			have = append(have, item.Hash)
		}
		items = append(items, tx.ReleaseItem.Create().SetReleaseID(row.ID).SetKind(releaseitem.Kind(item.Kind)).SetKey(item.Key).SetBlobID(item.Hash))
	}
	for some := range slices.Chunk(blobs, atOnce) { // another frontend may write the same at this moment
		if err := tx.Blob.CreateBulk(some...).OnConflictColumns(blob.FieldID).Ignore().Exec(ctx); err != nil {
			return nil, fmt.Errorf("write blobs: %w", err)
		}
	}
	for some := range slices.Chunk(items, atOnce) {
		if err := tx.ReleaseItem.CreateBulk(some...).Exec(ctx); err != nil {
			return nil, fmt.Errorf("write release items: %w", err)
		}
	}
	return row, nil
}

// move is one move of an environment's pointer.
type move struct {
	release *ent.Release
	kind    activation.Kind
	action  string // the mutation
	reason  *string
}

// activate points the environment at a release: a compare-and-swap on the pointer that the caller read, and the
// record of it.
func (r *Releases) activate(ctx context.Context, tx *store.Tx, owner *ent.Frontend, e *ent.Environment, m move) (Result, error) {
	swap := tx.Environment.Update().Where(entenv.ID(e.ID), entenv.Sequence(e.Sequence)).
		SetLiveID(m.release.ID).SetSequence(e.Sequence + 1)
	n, err := swap.Save(ctx)
	if err != nil {
		return Result{}, fmt.Errorf("move environment: %w", err)
	}
	if n != 1 {
		return Result{}, fault.Conflictf("%s moved meanwhile: read the plan again", e.Key).WithCode("LIVE_MOVED").WithDetail(LiveMoved{})
	}
	row, err := tx.Activation.Create().SetEnvironmentID(e.ID).SetSequence(e.Sequence + 1).SetKind(m.kind).
		SetReleaseID(m.release.ID).SetNillablePreviousID(e.LiveID).SetActor(principal.From(ctx).Encode()).
		SetNillableReason(m.reason).Save(ctx)
	if err != nil {
		return Result{}, fmt.Errorf("write activation: %w", err)
	}
	tx.Record(store.Fact{
		Topic: TopicActivated, Payload: Activated{Frontend: owner.ID, Environment: e.ID, Activation: row.ID},
		Action: m.action, Frontend: owner.ID, SubjectID: e.ID, SubjectLabel: owner.Slug + "/" + e.Key,
		Detail: map[string]any{"release": m.release.Number, "hash": m.release.Hash, "sequence": row.Sequence, "kind": m.kind, "reason": m.reason},
	})
	return Result{Release: m.release, Activation: row, ID: row.ID}, nil
}
