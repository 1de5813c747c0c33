//sonata:pure

package release

import (
	"slices"

	"sonata.ai/sonata/internal/asset"
	"sonata.ai/sonata/internal/binding"
	"sonata.ai/sonata/internal/component"
	"sonata.ai/sonata/internal/screen"
)

// FreezeInput is what a release is made of.
type FreezeInput struct {
	Drafts    []screen.Draft // the screens to take
	Removed   []string       // keys of screens to leave out
	Live      *Content       // what the others are taken from; nil when nothing is live
	Catalogue component.Catalogue
	Schemas   *component.Schemas
	Assets    map[string]asset.Meta      // the pictures of the drafts that are there
	Sources   map[string]*binding.Source // what the drafts are bound to, by hash
}

// Freeze makes the content of a release: the drafts stamped with the newest minor of each block's major, the other
// screens as they are live, and the catalogue that all of them were stamped with. It returns every problem at once:
// of the blocks of the drafts, and of all screens together.
func Freeze(in FreezeInput) (Content, []screen.Problem) {
	out := Content{Screens: map[string]screen.Frozen{}}
	known := in.Catalogue.All()
	if in.Live != nil {
		for key, frozen := range in.Live.Screens {
			if !slices.Contains(in.Removed, key) {
				out.Screens[key] = frozen
			}
		}
		known = append(known, in.Live.Components.All()...)
	}
	var problems []screen.Problem
	for _, d := range in.Drafts {
		problems = append(problems, screen.CheckBlocks(d, in.Catalogue, in.Schemas, in.Assets, in.Sources)...)
		out.Screens[d.Key] = screen.Freeze(d, func(key string, major int) (component.Version, bool) {
			def, ok := in.Catalogue.Newest(key, major)
			return def.Version, ok
		})
	}
	out.Components = used(out.Screens, component.NewCatalogue(known))
	out.Assets = pinned(out.Screens, in)
	return out, append(problems, screen.CheckTogether(drafts(out))...)
}

// pinned returns what is served of the pictures that the screens use; of screens that stay as they are live, what was
// pinned then.
func pinned(screens map[string]screen.Frozen, in FreezeInput) map[string]asset.Meta {
	used := map[string]asset.Meta{}
	for _, frozen := range screens {
		for _, b := range frozen.Blocks {
			uses, _ := asset.Find(b.Props)
			for _, use := range uses {
				if meta, there := in.Assets[use.Hash]; there {
					used[use.Hash] = meta
				} else if in.Live != nil {
					if meta, there := in.Live.Assets[use.Hash]; there {
						used[use.Hash] = meta
					}
				}
			}
		}
	}
	return used
}

func drafts(c Content) []screen.Draft {
	all := make([]screen.Draft, 0, len(c.Screens))
	for _, key := range sortedKeys(c.Screens) {
		if d, err := c.Screens[key].Draft(); err == nil {
			all = append(all, d)
		}
	}
	return all
}

// used returns the definitions that the screens are stamped with, and those that their fallbacks lead to.
func used(screens map[string]screen.Frozen, known component.Catalogue) component.Catalogue {
	type id struct {
		key     string
		version component.Version
	}
	found := map[id]component.Definition{}
	var follow func(d component.Definition)
	follow = func(d component.Definition) {
		at := id{d.Key, d.Version}
		if _, seen := found[at]; seen {
			return
		}
		found[at] = d
		if d.Fallback == nil {
			return
		}
		if next, ok := known.Newest(d.Fallback.Component, d.Fallback.Major); ok {
			follow(next)
		}
	}
	for _, frozen := range screens {
		for _, b := range frozen.Blocks {
			version, err := component.ParseVersion(b.Version)
			if err != nil || b.Component == screen.IncludeComponent {
				continue
			}
			if d, ok := known.Exact(b.Component, version); ok {
				follow(d)
			}
		}
	}
	defs := make([]component.Definition, 0, len(found))
	for _, d := range found {
		defs = append(defs, d)
	}
	return component.NewCatalogue(defs)
}
