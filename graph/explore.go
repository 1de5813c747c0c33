package graph

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"

	"sonata.ai/sonata/internal/principal"
)

// view is the schema as some scopes reach it.
type view struct {
	schema *ast.Schema
	sdl    func() string // printed when it is first asked for
}

// Explore returns the schema as far as the caller's scopes reach. It decides for everything that shows the schema:
// introspection, its text, generated code. Fault: Forbidden without the scope graph:explore.
func (g *Guard) Explore(ctx context.Context) (*ast.Schema, error) {
	v, err := g.view(ctx)
	if err != nil {
		return nil, err
	}
	return v.schema, nil
}

// SDL returns the same as text. Fault: Forbidden without the scope graph:explore.
func (g *Guard) SDL(ctx context.Context) (string, error) {
	v, err := g.view(ctx)
	if err != nil {
		return "", err
	}
	return v.sdl(), nil
}

func (g *Guard) view(ctx context.Context) (*view, error) {
	if !explores(ctx) {
		g.refused(ctx, g.schema.Query.Name, "__schema")
		return nil, needsScope(ctx, principal.GraphExplore)
	}
	scopes := principal.From(ctx).Scopes()
	key := strings.Join(scopes, " ")
	if known, ok := g.views.Get(key); ok {
		return known, nil
	}
	schema := reach(g.schema, g.needs, scopes)
	v := &view{schema: schema, sdl: sync.OnceValue(func() string {
		var text strings.Builder
		formatter.NewFormatter(&text, formatter.WithIndent("  ")).FormatSchema(schema)
		return text.String()
	})}
	g.views.Add(key, v)
	return v, nil
}

// explores reports whether the caller may know the schema.
func explores(ctx context.Context) bool { return principal.From(ctx).Has(principal.GraphExplore) }

// reach returns the part of a schema that some scopes reach: fields that they may read and whose answer has something
// to read, and the types that those lead to.
func reach(full *ast.Schema, n needs, scopes []string) *ast.Schema {
	r := reacher{full: full, needs: n, scopes: scopes, shut: map[string]bool{}, kept: map[string]*ast.Definition{}}
	for r.shutMore() { // a type whose fields all lead nowhere is shut too
	}
	for _, root := range []*ast.Definition{full.Query, full.Mutation, full.Subscription} {
		if root != nil && !r.shut[root.Name] {
			r.keep(root)
		}
	}
	for name, d := range full.Types {
		if d.BuiltIn || strings.HasPrefix(name, "__") {
			r.kept[name] = d
		}
	}
	return r.schema()
}

type reacher struct {
	full   *ast.Schema
	needs  needs
	scopes []string
	shut   map[string]bool // object and interface types without a field to read
	kept   map[string]*ast.Definition
}

func (r *reacher) shutMore() (more bool) {
	for name, d := range r.full.Types {
		if r.shut[name] || d.Kind != ast.Object && d.Kind != ast.Interface || strings.HasPrefix(name, "__") {
			continue
		}
		open := slices.ContainsFunc(d.Fields, func(f *ast.FieldDefinition) bool { return r.open(d, f) })
		if d.Kind == ast.Interface {
			open = open && slices.ContainsFunc(r.full.PossibleTypes[name], func(p *ast.Definition) bool { return !r.shut[p.Name] })
		}
		if !open {
			r.shut[name], more = true, true
		}
	}
	return more
}

func (r *reacher) open(d *ast.Definition, f *ast.FieldDefinition) bool {
	scope := r.needs[d.Name][f.Name]
	return !strings.HasPrefix(f.Name, "__") && (scope == "" || slices.Contains(r.scopes, scope)) && !r.shut[f.Type.Name()]
}

// keep takes a type with everything that it leads to.
func (r *reacher) keep(d *ast.Definition) {
	if d == nil || r.kept[d.Name] != nil {
		return
	}
	c := *d
	r.kept[d.Name] = &c
	c.Directives, c.Fields, c.Interfaces = shown(d.Directives), nil, nil
	for _, f := range d.Fields {
		if d.Kind != ast.InputObject && !r.open(d, f) {
			continue
		}
		field := *f
		field.Directives = shown(f.Directives)
		c.Fields = append(c.Fields, &field)
		r.keep(r.full.Types[f.Type.Name()])
		for _, a := range f.Arguments {
			r.keep(r.full.Types[a.Type.Name()])
		}
	}
	for _, name := range d.Interfaces {
		if !r.shut[name] {
			c.Interfaces = append(c.Interfaces, name)
			r.keep(r.full.Types[name])
		}
	}
	if d.Kind == ast.Interface || d.Kind == ast.Union {
		for _, p := range r.full.PossibleTypes[d.Name] {
			if !r.shut[p.Name] {
				r.keep(p)
			}
		}
	}
}

func (r *reacher) schema() *ast.Schema {
	out := *r.full
	out.Types, out.Directives = r.kept, map[string]*ast.DirectiveDefinition{}
	out.PossibleTypes, out.Implements = r.among(r.full.PossibleTypes), r.among(r.full.Implements)
	for name, d := range r.full.Directives {
		if !hidden(name) {
			out.Directives[name] = d
		}
	}
	out.Query, out.Mutation, out.Subscription = r.root(r.full.Query), r.root(r.full.Mutation), r.root(r.full.Subscription)
	return &out
}

func (r *reacher) root(d *ast.Definition) *ast.Definition {
	if d == nil {
		return nil
	}
	return r.kept[d.Name]
}

// among keeps of a relation between types what is between types that are kept.
func (r *reacher) among(relation map[string][]*ast.Definition) map[string][]*ast.Definition {
	out := map[string][]*ast.Definition{}
	for name, list := range relation {
		if r.kept[name] == nil {
			continue
		}
		for _, d := range list {
			if k := r.kept[d.Name]; k != nil {
				out[name] = append(out[name], k)
			}
		}
	}
	return out
}

// hidden are the directives that classify the contract for us: they say nothing about how to use it.
func hidden(directive string) bool { return directive == "access" || directive == "published" }

func shown(list ast.DirectiveList) ast.DirectiveList {
	return slices.DeleteFunc(slices.Clone(list), func(d *ast.Directive) bool { return hidden(d.Name) })
}
