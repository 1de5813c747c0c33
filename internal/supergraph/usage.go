//sonata:pure

package supergraph

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// checkDirectivesOf looks for directives of Federation at places where they mean nothing.
func (c *composer) checkDirectivesOf(s *service) {
	for _, name := range s.names {
		t := s.types[name]
		for _, def := range t.def.Fields {
			if len(def.Directives) > 0 {
				c.checkDirectivesOn(s, t, def)
			}
		}
	}
}

func (c *composer) checkDirectivesOn(s *service, t *typ, def *ast.FieldDefinition) {
	at := t.def.Name + "." + def.Name
	if t.def.Kind == ast.Interface {
		for _, name := range []string{"external", "override", "requires", "provides", "shareable"} {
			d := def.Directives.ForName(name)
			if d == nil {
				continue
			}
			code := strings.ToUpper(name) + "_UNSUPPORTED_ON_INTERFACE"
			switch name {
			case "external", "override":
				code = strings.ToUpper(name) + "_ON_INTERFACE"
			case "shareable":
				code = "INVALID_SHAREABLE_USAGE"
			}
			c.errorf(s, d.Position, code, "put it on the fields of the objects that implement the interface", "@%s on %s, a field of an interface, means nothing", name, at)
		}
	}
	if t.def.Name == "Subscription" && def.Directives.ForName("shareable") != nil {
		c.errorf(s, def.Directives.ForName("shareable").Position, "INVALID_FIELD_SHARING", "remove it", "%s cannot be @shareable: a subscription has one source", at)
	}
	if n := len(def.Directives.ForNames("shareable")); n > 1 {
		c.errorf(s, def.Position, "INVALID_SHAREABLE_USAGE", "write it once", "%s is @shareable %d times", at, n)
	}
	c.checkListSize(s, t, def)
	external := def.Directives.ForName("external")
	if external == nil {
		return
	}
	for _, name := range []string{"requires", "provides"} {
		if def.Directives.ForName(name) != nil {
			c.errorf(s, external.Position, "EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE", "remove one of the two", "%s is @external and has @%s", at, name)
		}
	}
	for _, name := range []string{"tag", "inaccessible", "authenticated", "requiresScopes", "cost", "listSize"} {
		if d := def.Directives.ForName(name); d != nil {
			c.errorf(s, d.Position, "MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL", "put it where the field is resolved", "@%s on %s means nothing: the field is @external here", name, at)
		}
	}
}

// checkListSize checks what @listSize names.
func (c *composer) checkListSize(s *service, t *typ, def *ast.FieldDefinition) {
	d := def.Directives.ForName("listSize")
	if d == nil {
		return
	}
	at := t.def.Name + "." + def.Name
	if a := d.Arguments.ForName("assumedSize"); a != nil && strings.HasPrefix(a.Value.Raw, "-") {
		c.errorf(s, d.Position, "LIST_SIZE_INVALID_ASSUMED_SIZE", "give a number from 0", "the assumed size of %s is negative", at)
	}
	for _, name := range listOf(d, "slicingArguments") {
		if def.Arguments.ForName(name) == nil {
			c.errorf(s, d.Position, "LIST_SIZE_INVALID_SLICING_ARGUMENT", "name an argument of the field", "%s has no argument %s", at, name)
		}
	}
	sized := listOf(d, "sizedFields")
	if len(sized) == 0 {
		if def.Type.Elem == nil {
			// An owned list of pages may say its size where the list itself stands below.
			c.errorf(s, d.Position, "LIST_SIZE_APPLIED_TO_NON_LIST", "name the lists below it in sizedFields", "%s is no list", at)
		}
		return
	}
	for _, name := range sized {
		f := s.field(def.Type.Name(), name)
		if f == nil || f.def.Type.Elem == nil {
			c.errorf(s, d.Position, "LIST_SIZE_INVALID_SIZED_FIELD", "name lists of the type of the field", "%s is no list of %s", name, def.Type.Name())
		}
	}
}

// listOf returns the strings of an argument that is a list.
func listOf(d *ast.Directive, name string) []string {
	a := d.Arguments.ForName(name)
	if a == nil || a.Value == nil {
		return nil
	}
	var out []string
	for _, child := range a.Value.Children {
		out = append(out, child.Value.Raw)
	}
	return out
}
