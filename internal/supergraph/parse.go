//sonata:pure

package supergraph

import (
	"errors"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
)

// reader turns one SDL into a service.
type reader struct {
	composer *composer
	svc      *service
	links    links
	// roots maps what the service calls its root types to Query, Mutation and Subscription.
	roots map[string]string
	// defined are the directives that the SDL defines, by the service's names.
	defined map[string]*ast.DirectiveDefinition
	// version1 are the directives of Federation that are used without @link.
	version1 map[string]*ast.Position
	// custom are the directives of the service's own, none of which may be applied.
	custom []*ast.DirectiveDefinition
	failed bool
}

func (r *reader) errorf(at *ast.Position, code, hint, format string, args ...any) {
	r.failed = true
	r.composer.errorf(r.svc, at, code, hint, format, args...)
}

func (r *reader) read(sdl string) {
	if len(sdl) > maxSDL {
		r.errorf(nil, "SCHEMA_TOO_LARGE", "publish what the service adds to the graph only", "the schema has %d bytes, more than %d", len(sdl), maxSDL)
		return
	}
	doc, err := parser.ParseSchema(&ast.Source{Name: r.svc.name, Input: sdl})
	if err != nil {
		r.invalid(err)
		return
	}
	if n := len(doc.Definitions) + len(doc.Extensions) + len(doc.Directives) + len(doc.Schema) + len(doc.SchemaExtension); n > maxDefinitions {
		r.errorf(nil, "SCHEMA_TOO_LARGE", "publish what the service adds to the graph only", "the schema has %d definitions, more than %d", n, maxDefinitions)
		return
	}
	if len(doc.DirectiveExtensions) > 0 {
		d := doc.DirectiveExtensions[0]
		r.errorf(d.Position, "UNSUPPORTED_DIRECTIVE", "remove the extension", "the directive @%s is extended, which is not supported", d.Name)
		return
	}
	r.version1 = map[string]*ast.Position{}
	schema := append(slices.Clone(doc.Schema), doc.SchemaExtension...)
	r.readLinks(schema)
	r.svc.linked = r.links.federation != nil
	r.readDirectiveDefinitions(doc)
	r.checkSchemaDirectives(schema)
	r.readRoots(doc, schema)
	if r.failed {
		return
	}
	r.fold(doc)
	r.checkVersion1(r.version1)
	if r.failed {
		return
	}
	r.strip()
	r.takeNode()
	if r.failed {
		return
	}
	r.validate()
}

// invalid reports what gqlparser says.
func (r *reader) invalid(err error) {
	var list gqlerror.List
	var one *gqlerror.Error
	switch {
	case errors.As(err, &one):
		list = gqlerror.List{one}
	case errors.As(err, &list):
	default:
		list = gqlerror.List{{Message: err.Error()}}
	}
	for _, e := range list {
		at := &ast.Position{}
		if len(e.Locations) > 0 {
			at.Line, at.Column = e.Locations[0].Line, e.Locations[0].Column
		}
		r.errorf(at, "INVALID_GRAPHQL", "correct this place: the schema of every service must be valid by itself", "%s", e.Message)
	}
}

// readRoots reads which types are the roots, from the schema definition or by their usual names.
func (r *reader) readRoots(doc *ast.SchemaDocument, schema []*ast.SchemaDefinition) {
	r.roots = map[string]string{}
	taken := map[string]bool{}
	if len(doc.Schema) > 1 {
		r.errorf(doc.Schema[1].Position, "INVALID_GRAPHQL", "join both", "there are two schema definitions")
	}
	for _, def := range schema {
		for _, op := range def.OperationTypes {
			name := map[ast.Operation]string{ast.Query: "Query", ast.Mutation: "Mutation", ast.Subscription: "Subscription"}[op.Operation]
			if _, again := r.roots[op.Type]; again || taken[name] {
				r.errorf(op.Position, "INVALID_GRAPHQL", "name each root once, and a type of its own", "the root %s is given twice, or its type is another root, too", op.Operation)
				continue
			}
			r.roots[op.Type], taken[name] = name, true
		}
	}
	defined := map[string]*ast.Definition{}
	for _, d := range append(slices.Clone(doc.Extensions), doc.Definitions...) {
		defined[d.Name] = d
	}
	for name := range r.roots {
		if defined[name] == nil {
			r.errorf(schema[0].Position, "INVALID_GRAPHQL", "define it, or do not name it", "the root type %s is not defined", name)
		}
	}
	named := len(r.roots) > 0
	for _, root := range []string{"Query", "Mutation", "Subscription"} {
		switch d := defined[root]; {
		case r.roots[root] != "": // it is a root, if perhaps another one, and is called so from here on
		case d == nil, !named:
			r.roots[root] = root
		default:
			r.errorf(d.Position, "ROOT_"+strings.ToUpper(root)+"_USED", "name that type differently, or name it in the schema definition",
				"the type %s has the name of a root type, and the schema definition does not make it one", root)
		}
	}
}

// fold joins definitions and extensions, and gives types and directives the names they have in the graph.
func (r *reader) fold(doc *ast.SchemaDocument) {
	for _, d := range doc.Definitions {
		if t := r.svc.types[r.rename(d.Name)]; t != nil {
			r.errorf(d.Position, "INVALID_GRAPHQL", "write one definition, and extensions beside it", "the type %s is defined twice", d.Name)
			continue
		}
		r.addPart(d, false)
	}
	for _, d := range doc.Extensions {
		r.addPart(d, true)
	}
}

func (r *reader) rename(name string) string {
	if root, ok := r.roots[name]; ok {
		return root
	}
	return name
}

func (r *reader) renameType(t *ast.Type) {
	for ; t != nil; t = t.Elem {
		if t.NamedType != "" {
			t.NamedType = r.rename(t.NamedType)
		}
	}
}

func (r *reader) addPart(d *ast.Definition, extension bool) {
	if strings.HasPrefix(d.Name, "__") {
		r.errorf(d.Position, "INVALID_GRAPHQL", "choose another name", "the name %s begins with __, which is reserved", d.Name)
		return
	}
	r.cleanPart(d)
	t := r.svc.types[d.Name]
	if t == nil {
		t = &typ{svc: r.svc, def: d, fields: map[string]*field{}, extended: extension}
		r.svc.types[d.Name] = t
	} else if t.def.Kind != d.Kind {
		r.errorf(d.Position, "INVALID_GRAPHQL", "extend it as what it is", "%s is extended as another kind of type than it is", d.Name)
		return
	}
	for _, dir := range d.Directives {
		if dir.Name == "key" {
			resolvable := true
			if a := dir.Arguments.ForName("resolvable"); a != nil && a.Value.Raw == "false" {
				resolvable = false
			}
			t.keys = append(t.keys, &key{at: dir.Position, resolvable: resolvable, onExtension: extension})
		}
	}
	r.spread(d)
	if t.def == d {
		return
	}
	t.def.Directives = append(t.def.Directives, d.Directives...)
	t.def.Interfaces = append(t.def.Interfaces, d.Interfaces...)
	t.def.Fields = append(t.def.Fields, d.Fields...)
	t.def.Types = append(t.def.Types, d.Types...)
	t.def.TypePositions = append(t.def.TypePositions, d.TypePositions...)
	t.def.EnumValues = append(t.def.EnumValues, d.EnumValues...)
	if t.def.Description == "" {
		t.def.Description = d.Description
	}
}

// spread hands @shareable and @external of a type on to the fields that stand in the same part of it, which is whom they
// are meant for.
func (r *reader) spread(d *ast.Definition) {
	for _, name := range []string{"shareable", "external"} {
		dir := d.Directives.ForName(name)
		if dir == nil || d.Kind != ast.Object {
			continue
		}
		for _, f := range d.Fields {
			if f.Directives.ForName(name) == nil {
				f.Directives = append(f.Directives, &ast.Directive{Name: name, Position: dir.Position})
			}
		}
	}
}

// cleanPart renames what a part names, and checks the directives on it.
func (r *reader) cleanPart(d *ast.Definition) {
	d.Name = r.rename(d.Name)
	for i, name := range d.Interfaces {
		d.Interfaces[i] = r.rename(name)
	}
	for i, name := range d.Types {
		d.Types[i] = r.rename(name)
	}
	d.Directives = r.cleanDirectives(d.Directives)
	for _, f := range d.Fields {
		r.renameType(f.Type)
		f.Directives = r.cleanDirectives(f.Directives)
		for _, a := range f.Arguments {
			r.renameType(a.Type)
			a.Directives = r.cleanDirectives(a.Directives)
		}
	}
	for _, v := range d.EnumValues {
		v.Directives = r.cleanDirectives(v.Directives)
	}
}

// validate checks the service's schema by itself, with the definitions of the directives that are known here.
func (r *reader) validate() {
	defs := map[string]*ast.Definition{}
	for name, t := range r.svc.types {
		defs[name] = t.def
		r.svc.names = append(r.svc.names, name)
	}
	slices.Sort(r.svc.names)
	if r.checkReferences(); r.failed {
		return
	}
	if work(defs) > maxWork {
		r.errorf(nil, "SCHEMA_TOO_LARGE", "split the largest types", "the types have so many members that the schema is not looked at")
		return
	}
	doc := validator.PreludeDocument()
	known := builtinSource(directiveSDL)
	doc.Definitions = append(doc.Definitions, known.Definitions...)
	doc.Directives = append(doc.Directives, known.Directives...)
	doc.Directives = append(doc.Directives, r.custom...)
	for _, name := range []string{"access", "published"} {
		if d := r.svc.directives[name]; d != nil {
			doc.Directives = append(doc.Directives, d)
		}
	}
	for _, name := range r.svc.names {
		doc.Definitions = append(doc.Definitions, r.svc.types[name].def)
	}
	schema, err := validator.ValidateSchemaDocument(doc)
	if err != nil {
		r.invalid(err)
		return
	}
	// Validation gives the query type the fields of introspection.
	if q := r.svc.types["Query"]; q != nil {
		q.def.Fields = slices.DeleteFunc(q.def.Fields, func(f *ast.FieldDefinition) bool { return strings.HasPrefix(f.Name, "__") })
	}
	r.svc.schema = schema
	for _, name := range r.svc.names {
		t := r.svc.types[name]
		if t.def.Kind != ast.Object && t.def.Kind != ast.Interface {
			continue
		}
		for _, f := range t.def.Fields {
			t.fields[f.Name] = newField(t, f)
		}
	}
}

func newField(t *typ, def *ast.FieldDefinition) *field {
	f := &field{typ: t, def: def}
	f.external = def.Directives.ForName("external") != nil
	f.marked = def.Directives.ForName("shareable") != nil
	f.shareable = f.marked
	if f.override = def.Directives.ForName("override"); f.override != nil {
		f.from, _ = argument(f.override, "from")
	}
	return f
}
