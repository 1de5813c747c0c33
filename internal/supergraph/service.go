//sonata:pure

package supergraph

import "github.com/vektah/gqlparser/v2/ast"

// service is a subgraph that was read: extensions are folded into definitions, root types and directives have their own
// names, and what servers print beside their schema is gone.
type service struct {
	name  string
	owned bool
	order int
	// prefix of its ids, its own Query.node where it has both, and what is made of them.
	prefix string
	node   *ast.FieldDefinition
	nodes  Nodes
	types  map[string]*typ
	// names of types, sorted.
	names []string
	// directives are the definitions of @access, @published, @cost and @listSize that stand in the SDL.
	directives map[string]*ast.DirectiveDefinition
	// linked says that the service uses Federation v2.
	linked bool
	// schema is the service's own, validated.
	schema *ast.Schema
	// implementers are the object types of interfaces that were asked for.
	implementers map[string][]string
}

// typ is what one service says of a type.
type typ struct {
	svc    *service
	def    *ast.Definition
	fields map[string]*field
	keys   []*key
	// extended says that the service only writes extensions of it.
	extended bool
}

// key is one @key.
type key struct {
	at         *ast.Position
	sel        *selection
	resolvable bool
	// onExtension says that the key stands on an extension.
	onExtension bool
}

// field is what one service says of a field of an object or an interface.
type field struct {
	typ *typ
	def *ast.FieldDefinition
	// external says that the service names the field and does not resolve it. A key field that an extension calls
	// @external is resolved all the same: that is how Federation 1 wrote keys.
	external bool
	fake     bool
	// shareable includes the fields of keys.
	shareable, marked bool
	inKey             bool
	// used says that a key, @requires, @provides or an interface needs the field here.
	used               bool
	override           *ast.Directive
	from               string
	takenBy            *service
	requires, provides *selection
}

// resolved says that the service answers the field by itself.
func (f *field) resolved() bool { return !f.external && f.takenBy == nil }

func (f *field) String() string { return f.typ.def.Name + "." + f.def.Name }

// field returns what a service says of a field, or nil.
func (s *service) field(typeName, name string) *field {
	if t := s.types[typeName]; t != nil {
		return t.fields[name]
	}
	return nil
}

// possible are the object types that a type can be in this service.
func (s *service) possible(name string) []string {
	t := s.types[name]
	if t == nil {
		return nil
	}
	switch t.def.Kind {
	case ast.Object:
		return []string{name}
	case ast.Union:
		return t.def.Types
	case ast.Interface:
		names, known := s.implementers[name]
		if known {
			return names
		}
		for _, d := range s.schema.PossibleTypes[name] {
			if d.Kind == ast.Object {
				names = append(names, d.Name)
			}
		}
		s.implementers[name] = names
		return names
	}
	return nil
}

// isRoot says whether a type is where operations begin.
func isRoot(name string) bool { return name == "Query" || name == "Mutation" || name == "Subscription" }

// argument returns the text of an argument, and whether it is there and a string.
func argument(d *ast.Directive, name string) (string, bool) {
	a := d.Arguments.ForName(name)
	if a == nil || a.Value == nil || (a.Value.Kind != ast.StringValue && a.Value.Kind != ast.BlockValue) {
		return "", false
	}
	return a.Value.Raw, true
}
