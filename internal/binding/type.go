//sonata:pure

package binding

import (
	"github.com/vektah/gqlparser/v2/ast"

	"sonata.ai/sonata/internal/component"
)

// maxTypes bounds the types of one document: fragments can be spread again and again. What is beyond is anything.
const maxTypes = 2000

// typist finds out what the data of a document looks like.
type typist struct {
	schema    *ast.Schema
	fragments ast.FragmentDefinitionList
	left      int
}

// place is everything that is asked for under one name.
type place struct {
	field *ast.FieldDefinition
	sets  []ast.SelectionSet
	may   bool // it need not be there
}

func (t *typist) object(of *ast.Definition, sets []ast.SelectionSet) *component.Type {
	out := &component.Type{Kind: component.Object, Fields: map[string]*component.Type{}}
	places := map[string]*place{}
	for _, set := range sets {
		t.collect(of, set, false, places, map[string]bool{})
	}
	for name, p := range places {
		inner := t.value(p.field.Type, p.sets)
		inner.Nullable = inner.Nullable || p.may
		out.Fields[name] = inner
	}
	return out
}

func (t *typist) collect(of *ast.Definition, set ast.SelectionSet, may bool, places map[string]*place, seen map[string]bool) {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			field := of.Fields.ForName(s.Name)
			if s.Name == "__typename" {
				field = &ast.FieldDefinition{Name: s.Name, Type: ast.NonNullNamedType("String", nil)}
			}
			if field == nil {
				continue
			}
			at := places[s.Alias]
			if at == nil {
				at = &place{field: field, may: true}
				places[s.Alias] = at
			}
			at.may = at.may && (may || conditional(s.Directives))
			if len(s.SelectionSet) > 0 {
				at.sets = append(at.sets, s.SelectionSet)
			}
		case *ast.InlineFragment:
			t.fragment(of, s.TypeCondition, s.SelectionSet, may || conditional(s.Directives), places, seen)
		case *ast.FragmentSpread:
			f := t.fragments.ForName(s.Name)
			if f == nil || seen[s.Name] {
				continue
			}
			seen[s.Name] = true
			t.fragment(of, f.TypeCondition, f.SelectionSet, may || conditional(s.Directives), places, seen)
			delete(seen, s.Name)
		}
	}
}

func (t *typist) fragment(of *ast.Definition, on string, set ast.SelectionSet, may bool, places map[string]*place, seen map[string]bool) {
	if t.left--; t.left < 0 {
		return
	}
	if on == "" || on == of.Name {
		t.collect(of, set, may, places, seen)
		return
	}
	is := t.schema.Types[on]
	if is == nil {
		return
	}
	t.collect(is, set, may || !t.always(of, is), places, seen)
}

// always reports whether everything that is of one type is of another, too.
func (t *typist) always(of, is *ast.Definition) bool {
	for _, one := range t.schema.GetPossibleTypes(of) {
		found := false
		for _, other := range t.schema.GetPossibleTypes(is) {
			found = found || one == other
		}
		if !found {
			return false
		}
	}
	return true
}

func conditional(list ast.DirectiveList) bool {
	return list.ForName("skip") != nil || list.ForName("include") != nil
}

func (t *typist) value(is *ast.Type, sets []ast.SelectionSet) *component.Type {
	if t.left--; t.left < 0 {
		return &component.Type{Kind: component.Anything, Nullable: true}
	}
	if is.Elem != nil {
		return &component.Type{Kind: component.List, Nullable: !is.NonNull, Item: t.value(is.Elem, sets)}
	}
	out := &component.Type{Kind: component.Anything}
	switch d := t.schema.Types[is.NamedType]; {
	case is.NamedType == "Int":
		out.Kind = component.Whole
	case is.NamedType == "Float":
		out.Kind = component.Number
	case is.NamedType == "Boolean":
		out.Kind = component.Truth
	case is.NamedType == "String" || is.NamedType == "ID":
		out.Kind = component.Text
	case d == nil:
	case d.Kind == ast.Enum:
		out.Kind = component.Text
		for _, v := range d.EnumValues {
			out.Values = append(out.Values, v.Name)
		}
	case d.IsCompositeType():
		out = t.object(d, sets)
	}
	out.Nullable = !is.NonNull
	return out
}
