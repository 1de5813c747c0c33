//sonata:pure

package supergraph

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// mergeFields joins the fields of an object or an interface.
func (c *composer) mergeFields(m *mergedType) {
	m.fields = map[string]*mergedField{}
	var order []string
	for _, t := range m.parts {
		for _, def := range t.def.Fields {
			f := m.fields[def.Name]
			if f == nil {
				f = &mergedField{}
				m.fields[def.Name] = f
				order = append(order, def.Name)
			}
			f.parts = append(f.parts, t.fields[def.Name])
		}
	}
	for _, name := range order {
		if f := m.fields[name]; c.mergeField(m, f) {
			m.def.Fields = append(m.def.Fields, f.def)
		} else {
			delete(m.fields, name)
		}
	}
}

// mergeField joins what services say of one field. Those that call it external only have to agree.
func (c *composer) mergeField(m *mergedType, f *mergedField) bool {
	var own, external []*field
	for _, p := range f.parts {
		if p.external {
			external = append(external, p)
		} else {
			own = append(own, p)
		}
	}
	if len(own) == 0 {
		for _, p := range external {
			c.errorf(p.typ.svc, p.def.Position, "EXTERNAL_MISSING_ON_BASE", "resolve it in one service: there it is not @external",
				"%s is @external in every service that has it", p)
		}
		return false
	}
	first := own[0]
	if len(f.parts) == 1 && plain(first.def) {
		f.def = first.def
		return true
	}
	f.def = &ast.FieldDefinition{Name: first.def.Name, Position: first.def.Position}
	var types []typed
	var lists []ast.DirectiveList
	for _, p := range own {
		types = append(types, typed{p.typ.svc, p.def.Position, p.def.Type})
		lists = append(lists, p.def.Directives)
		if f.def.Description == "" {
			f.def.Description = p.def.Description
		}
	}
	if f.def.Type = c.widest(types); f.def.Type == nil {
		c.differ("FIELD_TYPE_MISMATCH", first.String(), types)
		return false
	}
	f.def.Directives = c.mergeDirectives(lists)
	c.mergeArguments(f, own)
	for _, p := range external {
		c.checkExternalAgrees(f, p, own)
	}
	if m.def.Kind == ast.Object {
		c.checkSharing(m, f)
	}
	return true
}

// plain says that neither a field nor its arguments have directives. Most have none, and are then used as they are.
func plain(f *ast.FieldDefinition) bool {
	if len(f.Directives) > 0 {
		return false
	}
	for _, a := range f.Arguments {
		if len(a.Directives) > 0 {
			return false
		}
	}
	return true
}

// checkSharing refuses a field that several services resolve unless all of them say that they mean the same by it.
func (c *composer) checkSharing(m *mergedType, f *mergedField) {
	var resolvers []*field
	for _, p := range f.parts {
		if p.resolved() {
			resolvers = append(resolvers, p)
		}
	}
	if len(resolvers) < 2 || c.owned != nil && m.def.Name == "PageInfo" && c.owned.types["PageInfo"] != nil {
		return
	}
	for _, p := range resolvers {
		if c.full(Error) {
			return
		}
		if m.def.Name == "Subscription" {
			c.errorf(p.typ.svc, p.def.Position, "INVALID_FIELD_SHARING", "leave it to one service", "%s has several sources: %s", p, serviceNames(resolvers))
			continue
		}
		if p.shareable {
			continue
		}
		hint := "mark it @shareable in each service when all of them resolve it in the same way; otherwise rename one, or use @override"
		if !p.typ.svc.linked {
			hint += `; this service needs extend schema @link(url: "` + federationURL + `v2.9", import: ["@shareable"])`
		}
		c.errorf(p.typ.svc, p.def.Position, "INVALID_FIELD_SHARING", hint, "%s is resolved by %s, and is not @shareable in %q", p, serviceNames(resolvers), p.typ.svc.name)
	}
}

func serviceNames(list []*field) string {
	names := make([]string, 0, len(list))
	for _, f := range list {
		names = append(names, f.typ.svc.name)
	}
	return enumerate(names)
}

// mergeArguments keeps the arguments that every service knows.
func (c *composer) mergeArguments(f *mergedField, own []*field) {
	var order []string
	given := make([]map[string]*ast.ArgumentDefinition, len(own))
	seen := map[string]bool{}
	for i, p := range own {
		given[i] = byName(p.def.Arguments, argumentName)
		for _, a := range p.def.Arguments {
			if !seen[a.Name] {
				seen[a.Name] = true
				order = append(order, a.Name)
			}
		}
	}
	for _, name := range order {
		if a := c.mergeArgument(name, own, given); a != nil {
			f.def.Arguments = append(f.def.Arguments, a)
		}
	}
}

func (c *composer) mergeArgument(name string, own []*field, given []map[string]*ast.ArgumentDefinition) *ast.ArgumentDefinition {
	var missing []*field
	var types []typed
	var values []valued
	var lists []ast.DirectiveList
	out := &ast.ArgumentDefinition{Name: name}
	required := false
	for i, p := range own {
		a := given[i][name]
		if a == nil {
			missing = append(missing, p)
			continue
		}
		if out.Position == nil {
			out.Position = a.Position
		}
		if out.Description == "" {
			out.Description = a.Description
		}
		required = required || a.Type.NonNull && a.DefaultValue == nil
		types = append(types, typed{p.typ.svc, a.Position, a.Type})
		values = append(values, valued{p.typ.svc, a.Position, a.DefaultValue})
		lists = append(lists, a.Directives)
	}
	what := own[0].String() + "(" + name + ":)"
	if len(missing) > 0 {
		for _, p := range missing {
			if required {
				c.errorf(p.typ.svc, p.def.Position, "REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH", "add the argument, or make it optional where it is",
					"%s is required by %q and missing in %q", what, types[0].svc.name, p.typ.svc.name)
				continue
			}
			c.add(Notice, p.typ.svc, p.def.Position, "INCONSISTENT_ARGUMENT_PRESENCE", "add the argument to have it in the graph",
				"%s is not in the graph, because %q does not have it", what, p.typ.svc.name)
		}
		return nil
	}
	if out.Type = c.narrowest(types); out.Type == nil {
		c.differ("FIELD_ARGUMENT_TYPE_MISMATCH", what, types)
		return nil
	}
	out.DefaultValue = c.oneDefault("FIELD_ARGUMENT_DEFAULT_MISMATCH", what, values)
	out.Directives = c.mergeDirectives(lists)
	return out
}

// checkExternalAgrees refuses an external field that is not what its owner says.
func (c *composer) checkExternalAgrees(f *mergedField, p *field, own []*field) {
	s := p.typ.svc
	if !c.subtype(p.def.Type, f.def.Type) {
		c.errorf(s, p.def.Position, "EXTERNAL_TYPE_MISMATCH", "write the type that the other service has", "%s is @external and %s, but %s in %q",
			p, p.def.Type, f.def.Type, own[0].typ.svc.name)
	}
	for _, a := range f.def.Arguments {
		mine := p.def.Arguments.ForName(a.Name)
		what := p.String() + "(" + a.Name + ":)"
		switch {
		case mine == nil:
			c.errorf(s, p.def.Position, "EXTERNAL_ARGUMENT_MISSING", "add the argument", "%s is missing in %q, where the field is @external", what, s.name)
		case !c.subtype(a.Type, mine.Type):
			c.errorf(s, mine.Position, "EXTERNAL_ARGUMENT_TYPE_MISMATCH", "write the type that the other service has", "%s is %s, but %s in %q",
				what, mine.Type, a.Type, own[0].typ.svc.name)
		case defaultText(mine.DefaultValue) != defaultText(a.DefaultValue):
			c.errorf(s, mine.Position, "EXTERNAL_ARGUMENT_DEFAULT_MISMATCH", "write the default value that the other service has", "%s has %s, but %s in %q",
				what, defaultText(mine.DefaultValue), defaultText(a.DefaultValue), own[0].typ.svc.name)
		}
	}
}

// enumerate writes "a", "b" and "c".
func enumerate(names []string) string {
	names = slices.Clone(names)
	text := ""
	for i, name := range names {
		switch {
		case i == 0:
		case i == len(names)-1:
			text += " and "
		default:
			text += ", "
		}
		text += `"` + name + `"`
	}
	return text
}
