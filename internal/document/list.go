package document

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"entgo.io/ent/dialect/sql"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/documentusage"
	"sonata.ai/sonata/ent/trusteddocument"
	"sonata.ai/sonata/ent/unknowndocument"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
)

// Get returns the document with this id. Fault: NotFound, also for a caller who may not see it.
func (d *Documents) Get(ctx context.Context, id string) (*ent.TrustedDocument, error) {
	return get(ctx, d.store.Reader(ctx), id, principal.DocumentsRead)
}

func get(ctx context.Context, c *ent.Client, id, scope string) (*ent.TrustedDocument, error) {
	row, err := c.TrustedDocument.Get(ctx, id)
	if ent.IsNotFound(err) || err == nil && !principal.Can(ctx, scope, principal.Place{Frontend: row.FrontendID}) {
		return nil, fault.NotFoundf("there is no trusted document with this id").At("id")
	}
	if err != nil {
		return nil, fmt.Errorf("read document: %w", err)
	}
	return row, nil
}

// may reports whether the caller may read what is about documents of a frontend.
func may(ctx context.Context, frontendID string) bool {
	return principal.Can(ctx, principal.DocumentsRead, principal.Place{Frontend: frontendID})
}

// List returns at most limit documents of a frontend, the newest first and those before the id after, and how many there
// are; beginning "" means all, otherwise those whose name or hash begins with it. Nothing for a caller who may not see
// them.
func (d *Documents) List(ctx context.Context, frontendID, beginning, after string, limit int) (rows []*ent.TrustedDocument, total int, err error) {
	if !may(ctx, frontendID) {
		return nil, 0, nil
	}
	q := d.store.Reader(ctx).TrustedDocument.Query().Where(trusteddocument.FrontendID(frontendID))
	if beginning != "" {
		q.Where(trusteddocument.Or(trusteddocument.NameHasPrefix(beginning), trusteddocument.HashHasPrefix(beginning)))
	}
	if total, err = q.Clone().Count(ctx); err != nil {
		return nil, 0, fmt.Errorf("count documents: %w", err)
	}
	if after != "" {
		q.Where(trusteddocument.IDLT(after))
	}
	rows, err = q.Order(ent.Desc(trusteddocument.FieldID)).Limit(limit).All(ctx)
	if err != nil {
		return nil, 0, fmt.Errorf("read documents: %w", err)
	}
	return rows, total, nil
}

// Unknown returns at most limit unknown documents of a frontend after so many, the most called first, and how many there
// are. Nothing for a caller who may not see them.
func (d *Documents) Unknown(ctx context.Context, frontendID string, after, limit int) (rows []*ent.UnknownDocument, total int, err error) {
	if !may(ctx, frontendID) {
		return nil, 0, nil
	}
	q := d.store.Reader(ctx).UnknownDocument.Query().Where(unknowndocument.FrontendID(frontendID))
	if total, err = q.Clone().Count(ctx); err != nil {
		return nil, 0, fmt.Errorf("count unknown documents: %w", err)
	}
	rows, err = q.Order(unknowndocument.ByCalls(sql.OrderDesc()), unknowndocument.ByID()).Offset(after).Limit(limit).All(ctx)
	if err != nil {
		return nil, 0, fmt.Errorf("read unknown documents: %w", err)
	}
	return rows, total, nil
}

// Mode is the mode of a frontend's safelist, and whether the caller may know it.
func (d *Documents) Mode(ctx context.Context, f *ent.Frontend) (Mode, bool) {
	return Mode(f.Safelist), may(ctx, f.ID)
}

// Figures is how often a document ran.
type Figures struct {
	Calls, Errors int64
	P50, P95      *float64 // milliseconds; nil where nothing was timed
	Builds        []BuildFigures
}

// BuildFigures is how often one build sent a document; Build is "" for all that are not known.
type BuildFigures struct {
	Build         string
	Calls, Errors int64
}

// maxBuilds is how many builds figures name.
const maxBuilds = 100

// Figures returns the figures of documents that the caller may see, by id.
func (d *Documents) Figures(ctx context.Context, ids ...string) (map[string]Figures, error) {
	rows, err := d.store.Reader(ctx).DocumentUsage.Query().Where(documentusage.DocumentIDIn(ids...)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read uses of documents: %w", err)
	}
	of := map[string][]*ent.DocumentUsage{}
	for _, row := range rows {
		of[row.DocumentID] = append(of[row.DocumentID], row)
	}
	all := map[string]Figures{}
	for id, uses := range of {
		all[id] = figuresOf(uses)
	}
	return all, nil
}

func figuresOf(uses []*ent.DocumentUsage) (f Figures) {
	times, builds := map[int]int64{}, map[string]BuildFigures{}
	for _, u := range uses {
		f.Calls, f.Errors = f.Calls+u.Calls, f.Errors+u.Errors
		times[u.Bucket] += u.Calls
		b := builds[u.Build]
		builds[u.Build] = BuildFigures{u.Build, b.Calls + u.Calls, b.Errors + u.Errors}
	}
	f.P50, f.P95 = percentile(times, 0.50), percentile(times, 0.95)
	for _, b := range builds {
		f.Builds = append(f.Builds, b)
	}
	slices.SortFunc(f.Builds, func(a, b BuildFigures) int {
		return cmp.Or(cmp.Compare(b.Calls, a.Calls), cmp.Compare(a.Build, b.Build))
	})
	f.Builds = f.Builds[:min(len(f.Builds), maxBuilds)]
	return f
}
