package server

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/99designs/gqlgen/graphql"

	"sonata.ai/sonata/internal/access"
)

// eachTransport sends a request by POST, as server-sent events and on a websocket, and returns the one answer of each.
func eachTransport(t *testing.T, srv *httptest.Server, token, request string) map[string]string {
	t.Helper()
	events := send(t, http.MethodPost, srv.URL+"/graphql", token, request, "Accept", eventStream).body
	_, data, _ := strings.Cut(events, "data:")
	data, _, _ = strings.Cut(data, "\n")
	return map[string]string{
		"POST": send(t, http.MethodPost, srv.URL+"/graphql", token, request).body, "SSE": strings.TrimSpace(data), "websocket": requestOverWebsocket(t, srv, token, json.RawMessage(request)),
	}
}

type costAnswer struct {
	Data   map[string]any
	Errors []struct {
		Message    string
		Extensions map[string]any
	}
	Extensions struct{ Cost *costSaid }
}

type costSaid struct {
	RequestedQueryCost, ActualQueryCost int
	ThrottleStatus                      *struct {
		MaximumAvailable, CurrentlyAvailable int
		RestoreRate                          float64
	}
}

func readCost(t *testing.T, body string) (out costAnswer) {
	t.Helper()
	if strings.HasPrefix(body, "[") { // an error on a websocket is the list of them
		body = `{"errors": ` + body + `}`
	}
	if err := json.Unmarshal([]byte(body), &out); err != nil {
		t.Fatalf("%s: %s", err, body)
	}
	return out
}

func TestWhatCostsTooMuchDoesNotRun(t *testing.T) {
	t.Parallel()
	srv := edgeWith(t, access.NewLimits(0, 0, 0), func(p *Parts) { p.Limit.Cost = 1000 })
	for name, request := range map[string]string{
		"nested pages":              `{"query": "{ frontends(first: 100) { edges { node { releases(first: 50) { edges { cursor } } } } } }"}`,
		"the default of a variable": `{"query": "query ($n: Int = 100) { frontends(first: $n) { edges { node { releases(first: 50) { edges { cursor } } } } } }"}`,
		"a variable":                `{"query": "query ($n: Int) { frontends(first: $n) { edges { node { releases(first: 50) { edges { cursor } } } } } }", "variables": {"n": 100}}`,
		"what a variable includes":  `{"query": "query ($v: Boolean!) { frontends(first: 100) { edges { node { releases(first: 50) @include(if: $v) { edges { cursor } } } } } }", "variables": {"v": true}}`,
		"a huge number":             `{"query": "{ frontends(first: 2147483647) { edges { cursor } } }"}`,
	} {
		for transport, body := range eachTransport(t, srv, "content:read", request) {
			got := readCost(t, body)
			if len(got.Errors) != 1 || got.Data != nil {
				t.Errorf("%s by %s: %s", name, transport, body)
				continue
			}
			e := got.Errors[0]
			cost, _ := e.Extensions["cost"].(float64)
			if e.Extensions["code"] != "LIMIT" || e.Extensions["limit"] != 1000.0 || cost <= 5000 || !strings.Contains(e.Message, fmt.Sprintf("costs %d, and 1000 is allowed", int(cost))) {
				t.Errorf("%s by %s: %s", name, transport, body)
			}
		}
	}
	if got := ask(t, srv, "", question); got.StatusCode != http.StatusOK {
		t.Errorf("what costs little: %d %s", got.StatusCode, got.body)
	}
	skipped := `{"query": "query ($v: Boolean!) { viewer { credential } frontends(first: 2147483647) @include(if: $v) { edges { cursor } } }", "variables": {"v": false}}`
	if got := send(t, http.MethodPost, srv.URL+"/graphql", "", skipped); got.StatusCode != http.StatusOK {
		t.Errorf("what does not run: %d %s", got.StatusCode, got.body)
	}
}

func TestCostOfAMinuteIsLimited(t *testing.T) {
	t.Parallel()
	srv := edgeWith(t, access.NewLimits(1000, 1000, 10), func(*Parts) {})
	const two = `{ viewer { rateLimit { limit } } }`
	for left := 8; left >= 0; left -= 2 {
		got := ask(t, srv, "", two)
		if values := got.Header.Values("RateLimit"); got.StatusCode != http.StatusOK || len(values) != 2 || !strings.HasPrefix(values[1], fmt.Sprintf(`"cost";r=%d;t=`, left)) {
			t.Errorf("with %d left: %d %v %s", left, got.StatusCode, values, got.body)
		}
		if values := got.Header.Values("RateLimit-Policy"); len(values) != 2 || values[1] != `"cost";q=10;w=60` {
			t.Errorf("the policy is %v", values)
		}
	}
	got := ask(t, srv, "", two)
	failures := got.errors()
	if got.StatusCode != http.StatusTooManyRequests || len(failures) != 1 || failures[0].Extensions.Code != rateLimited || failures[0].Extensions.RetryAfterSeconds < 50 ||
		!strings.HasPrefix(failures[0].Message, "the operation costs 2, and of the 10 that a minute has 0 are left: come again in ") {
		t.Errorf("beyond the limit: %d %s", got.StatusCode, got.body)
	}
	if after := got.Header.Get("Retry-After"); after != fmt.Sprint(failures[0].Extensions.RetryAfterSeconds) {
		t.Errorf("Retry-After is %q", after)
	}
	if body := overWebsocket(t, srv, "", two); !strings.Contains(body, rateLimited) {
		t.Errorf("on a websocket: %s", body)
	}
	if got := ask(t, srv, "", `{ __typename }`); got.StatusCode != http.StatusOK {
		t.Errorf("what costs nothing: %d %s", got.StatusCode, got.body)
	}
	if got := ask(t, srv, "graph:explore", two); got.StatusCode != http.StatusOK {
		t.Errorf("a key has a cost of its own: %d %s", got.StatusCode, got.body)
	}
	got = ask(t, srv, "content:read", `{ frontends(first: 50) { edges { cursor } } }`)
	if failures := got.errors(); got.StatusCode != http.StatusBadRequest || len(failures) != 1 || failures[0].Extensions.Code != "LIMIT" ||
		!strings.HasPrefix(failures[0].Message, "the operation costs 51, and a minute has 10:") {
		t.Errorf("more than a minute has: %d %s", got.StatusCode, got.body)
	}
}

func TestWhatItCostIsSaidToWhoAsks(t *testing.T) {
	t.Parallel()
	limited := edgeWith(t, access.NewLimits(1000, 1000, 600), func(p *Parts) { p.Limit.Cost = 100 })
	request := func(extensions string) string {
		return `{"query": "query ($v: Boolean!) { viewer { rateLimit { limit } grants @include(if: $v) { scopes } } }", "variables": {"v": true}` + extensions + `}`
	}
	spent := 0
	for transport, body := range eachTransport(t, limited, "", request(`, "extensions": {"cost": true}`)) {
		got := readCost(t, body)
		spent += 4
		c := got.Extensions.Cost
		if c == nil || c.RequestedQueryCost != 4 || c.ActualQueryCost != 2 || c.ThrottleStatus == nil { // two grants were to be expected, and nobody has any
			t.Errorf("%s: %s", transport, body)
			continue
		}
		if s := c.ThrottleStatus; s.MaximumAvailable != 600 || s.CurrentlyAvailable < 600-12 || s.CurrentlyAvailable > 600-4 || s.RestoreRate != 10 {
			t.Errorf("%s: %s", transport, body)
		}
	}
	for _, extensions := range []string{``, `, "extensions": {}`, `, "extensions": {"cost": false}`, `, "extensions": {"cost": "true"}`} {
		if got := readCost(t, send(t, http.MethodPost, limited.URL+"/graphql", "", request(extensions)).body); got.Extensions.Cost != nil {
			t.Errorf("%q is told %+v", extensions, got.Extensions.Cost)
		}
	}
	dear := readCost(t, send(t, http.MethodPost, limited.URL+"/graphql", "content:read", `{"query": "{ frontends(first: 1000) { edges { cursor } } }", "extensions": {"cost": true}}`).body)
	if c := dear.Extensions.Cost; c == nil || c.RequestedQueryCost != 1001 || c.ActualQueryCost != 0 {
		t.Errorf("what was refused: %+v", dear)
	}
	free := edgeWith(t, access.NewLimits(0, 0, 0), func(*Parts) {})
	if c := readCost(t, send(t, http.MethodPost, free.URL+"/graphql", "", request(`, "extensions": {"cost": true}`)).body).Extensions.Cost; c == nil || c.ThrottleStatus != nil {
		t.Errorf("without a limit: %+v", c)
	}
}

func TestTokensAreLimited(t *testing.T) {
	t.Parallel()
	srv := edgeWith(t, access.NewLimits(0, 0, 0), func(p *Parts) { p.Limit.Tokens = 20 })
	tooMany, _ := json.Marshal(map[string]string{"query": "{ " + strings.Repeat("__typename ", 30) + "}"})
	for transport, body := range eachTransport(t, srv, "", string(tooMany)) {
		if got := readCost(t, body); len(got.Errors) != 1 || got.Errors[0].Extensions["code"] != "LIMIT" || got.Errors[0].Message != "the document has more than the 20 tokens that are allowed: send less at once" {
			t.Errorf("%s: %s", transport, body)
		}
	}
	if got := ask(t, srv, "", "{ "+strings.Repeat("__typename ", 17)+"}"); got.StatusCode != http.StatusOK {
		t.Errorf("20 tokens with the end: %d %s", got.StatusCode, got.body)
	}
	if got := ask(t, srv, "", "{ viewer "); !strings.Contains(got.body, "GRAPHQL_PARSE_FAILED") {
		t.Errorf("a document that cannot be read: %s", got.body)
	}
}

// held is a schema whose operations run until they are let go.
type held struct {
	graphql.ExecutableSchema
	running chan struct{} // takes one for each that began
	release chan struct{}
}

func (h held) Exec(ctx context.Context) graphql.ResponseHandler {
	responses := h.ExecutableSchema.Exec(ctx)
	return func(ctx context.Context) *graphql.Response {
		h.running <- struct{}{}
		<-h.release
		return responses(ctx)
	}
}

func TestNoMoreOperationsRunAtOnce(t *testing.T) {
	t.Parallel()
	h := held{running: make(chan struct{}, 10), release: make(chan struct{})}
	srv := edgeWith(t, access.NewLimits(0, 0, 0), func(p *Parts) {
		h.ExecutableSchema = p.Schema
		p.Schema, p.Concurrent = h, 2
	})
	letGo := sync.OnceFunc(func() { close(h.release) })
	t.Cleanup(letGo) // before the server waits for its requests
	answers := make(chan reply, 2)
	for range 2 {
		go func() { answers <- ask(t, srv, "", question) }()
		<-h.running
	}
	for _, accept := range []string{graphQLJSON, plainJSON} {
		got := ask(t, srv, "", question, "Accept", accept)
		failures := got.errors()
		if got.StatusCode != http.StatusServiceUnavailable || got.Header.Get("Retry-After") != "1" || len(failures) != 1 || failures[0].Extensions.Code != unavailable ||
			failures[0].Extensions.RetryAfterSeconds != 1 || failures[0].Message != "the server runs as many operations as it may at once (2): come again in 1 s" {
			t.Errorf("a third one, as %s: %d %v %s", accept, got.StatusCode, got.Header, got.body)
		}
	}
	if got := send(t, http.MethodPost, srv.URL+"/graphql", "", `{"query": "{ __typename }"}`, "Accept", eventStream); !strings.Contains(got.body, unavailable) || !strings.Contains(got.body, "event: complete") {
		t.Errorf("as events: %s", got.body)
	}
	if got := overWebsocket(t, srv, "", question); !strings.Contains(got, unavailable) {
		t.Errorf("on a websocket: %s", got)
	}
	letGo()
	for range 2 {
		if got := <-answers; got.StatusCode != http.StatusOK {
			t.Errorf("one of the two: %d %s", got.StatusCode, got.body)
		}
	}
	for range 5 {
		if got := ask(t, srv, "", question); got.StatusCode != http.StatusOK {
			t.Errorf("after them: %d %s", got.StatusCode, got.body)
		}
	}
}
