package graph

import "github.com/vektah/gqlparser/v2/ast"

// Walk is what the guard knows an operation by.
func Walk(schema *ast.Schema, op *ast.OperationDefinition, visit func(*ast.Definition, *ast.Field)) {
	walk(schema, op.SelectionSet, []*ast.Definition{rootOf(schema, op.Operation)}, visit)
}
