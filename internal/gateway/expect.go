package gateway

import (
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// expectation is what the answers to one question may be, as far as conform would look at them: all that the question and the
// schema say, put together once, so that an answer can be read along with it.
type expectation struct {
	known    bool // whether it is known at all; of an unusual question it is not
	data     expectedFields
	entities bool // whether data has to have _entities
	bytes    int  // that it takes, about
}

// expectedFields are the fields of an object of one type, in the order in which they were asked for.
type expectedFields struct {
	name string // what its __typename has to be, if anything
	says string // how that is written with its key; "" where that is not known
	list []expectedField
}

type expectedField struct {
	key     string
	written string    // with its colon
	value   *expected // nil: anything
}

// expected is what a value may be that is not null.
type expected struct {
	kind   expectedKind
	lists  int             // that are around it
	values map[string]bool // of an enum
	object *expectedObject // of objects and entities; entities may be any where there is none
}

type expectedKind int

const (
	expectAnything expectedKind = iota
	expectInt
	expectFloat
	expectString
	expectBoolean
	expectID
	expectEnum
	expectObject
	expectEntities
)

// expectedObject is an object that may be of several types.
type expectedObject struct {
	itself expectedFields // of one that says that it is of the type of its field, or nothing
	tells  bool           // whether it has to say something
	others map[string]*expectedFields
}

// maxExpects bounds the fields of one question, as often as its fragments and its types repeat them.
const maxExpects = 1 << 13

// expecting puts an expectation together.
type expecting struct {
	*conformer
	fragments ast.FragmentDefinitionList
	numbers   map[*ast.Field]int
	made      map[string]*expectedObject
	steps     int
	lists     int // of entities
	unsure    bool
}

func (c *conformer) expect(doc *ast.QueryDocument) expectation {
	x := expecting{conformer: c, fragments: doc.Fragments, numbers: map[*ast.Field]int{}, made: map[string]*expectedObject{}}
	op := doc.Operations[0]
	data := x.fields(rootOf(op), []*ast.Field{{SelectionSet: op.SelectionSet}})
	data.name, data.says = "", "" // nobody looks
	has := slices.ContainsFunc(data.list, func(f expectedField) bool { return f.key == entities })
	if x.lists > 1 || x.lists == 1 != has { // one that is somewhere else
		x.unsure = true
	}
	const each = 100
	if x.unsure {
		return expectation{}
	}
	return expectation{known: true, data: data, entities: has, bytes: each * x.steps}
}

// step counts what is done, which fragments could make endless.
func (x *expecting) step() bool {
	if x.steps++; x.steps > maxExpects {
		x.unsure = true
	}
	return !x.unsure
}

// selected adds what a set selects of an object of a type.
func (x *expecting) selected(name string, set ast.SelectionSet, to []*ast.Field) []*ast.Field {
	for _, s := range set {
		if !x.step() {
			return to
		}
		switch s := s.(type) {
		case *ast.Field:
			to = append(to, s)
		case *ast.InlineFragment:
			if x.is(name, s.TypeCondition) {
				to = x.selected(name, s.SelectionSet, to)
			}
		case *ast.FragmentSpread:
			if f := x.fragments.ForName(s.Name); f != nil && x.is(name, f.TypeCondition) {
				to = x.selected(name, f.SelectionSet, to)
			}
		}
	}
	return to
}

// fields are what an object of a type has that stands for some fields which all have the same key.
func (x *expecting) fields(name string, of []*ast.Field) expectedFields {
	var all []*ast.Field
	for _, f := range of {
		all = x.selected(name, f.SelectionSet, all)
	}
	var keys []string
	same := map[string][]*ast.Field{}
	for _, f := range all {
		if same[f.Alias] == nil && f.Alias != typename {
			keys = append(keys, f.Alias)
		}
		same[f.Alias] = append(same[f.Alias], f)
		if f.Name != same[f.Alias][0].Name || f.Alias == typename && f.Name != typename || (f.Alias == entities) != (f.Name == entities) {
			x.unsure = true
		}
	}
	out := expectedFields{name: name, says: `"` + typename + `":"` + name + `"`}
	for _, key := range keys {
		if !x.step() {
			return out
		}
		if isOdd([]byte(key)) && key != entities {
			x.unsure = true
		}
		out.list = append(out.list, expectedField{key, `"` + key + `":`, x.field(name, same[key])})
	}
	return out
}

func (x *expecting) field(object string, of []*ast.Field) *expected {
	if of[0].Name == entities {
		return x.entities(of)
	}
	d := x.types[object]
	if d == nil || of[0].Name == typename || d.Fields.ForName(of[0].Name) == nil {
		return nil
	}
	e := &expected{}
	t := d.Fields.ForName(of[0].Name).Type
	for ; t.Elem != nil; t = t.Elem {
		e.lists++
	}
	e.kind = kindOf(t.NamedType, x.types[t.NamedType])
	switch e.kind {
	case expectEnum:
		e.values = map[string]bool{}
		for _, v := range x.types[t.NamedType].EnumValues {
			e.values[v.Name] = true
		}
	case expectObject:
		e.object = x.object(t.NamedType, of)
	}
	return e
}

// kindOf agrees with scalarFits.
func kindOf(name string, d *ast.Definition) expectedKind {
	switch {
	case d != nil && d.Kind != ast.Scalar && d.Kind != ast.Enum:
		return expectObject
	case name == "Int":
		return expectInt
	case name == "Float":
		return expectFloat
	case name == "String":
		return expectString
	case name == "Boolean":
		return expectBoolean
	case name == "ID":
		return expectID
	case d != nil && d.Kind == ast.Enum:
		return expectEnum
	}
	return expectAnything
}

// object is made once for the same fields of the same type: types that share an interface share most of what is below.
func (x *expecting) object(name string, of []*ast.Field) *expectedObject {
	key := []byte(name)
	for _, f := range of {
		if _, ok := x.numbers[f]; !ok {
			x.numbers[f] = len(x.numbers)
		}
		key = strconv.AppendInt(append(key, ' '), int64(x.numbers[f]), 10)
	}
	if o := x.made[string(key)]; o != nil {
		return o
	}
	o := &expectedObject{tells: name == x.node}
	x.made[string(key)] = o
	o.itself = x.fields(name, of)
	for other := range x.possible[name] {
		o.add(x, other, of)
	}
	return o
}

func (o *expectedObject) add(x *expecting, name string, of []*ast.Field) {
	if name == o.itself.name || o.others[name] != nil || !x.step() {
		return
	}
	if o.others == nil {
		o.others = map[string]*expectedFields{}
	}
	fields := x.fields(name, of)
	o.others[name] = &fields
}

// entities may be of any type that is asked for something.
func (x *expecting) entities(of []*ast.Field) *expected {
	x.lists++
	o := &expectedObject{tells: true}
	for _, f := range of {
		for _, name := range x.conditions(f.SelectionSet, nil) {
			o.add(x, name, of)
			for other := range x.possible[name] {
				o.add(x, other, of)
			}
		}
	}
	return &expected{kind: expectEntities, object: o}
}

// conditions are the types that fragments ask for.
func (x *expecting) conditions(set ast.SelectionSet, to []string) []string {
	for _, s := range set {
		if !x.step() {
			return to
		}
		switch s := s.(type) {
		case *ast.InlineFragment:
			to = x.conditions(s.SelectionSet, append(to, s.TypeCondition))
		case *ast.FragmentSpread:
			if f := x.fragments.ForName(s.Name); f != nil {
				to = x.conditions(f.SelectionSet, append(to, f.TypeCondition))
			}
		}
	}
	return to
}

// isOdd reports whether encoding/json, and with it vet, would take a key for another one that it looks for.
func isOdd(key []byte) bool {
	if len(key) == 0 || key[0] != '_' { // that has no other case
		return false
	}
	return string(key) != typename && strings.EqualFold(string(key), typename) || strings.EqualFold(string(key), entities)
}
