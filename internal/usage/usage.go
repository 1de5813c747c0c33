// Package usage counts what visitors see, click, and cannot see: by the hour, within a fixed budget, without anything
// about who they are.
package usage

import (
	"context"
	"fmt"
	"sync"
	"time"

	entbuild "sonata.ai/sonata/ent/build"
	entusage "sonata.ai/sonata/ent/usagecounter"
	"sonata.ai/sonata/internal/delivery"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/store"
)

// The limits of one report, and of all of them together.
const (
	maxScreens = 100
	maxBlocks  = 300  // more than most screens show, with what they include: a page gathers no more
	perSecond  = 1000 // reports
	burst      = 2000 // reports
)

// rereadBuilds is how often a name that is not known makes a frontend's builds be read again.
const rereadBuilds = time.Second

// Usage is the counters. They are in memory until Run writes them: a crash loses the last three seconds.
type Usage struct {
	store    *store.Store
	delivery *delivery.Delivery

	mu      sync.Mutex
	pending map[row]Count
	budgets map[hourly]*budget
	builds  map[string]*builds // by frontend id
	reports bucket
}

type hourly struct {
	frontend string
	hour     int64
}

type builds struct {
	names map[string]struct{}
	read  time.Time
}

// New returns counters without any count.
func New(s *store.Store, d *delivery.Delivery) *Usage {
	return &Usage{
		store: s, delivery: d, pending: map[row]Count{}, budgets: map[hourly]*budget{}, builds: map[string]*builds{},
		reports: bucket{left: burst},
	}
}

// Report is what happened in one browser.
type Report struct {
	Frontend    string // slug or id
	Environment string
	Build       string // "" when it is not known
	Release     int
	Screens     []ScreenReport
}

// ScreenReport is what happened on one screen.
type ScreenReport struct {
	Screen string
	Views  int
	Blocks []BlockReport
}

// BlockReport is what happened to one block.
type BlockReport struct {
	Key                         string
	Views, Clicks, RenderErrors int
}

// Report counts what is there: screens and blocks of a release that is or was live in the environment; what is not is
// left out without a word. accepted is false when the frontend does not collect usage, or when more reports come than
// are counted. Faults: NotFound, Exhausted (100 screens, 300 blocks on each).
func (u *Usage) Report(ctx context.Context, in Report) (accepted bool, err error) {
	now := time.Now()
	if !u.admit(now) {
		return false, nil
	}
	owner, err := u.delivery.Frontend(ctx, in.Frontend, in.Environment)
	if err != nil || !owner.UsageEnabled {
		return false, err
	}
	if err := in.check(); err != nil {
		return false, err
	}
	view, err := u.delivery.WasLive(ctx, owner.ID, in.Environment, in.Release)
	if err != nil {
		return false, err
	}
	if view == nil {
		return true, nil
	}
	of := row{frontend: owner.ID, environment: in.Environment, hour: hourOf(now), release: in.Release}
	if of.build, err = u.knownBuild(ctx, owner.ID, in.Build, now); err != nil {
		return false, err
	}
	budget, err := u.budget(ctx, hourly{owner.ID, of.hour})
	if err != nil {
		return false, err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, c := range spread(budget, of, in.Screens, view.Shows) {
		u.pending[c.row] = u.pending[c.row].plus(c.Count)
	}
	return true, nil
}

func (in Report) check() error {
	if len(in.Screens) > maxScreens {
		return fault.Exhaustedf("a report has at most %d screens; this one has %d", maxScreens, len(in.Screens)).WithCode("LIMIT").At("screens")
	}
	for _, s := range in.Screens {
		if len(s.Blocks) > maxBlocks {
			return fault.Exhaustedf("a screen of a report has at most %d blocks; one has %d", maxBlocks, len(s.Blocks)).WithCode("LIMIT").At("screens")
		}
	}
	return nil
}

func hourOf(t time.Time) int64 { return t.Unix() / 3600 }

// budget returns the rows of a frontend and hour. The first report after a start reads those that were written before.
func (u *Usage) budget(ctx context.Context, of hourly) (*budget, error) {
	u.mu.Lock()
	b := u.budgets[of]
	u.mu.Unlock()
	if b != nil {
		return b, nil
	}
	written, err := u.written(ctx, of)
	if err != nil {
		return nil, err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if b := u.budgets[of]; b != nil { // another report was faster
		return b, nil
	}
	u.budgets[of] = written
	return written, nil
}

// written is the budget by what is in the database.
func (u *Usage) written(ctx context.Context, of hourly) (*budget, error) {
	found, err := u.store.Reader(ctx).UsageCounter.Query().
		Where(entusage.FrontendID(of.frontend), entusage.Hour(of.hour)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read counters: %w", err)
	}
	rows := make([]row, len(found))
	for i, r := range found {
		rows[i] = row{r.FrontendID, r.Environment, r.Hour, r.Screen, r.Block, r.Release, r.Build}
	}
	return newBudget(rows), nil
}

// knownBuild returns the name, or "" when the frontend has no such build.
func (u *Usage) knownBuild(ctx context.Context, frontendID, name string, now time.Time) (string, error) {
	if name == "" {
		return "", nil
	}
	u.mu.Lock()
	known := u.builds[frontendID]
	u.mu.Unlock()
	if known == nil || !known.has(name) && now.Sub(known.read) > rereadBuilds {
		names, err := u.store.Reader(ctx).Build.Query().Where(entbuild.FrontendID(frontendID)).Select(entbuild.FieldName).Strings(ctx)
		if err != nil {
			return "", fmt.Errorf("read builds: %w", err)
		}
		known = &builds{names: make(map[string]struct{}, len(names)), read: now}
		for _, n := range names {
			known.names[n] = struct{}{}
		}
		u.mu.Lock()
		u.builds[frontendID] = known
		u.mu.Unlock()
	}
	if known.has(name) {
		return name, nil
	}
	return "", nil
}

func (b *builds) has(name string) bool {
	_, ok := b.names[name]
	return ok
}

// bucket bounds how many reports are looked at. There is nobody to tell apart yet, so it is one for all.
type bucket struct {
	left float64
	last time.Time
}

func (u *Usage) admit(now time.Time) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	b := &u.reports
	if !b.last.IsZero() {
		b.left = min(burst, b.left+now.Sub(b.last).Seconds()*perSecond)
	}
	b.last = now
	if b.left < 1 {
		return false
	}
	b.left--
	return true
}
