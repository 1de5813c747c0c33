// Package release makes immutable snapshots of a frontend and moves environments from one to another.
package release

import (
	"context"
	"fmt"
	"sync"

	"sonata.ai/sonata/ent"
	entrelease "sonata.ai/sonata/ent/release"
	"sonata.ai/sonata/ent/releaseitem"
	"sonata.ai/sonata/internal/binding"
	"sonata.ai/sonata/internal/component"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/screen"
	"sonata.ai/sonata/internal/store"
)

// TopicActivated is the event of an environment that points at another release.
const TopicActivated = "release.activated"

// Activated is the payload of TopicActivated.
type Activated struct {
	Frontend    string `json:"frontend"`
	Environment string `json:"environment"`
	Activation  string `json:"activation"`
}

// Releases is the verbs on releases.
type Releases struct {
	store      *store.Store
	components *component.Components
	secrets    *store.Secrets
	sources    binding.Sources

	mu    sync.Mutex
	views map[string]*View // by release id; they never change
}

// New returns the verbs.
func New(s *store.Store, c *component.Components, secrets *store.Secrets, sources binding.Sources) *Releases {
	return &Releases{store: s, components: c, secrets: secrets, sources: sources, views: map[string]*View{}}
}

// maxViews bounds the releases kept in memory besides those that are live.
const maxViews = 64

// View is a release in memory, read from its items alone. It never changes.
type View struct {
	Content
	Row *ent.Release

	Router  *screen.Router
	bound   map[string]bool   // by screen
	sources map[string]string // hash of each screen's draft form
	picture map[string]string // hash of each screen as stamped, includes filled
	Filled  map[string]screen.Filled
}

// View returns the release with this id. It asks nobody whether they may see it: its callers do. Fault: NotFound.
func (r *Releases) View(ctx context.Context, id string) (*View, error) {
	r.mu.Lock()
	kept := r.views[id]
	r.mu.Unlock()
	if kept != nil {
		return kept, nil
	}
	db := r.store.Reader(ctx)
	row, err := db.Release.Query().Where(entrelease.ID(id)).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, fault.NotFoundf("there is no release with this id")
	}
	if err != nil {
		return nil, fmt.Errorf("read release: %w", err)
	}
	items, err := db.ReleaseItem.Query().Where(releaseitem.ReleaseID(id)).WithBlob().All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read release items: %w", err)
	}
	blobs := make(map[ItemID][]byte, len(items))
	for _, item := range items {
		blobs[ItemID{Kind: string(item.Kind), Key: item.Key}] = []byte(item.Edges.Blob.Body)
	}
	content, err := ParseContent(blobs)
	if err != nil {
		return nil, err
	}
	view, err := newView(row, content)
	if err != nil || store.InTx(ctx) {
		return view, err // what a transaction sees may never be committed
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.views) >= maxViews {
		for old := range r.views { // any one: a view is only a copy
			delete(r.views, old)
			break
		}
	}
	r.views[id] = view
	return view, nil
}

func newView(row *ent.Release, c Content) (*View, error) {
	v := &View{
		Content: c, Row: row, sources: map[string]string{}, picture: map[string]string{},
		Filled: map[string]screen.Filled{}, bound: map[string]bool{},
	}
	patterns := map[string]screen.Pattern{}
	for key, frozen := range c.Screens {
		draft, err := frozen.Draft()
		if err != nil {
			return nil, err
		}
		if v.sources[key], err = draft.Hash(); err != nil {
			return nil, err
		}
		if filled, ok := screen.Fill(c.Screens, key); ok {
			filled.ServePictures(c.Assets)
			v.Filled[key] = filled
			v.bound[key] = isBound(filled)
		}
		if v.picture[key], err = pictureHash(frozen, v.Filled[key]); err != nil {
			return nil, err
		}
		if frozen.Path != "" {
			p, err := screen.ParsePattern(frozen.Path)
			if err != nil {
				return nil, fmt.Errorf("frozen path of %s: %w", key, err)
			}
			patterns[key] = p
		}
	}
	v.Router = screen.NewRouter(patterns)
	return v, nil
}

// Bound reports whether the screen shows data, with what it includes.
func (v *View) Bound(screen string) bool { return v.bound[screen] }

func isBound(filled screen.Filled) bool {
	for _, b := range filled.Blocks {
		if found, _ := binding.Find(b.Props); len(found) > 0 {
			return true
		}
	}
	return false
}

// Shows reports whether the release has the screen and, unless block is "", the screen the block, those of includes
// among them.
func (v *View) Shows(screen, block string) bool {
	filled, ok := v.Filled[screen]
	if !ok || block == "" {
		return ok
	}
	_, ok = filled.Blocks[block]
	return ok
}

// liveView returns what is live in an environment, or nil.
func (r *Releases) liveView(ctx context.Context, e *ent.Environment) (*View, error) {
	if e.LiveID == nil {
		return nil, nil
	}
	return r.View(ctx, *e.LiveID)
}

// Status compares a draft with what is live: IN_SYNC, EDITED, NEW or DELETED.
func (v *View) Status(row *ent.Screen) string {
	live := ""
	if v != nil {
		live = v.sources[row.Key]
	}
	switch {
	case row.Deleted && live == "":
		return "IN_SYNC"
	case row.Deleted:
		return "DELETED"
	case live == "":
		return "NEW"
	case live == row.ContentHash:
		return "IN_SYNC"
	default:
		return "EDITED"
	}
}

// ChangedScreens returns the keys of the screens whose picture differs between two releases, removed ones too; before
// may be nil: then it is every screen.
func ChangedScreens(before, after *View) []string {
	changed := map[string]bool{}
	for key, hash := range after.picture {
		if before == nil || before.picture[key] != hash {
			changed[key] = true
		}
	}
	if before != nil {
		for key := range before.picture {
			if _, still := after.picture[key]; !still {
				changed[key] = true
			}
		}
	}
	return sortedKeys(changed)
}
