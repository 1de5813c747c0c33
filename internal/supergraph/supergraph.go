//sonata:pure

// Package supergraph composes what services contribute into one graph, by the rules of Apollo Federation v2
// (https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/reference/directives), and says what a change
// of a graph breaks. It does no I/O and keeps nothing: schemas go in, a supergraph or readable problems come out.
package supergraph

import "github.com/vektah/gqlparser/v2/ast"

// Subgraph is what one service contributes.
type Subgraph struct {
	// Name is the service's.
	Name string
	// SDL is the schema as it was published, with the directives of Federation.
	SDL string
	// Owned says that nobody else may redefine, override or share these types and root fields: Sonata's own subgraph. Others
	// may add fields to those of its types that it marks with @key, use its scalars, implement Node and use PageInfo.
	Owned bool
	// NodePrefix is what ids of the service's objects begin with, up to the underscore: it is asked for them by its own
	// Query.node. Where it is empty, the service's ids are not known to Query.node.
	NodePrefix string
}

// Supergraph is the composed whole. It is never changed.
type Supergraph struct {
	// SDL is the whole graph, what is @inaccessible, what Federation itself needs and what stands for services' own Query.node
	// included: operations are planned on it.
	SDL string
	// API is what clients see: without what is @inaccessible, with @deprecated, @cost, @listSize, @access, @published,
	// @authenticated and @requiresScopes where a subgraph set them. Its printed form is what /schema.graphql shows.
	API *ast.Schema
	// Sources are the subgraphs in the order in which they were given.
	Sources []Source
}

// Source is what a planner has to know of one subgraph.
type Source struct {
	Name string
	// SDL is the schema that operations sent to the service are written against: root types are named Query, Mutation and
	// Subscription, directives of Federation have their own names whatever the service called them, and definitions stand
	// where the service wrote extensions. The service's own Query.node and Query.nodes are not in it but by what stands for them (Nodes), nor are directives that
	// only say something to clients. A service without root fields has no type Query.
	SDL string
	// Roots are the types where a query can enter this service: root types, and entities it can resolve by a key.
	Roots []Fields
	// Children are all its other types with fields.
	Children []Fields
	// Keys, Requires and Provides are the field sets, in the names of the supergraph.
	Keys     []Key
	Requires []FieldSet
	Provides []FieldSet
	// Nodes is how the service is asked by ids; nil where it gave no prefix of them.
	Nodes *Nodes
}

// Fields are what a service resolves of one type.
type Fields struct {
	Type string
	// Names are the fields that the service resolves itself, sorted; not those that another service overrides.
	Names []string
	// External are those it only names, for a key, for @requires or for @provides, sorted.
	External []string
}

// Key is by what one entity is found.
type Key struct {
	Type      string
	Selection string
	// Resolvable is false where the service only refers to the entity.
	Resolvable bool
}

// FieldSet belongs to one field: what it requires, or what it provides.
type FieldSet struct{ Type, Field, Selection string }

// Severity is how bad a problem is.
type Severity string

// An ERROR refuses the composition; a WARNING is worth a change; a NOTICE says what was decided.
const (
	Error   Severity = "ERROR"
	Warning Severity = "WARNING"
	Notice  Severity = "NOTICE"
)

// Problem is one thing that a service should know of its schema.
type Problem struct {
	Severity Severity
	// Code is in SCREAMING_SNAKE; where Apollo's composition has one for the same rule, it is that.
	Code string
	// Message names the elements and the services; Hint says what to do.
	Message, Hint string
	// Service and the place in its SDL, from 1; 0 where it belongs to no place.
	Service      string
	Line, Column int
}
