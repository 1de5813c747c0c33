package app_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sonata.ai/sonata/internal/app"
	"sonata.ai/sonata/internal/testkit/subgraph"
)

const linkV2 = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable", "@external"])
`

const catalogSDL = linkV2 + `
type Query { products(first: Int): [Product!] product(id: ID!): Product }
type Mutation { productRename(id: ID!, name: String!): Product }
"Something that is sold"
type Product @key(fields: "id") { id: ID! name: String! price: Int }
`

const catalogData = `{
  "Query": {"products": [{"$ref": "Product", "id": "p1"}, {"$ref": "Product", "id": "p2"}], "product": [{"$ref": "Product", "id": "p1"}]},
  "Mutation": {"productRename": {"$ref": "Product", "id": "p1"}},
  "Product": [{"id": "p1", "name": "Lamp", "price": 12, "secret": 1, "stock": 2}, {"id": "p2", "name": "Chair", "price": 40}]
}`

const reviewsSDL = linkV2 + `
type Query { reviewCount: Int }
type Product @key(fields: "id") { id: ID! reviews: [Review!] }
type Review { stars: Int! text: String }
`

const reviewsData = `{
  "Query": {"reviewCount": 3},
  "Product": [{"id": "p1", "reviews": [{"stars": 5, "text": "Bright"}]}, {"id": "p2", "reviews": []}]
}`

// platform is a running Sonata whose developer may do everything.
type platform struct {
	*testing.T
	*app.App
}

func newPlatform(t *testing.T, flags ...string) platform {
	t.Helper()
	return platform{t, running(t, filepath.Join(t.TempDir(), "sonata.db"), io.Discard, nil, flags...)}
}

// service is a backend that runs until the test ends.
func (p platform) service(sdl, data string) (*subgraph.Service, string) {
	p.Helper()
	s, err := subgraph.New(sdl, data)
	if err != nil {
		p.Fatal(err)
	}
	srv := httptest.NewServer(s)
	p.Cleanup(srv.Close)
	return s, srv.URL
}

// ask sends an operation and returns the whole answer.
func (p platform) ask(document string, variables map[string]any) string {
	p.Helper()
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		p.Fatal(err)
	}
	res, err := http.Post(p.URL()+"/graphql", "application/json", bytes.NewReader(body)) //nolint:noctx // a test
	if err != nil {
		p.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		p.Fatal(err)
	}
	return string(answer)
}

const publishSubgraph = `mutation ($input: SubgraphPublishInput!) { subgraphPublish(input: $input) {
  service { name live { number } } supergraph { number services { name } }
  userErrors { code message ... on CompositionFailed { check { ok composition { code message hint service line } changes { path breaking } brokenDocuments { document { name } reason } } } }
} }`

func (p platform) publish(name, address, sdl string, more ...any) string {
	p.Helper()
	input := map[string]any{"service": name, "url": address, "sdl": sdl}
	for i := 0; i < len(more); i += 2 {
		input[more[i].(string)] = more[i+1] //nolint:forcetypeassert // written in the test
	}
	return p.ask(publishSubgraph, map[string]any{"input": input})
}

// asks asks until the answer is what is wanted: a graph is served at the latest a few seconds after it was published.
func (p platform) asks(document string, wants ...string) {
	p.Helper()
	got := ""
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		got = p.ask(document, nil)
		if !slices.ContainsFunc(wants, func(want string) bool { return !strings.Contains(got, want) }) {
			return
		}
	}
	p.want(got, wants...)
}

func (p platform) want(got string, wants ...string) {
	p.Helper()
	for _, want := range wants {
		if !strings.Contains(got, want) {
			p.Errorf("%s\nis not in\n%s", want, got)
		}
	}
}

// A service's fields are part of the graph as soon as it is published, join those of others, and are gone when it is
// withdrawn; nothing restarts.
func TestAServiceJoins(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	_, catalog := p.service(catalogSDL, catalogData)
	_, reviews := p.service(reviewsSDL, reviewsData)
	p.asks(`{ products { name } }`, `Cannot query field \"products\"`)
	p.want(p.publish("catalog", catalog, catalogSDL), `"live":{"number":1}`, `"supergraph":{"number":1,"services":[{"name":"catalog"}]}`, `"userErrors":[]`)
	p.asks(`{ products { name } }`, `{"data":{"products":[{"name":"Lamp"},{"name":"Chair"}]}}`)
	p.want(p.publish("reviews", reviews, reviewsSDL), `"supergraph":{"number":2,"services":[{"name":"catalog"},{"name":"reviews"}]}`)
	p.asks(`{ products { name reviews { stars } } viewer { actor { name } } }`, `{"data":{"products":[{"name":"Lamp","reviews":[{"stars":5}]},{"name":"Chair","reviews":[]}],"viewer":{"actor":{"name":"Developer"}}}}`)
	p.want(p.ask(`mutation { productRename(id: "p1", name: "Light") { name } }`, nil), `{"data":{"productRename":{"name":"Lamp"}}}`)
	p.asks(`{ __type(name: "Product") { description fields { name } } }`, `"Something that is sold"`, `{"name":"reviews"}`)
	p.asks(`{ screen(at: {key: "home"}, context: {frontend: "shop"}) { key } }`, `{"data":{"screen":{"key":"home"}}}`)
	p.want(p.ask(`mutation { serviceWithdraw(input: {service: "reviews"}) { withdrawn userErrors { code } } }`, nil), `"BREAKING_CHANGE"`)
	p.want(p.ask(`mutation { serviceWithdraw(input: {service: "reviews", allowBreaking: true}) { withdrawn supergraph { number } userErrors { code } } }`, nil),
		`{"withdrawn":"reviews","supergraph":{"number":3},"userErrors":[]}`)
	p.asks(`{ products { reviews { stars } } }`, `Cannot query field \"reviews\"`)
	p.asks(`{ services { totalCount edges { node { name health { state } } } } }`, `{"totalCount":1,"edges":[{"node":{"name":"catalog","health":{"state":"HEALTHY"}}}]}`)
}

// A schema that does not fit is refused with the place and a hint, one that breaks a trusted document with its name; what was
// served stays.
func TestASchemaThatBreaksIsRefused(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	_, catalog := p.service(catalogSDL, catalogData)
	p.want(p.publish("catalog", catalog, catalogSDL), `"userErrors":[]`)
	p.asks(`{ products { price } }`, `"price":12`)
	p.want(p.ask(`mutation { documentsRegister(input: {frontend: "shop", documents: [{body: "query Prices { products { price } }"}]}) { userErrors { message } } }`, nil), `"userErrors":[]`)

	p.want(p.publish("catalog", catalog, linkV2+"type Query { products: [Produkt!] }"),
		`"code":"COMPOSITION_FAILED"`, `"service":"catalog"`, `"line":2`, `Produkt`, `"hint":`)
	without := strings.Replace(catalogSDL, " price: Int", "", 1)
	p.want(p.publish("catalog", catalog, without), `"code":"BREAKING_CHANGE"`, `"path":"Product.price","breaking":true`, `{"document":{"name":"Prices"},"reason":"Cannot query field`)
	p.want(p.publish("other", catalog, "type Query { frontends: Int }"), `"code":"COMPOSITION_FAILED"`, `SONATA_OWNED`)
	p.asks(`{ products { price } }`, `{"data":{"products":[{"price":12},{"price":40}]}}`)
	p.want(p.ask(`mutation ($sdl: String!) { subgraphCheck(input: {service: "catalog", sdl: $sdl}) { check { ok changes { kind path breaking } brokenDocuments { frontend { slug } } } } }`, map[string]any{"sdl": without}),
		`"ok":false`, `"frontend":{"slug":"shop"}`)

	p.want(p.publish("catalog", catalog, without, "allowBreaking", true), `"live":{"number":2}`, `"userErrors":[]`)
	p.asks(`{ frontend(slug: "shop") { documents(query: "Prices") { edges { node { valid invalidReason } } } } }`, `"valid":false,"invalidReason":"Cannot query field`)
	p.want(p.ask(`mutation { subgraphRollBack(input: {service: "catalog", toNumber: 1}) { service { live { number } versions { totalCount } } userErrors { message } } }`, nil), `"live":{"number":1},"versions":{"totalCount":2}`)
	p.asks(`{ products { price } }`, `"price":12`)
	p.want(p.publish("catalog", catalog, catalogSDL), `"live":{"number":1}`, `"supergraph":{"number":3`)
}

// A service that does not answer takes nothing down but its own fields; it is back as soon as it answers, and what is known of
// it says so.
func TestAServiceThatDiesTakesNothingElseDown(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	_, catalog := p.service(catalogSDL, catalogData)
	backend, reviews := p.service(reviewsSDL, reviewsData)
	p.publish("catalog", catalog, catalogSDL)
	p.publish("reviews", reviews, reviewsSDL)
	p.asks(`{ products { name reviews { stars } } }`, `"stars":5`)
	backend.Break(subgraph.Fault{Status: http.StatusInternalServerError})
	got := p.ask(`{ products { name reviews { stars } } screen(at: {key: "home"}, context: {frontend: "shop"}) { key } }`, nil)
	p.want(got, `"name":"Lamp"`, `"reviews":null`, `"screen":{"key":"home"}`, `"code":"SUBGRAPH_UNAVAILABLE"`, `"service":"reviews"`)
	if strings.Contains(got, reviews) || strings.Contains(got, "127.0.0.1") {
		t.Errorf("the address is shown: %s", got)
	}
	p.asks(`{ service(name: "reviews") { health { state reason } } }`, `"state":"DEGRADED"`, `cannot be reached`)
	backend.Break(subgraph.Fault{})
	p.asks(`{ products { reviews { stars } } }`, `"stars":5`)
	p.asks(`{ service(name: "reviews") { health { state reason } } }`, `"state":"HEALTHY","reason":null`)
}

// Where a service names an object of ours that is not there, or that the caller may not see, it is the same, and nobody's fault.
func TestAServiceNamesWhatIsNotThere(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	sdl := linkV2 + `type Query { owner: Frontend } type Frontend @key(fields: "id", resolvable: false) { id: ID! }`
	_, odd := p.service(sdl, `{"Query": {"owner": {"$ref": "Frontend", "id": "frt_none"}}, "Frontend": [{"id": "frt_none"}]}`)
	p.want(p.publish("odd", odd, sdl), `"userErrors":[]`)
	p.asks(`{ owner { slug } viewer { actor { name } } }`,
		`{"errors":[{"message":"there is no such object, or you may not see it","path":["owner","slug"],"extensions":{"code":"NOT_FOUND"}}],"data":{"owner":null,"viewer":{"actor":{"name":"Developer"}}}}`)
}

// The graph is there again after a restart, and _entities and _service are for services alone.
func TestTheGraphSurvivesARestart(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "sonata.db")
	first, stop := runningUntil(t, path, io.Discard, nil)
	p := platform{t, first}
	_, catalog := p.service(catalogSDL, catalogData)
	p.want(p.publish("catalog", catalog, catalogSDL), `"userErrors":[]`)
	stop()
	p.App = running(t, path, io.Discard, nil)
	p.asks(`{ products { name } }`, `"name":"Lamp"`)
	p.asks(`{ _service { sdl } _entities(representations: []) { __typename } }`, `Cannot query field \"_service\"`, `Cannot query field \"_entities\"`)
}

// Rights, costs and the safelist hold for the fields of services as they hold for our own.
func TestWhatHoldsForOurOwnPartHoldsForTheWholeGraph(t *testing.T) {
	t.Parallel()
	h := newHouseOf(t, io.Discard, []string{"--demo", "on", "--service-networks", "private"})
	admin, stranger := h.visitor(), h.visitor()
	admin.setUp("ada@example.org")
	sdl := strings.Replace(catalogSDL, `"@external"]`, `"@external", "@authenticated", "@requiresScopes", "@cost"]`, 1)
	sdl = strings.Replace(sdl, "v2.3", "v2.9", 1)
	sdl = strings.Replace(sdl, "price: Int", `price: Int secret: Int @requiresScopes(scopes: [["products:write"], ["content:read", "audit:read"]]) stock: Int @authenticated dear: Int @cost(weight: 500)`, 1)
	_, catalog := platform{T: t}.service(sdl, catalogData)
	mustContain(t, admin.send(publishSubgraph, map[string]any{"input": map[string]any{"service": "catalog", "url": catalog, "sdl": sdl}}), `"userErrors":[]`)

	for deadline := time.Now().Add(30 * time.Second); !strings.Contains(stranger.send(`{ products { name } }`, nil).body, `"name":"Lamp"`); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the service is not served")
		}
	}
	mustContain(t, stranger.send(`{ products { name stock } }`, nil), `{"name":"Lamp","stock":null}`, `"code":"UNAUTHENTICATED"`)
	mustContain(t, stranger.send(`{ products { ... on Product { hidden: secret } } }`, nil), `"hidden":null`, `"code":"UNAUTHENTICATED"`)
	mustContain(t, stranger.send(`{ products { name } frontends { totalCount } }`, nil), `"name":"Lamp"`, `"frontends":null`, `"code":"FORBIDDEN"`)
	mustContain(t, admin.send(`{ products { secret stock } }`, nil), `{"data":{"products":[{"secret":1,"stock":2},{"secret":null,"stock":null}]}}`)
	var made struct {
		Data struct{ Done struct{ Secret string } }
	}
	s := admin.send(`mutation { done: apiKeyCreate(input: {name: "reader", scopes: ["content:read"]}) { secret } }`, nil)
	if err := json.Unmarshal([]byte(s.body), &made); err != nil {
		t.Fatal(err)
	}
	reader := &visitor{h: h, way: func(r *http.Request) {
		r.Header.Del("Origin")
		r.Header.Set("Authorization", "Bearer "+made.Data.Done.Secret)
	}}
	mustContain(t, reader.send(`{ products { stock } }`, nil), `"stock":2`)
	mustContain(t, reader.send(`{ products { secret } }`, nil), `"secret":null`, `"code":"FORBIDDEN"`)
	mustContain(t, stranger.send(`{ products(first: 3) { dear } more: products { dear } }`, nil), `"code":"LIMIT"`, `the operation costs 10020`)
	mustContain(t, admin.send(`mutation { safelistSet(input: {frontend: "shop", mode: ENFORCE}) { userErrors { message } } }`, nil), `"userErrors":[]`)
	mustContain(t, stranger.send(`{ products { name } }`, nil), `"code":"DOCUMENT_UNKNOWN"`)
	const both = `query Both { products { name } screen(at: {key: "home"}, context: {frontend: "shop"}) { key } }`
	mustContain(t, admin.send(`mutation { frontendCreate(input: {slug: "lenient", name: "Lenient"}) { userErrors { message } } }`, nil), `"userErrors":[]`)
	mustContain(t, admin.send(`mutation ($d: String!) { documentsRegister(input: {frontend: "shop", documents: [{body: $d}]}) { userErrors { message } } }`, map[string]any{"d": both}), `"userErrors":[]`)
	lenient := &visitor{h: h, way: func(r *http.Request) { r.Header.Set("GraphQL-Client-Name", "lenient") }}
	mustContain(t, stranger.send(both, nil), `{"data":{"products":[{"name":"Lamp"},{"name":"Chair"}],"screen":{"key":"home"}}}`)
	mustContain(t, lenient.send(both+" ", nil), `"name":"Lamp"`, `"screen":null`, `"code":"DOCUMENT_UNKNOWN"`)
}

// Two teams have keys of their own: neither can publish, check, roll back or withdraw what is the other's, nor see it.
func TestATeamCannotTouchTheServiceOfAnother(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	admin := h.visitor()
	admin.setUp("ada@example.org")
	key := func(service string) string {
		var made struct {
			Data struct{ APIKeyCreate struct{ Secret string } }
		}
		s := admin.send(`mutation ($s: [String!]) { apiKeyCreate(input: {name: "CI", scopes: ["services:read", "services:write"], services: $s}) { secret userErrors { message } } }`, map[string]any{"s": []string{service}})
		if err := json.Unmarshal([]byte(strings.Replace(s.body, "apiKeyCreate", "APIKeyCreate", 1)), &made); err != nil || made.Data.APIKeyCreate.Secret == "" {
			t.Fatalf("no key: %s", s.body)
		}
		return made.Data.APIKeyCreate.Secret
	}
	as := func(secret string) *visitor {
		return &visitor{h: h, way: func(r *http.Request) {
			r.Header.Del("Origin")
			r.Header.Set("Authorization", "Bearer "+secret)
		}}
	}
	orders, stock := as(key("orders")), as(key("stock"))
	in := func(service, sdl string) map[string]any {
		return map[string]any{"input": map[string]any{"service": service, "url": "https://" + service + ".example/graphql", "sdl": sdl}}
	}
	mustContain(t, orders.send(publishSubgraph, in("orders", "type Query { orders: Int }")), `"userErrors":[]`)
	mustContain(t, stock.send(publishSubgraph, in("stock", "type Query { stock: Int }")), `"userErrors":[]`)
	for _, try := range []sent{
		stock.send(publishSubgraph, in("orders", "type Query { orders: String }")),
		stock.send(publishSubgraph, in("new", "type Query { new: String }")),
		stock.send(`mutation { subgraphCheck(input: {service: "orders", sdl: "type Query { orders: Int }"}) { check { ok } userErrors { code } } }`, nil),
		stock.send(`mutation { subgraphRollBack(input: {service: "orders", toNumber: 1, allowBreaking: true}) { service { id } userErrors { code } } }`, nil),
		stock.send(`mutation { serviceWithdraw(input: {service: "orders", allowBreaking: true}) { withdrawn userErrors { code } } }`, nil),
	} {
		mustContain(t, try, `"code":"NOT_FOUND"`)
	}
	mustContain(t, stock.send(`{ service(name: "orders") { id } services { totalCount edges { node { name } } } supergraph { number services { name } } }`, nil),
		`"service":null`, `"totalCount":1,"edges":[{"node":{"name":"stock"}}]`, `{"number":2,"services":[{"name":"stock"}]}`)
	mustContain(t, admin.send(`{ services { totalCount } }`, nil), `"totalCount":2`)
}

// An address that is nobody's service is refused when it is published, in production and without further settings.
func TestAServiceCannotBeWhereItShouldNot(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	admin := h.visitor()
	admin.setUp("ada@example.org")
	for _, address := range []string{
		"http://127.0.0.1:8080/graphql", "http://10.1.2.3/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://169.254.169.254/latest/meta-data", "http://0.0.0.0/",
		"http://2130706433/", "http://0x7f.1/", "http://0177.0.0.1/", "http://192.168.0.1/", "http://[fe80::1]/", "http://[64:ff9b::7f00:1]/", "http://100.64.0.1/",
		"file:///etc/passwd", "unix:///run/x.sock", "http://user:password@service.example/", "gopher://service.example/", "http:///graphql", "https://service.example/#x",
	} {
		s := admin.send(publishSubgraph, map[string]any{"input": map[string]any{"service": "stock", "url": address, "sdl": "type Query { stock: Int }"}})
		if !strings.Contains(s.body, `"code":"INVALID"`) || !strings.Contains(s.body, "url") {
			t.Errorf("%s: %s", address, s.body)
		}
	}
}

// A stream of one service brings what another knows of it, goes on while the graph is replaced, and ends with a code when the
// graph has it no more.
func TestAStreamOfAServiceOutlivesTheGraph(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	sdl := catalogSDL + "type Subscription { changed: Product }"
	backend, catalog := p.service(sdl, catalogData)
	_, reviews := p.service(reviewsSDL, reviewsData)
	p.want(p.publish("catalog", catalog, sdl), `"userErrors":[]`)
	p.want(p.publish("reviews", reviews, reviewsSDL), `"userErrors":[]`)
	p.asks(`{ products { name reviews { stars } } }`, `"stars":5`)
	hears := p.follow(`subscription { changed { name reviews { stars } } }`).next
	changes := func() {
		t.Helper()
		for deadline := time.Now().Add(10 * time.Second); backend.Streams("changed") != 1; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("%d streams", backend.Streams("changed"))
			}
		}
		if n := backend.Publish("changed", `{"$ref": "Product", "id": "p1"}`); n != 1 {
			t.Fatalf("%d follow", n)
		}
	}
	changes()
	p.want(hears(), `{"data":{"changed":{"name":"Lamp","reviews":[{"stars":5}]}}}`)
	p.want(p.publish("reviews", reviews, strings.Replace(reviewsSDL, "reviewCount: Int", "reviewCount: Int reviewers: Int", 1)), `"userErrors":[]`)
	changes()
	p.want(hears(), `{"data":{"changed":{"name":"Lamp","reviews":[{"stars":5}]}}}`)
	p.want(p.ask(`mutation { serviceWithdraw(input: {service: "reviews", allowBreaking: true}) { withdrawn } }`, nil), `"withdrawn":"reviews"`)
	p.want(hears(), `"code":"SUBSCRIPTION_ENDED"`)
}

// While a service publishes again and again, no request fails: neither for its fields nor for ours.
func TestNoRequestFailsWhileServicesPublish(t *testing.T) {
	t.Parallel()
	p := newPlatform(t, "--limit-anonymous", "0", "--limit-key", "0", "--limit-cost-minute", "0")
	_, catalog := p.service(catalogSDL, catalogData)
	_, reviews := p.service(reviewsSDL, reviewsData)
	p.want(p.publish("catalog", catalog, catalogSDL), `"userErrors":[]`)
	p.want(p.publish("reviews", reviews, reviewsSDL), `"userErrors":[]`)
	p.asks(`{ products { reviews { stars } } }`, `"stars":5`)
	done := make(chan struct{})
	var asking sync.WaitGroup
	for document, want := range map[string]string{
		`{ products { name reviews { stars } } }`:                                         `{"data":{"products":[{"name":"Lamp","reviews":[{"stars":5}]},{"name":"Chair","reviews":[]}]}}`,
		`query ($n: ID!) { product(id: $n) { name } viewer { actor { name } } }`:          `{"data":{"product":{"name":"Lamp"},"viewer":{"actor":{"name":"Developer"}}}}`,
		`{ screen(at: {key: "home"}, context: {frontend: "shop"}) { key } }`:              `{"data":{"screen":{"key":"home"}}}`,
		`{ frontends { totalCount } products { name } __type(name: "Product") { name } }`: `{"data":{"frontends":{"totalCount":1},"products":[{"name":"Lamp"},{"name":"Chair"}],"__type":{"name":"Product"}}}`,
	} {
		asking.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-done:
					if n < 10 {
						t.Errorf("%s was asked %d times", document, n)
					}
					return
				default:
				}
				if got := p.ask(document, map[string]any{"n": "p1"}); strings.TrimSpace(got) != want {
					t.Errorf("%s: %s", document, got)
					return
				}
			}
		})
	}
	for i := range 30 {
		sdl := reviewsSDL
		if i%2 == 0 {
			sdl = strings.Replace(sdl, "reviewCount: Int", "reviewCount: Int reviewers: Int", 1)
		}
		p.want(p.publish("reviews", reviews, sdl, "allowBreaking", true), `"userErrors":[]`)
	}
	close(done)
	asking.Wait()
}
