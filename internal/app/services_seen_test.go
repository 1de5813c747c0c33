package app_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"sonata.ai/sonata/internal/testkit/subgraph"
)

const followServices = `subscription { services { services { name live { number } health { state reason } } withdrawn complete } }`

// follows begins a subscription over a websocket and returns what it hears next; "" when nothing comes in time.
func (p platform) follows(document string, header ...string) func(within time.Duration) string {
	p.Helper()
	headers := http.Header{"Origin": {p.URL()}}
	if len(header) > 0 {
		headers = http.Header{header[0]: {header[1]}}
	}
	conn, _, err := websocket.Dial(p.Context(), strings.Replace(p.URL(), "http", "ws", 1)+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}, HTTPHeader: headers})
	if err != nil {
		p.Fatal(err)
	}
	p.Cleanup(func() { conn.CloseNow() })
	subscribe, err := json.Marshal(map[string]any{"type": "subscribe", "id": "1", "payload": map[string]any{"query": document}})
	if err != nil {
		p.Fatal(err)
	}
	for _, message := range []string{`{"type":"connection_init"}`, string(subscribe)} {
		if err := conn.Write(p.Context(), websocket.MessageText, []byte(message)); err != nil {
			p.Fatal(err)
		}
	}
	heard := make(chan string, 1000)
	go func() {
		defer close(heard)
		for {
			_, message, err := conn.Read(p.Context())
			if err != nil {
				return
			}
			if strings.Contains(string(message), `"type":"next"`) || strings.Contains(string(message), `"type":"error"`) {
				heard <- string(message)
			}
		}
	}()
	return func(within time.Duration) string {
		select {
		case message := <-heard:
			return message
		case <-time.After(within):
			return ""
		}
	}
}

// until hears events until one has all that is wanted.
func (p platform) until(next func(time.Duration) string, wants ...string) (heard string) {
	p.Helper()
	last := ""
	for deadline := time.Now().Add(40 * time.Second); time.Now().Before(deadline); {
		got := next(time.Until(deadline))
		if got == "" {
			break
		}
		last = got
		missing := false
		for _, want := range wants {
			missing = missing || !strings.Contains(got, want)
		}
		if !missing {
			return got
		}
	}
	p.Fatalf("%v was not heard; the last was %s", wants, last)
	return ""
}

// Who follows the services is told at once of all, then of each that joins, that goes down and comes back, whose schema
// changes, and that leaves; and of nothing else.
func TestServicesAreFollowed(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	next := p.follows(followServices)
	p.want(next(10*time.Second), `{"data":{"services":{"services":[],"withdrawn":[],"complete":true}}}`)
	backend, catalog := p.service(catalogSDL, catalogData)
	p.want(p.publish("catalog", catalog, catalogSDL), `"userErrors":[]`)
	joined := p.until(next, `"name":"catalog","live":{"number":1}`, `"withdrawn":[],"complete":false`)
	p.asks(`{ products { name } }`, `Lamp`)
	if !strings.Contains(joined, `"state":"HEALTHY"`) { // it was asked before the event was made
		p.until(next, `"state":"HEALTHY","reason":null`)
	}
	for range 20 {
		p.asks(`{ products { name } }`, `Lamp`)
	}
	if got := next(time.Second); got != "" {
		t.Errorf("nothing changed, and yet: %s", got)
	}

	backend.Break(subgraph.Fault{Status: http.StatusInternalServerError})
	for range 6 {
		p.ask(`{ products { name } }`, nil)
	}
	p.until(next, `"state":"DOWN","reason":"the service \"catalog\" cannot be reached"`)
	p.want(p.ask(`{ service(name: "catalog") { figures { calls errors breaker } } }`, nil), `"breaker":"OPEN"`)
	backend.Break(subgraph.Fault{})
	p.until(next, `"state":"HEALTHY","reason":null`)

	_, reviews := p.service(reviewsSDL, reviewsData)
	p.want(p.publish("reviews", reviews, reviewsSDL), `"userErrors":[]`)
	if got := next(10 * time.Second); !strings.Contains(got, `"services":[{"name":"reviews"`) {
		t.Errorf("a service joined: %s", got)
	}
	p.want(p.publish("catalog", catalog, strings.Replace(catalogSDL, "price: Int", "price: Int weight: Int", 1)), `"userErrors":[]`)
	p.until(next, `"name":"catalog","live":{"number":2}`)
	p.want(p.ask(`mutation { serviceWithdraw(input: {service: "reviews", allowBreaking: true}) { withdrawn } }`, nil), `"withdrawn":"reviews"`)
	p.until(next, `"withdrawn":["reviews"]`)
}

// A service that fails and answers by turns is told a few times a second at most, and the last state always.
func TestAFlappingServiceIsToldOfInMeasure(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	backend, catalog := p.service(catalogSDL, catalogData)
	p.publish("catalog", catalog, catalogSDL)
	p.asks(`{ products { name } }`, `Lamp`)
	next := p.follows(followServices)
	p.until(next, `"state":"HEALTHY"`)
	begin, events := time.Now(), 0
	for time.Since(begin) < 2*time.Second {
		for _, status := range []int{http.StatusInternalServerError, 0} {
			backend.Break(subgraph.Fault{Status: status})
			p.ask(`{ products { name } }`, nil)
		}
	}
	backend.Break(subgraph.Fault{Status: http.StatusInternalServerError})
	p.ask(`{ products { name } }`, nil)
	last := ""
	for got := next(2 * time.Second); got != ""; got = next(time.Second) {
		events, last = events+1, got
		if events > 20 {
			t.Fatal("too many events")
		}
	}
	p.want(last, `"reason":"the service \"catalog\" cannot be reached"`)
}

// The figures of a service say how often it was asked, how often in vain, and how long that took.
func TestFiguresOfAService(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	backend, catalog := p.service(catalogSDL, catalogData)
	p.publish("catalog", catalog, catalogSDL)
	const figures = `{ service(name: "catalog") { figures { calls errors p50Ms p95Ms p99Ms breaker since } } }`
	p.asks(figures, `{"calls":0,"errors":0,"p50Ms":null,"p95Ms":null,"p99Ms":null,"breaker":"CLOSED"`)
	for range 8 {
		p.asks(`{ products { name } }`, `Lamp`)
	}
	backend.Break(subgraph.Fault{Status: http.StatusInternalServerError})
	p.ask(`{ products { name } }`, nil)
	backend.Break(subgraph.Fault{Body: `{"data": "nonsense"}`})
	p.ask(`{ products { name } }`, nil)
	got := p.ask(figures, nil)
	p.want(got, `"calls":10,"errors":2,"p50Ms":`, `"breaker":"CLOSED"`)
	if strings.Contains(got, "null") {
		t.Errorf("there are no times: %s", got)
	}
}

// Who has services:read nowhere cannot follow; a key that names services is told of these alone.
func TestAKeyFollowsItsServicesAlone(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	key := func(scope string, services any) string {
		var made struct {
			Data struct{ Key struct{ Secret string } }
		}
		got := p.ask(`mutation ($scopes: [String!]!, $s: [String!]) { key: apiKeyCreate(input: {name: "CI", scopes: $scopes, services: $s}) { secret userErrors { message } } }`, map[string]any{"scopes": []string{scope}, "s": services})
		if err := json.Unmarshal([]byte(got), &made); err != nil || made.Data.Key.Secret == "" {
			t.Fatalf("no key: %s", got)
		}
		return made.Data.Key.Secret
	}
	for _, name := range []string{"orders", "stock"} {
		_, at := p.service("type Query { "+name+": Int }", `{"Query": {"`+name+`": 1}}`)
		p.want(p.publish(name, at, "type Query { "+name+": Int }"), `"userErrors":[]`)
	}
	const names = `subscription { services { services { name } withdrawn } }`
	p.want(p.follows(names, "Authorization", "Bearer "+key("content:read", nil))(10*time.Second), `"type":"error"`, `"code":"FORBIDDEN"`)
	stock, all := p.follows(names, "Authorization", "Bearer "+key("services:read", []string{"stock"})), p.follows(names, "Authorization", "Bearer "+key("services:read", nil))
	p.want(stock(10*time.Second), `{"services":[{"name":"stock"}],"withdrawn":[]}`)
	p.want(all(10*time.Second), `{"services":[{"name":"orders"},{"name":"stock"}],"withdrawn":[]}`)
	for _, name := range []string{"orders", "stock"} {
		p.want(p.ask(`mutation ($s: String!) { serviceWithdraw(input: {service: $s, allowBreaking: true}) { withdrawn } }`, map[string]any{"s": name}), `"withdrawn":"`+name)
	}
	for withdrawn := false; !withdrawn; {
		got := stock(10 * time.Second)
		if got == "" || strings.Contains(got, "orders") {
			t.Fatalf("a key for stock is told: %s", got)
		}
		withdrawn = strings.Contains(got, `{"services":[],"withdrawn":["stock"]}`)
	}
	p.until(all, `"withdrawn":["orders"`)
}

// Prometheus is told of each service by its name alone, and of none that left.
func TestMetricsOfServices(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	figures := func() string {
		t.Helper()
		response, err := http.Get(p.URL() + "/metrics") //nolint:noctx // a test
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		all, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(all)
	}
	p.want(figures(), "\nsonata_supergraph_version 0\n")
	backend, catalog := p.service(catalogSDL, catalogData)
	p.publish("catalog", catalog, catalogSDL)
	for range 3 {
		p.asks(`{ products { name } }`, `Lamp`)
	}
	backend.Break(subgraph.Fault{Status: http.StatusInternalServerError})
	for range 7 {
		p.ask(`mutation { productRename(id: "p1", name: "x") { name } }`, nil) // sent once each
	}
	got := figures()
	p.want(got, "\nsonata_supergraph_version 1\n", `sonata_service_requests_total{outcome="answered",service="catalog"} 3`,
		`sonata_service_requests_total{outcome="failed",service="catalog"} 5`, `sonata_service_requests_total{outcome="refused",service="catalog"} 2`,
		`sonata_service_request_seconds_bucket{service="catalog",le="+Inf"} 8`, `sonata_service_request_seconds_count{service="catalog"} 8`,
		`sonata_service_health{service="catalog",state="DOWN"} 1`, `sonata_service_health{service="catalog",state="HEALTHY"} 0`,
		`sonata_service_breaker{service="catalog",state="OPEN"} 1`)
	if strings.Contains(got, catalog) || strings.Contains(got, "127.0.0.1") {
		t.Error("the address is shown")
	}
	p.want(p.ask(`mutation { serviceWithdraw(input: {service: "catalog", allowBreaking: true}) { withdrawn } }`, nil), `"withdrawn":"catalog"`)
	got = figures()
	for deadline := time.Now().Add(30 * time.Second); strings.Contains(got, "catalog") && time.Now().Before(deadline); got = figures() {
		time.Sleep(20 * time.Millisecond)
	}
	p.want(got, "\nsonata_supergraph_version 2\n")
	if strings.Contains(got, "catalog") {
		t.Error("what left is still there")
	}
}
