//sonata:pure

package supergraph

import (
	"errors"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
)

// finish prints the graph and validates what clients see.
func (c *composer) finish() {
	full, api := &ast.SchemaDocument{}, &ast.SchemaDocument{}
	defs := map[string]*ast.Definition{}
	anyHidden := false
	for _, name := range c.names {
		def := c.merged[name].def
		defs[name] = def
		shown, same := c.visible(def)
		anyHidden = anyHidden || !same
		if shown != nil {
			api.Definitions = append(api.Definitions, ownFields(shown))
		}
		full.Definitions = append(full.Definitions, c.withNodes(withoutHiding(def, same)))
	}
	if work(defs) > maxWork {
		c.errorf(nil, nil, "SCHEMA_TOO_LARGE", "split the largest types", "the types have so many members together that the graph is not looked at")
		return
	}
	directives := c.directiveDefinitions()
	full.Directives, api.Directives = directives, slices.Clone(directives)
	sdl := printDocument(full)
	schema := c.validated(api)
	if schema != nil && anyHidden {
		c.validated(full)
	}
	if c.failed {
		return
	}
	c.api = schema.Types
	c.super = &Supergraph{SDL: sdl, API: schema}
}

// validated adds what every schema has and validates.
func (c *composer) validated(doc *ast.SchemaDocument) *ast.Schema {
	prelude := validator.PreludeDocument()
	prelude.Merge(doc)
	schema, err := validator.ValidateSchemaDocument(prelude)
	if err == nil {
		return schema
	}
	var one *gqlerror.Error
	at := &ast.Position{}
	message := err.Error()
	if errors.As(err, &one) {
		message = one.Message
		if len(one.Locations) > 0 {
			file, _ := one.Extensions["file"].(string)
			at = &ast.Position{Line: one.Locations[0].Line, Column: one.Locations[0].Column, Src: &ast.Source{Name: file}}
		}
	}
	c.at(at, "INVALID_GRAPHQL", "the services fit one by one and not together: see what the others say of this element", "the graph is not valid: %s", message)
	return nil
}

// ownFields copies the query type: validation gives it the fields of introspection.
func ownFields(def *ast.Definition) *ast.Definition {
	if def.Name != "Query" {
		return def
	}
	out := *def
	out.Fields = slices.Clone(def.Fields)
	return &out
}

func printDocument(doc *ast.SchemaDocument) string {
	var b strings.Builder
	members := 0
	for _, d := range doc.Definitions {
		members += 1 + len(d.Fields) + len(d.EnumValues)
	}
	b.Grow(32 * members)
	formatter.NewFormatter(&b, formatter.WithIndent("  ")).FormatSchemaDocument(doc)
	return b.String()
}

// directiveDefinitions are those of the directives that stay visible, where something uses them or the owned subgraph
// defines them.
func (c *composer) directiveDefinitions() ast.DirectiveDefinitionList {
	used := map[string]bool{}
	mark := func(list ast.DirectiveList) {
		for _, d := range list {
			used[d.Name] = true
		}
	}
	for _, m := range c.merged {
		mark(m.def.Directives)
		for _, f := range m.def.Fields {
			mark(f.Directives)
			for _, a := range f.Arguments {
				mark(a.Directives)
			}
		}
		for _, v := range m.def.EnumValues {
			mark(v.Directives)
		}
	}
	defined := map[string]*ast.DirectiveDefinition{}
	if c.owned != nil {
		for name, d := range c.owned.directives {
			defined[name] = d
		}
	}
	if doc, err := parser.ParseSchema(&ast.Source{Input: apiSDL}); err == nil {
		for _, d := range doc.Directives {
			if defined[d.Name] == nil && used[d.Name] {
				defined[d.Name] = d
			}
		}
	}
	var out ast.DirectiveDefinitionList
	for _, name := range keptDirectives() {
		if d := defined[name]; d != nil {
			out = append(out, d)
		}
	}
	return out
}

func withoutDirective(list ast.DirectiveList) ast.DirectiveList {
	if hidden(list) == nil {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), func(d *ast.Directive) bool { return d.Name == "inaccessible" })
}

// withoutHiding is the definition as the planner needs it: with everything, and without the directive that says what
// is hidden.
func withoutHiding(def *ast.Definition, same bool) *ast.Definition {
	if same {
		return def
	}
	out := *def
	out.Directives = withoutDirective(def.Directives)
	out.Fields, out.EnumValues = nil, nil
	for _, f := range def.Fields {
		g := *f
		g.Directives, g.Arguments = withoutDirective(f.Directives), nil
		for _, a := range f.Arguments {
			b := *a
			b.Directives = withoutDirective(a.Directives)
			g.Arguments = append(g.Arguments, &b)
		}
		out.Fields = append(out.Fields, &g)
	}
	for _, v := range def.EnumValues {
		w := *v
		w.Directives = withoutDirective(v.Directives)
		out.EnumValues = append(out.EnumValues, &w)
	}
	return &out
}

// visible is the definition as clients see it, or nil. same says that nothing of it is hidden.
func (c *composer) visible(def *ast.Definition) (shown *ast.Definition, same bool) {
	if hidden(def.Directives) != nil {
		return nil, false
	}
	hiddenName := func(name string) bool {
		m := c.merged[name]
		return m != nil && hidden(m.def.Directives) != nil
	}
	same = !slices.ContainsFunc(def.Interfaces, hiddenName) && !slices.ContainsFunc(def.Types, hiddenName) &&
		!slices.ContainsFunc(def.EnumValues, func(v *ast.EnumValueDefinition) bool { return hidden(v.Directives) != nil }) &&
		!slices.ContainsFunc(def.Fields, func(f *ast.FieldDefinition) bool {
			return hidden(f.Directives) != nil ||
				slices.ContainsFunc(f.Arguments, func(a *ast.ArgumentDefinition) bool { return hidden(a.Directives) != nil })
		})
	if same {
		return def, true
	}
	out := *def
	out.Interfaces = slices.DeleteFunc(slices.Clone(def.Interfaces), hiddenName)
	out.Types = slices.DeleteFunc(slices.Clone(def.Types), hiddenName)
	out.EnumValues = slices.DeleteFunc(slices.Clone(def.EnumValues), func(v *ast.EnumValueDefinition) bool { return hidden(v.Directives) != nil })
	out.Fields = nil
	for _, f := range def.Fields {
		if hidden(f.Directives) != nil {
			continue
		}
		g := *f
		g.Arguments = slices.DeleteFunc(slices.Clone(f.Arguments), func(a *ast.ArgumentDefinition) bool { return hidden(a.Directives) != nil })
		out.Fields = append(out.Fields, &g)
	}
	return &out, false
}
