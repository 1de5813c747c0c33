//sonata:pure

package supergraph

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// checkMerged looks for what only shows when everything is joined.
func (c *composer) checkMerged() {
	for _, name := range c.names {
		m := c.merged[name]
		switch m.def.Kind {
		case ast.Object:
			c.checkImplements(m)
			c.checkRuntimeTypes(m)
		case ast.Interface:
			c.checkImplements(m)
		}
	}
	c.checkDefaults()
	c.checkAuthorization()
	c.checkInaccessible()
}

// at reports a problem where an element of the graph comes from.
func (c *composer) at(at *ast.Position, code, hint, format string, args ...any) {
	var s *service
	if at != nil && at.Src != nil {
		s = c.service(at.Src.Name)
	}
	c.errorf(s, at, code, hint, format, args...)
}

// checkImplements asks that a type has every field that some service adds to an interface of it.
func (c *composer) checkImplements(m *mergedType) {
	for _, name := range m.def.Interfaces {
		i := c.merged[name]
		if i == nil || i.def.Kind != ast.Interface {
			continue // the last validation says so
		}
		for _, f := range i.def.Fields {
			if c.full(Error) {
				return
			}
			if m.fields[f.Name] == nil {
				c.errorf(m.parts[0].svc, m.parts[0].def.Position, "INTERFACE_FIELD_NO_IMPLEM", "add the field to the type, or remove it from the interface",
					"%s implements %s, whose field %s comes from %s, and has no such field", m.def.Name, name, f.Name, definers(i.fields[f.Name]))
			}
		}
	}
}

func definers(f *mergedField) string {
	if f == nil {
		return "no service"
	}
	return serviceNames(f.parts)
}

// checkRuntimeTypes asks that services which share a field can answer it with the same types: the gateway asks any of
// them.
func (c *composer) checkRuntimeTypes(m *mergedType) {
	for _, def := range m.def.Fields {
		target := c.merged[def.Type.Name()]
		if target == nil || !target.def.IsAbstractType() {
			continue
		}
		var common []string
		var resolvers []*field
		for _, p := range m.fields[def.Name].parts {
			if !p.resolved() {
				continue
			}
			types := p.typ.svc.possible(p.def.Type.Name())
			if len(resolvers) == 0 {
				common = types
			} else {
				common = slices.DeleteFunc(slices.Clone(common), func(name string) bool { return !slices.Contains(types, name) })
			}
			resolvers = append(resolvers, p)
		}
		if len(resolvers) > 1 && len(common) == 0 {
			p := resolvers[1]
			c.errorf(p.typ.svc, p.def.Position, "SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES", "let all of them answer the same types",
				"%s is shared by %s, and there is no type that all of them can answer", p, serviceNames(resolvers))
		}
	}
}

func hidden(list ast.DirectiveList) *ast.Directive { return list.ForName("inaccessible") }

// checkInaccessible asks that what stays visible needs nothing that is hidden.
func (c *composer) checkInaccessible() {
	if !c.hides {
		return
	}
	for _, name := range c.names {
		m := c.merged[name]
		if d := hidden(m.def.Directives); d != nil {
			if name == "Query" {
				c.at(d.Position, "QUERY_ROOT_TYPE_INACCESSIBLE", "hide the fields instead", "the query type is @inaccessible")
			}
			continue
		}
		c.checkHiddenMembers(m)
		for _, f := range m.def.Fields {
			if hidden(f.Directives) == nil {
				c.checkHiddenReferences(m, f)
				continue
			}
			if m.def.Kind == ast.InputObject && f.Type.NonNull && f.DefaultValue == nil {
				c.at(f.Position, "REQUIRED_INACCESSIBLE", "give it a default value, or make it nullable", "%s.%s is required and @inaccessible", name, f.Name)
			}
		}
		for _, i := range m.def.Interfaces {
			if up := c.merged[i]; up != nil && hidden(up.def.Directives) == nil {
				c.checkHiddenImplementation(m, up)
			}
		}
	}
}

// checkHiddenMembers refuses a visible type of which nothing is visible.
func (c *composer) checkHiddenMembers(m *mergedType) {
	all, visible := len(m.def.Fields)+len(m.def.EnumValues)+len(m.def.Types), 0
	for _, f := range m.def.Fields {
		if hidden(f.Directives) == nil {
			visible++
		}
	}
	for _, v := range m.def.EnumValues {
		if hidden(v.Directives) == nil {
			visible++
		}
	}
	for _, name := range m.def.Types {
		if t := c.merged[name]; t == nil || hidden(t.def.Directives) == nil {
			visible++
		}
	}
	if all > 0 && visible == 0 {
		c.at(m.def.Position, "ONLY_INACCESSIBLE_CHILDREN", "hide the type, too", "%s is visible, and all that it has is @inaccessible", m.def.Name)
	}
}

func (c *composer) checkHiddenReferences(m *mergedType, f *ast.FieldDefinition) {
	what := m.def.Name + "." + f.Name
	if c.hiddenType(f.Type) {
		c.at(f.Position, "REFERENCED_INACCESSIBLE", "hide the field, or show the type", "%s is visible, and its type %s is @inaccessible", what, f.Type.Name())
	}
	c.checkHiddenDefault(f.Position, what, f.Type, f.DefaultValue)
	for _, a := range f.Arguments {
		arg := what + "(" + a.Name + ":)"
		switch {
		case hidden(a.Directives) == nil:
			if c.hiddenType(a.Type) {
				c.at(a.Position, "REFERENCED_INACCESSIBLE", "hide the argument, or show the type", "%s is visible, and its type %s is @inaccessible", arg, a.Type.Name())
			}
			c.checkHiddenDefault(a.Position, arg, a.Type, a.DefaultValue)
		case a.Type.NonNull && a.DefaultValue == nil:
			c.at(a.Position, "REQUIRED_INACCESSIBLE", "give it a default value, or make it nullable", "%s is required and @inaccessible", arg)
		}
	}
}

func (c *composer) hiddenType(t *ast.Type) bool {
	m := c.merged[t.Name()]
	return m != nil && hidden(m.def.Directives) != nil
}

// checkHiddenDefault refuses a default value that clients could not write.
func (c *composer) checkHiddenDefault(at *ast.Position, what string, t *ast.Type, v *ast.Value) {
	m := c.merged[t.Name()]
	if v == nil || m == nil {
		return
	}
	switch v.Kind {
	case ast.ListValue:
		for _, child := range v.Children {
			c.checkHiddenDefault(at, what, t, child.Value)
		}
	case ast.EnumValue:
		if e := m.def.EnumValues.ForName(v.Raw); e != nil && hidden(e.Directives) != nil {
			c.at(at, "DEFAULT_VALUE_USES_INACCESSIBLE", "choose a visible default value", "the default value of %s uses %s.%s, which is @inaccessible", what, m.def.Name, v.Raw)
		}
	case ast.ObjectValue:
		for _, child := range v.Children {
			f := m.def.Fields.ForName(child.Name)
			if f == nil {
				continue
			}
			if hidden(f.Directives) != nil {
				c.at(at, "DEFAULT_VALUE_USES_INACCESSIBLE", "choose a visible default value", "the default value of %s uses %s.%s, which is @inaccessible", what, m.def.Name, f.Name)
			}
			c.checkHiddenDefault(at, what, f.Type, child.Value)
		}
	}
}

func (c *composer) checkHiddenImplementation(m, up *mergedType) {
	for _, wanted := range up.def.Fields {
		f := m.fields[wanted.Name]
		if f == nil || hidden(wanted.Directives) != nil {
			continue
		}
		if d := hidden(f.def.Directives); d != nil {
			c.at(d.Position, "IMPLEMENTED_BY_INACCESSIBLE", "hide the field of the interface, too", "%s.%s is @inaccessible, and visible as a field of %s",
				m.def.Name, wanted.Name, up.def.Name)
			continue
		}
		for _, a := range wanted.Arguments {
			mine := f.def.Arguments.ForName(a.Name)
			if mine != nil && hidden(a.Directives) == nil && hidden(mine.Directives) != nil {
				c.at(mine.Position, "IMPLEMENTED_BY_INACCESSIBLE", "hide the argument in the interface, too", "%s.%s(%s:) is @inaccessible, and visible as an argument of %s",
					m.def.Name, wanted.Name, a.Name, up.def.Name)
			}
		}
	}
}
