//sonata:pure

package component

import (
	"encoding/json"
	"slices"
	"sort"

	"sonata.ai/sonata/internal/canonical"
)

// NewCatalogue holds the definitions, sorted by version. When a key and version stand in defs twice, the last one
// counts.
func NewCatalogue(defs []Definition) Catalogue {
	byKey := map[string][]Definition{}
	for _, def := range defs {
		list := byKey[def.Key]
		i, found := slices.BinarySearchFunc(list, def.Version, func(d Definition, v Version) int {
			return d.Version.Compare(v)
		})
		if found {
			list[i] = def
		} else {
			list = slices.Insert(list, i, def)
		}
		byKey[def.Key] = list
	}
	return Catalogue{byKey: byKey}
}

// Exact returns the definition of that very version.
func (c Catalogue) Exact(key string, version Version) (Definition, bool) {
	for _, def := range c.byKey[key] {
		if def.Version == version {
			return def, true
		}
	}
	return Definition{}, false
}

// Newest returns the newest minor of one major.
func (c Catalogue) Newest(key string, major int) (Definition, bool) {
	list := c.byKey[key]
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].Version.Major == major {
			return list[i], true
		}
	}
	return Definition{}, false
}

// NewestMajor returns the highest major that exists of a component.
func (c Catalogue) NewestMajor(key string) (int, bool) {
	list := c.byKey[key]
	if len(list) == 0 {
		return 0, false
	}
	return list[len(list)-1].Version.Major, true
}

// Keys returns the keys of all components, sorted.
func (c Catalogue) Keys() []string {
	keys := make([]string, 0, len(c.byKey))
	for key := range c.byKey {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

// All returns every definition, sorted by key and version.
func (c Catalogue) All() []Definition {
	var all []Definition
	for _, key := range c.Keys() {
		all = append(all, c.byKey[key]...)
	}
	return all
}

// contract is the part of a definition that decides what content fits and how it is served.
type contract struct {
	PropsSchema json.RawMessage `json:"propsSchema"`
	Slots       []string        `json:"slots"`
	Fallback    *Fallback       `json:"fallback"`
}

// ContractHash is the canonical hash over props schema, slots and fallback. Titles, the UI schema and examples do not
// count: they may change without a new version.
func (d Definition) ContractHash() string {
	c := contract{PropsSchema: d.PropsSchema, Slots: d.Slots, Fallback: d.Fallback}
	if len(c.PropsSchema) == 0 {
		c.PropsSchema = json.RawMessage(anyObject)
	}
	if c.Slots == nil {
		c.Slots = []string{}
	}
	hash, err := canonical.HashOf(c)
	if err != nil {
		// Only a schema that was never checked is not JSON. It still gets a hash of its own, which no other has.
		return canonical.Hash(d.PropsSchema)
	}
	return hash
}
