package component

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"sonata.ai/sonata/ent"
	entmanifest "sonata.ai/sonata/ent/buildmanifest"
	entcomponent "sonata.ai/sonata/ent/component"
	entversion "sonata.ai/sonata/ent/componentversion"
	"sonata.ai/sonata/internal/store"
)

// Components is the verbs on components and builds. It keeps catalogues and manifests in memory: both only grow.
type Components struct {
	store   *store.Store
	Schemas *Schemas // compiled props schemas, shared by everything that validates

	mu         sync.Mutex
	catalogues map[string]countedCatalogue // by frontend id
	builds     map[string]*Build           // by frontend id and manifest hash
}

type countedCatalogue struct {
	versions int
	Catalogue
}

const (
	maxCompiledSchemas = 1024
	maxKeptBuilds      = 1024
)

// New returns the verbs.
func New(s *store.Store) *Components {
	return &Components{
		store: s, Schemas: NewSchemas(maxCompiledSchemas),
		catalogues: map[string]countedCatalogue{}, builds: map[string]*Build{},
	}
}

// Catalogue returns everything that the builds of a frontend registered, as ctx sees it (a transaction or the last
// commit). Registered versions are never changed or removed, so their number tells whether the copy in memory is good.
func (c *Components) Catalogue(ctx context.Context, frontendID string) (Catalogue, error) {
	db := c.store.Reader(ctx)
	versions := db.ComponentVersion.Query().Where(entversion.HasComponentWith(entcomponent.FrontendID(frontendID)))
	count, err := versions.Clone().Count(ctx)
	if err != nil {
		return Catalogue{}, fmt.Errorf("count component versions: %w", err)
	}
	c.mu.Lock()
	kept, ok := c.catalogues[frontendID]
	c.mu.Unlock()
	if ok && kept.versions == count {
		return kept.Catalogue, nil
	}
	if store.InTx(ctx) { // what a transaction sees may never be committed, but mostly it is what was committed before
		committed, err := c.Catalogue(store.OutsideTx(ctx), frontendID)
		if err != nil || len(committed.All()) == count {
			return committed, err
		}
	}
	rows, err := versions.WithComponent().All(ctx)
	if err != nil {
		return Catalogue{}, fmt.Errorf("read component versions: %w", err)
	}
	defs := make([]Definition, 0, len(rows))
	for _, row := range rows {
		def, err := definition(row)
		if err != nil {
			return Catalogue{}, err
		}
		defs = append(defs, def)
	}
	fresh := NewCatalogue(defs)
	if !store.InTx(ctx) { // what a transaction sees may never be committed
		c.mu.Lock()
		c.catalogues[frontendID] = countedCatalogue{versions: len(rows), Catalogue: fresh}
		c.mu.Unlock()
	}
	return fresh, nil
}

// definition reads a stored version.
func definition(row *ent.ComponentVersion) (Definition, error) {
	of := row.Edges.Component
	d := Definition{
		Key: of.Key, Version: Version{Major: row.Major, Minor: row.Minor}, Title: of.Title, Category: of.Category,
		PropsSchema: json.RawMessage(row.PropsSchema), UISchema: rawOrNil(row.UISchema), Slots: row.Slots,
		Examples: rawOrNil(row.Examples),
	}
	if row.Fallback != "" {
		f, err := ParseFallback(json.RawMessage(row.Fallback))
		if err != nil {
			return Definition{}, fmt.Errorf("stored fallback of %s: %w", of.Key, err)
		}
		d.Fallback = f
	}
	return d, nil
}

func rawOrNil(s string) json.RawMessage {
	if s == "" {
		return nil
	}
	return json.RawMessage(s)
}

// Build returns what the manifest with this hash can render; nil when the frontend has no such manifest.
func (c *Components) Build(ctx context.Context, frontendID, hash string) (*Build, error) {
	id := frontendID + " " + hash
	c.mu.Lock()
	kept := c.builds[id]
	c.mu.Unlock()
	if kept != nil {
		return kept, nil
	}
	row, err := c.store.Reader(ctx).BuildManifest.Query().
		Where(entmanifest.FrontendID(frontendID), entmanifest.Hash(hash)).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read manifest: %w", err)
	}
	build, err := c.buildOf(ctx, row)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.builds) >= maxKeptBuilds {
		clear(c.builds) // far more manifests than frontends have: start over rather than grow
	}
	c.builds[id] = build
	return build, nil
}

// Supports reads the entries of a stored manifest, sorted by key and version.
func Supports(row *ent.BuildManifest) (entries []Support, err error) {
	if err := json.Unmarshal([]byte(row.Entries), &entries); err != nil {
		return nil, fmt.Errorf("stored manifest: %w", err)
	}
	return entries, nil
}

func (c *Components) buildOf(ctx context.Context, row *ent.BuildManifest) (*Build, error) {
	entries, err := Supports(row)
	if err != nil {
		return nil, err
	}
	manifest, err := NewManifest(entries)
	if err != nil {
		return nil, fmt.Errorf("stored manifest: %w", err)
	}
	all, err := c.Catalogue(ctx, row.FrontendID)
	if err != nil {
		return nil, err
	}
	var defs []Definition
	for _, e := range manifest.Entries {
		if def, ok := all.Exact(e.Key, e.Version); ok {
			defs = append(defs, def)
		}
	}
	return &Build{Manifest: manifest, Registered: NewCatalogue(defs)}, nil
}

// labels joins component versions for the audit trail.
func labels(defs []Definition) string {
	names := make([]string, len(defs))
	for i, d := range defs {
		names[i] = d.Key + " " + d.Version.String()
	}
	return strings.Join(names, ", ")
}
