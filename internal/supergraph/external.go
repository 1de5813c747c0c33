//sonata:pure

package supergraph

import "github.com/vektah/gqlparser/v2/ast"

// markUse marks the fields that the service must have because an interface asks for them. Field sets marked theirs
// when they were read.
func (c *composer) markUse(s *service) {
	for _, name := range s.names {
		t := s.types[name]
		if t.def.Kind != ast.Object {
			continue
		}
		for _, i := range t.def.Interfaces {
			for _, wanted := range s.types[i].def.Fields {
				if f := t.fields[wanted.Name]; f != nil {
					f.used = true
				}
			}
		}
	}
}

// checkExternal refuses external fields that nothing in the service uses: they say something of another service that
// may stop being true.
func (c *composer) checkExternal(s *service) {
	for _, name := range s.names {
		t := s.types[name]
		for _, def := range t.def.Fields {
			if f := t.fields[def.Name]; f != nil && f.external && !f.used {
				c.errorf(s, def.Position, "EXTERNAL_UNUSED", "remove the field, or resolve it and remove @external",
					"%s is @external, and no @key, @requires, @provides or interface of the service uses it", f)
			}
		}
	}
}
