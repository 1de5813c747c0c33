package graph

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// needs knows the scope that every field of every object type needs: that of its own @access, else that of its type. A
// field that needs none is not in it.
type needs map[string]map[string]string

func needsOf(schema *ast.Schema) needs {
	all := needs{}
	for name, d := range schema.Types {
		if d.Kind != ast.Object && d.Kind != ast.Interface {
			continue
		}
		fields := map[string]string{}
		for _, f := range d.Fields {
			scope, own := accessOf(f.Directives)
			if !own {
				scope, _ = accessOf(d.Directives)
			}
			if scope != "" {
				fields[f.Name] = scope
			}
		}
		all[name] = fields
	}
	return all
}

// accessOf reads @access: "" for public and inherit; own is false when there is none.
func accessOf(list ast.DirectiveList) (scope string, own bool) {
	d := list.ForName("access")
	if d == nil {
		return "", false
	}
	if scope = d.Arguments.ForName("scope").Value.Raw; scope == "public" || scope == "inherit" {
		return "", true
	}
	return scope, true
}

// demand is what an operation asks for, whatever its variables and whoever sends it.
type demand struct {
	scopes   []string // that any of its fields may need, sorted
	roots    int      // fields of the root type, aliases included; 1 at least
	explores bool     // it asks for the schema
	shares   bool     // every field reads what is published, so that whoever may read that is given the same
}

func (n needs) demandOf(schema *ast.Schema, op *ast.OperationDefinition) *demand {
	out, scopes := &demand{shares: true}, map[string]bool{}
	root := rootOf(schema, op.Operation)
	keys := map[string]bool{}
	walk(schema, op.SelectionSet, []*ast.Definition{root}, func(d *ast.Definition, f *ast.Field) {
		if scope := n[d.Name][f.Name]; scope != "" {
			scopes[scope] = true
		}
		out.shares = out.shares && (f.Name == "__typename" || isPublished(d, f.Name))
		if d != root {
			return
		}
		if f.Name != "__typename" {
			keys[f.Alias] = true
		}
		out.explores = out.explores || f.Name == "__schema" || f.Name == "__type"
	})
	for scope := range scopes {
		out.scopes = append(out.scopes, scope)
	}
	slices.Sort(out.scopes)
	out.roots = max(1, len(keys))
	return out
}

// isPublished reports whether a field reads from immutable releases only.
func isPublished(d *ast.Definition, field string) bool {
	if d.Directives.ForName("published") != nil {
		return true
	}
	f := d.Fields.ForName(field)
	return f != nil && f.Directives.ForName("published") != nil
}

func rootOf(schema *ast.Schema, op ast.Operation) *ast.Definition {
	switch op {
	case ast.Mutation:
		return schema.Mutation
	case ast.Subscription:
		return schema.Subscription
	default:
		return schema.Query
	}
}

// walk calls visit with every field that a selection may resolve, for every object type that it may be resolved on.
func walk(schema *ast.Schema, set ast.SelectionSet, on []*ast.Definition, visit func(*ast.Definition, *ast.Field)) {
	w := walker{schema: schema, visit: visit, seen: map[string]bool{}}
	w.selection(set, on)
}

type walker struct {
	schema *ast.Schema
	visit  func(*ast.Definition, *ast.Field)
	seen   map[string]bool // fragments with the types that they were walked for: nested ones would cost exponentially
}

func (w *walker) selection(set ast.SelectionSet, on []*ast.Definition) {
	if len(on) == 0 {
		return
	}
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			w.field(s, on)
		case *ast.InlineFragment:
			w.selection(s.SelectionSet, w.narrow(on, s.TypeCondition))
		case *ast.FragmentSpread:
			w.spread(s, on)
		}
	}
}

// field takes the types of its answer from each type that it is on: an object may promise more than its interface.
func (w *walker) field(f *ast.Field, on []*ast.Definition) {
	var answers []*ast.Definition
	for _, d := range on {
		w.visit(d, f)
		definition := d.Fields.ForName(f.Name)
		if definition == nil {
			continue // __typename
		}
		for _, p := range w.schema.PossibleTypes[definition.Type.Name()] {
			if !slices.Contains(answers, p) {
				answers = append(answers, p)
			}
		}
	}
	if !strings.HasPrefix(f.Name, "__") { // what is below the schema needs nothing
		w.selection(f.SelectionSet, answers)
	}
}

func (w *walker) spread(s *ast.FragmentSpread, on []*ast.Definition) {
	if s.Definition == nil {
		return
	}
	on = w.narrow(on, s.Definition.TypeCondition)
	key := s.Name
	for _, d := range on {
		key += " " + d.Name
	}
	if !w.seen[key] {
		w.seen[key] = true
		w.selection(s.Definition.SelectionSet, on)
	}
}

// narrow keeps the types that meet a condition.
func (w *walker) narrow(on []*ast.Definition, condition string) []*ast.Definition {
	if condition == "" {
		return on
	}
	var kept []*ast.Definition
	for _, d := range on {
		if slices.Contains(w.schema.PossibleTypes[condition], d) {
			kept = append(kept, d)
		}
	}
	return kept
}
