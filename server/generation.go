package server

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"

	"sonata.ai/sonata/graph"
	"sonata.ai/sonata/internal/document"
)

// Graph is a graph and what was worked out of its schema. It is never changed: another takes its place as a whole.
type Graph struct {
	Schema graphql.ExecutableSchema
	Guard  *graph.Guard
	Costs  *document.Costs
}

// NewGraph works out what requests to a graph need to know. Refused is told of what the guard refuses.
func NewGraph(schema graphql.ExecutableSchema, refused graph.Refusals) (Graph, error) {
	guard, err := graph.NewGuard(schema.Schema())
	if err != nil {
		return Graph{}, err
	}
	guard.Refused = refused
	costs, err := document.NewCosts(schema.Schema())
	if err != nil {
		return Graph{}, fmt.Errorf("read the costs of the schema: %w", err)
	}
	return Graph{Schema: schema, Guard: guard, Costs: costs}, nil
}

// generation is a graph with all that serves it: documents that were parsed for it, answers that it gave. What begins on
// one ends on it.
type generation struct {
	Graph
	exec       *executor.Executor
	inner      *executor.Executor // for what an answer needs of the graph besides what was asked
	answers    *answers
	transports []graphql.Transport
}

// graphs is the generation that is served now.
type graphs struct {
	questions *questions // how requests are read does not depend on the graph
	sockets   websockets
	room      concurrent
	now       atomic.Pointer[generation]
}

func newGraphs(p Parts) *graphs {
	gs := &graphs{questions: newQuestions(), room: newConcurrent(p.Concurrent)}
	gs.sockets = newWebsockets(p, func() graphql.GraphExecutor { return gs.now.Load().exec })
	return gs
}

// serve puts a graph in the place of the one that is served.
func (gs *graphs) serve(p Parts, g Graph) {
	p.Graph = g
	kept := newAnswers(p, gs.questions)
	gs.now.Store(&generation{
		Graph: g, exec: newExecutor(p, gs.room), inner: NewInner(p), answers: kept,
		// The order of the transports is the order in which they are asked.
		transports: []graphql.Transport{gs.sockets, events{heartbeat: heartbeat}, single{answers: kept, partial: p.PartialStatus, tokens: p.Limit.Tokens}},
	})
}

// give answers with what is kept of the generation that is served.
func (gs *graphs) give(ctx context.Context, w http.ResponseWriter, r *http.Request, s *sent) bool {
	return gs.now.Load().answers.give(ctx, w, r, s)
}

// ServeHTTP hands a request to the transport that takes it.
func (gs *graphs) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g := gs.now.Load()
	r = r.WithContext(graphql.StartOperationTrace(r.Context()))
	for _, t := range g.transports {
		if t.Supports(r) {
			t.Do(w, r, g.exec)
			return
		}
	}
	refuse(w, http.StatusBadRequest, badRequest, "no transport takes this request")
}
