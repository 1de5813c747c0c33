package release

import (
	"context"
	"encoding/json"
	"fmt"

	"sonata.ai/sonata/ent"
	entenvironment "sonata.ai/sonata/ent/environment"
	entscreen "sonata.ai/sonata/ent/screen"
	"sonata.ai/sonata/internal/binding"
	"sonata.ai/sonata/internal/component"
	"sonata.ai/sonata/internal/screen"
)

// BrokenBinding is a place of a screen whose data would be gone, or would not fit any more.
type BrokenBinding struct {
	Frontend    string // id
	Environment string // key of the one that it is live in; "" for a draft
	Screen      string // key
	Block       string // key
	Reason      string
}

// SourceIn returns what a document of a frontend looks like in a graph.
type SourceIn func(frontendID, hash string) *binding.Source

// BrokenBindings returns, of the screens that are live or drafted and show data, those that can be filled from one graph and
// could not from another: at most so many.
func (r *Releases) BrokenBindings(ctx context.Context, was, next SourceIn, most int) ([]BrokenBinding, error) {
	f := brokenFinder{r: r, was: was, next: next, most: most}
	if err := f.live(ctx); err != nil {
		return nil, err
	}
	return f.found, f.drafted(ctx)
}

type brokenFinder struct {
	r         *Releases
	was, next SourceIn
	most      int
	found     []BrokenBinding
}

func (f *brokenFinder) live(ctx context.Context) error {
	rows, err := f.r.store.Reader(ctx).Environment.Query().Where(entenvironment.LiveIDNotNil()).Order(entenvironment.ByID()).All(ctx)
	if err != nil {
		return fmt.Errorf("read environments: %w", err)
	}
	for _, e := range rows {
		view, err := f.r.View(ctx, *e.LiveID)
		if err != nil {
			return err
		}
		schemas := newestIn(view.Components)
		for _, key := range view.Keys() {
			if !view.Bound(key) {
				continue
			}
			d, err := view.Screens[key].Draft()
			if err != nil {
				return err
			}
			f.compare(e.FrontendID, e.Key, d, schemas)
		}
	}
	return nil
}

func (f *brokenFinder) drafted(ctx context.Context) error {
	rows, err := f.r.store.Reader(ctx).Screen.Query().Where(entscreen.Deleted(false), entscreen.BodyContains(`"`+component.BindingKey+`"`)).
		Order(entscreen.ByID()).Limit(maxCompared).All(ctx)
	if err != nil {
		return fmt.Errorf("read screens: %w", err)
	}
	catalogues := map[string]component.Catalogue{}
	for _, row := range rows {
		known, ok := catalogues[row.FrontendID]
		if !ok {
			if known, err = f.r.components.Catalogue(ctx, row.FrontendID); err != nil {
				return err
			}
			catalogues[row.FrontendID] = known
		}
		if err := f.draft(row, known); err != nil {
			return err
		}
	}
	return nil
}

// maxCompared bounds the drafts that one check of a schema reads.
const maxCompared = 2000

func (f *brokenFinder) draft(row *ent.Screen, known component.Catalogue) error {
	d, err := screen.DraftOf(row)
	if err != nil {
		return err
	}
	f.compare(row.FrontendID, "", d, newestIn(known))
	return nil
}

func newestIn(known component.Catalogue) screen.SchemaOf {
	return func(b screen.Block) (json.RawMessage, bool) {
		def, ok := known.Newest(b.Component, b.Major)
		return def.PropsSchema, ok
	}
}

func (f *brokenFinder) compare(frontendID, environment string, d screen.Draft, schemas screen.SchemaOf) {
	broken := screen.BrokenBindings(d, schemas, f.r.components.Schemas, of(f.next, frontendID))
	if len(broken) == 0 {
		return
	}
	before := map[string]bool{}
	for _, p := range screen.BrokenBindings(d, schemas, f.r.components.Schemas, of(f.was, frontendID)) {
		before[p.BlockKey+" "+p.Pointer] = true
	}
	for _, p := range broken {
		if len(f.found) < f.most && !before[p.BlockKey+" "+p.Pointer] {
			f.found = append(f.found, BrokenBinding{Frontend: frontendID, Environment: environment, Screen: d.Key, Block: p.BlockKey, Reason: p.Message})
		}
	}
}

func of(source SourceIn, frontendID string) func(hash string) *binding.Source {
	known := map[string]*binding.Source{}
	return func(hash string) *binding.Source {
		if known[hash] == nil {
			known[hash] = source(frontendID, hash)
		}
		return known[hash]
	}
}
