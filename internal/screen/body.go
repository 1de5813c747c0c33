//sonata:pure

package screen

import (
	"slices"

	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/fault"
)

// The limits of one screen. Each is named in the fault that refuses what goes over it.
const (
	MaxBlocks     = 200        // blocks on one screen, the root included
	MaxDepth      = 12         // blocks on the way from the root to a leaf; the root alone is depth 1
	MaxBytes      = 256 * 1024 // bytes of canonical JSON of the whole body
	MaxPropsDepth = 32         // nesting of props: leaves room for the body around them below the 64 of canonical.Decode
	MaxMajor      = 9999       // the highest major version of a component
)

const bodyFormat = 1

// Body is a draft as it is stored: flat, so that a move touches two lists and a merge is per block. Its canonical JSON
// is {"format":1,"root":…,"blocks":{…}}. Slots that hold nothing are left out, so equal trees are equal bytes.
type Body struct {
	Format int              `json:"format"`
	Root   string           `json:"root"`
	Blocks map[string]Block `json:"blocks"`
}

// Block is one use of a component. Props hold no null at any depth.
type Block struct {
	Component string              `json:"component"`
	Major     int                 `json:"major"`
	Props     map[string]any      `json:"props"`
	Slots     map[string][]string `json:"slots"`
}

// NewBody returns a body of one block with the key "root", without props.
func NewBody(component string, major int) Body {
	return Body{Format: bodyFormat, Root: "root", Blocks: map[string]Block{
		"root": {Component: component, Major: major, Props: map[string]any{}, Slots: map[string][]string{}},
	}}
}

// Canonical returns the bytes that are stored and hashed. Equal trees give equal bytes. Faults: Exhausted with the code
// LIMIT when they are more than MaxBytes; Invalid when props hold what JSON cannot (NaN).
func (b Body) Canonical() ([]byte, error) {
	raw, err := canonical.Marshal(b.shape())
	if err != nil {
		return nil, fault.Invalidf("the props of a block cannot be written as JSON").Because(err)
	}
	if len(raw) > MaxBytes {
		return nil, limitf("a screen holds at most %d bytes of canonical JSON; this one has %d", MaxBytes, len(raw))
	}
	return raw, nil
}

// Hash returns the hash over the canonical bytes, with the faults of Canonical.
func (b Body) Hash() (string, error) {
	raw, err := b.Canonical()
	if err != nil {
		return "", err
	}
	return canonical.Hash(raw), nil
}

// Clone copies the body deeply; nil maps become empty and empty slots go.
func (b Body) Clone() Body {
	c := b.shape()
	for key, block := range c.Blocks {
		props, _ := canonical.Clone(block.Props).(map[string]any)
		block.Props = props
		c.Blocks[key] = block
	}
	return c
}

// shape copies everything but the values inside props, which no rule of this package ever changes in place.
func (b Body) shape() Body {
	c := Body{Format: b.Format, Root: b.Root, Blocks: make(map[string]Block, len(b.Blocks))}
	for key, block := range b.Blocks {
		slots := make(map[string][]string, len(block.Slots))
		for name, children := range block.Slots {
			if len(children) > 0 {
				slots[name] = slices.Clone(children)
			}
		}
		block.Slots = slots
		if block.Props == nil {
			block.Props = map[string]any{}
		}
		c.Blocks[key] = block
	}
	return c
}

// Order returns the keys in document order: a block, then what its slots hold. The slots that slotOrder names for the
// component come first in that order, then the others sorted by name; slotOrder may be nil.
func (b Body) Order(slotOrder func(component string, major int) []string) []string {
	return b.walk(b.Root, slotOrder)
}

// Subtree returns the key and the keys below it in document order, with slots sorted by name; nil when there is no such
// block.
func (b Body) Subtree(key string) []string {
	return b.walk(key, nil)
}

// Parent returns where the block stands. It is not ok for the root and for a key that stands nowhere.
func (b Body) Parent(key string) (parent, slot string, index int, ok bool) {
	for p, block := range b.Blocks {
		for name, children := range block.Slots {
			if i := slices.Index(children, key); i >= 0 {
				return p, name, i, true
			}
		}
	}
	return "", "", 0, false
}

// walk is preorder with a stack of its own and visits no block twice, so it ends even on a body that is not a tree.
func (b Body) walk(from string, slotOrder func(string, int) []string) []string {
	var order []string
	seen := map[string]bool{}
	stack := []string{from}
	for len(stack) > 0 {
		key := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		block, ok := b.Blocks[key]
		if !ok || seen[key] {
			continue
		}
		seen[key] = true
		order = append(order, key)
		var declared []string
		if slotOrder != nil {
			declared = slotOrder(block.Component, block.Major)
		}
		names := slotNames(block, declared)
		for i := len(names) - 1; i >= 0; i-- {
			children := block.Slots[names[i]]
			for j := len(children) - 1; j >= 0; j-- {
				stack = append(stack, children[j])
			}
		}
	}
	return order
}

func slotNames(block Block, declared []string) []string {
	names := make([]string, 0, len(block.Slots))
	for _, name := range declared {
		if _, ok := block.Slots[name]; ok && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	first := len(names)
	for name := range block.Slots {
		if !slices.Contains(names[:first], name) {
			names = append(names, name)
		}
	}
	slices.Sort(names[first:])
	return names
}

func limitf(format string, args ...any) *fault.Error {
	return fault.Exhaustedf(format, args...).WithCode("LIMIT")
}
