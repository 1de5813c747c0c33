//sonata:pure

package supergraph

import "github.com/vektah/gqlparser/v2/ast"

// The limits of what is composed. They are far above what a service has, and keep a hostile schema from taking a second.
const (
	// maxSDL is how many bytes one subgraph's SDL may have.
	maxSDL = 1 << 20
	// maxTogether is how many bytes all of them may have.
	maxTogether = 16 << 20
	// maxDefinitions is how many definitions and extensions one SDL may have.
	maxDefinitions = 10_000
	// maxSubgraphs is how many services one graph may have.
	maxSubgraphs = 200
	// maxWork bounds the comparisons that validation makes, which grow with the square of a type's members.
	maxWork = 50_000_000
	// maxSteps bounds the search for fields that cannot be reached.
	maxSteps = 500_000
	// maxFieldSet is how many bytes the fields of a @key, @requires or @provides may have.
	maxFieldSet = 10_000
	// maxProblems is how many problems are reported.
	maxProblems = 100
)

// work estimates the comparisons that validating these definitions takes. gqlparser looks members up one by one.
func work(defs map[string]*ast.Definition) int {
	sum := 0
	implementers := map[string]int{}
	for _, d := range defs {
		for _, name := range d.Interfaces {
			implementers[name]++
		}
		if d.Kind == ast.Union {
			implementers[d.Name] += len(d.Types)
		}
	}
	for _, d := range defs {
		sum += square(len(d.Fields)) + square(len(d.EnumValues)) + square(len(d.Types)) + square(len(d.Interfaces))
		for _, f := range d.Fields {
			sum += square(len(f.Arguments)) + square(len(f.Directives))
		}
		for _, name := range d.Interfaces {
			if i := defs[name]; i != nil {
				sum += len(i.Fields)*len(d.Fields) + len(i.Interfaces)*len(d.Interfaces)
				for _, f := range i.Fields {
					sum += implementers[f.Type.Name()]
				}
			}
			if sum > maxWork {
				return sum
			}
		}
	}
	return sum
}

func square(n int) int { return n * n }
