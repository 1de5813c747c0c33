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
	Schema    graphql.ExecutableSchema
	Guard     *graph.Guard
	Present   graphql.ErrorPresenterFunc
	Recover   graphql.RecoverFunc
	Assets    Assets
	Access    Access
	Limits    *access.Limits
	Limit     DocumentLimits
	Documents *document.Documents
	Costs     *document.Costs
	// Concurrent is how many queries and mutations run at once; 0 is any number.
	Concurrent int
	Audit      Audit
	Refused    graph.Refusals // told of what is refused
	// Developer is who is on the machine of a development server; nil in production.
	Developer *Developer
	Pages     http.Handler // everything that is not named below
	Metrics   *Metrics
	Log       *slog.Logger

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

// New returns the whole surface.
func New(p Parts) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/livez", readOnly(http.HandlerFunc(live)))
	mux.Handle("/readyz", readOnly(ready(p.Ready)))
	if p.Developer != nil { // others ask the admin listener
		mux.Handle("/metrics", byNoPage(readOnly(metrics(p))))
	}
	endpoint := graphQL(p)
	mux.Handle("/graphql", endpoint)
	mux.Handle("/graphql/{document}", endpoint)
	mux.Handle("/schema.graphql", explored(p, schemaText))
	mux.Handle("/codegen/blocks.d.ts", explored(p, blockTypes))
	mux.Handle("/assets", uploads(p))
	mux.Handle("/audit.csv", auditExport(p))
	mux.Handle("/assets/{hash}", pictures(p))
	mux.Handle("/", p.Pages)

	h := hosts(p, mux)
	if p.Developer != nil {
		h = p.Developer.watched(h)
	}
	h = sighted(p.Facing, h)
	return visiting(requestID(p.Log, p.Metrics, recovered(p.Log, h)))
}

// graphQL is the endpoint with what stands before the executor, outermost first.
func graphQL(p Parts) http.Handler {
	kept := newAnswers(p)
	var h http.Handler = executor(p, kept)
	h = streams(p, h)
	h = kept.first(h)
	h = wellFormed(h)
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
