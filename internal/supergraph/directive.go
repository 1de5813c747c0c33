//sonata:pure

package supergraph

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// newestMinor is the newest version 2.x of Federation whose directives are all known here, implemented or not.
const newestMinor = 13

// federationSince returns the minor version 2.x that brought a directive of Federation, and whether it is implemented.
// The minor version is -1 for names that Federation does not have.
func federationSince(name string) (minor int, implemented bool) {
	switch name {
	case "key", "requires", "provides", "external", "shareable", "override", "tag", "inaccessible":
		return 0, true
	case "extends":
		return 0, false
	case "composeDirective":
		return 1, false
	case "interfaceObject":
		return 3, false
	case "authenticated", "requiresScopes":
		return 5, true
	case "policy":
		return 6, false
	case "context", "fromContext":
		return 8, false
	case "cost", "listSize":
		return 9, true
	case "cacheTag":
		return 12, false
	}
	return -1, false
}

// federationType says whether Federation has a scalar of this name, and since when.
func federationType(name string) int {
	switch name {
	case "FieldSet":
		return 0
	case "Scope":
		return 5
	case "Policy":
		return 6
	case "ContextArgument", "ContextFieldValue":
		return 8
	}
	return -1
}

// directiveSDL defines what may be applied in a subgraph. Whatever a service prints of these is replaced by it.
const directiveSDL = `
scalar federation__FieldSet
scalar federation__Scope
scalar federation__Weight
directive @key(fields: federation__FieldSet!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE
directive @requires(fields: federation__FieldSet!) on FIELD_DEFINITION
directive @provides(fields: federation__FieldSet!) on FIELD_DEFINITION
directive @external(reason: String) on OBJECT | FIELD_DEFINITION
directive @shareable repeatable on OBJECT | FIELD_DEFINITION
directive @override(from: String!, label: String) on FIELD_DEFINITION
directive @tag(name: String!) repeatable on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION | SCHEMA
directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION
directive @authenticated on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
directive @requiresScopes(scopes: [[federation__Scope!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
directive @cost(weight: federation__Weight!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION
`

// ownedSDL are the directives of the owned subgraph, for an SDL of it that does not define them.
const ownedSDL = `
directive @access(scope: String!) on OBJECT | INTERFACE | FIELD_DEFINITION
directive @published on OBJECT | FIELD_DEFINITION
`

// apiSDL defines what stays visible in the API, with descriptions, as introspection shows them.
const apiSDL = `
"Only callers who have signed in may read this"
directive @authenticated on ENUM | FIELD_DEFINITION | INTERFACE | OBJECT | SCALAR

"Only callers with all the scopes of one of the inner lists may read this"
directive @requiresScopes(scopes: [[String!]!]!) on ENUM | FIELD_DEFINITION | INTERFACE | OBJECT | SCALAR

"What a field, an argument or a value weighs in the cost of an operation"
directive @cost(weight: String!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR

"How long a list is, for the cost of an operation"
directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION
`

// builtinSource parses text of this package. It parses, or a test would say so.
func builtinSource(text string) *ast.SchemaDocument {
	doc, err := parser.ParseSchema(&ast.Source{Input: text, BuiltIn: true})
	if err != nil {
		return &ast.SchemaDocument{}
	}
	return doc
}
