package server

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/vektah/gqlparser/v2/ast"

	"sonata.ai/sonata/internal/figures"
)

// Metrics is what Prometheus sees. Labels are few and ours: no client can add one.
type Metrics struct {
	Registry   *prometheus.Registry
	requests   *prometheus.HistogramVec
	operations *prometheus.HistogramVec
	kept       prometheus.Counter
	streams    prometheus.Gauge
	answers    prometheus.Observer // operations of queries that went well

	// Asked is the requests to /graphql but for streams, and InFlight those that are not answered yet.
	Asked    *figures.Counter
	InFlight atomic.Int64

	mu    sync.RWMutex
	known map[answeredAs]prometheus.Observer // of requests: finding one by its labels takes five times as long
}

// answeredAs is the labels of a request: few, so that all may be remembered.
type answeredAs struct {
	route  string
	status int
}

// NewMetrics returns metrics that nothing was counted in.
func NewMetrics() *Metrics {
	m := &Metrics{
		known:    map[answeredAs]prometheus.Observer{},
		Asked:    figures.New(time.Now),
		Registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "sonata_http_request_seconds", Help: "Time of HTTP requests; streams count until they end.",
			Buckets: prometheus.ExponentialBuckets(0.0005, 4, 9),
		}, []string{"route", "status"}),
		operations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "sonata_graphql_operation_seconds", Help: "Time of queries and mutations, execution only.",
			Buckets: prometheus.ExponentialBuckets(0.0001, 4, 9),
		}, []string{"type", "outcome"}),
		kept: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "sonata_graphql_kept_answers_total", Help: "Queries that were given an answer that was kept. They count among the operations too.",
		}),
		streams: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "sonata_graphql_open_subscriptions", Help: "Subscriptions that are open now.",
		}),
	}
	m.answers = m.operations.WithLabelValues(string(ast.Query), "ok")
	m.Registry.MustRegister(m.requests, m.operations, m.kept, m.streams,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// asks counts a request that is being answered; what it returns is to be called when its handler has returned.
func (m *Metrics) asks(path string, v *visit, begin time.Time) (returned func()) {
	if path != "/graphql" {
		return func() {}
	}
	m.InFlight.Add(1)
	return func() {
		m.InFlight.Add(-1)
		if !v.goesOn {
			m.Asked.Note(time.Since(begin), v.status >= http.StatusInternalServerError)
		}
	}
}

func (m *Metrics) request(path string, status int, took time.Duration) {
	at := answeredAs{routeOf(path), status}
	m.mu.RLock()
	observer := m.known[at]
	m.mu.RUnlock()
	if observer == nil {
		observer = m.requests.WithLabelValues(at.route, strconv.Itoa(status))
		m.mu.Lock()
		m.known[at] = observer
		m.mu.Unlock()
	}
	observer.Observe(took.Seconds())
}

func routeOf(path string) string {
	switch path {
	case "/graphql", "/schema.graphql", "/codegen/blocks.d.ts", "/audit.csv", "/livez", "/readyz", "/metrics", "/assets":
		return path
	}
	if strings.HasPrefix(path, "/graphql/") { // and the id of a document
		return "/graphql"
	}
	if strings.HasPrefix(path, "/assets/") {
		return "/assets"
	}
	return "page"
}

// answered measures a query that was answered without running it.
func (m *Metrics) answered(took time.Duration) {
	m.kept.Inc()
	m.answers.Observe(took.Seconds())
}

// operation measures queries and mutations, and counts open subscriptions.
func (m *Metrics) operation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	op := graphql.GetOperationContext(ctx).Operation.Operation
	if op == ast.Subscription {
		m.streams.Inc()
		context.AfterFunc(ctx, m.streams.Dec)
		return next(ctx)
	}
	begin := time.Now()
	handler := next(ctx)
	return func(ctx context.Context) *graphql.Response {
		response := handler(ctx)
		if response != nil {
			outcome := "ok"
			if len(response.Errors) > 0 {
				outcome = "errors"
			}
			m.operations.WithLabelValues(string(op), outcome).Observe(time.Since(begin).Seconds())
		}
		return response
	}
}
