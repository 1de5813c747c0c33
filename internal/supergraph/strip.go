//sonata:pure

package supergraph

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// readDirectiveDefinitions keeps the definitions that mean something here, and says what is dropped.
func (r *reader) readDirectiveDefinitions(doc *ast.SchemaDocument) {
	r.defined = map[string]*ast.DirectiveDefinition{}
	r.svc.directives = map[string]*ast.DirectiveDefinition{}
	var custom []*ast.DirectiveDefinition
	for _, d := range doc.Directives {
		if strings.HasPrefix(d.Name, "__") {
			r.errorf(d.Position, "INVALID_GRAPHQL", "choose another name", "the name @%s begins with __, which is reserved", d.Name)
			continue
		}
		r.defined[d.Name] = d
		switch d.Name {
		case "access", "published", "cost", "listSize":
			r.svc.directives[d.Name] = d
			continue
		case "skip", "include", "deprecated", "specifiedBy", "oneOf", "defer", r.links.link:
			continue
		}
		if _, ok := r.links.directiveName(d.Name); ok || strings.Contains(d.Name, "__") {
			continue
		}
		if since, _ := federationSince(d.Name); since >= 0 {
			continue // servers print all of them, used or not
		}
		custom = append(custom, d)
		if slices.ContainsFunc(d.Locations, executable) {
			r.composer.add(Warning, r.svc, d.Position, "DIRECTIVE_DROPPED", "clients of the graph cannot use it: remove it from the schema that you publish",
				"the directive @%s for operations is not part of the graph", d.Name)
		}
	}
	// Definitions that are dropped are checked all the same: one that uses itself, or another, is refused for that.
	for _, d := range custom {
		d.Directives = r.cleanDirectives(d.Directives)
		for _, a := range d.Arguments {
			a.Directives = r.cleanDirectives(a.Directives)
		}
	}
	r.custom = custom
	if r.svc.owned {
		for _, d := range builtinSource(ownedSDL).Directives {
			if r.svc.directives[d.Name] == nil {
				r.svc.directives[d.Name] = d
			}
		}
	}
}

func executable(l ast.DirectiveLocation) bool {
	switch l {
	case ast.LocationQuery, ast.LocationMutation, ast.LocationSubscription, ast.LocationField, ast.LocationFragmentDefinition,
		ast.LocationFragmentSpread, ast.LocationInlineFragment, ast.LocationVariableDefinition:
		return true
	}
	return false
}

// checkSchemaDirectives refuses directives on the schema, other than @link and @tag.
func (r *reader) checkSchemaDirectives(schema []*ast.SchemaDefinition) {
	for _, def := range schema {
		rest := slices.DeleteFunc(slices.Clone(def.Directives), func(d *ast.Directive) bool { return d.Name == r.links.link })
		r.cleanDirectives(rest)
	}
}

// cleanDirectives gives directives the names of Federation and refuses those that are not implemented: a directive is
// never ignored.
func (r *reader) cleanDirectives(list ast.DirectiveList) ast.DirectiveList {
	for _, d := range list {
		name, linked := r.links.directiveName(d.Name)
		switch {
		case linked:
			if _, implemented := federationSince(name); !implemented {
				r.unsupported(d, name)
				continue
			}
			d.Name = name
			if name == "override" && d.Arguments.ForName("label") != nil {
				r.errorf(d.Position, "UNSUPPORTED_DIRECTIVE", "remove the label: the override is complete or it is not", "@override with a label is not supported")
			}
		case d.Name == "deprecated", d.Name == "specifiedBy", d.Name == "oneOf":
		case d.Name == "access", d.Name == "published":
			if !r.svc.owned {
				r.unsupported(d, d.Name)
			}
		case r.defined[d.Name] != nil && (d.Name == "cost" || d.Name == "listSize"), r.svc.owned && (d.Name == "cost" || d.Name == "listSize"):
		default:
			r.unknownDirective(d)
		}
	}
	return list
}

func (r *reader) unsupported(d *ast.Directive, name string) {
	hint := "remove it: a directive that is not implemented is refused, because ignoring it would be wrong"
	switch name {
	case "extends":
		hint = "write extend type instead"
	case "policy":
		hint = "use @requiresScopes"
	case "access", "published":
		hint = "use @authenticated or @requiresScopes: this directive is the platform's own"
	}
	r.errorf(d.Position, "UNSUPPORTED_DIRECTIVE", hint, "the directive @%s is not supported", name)
}

func (r *reader) unknownDirective(d *ast.Directive) {
	since, _ := federationSince(d.Name)
	switch {
	case since >= 0 && r.links.federation == nil:
		if r.version1[d.Name] == nil {
			r.version1[d.Name] = d.Position
		}
	case since >= 0 && r.defined[d.Name] == nil:
		r.errorf(d.Position, "INVALID_GRAPHQL", `add "@`+d.Name+`" to the import of @link, or write @`+r.links.namespace+"__"+d.Name,
			"the directive @%s is not imported", d.Name)
	case r.defined[d.Name] == nil:
		r.errorf(d.Position, "INVALID_GRAPHQL", "remove it, or see whether it is misspelled", "the directive @%s is not defined", d.Name)
	default:
		r.unsupported(d, d.Name)
	}
}

// strip removes what servers print beside their schema: the scalars, the union and the root fields by which Federation
// asks a service.
func (r *reader) strip() {
	types := r.svc.types
	for name, t := range types {
		prefix, _, special := strings.Cut(name, "__")
		switch {
		case name == "_Any", name == "_Service", name == "_Entity",
			special && (prefix == "link" || prefix == r.links.link || prefix == "federation" || prefix == r.links.namespace),
			t.def.Kind == ast.Scalar && r.links.scalars[name] != "", r.links.ofLink[name]:
			delete(types, name)
		}
	}
	if q := types["Query"]; q != nil {
		q.def.Fields = slices.DeleteFunc(q.def.Fields, func(f *ast.FieldDefinition) bool { return f.Name == "_entities" || f.Name == "_service" })
	}
	if t := types["FieldSet"]; t != nil && t.def.Kind == ast.Scalar && !r.mentions("FieldSet") {
		delete(types, "FieldSet")
	}
	if t := types["_FieldSet"]; t != nil && t.def.Kind == ast.Scalar && !r.mentions("_FieldSet") {
		delete(types, "_FieldSet")
	}
	for _, name := range builtinScalars() {
		if t := types[name]; t != nil && t.def.Kind == ast.Scalar {
			if d := t.def.Directives.ForName("inaccessible"); d != nil {
				r.errorf(d.Position, "DISALLOWED_INACCESSIBLE", "remove it", "the scalar %s is part of GraphQL, and cannot be @inaccessible", name)
			}
			delete(types, name)
		}
	}
	r.dropEmptyRoots()
}

// mentions says whether a field or an argument has this type.
func (r *reader) mentions(name string) bool {
	for _, t := range r.svc.types {
		for _, f := range t.def.Fields {
			if f.Type.Name() == name || slices.ContainsFunc(f.Arguments, func(a *ast.ArgumentDefinition) bool { return a.Type.Name() == name }) {
				return true
			}
		}
	}
	return false
}

func (r *reader) dropEmptyRoots() {
	for _, name := range []string{"Query", "Mutation", "Subscription"} {
		if t := r.svc.types[name]; t != nil && t.def.Kind == ast.Object && len(t.def.Fields) == 0 {
			delete(r.svc.types, name)
		}
	}
}
