package server

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/vektah/gqlparser/v2/ast"
)

// Metrics is what Prometheus sees. Labels are few and ours: no client can add one.
type Metrics struct {
	Registry   *prometheus.Registry
	requests   *prometheus.HistogramVec
	operations *prometheus.HistogramVec
	kept       prometheus.Counter
	streams    prometheus.Gauge
}

// NewMetrics returns metrics that nothing was counted in.
func NewMetrics() *Metrics {
	m := &Metrics{
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
	m.Registry.MustRegister(m.requests, m.operations, m.kept, m.streams,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *Metrics) request(path string, status int, took time.Duration) {
	route := "page"
	switch path {
	case "/graphql", "/schema.graphql", "/codegen/blocks.d.ts", "/audit.csv", "/livez", "/readyz", "/metrics":
		route = path
	}
	if strings.HasPrefix(path, "/graphql/") { // and the id of a document
		route = "/graphql"
	}
	if path == "/assets" || strings.HasPrefix(path, "/assets/") {
		route = "/assets"
	}
	m.requests.WithLabelValues(route, strconv.Itoa(status)).Observe(took.Seconds())
}

// answered measures a query that was answered without running it.
func (m *Metrics) answered(took time.Duration) {
	m.kept.Inc()
	m.operations.WithLabelValues(string(ast.Query), "ok").Observe(took.Seconds())
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
