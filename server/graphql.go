package server

import (
	"context"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/coder/websocket"

	"sonata.ai/sonata/graph"
	"sonata.ai/sonata/internal/delivery"
	"sonata.ai/sonata/internal/principal"
)

// newExecutor is gqlgen with our limits.
func newExecutor(p Parts, room concurrent) *executor.Executor {
	srv := executor.New(p.Schema)
	documents := newParsed(parsedBytes, onceBytes, p.Guard.Learn, p.Guard.Forget)
	srv.SetQueryCache(documents)
	srv.SetParserTokenLimit(p.Limit.Tokens)
	srv.SetErrorPresenter(p.Present)
	srv.SetRecoverFunc(p.Recover)
	counted := budgets{p.Limits, p.Guard, p.Refused.Tell}
	srv.Use(messages{counted})
	srv.Use(trusted{p.Documents, p.Present})
	srv.Use(documentLimits{p.Limit, p.Guard.Roots, documents.weightOf, documents, p.Schema.Schema()})
	srv.Use(counted)
	srv.Use(costing{p.Costs, p.Limit.Cost, p.Limits, p.Refused.Tell}) // beside what is left of the requests, so after it
	srv.Use(room)
	srv.Use(p.Refused) // below the guard, which tells of what it refuses itself
	srv.Use(p.Guard)   // introspection stays off below it: the guard answers what the caller may see
	srv.Use(graph.Streams{Present: p.Present, Draining: p.Draining})
	srv.Use(graph.Answers{})
	srv.AroundOperations(p.Metrics.operation) // once for a stream: what is below runs for each event
	srv.Use(graph.NewShared(p.Guard))         // next to the executor
	return srv
}

// NewInner returns an executor for what operations need of a graph, or of our own part of it, besides. What was asked was
// counted and limited as a whole; what the caller may read is asked here.
func NewInner(p Parts) *executor.Executor {
	srv := executor.New(p.Schema)
	srv.SetQueryCache(newParsed(parsedBytes, onceBytes, p.Guard.Learn, p.Guard.Forget))
	srv.SetErrorPresenter(p.Present)
	srv.SetRecoverFunc(p.Recover)
	srv.Use(p.Refused)
	srv.Use(p.Guard)
	return srv
}

type streamKey struct{}

// otherStanding is said to a websocket that ends since its credential does. The code with it is that of a normal end,
// after which clients connect again: they go on with other rights, or are told with 4403 that there are none.
const otherStanding = "the credential has ended, or may do something else now: connect again"

// streams tells requests that go on from requests that end: the first have no deadline but end when the process
// drains, the second have a deadline.
func streams(p Parts, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isStream(r) {
			ctx, cancel := context.WithTimeout(r.Context(), deadline)
			defer cancel()
			next.ServeHTTP(w, r.WithContext(ctx))
			return
		}
		v, base := visitOf(r.Context()), r.Context()
		if isWebsocket(r) {
			base = context.WithoutCancel(base) // it goes on when its request is over
		}
		ctx, cancel := context.WithCancelCause(delivery.WithConnection(context.WithValue(base, streamKey{}, true)))
		v.atEnd(func() { cancel(nil) })
		stop := context.AfterFunc(p.Connections, func() { cancel(&ending{websocket.StatusGoingAway, "going away"}) })
		v.atEnd(func() { stop() })
		over := func() { cancel(&ending{websocket.StatusNormalClosure, otherStanding}) }
		if p.Developer != nil && principal.From(ctx).Credential == principal.DeveloperCredential {
			stop := context.AfterFunc(p.Developer.open, over)
			v.atEnd(func() { stop() })
		}
		ctx = context.WithValue(ctx, connectionKey{}, connection{end: over, page: p.pageOf(r)})
		v.atEnd(p.Access.Follow(ctx, principal.From(ctx), over))
		control := http.NewResponseController(w)
		control.SetReadDeadline(time.Time{})  //nolint:errcheck // a writer without deadlines has none to lift
		control.SetWriteDeadline(time.Time{}) //nolint:errcheck // as above
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// streaming reports whether the transport of a request can carry a subscription.
func streaming(ctx context.Context) bool { return ctx.Value(streamKey{}) != nil }

var _ graphql.HandlerExtension = documentLimits{}
