//sonata:pure

package supergraph

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// mergedType is a type of the graph with what each service says of it.
type mergedType struct {
	// parts are in the order of the services.
	parts  []*typ
	def    *ast.Definition
	fields map[string]*mergedField
	// usedIn and usedOut say whether the type stands in inputs and in answers.
	usedIn, usedOut bool
}

// mergedField is a field of an object or an interface.
type mergedField struct {
	def   *ast.FieldDefinition
	parts []*field
}

// merge joins the types of all services.
func (c *composer) merge() {
	for _, s := range c.services {
		for _, name := range s.names {
			m := c.merged[name]
			if m == nil {
				m = &mergedType{}
				c.merged[name] = m
				c.names = append(c.names, name)
			}
			m.parts = append(m.parts, s.types[name])
		}
	}
	slices.Sort(c.names)
	for _, name := range c.names {
		c.mergeHead(name, c.merged[name])
	}
	if c.failed {
		return
	}
	for _, name := range c.names {
		switch m := c.merged[name]; m.def.Kind {
		case ast.Object, ast.Interface:
			c.mergeFields(m)
		case ast.InputObject:
			c.mergeInput(m)
		}
	}
	c.markUsage()
	for _, name := range c.names {
		if m := c.merged[name]; m.def.Kind == ast.Enum {
			c.mergeEnum(m)
		}
	}
	if m := c.merged["Query"]; !c.failed && (m == nil || len(m.def.Fields) == 0) {
		c.errorf(nil, nil, "NO_QUERIES", "publish a service with fields of Query", "no service has a field of Query")
	}
}

// mergeHead joins everything of a type but fields and values: what other merges ask for.
func (c *composer) mergeHead(name string, m *mergedType) {
	first := m.parts[0]
	m.def = &ast.Definition{Kind: first.def.Kind, Name: name, Position: first.def.Position}
	var lists []ast.DirectiveList
	for _, t := range m.parts {
		if t.def.Kind != first.def.Kind {
			c.errorf(t.svc, t.def.Position, "TYPE_KIND_MISMATCH", "rename one of the two", "%s is %s in %q and %s in %q",
				name, kind(t.def.Kind), t.svc.name, kind(first.def.Kind), first.svc.name)
			continue
		}
		if m.def.Description == "" {
			m.def.Description = t.def.Description
		}
		lists = append(lists, t.def.Directives)
		m.def.Interfaces = appendNew(m.def.Interfaces, t.def.Interfaces)
		m.def.Types = appendNew(m.def.Types, t.def.Types)
	}
	m.def.Directives = c.mergeDirectives(lists)
}

// appendNew appends what list does not have.
func appendNew(list, more []string) []string {
	if len(list) == 0 {
		return append(list, more...)
	}
	have := make(map[string]bool, len(list))
	for _, name := range list {
		have[name] = true
	}
	for _, name := range more {
		if !have[name] {
			list = append(list, name)
		}
	}
	return list
}

func kind(k ast.DefinitionKind) string {
	switch k {
	case ast.Scalar:
		return "a scalar"
	case ast.Object:
		return "an object type"
	case ast.Interface:
		return "an interface"
	case ast.Union:
		return "a union"
	case ast.Enum:
		return "an enum"
	case ast.InputObject:
		return "an input type"
	}
	return strings.ToLower(string(k))
}

// markUsage finds which types stand in inputs and which in answers.
func (c *composer) markUsage() {
	mark := func(name string, in bool) {
		if m := c.merged[name]; m != nil {
			m.usedIn, m.usedOut = m.usedIn || in, m.usedOut || !in
		}
	}
	for _, name := range c.names {
		m := c.merged[name]
		for _, f := range m.def.Fields {
			mark(f.Type.Name(), m.def.Kind == ast.InputObject)
			for _, a := range f.Arguments {
				mark(a.Type.Name(), true)
			}
		}
	}
}

// typed is a type that one service gives an element.
type typed struct {
	svc *service
	at  *ast.Position
	t   *ast.Type
}

// widest returns the type that all the others are subtypes of, which is what a field of several services can promise.
func (c *composer) widest(list []typed) *ast.Type {
	for _, a := range list {
		if !slices.ContainsFunc(list, func(b typed) bool { return !c.subtype(b.t, a.t) }) {
			return a.t
		}
	}
	return nil
}

// narrowest returns the type that is a subtype of all the others, which is what all services accept.
func (c *composer) narrowest(list []typed) *ast.Type {
	for _, a := range list {
		if !slices.ContainsFunc(list, func(b typed) bool { return !c.subtype(a.t, b.t) }) {
			return a.t
		}
	}
	return nil
}

// subtype says whether every value of sub is one of super.
func (c *composer) subtype(sub, super *ast.Type) bool {
	for {
		if super.NonNull && !sub.NonNull {
			return false
		}
		if sub.Elem == nil || super.Elem == nil {
			break
		}
		sub, super = sub.Elem, super.Elem
	}
	if sub.Elem != nil || super.Elem != nil {
		return false
	}
	if sub.NamedType == super.NamedType {
		return true
	}
	upper, lower := c.merged[super.NamedType], c.merged[sub.NamedType]
	if upper == nil || lower == nil {
		return false
	}
	return upper.def.Kind == ast.Union && slices.Contains(upper.def.Types, sub.NamedType) ||
		upper.def.Kind == ast.Interface && slices.Contains(lower.def.Interfaces, super.NamedType)
}

// differ reports that services give an element types that do not fit, at each service but the first.
func (c *composer) differ(code, what string, list []typed) {
	for _, one := range list[1:] {
		if one.t.String() != list[0].t.String() {
			c.errorf(one.svc, one.at, code, "agree on one type", "%s is %s in %q and %s in %q", what, one.t, one.svc.name, list[0].t, list[0].svc.name)
		}
	}
}

// valued is a default value that one service gives an element, or nil.
type valued struct {
	svc *service
	at  *ast.Position
	v   *ast.Value
}

// oneDefault returns the default value that all give. Where only some give one there is none in the graph: clients must
// then write the value, because some service would not know it.
func (c *composer) oneDefault(code, what string, list []valued) *ast.Value {
	var some, none *valued
	for i := range list {
		one := &list[i]
		switch {
		case one.v == nil:
			none = one
		case some == nil:
			some = one
		case defaultText(one.v) != defaultText(some.v):
			c.errorf(one.svc, one.at, code, "agree on one default value", "%s has %s in %q and %s in %q",
				what, defaultText(one.v), one.svc.name, defaultText(some.v), some.svc.name)
		}
	}
	if some == nil {
		return nil
	}
	if none != nil {
		c.add(Notice, none.svc, none.at, "INCONSISTENT_DEFAULT_VALUE_PRESENCE", "give the default value in every service to have it in the graph",
			"%s has %s in %q and none in %q: it has none in the graph", what, defaultText(some.v), some.svc.name, none.svc.name)
		return nil
	}
	return some.v
}

func defaultText(v *ast.Value) string {
	if v == nil {
		return "no default value"
	}
	return fmt.Sprintf("the default value %s", v)
}
