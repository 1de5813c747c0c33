//sonata:pure

package document

import (
	"encoding/json"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// Actual is what an answer cost, by the same weights: the entries that are in it count instead of those that were to be
// expected. It walks the data once, field by field as they were answered.
func (c *Costs) Actual(op *ast.OperationDefinition, variables map[string]any, data []byte) int {
	var answer map[string]any
	if json.Unmarshal(data, &answer) != nil || answer == nil {
		return 0
	}
	w := walk{Costs: c, variables: variables}
	return w.answered(answer, c.root(op.Operation), []ast.SelectionSet{op.SelectionSet})
}

// asked is one field of an answer: every place of the document that asks for it under its name.
type asked struct {
	*ast.Field
	below []ast.SelectionSet
}

// answered is what one object cost, all below it included.
func (w *walk) answered(object map[string]any, is *ast.Definition, sets []ast.SelectionSet) (cost int) {
	for name, f := range w.collect(is, sets) {
		p := w.prices[is][f.Name]
		value, there := object[name]
		if p == nil || !there {
			continue
		}
		for _, in := range p.inputs {
			cost = plus(cost, w.given(in, w.argument(f.Field, in), true))
		}
		cost = plus(cost, w.entries(p, value, f.below))
	}
	return cost
}

func (w *walk) entries(p *price, value any, below []ast.SelectionSet) (cost int) {
	switch v := value.(type) {
	case []any:
		for _, one := range v {
			cost = plus(cost, w.entries(p, one, below))
		}
		return cost
	case map[string]any:
		if len(below) > 0 { // else it is a scalar that is written so
			is := w.typeOf(p.answers, v, below)
			return plus(w.weigh(p, is), w.answered(v, is, below))
		}
	}
	if p.own { // it was worked for, whatever came out
		return p.weight
	}
	if value == nil {
		return 0
	}
	return w.weights[p.answers]
}

// collect is what an object was asked for, by the names in its answer.
func (w *walk) collect(is *ast.Definition, sets []ast.SelectionSet) map[string]*asked {
	fields, seen := map[string]*asked{}, map[*ast.FragmentDefinition]bool{}
	var add func(set ast.SelectionSet)
	add = func(set ast.SelectionSet) {
		for _, s := range set {
			switch s := s.(type) {
			case *ast.Field:
				if !w.runs(s.Directives) {
					continue
				}
				f := fields[s.Alias]
				if f == nil {
					f = &asked{Field: s}
					fields[s.Alias] = f
				}
				if len(s.SelectionSet) > 0 {
					f.below = append(f.below, s.SelectionSet)
				}
			case *ast.InlineFragment:
				if w.runs(s.Directives) && w.meets(is, s.TypeCondition) {
					add(s.SelectionSet)
				}
			case *ast.FragmentSpread:
				if s.Definition != nil && !seen[s.Definition] && w.runs(s.Directives) && w.meets(is, s.Definition.TypeCondition) {
					seen[s.Definition] = true
					add(s.Definition.SelectionSet)
				}
			}
		}
	}
	for _, set := range sets {
		add(set)
	}
	return fields
}

// typeOf is what an object is: as it says itself, else the heaviest type that is asked for what it has.
func (w *walk) typeOf(answers *ast.Definition, object map[string]any, below []ast.SelectionSet) *ast.Definition {
	possible := w.schema.PossibleTypes[answers.Name]
	if len(possible) == 1 {
		return possible[0]
	}
	if name, said := object["__typename"].(string); said {
		if i := slices.IndexFunc(possible, func(d *ast.Definition) bool { return d.Name == name }); i >= 0 {
			return possible[i]
		}
	}
	best, most := answers, -1
	for _, is := range possible {
		fields, fits := w.collect(is, below), true
		for name := range object {
			fits = fits && fields[name] != nil
		}
		if fits && len(fields) == len(object) && w.weights[is] > most {
			best, most = is, w.weights[is]
		}
	}
	return best
}
