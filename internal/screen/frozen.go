//sonata:pure

package screen

import (
	"encoding/json"
	"fmt"

	"sonata.ai/sonata/internal/asset"
	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/component"
)

// Frozen is a screen as a release holds it: each block is stamped with the exact component version it was validated
// against. Its canonical JSON is the blob.
type Frozen struct {
	Format int                    `json:"format"`
	Key    string                 `json:"key"`
	Title  string                 `json:"title"`
	Path   string                 `json:"path,omitempty"`
	Root   string                 `json:"root"`
	Blocks map[string]FrozenBlock `json:"blocks"`
}

// FrozenBlock is one stamped block. Version is major.minor; that of an include block is 1.0.
type FrozenBlock struct {
	Component string              `json:"component"`
	Version   string              `json:"version"`
	Props     map[string]any      `json:"props"`
	Slots     map[string][]string `json:"slots"`
}

// Freeze stamps a draft. version answers the exact version for a component's major; a block for which it knows none
// keeps minor 0, which the caller reports as a problem.
func Freeze(d Draft, version func(component string, major int) (component.Version, bool)) Frozen {
	f := Frozen{Format: d.Body.Format, Key: d.Key, Title: d.Title, Path: d.Path, Root: d.Body.Root, Blocks: map[string]FrozenBlock{}}
	for key, b := range d.Body.Blocks {
		v, ok := version(b.Component, b.Major)
		if !ok {
			v = component.Version{Major: b.Major}
		}
		f.Blocks[key] = FrozenBlock{Component: b.Component, Version: v.String(), Props: b.Props, Slots: b.Slots}
	}
	return f
}

// ParseFrozen reads a blob.
func ParseFrozen(blob []byte) (Frozen, error) {
	var f Frozen
	if err := json.Unmarshal(blob, &f); err != nil {
		return f, fmt.Errorf("read frozen screen: %w", err)
	}
	return f, nil
}

// Blob returns the canonical JSON and its hash.
func (f Frozen) Blob() (body []byte, hash string, err error) {
	body, err = canonical.Marshal(f)
	if err != nil {
		return nil, "", err
	}
	return body, canonical.Hash(body), nil
}

// Draft returns what was frozen: the inverse of Freeze but for the stamps.
func (f Frozen) Draft() (Draft, error) {
	d := Draft{Key: f.Key, Title: f.Title, Path: f.Path, Body: Body{Format: f.Format, Root: f.Root, Blocks: map[string]Block{}}}
	for key, b := range f.Blocks {
		v, err := component.ParseVersion(b.Version)
		if err != nil {
			return Draft{}, fmt.Errorf("frozen block %s: %w", key, err)
		}
		d.Body.Blocks[key] = Block{Component: b.Component, Major: v.Major, Props: b.Props, Slots: b.Slots}
	}
	return d, nil
}

// Limits of a screen with everything that it includes.
const (
	maxFilledBlocks = 1000
	maxFilledBytes  = 1 << 20
)

// Filled is a screen with its includes filled in, as a tree that can be negotiated.
type Filled struct {
	component.Tree
	Bytes   int  // of the props, roughly what is sent
	TooMany bool // the limits were hit; the tree is cut there
}

// Fill puts the screens that are included in the place of their include blocks: an included root takes the block's
// place, and all keys below carry the include's key and a slash in front. Includes that lead nowhere, in a circle or
// deeper than two are left out: CheckIncludes reports them.
func Fill(screens map[string]Frozen, key string) (Filled, bool) {
	f, ok := screens[key]
	if !ok {
		return Filled{}, false
	}
	fl := filler{screens: screens, out: Filled{Tree: component.Tree{Blocks: map[string]component.TreeBlock{}}}}
	fl.out.Root = fl.place(f, f.Root, "", 0)
	return fl.out, fl.out.Root != ""
}

// ServePictures puts the pictures of a filled screen into the form that they are served in.
func (f Filled) ServePictures(known map[string]asset.Meta) {
	for key, b := range f.Blocks {
		b.Props = asset.Serve(b.Props, known)
		f.Blocks[key] = b
	}
}

type filler struct {
	screens map[string]Frozen
	out     Filled
}

// place adds the block and all below it under the prefix and returns its key, or "" when there is nothing to show.
func (fl *filler) place(f Frozen, key, prefix string, depth int) string {
	b, ok := f.Blocks[key]
	if !ok || fl.out.TooMany {
		return ""
	}
	if b.Component == IncludeComponent {
		name, _ := b.Props["screen"].(string)
		part, ok := fl.screens[name]
		if !ok || depth >= maxIncludeDepth {
			return ""
		}
		return fl.place(part, part.Root, prefix+key+"/", depth+1)
	}
	if len(fl.out.Blocks) >= maxFilledBlocks || fl.out.Bytes > maxFilledBytes {
		fl.out.TooMany = true
		return ""
	}
	version, err := component.ParseVersion(b.Version)
	if err != nil {
		return ""
	}
	fl.out.Bytes += weight(b.Props)
	full := prefix + key
	block := component.TreeBlock{Component: b.Component, Version: version, Props: b.Props, Slots: map[string][]string{}}
	fl.out.Blocks[full] = block // before the children, so that the count bounds the recursion
	for slot, children := range b.Slots {
		for _, child := range children {
			if placed := fl.place(f, child, prefix, depth); placed != "" {
				block.Slots[slot] = append(block.Slots[slot], placed)
			}
		}
	}
	return full
}

// servedPicture is how many bytes a picture has when it is served, roughly: most is its placeholder.
const servedPicture = 1200

// weight estimates the size of a value as JSON without writing it.
func weight(v any) int {
	switch v := v.(type) {
	case map[string]any:
		if pictureOf(v) != "" {
			return servedPicture
		}
		n := 2
		for k := range v {
			n += len(k) + 4 + weight(v[k])
		}
		return n
	case []any:
		n := 2
		for i := range v {
			n += 1 + weight(v[i])
		}
		return n
	case string:
		return len(v) + 2
	default:
		return 6
	}
}
