package usage

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/predicate"
	entrelease "sonata.ai/sonata/ent/release"
	entusage "sonata.ai/sonata/ent/usagecounter"
	"sonata.ai/sonata/internal/frontend"
	"sonata.ai/sonata/internal/principal"
)

// Window is how many hours figures go back, the running one included.
type Window int64

// The windows.
const (
	Day  Window = 24
	Week Window = 7 * 24
)

// The most that one list of figures holds.
const (
	topScreens  = 100
	topBlocks   = 200
	topReleases = 100
	topBuilds   = 100
)

// Figures is what the visitors of a frontend use.
type Figures struct {
	Total, Previous Count
	Hours           []HourFigures // the oldest first, without holes
	Screens         []ScreenFigures
	Blocks          []BlockFigures
	Releases        []ReleaseFigures // the newest first
	Builds          []BuildFigures
}

// HourFigures is one hour.
type HourFigures struct {
	At time.Time
	Count
}

// ScreenFigures is one screen.
type ScreenFigures struct {
	Screen string
	Count
	Previous Count
	Blocks   []BlockFigures
}

// BlockFigures is one block.
type BlockFigures struct {
	Screen, Block string
	Count
}

// ReleaseFigures is one release.
type ReleaseFigures struct {
	Release *ent.Release
	Count
}

// BuildFigures is one build; Build is "" for all that are not known.
type BuildFigures struct {
	Build string
	Count
}

// span is the hours of a window and of the one before it.
type span struct{ before, from, to int64 }

func (w Window) span(now time.Time) span {
	to := hourOf(now) + 1
	return span{before: to - 2*int64(w), from: to - int64(w), to: to}
}

// sum is a row of a grouped query.
type sum struct {
	Hour         int64  `json:"hour"`
	Screen       string `json:"screen"`
	Block        string `json:"block"`
	Release      int    `json:"release"`
	Build        string `json:"build"`
	Views        int64  `json:"views"`
	Clicks       int64  `json:"clicks"`
	RenderErrors int64  `json:"render_errors"`
}

func (s sum) count() Count {
	return Count{Views: s.Views, Clicks: s.Clicks, RenderErrors: s.RenderErrors}
}

// mostFirst orders by views, then by clicks, then by name.
func mostFirst(a, b sum) int {
	return cmp.Or(cmp.Compare(b.Views, a.Views), cmp.Compare(b.Clicks, a.Clicks), cmp.Compare(b.RenderErrors, a.RenderErrors),
		cmp.Compare(a.Screen, b.Screen), cmp.Compare(a.Block, b.Block), cmp.Compare(a.Build, b.Build))
}

// OfFrontend returns the figures of a frontend. Fault: NotFound.
func (u *Usage) OfFrontend(ctx context.Context, of *ent.Frontend, environment string, w Window) (f Figures, err error) {
	r, err := u.reader(ctx, of, environment, w)
	if err != nil {
		return f, err
	}
	hours, err := r.sums(ctx, r.span.before, []string{entusage.FieldHour}, entusage.Block(""))
	if err != nil {
		return f, err
	}
	f.Total, f.Previous, f.Hours = byHour(hours, r.span)
	if f.Screens, f.Blocks, err = r.screens(ctx); err != nil {
		return f, err
	}
	if f.Releases, err = r.releases(ctx); err != nil {
		return f, err
	}
	builds, err := r.sums(ctx, r.span.from, []string{entusage.FieldBuild}, entusage.Block(""))
	if err != nil {
		return f, err
	}
	slices.SortFunc(builds, mostFirst)
	for _, s := range first(builds, topBuilds) {
		f.Builds = append(f.Builds, BuildFigures{s.Build, s.count()})
	}
	return f, nil
}

// OfScreen returns the figures of one screen. Fault: NotFound.
func (u *Usage) OfScreen(ctx context.Context, of *ent.Screen, environment string, w Window) (f ScreenFigures, err error) {
	f.Screen = of.Key
	owner, err := frontend.Find(ctx, u.store.Reader(ctx), of.FrontendID, principal.ContentRead)
	if err != nil {
		return f, err
	}
	r, err := u.reader(ctx, owner, environment, w)
	if err != nil {
		return f, err
	}
	all, _, err := r.screens(ctx, entusage.Screen(of.Key))
	if len(all) == 1 {
		f = all[0]
	}
	return f, err
}

// reader reads the counters of one environment.
type reader struct {
	db                    *ent.Client
	frontend, environment string
	span                  span
}

func (u *Usage) reader(ctx context.Context, of *ent.Frontend, environment string, w Window) (*reader, error) {
	db := u.store.Reader(ctx)
	if _, err := frontend.FindEnvironment(ctx, db, of, environment, principal.ContentRead); err != nil {
		return nil, err
	}
	return &reader{db: db, frontend: of.ID, environment: environment, span: w.span(time.Now())}, nil
}

// sums adds up what was counted since an hour, by the named columns.
func (r *reader) sums(ctx context.Context, from int64, by []string, where ...predicate.UsageCounter) (all []sum, err error) {
	err = r.db.UsageCounter.Query().Where(entusage.FrontendID(r.frontend), entusage.Environment(r.environment),
		entusage.HourGTE(from), entusage.HourLT(r.span.to)).Where(where...).
		GroupBy(by[0], by[1:]...).Aggregate(ent.As(ent.Sum(entusage.FieldViews), entusage.FieldViews),
		ent.As(ent.Sum(entusage.FieldClicks), entusage.FieldClicks),
		ent.As(ent.Sum(entusage.FieldRenderErrors), entusage.FieldRenderErrors)).Scan(ctx, &all)
	if err != nil {
		return nil, fmt.Errorf("read counters: %w", err)
	}
	return all, nil
}

// screens returns the most viewed screens with their blocks, and the most viewed blocks of all.
func (r *reader) screens(ctx context.Context, where ...predicate.UsageCounter) (all []ScreenFigures, blocks []BlockFigures, err error) {
	whole := append(where[:len(where):len(where)], entusage.Block(""), entusage.ScreenNEQ(""))
	screens, err := r.sums(ctx, r.span.from, []string{entusage.FieldScreen}, whole...)
	if err != nil {
		return nil, nil, err
	}
	before := map[string]Count{}
	earlier, err := r.sums(ctx, r.span.before, []string{entusage.FieldScreen}, append(whole, entusage.HourLT(r.span.from))...)
	if err != nil {
		return nil, nil, err
	}
	for _, s := range earlier {
		before[s.Screen] = s.count()
	}
	parts, err := r.sums(ctx, r.span.from, []string{entusage.FieldScreen, entusage.FieldBlock},
		append(where[:len(where):len(where)], entusage.BlockNEQ(""))...)
	if err != nil {
		return nil, nil, err
	}
	slices.SortFunc(parts, mostFirst)
	of := map[string][]BlockFigures{}
	for _, s := range parts {
		block := BlockFigures{s.Screen, s.Block, s.count()}
		if len(of[s.Screen]) < topBlocks {
			of[s.Screen] = append(of[s.Screen], block)
		}
		if len(blocks) < topBlocks {
			blocks = append(blocks, block)
		}
	}
	for key := range before { // what nobody looks at any more is worth knowing too
		if !slices.ContainsFunc(screens, func(s sum) bool { return s.Screen == key }) {
			screens = append(screens, sum{Screen: key})
		}
	}
	slices.SortFunc(screens, mostFirst)
	for _, s := range first(screens, topScreens) {
		all = append(all, ScreenFigures{s.Screen, s.count(), before[s.Screen], of[s.Screen]})
	}
	return all, blocks, nil
}

func (r *reader) releases(ctx context.Context) (all []ReleaseFigures, err error) {
	sums, err := r.sums(ctx, r.span.from, []string{entusage.FieldRelease}, entusage.Block(""), entusage.ReleaseGT(0))
	if err != nil {
		return nil, err
	}
	slices.SortFunc(sums, func(a, b sum) int { return cmp.Compare(b.Release, a.Release) })
	sums = first(sums, topReleases)
	counts, numbers := map[int]Count{}, []int{}
	for _, s := range sums {
		counts[s.Release] = s.count()
		numbers = append(numbers, s.Release)
	}
	rows, err := r.db.Release.Query().Where(entrelease.FrontendID(r.frontend), entrelease.NumberIn(numbers...)).
		Order(ent.Desc(entrelease.FieldNumber)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read releases: %w", err)
	}
	for _, row := range rows {
		all = append(all, ReleaseFigures{row, counts[row.Number]})
	}
	return all, nil
}

// byHour fills the hours that nothing was counted in.
func byHour(sums []sum, of span) (total, previous Count, hours []HourFigures) {
	counts := map[int64]Count{}
	for _, s := range sums {
		counts[s.Hour] = s.count()
		if s.Hour < of.from {
			previous = previous.plus(s.count())
		} else {
			total = total.plus(s.count())
		}
	}
	for hour := of.from; hour < of.to; hour++ {
		hours = append(hours, HourFigures{time.Unix(hour*3600, 0).UTC(), counts[hour]})
	}
	return total, previous, hours
}

func first[T any](list []T, most int) []T { return list[:min(len(list), most)] }
