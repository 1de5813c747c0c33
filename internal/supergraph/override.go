//sonata:pure

package supergraph

// applyOverrides takes fields away from the services that they are overridden from.
func (c *composer) applyOverrides() {
	for _, s := range c.services {
		for _, name := range s.names {
			t := s.types[name]
			for _, def := range t.def.Fields {
				if f := t.fields[def.Name]; f != nil && f.override != nil {
					c.applyOverride(f)
				}
			}
		}
	}
}

func (c *composer) applyOverride(f *field) {
	s, at := f.typ.svc, f.override.Position
	if f.from == s.name {
		c.errorf(s, at, "OVERRIDE_FROM_SELF_ERROR", "name the service that resolved the field before", "%s is overridden from its own service", f)
		return
	}
	source := c.service(f.from)
	if source == nil {
		c.add(Warning, s, at, "FROM_SUBGRAPH_DOES_NOT_EXIST", "remove @override", "%s is overridden from %q, which is no service of this graph", f, f.from)
		return
	}
	other := source.field(f.typ.def.Name, f.def.Name)
	switch {
	case other == nil:
		c.add(Warning, s, at, "OVERRIDE_DIRECTIVE_CAN_BE_REMOVED", "remove @override", "%s is overridden from %q, which no longer has it", f, f.from)
	case other.override != nil:
		c.errorf(s, at, "OVERRIDE_SOURCE_HAS_OVERRIDE", "override it from the service that resolves it", "%s is overridden from %q, which overrides it, too", f, f.from)
	case f.external:
		c.collision(f, s, "external")
	case other.external || other.fake:
		c.collision(f, source, "external")
	case other.requires != nil:
		c.collision(f, source, "requires")
	case other.provides != nil:
		c.collision(f, source, "provides")
	default:
		other.takenBy = s
		if !other.used {
			c.add(Notice, source, other.def.Position, "OVERRIDDEN_FIELD_CAN_BE_REMOVED", "remove the field when the service no longer serves older graphs",
				"%s is now resolved by %q", f, s.name)
		}
	}
}

func (c *composer) collision(f *field, in *service, name string) {
	c.errorf(f.typ.svc, f.override.Position, "OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE", "remove one of the two",
		"%s cannot be overridden, because it has @%s in %q", f, name, in.name)
}

func (c *composer) service(name string) *service {
	for _, s := range c.services {
		if s.name == name {
			return s
		}
	}
	return nil
}
