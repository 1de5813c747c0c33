package component

import (
	"context"
	"fmt"

	"sonata.ai/sonata/ent"
	entbuild "sonata.ai/sonata/ent/build"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/frontend"
	"sonata.ai/sonata/internal/principal"
)

// Types returns the blocks of a frontend, by id or slug, as TypeScript declares them: those that a build can render, by its
// name, or with "" the newest minor of each major version of each component. Fault: NotFound, for the frontend also when
// the caller may not read its content.
func (c *Components) Types(ctx context.Context, frontendRef, build string) (string, error) {
	f, err := frontend.Find(ctx, c.store.Reader(ctx), frontendRef, principal.ContentRead)
	if err != nil {
		return "", err
	}
	all, err := c.Catalogue(ctx, f.ID)
	if err != nil {
		return "", err
	}
	if build == "" {
		return TypeScript(fmt.Sprintf("The blocks of the frontend %s: the newest minor of each component's major versions.", f.Slug), all.newest())
	}
	row, err := c.store.Reader(ctx).Build.Query().Where(entbuild.FrontendID(f.ID), entbuild.Name(build)).WithManifest().Only(ctx)
	if ent.IsNotFound(err) {
		return "", fault.NotFoundf("the frontend %s has no build of this name: leave the build out for the newest of everything, or ask `builds` which there are", f.Slug).At("build")
	}
	if err != nil {
		return "", fmt.Errorf("read build: %w", err)
	}
	rendered, err := c.Build(ctx, f.ID, row.Edges.Manifest.Hash)
	if err != nil {
		return "", err
	}
	return TypeScript(fmt.Sprintf("The blocks of the frontend %s that its build %s can render.", f.Slug, row.Name), rendered.Registered.All())
}

// newest is the newest minor of each major version of each component.
func (c Catalogue) newest() (list []Definition) {
	for _, key := range c.Keys() {
		versions := c.byKey[key]
		for i, d := range versions {
			if i+1 == len(versions) || versions[i+1].Version.Major != d.Version.Major {
				list = append(list, d)
			}
		}
	}
	return list
}
