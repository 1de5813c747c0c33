package server

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"sonata.ai/sonata/graph"
	"sonata.ai/sonata/internal/access"
	"sonata.ai/sonata/internal/document"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
)

// holders are the keys of a test: the token names the scopes that it holds, with + between them.
type holders struct{}

func (holders) Key(_ context.Context, token string) (principal.Principal, error) {
	if token == "wrong" {
		return principal.Principal{}, fault.Unauthenticatedf("no such key")
	}
	return principal.Principal{
		Actor: principal.Actor{ID: token, Kind: principal.APIKey}, Credential: principal.KeyCredential, CredentialID: token,
		Grants: []principal.Grant{{Scopes: strings.Split(token, "+")}},
	}, nil
}

func (holders) Session(context.Context, string) (principal.Principal, error) {
	return principal.Principal{}, fault.Unauthenticatedf("no such session")
}

func (holders) Follow(context.Context, principal.Principal, func()) func() { return func() {} }

// edge is the surface on resolvers without storage, with limits for addresses and keys.
func edge(t *testing.T, anonymous, key int) *httptest.Server {
	t.Helper()
	return edgeWith(t, access.NewLimits(anonymous, key, 0), func(*Parts) {})
}

// edgeWith is the same, with some parts as a test wants them.
func edgeWith(t *testing.T, limits *access.Limits, change func(*Parts)) *httptest.Server {
	t.Helper()
	schema := graph.NewExecutableSchema(graph.Config{Resolvers: &graph.Resolver{Limits: limits}})
	served, err := NewGraph(schema, func(context.Context, string, string) {})
	if err != nil {
		t.Fatal(err)
	}
	documents := document.New(nil, document.Policy{}, document.OfCommands())
	documents.Follow(schema.Schema(), nil)
	log := slog.New(slog.DiscardHandler)
	parts := Parts{
		Graph: served, Present: graph.Present(log), Recover: graph.Recover, Access: holders{}, Limits: limits, Documents: documents,
		Refused:       func(context.Context, string, string) {},
		PartialStatus: 294, Pages: http.NotFoundHandler(), Metrics: NewMetrics(), Log: log, AllowsOrigin: func(origin string) bool { return origin == "https://shop.example" },
		Ready: func(context.Context) error { return nil }, Draining: t.Context(), Connections: t.Context(),
	}
	change(&parts)
	srv := httptest.NewServer(New(parts))
	t.Cleanup(srv.Close)
	return srv
}

type reply struct {
	*http.Response
	body string
}

func (r reply) errors() (out []struct {
	Message    string
	Extensions struct {
		Code              string
		RetryAfterSeconds int
	}
},
) {
	var answer struct{ Errors json.RawMessage }
	json.Unmarshal([]byte(r.body), &answer)
	json.Unmarshal(answer.Errors, &out)
	return out
}

func send(t *testing.T, method, address, token, body string, headers ...string) reply {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{resp, string(text)}
}

func ask(t *testing.T, srv *httptest.Server, token, document string, headers ...string) reply {
	t.Helper()
	body, _ := json.Marshal(map[string]string{"query": document})
	return send(t, http.MethodPost, srv.URL+"/graphql", token, string(body), headers...)
}

const question = `{ viewer { rateLimit { limit remaining } } }`

func TestRequestsBeyondTheLimitAreRefused(t *testing.T) {
	t.Parallel()
	srv := edge(t, 3, 10)
	for left := 2; left >= 0; left-- {
		got := ask(t, srv, "", question)
		if got.StatusCode != http.StatusOK || !strings.Contains(got.body, fmt.Sprintf(`"limit":3,"remaining":%d`, left)) {
			t.Errorf("with %d left: %d %s", left, got.StatusCode, got.body)
		}
		if got.Header.Get("RateLimit-Policy") != `"minute";q=3;w=60` || !strings.HasPrefix(got.Header.Get("RateLimit"), fmt.Sprintf(`"minute";r=%d;t=`, left)) {
			t.Errorf("with %d left: %v", left, got.Header)
		}
	}
	got := ask(t, srv, "", question, "Origin", "https://shop.example")
	failures := got.errors()
	if got.StatusCode != http.StatusTooManyRequests || len(failures) != 1 || failures[0].Extensions.Code != "RATE_LIMITED" || failures[0].Extensions.RetryAfterSeconds < 50 {
		t.Errorf("beyond the limit: %d %s", got.StatusCode, got.body)
	}
	if after := got.Header.Get("Retry-After"); after != fmt.Sprint(failures[0].Extensions.RetryAfterSeconds) {
		t.Errorf("Retry-After is %q", after)
	}
	if exposed := got.Header.Get("Access-Control-Expose-Headers"); !strings.Contains(exposed, "Ratelimit") || !strings.Contains(exposed, "Retry-After") {
		t.Errorf("pages may read %q", exposed)
	}
	for _, path := range []string{"/assets?frontend=x&name=y", "/schema.graphql"} {
		method := http.MethodPut
		if path == "/schema.graphql" {
			method = http.MethodGet
		}
		got := send(t, method, srv.URL+path, "", "x")
		if got.StatusCode != http.StatusTooManyRequests || got.Header.Get("Retry-After") == "" || !strings.HasPrefix(got.Header.Get("Content-Type"), "application/problem+json") {
			t.Errorf("%s: %d %v %s", path, got.StatusCode, got.Header, got.body)
		}
	}
	if got := ask(t, srv, "wrong", question); got.StatusCode != http.StatusTooManyRequests {
		t.Errorf("a key that does not exist, from an address without requests left: %d", got.StatusCode)
	}
	if got := ask(t, srv, "content:read", question); got.StatusCode != http.StatusOK || !strings.Contains(got.body, `"limit":10,"remaining":9`) {
		t.Errorf("a key has its own: %d %s", got.StatusCode, got.body)
	}
}

// What an operation costs does not depend on how it is written or sent; what makes no sense costs one.
func TestRootFieldsCount(t *testing.T) {
	t.Parallel()
	for document, cost := range map[string]int{
		`{ viewer { scopes } }`: 1,
		`{ a: viewer { scopes } b: viewer { scopes } c: viewer { scopes } }`:                               3,
		`{ ...F ... { c: viewer { scopes } } } fragment F on Query { a: __typename b: viewer { scopes } }`: 2,
		`{ __typename }`: 1,
		`{ viewer { scopes } viewer { scopes } }`: 1,
		`{ this is no document`:                   1,
		`{ nothing }`:                             1,
		`mutation { a: sessionEnd { userErrors { message } } b: sessionEnd { userErrors { message } } }`: 2,
	} {
		srv := edge(t, 0, 10)
		for i, sent := range []reply{
			ask(t, srv, "post", document), ask(t, srv, "sse", document, "Accept", "text/event-stream"),
			send(t, http.MethodGet, srv.URL+"/graphql?query="+url.QueryEscape(document), "get", ""),
		} {
			if i == 2 && strings.HasPrefix(document, "mutation") {
				continue
			}
			if left := sent.Header.Get("RateLimit"); !strings.HasPrefix(left, fmt.Sprintf(`"minute";r=%d;`, 10-cost)) {
				t.Errorf("%s (%d): %q is left, want 10-%d", document, i, left, cost)
			}
		}
		for _, token := range []string{"post", "sse", "ws"} {
			if token == "ws" {
				overWebsocket(t, srv, token, document)
				cost++ // the connection itself
			}
			got := ask(t, srv, token, question)
			if want := fmt.Sprintf(`"remaining":%d}`, 10-cost-1); !strings.Contains(got.body, want) {
				t.Errorf("%s by %s: then %s, want %s", document, token, got.body, want)
			}
		}
	}
}

func TestAnOperationThatCostsTooMuchDoesNotRun(t *testing.T) {
	t.Parallel()
	document := `{ a: viewer { scopes } b: viewer { scopes } c: viewer { scopes } d: viewer { scopes } }`
	tooMany := map[string]int{"post": http.StatusTooManyRequests, "json": http.StatusTooManyRequests, "sse": http.StatusTooManyRequests, "get": http.StatusTooManyRequests}
	for _, c := range []struct {
		limit  int
		code   string
		status map[string]int
	}{
		{4, "RATE_LIMITED", tooMany}, // one request of the minute was used before
		{3, "LIMIT", map[string]int{"post": http.StatusBadRequest, "json": http.StatusOK, "sse": http.StatusOK, "get": http.StatusBadRequest}}, // no minute has enough
	} {
		srv := edge(t, 0, c.limit)
		for _, token := range []string{"post", "json", "sse", "get", "ws"} {
			ask(t, srv, token, `{ __typename }`)
		}
		for name, got := range map[string]reply{
			"post": ask(t, srv, "post", document), "json": ask(t, srv, "json", document, "Accept", "application/json"),
			"sse": ask(t, srv, "sse", document, "Accept", "text/event-stream"),
			"get": send(t, http.MethodGet, srv.URL+"/graphql?query="+url.QueryEscape(document), "get", ""),
		} {
			if got.StatusCode != c.status[name] || !strings.Contains(got.body, strconv.Quote(c.code)) || strings.Contains(got.body, "scopes") || (got.Header.Get("Retry-After") != "") != (c.code == "RATE_LIMITED") {
				t.Errorf("%s: %d %v %s", name, got.StatusCode, got.Header, got.body)
			}
		}
		if got := overWebsocket(t, srv, "ws", document); !strings.Contains(got, strconv.Quote(c.code)) || strings.Contains(got, "scopes") {
			t.Errorf("ws: %s", got)
		}
	}
}

// overWebsocket sends an operation and returns the answer to it.
func overWebsocket(t *testing.T, srv *httptest.Server, token, document string) string {
	t.Helper()
	return requestOverWebsocket(t, srv, token, map[string]any{"query": document})
}

func requestOverWebsocket(t *testing.T, srv *httptest.Server, token string, request any) string {
	t.Helper()
	headers := http.Header{}
	if token != "" {
		headers.Set("Authorization", "Bearer "+token)
	}
	conn, _, err := websocket.Dial(t.Context(), strings.Replace(srv.URL, "http", "ws", 1)+"/graphql", &websocket.DialOptions{
		Subprotocols: []string{subprotocol}, HTTPHeader: headers,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	for _, message := range []any{
		map[string]any{"type": "connection_init"}, map[string]any{"type": "subscribe", "id": "1", "payload": request},
	} {
		if err := wsjson.Write(t.Context(), conn, message); err != nil {
			t.Fatal(err)
		}
	}
	for {
		var message struct {
			Type    string
			Payload json.RawMessage
		}
		if err := wsjson.Read(t.Context(), conn, &message); err != nil {
			t.Fatal(err)
		}
		if message.Type == "next" || message.Type == "error" {
			return string(message.Payload)
		}
	}
}

// The text of the schema is what introspection shows: valid, and nothing of what the scopes of the caller do not reach.
func TestTheSchemaIsShownAsFarAsScopesReach(t *testing.T) {
	t.Parallel()
	srv := edge(t, 0, 0)
	for token, want := range map[string]struct{ has, hasNot []string }{
		"graph:explore":                       {[]string{"type ScreenSnapshot ", "type Viewer ", "input DeliveryContext"}, []string{"type Screen ", "type Frontend ", "AuditEntry", "ApiKey", "ReleasePublishInput", "MemberInvite", "enum ReleaseStatus"}},
		"graph:explore+content:read":          {[]string{"type Screen ", "type Frontend ", "previewLinkCreate"}, []string{"AuditEntry", "apiKeys", "ReleasePublishInput", "screenEdit"}},
		"graph:explore+content:write":         {[]string{"type Screen ", "screenEdit", "input ScreenOp"}, []string{"AuditEntry", "ReleasePublishInput"}},
		strings.Join(principal.Scopes(), "+"): {[]string{"type AuditEntry ", "type ApiKey ", "input ReleasePublishInput", "memberInvite"}, nil},
	} {
		got := send(t, http.MethodGet, srv.URL+"/schema.graphql", token, "")
		if got.StatusCode != http.StatusOK || got.Header.Get("Content-Type") != "text/plain; charset=utf-8" {
			t.Fatalf("%s: %d %v", token, got.StatusCode, got.Header)
		}
		parsed, err := gqlparser.LoadSchema(&ast.Source{Input: got.body})
		if err != nil {
			t.Fatalf("%s: %v", token, err)
		}
		for _, text := range want.has {
			if !strings.Contains(got.body, text) {
				t.Errorf("%s: there is no %q", token, text)
			}
		}
		for _, text := range append(want.hasNot, "@access", "@published") {
			if strings.Contains(got.body, text) {
				t.Errorf("%s: there is %q", token, text)
			}
		}
		var names []string
		for name, d := range parsed.Types {
			if !d.BuiltIn {
				names = append(names, name)
			}
		}
		if seen := introspected(t, srv, token); !sameNames(names, seen) {
			t.Errorf("%s: the text has %v, introspection %v", token, names, seen)
		}
		again := send(t, http.MethodGet, srv.URL+"/schema.graphql", token, "", "If-None-Match", got.Header.Get("ETag"))
		if again.StatusCode != http.StatusNotModified || again.body != "" {
			t.Errorf("%s: again: %d", token, again.StatusCode)
		}
	}
	for token, status := range map[string]int{"": 403, "content:write+audit:read": 403, "wrong": 401} {
		got := send(t, http.MethodGet, srv.URL+"/schema.graphql", token, "")
		if got.StatusCode != status || !strings.HasPrefix(got.Header.Get("Content-Type"), "application/problem+json") {
			t.Errorf("%q: %d %s", token, got.StatusCode, got.body)
		}
	}
	if got := send(t, http.MethodGet, srv.URL+"/schema.graphql", "graph:explore", "", "Origin", "https://evil.example"); got.StatusCode != http.StatusForbidden {
		t.Errorf("a page of another site: %d", got.StatusCode)
	}
}

func introspected(t *testing.T, srv *httptest.Server, token string) (names []string) {
	t.Helper()
	got := ask(t, srv, token, `{ __schema { types { name fields { type { ofType { name } } } possibleTypes { name } interfaces { name } } } }`)
	var answer struct {
		Data struct {
			Schema struct{ Types []struct{ Name string } } `json:"__schema"`
		}
	}
	if err := json.Unmarshal([]byte(got.body), &answer); err != nil {
		t.Fatal(err)
	}
	for _, x := range answer.Data.Schema.Types {
		if !strings.HasPrefix(x.Name, "__") && !slices.Contains([]string{"ID", "Int", "Float", "String", "Boolean"}, x.Name) {
			names = append(names, x.Name)
		}
	}
	return names
}

func sameNames(a, b []string) bool {
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

// Who may not know the schema hears nothing of it, whatever the transport.
func TestNoTransportTellsTheSchema(t *testing.T) {
	t.Parallel()
	srv := edge(t, 0, 0)
	for _, document := range []string{`{ viewr { scopes } }`, `{ __schema { types { name } } }`, `query Q { a: __type(name: "Screen") { name } }`} {
		for name, answer := range map[string]string{
			"post": ask(t, srv, "content:read", document).body, "anonymous": ask(t, srv, "", document).body,
			"sse": ask(t, srv, "content:read", document, "Accept", "text/event-stream").body,
			"get": send(t, http.MethodGet, srv.URL+"/graphql?query="+url.QueryEscape(document), "content:read", "").body,
			"ws":  overWebsocket(t, srv, "content:read", document),
		} {
			if !strings.Contains(answer, `"message"`) || strings.Contains(answer, "Did you mean") || strings.Contains(answer, "Screen") {
				t.Errorf("%s by %s: %s", document, name, answer)
			}
		}
	}
}

func BenchmarkBudgetOfARequest(b *testing.B) {
	limits := access.NewLimits(1_000_000_000, 0, 0)
	h := limited(Parts{Limits: limits}, overGraphQL, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	r := httptest.NewRequest(http.MethodPost, "/graphql", nil)
	r = r.WithContext(principal.WithSource(r.Context(), "192.0.2.1"))
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
}
