//sonata:pure

package supergraph

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// selection is a field set: what @key, @requires and @provides name.
type selection struct {
	// id tells selections apart.
	id    int
	picks []pick
}

// pick is one field of a selection, or, when field is empty, what is selected on one type.
type pick struct {
	field, on string
	arguments string
	sub       *selection
}

// text is the selection as GraphQL, without the outer braces.
func (s *selection) text() string {
	var b strings.Builder
	s.write(&b)
	return b.String()
}

func (s *selection) write(b *strings.Builder) {
	for i, p := range s.picks {
		if i > 0 {
			b.WriteByte(' ')
		}
		if p.field != "" {
			b.WriteString(p.field + p.arguments)
		} else {
			b.WriteString("...")
			if p.on != "" {
				b.WriteString(" on " + p.on)
			}
		}
		if p.sub != nil {
			b.WriteString(" { ")
			p.sub.write(b)
			b.WriteString(" }")
		}
	}
}

// setReader reads one field set and checks it against the types of its service.
type setReader struct {
	c    *composer
	s    *service
	at   *ast.Position
	kind string // KEY, REQUIRES or PROVIDES
	of   string // how messages name the directive
	ok   bool
}

func (r *setReader) errorf(code, hint, format string, args ...any) {
	r.ok = false
	r.c.errorf(r.s, r.at, r.kind+"_"+code, hint, r.of+": "+format, args...)
}

// readSet reads the argument fields of a directive whose fields belong to parent. It returns nil after a problem.
func (c *composer) readSet(s *service, d *ast.Directive, kind, of, parent string) *selection {
	r := &setReader{c: c, s: s, at: d.Position, kind: kind, of: of, ok: true}
	text, ok := argument(d, "fields")
	if !ok {
		r.errorf("INVALID_FIELDS_TYPE", `write the fields as one string: "id"`, "the argument fields is no string")
		return nil
	}
	if len(text) > maxFieldSet {
		r.errorf("INVALID_FIELDS", "name what is needed only", "the fields have %d bytes, more than %d", len(text), maxFieldSet)
		return nil
	}
	if !strings.HasPrefix(strings.TrimSpace(text), "{") {
		text = "{" + text + "}"
	}
	doc, err := parser.ParseQuery(&ast.Source{Input: text})
	if err != nil || len(doc.Operations) != 1 || len(doc.Fragments) > 0 || len(doc.Operations[0].SelectionSet) == 0 {
		r.errorf("INVALID_FIELDS", `write names of fields, for instance "id" or "org { id }"`, "%q is no set of fields", text)
		return nil
	}
	sel := r.set(doc.Operations[0].SelectionSet, parent, 0, false)
	if !r.ok {
		return nil
	}
	return sel
}

// maxSetDepth is how deep field sets may nest.
const maxSetDepth = 20

func (r *setReader) set(set ast.SelectionSet, parent string, depth int, externalAbove bool) *selection {
	t := r.s.types[parent]
	if depth > maxSetDepth {
		r.errorf("INVALID_FIELDS", "name fields nearer to the type", "the fields nest deeper than %d", maxSetDepth)
		return nil
	}
	r.c.selections++
	out := &selection{id: r.c.selections}
	for _, one := range set {
		switch n := one.(type) {
		case *ast.Field:
			if p, ok := r.field(n, t, depth, externalAbove); ok {
				out.picks = append(out.picks, p)
			}
		case *ast.InlineFragment:
			on := n.TypeCondition
			if len(n.Directives) > 0 {
				r.errorf("DIRECTIVE_IN_FIELDS_ARG", "remove the directive", "a directive stands in the fields")
				continue
			}
			if on == "" {
				on = parent
			}
			if o := r.s.types[on]; o == nil || !r.overlap(parent, on) {
				r.errorf("INVALID_FIELDS", "name a type that the field can be", "%s can never be a %s", parent, on)
				continue
			}
			switch sub := r.set(n.SelectionSet, on, depth+1, externalAbove); {
			case sub == nil:
			case r.kind == "KEY": // it selects on one object type, so that the fragment says nothing
				out.picks = append(out.picks, sub.picks...)
			default:
				out.picks = append(out.picks, pick{on: on, sub: sub})
			}
		default:
			r.errorf("INVALID_FIELDS", "write the fields themselves", "a named fragment cannot be used")
		}
	}
	return out
}

func (r *setReader) overlap(a, b string) bool {
	if a == b {
		return true
	}
	other := r.s.possible(b)
	return slices.ContainsFunc(r.s.possible(a), func(name string) bool { return slices.Contains(other, name) })
}

func (r *setReader) field(n *ast.Field, t *typ, depth int, externalAbove bool) (pick, bool) {
	if len(n.Directives) > 0 {
		r.errorf("DIRECTIVE_IN_FIELDS_ARG", "remove the directive", "a directive stands on %s", n.Name)
		return pick{}, false
	}
	if n.Alias != n.Name {
		r.errorf("INVALID_FIELDS", "remove the alias", "%s is renamed to %s", n.Name, n.Alias)
		return pick{}, false
	}
	if n.Name == "__typename" && r.kind != "PROVIDES" && len(n.SelectionSet) == 0 {
		return pick{field: n.Name}, true
	}
	f := t.fields[n.Name]
	if f == nil {
		r.errorf("INVALID_FIELDS", "name a field of the type, or add it (with @external where another service resolves it)",
			"%s has no field %s", t.def.Name, n.Name)
		return pick{}, false
	}
	if !r.arguments(n, f) {
		return pick{}, false
	}
	target := r.s.types[f.def.Type.Name()]
	composite := target != nil && target.def.IsCompositeType()
	if r.kind == "KEY" && (f.def.Type.Elem != nil || composite && target.def.Kind != ast.Object) {
		r.errorf("FIELDS_SELECT_INVALID_TYPE", "name fields that are scalars, enums or objects", "%s is %s: a key has no list, interface or union", f, f.def.Type)
		return pick{}, false
	}
	if composite != (len(n.SelectionSet) > 0) {
		hint := "select fields of it: " + n.Name + " { … }"
		if !composite {
			hint = "remove the braces"
		}
		r.errorf("INVALID_FIELDS", hint, "%s is %s", f, f.def.Type)
		return pick{}, false
	}
	external := externalAbove || f.external
	if r.kind != "KEY" && !composite && !external {
		r.errorf("FIELDS_MISSING_EXTERNAL", "mark it @external, when another service resolves it, or leave it out of the fields: the service has it anyhow",
			"%s is not @external", f)
		return pick{}, false
	}
	p := pick{field: n.Name, arguments: printArguments(n.Arguments)}
	f.used = true
	if r.kind == "KEY" {
		f.inKey, f.shareable = true, true
	}
	if composite {
		p.sub = r.set(n.SelectionSet, target.def.Name, depth+1, external || r.externalBelow(t, n.Name))
	}
	return p, true
}

// externalBelow says whether a field of an interface is external in one of the objects that implement it.
func (r *setReader) externalBelow(t *typ, name string) bool {
	if t.def.Kind != ast.Interface {
		return false
	}
	return slices.ContainsFunc(r.s.possible(t.def.Name), func(object string) bool {
		f := r.s.field(object, name)
		return f != nil && f.external
	})
}

func (r *setReader) arguments(n *ast.Field, f *field) bool {
	if r.kind != "REQUIRES" {
		if len(f.def.Arguments) > 0 {
			r.errorf("FIELDS_HAS_ARGS", "name a field without arguments", "%s has arguments", f)
			return false
		}
	}
	for i, a := range n.Arguments {
		if f.def.Arguments.ForName(a.Name) == nil || n.Arguments[:i].ForName(a.Name) != nil || a.Value.Kind == ast.Variable {
			r.errorf("INVALID_FIELDS", "give arguments that the field has, as constants, once each", "%s cannot be given %s", f, a.Name)
			return false
		}
	}
	for _, a := range f.def.Arguments {
		if a.Type.NonNull && a.DefaultValue == nil && n.Arguments.ForName(a.Name) == nil {
			r.errorf("INVALID_FIELDS", "give the argument", "%s needs %s", f, a.Name)
			return false
		}
	}
	return true
}

func printArguments(list ast.ArgumentList) string {
	if len(list) == 0 {
		return ""
	}
	parts := make([]string, 0, len(list))
	for _, a := range list {
		parts = append(parts, a.Name+": "+a.Value.String())
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

// readFieldSets reads what the directives of a service select. Keys come first: they decide which external fields are
// external at all.
func (c *composer) readFieldSets(s *service) {
	for _, name := range s.names {
		t := s.types[name]
		i := 0
		for _, d := range t.def.Directives {
			if d.Name != "key" {
				continue
			}
			k := t.keys[i]
			i++
			if t.def.Kind == ast.Interface {
				c.errorf(s, d.Position, "UNSUPPORTED_DIRECTIVE", "put @key on the objects that implement it", "@key on the interface %s is not supported", name)
				continue
			}
			k.sel = c.readSet(s, d, "KEY", "@key of "+name, name)
			switch {
			case k.sel == nil:
			case k.onExtension:
				unmarkExternal(s, name, k.sel)
			default:
				c.adviseExternalKey(t, k)
			}
		}
	}
	for _, name := range s.names {
		t := s.types[name]
		if t.def.Kind != ast.Object {
			continue
		}
		for _, def := range t.def.Fields {
			f := t.fields[def.Name]
			if d := def.Directives.ForName("requires"); d != nil {
				f.requires = c.readSet(s, d, "REQUIRES", "@requires of "+f.String(), name)
			}
			if d := def.Directives.ForName("provides"); d != nil {
				if target := s.types[def.Type.Name()]; target == nil || !target.def.IsCompositeType() {
					c.errorf(s, d.Position, "PROVIDES_ON_NON_OBJECT_FIELD", "remove @provides", "%s is %s, which has no fields to provide", f, def.Type)
					continue
				}
				f.provides = c.readSet(s, d, "PROVIDES", "@provides of "+f.String(), def.Type.Name())
			}
		}
	}
}

// adviseExternalKey warns of a habit of Federation 1: in version 2 a service that calls its key external cannot say which
// object it means.
func (c *composer) adviseExternalKey(t *typ, k *key) {
	for _, p := range k.sel.picks {
		if f := t.fields[p.field]; f != nil && f.external {
			c.add(Warning, t.svc, f.def.Position, "EXTERNAL_KEY_FIELD", "remove @external: a service knows the keys of the objects that it names",
				"%s is part of a @key and @external", f)
		}
	}
}

// unmarkExternal makes the key fields of an extension the service's own, although they are called @external.
func unmarkExternal(s *service, parent string, sel *selection) {
	for _, p := range sel.picks {
		f := s.field(parent, p.field)
		if f == nil {
			continue
		}
		if f.external {
			f.external, f.fake = false, true
		}
		if p.sub != nil {
			unmarkExternal(s, f.def.Type.Name(), p.sub)
		}
	}
}
