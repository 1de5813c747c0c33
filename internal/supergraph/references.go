//sonata:pure

package supergraph

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// checkReferences reports every type that is named and not defined. Validation would stop at the first.
func (r *reader) checkReferences() {
	for _, name := range r.svc.names {
		def := r.svc.types[name].def
		for _, i := range def.Interfaces {
			r.checkReference(i, def.Position, name+" implements it")
		}
		for i, member := range def.Types {
			at := def.Position
			if len(def.TypePositions) == len(def.Types) && def.TypePositions[i] != nil {
				at = def.TypePositions[i]
			}
			r.checkReference(member, at, "a member of "+name)
		}
		for _, f := range def.Fields {
			if !r.defines(f.Type.Name()) {
				r.checkReference(f.Type.Name(), f.Type.Position, "the type of "+name+"."+f.Name)
			}
			for _, a := range f.Arguments {
				if !r.defines(a.Type.Name()) {
					r.checkReference(a.Type.Name(), a.Type.Position, "the type of "+name+"."+f.Name+"("+a.Name+":)")
				}
			}
		}
	}
}

func (r *reader) defines(name string) bool {
	return r.svc.types[name] != nil || slices.Contains(builtinScalars(), name)
}

func (r *reader) checkReference(name string, at *ast.Position, use string) {
	if !r.defines(name) && !r.composer.full(Error) {
		r.errorf(at, "INVALID_GRAPHQL", "define it: the schema of every service must be valid by itself", "the type %s, %s, is not defined", name, use)
	}
}

func builtinScalars() []string { return []string{"Int", "Float", "String", "Boolean", "ID"} }
