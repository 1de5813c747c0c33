//sonata:pure

package supergraph

import "github.com/vektah/gqlparser/v2/ast"

// adviseNullable warns of fields that a service adds to another's type and never answers null: while that service is
// down the whole object is null, and with it perhaps a whole list.
func (c *composer) adviseNullable() {
	origins := map[*service]map[string]bool{}
	for _, s := range c.services {
		origins[s] = s.origins()
	}
	for _, name := range c.names {
		m := c.merged[name]
		if m.def.Kind != ast.Object || isRoot(name) || len(m.parts) < 2 {
			continue
		}
		var origin *service
		for _, t := range m.parts {
			if origins[t.svc][name] {
				origin = t.svc
				break
			}
		}
		if origin == nil {
			continue
		}
		for _, t := range m.parts {
			if !origins[t.svc][name] {
				c.adviseType(t, origin)
			}
		}
	}
}

func (c *composer) adviseType(t *typ, origin *service) {
	for _, def := range t.def.Fields {
		f := t.fields[def.Name]
		if def.Type.NonNull && f.resolved() && !f.inKey && origin.field(t.def.Name, def.Name) == nil {
			c.add(Warning, t.svc, def.Position, "NULLABLE_CONTRIBUTION", "make it nullable: while this service is down, the whole object is null",
				"%s is added to a type of %q and is %s", f, origin.name, def.Type)
		}
	}
}

// origins are the entities that a service brings into the graph itself: it defines them, and its root fields lead to
// them without passing through another entity.
func (s *service) origins() map[string]bool {
	out := map[string]bool{}
	seen := map[string]bool{}
	var walk func(name string)
	walk = func(name string) {
		if seen[name] {
			return
		}
		seen[name] = true
		t := s.types[name]
		if t == nil || !t.def.IsCompositeType() {
			return
		}
		if len(t.keys) > 0 {
			if hasResolvableKey(t) && !t.extended {
				out[name] = true
			}
			return
		}
		if t.def.IsAbstractType() {
			for _, object := range s.possible(name) {
				walk(object)
			}
			return
		}
		for _, f := range t.def.Fields {
			walk(f.Type.Name())
		}
	}
	for _, root := range []string{"Query", "Mutation", "Subscription"} {
		walk(root)
	}
	if s.owned {
		for name, t := range s.types {
			if hasResolvableKey(t) {
				out[name] = true
			}
		}
	}
	return out
}
