// Package graph is the GraphQL edge: each resolver decodes, makes one domain call and maps the answer. It knows no
// HTTP.
package graph

//go:generate go tool gqlgen generate

// Resolver holds the parts that resolvers call.
type Resolver struct{}
