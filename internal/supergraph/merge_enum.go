//sonata:pure

package supergraph

import "github.com/vektah/gqlparser/v2/ast"

// mergeEnum joins the values of an enum: in answers all that some service gives, in inputs those that all accept, and
// in both only what is the same everywhere.
func (c *composer) mergeEnum(m *mergedType) {
	var order []string
	parts := map[string][]*ast.EnumValueDefinition{}
	for i, t := range m.parts {
		for _, v := range t.def.EnumValues {
			if parts[v.Name] == nil {
				parts[v.Name] = make([]*ast.EnumValueDefinition, len(m.parts))
				order = append(order, v.Name)
			}
			parts[v.Name][i] = v
		}
	}
	failed := false
	for _, name := range order {
		v := &ast.EnumValueDefinition{Name: name}
		var lists []ast.DirectiveList
		var missing []*typ
		var has *typ
		for i, part := range parts[name] {
			if part == nil {
				missing = append(missing, m.parts[i])
				continue
			}
			if has == nil {
				has, v.Position = m.parts[i], part.Position
			}
			if v.Description == "" {
				v.Description = part.Description
			}
			lists = append(lists, part.Directives)
		}
		v.Directives = c.mergeDirectives(lists)
		hidden := v.Directives.ForName("inaccessible") != nil
		switch {
		case len(missing) == 0 || !m.usedIn:
		case m.usedOut && !hidden:
			failed = true
			for _, t := range missing {
				c.errorf(t.svc, t.def.Position, "ENUM_VALUE_MISMATCH", "add the value, or use one enum for inputs and another for answers",
					"%s.%s is missing in %q, and %q has it; the enum stands in inputs and in answers", m.def.Name, name, t.svc.name, has.svc.name)
			}
			continue
		case !m.usedOut:
			for _, t := range missing {
				c.add(Notice, t.svc, t.def.Position, "INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM", "add the value to have it in the graph",
					"%s.%s is not in the graph, because %q does not have it", m.def.Name, name, t.svc.name)
			}
			continue
		}
		m.def.EnumValues = append(m.def.EnumValues, v)
	}
	if len(m.def.EnumValues) == 0 && !failed {
		for _, t := range m.parts {
			c.errorf(t.svc, t.def.Position, "EMPTY_MERGED_ENUM_TYPE", "agree on at least one value", "no value of %s is known to every service that has the enum", m.def.Name)
		}
	}
}
