//sonata:pure

package supergraph

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// sources says what a planner must know of each subgraph, in the order that was given.
func (c *composer) sources(given []Subgraph) []Source {
	byName := map[string]*service{}
	for _, s := range c.services {
		byName[s.name] = s
	}
	out := make([]Source, 0, len(given))
	for _, sub := range given {
		out = append(out, byName[sub.Name].source())
	}
	return out
}

func (s *service) source() Source {
	out := Source{Name: s.name}
	doc := &ast.SchemaDocument{}
	for _, name := range s.names {
		t := s.types[name]
		doc.Definitions = append(doc.Definitions, forService(t))
		if t.def.Kind != ast.Object && t.def.Kind != ast.Interface {
			continue
		}
		fields := t.split()
		root := isRoot(name)
		for _, k := range t.keys {
			out.Keys = append(out.Keys, Key{Type: name, Selection: k.sel.text(), Resolvable: k.resolvable})
			root = root || k.resolvable
		}
		if root {
			out.Roots = append(out.Roots, fields)
		} else {
			out.Children = append(out.Children, fields)
		}
		for _, def := range t.def.Fields {
			f := t.fields[def.Name]
			if f.takenBy != nil {
				continue
			}
			if f.requires != nil {
				out.Requires = append(out.Requires, FieldSet{name, def.Name, f.requires.text()})
			}
			if f.provides != nil {
				out.Provides = append(out.Provides, FieldSet{name, def.Name, f.provides.text()})
			}
		}
	}
	s.addNodes(&out, doc)
	out.SDL = printDocument(doc)
	return out
}

// split sorts the fields into those that the service resolves and those it only names. A field that was overridden away
// is still named when the service uses it, for instance in a key.
func (t *typ) split() Fields {
	out := Fields{Type: t.def.Name}
	for _, def := range t.def.Fields {
		switch f := t.fields[def.Name]; {
		case f.resolved():
			out.Names = append(out.Names, def.Name)
		case f.external || f.used:
			out.External = append(out.External, def.Name)
		}
	}
	slices.Sort(out.Names)
	slices.Sort(out.External)
	return out
}

// forService is a definition with the directives that say how the service is asked: not those for clients.
func forService(t *typ) *ast.Definition {
	out := *t.def
	out.Directives = forPlanner(t.def.Directives)
	out.Fields, out.EnumValues = make(ast.FieldList, 0, len(t.def.Fields)), nil
	for _, def := range t.def.Fields {
		if plain(def) {
			out.Fields = append(out.Fields, def)
			continue
		}
		g := *def
		g.Directives, g.Arguments = forPlanner(def.Directives), nil
		if f := t.fields[def.Name]; f != nil && f.fake {
			g.Directives = slices.DeleteFunc(g.Directives, func(d *ast.Directive) bool { return d.Name == "external" })
		}
		for _, a := range def.Arguments {
			b := *a
			b.Directives = forPlanner(a.Directives)
			g.Arguments = append(g.Arguments, &b)
		}
		out.Fields = append(out.Fields, &g)
	}
	for _, v := range t.def.EnumValues {
		w := *v
		w.Directives = forPlanner(v.Directives)
		out.EnumValues = append(out.EnumValues, &w)
	}
	return &out
}

func forPlanner(list ast.DirectiveList) ast.DirectiveList {
	var out ast.DirectiveList
	for _, d := range list {
		switch d.Name {
		case "key", "requires", "provides", "external", "shareable", "override", "deprecated", "specifiedBy", "oneOf":
			out = append(out, d)
		}
	}
	return out
}
