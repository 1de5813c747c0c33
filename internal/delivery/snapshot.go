package delivery

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"sonata.ai/sonata/ent/schema"
	"sonata.ai/sonata/internal/asset"
	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/component"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/release"
	"sonata.ai/sonata/internal/screen"
)

// At names a screen: exactly one of the two.
type At struct{ Key, Path *string }

// Context selects a variant of a screen.
type Context struct {
	Frontend     string // slug or id
	Environment  string
	Manifest     *string
	Locale       *string
	Release      *string // at most one of Release, Draft and PreviewToken
	Draft        bool
	PreviewToken *string
}

// IsLive reports whether the variant is of what is live: that is in memory.
func (c Context) IsLive() bool { return !c.Draft && c.PreviewToken == nil && c.Release == nil }

// Snapshot is one screen, ready to render.
type Snapshot struct {
	ID           string
	Key, Title   string
	Path         string // pattern; "" for shared parts
	Params       map[string]string
	Release      *ReleaseRef // nil for drafts
	ContentHash  string
	Root         string
	Blocks       []Block
	Degradations []component.Degradation
	Data         Data
}

// ReleaseRef is a release as far as a frontend needs to know it.
type ReleaseRef struct {
	ID          string
	Number      int
	Hash        string
	PublishedAt time.Time
}

// Block is one block as it is served.
type Block struct {
	Key, Component, Version string
	Props                   json.RawMessage
	Slots                   []Slot
	Bindings                []PageBinding
}

// PageBinding is a place in the props that the page fills in by itself.
type PageBinding struct {
	Pointer, Document, Path string
	Variables, Map          json.RawMessage // JSON; Map is null to take what is there as it is
}

// Slot is the children of a block in one slot.
type Slot struct {
	Name   string
	Blocks []string
}

// Warning is said beside an answer that is not an error.
type Warning struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Screen returns the screen as the build can render it; nil when none matches, or when it is pinned to a release that
// the caller may not read. Faults: NotFound for a frontend or environment that does not exist or that the caller may not
// read, Invalid, Forbidden for a preview link that is not valid and for drafts without content:read.
func (d *Delivery) Screen(ctx context.Context, at At, c Context) (*Snapshot, []Warning, error) {
	f, _, src, err := d.source(ctx, c)
	noteReading(ctx, c, f, src, err)
	if err != nil || src == nil {
		return nil, nil, err
	}
	s, r, warnings, err := d.snapshot(ctx, src, at, c.Manifest)
	if s == nil || err != nil {
		return nil, warnings, err
	}
	return d.filled(ctx, src, s, r, warnings)
}

// filled is a snapshot with its data; nil when its root has none.
func (d *Delivery) filled(ctx context.Context, src *source, s *Snapshot, r *rendered, warnings []Warning) (*Snapshot, []Warning, error) {
	warnings = append(slices.Clip(warnings), d.fill(ctx, src, s, r.bound)...)
	if s.isGone() {
		return nil, warnings, nil
	}
	return s, warnings, nil
}

// source is where a screen is read from.
type source struct {
	frontend string
	content  release.Content
	filled   func(key string) (screen.Filled, bool)
	router   *screen.Router
	ref      *ReleaseRef
	only     string    // key of the only screen that a preview link shows
	ends     time.Time // when the preview link does
}

// source resolves the perspective; its source is nil when there is nothing to see.
func (d *Delivery) source(ctx context.Context, c Context) (f *liveFrontend, e *liveEnvironment, src *source, err error) {
	if c.Locale != nil {
		return nil, nil, nil, fault.Invalidf("locale is reserved: leave it out until copy by locale exists").At("context", "locale")
	}
	if c.PreviewToken != nil {
		return d.preview(ctx, c)
	}
	if f, e, err = d.environment(ctx, c.Frontend, c.Environment); err != nil {
		return nil, nil, nil, err
	}
	switch {
	case c.Draft && !f.shows(ctx, principal.ContentRead):
		err = fault.Forbiddenf("drafts need the scope %s: sign in or send an API key that holds it", principal.ContentRead).At("context", "perspective")
	case c.Draft:
		src, err = d.drafts(ctx, f.row.ID)
	case c.Release != nil:
		var view *release.View
		view, err = d.pinned(ctx, f, *c.Release)
		src = published(view)
	default:
		src = published(e.view)
	}
	return f, e, src, err
}

func published(v *release.View) *source {
	if v == nil {
		return nil
	}
	return &source{
		frontend: v.Row.FrontendID, content: v.Content, router: v.Router, ref: refOf(v),
		filled: func(key string) (screen.Filled, bool) { filled, ok := v.Filled[key]; return filled, ok },
	}
}

func refOf(v *release.View) *ReleaseRef {
	if v == nil {
		return nil
	}
	return &ReleaseRef{ID: v.Row.ID, Number: v.Row.Number, Hash: v.Row.Hash, PublishedAt: v.Row.CreatedAt}
}

// preview lets anybody see what the token was made for. The token comes first: without it nobody learns which frontends
// there are.
func (d *Delivery) preview(ctx context.Context, c Context) (f *liveFrontend, e *liveEnvironment, src *source, err error) {
	p, err := d.releases.OpenPreview(ctx, *c.PreviewToken, time.Now())
	if err != nil {
		return nil, nil, nil, err
	}
	if f = d.at(ctx).find(c.Frontend); f == nil || p.Frontend != f.row.ID {
		return nil, nil, nil, fault.Forbiddenf("the preview link is for another frontend")
	}
	if e = f.environments[c.Environment]; e == nil {
		return nil, nil, nil, noEnvironment()
	}
	if err := d.documents.Reads(ctx, f.row.ID); err != nil {
		return nil, nil, nil, err
	}
	if src, err = d.drafts(ctx, f.row.ID); err != nil {
		return nil, nil, nil, err
	}
	if src.ends = p.Expires; p.Screen == "" {
		return f, e, src, nil
	}
	asSonata := principal.With(ctx, principal.Sonata()) // the token vouches for the caller
	row, err := screen.Get(asSonata, d.store.Reader(ctx), p.Screen, principal.ContentRead)
	if err != nil {
		return nil, nil, nil, err
	}
	src.only = row.Key
	return f, e, src, nil
}

// drafts stamps the drafts as a publish would, without its checks: what does not fit is shown as far as it goes.
func (d *Delivery) drafts(ctx context.Context, frontendID string) (*source, error) {
	catalogue, err := d.components.Catalogue(ctx, frontendID)
	if err != nil {
		return nil, err
	}
	all, err := screen.Drafts(ctx, d.store.Reader(ctx), frontendID)
	if err != nil {
		return nil, err
	}
	pictures, err := d.picturesOf(ctx, frontendID, all)
	if err != nil {
		return nil, err
	}
	content := release.Content{Screens: map[string]screen.Frozen{}, Components: catalogue, Assets: pictures}
	patterns := map[string]screen.Pattern{}
	for _, draft := range all {
		content.Screens[draft.Key] = screen.Freeze(draft, func(key string, major int) (component.Version, bool) {
			def, ok := catalogue.Newest(key, major)
			return def.Version, ok
		})
		if p, err := screen.ParsePattern(draft.Path); draft.Path != "" && err == nil {
			patterns[draft.Key] = p
		}
	}
	return &source{
		frontend: frontendID, content: content, router: screen.NewRouter(patterns),
		filled: func(key string) (screen.Filled, bool) {
			filled, ok := screen.Fill(content.Screens, key)
			filled.ServePictures(pictures)
			return filled, ok
		},
	}, nil
}

// picturesOf reads what is served of the pictures in drafts.
func (d *Delivery) picturesOf(ctx context.Context, frontendID string, drafts []screen.Draft) (map[string]asset.Meta, error) {
	var hashes []string
	for _, draft := range drafts {
		for _, b := range draft.Body.Blocks {
			uses, _ := asset.Find(b.Props)
			for _, use := range uses {
				hashes = append(hashes, use.Hash)
			}
		}
	}
	return asset.Known(ctx, d.store.Reader(ctx), frontendID, hashes)
}

// snapshot finds, negotiates and renders one screen of a source, without the data that is bound to it.
func (d *Delivery) snapshot(ctx context.Context, src *source, at At, manifest *string) (*Snapshot, *rendered, []Warning, error) {
	key, params, ok := src.locate(at)
	if !ok {
		return nil, nil, nil, nil
	}
	r, err := d.render(ctx, src, key, manifest)
	if err != nil {
		return nil, nil, nil, err
	}
	if r.root == "" {
		return nil, r, append(slices.Clip(r.warnings), dropped(key)), nil
	}
	frozen := src.content.Screens[key]
	s := &Snapshot{
		Key: key, Title: frozen.Title, Path: frozen.Path, Params: params, Release: src.ref, ContentHash: r.hash,
		Root: r.root, Blocks: r.blocks, Degradations: r.degradations,
	}
	if len(params) == 0 {
		s.ID = r.id
	} else {
		s.ID = snapshotID(s, r.build)
	}
	return s, r, r.warnings, nil
}

func (src *source) locate(at At) (key string, params map[string]string, ok bool) {
	switch {
	case at.Key != nil:
		key, params = *at.Key, map[string]string{}
		_, ok = src.content.Screens[key]
	case at.Path != nil:
		key, params, ok = src.router.Match(*at.Path)
	}
	if src.only != "" && key != src.only {
		return "", nil, false
	}
	return key, params, ok
}

// snapshotPrefix begins the ids of snapshots.
const snapshotPrefix = schema.SnapshotPrefix + "_"

// snapshotID encodes what a snapshot is made of. That of a draft carries its content hash instead of a release, and
// node answers null for it. build is the manifest; all that nobody registered are one, so that the id of what they get
// is not the id of what they will get once they are registered.
func snapshotID(s *Snapshot, build string) string {
	of := "draft " + s.ContentHash
	if s.Release != nil {
		of = s.Release.ID
	}
	raw, err := canonical.Marshal([]any{of, s.Key, build, s.Params})
	if err != nil {
		return "" // strings always marshal
	}
	return snapshotPrefix + base64.RawURLEncoding.EncodeToString(raw)
}

// IsSnapshotID reports whether an id has the form of a snapshot's.
func IsSnapshotID(id string) bool { return strings.HasPrefix(id, snapshotPrefix) }

// maxSnapshotID bounds what is decoded.
const maxSnapshotID = 8192

// Snapshot returns the snapshot with this id; nil when there is none, or when the caller may not read its release.
func (d *Delivery) Snapshot(ctx context.Context, id string) (*Snapshot, error) {
	text, ok := strings.CutPrefix(id, snapshotPrefix)
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if !ok || err != nil || len(id) > maxSnapshotID {
		return nil, nil
	}
	var releaseID, key, build string
	var params map[string]string
	if json.Unmarshal(raw, &[]any{&releaseID, &key, &build, &params}) != nil || params == nil {
		return nil, nil
	}
	view, err := d.releases.View(ctx, releaseID)
	if fault.KindOf(err) == fault.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	of := d.at(ctx).byID[view.Row.FrontendID]
	if of == nil {
		return nil, nil
	}
	if may, err := d.mayPin(ctx, of, releaseID); err != nil || !may {
		return nil, err
	}
	if err := d.documents.Reads(ctx, of.row.ID); err != nil {
		return nil, err
	}
	var manifest *string
	if build != asStamped {
		if build != unknownBuild && !canonical.IsHash(build) {
			return nil, nil
		}
		manifest = &build
	}
	src := published(view)
	s, r, _, err := d.snapshot(ctx, src, At{Key: &key}, manifest)
	if err != nil || s == nil {
		return nil, err
	}
	if len(params) > 0 && !fits(s.Path, params) {
		return nil, nil
	}
	s.Params = params
	if s.ID = snapshotID(s, build); s.ID != id { // another spelling of the same thing is not an id
		return nil, nil
	}
	s, _, err = d.filled(ctx, src, s, r, nil)
	return s, err
}

// fits reports whether params are what the pattern could have matched.
func fits(path string, params map[string]string) bool {
	pattern, err := screen.ParsePattern(path)
	if err != nil {
		return false
	}
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		if name, ok := strings.CutPrefix(segment, ":"); ok {
			segments[i] = url.PathEscape(params[name])
		}
	}
	matched, ok := pattern.Match(strings.Join(segments, "/"))
	return ok && maps.Equal(matched, params)
}
