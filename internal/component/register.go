package component

import (
	"context"
	"encoding/json"
	"fmt"
	"sort"
	"strconv"
	"time"

	"sonata.ai/sonata/ent"
	entbuild "sonata.ai/sonata/ent/build"
	entmanifest "sonata.ai/sonata/ent/buildmanifest"
	entcomponent "sonata.ai/sonata/ent/component"
	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/frontend"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/store"
)

// TopicRegistered is the event of a build that was registered or moved to another manifest.
const TopicRegistered = "build.registered"

// Registered is the payload of TopicRegistered.
type Registered struct {
	Frontend string `json:"frontend"`
	Manifest string `json:"manifest"`
}

// RegisterInput is a bundle and what it can render.
type RegisterInput struct {
	Frontend   string // id or slug
	Name       string
	Components []SupportInput
}

// SupportInput is one component version that a bundle ships. Nil fields are taken from the registered version.
type SupportInput struct {
	Key, Version, Range string
	Title, Category     *string
	PropsSchema         json.RawMessage
	UISchema            json.RawMessage
	Slots               *[]string
	Fallback            json.RawMessage
	Examples            json.RawMessage
}

// Breaking is the detail of a refused registration: what would break screens, by name.
type Breaking []string

// Register records what a bundle can render and the component versions it brings. A version is a contract: it can be
// registered again only as it is, and a new minor may not break content made for its neighbors. Registering the same
// again changes nothing. Faults: NotFound, Invalid (with Breaking as detail), Exhausted.
func (c *Components) Register(ctx context.Context, in RegisterInput) (row *ent.Build, err error) {
	if err := frontend.CheckText("name", in.Name, 1, 100); err != nil {
		return nil, err
	}
	err = c.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		owner, err := frontend.Find(ctx, tx.Client(), in.Frontend, principal.ComponentsWrite)
		if err != nil {
			return err
		}
		have, err := c.Catalogue(ctx, owner.ID)
		if err != nil {
			return err
		}
		manifest, fresh, err := plan(have, in.Components)
		if err != nil {
			return err
		}
		retitled, err := saveComponents(ctx, tx, owner, in.Components, fresh)
		if err != nil {
			return err
		}
		var moved bool
		if row, moved, err = saveBuild(ctx, tx, owner, in.Name, manifest); err != nil {
			return err
		}
		changed := moved || retitled || len(fresh) > 0
		fact := store.Fact{
			Topic: TopicRegistered, Payload: Registered{Frontend: owner.ID, Manifest: manifest.Hash()}, Action: "buildRegister",
			Frontend: owner.ID, SubjectID: row.ID, SubjectLabel: owner.Slug + "/" + in.Name,
			Detail: map[string]any{"manifest": manifest.Hash(), "newVersions": labels(fresh), "changed": changed},
		}
		if !changed {
			fact.Topic = store.TopicNone
		}
		tx.Record(fact)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if _, err := c.Catalogue(ctx, row.FrontendID); err != nil { // warms the copy in memory
		return nil, err
	}
	return row, nil
}

// plan works out the manifest and the definitions that are new, and refuses what would break content.
func plan(have Catalogue, inputs []SupportInput) (Manifest, []Definition, error) {
	var entries []Support
	var fresh []Definition
	var breaking Breaking
	for i, in := range inputs {
		def, known, err := in.definition(have)
		if err != nil {
			return Manifest{}, nil, underComponent(err, i, in.Key)
		}
		if known {
			old, _ := have.Exact(def.Key, def.Version)
			if old.ContractHash() != def.ContractHash() {
				breaking = append(breaking, fmt.Sprintf("%s %s is registered already with another contract: raise its version", def.Key, def.Version))
			}
		} else {
			breaking = append(breaking, againstNeighbors(have, def)...)
			fresh = append(fresh, def)
		}
		entries = append(entries, Support{Key: def.Key, Version: def.Version, Range: in.Range, ContractHash: def.ContractHash()})
	}
	manifest, err := NewManifest(entries)
	if err != nil {
		return Manifest{}, nil, underComponent(err, -1, "")
	}
	if len(breaking) > 0 {
		return Manifest{}, nil, fault.Invalidf("refused (%d): %s. Make what breaks a new major version; what only adds, a new minor", len(breaking), breaking[0]).
			At("components").WithDetail(breaking)
	}
	if err := CheckFallbacks(NewCatalogue(append(have.All(), fresh...))); err != nil {
		return Manifest{}, nil, underComponent(err, -1, "")
	}
	return manifest, fresh, nil
}

func underComponent(err error, index int, key string) error {
	f := fault.As(err)
	if f == nil {
		return err
	}
	path := []string{"components"}
	if index >= 0 {
		path = append(path, strconv.Itoa(index))
		f = f.Prefixed(key + ": ")
	}
	return f.At(append(path, f.Path...)...)
}

// definition reads one input; known says that this version is registered already.
func (in SupportInput) definition(have Catalogue) (def Definition, known bool, err error) {
	if err := CheckKey(in.Key); err != nil {
		return def, false, err
	}
	version, err := ParseVersion(in.Version)
	if err != nil {
		return def, false, err
	}
	def, known = have.Exact(in.Key, version)
	if !known {
		def = Definition{Key: in.Key, Version: version}
	}
	if in.PropsSchema != nil || !known {
		if def.PropsSchema, err = CheckSchema(in.PropsSchema); err != nil {
			return def, false, err
		}
	}
	if in.Slots != nil {
		if err := CheckSlots(*in.Slots); err != nil {
			return def, false, err
		}
		def.Slots = *in.Slots
	}
	if in.Fallback != nil {
		if def.Fallback, err = ParseFallback(in.Fallback); err != nil {
			return def, false, err
		}
	}
	if def.UISchema, err = canonicalOr(in.UISchema, def.UISchema); err != nil {
		return def, false, err
	}
	def.Examples, err = canonicalOr(in.Examples, def.Examples)
	return def, known, err
}

// maxHints bounds uiSchema and examples, which nothing here interprets.
const maxHints = 64 << 10

func canonicalOr(raw, otherwise json.RawMessage) (json.RawMessage, error) {
	if raw == nil {
		return otherwise, nil
	}
	v, err := canonical.Decode(raw)
	if err != nil {
		return nil, err
	}
	b, err := canonical.Marshal(v)
	if err == nil && len(b) > maxHints {
		return nil, fault.Exhaustedf("uiSchema and examples hold at most 64 kB each; this has %d bytes", len(b)).WithCode("LIMIT")
	}
	return b, err
}

// againstNeighbors compares a new version with the minors before and after it: content of the one before must fit it,
// and content made for it must fit the one after.
func againstNeighbors(have Catalogue, def Definition) []string {
	var before, after *Definition
	for _, d := range have.All() {
		if d.Key != def.Key || d.Version.Major != def.Version.Major {
			continue
		}
		if d.Version.Less(def.Version) {
			before = &d
		} else if after == nil {
			after = &d
		}
	}
	var breaking []string
	if before != nil {
		breaking = append(breaking, Compare(*before, def)...)
	}
	if after != nil {
		breaking = append(breaking, Compare(def, *after)...)
	}
	return breaking
}

// saveComponents writes the versions that are new; retitled says whether a component looks different in the catalogue.
func saveComponents(ctx context.Context, tx *store.Tx, owner *ent.Frontend, inputs []SupportInput, fresh []Definition) (retitled bool, err error) {
	isFresh := map[string]Definition{}
	for _, d := range fresh {
		isFresh[d.Key+" "+d.Version.String()] = d
	}
	sort.SliceStable(inputs, func(a, b int) bool { return inputs[a].Key < inputs[b].Key })
	for _, in := range inputs {
		component, different, err := saveComponent(ctx, tx, owner, in)
		if err != nil {
			return false, err
		}
		retitled = retitled || different
		version, err := ParseVersion(in.Version)
		if err != nil {
			return false, err
		}
		def, ok := isFresh[in.Key+" "+version.String()]
		if !ok {
			continue
		}
		create := tx.ComponentVersion.Create().SetComponentID(component.ID).SetMajor(version.Major).SetMinor(version.Minor).
			SetPropsSchema(string(def.PropsSchema)).SetUISchema(string(def.UISchema)).SetExamples(string(def.Examples)).
			SetSlots(nonNil(def.Slots)).SetContractHash(def.ContractHash())
		if def.Fallback != nil {
			raw, err := canonical.Marshal(def.Fallback)
			if err != nil {
				return false, fmt.Errorf("encode fallback: %w", err)
			}
			create.SetFallback(string(raw))
		}
		if err := create.Exec(ctx); err != nil {
			return false, fmt.Errorf("create component version: %w", err)
		}
	}
	return retitled, nil
}

func nonNil(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

func saveComponent(ctx context.Context, tx *store.Tx, owner *ent.Frontend, in SupportInput) (row *ent.Component, different bool, err error) {
	for field, text := range map[string]*string{"title": in.Title, "category": in.Category} {
		if text != nil {
			if err := frontend.CheckText(field, *text, 0, 100); err != nil {
				return nil, false, err
			}
		}
	}
	row, err = tx.Component.Query().Where(entcomponent.FrontendID(owner.ID), entcomponent.Key(in.Key)).Only(ctx)
	if ent.IsNotFound(err) {
		title := in.Key
		if in.Title != nil {
			title = *in.Title
		}
		row, err = tx.Component.Create().SetFrontendID(owner.ID).SetKey(in.Key).SetTitle(title).
			SetNillableCategory(in.Category).Save(ctx)
		return row, true, err
	}
	if err != nil {
		return nil, false, fmt.Errorf("read component: %w", err)
	}
	sameTitle := in.Title == nil || *in.Title == row.Title
	sameCategory := in.Category == nil || *in.Category == row.Category
	if sameTitle && sameCategory {
		return row, false, nil
	}
	row, err = tx.Component.UpdateOne(row).SetNillableTitle(in.Title).SetNillableCategory(in.Category).Save(ctx)
	return row, true, err
}

// saveBuild writes the build and its manifest; moved is false when the name had this manifest already.
func saveBuild(ctx context.Context, tx *store.Tx, owner *ent.Frontend, name string, m Manifest) (row *ent.Build, moved bool, err error) {
	manifest, err := tx.BuildManifest.Query().Where(entmanifest.FrontendID(owner.ID), entmanifest.Hash(m.Hash())).Only(ctx)
	if ent.IsNotFound(err) {
		entries, err := canonical.Marshal(m.Entries)
		if err != nil {
			return nil, false, fmt.Errorf("encode manifest: %w", err)
		}
		manifest, err = tx.BuildManifest.Create().SetFrontendID(owner.ID).SetHash(m.Hash()).SetEntries(string(entries)).Save(ctx)
		if err != nil {
			return nil, false, fmt.Errorf("create manifest: %w", err)
		}
	} else if err != nil {
		return nil, false, fmt.Errorf("read manifest: %w", err)
	}
	row, err = tx.Build.Query().Where(entbuild.FrontendID(owner.ID), entbuild.Name(name)).Only(ctx)
	switch {
	case ent.IsNotFound(err):
		row, err = tx.Build.Create().SetFrontendID(owner.ID).SetName(name).SetManifestID(manifest.ID).Save(ctx)
	case err == nil && row.ManifestID == manifest.ID:
		return row, false, nil
	case err == nil:
		row, err = tx.Build.UpdateOne(row).SetManifestID(manifest.ID).SetRegisteredAt(time.Now().UTC()).Save(ctx)
	}
	if err != nil {
		return nil, false, fmt.Errorf("save build: %w", err)
	}
	return row, true, nil
}
