//sonata:pure

package supergraph

import (
	"slices"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
)

// constants checks values against types. Its steps are bounded, because a short text can ask for many.
type constants struct {
	types map[string]*ast.Definition
	// fields are those of input types, by name.
	fields map[*ast.Definition]map[string]*ast.FieldDefinition
	steps  int
}

func newConstants(types map[string]*ast.Definition) *constants {
	return &constants{types: types, fields: map[*ast.Definition]map[string]*ast.FieldDefinition{}}
}

// fits says whether a constant is a value of a type, by the rules for input coercion.
func (k *constants) fits(t *ast.Type, v *ast.Value) bool {
	k.steps++
	switch {
	case v.Kind == ast.Variable || k.steps > maxWork:
		return false
	case v.Kind == ast.NullValue:
		return !t.NonNull
	case t.Elem != nil && v.Kind == ast.ListValue:
		return !slices.ContainsFunc(v.Children, func(c *ast.ChildValue) bool { return !k.fits(t.Elem, c.Value) })
	case t.Elem != nil:
		return k.fits(t.Elem, v)
	}
	def := k.types[t.NamedType]
	if def == nil {
		return true // that the type is missing is said elsewhere
	}
	switch def.Kind {
	case ast.Enum:
		k.steps += len(def.EnumValues)
		return v.Kind == ast.EnumValue && def.EnumValues.ForName(v.Raw) != nil
	case ast.InputObject:
		return v.Kind == ast.ObjectValue && k.fitsObject(def, v)
	}
	return fitsScalar(def.Name, v)
}

func (k *constants) fitsObject(def *ast.Definition, v *ast.Value) bool {
	k.steps += len(def.Fields)
	fields := k.fields[def]
	if fields == nil {
		fields = make(map[string]*ast.FieldDefinition, len(def.Fields))
		for _, f := range def.Fields {
			fields[f.Name] = f
		}
		k.fields[def] = fields
	}
	given := make(map[string]bool, len(v.Children))
	for _, child := range v.Children {
		f := fields[child.Name]
		if f == nil || !k.fits(f.Type, child.Value) {
			return false
		}
		given[child.Name] = true
	}
	for _, f := range def.Fields {
		if f.Type.NonNull && f.DefaultValue == nil && !given[f.Name] {
			return false
		}
	}
	return true
}

func fitsScalar(name string, v *ast.Value) bool {
	text := v.Kind == ast.StringValue || v.Kind == ast.BlockValue
	switch name {
	case "Int":
		_, err := strconv.ParseInt(v.Raw, 10, 32)
		return v.Kind == ast.IntValue && err == nil
	case "Float":
		return v.Kind == ast.IntValue || v.Kind == ast.FloatValue
	case "String", "federation__FieldSet", "federation__Scope":
		return text
	case "Boolean":
		return v.Kind == ast.BooleanValue
	case "ID":
		return text || v.Kind == ast.IntValue
	case "federation__Weight":
		return text || v.Kind == ast.IntValue || v.Kind == ast.FloatValue
	}
	return true // only the service knows what its own scalars hold
}

// checkConstants refuses default values and arguments of directives that are no values of their types.
func (c *composer) checkConstants(s *service) {
	k := newConstants(s.schema.Types)
	for _, name := range s.names {
		def := s.types[name].def
		c.checkArguments(s, k, def.Directives)
		for _, f := range def.Fields {
			if f.DefaultValue != nil {
				c.checkDefault(s, k, def.Name+"."+f.Name, f.Position, f.Type, f.DefaultValue)
			}
			c.checkArguments(s, k, f.Directives)
			for _, a := range f.Arguments {
				if a.DefaultValue != nil {
					c.checkDefault(s, k, def.Name+"."+f.Name+"("+a.Name+":)", a.Position, a.Type, a.DefaultValue)
				}
				c.checkArguments(s, k, a.Directives)
			}
		}
		for _, v := range def.EnumValues {
			c.checkArguments(s, k, v.Directives)
		}
	}
}

func (c *composer) checkDefault(s *service, k *constants, what string, at *ast.Position, t *ast.Type, v *ast.Value) {
	if !k.fits(t, v) {
		c.errorf(s, at, "INVALID_GRAPHQL", "write a default value of that type", "%s has the default value %s, which is no %s", what, v, t)
	}
}

func (c *composer) checkArguments(s *service, k *constants, list ast.DirectiveList) {
	for _, d := range list {
		if d.Definition == nil {
			continue
		}
		for _, a := range d.Arguments {
			def := d.Definition.Arguments.ForName(a.Name)
			switch {
			case a.Name == "fields" && (d.Name == "key" || d.Name == "requires" || d.Name == "provides"): // reading it says so
			case def != nil && !k.fits(def.Type, a.Value):
				c.errorf(s, d.Position, "INVALID_GRAPHQL", "write a value of that type", "the argument %s of @%s is %s, which is no %s", a.Name, d.Name, a.Value, def.Type)
			case d.Name == "requiresScopes" && !areScopes(a.Value):
				c.errorf(s, d.Position, "INVALID_GRAPHQL", `write lists in a list: [["a", "b"]] asks for both scopes, [["a"], ["b"]] for one of them`,
					"the scopes of @requiresScopes are %s", a.Value)
			case d.Name == "cost" && weight(d) < 0:
				c.errorf(s, d.Position, "INVALID_GRAPHQL", "write a number from 0", "the weight of @cost is %s", a.Value)
			}
		}
	}
}

// areScopes asks for what cannot be misread: an outer list of alternatives, each an inner list of at least one scope. What
// GraphQL would coerce into that is read in one way by some and in another by others.
func areScopes(v *ast.Value) bool {
	return v.Kind == ast.ListValue && len(v.Children) > 0 && !slices.ContainsFunc(v.Children, func(c *ast.ChildValue) bool {
		return c.Value.Kind != ast.ListValue || len(c.Value.Children) == 0
	})
}

// checkDefaults refuses a default value that is no longer one when the services are joined: a value of an enum, or a
// field of an input, that not every service knows.
func (c *composer) checkDefaults() {
	types := make(map[string]*ast.Definition, len(c.merged))
	for name, m := range c.merged {
		types[name] = m.def
	}
	k := newConstants(types)
	check := func(what string, at *ast.Position, t *ast.Type, v *ast.Value) {
		if !k.fits(t, v) {
			c.at(at, "INVALID_GRAPHQL", "add what is missing to the other services, or choose another default value",
				"the default value %s of %s is no %s in the graph, where only what every service knows is left of an input", v, what, t)
		}
	}
	for _, name := range c.names {
		for _, f := range types[name].Fields {
			if f.DefaultValue != nil {
				check(name+"."+f.Name, f.Position, f.Type, f.DefaultValue)
			}
			for _, a := range f.Arguments {
				if a.DefaultValue != nil {
					check(name+"."+f.Name+"("+a.Name+":)", a.Position, a.Type, a.DefaultValue)
				}
			}
		}
	}
}
