//sonata:pure

package supergraph

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// mergeInput keeps the fields of an input type that every service knows.
func (c *composer) mergeInput(m *mergedType) {
	if len(m.parts) == 1 && !slices.ContainsFunc(m.parts[0].def.Fields, func(f *ast.FieldDefinition) bool { return !plain(f) }) {
		m.def.Fields = m.parts[0].def.Fields
		return
	}
	var order []string
	parts := map[string][]*ast.FieldDefinition{}
	for i, t := range m.parts {
		for _, f := range t.def.Fields {
			if parts[f.Name] == nil {
				parts[f.Name] = make([]*ast.FieldDefinition, len(m.parts))
				order = append(order, f.Name)
			}
			parts[f.Name][i] = f
		}
	}
	failed := false
	for _, name := range order {
		f, ok := c.mergeInputField(m, name, parts[name])
		if f != nil {
			m.def.Fields = append(m.def.Fields, f)
		}
		failed = failed || !ok
	}
	if len(m.def.Fields) == 0 && !failed {
		for _, t := range m.parts {
			c.errorf(t.svc, t.def.Position, "EMPTY_MERGED_INPUT_TYPE", "agree on at least one field", "no field of %s is known to every service that has the type", m.def.Name)
		}
	}
}

func (c *composer) mergeInputField(m *mergedType, name string, parts []*ast.FieldDefinition) (out *ast.FieldDefinition, ok bool) {
	var types []typed
	var values []valued
	var lists []ast.DirectiveList
	var missing []*typ
	out = &ast.FieldDefinition{Name: name}
	var demands *typ
	for i, f := range parts {
		t := m.parts[i]
		if f == nil {
			missing = append(missing, t)
			continue
		}
		if out.Position == nil {
			out.Position = f.Position
		}
		if out.Description == "" {
			out.Description = f.Description
		}
		if f.Type.NonNull && f.DefaultValue == nil {
			demands = t
		}
		types = append(types, typed{t.svc, f.Position, f.Type})
		values = append(values, valued{t.svc, f.Position, f.DefaultValue})
		lists = append(lists, f.Directives)
	}
	what := m.def.Name + "." + name
	for _, t := range missing {
		if demands != nil {
			c.errorf(t.svc, t.def.Position, "REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH", "add the field, or make it optional where it is",
				"%s is required by %q and missing in %q", what, demands.svc.name, t.svc.name)
			continue
		}
		c.add(Notice, t.svc, t.def.Position, "INCONSISTENT_INPUT_OBJECT_FIELD", "add the field to have it in the graph",
			"%s is not in the graph, because %q does not have it", what, t.svc.name)
	}
	if len(missing) > 0 {
		return nil, demands == nil
	}
	if out.Type = c.narrowest(types); out.Type == nil {
		c.differ("FIELD_TYPE_MISMATCH", what, types)
		return nil, false
	}
	out.DefaultValue = c.oneDefault("INPUT_FIELD_DEFAULT_MISMATCH", what, values)
	out.Directives = c.mergeDirectives(lists)
	return out, true
}
