//sonata:pure

package document

import (
	"github.com/vektah/gqlparser/v2/ast"
)

// The most that a document may repeat itself. Whether fields can be merged (GraphQL specification, section 5.3.2) is found
// out by comparing each two of the same name at the same place, which for a field that is repeated 5,000 times takes a
// second.
const (
	maxPairs  = 200_000 // of fields to compare
	maxVisits = 100_000 // of fields, fragments followed
)

// Repeats reports whether a document asks for the same fields again and again, so that finding out whether it is valid
// would cost too much. It needs no schema, and takes a few milliseconds at most.
func Repeats(doc *ast.QueryDocument) bool {
	r := repeats{doc: doc}
	for _, op := range doc.Operations {
		r.group([]ast.SelectionSet{op.SelectionSet})
	}
	for _, f := range doc.Fragments {
		r.group([]ast.SelectionSet{f.SelectionSet})
	}
	return r.tooMany()
}

type repeats struct {
	doc           *ast.QueryDocument
	pairs, visits int
	depth         int
}

func (r *repeats) tooMany() bool { return r.pairs > maxPairs || r.visits > maxVisits || r.depth < 0 }

// maxGroups bounds the levels of a document: deeper ones are refused for that later, or are no documents.
const maxGroups = 1000

// group looks at selection sets that are merged into one.
func (r *repeats) group(sets []ast.SelectionSet) {
	if r.depth++; r.depth > maxGroups {
		return
	}
	defer func() { r.depth-- }()
	named, below, seen := map[string]int{}, map[string][]ast.SelectionSet{}, map[string]bool{}
	for len(sets) > 0 && !r.tooMany() {
		set := sets[len(sets)-1]
		sets = sets[:len(sets)-1]
		for _, s := range set {
			r.visits++
			switch s := s.(type) {
			case *ast.Field:
				r.pairs += named[s.Alias]
				named[s.Alias]++
				if len(s.SelectionSet) > 0 {
					below[s.Alias] = append(below[s.Alias], s.SelectionSet)
				}
			case *ast.InlineFragment:
				sets = append(sets, s.SelectionSet)
			case *ast.FragmentSpread:
				if f := r.doc.Fragments.ForName(s.Name); f != nil && !seen[s.Name] {
					seen[s.Name] = true
					sets = append(sets, f.SelectionSet)
				}
			}
		}
	}
	for _, merged := range below {
		if r.tooMany() {
			return
		}
		r.group(merged)
	}
}
