// Package server is the HTTP edge: the whole surface on one page, middleware, origins, limits, health. It knows
// neither storage nor the rules of the domain.
package server

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"sonata.ai/sonata/graph"
	"sonata.ai/sonata/internal/access"
	"sonata.ai/sonata/internal/delivery"
	"sonata.ai/sonata/internal/document"
)

// Parts is what the surface is made of.
type Parts struct {
	Graph     // that is served at first
	Present   graphql.ErrorPresenterFunc
	Recover   graphql.RecoverFunc
	Assets    Assets
	Access    Access
	Limits    *access.Limits
	Limit     DocumentLimits
	Documents *document.Documents
	// Concurrent is how many queries and mutations run at once; 0 is any number.
	Concurrent int
	Audit      Audit
	Refused    graph.Refusals // told of what is refused
	// Developer is who is on the machine of a development server; nil in production.
	Developer *Developer
	Pages     http.Handler // everything that is not named below
	// ServiceKeys answers with the keys by which services check who is asking.
	ServiceKeys http.Handler
	Metrics     *Metrics
	Log         *slog.Logger

	Ready          func(ctx context.Context) error    // why not, or nil
	FrontendAllows func(frontend, origin string) bool // whether a frontend, by id, lists the origin
	AllowsOrigin   func(origin string) bool           // of any frontend
	Facing         Facing
	BlockTypes     func(ctx context.Context, frontend, build string) (string, error) // faults: NotFound
	Stands         func(ctx context.Context, r *delivery.Reading) bool               // whether what was read is what would be read now, by who asks
	PartialStatus  int                                                               // of a GraphQL answer that has data and errors: 294, or 200 for what is in between and knows no other

	Draining    context.Context // ends when streams should complete
	Connections context.Context // ends when websockets should close
}

// deadline is how long a request that is not a stream may take.
const deadline = 30 * time.Second

// Surface is everything that is served.
type Surface struct {
	http.Handler
	parts  Parts
	graphs *graphs
}

// Serve puts a graph in the place of the one that is served. What is running ends on the one that it began with; what a
// websocket begins from now on is of the new one.
func (s *Surface) Serve(g Graph) { s.graphs.serve(s.parts, g) }

// New returns the whole surface.
func New(p Parts) *Surface {
	gs := newGraphs(p)
	gs.serve(p, p.Graph)
	return &Surface{Handler: routes(p, gs), parts: p, graphs: gs}
}

func routes(p Parts, gs *graphs) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/livez", readOnly(http.HandlerFunc(live)))
	mux.Handle("/readyz", readOnly(ready(p.Ready)))
	if p.Developer != nil { // others ask the admin listener
		mux.Handle("/metrics", byNoPage(readOnly(metrics(p))))
	}
	endpoint := graphQL(p, gs)
	mux.Handle("/graphql", endpoint)
	mux.Handle("/graphql/{document}", endpoint)
	mux.Handle("/schema.graphql", explored(p, gs.schemaText))
	mux.Handle("/codegen/blocks.d.ts", explored(p, gs.blockTypes))
	mux.Handle("/assets", uploads(p))
	mux.Handle("/audit.csv", auditExport(p))
	mux.Handle("/.well-known/jwks.json", readOnly(p.ServiceKeys))
	mux.Handle("/assets/{hash}", pictures(p))
	mux.Handle("/", p.Pages)

	h := hosts(p, mux)
	if p.Developer != nil {
		h = p.Developer.watched(h)
	}
	return arrived(p.Log, p.Metrics, p.Facing, recovered(p.Log, h))
}

// graphQL is the endpoint with what stands before the executor, outermost first.
func graphQL(p Parts, gs *graphs) http.Handler {
	var h http.Handler = gs
	h = streams(p, h)
	h = browsers(p, h)
	h = wellFormed(gs.questions, gs.give, h)
	h = limited(p, overGraphQL, h)
	h = authenticated(p, refuse, h)
	h = ownOrigins(p, refuse, h)
	return crossOrigin(p.AllowsOrigin, []string{http.MethodGet, http.MethodPost}, h)
}

// uploads is where pictures are taken in; the pages that may call it are those that may call the graph.
func uploads(p Parts) http.Handler {
	var h http.Handler = upload(p)
	h = limited(p, overProblem, h)
	h = authenticated(p, refuseProblem, h)
	h = ownOrigins(p, refuseProblem, h)
	return crossOrigin(p.AllowsOrigin, []string{http.MethodPut}, h)
}

// auditExport is the audit log as a file.
func auditExport(p Parts) http.Handler {
	var h http.Handler = auditCSV(p)
	h = limited(p, overProblem, h)
	h = authenticated(p, refuseProblem, h)
	h = ownOrigins(p, refuseProblem, h)
	return crossOrigin(p.AllowsOrigin, []string{http.MethodGet}, h)
}
