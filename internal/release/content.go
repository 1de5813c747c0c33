//sonata:pure

package release

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"sonata.ai/sonata/internal/asset"
	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/component"
	"sonata.ai/sonata/internal/screen"
)

// The kinds of item.
const (
	KindScreen     = "SCREEN"
	KindComponents = "COMPONENTS"
	KindAssets     = "ASSETS"
)

// The keys of the one item of kind COMPONENTS and the one of kind ASSETS.
const (
	componentsKey = "components"
	assetsKey     = "assets"
)

// ItemID names an entry of a release.
type ItemID struct{ Kind, Key string }

// Item is an entry of a release with its content.
type Item struct {
	ItemID
	Hash string
	Body []byte // canonical JSON
}

// Content is everything that a release holds: its screens, the catalogue that they were frozen with, and what is served
// of the pictures that they use, by hash.
type Content struct {
	Screens    map[string]screen.Frozen
	Components component.Catalogue
	Assets     map[string]asset.Meta
}

// frozenComponent is one entry of the COMPONENTS blob. Titles and examples are left out: they are not part of the
// contract.
type frozenComponent struct {
	Key          string              `json:"key"`
	Version      string              `json:"version"`
	ContractHash string              `json:"contractHash"`
	PropsSchema  json.RawMessage     `json:"propsSchema"`
	Slots        []string            `json:"slots"`
	Fallback     *component.Fallback `json:"fallback,omitempty"`
}

type frozenCatalogue struct {
	Components []frozenComponent `json:"components"`
}

// Items returns the entries, sorted by kind and key, and the hash over their names and hashes.
func (c Content) Items() (items []Item, hash string, err error) {
	catalogue := frozenCatalogue{Components: []frozenComponent{}}
	for _, d := range c.Components.All() {
		slots := d.Slots
		if slots == nil {
			slots = []string{}
		}
		catalogue.Components = append(catalogue.Components, frozenComponent{
			Key: d.Key, Version: d.Version.String(), ContractHash: d.ContractHash(), PropsSchema: d.PropsSchema,
			Slots: slots, Fallback: d.Fallback,
		})
	}
	body, err := canonical.Marshal(catalogue)
	if err != nil {
		return nil, "", fmt.Errorf("encode catalogue: %w", err)
	}
	if len(c.Assets) > 0 { // a release without pictures keeps the hash that it always had
		body, err := canonical.Marshal(c.Assets)
		if err != nil {
			return nil, "", fmt.Errorf("encode assets: %w", err)
		}
		items = append(items, Item{ItemID{KindAssets, assetsKey}, canonical.Hash(body), body})
	}
	items = append(items, Item{ItemID{KindComponents, componentsKey}, canonical.Hash(body), body})
	for _, key := range sortedKeys(c.Screens) {
		body, hash, err := c.Screens[key].Blob()
		if err != nil {
			return nil, "", fmt.Errorf("encode screen %s: %w", key, err)
		}
		items = append(items, Item{ItemID{KindScreen, key}, hash, body})
	}
	manifest := make([]map[string]string, len(items))
	for i, item := range items {
		manifest[i] = map[string]string{"kind": item.Kind, "key": item.Key, "hash": item.Hash}
	}
	hash, err = canonical.HashOf(manifest)
	return items, hash, err
}

// ParseContent reads the blobs of a release.
func ParseContent(blobs map[ItemID][]byte) (Content, error) {
	c := Content{Screens: map[string]screen.Frozen{}}
	var defs []component.Definition
	for id, body := range blobs {
		if id.Kind == KindScreen {
			frozen, err := screen.ParseFrozen(body)
			if err != nil {
				return c, err
			}
			c.Screens[id.Key] = frozen
			continue
		}
		if id.Kind == KindAssets {
			if err := json.Unmarshal(body, &c.Assets); err != nil {
				return c, fmt.Errorf("read frozen assets: %w", err)
			}
			continue
		}
		var catalogue frozenCatalogue
		if err := json.Unmarshal(body, &catalogue); err != nil {
			return c, fmt.Errorf("read frozen catalogue: %w", err)
		}
		for _, f := range catalogue.Components {
			version, err := component.ParseVersion(f.Version)
			if err != nil {
				return c, fmt.Errorf("frozen component %s: %w", f.Key, err)
			}
			defs = append(defs, component.Definition{
				Key: f.Key, Version: version, PropsSchema: f.PropsSchema, Slots: f.Slots, Fallback: f.Fallback,
			})
		}
	}
	c.Components = component.NewCatalogue(defs)
	return c, nil
}

// pictureHash covers what a screen looks like as stamped: its head and its blocks with includes filled.
func pictureHash(f screen.Frozen, filled screen.Filled) (string, error) {
	return canonical.HashOf(map[string]any{
		"key": f.Key, "title": f.Title, "path": f.Path, "root": filled.Root, "blocks": filled.Blocks,
	})
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// Keys returns the keys of the screens, sorted.
func (c Content) Keys() []string { return sortedKeys(c.Screens) }
