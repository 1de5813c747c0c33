//sonata:pure

package supergraph

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// ownedCode is the code of our own rule: what the owned subgraph defines is changed by nobody else.
const ownedCode = "SONATA_OWNED"

// checkOwnership refuses what other services say of the owned subgraph's types and root fields, other than what its
// documentation allows.
func (c *composer) checkOwnership() {
	if c.owned == nil {
		return
	}
	for _, s := range c.services {
		if s == c.owned {
			continue
		}
		for _, name := range s.names {
			c.checkProvided(s.types[name])
			if own := c.owned.types[name]; own != nil {
				c.checkOwnedType(own, s.types[name])
			}
		}
	}
}

func (c *composer) ownedf(t *typ, at *ast.Position, hint, format string, args ...any) {
	c.errorf(t.svc, at, ownedCode, hint, format, args...)
}

func (c *composer) checkOwnedType(own, t *typ) {
	name := t.def.Name
	switch {
	case isRoot(name):
		c.checkOwnedFields(own, t, false)
		c.checkOwnedDirectives(t, t.def.Directives, name, "shareable", "external")
	case t.def.Kind != own.def.Kind:
		c.ownedf(t, t.def.Position, "choose another name", "%s belongs to %q, where it is another kind of type", name, c.owned.name)
	case t.def.Kind == ast.Scalar || name == "Node" && t.def.Kind == ast.Interface:
		c.checkOwnedDirectives(t, t.def.Directives, name, "specifiedBy", "tag")
		for _, def := range t.def.Fields {
			c.checkOwnedDirectives(t, def.Directives, name+"."+def.Name, "tag")
			c.checkNotWeaker(own, t, def)
		}
	case name == "PageInfo" && t.def.Kind == ast.Object:
		c.checkOwnedDirectives(t, t.def.Directives, name, "shareable", "tag")
		for _, def := range t.def.Fields {
			c.checkOwnedDirectives(t, def.Directives, name+"."+def.Name, "shareable", "tag")
			c.checkNotWeaker(own, t, def)
			if own.fields[def.Name] == nil {
				c.ownedf(t, def.Position, "remove the field: put it on the connection", "PageInfo has the fields of %q only, and %s is none of them", c.owned.name, def.Name)
			}
		}
	case t.def.Kind == ast.Object && hasResolvableKey(own):
		c.checkOwnedEntity(own, t)
	default:
		c.ownedf(t, t.def.Position, "choose another name; fields can only be added to types that are marked @key there",
			"%s belongs to %q, and no other service can define or extend it", name, c.owned.name)
	}
}

// checkNotWeaker refuses a field that would make the owned one nullable, or another type, for everybody.
func (c *composer) checkNotWeaker(own, t *typ, def *ast.FieldDefinition) {
	if mine := own.fields[def.Name]; mine != nil && !c.subtype(def.Type, mine.def.Type) {
		c.ownedf(t, def.Position, "write "+mine.def.Type.String(), "%s.%s belongs to %q, where it is %s and not %s",
			t.def.Name, def.Name, c.owned.name, mine.def.Type, def.Type)
	}
}

func hasResolvableKey(t *typ) bool {
	return slices.ContainsFunc(t.keys, func(k *key) bool { return k.resolvable })
}

// checkOwnedEntity allows fields of the service's own, beside the key by which the entity is named.
func (c *composer) checkOwnedEntity(own, t *typ) {
	c.checkOwnedDirectives(t, t.def.Directives, t.def.Name, "key", "shareable", "external")
	for _, name := range t.def.Interfaces {
		if !slices.Contains(own.def.Interfaces, name) {
			c.ownedf(t, t.def.Position, "remove it from implements", "%s belongs to %q, and cannot be made a %s", t.def.Name, c.owned.name, name)
		}
	}
	c.checkOwnedFields(own, t, true)
}

// checkOwnedFields refuses fields that the owned subgraph resolves, other than those that only name an entity.
func (c *composer) checkOwnedFields(own, t *typ, entity bool) {
	for _, def := range t.def.Fields {
		mine, f := own.fields[def.Name], t.fields[def.Name]
		if mine == nil {
			if f.override != nil && f.from == c.owned.name {
				c.ownedf(t, f.override.Position, "remove @override", "%s cannot be overridden from %q", f, c.owned.name)
			}
			continue
		}
		switch {
		case f.override != nil:
			c.ownedf(t, f.override.Position, "remove @override", "%s belongs to %q, and cannot be overridden", f, c.owned.name)
		case entity && (f.external || f.inKey && mine.inKey):
			c.checkOwnedDirectives(t, def.Directives, f.String(), "external", "shareable")
			if def.Type.String() != mine.def.Type.String() {
				c.ownedf(t, def.Position, "write "+mine.def.Type.String(), "%s belongs to %q, where it is %s and not %s", f, c.owned.name, mine.def.Type, def.Type)
			}
		default:
			c.ownedf(t, def.Position, "choose another name for the field", "%s belongs to %q, and cannot be resolved by another service", f, c.owned.name)
		}
	}
}

// checkOwnedDirectives refuses directives that would change an owned element for everybody, for instance hide it.
func (c *composer) checkOwnedDirectives(t *typ, list ast.DirectiveList, what string, allowed ...string) {
	for _, d := range list {
		if !slices.Contains(allowed, d.Name) {
			c.ownedf(t, d.Position, "remove the directive", "@%s cannot be put on %s, which belongs to %q", d.Name, what, c.owned.name)
		}
	}
}

// checkProvided refuses @provides of owned fields: the service would answer them in the owner's place.
func (c *composer) checkProvided(t *typ) {
	for _, def := range t.def.Fields {
		if f := t.fields[def.Name]; f != nil && f.provides != nil {
			c.checkProvidedSet(f, def.Type.Name(), f.provides)
		}
	}
}

func (c *composer) checkProvidedSet(f *field, parent string, sel *selection) {
	for _, p := range sel.picks {
		if p.field == "" {
			c.checkProvidedSet(f, p.on, p.sub)
			continue
		}
		own := c.owned.field(parent, p.field)
		if own != nil && !own.inKey && parent != "PageInfo" {
			c.ownedf(f.typ, f.def.Directives.ForName("provides").Position, "remove the field from @provides",
				"%s belongs to %q, and %s cannot provide it", own, c.owned.name, f)
		}
		if next := f.typ.svc.field(parent, p.field); p.sub != nil && next != nil {
			c.checkProvidedSet(f, next.def.Type.Name(), p.sub)
		}
	}
}
