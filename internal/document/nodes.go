//sonata:pure

package document

import "github.com/vektah/gqlparser/v2/ast"

// Nodes counts the nodes of a document's tree, each fragment once: what it takes to keep it, and to look at all of it.
func Nodes(doc *ast.QueryDocument) int {
	nodes := 1
	for _, op := range doc.Operations {
		nodes += 1 + nodesOf(op.SelectionSet) + nodesOfDirectives(op.Directives)
		for _, v := range op.VariableDefinitions {
			nodes += 2 + nodesOfDirectives(v.Directives) + nodesOfValue(v.DefaultValue)
		}
	}
	for _, f := range doc.Fragments {
		nodes += 1 + nodesOf(f.SelectionSet) + nodesOfDirectives(f.Directives)
	}
	return nodes
}

func nodesOf(set ast.SelectionSet) (nodes int) {
	for _, s := range set {
		nodes++
		switch s := s.(type) {
		case *ast.Field:
			nodes += nodesOf(s.SelectionSet) + nodesOfDirectives(s.Directives) + nodesOfArguments(s.Arguments)
			if s.Name == "__typename" { // validation makes a definition for each
				nodes++
			}
		case *ast.InlineFragment:
			nodes += nodesOf(s.SelectionSet) + nodesOfDirectives(s.Directives)
		case *ast.FragmentSpread:
			nodes += nodesOfDirectives(s.Directives)
		}
	}
	return nodes
}

func nodesOfDirectives(list ast.DirectiveList) (nodes int) {
	for _, d := range list {
		nodes += 1 + nodesOfArguments(d.Arguments)
	}
	return nodes
}

func nodesOfArguments(list ast.ArgumentList) (nodes int) {
	for _, a := range list {
		nodes += 1 + nodesOfValue(a.Value)
	}
	return nodes
}

func nodesOfValue(v *ast.Value) int {
	if v == nil {
		return 0
	}
	nodes := 1
	for _, c := range v.Children {
		nodes += 1 + nodesOfValue(c.Value)
	}
	return nodes
}
