package delivery

import (
	"context"
	"fmt"

	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/component"
)

// renderKey is what a rendered screen depends on: everything else about it never changes.
type renderKey struct{ release, screen, build string }

// rendered is a screen as one build is served it, without what a request adds.
type rendered struct {
	root         string // "" when the build cannot render the root
	build        string // the manifest, or asStamped or unknownBuild
	blocks       []Block
	degradations []component.Degradation
	hash         string
	id           string // of the snapshot for no parameters
	warnings     []Warning
	bound        []boundBlock // what data is filled into for each request
}

// The builds that are not a manifest.
const (
	asStamped    = "-"
	unknownBuild = "?"
)

// render negotiates one screen of a source. What is published is rendered once per build and kept.
func (d *Delivery) render(ctx context.Context, src *source, key string, manifest *string) (*rendered, error) {
	var build *component.Build
	name, known := asStamped, true
	if manifest != nil && *manifest == unknownBuild {
		name, known = unknownBuild, false
	} else if manifest != nil {
		var err error
		if build, err = d.components.Build(ctx, src.frontend, *manifest); err != nil {
			return nil, err
		}
		if known = build != nil; known {
			name = *manifest
			if src.ref != nil { // who looks at drafts only plays the build
				d.seen.note(src.frontend, *manifest)
			}
		} else {
			name = unknownBuild
		}
	}
	if src.ref == nil {
		return d.negotiate(src, key, name, build, known)
	}
	at := renderKey{release: src.ref.ID, screen: key, build: name}
	if kept, ok := d.rendered.Get(at); ok {
		return kept, nil
	}
	r, err := d.negotiate(src, key, name, build, known)
	if err == nil {
		d.rendered.Add(at, r)
	}
	return r, err
}

func (d *Delivery) negotiate(src *source, key, name string, build *component.Build, known bool) (*rendered, error) {
	r := &rendered{build: name}
	if !known {
		r.warnings = append(r.warnings, Warning{
			"UNKNOWN_MANIFEST", "no build of this frontend registered the manifest: the most conservative fallbacks are served; register it with buildRegister",
		})
	}
	filled, ok := src.filled(key)
	if !ok {
		return r, nil
	}
	served := component.Negotiate(filled.Tree, src.content.Components, build, known, d.components.Schemas)
	r.root, r.degradations = served.Root, served.Degradations
	for _, b := range served.Blocks {
		props, err := canonical.Marshal(b.Props)
		if err != nil {
			return nil, fmt.Errorf("encode props of %s: %w", b.Key, err)
		}
		block := Block{Key: b.Key, Component: b.Component, Version: b.Version.String(), Props: props, Slots: []Slot{}}
		for _, s := range b.Slots {
			block.Slots = append(block.Slots, Slot{Name: s.Name, Blocks: s.Blocks})
		}
		if bound, is := boundOf(len(r.blocks), b); is {
			r.bound = append(r.bound, bound)
		}
		r.blocks = append(r.blocks, block)
	}
	frozen := src.content.Screens[key]
	hash, err := contentHash(frozen.Key, frozen.Title, frozen.Path, r)
	r.hash = hash
	r.id = snapshotID(&Snapshot{Key: key, Params: map[string]string{}, Release: src.ref, ContentHash: hash}, name)
	return r, err
}

// contentHash covers the picture, not where it comes from.
func contentHash(key, title, path string, r *rendered) (string, error) {
	return canonical.HashOf(map[string]any{
		"key": key, "title": title, "path": path, "root": r.root, "blocks": r.blocks, "degradations": r.degradations,
	})
}
