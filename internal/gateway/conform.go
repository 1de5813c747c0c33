package gateway

import (
	"math"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/wundergraph/astjson"

	"sonata.ai/sonata/internal/kept"
	"sonata.ai/sonata/internal/supergraph"
)

// conformer compares what a service answered with its own schema, as far as it was asked: a value that its field cannot have
// becomes null, with an error at its place, and goes no further up than GraphQL says. The engine would take all that stands
// around it away, too, and lets some of it through.
type conformer struct {
	service  string
	types    map[string]*ast.Definition
	possible map[string]map[string]bool // names of object types by that of an interface or a union
	asked    *kept.Kept[string, *askedQuestion]
	node     string // what the service's own node can be, as a type; "" where it is not asked
}

// askedBytes bounds the questions that are kept for one service, with what is expected of their answers.
const askedBytes = 1 << 20

func newConformer(s supergraph.Source) (*conformer, error) {
	doc, err := parser.ParseSchema(&ast.Source{Name: s.Name, Input: s.SDL})
	if err != nil {
		return nil, err
	}
	c := &conformer{
		service: s.Name, types: map[string]*ast.Definition{}, possible: map[string]map[string]bool{},
		asked: kept.New(askedBytes, func(text string, q *askedQuestion) int { return 40*len(text) + q.expects.bytes }),
	}
	may := func(abstract, object string) {
		if c.possible[abstract] == nil {
			c.possible[abstract] = map[string]bool{}
		}
		c.possible[abstract][object] = true
	}
	for _, d := range doc.Definitions {
		c.types[d.Name] = d
		switch d.Kind {
		case ast.Object:
			for _, i := range d.Interfaces {
				may(i, d.Name)
			}
		case ast.Union:
			for _, member := range d.Types {
				may(d.Name, member)
			}
		}
	}
	if s.Nodes != nil {
		c.narrow(s.Nodes, may)
	}
	return c, nil
}

// narrow lets what stands for the service's node be only what that may answer, where others of the service's types are Nodes,
// too, and belong to Sonata.
func (c *conformer) narrow(n *supergraph.Nodes, may func(abstract, object string)) {
	c.node = n.One
	c.types[c.node] = &ast.Definition{Kind: ast.Union, Name: c.node, Types: n.Types}
	for _, name := range n.Types {
		may(c.node, name)
	}
	query := c.types["Query"]
	query.Fields.ForName(n.One).Type = ast.NamedType(c.node, nil)
	query.Fields.ForName(n.Many).Type = ast.ListType(ast.NamedType(c.node, nil), nil)
}

// maxWrong bounds the errors that one answer is given.
const maxWrong = 10

// conform returns an answer that fits its question.
func (c *conformer) conform(question, answer []byte) []byte {
	text, err := astjson.ParseBytes(question)
	if err != nil {
		return answer
	}
	q := c.question(string(text.GetStringBytes("query")))
	whole, err := astjson.ParseBytes(answer)
	if q == nil || err != nil {
		return answer
	}
	data := whole.Get("data")
	if data == nil || data.Type() != astjson.TypeObject {
		return answer
	}
	x := conforming{conformer: c, fragments: q.doc.Fragments}
	op := q.doc.Operations[0]
	fits := x.object(data, rootOf(op), op.SelectionSet)
	if len(x.wrong) == 0 {
		return answer
	}
	if !fits {
		whole.Set(nil, "data", astjson.NullValue)
	}
	errors := whole.Get("errors")
	if errors == nil || errors.Type() != astjson.TypeArray {
		errors = astjson.ArrayValue(nil)
		whole.Set(nil, "errors", errors)
	}
	at := len(errors.GetArray())
	for i, e := range x.wrong {
		errors.SetArrayItem(nil, at+i, e)
	}
	return whole.MarshalTo(nil)
}

// rootOf is the type that an operation begins with.
func rootOf(op *ast.OperationDefinition) string {
	switch op.Operation {
	case ast.Mutation:
		return "Mutation"
	case ast.Subscription:
		return "Subscription"
	}
	return "Query"
}

// askedQuestion is a question that was read, with what a quick look expects of its answers.
type askedQuestion struct {
	doc     *ast.QueryDocument
	expects expectation
}

func (c *conformer) question(text string) *askedQuestion {
	if q, ok := c.asked.Get(text); ok {
		return q
	}
	doc, err := parser.ParseQuery(&ast.Source{Input: text})
	if err != nil || len(doc.Operations) != 1 {
		return nil
	}
	q := &askedQuestion{doc, c.expect(doc)}
	c.asked.Put(text, q)
	return q
}

// conforming is one answer on its way.
type conforming struct {
	*conformer
	fragments ast.FragmentDefinitionList
	at        []any // names and places
	wrong     []*astjson.Value
}

// object looks at the fields of an object that were asked for; it does not fit when one of them would have to be null and
// cannot.
func (x *conforming) object(v *astjson.Value, name string, set ast.SelectionSet) bool {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			if !x.field(v, name, s) {
				return false
			}
		case *ast.InlineFragment:
			if x.is(name, s.TypeCondition) && !x.object(v, name, s.SelectionSet) {
				return false
			}
		case *ast.FragmentSpread:
			if f := x.fragments.ForName(s.Name); f != nil && x.is(name, f.TypeCondition) && !x.object(v, name, f.SelectionSet) {
				return false
			}
		}
	}
	return true
}

func (x *conforming) field(v *astjson.Value, object string, f *ast.Field) bool {
	key := f.Alias
	value := v.Get(key)
	if value == nil || value.Type() == astjson.TypeNull || f.Name == typename {
		return true // what is missing is the engine's to tell
	}
	x.at = append(x.at, key)
	defer func() { x.at = x.at[:len(x.at)-1] }()
	if f.Name == entities {
		return x.entities(value, f.SelectionSet)
	}
	d := x.types[object]
	if d == nil || d.Fields.ForName(f.Name) == nil {
		return true
	}
	t := d.Fields.ForName(f.Name).Type
	if x.value(value, t, f.SelectionSet) {
		return true
	}
	if t.NonNull {
		return false
	}
	v.Set(nil, key, astjson.NullValue)
	return true
}

// entities are of any type; that they are as many as were asked for, and of which type, was looked at before.
func (x *conforming) entities(list *astjson.Value, set ast.SelectionSet) bool {
	for i, item := range list.GetArray() {
		name := string(item.GetStringBytes(typename))
		if item.Type() != astjson.TypeObject || name == "" {
			continue
		}
		x.at = append(x.at, i)
		if !x.object(item, name, set) {
			list.SetArrayItem(nil, i, astjson.NullValue) // an entity can always be missing
		}
		x.at = x.at[:len(x.at)-1]
	}
	return true
}

// value reports whether a value may stay. What is wrong in it is told, and made null as far as its types allow.
func (x *conforming) value(v *astjson.Value, t *ast.Type, set ast.SelectionSet) bool {
	if v.Type() == astjson.TypeNull {
		return true // where it may not be, the engine says so
	}
	if t.Elem == nil {
		return x.named(v, t.NamedType, set)
	}
	if v.Type() != astjson.TypeArray {
		return x.no()
	}
	for i, item := range v.GetArray() {
		x.at = append(x.at, i)
		fits := x.value(item, t.Elem, set)
		x.at = x.at[:len(x.at)-1]
		if fits {
			continue
		}
		if t.Elem.NonNull {
			return false
		}
		v.SetArrayItem(nil, i, astjson.NullValue)
	}
	return true
}

func (x *conforming) named(v *astjson.Value, name string, set ast.SelectionSet) bool {
	d := x.types[name]
	if d == nil || d.Kind == ast.Scalar || d.Kind == ast.Enum {
		return scalarFits(v, name, d) || x.no()
	}
	if v.Type() != astjson.TypeObject {
		return x.no()
	}
	is := name
	if told := v.Get(typename); told != nil {
		if is = string(told.GetStringBytes()); !x.is(is, name) {
			return x.no()
		}
	} else if name == x.node {
		return x.no()
	}
	return x.object(v, is, set)
}

// is reports whether an object of one type meets a condition.
func (c *conformer) is(object, condition string) bool {
	return condition == "" || object == condition || c.possible[condition][object]
}

// no tells that a value is wrong, and always answers false.
func (x *conforming) no() bool {
	if len(x.wrong) >= maxWrong {
		return false
	}
	path := astjson.ArrayValue(nil)
	for i, step := range x.at {
		switch step := step.(type) {
		case string:
			path.SetArrayItem(nil, i, astjson.StringValue(nil, step))
		case int:
			path.SetArrayItem(nil, i, astjson.IntValue(nil, step))
		}
	}
	f := invalid(x.service, "something that its schema does not allow", nil)
	extensions, e := astjson.ObjectValue(nil), astjson.ObjectValue(nil)
	extensions.Set(nil, "code", astjson.StringValue(nil, f.Code))
	extensions.Set(nil, "service", astjson.StringValue(nil, x.service))
	e.Set(nil, "message", astjson.StringValue(nil, f.Error()))
	e.Set(nil, "path", path)
	e.Set(nil, "extensions", extensions)
	x.wrong = append(x.wrong, e)
	return false
}

// scalarFits reports whether a value is one of a scalar or an enum; those that nobody knows but the service have any.
func scalarFits(v *astjson.Value, name string, d *ast.Definition) bool {
	kind := v.Type()
	switch name {
	case "Int":
		if kind != astjson.TypeNumber {
			return false
		}
		if n, err := v.Int64(); err == nil {
			return n >= math.MinInt32 && n <= math.MaxInt32
		}
		n, err := strconv.ParseFloat(string(v.MarshalTo(nil)), 64)
		return err == nil && n == math.Trunc(n) && n >= math.MinInt32 && n <= math.MaxInt32
	case "Float":
		if kind != astjson.TypeNumber {
			return false
		}
		if _, err := v.Int64(); err == nil {
			return true
		}
		_, err := strconv.ParseFloat(string(v.MarshalTo(nil)), 64)
		return err == nil
	case "String":
		return kind == astjson.TypeString
	case "Boolean":
		return kind == astjson.TypeTrue || kind == astjson.TypeFalse
	case "ID":
		if kind != astjson.TypeNumber {
			return kind == astjson.TypeString
		}
		_, err := strconv.ParseInt(string(v.MarshalTo(nil)), 10, 64)
		return err == nil
	}
	return d == nil || d.Kind != ast.Enum || kind == astjson.TypeString && d.EnumValues.ForName(string(v.GetStringBytes())) != nil
}
