// Package gateway executes operations over the whole graph: one immutable Engine for each supergraph version, behind an
// atomic pointer that Gateway swaps. It holds the only import of the federation engine.
//
// # What a mutation promises
//
// The root fields of a mutation run one after the other, in the order in which they stand, and none is ever sent twice:
// not after a fault, not after a deadline. Each is a request of its own to its service; what other services add to its
// result is read before the next begins. A root field that
// fails answers null (or, where its type is not nullable, the whole of data) with an error that names its path, its code and
// its service; what ran before it stays done, and what stands behind it still runs. Nothing is undone: no transaction
// spans services. A code of the kind SUBGRAPH_TIMEOUT or SUBGRAPH_UNAVAILABLE says that the answer is missing, not that
// nothing happened; a client that wants to try again sends the Idempotency-Key it sent before.
package gateway

import (
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Codes of errors that the gateway makes itself. A service's own codes pass as they are.
const (
	CodeUnavailable = "SUBGRAPH_UNAVAILABLE"      // it did not answer, or with a status that is none of GraphQL's
	CodeTimeout     = "SUBGRAPH_TIMEOUT"          // it did not answer within its deadline
	CodeCircuitOpen = "SUBGRAPH_CIRCUIT_OPEN"     // it failed so often that it was not asked
	CodeInvalid     = "SUBGRAPH_INVALID_RESPONSE" // what it answered does not fit its schema or the protocol
	CodeError       = "SUBGRAPH_ERROR"            // an error of the service itself that has no code
	CodeChanged     = "SUBSCRIPTION_ENDED"        // the graph changed, and a live subscription is not valid in it any more
	codeInternal    = "INTERNAL"
	codeNotFound    = "NOT_FOUND"
	codeInvalid     = "GRAPHQL_VALIDATION_FAILED"
)

// Options are what all engines of a gateway have in common. The zero value is usable.
type Options struct {
	// MaxConcurrent is how many operations run in the engine at the same time; more wait. Default 4,096: what bounds the
	// work on one service is that service's own limit, so that a slow one never holds up the others.
	MaxConcurrent int
	// PlanBytes bounds what is kept of plans, for each engine. Default 32 MB.
	PlanBytes int
	// DrainTimeout is how long operations and streams may go on with an engine after a swap before they are cancelled.
	// Default one minute.
	DrainTimeout time.Duration
	// ResumeWithin is how long a stream tries to follow its service again after that broke it off, or was published at an
	// address where it does not answer, before it says so and ends. Default 15 s, in which a process starts again.
	ResumeWithin time.Duration
	// Hot is how many documents are planned on a new engine before it is swapped in. Default 100.
	Hot int
	// Own makes Sonata's own graph as gqlgen generates it, with a schema that introspection answers; nil for its own schema.
	// Default none: then Executable cannot be used, and nobody is told about the schema.
	Own func(api *ast.Schema) graphql.ExecutableSchema
}

func (o Options) withDefaults() Options {
	if o.MaxConcurrent <= 0 {
		o.MaxConcurrent = 4096
	}
	if o.PlanBytes <= 0 {
		o.PlanBytes = 32 << 20
	}
	if o.DrainTimeout <= 0 {
		o.DrainTimeout = time.Minute
	}
	if o.ResumeWithin <= 0 {
		o.ResumeWithin = 15 * time.Second
	}
	if o.Hot <= 0 {
		o.Hot = 100
	}
	return o
}
