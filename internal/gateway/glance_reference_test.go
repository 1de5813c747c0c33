package gateway

import (
	"encoding/json"
	"slices"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/wundergraph/astjson"
	"github.com/wundergraph/go-arena"
)

// oldGlancer is how answers were looked at before there were expectations: slower, with a tree of each answer, and checked for
// long. It is what likes is compared with.
type oldGlancer struct{ arenas sync.Pool }

// maxArena bounds the memory that is kept for another answer.
const maxArena = 512 << 10

// likes reports whether an answer has data and nothing else, entities as they were asked for, and values as their fields have
// them. Of our own part there is no shape: it is looked at as gqlgen made it.
func (g *oldGlancer) likes(question, answer []byte, shape *conformer, fits func(asked, got string) bool) bool {
	if !oldIsJSON(answer) { // the parser below takes some things that are not
		return false
	}
	a, _ := g.arenas.Get().(arena.Arena)
	if a == nil {
		a = arena.NewMonotonicArena(arena.WithMinBufferSize(16 << 10))
	}
	defer func() {
		a.Reset()
		if a.Cap() <= maxArena {
			g.arenas.Put(a)
		}
	}()
	var parser astjson.Parser
	whole, err := parser.ParseBytesWithArena(a, answer)
	if err != nil {
		return false
	}
	data := onlyData(whole)
	if data == nil {
		return false
	}
	asked, err := parser.ParseBytesWithArena(a, question)
	if err != nil {
		return false
	}
	if list := data.Get(entities); list != nil && !likesEntities(asked, list, fits) {
		return false
	}
	if shape == nil {
		return data.Get(entities) != nil || asked.Get("variables", "representations") == nil
	}
	kept := shape.question(string(asked.GetStringBytes("query")))
	if kept == nil {
		return false
	}
	doc := kept.doc
	if data.Get(entities) == nil && asksEntities(doc) {
		return false
	}
	x := oldGlance{shape, doc.Fragments}
	return x.object(data, rootOf(doc.Operations[0]), doc.Operations[0].SelectionSet)
}

// oldIsJSON reports what json.Valid does, which has to look for itself where an answer is unusual: the check that is quicker lets
// control characters through in texts that have an escape. Where there are none, they agree.
func oldIsJSON(b []byte) bool {
	depth := 0
	for _, c := range b {
		switch c {
		case '[', '{': // those within texts count as well
			if depth++; depth > maxNesting {
				return json.Valid(b)
			}
		case ']', '}':
			depth = max(0, depth-1)
		default:
			if c < ' ' {
				return json.Valid(b)
			}
		}
	}
	return astjson.ValidateBytes(b) == nil
}

// onlyData is the data of a response that has nothing beside it but extensions, which nobody looks at; nil of others.
func onlyData(whole *astjson.Value) *astjson.Value {
	members, err := whole.Object()
	if err != nil || members.Len() > 2 || members.Len() == 2 && members.Get("extensions") == nil {
		return nil
	}
	data := members.Get("data")
	if data == nil || data.Type() != astjson.TypeObject {
		return nil
	}
	return data
}

func asksEntities(doc *ast.QueryDocument) bool {
	return slices.ContainsFunc(doc.Operations[0].SelectionSet, func(s ast.Selection) bool {
		f, ok := s.(*ast.Field)
		return ok && f.Name == entities
	})
}

// likesEntities reports whether there are as many entities as were asked for, each of them of its type or null.
func likesEntities(asked, list *astjson.Value, fits func(asked, got string) bool) bool {
	representations := asked.GetArray("variables", "representations")
	got, err := list.Array()
	if err != nil || len(got) != len(representations) {
		return false
	}
	for i, e := range got {
		if e.Type() == astjson.TypeNull {
			continue
		}
		if e.Type() != astjson.TypeObject {
			return false
		}
		name := e.Get(typename)
		if name == nil {
			continue
		}
		is, err := name.StringBytes()
		if err != nil {
			return false
		}
		want := representations[i].GetStringBytes(typename)
		if string(is) != string(want) && !fits(string(want), string(is)) {
			return false
		}
	}
	return true
}

// oldGlance is one look at one answer.
type oldGlance struct {
	*conformer
	fragments ast.FragmentDefinitionList
}

func (x oldGlance) object(v *astjson.Value, name string, set ast.SelectionSet) bool {
	d := x.types[name]
	for _, s := range set {
		liked := true
		switch s := s.(type) {
		case *ast.Field:
			liked = x.field(v, d, s)
		case *ast.InlineFragment:
			liked = !x.is(name, s.TypeCondition) || x.object(v, name, s.SelectionSet)
		case *ast.FragmentSpread:
			f := x.fragments.ForName(s.Name)
			liked = f == nil || !x.is(name, f.TypeCondition) || x.object(v, name, f.SelectionSet)
		}
		if !liked {
			return false
		}
	}
	return true
}

func (x oldGlance) field(v *astjson.Value, in *ast.Definition, f *ast.Field) bool {
	value := v.Get(f.Alias)
	if value == nil || value.Type() == astjson.TypeNull || f.Name == typename {
		return true // what is missing is the engine's to tell
	}
	if f.Name == entities {
		for _, item := range value.GetArray() {
			is := string(item.GetStringBytes(typename))
			if is != "" && !x.object(item, is, f.SelectionSet) {
				return false
			}
		}
		return true
	}
	if in == nil {
		return true
	}
	d := in.Fields.ForName(f.Name)
	return d == nil || x.value(value, d.Type, f.SelectionSet)
}

func (x oldGlance) value(v *astjson.Value, t *ast.Type, set ast.SelectionSet) bool {
	kind := v.Type()
	switch {
	case kind == astjson.TypeNull:
		return true
	case t.Elem == nil:
		return x.named(v, kind, t.NamedType, set)
	case kind != astjson.TypeArray:
		return false
	}
	for _, item := range v.GetArray() {
		if !x.value(item, t.Elem, set) {
			return false
		}
	}
	return true
}

func (x oldGlance) named(v *astjson.Value, kind astjson.Type, name string, set ast.SelectionSet) bool {
	d := x.types[name]
	if d == nil || d.Kind == ast.Scalar || d.Kind == ast.Enum {
		return scalarFits(v, name, d)
	}
	if kind != astjson.TypeObject {
		return false
	}
	is := name
	if told := v.Get(typename); told != nil {
		b, err := told.StringBytes()
		if err != nil {
			return false
		}
		if string(b) != name { // no text is made of one that is as expected
			is = string(b)
		}
		if !x.is(is, name) {
			return false
		}
	} else if name == x.node {
		return false
	}
	return x.object(v, is, set)
}
