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
	maxReach  = 50_000  // nodes of everything that each operation and each fragment leads to
)

// Repeats reports whether a document asks for the same again and again, so that finding out whether it is valid would cost
// too much: the same fields at the same place, or fragments whose content is looked at anew for every operation and every
// fragment that leads to it. It needs no schema, and takes a few milliseconds at most.
func Repeats(doc *ast.QueryDocument) bool {
	r := repeats{doc: doc, sizes: map[string]int{}}
	for _, f := range doc.Fragments {
		r.sizes[f.Name] = nodesOf(f.SelectionSet) + nodesOfDirectives(f.Directives)
	}
	for _, op := range doc.Operations {
		r.reach(op.SelectionSet)
		r.group([]ast.SelectionSet{op.SelectionSet})
	}
	for _, f := range doc.Fragments {
		r.reach(f.SelectionSet)
		r.group([]ast.SelectionSet{f.SelectionSet})
	}
	return r.tooMany()
}

// reach counts what one operation or fragment leads to: each fragment once.
func (r *repeats) reach(set ast.SelectionSet) {
	r.reached += nodesOf(set)
	seen, open := map[string]bool{}, spreadsIn(set, nil)
	for len(open) > 0 && !r.tooMany() {
		name := open[len(open)-1]
		open = open[:len(open)-1]
		if f := r.doc.Fragments.ForName(name); f != nil && !seen[name] {
			seen[name] = true
			r.reached += r.sizes[name]
			open = spreadsIn(f.SelectionSet, open)
		}
	}
}

func spreadsIn(set ast.SelectionSet, names []string) []string {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			names = spreadsIn(s.SelectionSet, names)
		case *ast.InlineFragment:
			names = spreadsIn(s.SelectionSet, names)
		case *ast.FragmentSpread:
			names = append(names, s.Name)
		}
	}
	return names
}

type repeats struct {
	doc                    *ast.QueryDocument
	sizes                  map[string]int // nodes of each fragment
	pairs, visits, reached int
	depth                  int
}

func (r *repeats) tooMany() bool {
	return r.pairs > maxPairs || r.visits > maxVisits || r.reached > maxReach
}

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
