package graph

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
)

// link is how our own subgraph says which directives of Federation it uses.
const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])

`

// Subgraph returns our own part of the graph as services compose with it: everything with an id is an entity, to which they
// may add fields, and PageInfo may be used by all.
func Subgraph(schema *ast.Schema) string {
	own := *schema
	own.Types = map[string]*ast.Definition{}
	for name, d := range schema.Types {
		switch {
		case d.Kind == ast.Object && slices.Contains(d.Interfaces, "Node"):
			d = directed(d, "key", &ast.Argument{Name: "fields", Value: &ast.Value{Raw: "id", Kind: ast.StringValue}})
		case name == "PageInfo":
			d = directed(d, "shareable")
		}
		own.Types[name] = d
	}
	own.Query, own.Mutation, own.Subscription = own.Types["Query"], own.Types["Mutation"], own.Types["Subscription"]
	var text strings.Builder
	text.WriteString(link)
	formatter.NewFormatter(&text, formatter.WithIndent("  ")).FormatSchema(&own)
	return text.String()
}

// directed is a definition with one directive more.
func directed(d *ast.Definition, name string, arguments ...*ast.Argument) *ast.Definition {
	with := *d
	with.Directives = append(slices.Clone(d.Directives), &ast.Directive{Name: name, Arguments: arguments})
	return &with
}
