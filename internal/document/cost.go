//sonata:pure

package document

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// What costs how much where the schema says nothing.
const (
	objectCost   = 1  // an object, in answers and in inputs; scalars and enums cost nothing
	mutationCost = 10 // a field of the mutation type
	listLength   = 10 // entries of a list
)

// Countless is more than any limit: what would cost more costs this.
const Countless = 1<<30 - 1

// Costs is what the fields of one schema cost, by its directives @cost and @listSize. A field costs the weight of what it
// answers and all that is asked for below it, so many times as its list is long, and what its arguments weigh.
type Costs struct {
	schema  *ast.Schema
	weights map[*ast.Definition]int // of the types
	prices  map[*ast.Definition]map[string]*price
	inputs  map[*ast.Definition][]input
}

// price is what one field of one type costs.
type price struct {
	weight  int  // of each entry, where the field has a weight of its own
	own     bool // it has
	list    bool
	length  int      // of the list, or of the lists below that are named
	slicing []*input // arguments that say the length
	sized   []string // fields below that have the length; none when it is the field itself
	inputs  []*input // arguments that may weigh something
	answers *ast.Definition
}

// input is an argument or a field of an input.
type input struct {
	name   string
	weight int
	own    bool
	is     *ast.Definition
	preset any // its default
}

// NewCosts reads the directives of a schema. It returns what is wrong with one that cannot be read.
func NewCosts(schema *ast.Schema) (*Costs, error) {
	c := &Costs{
		schema: schema, weights: map[*ast.Definition]int{},
		prices: map[*ast.Definition]map[string]*price{}, inputs: map[*ast.Definition][]input{},
	}
	for _, d := range schema.Types {
		weight, own, err := weightIn(d.Directives)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", d.Name, err)
		}
		if !own && d.Kind != ast.Scalar && d.Kind != ast.Enum {
			weight = objectCost
		}
		c.weights[d] = weight
		switch d.Kind {
		case ast.Object, ast.Interface:
			c.prices[d] = map[string]*price{}
			for _, f := range d.Fields {
				p, err := c.priceOf(d, f)
				if err != nil {
					return nil, fmt.Errorf("%s.%s: %w", d.Name, f.Name, err)
				}
				c.prices[d][f.Name] = p
			}
		case ast.InputObject:
			for _, f := range d.Fields {
				in, err := c.inputOf(f.Name, f.Type, f.Directives, f.DefaultValue)
				if err != nil {
					return nil, fmt.Errorf("%s.%s: %w", d.Name, f.Name, err)
				}
				c.inputs[d] = append(c.inputs[d], *in)
			}
		}
	}
	return c, nil
}

func (c *Costs) priceOf(d *ast.Definition, f *ast.FieldDefinition) (p *price, err error) {
	p = &price{list: f.Type.Elem != nil, length: listLength, answers: c.schema.Types[f.Type.Name()]}
	if p.weight, p.own, err = weightIn(f.Directives); err != nil {
		return nil, err
	}
	if d == c.schema.Mutation && !p.own {
		p.weight, p.own = mutationCost, true
	}
	for _, a := range f.Arguments {
		in, err := c.inputOf(a.Name, a.Type, a.Directives, a.DefaultValue)
		if err != nil {
			return nil, fmt.Errorf("argument %s: %w", a.Name, err)
		}
		if in.own || in.is != nil && in.is.Kind == ast.InputObject {
			p.inputs = append(p.inputs, in)
		}
		if slices.Contains(namesIn(f.Directives, "slicingArguments"), a.Name) {
			p.slicing = append(p.slicing, in)
		}
	}
	if size := f.Directives.ForName("listSize"); size != nil {
		if a := size.Arguments.ForName("assumedSize"); a != nil && a.Value.Kind == ast.IntValue {
			p.length = length(a.Value.Raw, listLength)
		}
		p.sized = namesIn(f.Directives, "sizedFields")
		if named := namesIn(f.Directives, "slicingArguments"); len(named) != len(p.slicing) {
			return nil, fmt.Errorf("@listSize names arguments that it does not have: %s", strings.Join(named, ", "))
		}
	}
	if known, ok := introspection(c.schema)[d.Name+"."+f.Name]; ok {
		p.weight, p.own, p.length = known.weight, true, known.length
	}
	return p, nil
}

func (c *Costs) inputOf(name string, typ *ast.Type, directives ast.DirectiveList, preset *ast.Value) (in *input, err error) {
	in = &input{name: name, is: c.schema.Types[typ.Name()]}
	if in.weight, in.own, err = weightIn(directives); err != nil {
		return nil, err
	}
	if preset != nil {
		in.preset, err = preset.Value(nil)
	}
	return in, err
}

// weightIn reads @cost. Fractions count as a whole.
func weightIn(list ast.DirectiveList) (weight int, own bool, err error) {
	d := list.ForName("cost")
	if d == nil {
		return 0, false, nil
	}
	raw := d.Arguments.ForName("weight").Value.Raw
	w, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsNaN(w) || w < 0 || w > Countless {
		return 0, false, fmt.Errorf("@cost(weight: %q): write a number from 0 to %d", raw, Countless)
	}
	return int(math.Ceil(w)), true, nil
}

// namesIn reads a list of names in @listSize.
func namesIn(list ast.DirectiveList, argument string) (names []string) {
	d := list.ForName("listSize")
	if d == nil {
		return nil
	}
	if a := d.Arguments.ForName(argument); a != nil {
		for _, child := range a.Value.Children {
			names = append(names, child.Value.Raw)
		}
	}
	return names
}

type known struct{ weight, length int }

// introspection is what the schema of the schema costs: it cannot carry directives. What can be followed in circles costs
// at each turn, what leads to the end of a type costs nothing. The lengths are about those of a schema.
func introspection(schema *ast.Schema) map[string]known {
	return map[string]known{
		"__Schema.types":            {1, len(schema.Types)},
		"__Schema.directives":       {1, len(schema.Directives)},
		"__Type.fields":             {1, 6},
		"__Type.inputFields":        {1, 2},
		"__Type.interfaces":         {1, 1},
		"__Type.possibleTypes":      {1, 2},
		"__Type.enumValues":         {0, 6},
		"__Type.ofType":             {0, 1},
		"__Field.type":              {0, 1},
		"__Field.args":              {0, 2},
		"__InputValue.type":         {0, 1},
		"__Directive.args":          {0, 2},
		"__Schema.queryType":        {0, 1},
		"__Schema.mutationType":     {0, 1},
		"__Schema.subscriptionType": {0, 1},
	}
}

// Of is what an operation costs with its variables, which are coerced: defaults are in them. What stands in a fragment
// counts for each of its uses, and of the types that an answer may have the most expensive counts. It is never negative,
// and never more than Countless.
func (c *Costs) Of(op *ast.OperationDefinition, variables map[string]any) int {
	w := walk{Costs: c, variables: variables}
	return w.selection(op.SelectionSet, c.root(op.Operation), sized{})
}

func (c *Costs) root(of ast.Operation) *ast.Definition {
	switch of {
	case ast.Mutation:
		return c.schema.Mutation
	case ast.Subscription:
		return c.schema.Subscription
	default:
		return c.schema.Query
	}
}

// walk is one calculation.
type walk struct {
	*Costs
	variables map[string]any
	several   int // how many of the fields above answer one of several types: what is below is walked for each
	done      map[part]int
}

// part is what costs the same wherever it stands: a fragment, or a field that several types have.
type part struct {
	fragment *ast.FragmentDefinition
	field    *ast.Field
	on       *ast.Definition
	sized    sized
}

// sized is the length of the lists in a selection that its field named.
type sized struct {
	by     *price
	length int
}

func (w *walk) selection(set ast.SelectionSet, on *ast.Definition, by sized) (sum int) {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			if w.runs(s.Directives) {
				sum = plus(sum, w.field(s, on, by))
			}
		case *ast.InlineFragment:
			if w.runs(s.Directives) && w.meets(on, s.TypeCondition) {
				sum = plus(sum, w.selection(s.SelectionSet, on, by))
			}
		case *ast.FragmentSpread:
			if s.Definition != nil && w.runs(s.Directives) && w.meets(on, s.Definition.TypeCondition) {
				sum = plus(sum, w.once(part{fragment: s.Definition, on: on, sized: by}, func() int {
					return w.selection(s.Definition.SelectionSet, on, by)
				}))
			}
		}
	}
	return sum
}

// once keeps what was calculated: fragments that use each other twice double with every step.
func (w *walk) once(p part, cost func() int) int {
	if known, ok := w.done[p]; ok {
		return known
	}
	n := cost()
	if w.done == nil {
		w.done = map[part]int{}
	}
	w.done[p] = n
	return n
}

func (w *walk) field(f *ast.Field, on *ast.Definition, by sized) int {
	p := w.prices[on][f.Name]
	if p == nil {
		return 0 // __typename
	}
	if w.several > 0 && len(f.SelectionSet) > 0 {
		return w.once(part{field: f, on: on, sized: by}, func() int { return w.priced(f, p, by) })
	}
	return w.priced(f, p, by)
}

func (w *walk) priced(f *ast.Field, p *price, by sized) int {
	times, below := 1, sized{}
	n := w.lengthOf(f, p)
	switch {
	case len(p.sized) > 0:
		below = sized{p, n}
	case p.list && by.by != nil && slices.Contains(by.by.sized, f.Name):
		times = by.length
	case p.list:
		times = n
	}
	cost := times
	if cost > 0 {
		cost = multiplied(times, w.entry(f, p, below))
	}
	for _, in := range p.inputs {
		cost = plus(cost, w.given(in, w.argument(f, in), true))
	}
	return cost
}

// entry is what one entry of a field's answer costs: the most that it may.
func (w *walk) entry(f *ast.Field, p *price, below sized) (most int) {
	if len(f.SelectionSet) == 0 {
		return w.weigh(p, p.answers)
	}
	possible := w.schema.PossibleTypes[p.answers.Name]
	if len(possible) > 1 {
		w.several++
		defer func() { w.several-- }()
	}
	for _, is := range possible {
		most = max(most, plus(w.weigh(p, is), w.selection(f.SelectionSet, is, below)))
	}
	return most
}

func (w *walk) weigh(p *price, is *ast.Definition) int {
	if p.own {
		return p.weight
	}
	return w.weights[is]
}

// lengthOf is how long the list is that a field answers, or that stands below it: as its arguments say, else as assumed.
func (w *walk) lengthOf(f *ast.Field, p *price) int {
	longest, said := 0, false
	for _, in := range p.slicing {
		v := w.argument(f, in)
		if v == nil {
			v = in.preset // null is what the field takes without the argument
		}
		if v != nil {
			longest, said = max(longest, length(v, p.length)), true
		}
	}
	if said {
		return longest
	}
	return p.length
}

// length is the number that an argument is, or the length of the list that it is.
func length(v any, otherwise int) int {
	switch v := v.(type) {
	case []any:
		return len(v)
	case int:
		return within(float64(v))
	case int32:
		return within(float64(v))
	case int64:
		return within(float64(v))
	case float64:
		return within(v)
	case json.Number:
		return length(v.String(), otherwise)
	case string:
		if n, err := strconv.ParseFloat(v, 64); err == nil || math.IsInf(n, 0) {
			return within(n)
		}
	}
	return otherwise
}

func within(n float64) int {
	if !(n > 0) { // NaN is neither
		return 0
	}
	return int(min(n, Countless))
}

// argument is what an argument is given, or its default; nil for null and for what is not there.
func (w *walk) argument(f *ast.Field, in *input) any {
	given := f.Arguments.ForName(in.name)
	if given == nil {
		return in.preset
	}
	if given.Value.Kind == ast.Variable {
		if v, there := w.variables[given.Value.Raw]; there {
			return v
		}
		return in.preset
	}
	v, err := given.Value.Value(w.variables)
	if err != nil { // a number that no variable holds
		return given.Value.Raw
	}
	return v
}

// given is what a value of an argument or a field of an input weighs. One value stands for a list of it. A default that
// stands in for what was not given is taken as it is written: one that holds itself would have no end.
func (w *walk) given(in *input, v any, defaults bool) (cost int) {
	switch v := v.(type) {
	case nil:
		return 0
	case []any:
		for _, one := range v {
			cost = plus(cost, w.given(in, one, defaults))
		}
		return cost
	case map[string]any:
		fields := w.inputs[in.is]
		for i := range fields {
			value, there := v[fields[i].name]
			if !there && defaults {
				cost = plus(cost, w.given(&fields[i], fields[i].preset, false))
			} else {
				cost = plus(cost, w.given(&fields[i], value, defaults))
			}
		}
	}
	if in.own {
		return plus(cost, in.weight)
	}
	return plus(cost, w.weights[in.is])
}

// runs reports whether @skip and @include let a part of an operation run. One whose condition is not known counts.
func (w *walk) runs(list ast.DirectiveList) bool {
	for _, d := range list {
		if d.Name != "skip" && d.Name != "include" {
			continue
		}
		a := d.Arguments.ForName("if")
		if a == nil {
			continue
		}
		if condition, err := a.Value.Value(w.variables); err == nil && condition == (d.Name == "skip") {
			return false
		}
	}
	return true
}

// meets reports whether an object type meets the condition of a fragment.
func (c *Costs) meets(on *ast.Definition, condition string) bool {
	return condition == "" || condition == on.Name || slices.Contains(c.schema.PossibleTypes[condition], on)
}

func plus(a, b int) int { return min(a+b, Countless) }

func multiplied(a, b int) int {
	if a > 0 && b > Countless/a {
		return Countless
	}
	return a * b
}
