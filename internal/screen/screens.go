package screen

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"sonata.ai/sonata/ent"
	entscreen "sonata.ai/sonata/ent/screen"
	"sonata.ai/sonata/ent/screenedit"
	"sonata.ai/sonata/internal/asset"
	"sonata.ai/sonata/internal/binding"
	"sonata.ai/sonata/internal/component"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/frontend"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/store"
)

// TopicEdited is the event of a draft that changed.
const TopicEdited = "draft.edited"

// Edited is the payload of TopicEdited.
type Edited struct {
	Frontend string `json:"frontend"`
	Screen   string `json:"screen"`
	Version  int    `json:"version"`
}

// Screens is the verbs on drafts.
type Screens struct {
	store      *store.Store
	components *component.Components
	sources    binding.Sources

	checking sync.Mutex
	checked  map[string]checked // by frontend id
}

// checked is what the rules over all screens of a frontend said at one sequence of the ledger.
type checked struct {
	seq   int64
	found map[string][]Problem // by screen
}

// New returns the verbs.
func New(s *store.Store, c *component.Components, sources binding.Sources) *Screens {
	return &Screens{store: s, components: c, sources: sources, checked: map[string]checked{}}
}

// maxScreens bounds the rules that look at all screens of a frontend.
const maxScreens = 1000

// DraftOf reads the draft out of a row.
func DraftOf(row *ent.Screen) (Draft, error) {
	d := Draft{Key: row.Key, Title: row.Title}
	if row.Path != nil {
		d.Path = *row.Path
	}
	if err := json.Unmarshal([]byte(row.Body), &d.Body); err != nil {
		return d, fmt.Errorf("stored draft of %s: %w", row.Key, err)
	}
	return d, nil
}

// Get returns a screen by id, deleted or not, for a caller who holds the scope in its frontend. Fault: NotFound, in the
// same words for what is missing and for what the caller may not reach.
func Get(ctx context.Context, c *ent.Client, id, scope string) (*ent.Screen, error) {
	row, err := c.Screen.Query().Where(entscreen.ID(id)).WithFrontend().Only(ctx)
	if ent.IsNotFound(err) || err == nil && !principal.Can(ctx, scope, principal.Place{Frontend: row.FrontendID}) {
		return nil, missing()
	}
	if err != nil {
		return nil, fmt.Errorf("read screen: %w", err)
	}
	return row, nil
}

func missing() error { return fault.NotFoundf("there is no screen with this id").At("id") }

// Drafts returns the drafts of a frontend that are not deleted. It asks no question: its callers have.
func Drafts(ctx context.Context, c *ent.Client, frontendID string) ([]Draft, error) {
	rows, err := c.Screen.Query().Where(entscreen.FrontendID(frontendID), entscreen.Deleted(false)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read screens: %w", err)
	}
	drafts := make([]Draft, 0, len(rows))
	for _, row := range rows {
		d, err := DraftOf(row)
		if err != nil {
			return nil, err
		}
		drafts = append(drafts, d)
	}
	return drafts, nil
}

// Problems returns what is wrong with one draft, the rules over all screens included. Fault: NotFound.
func (s *Screens) Problems(ctx context.Context, row *ent.Screen) ([]Problem, error) {
	if !reads(ctx, row.FrontendID) {
		return nil, missing()
	}
	d, err := DraftOf(row)
	if err != nil {
		return nil, err
	}
	catalogue, err := s.components.Catalogue(ctx, row.FrontendID)
	if err != nil {
		return nil, err
	}
	together, err := s.together(ctx, row.FrontendID)
	if err != nil {
		return nil, err
	}
	pictures, err := asset.Known(ctx, s.store.Reader(ctx), row.FrontendID, asset.HashesIn(row.Body))
	if err != nil {
		return nil, err
	}
	sources, err := s.sources.Bindable(ctx, row.FrontendID, Documents(d))
	if err != nil {
		return nil, err
	}
	return append(CheckBlocks(d, catalogue, s.components.Schemas, pictures, sources), together[d.Key]...), nil
}

// together checks the rules over all screens once for each state of the ledger: a list that asks for the problems of
// every screen reads all drafts once, not once for each.
func (s *Screens) together(ctx context.Context, frontendID string) (map[string][]Problem, error) {
	s.checking.Lock()
	defer s.checking.Unlock()
	seq, err := s.store.Seq(ctx)
	if err != nil {
		return nil, err
	}
	if kept, ok := s.checked[frontendID]; ok && kept.seq == seq {
		return kept.found, nil
	}
	all, err := Drafts(ctx, s.store.Reader(ctx), frontendID)
	if err != nil {
		return nil, err
	}
	found := map[string][]Problem{}
	for _, p := range CheckTogether(all) {
		found[p.Screen] = append(found[p.Screen], p)
	}
	s.checked[frontendID] = checked{seq: seq, found: found}
	return found, nil
}

// change is one accepted change of a draft, as it is written.
type change struct {
	kind    screenedit.Kind
	ops     []Op
	inverse []Op
	action  string // the mutation
	deleted bool
	draft   Draft
	detail  map[string]any
}

// save writes the next version of a draft, the edit that led to it and the fact.
func (s *Screens) save(ctx context.Context, tx *store.Tx, old *ent.Screen, c change) (*ent.Screen, error) {
	body, err := c.draft.Body.Canonical()
	if err != nil {
		return nil, err
	}
	hash, err := c.draft.Hash()
	if err != nil {
		return nil, err
	}
	update := tx.Screen.UpdateOneID(old.ID).SetTitle(c.draft.Title).SetBody(string(body)).SetContentHash(hash).
		SetVersion(old.Version + 1).SetDeleted(c.deleted).SetUpdatedAt(time.Now().UTC()).
		SetUpdatedBy(principal.From(ctx).Encode())
	if c.draft.Path == "" {
		update.ClearPath()
	} else {
		update.SetPath(c.draft.Path)
	}
	row, err := update.Save(ctx)
	if err != nil {
		return nil, fmt.Errorf("save draft: %w", err)
	}
	if err := writeEdit(ctx, tx, old, c); err != nil {
		return nil, err
	}
	if err := asset.Touch(ctx, tx, row.FrontendID, asset.HashesIn(old.Body, row.Body), time.Now()); err != nil {
		return nil, err
	}
	if c.detail == nil {
		c.detail = map[string]any{}
	}
	c.detail["version"] = row.Version
	tx.Record(store.Fact{
		Topic: TopicEdited, Payload: Edited{Frontend: row.FrontendID, Screen: row.ID, Version: row.Version},
		Action: c.action, Frontend: row.FrontendID, SubjectID: row.ID, SubjectLabel: label(old), Detail: c.detail,
	})
	return row, nil
}

func writeEdit(ctx context.Context, tx *store.Tx, old *ent.Screen, c change) error {
	ops, err := encodeOps(c.ops)
	if err != nil {
		return err
	}
	inverse, err := encodeOps(c.inverse)
	if err != nil {
		return err
	}
	err = tx.ScreenEdit.Create().SetScreenID(old.ID).SetFromVersion(old.Version).SetKind(c.kind).SetOps(ops).
		SetInverse(inverse).SetActor(principal.From(ctx).Encode()).Exec(ctx)
	if err != nil {
		return fmt.Errorf("write edit: %w", err)
	}
	return nil
}

func label(row *ent.Screen) string {
	if f := row.Edges.Frontend; f != nil {
		return f.Slug + "/" + row.Key
	}
	return row.Key
}

func encodeOps(ops []Op) (string, error) {
	if ops == nil {
		ops = []Op{}
	}
	b, err := json.Marshal(ops)
	if err != nil {
		return "", fmt.Errorf("encode ops: %w", err)
	}
	return string(b), nil
}

// DecodeOps reads the ops of a stored edit.
func DecodeOps(stored string) ([]Op, error) {
	var ops []Op
	if err := json.Unmarshal([]byte(stored), &ops); err != nil {
		return nil, fmt.Errorf("stored ops: %w", err)
	}
	return ops, nil
}

// checkHead checks what a screen has besides its body.
func checkHead(title, path string) error {
	if err := frontend.CheckText("title", title, 1, 200); err != nil {
		return err
	}
	if path == "" {
		return nil
	}
	if _, err := ParsePattern(path); err != nil {
		if f := fault.As(err); f != nil {
			return f.At("path")
		}
		return err
	}
	return nil
}

// refuseUnsafe refuses a body in which a URL could run script.
func refuseUnsafe(body Body, keys []string, catalogue component.Catalogue) error {
	if block, unsafe := firstUnsafeURL(body, keys, catalogue); unsafe != nil {
		return fault.Invalidf("%s: %s", block, unsafe.Message).WithPointer(unsafe.Pointer)
	}
	return nil
}

// expect checks the version that a caller read against the present one, for changes of the whole draft: they collide
// with everything.
func expect(row *ent.Screen, version int) error {
	if row.Version == version {
		return nil
	}
	if version > row.Version {
		return aheadf(row, version)
	}
	return conflicted(row, nil, "somebody changed the screen meanwhile: read it again")
}

func aheadf(row *ent.Screen, version int) error {
	return fault.Invalidf("expectedVersion %d: the screen has version %d", version, row.Version).At("expectedVersion")
}

// Conflicted is the detail of a VERSION_CONFLICT.
type Conflicted struct {
	Current *ent.Screen
	Blocks  []string
}

func conflicted(row *ent.Screen, blocks []string, message string) error {
	return fault.Conflictf("%s", message).WithCode("VERSION_CONFLICT").WithDetail(Conflicted{Current: row, Blocks: blocks})
}

// env answers what Apply asks of the outside.
func env(catalogue component.Catalogue) ApplyEnv {
	return ApplyEnv{
		NewestMajor: func(key string) int {
			if major, ok := catalogue.NewestMajor(key); ok {
				return major
			}
			return 1
		},
		NewKey: func(component string, taken func(string) bool) string {
			for {
				var raw [5]byte
				rand.Read(raw[:])
				key := component + "-" + strings.ToLower(base32.StdEncoding.EncodeToString(raw[:]))
				if len(key) > 64 {
					key = key[len(key)-64:]
					key = "b" + key[1:] // a key begins with a letter
				}
				if !taken(key) {
					return key
				}
			}
		},
	}
}
