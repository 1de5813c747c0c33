package app_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sonata.ai/sonata/internal/testkit/subgraph"
)

const linkOverride = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@override"])
`

const (
	beforeSDL = linkOverride + `
type Query { products: [Product!] product(id: ID!): Product shopName: String }
type Product @key(fields: "id") { id: ID! name: String! price: Int size: Size }
type Size { width: Int height: Int }
type Subscription { productChanged: Product }
`
	beforeData = `{
  "Query": {"products": [{"$ref": "Product", "id": "p1"}, {"$ref": "Product", "id": "p2"}], "product": [{"$ref": "Product", "id": "p1"}, {"$ref": "Product", "id": "p2"}], "shopName": "Fjell"},
  "Product": [{"id": "p1", "name": "Lamp", "price": 12, "size": {"width": 3, "height": 4}}, {"id": "p2", "name": "Chair", "price": 40, "size": {"width": 5, "height": 6}}]
}`
)

// movesQueries are asked all along, and answered the same all along.
func movesQueries() map[string]string {
	return map[string]string{
		`{ products { id name price size { width height } stock } }`: `{"products":[{"id":"p1","name":"Lamp","price":12,"size":{"width":3,"height":4},"stock":7},{"id":"p2","name":"Chair","price":40,"size":{"width":5,"height":6},"stock":0}]}`,
		`{ product(id: "p2") { price stock } }`:                      `{"product":{"price":40,"stock":0}}`,
		`{ products { name } warehouses }`:                           `{"products":[{"name":"Lamp"},{"name":"Chair"}],"warehouses":2}`,
		`{ products { s: size { h: height } } }`:                     `{"products":[{"s":{"h":4}},{"s":{"h":6}}]}`,
	}
}

// replaceable is a service whose program is exchanged under its address.
type replaceable struct {
	p   platform
	now atomic.Pointer[subgraph.Service]
	url string
}

func newReplaceable(p platform, sdl, data string) *replaceable {
	p.Helper()
	r := &replaceable{p: p}
	r.becomes(sdl, data)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) { r.now.Load().ServeHTTP(w, q) }))
	p.Cleanup(func() { srv.CloseClientConnections(); srv.Close() })
	r.url = srv.URL
	return r
}

func (r *replaceable) becomes(sdl, data string) {
	r.p.Helper()
	s, err := subgraph.New(sdl, data)
	if err != nil {
		r.p.Fatal(err)
	}
	r.now.Store(s)
}

// relocation is a shop and a stock beside it, with queries and streams on both.
type relocation struct {
	platform
	shop  *replaceable
	load  *load
	tails *tails
	stop  func()
}

const movedTail = `subscription { productChanged { name price size { width } stock } }`

func newRelocation(t *testing.T) *relocation {
	t.Helper()
	p := newPlatform(t, "--limit-anonymous", "0", "--limit-key", "0", "--limit-cost-minute", "0")
	m := &relocation{platform: p, shop: newReplaceable(p, beforeSDL, beforeData), load: newLoad(p, newTrouble(), nil, movesQueries())}
	m.want(p.publish("shop", m.shop.url, beforeSDL), `"userErrors":[]`)
	_, stock := p.service(stocksSDL, stocksData)
	m.want(p.publish("stock", stock, stocksSDL), `"userErrors":[]`)
	p.asks(`{ products { stock } }`, `"stock":7`)
	m.stop = m.load.begin(100)
	t.Cleanup(m.stop)
	m.tails = &tails{p: p, allowed: func(payload []byte) string {
		if strings.Contains(string(payload), `"errors"`) {
			return "an error"
		}
		return ""
	}}
	for i := range 6 {
		m.tails.follow(movedTail, i%2 == 0)
	}
	m.changes(m.shop.now.Load(), "p1")
	return m
}

// changes waits until all streams follow a service, and announces a product there. What is announced while a stream goes over
// to another graph is heard by nobody, so it waits for that, too.
func (m *relocation) changes(at *subgraph.Service, id string) {
	m.Helper()
	time.Sleep(settled)
	for deadline := time.Now().Add(30 * time.Second); at.Streams("productChanged") != len(m.tails.all); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			m.Fatalf("%d of %d streams follow it", at.Streams("productChanged"), len(m.tails.all))
		}
	}
	if n := at.Publish("productChanged", `{"$ref": "Product", "id": "`+id+`"}`); n != len(m.tails.all) {
		m.Fatalf("%d heard", n)
	}
	m.tails.hear(movedTail, map[string]string{
		"p1": `{"data":{"productChanged":{"name":"Lamp","price":12,"size":{"width":3},"stock":7}}}`,
		"p2": `{"data":{"productChanged":{"name":"Chair","price":40,"size":{"width":5},"stock":0}}}`,
	}[id])
}

// settled is longer than it takes until a published graph is served and its streams went over to it.
const settled = 200*time.Millisecond + raceFactor*100*time.Millisecond

// some waits until so many more queries have been answered.
func (m *relocation) some() {
	m.Helper()
	for until, deadline := m.load.asked.Load()+20, time.Now().Add(30*time.Second); m.load.asked.Load() < until; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			m.Fatal("nobody asks")
		}
	}
}

// ends looks at everything that was asked. After the move, the shop was asked for nothing that moved.
func (m *relocation) ends(fields ...string) {
	m.Helper()
	m.some()
	m.stop()
	m.tails.end()
	if m.load.wrong.Load() > 0 || m.load.whole.Load() != m.load.asked.Load() {
		m.Errorf("%d of %d answers are whole", m.load.whole.Load(), m.load.asked.Load())
	}
	for _, asked := range m.shop.now.Load().Asked() {
		for _, field := range fields {
			if strings.Contains(asked.Query, field) {
				m.Errorf("the shop is still asked %s", asked.Query)
			}
		}
	}
}

// Fields move to another service without anybody seeing it: that service publishes them with @override, then the shop
// publishes without them, then it has them no more.
func TestFieldsMove(t *testing.T) {
	t.Parallel()
	m := newRelocation(t)
	const sdl = linkOverride + `
type Product @key(fields: "id") { id: ID! price: Int @override(from: "shop") size: Size @override(from: "shop") }
type Size { width: Int @override(from: "shop") height: Int @override(from: "shop") }
`
	_, pricing := m.service(sdl, beforeData)
	m.want(m.publish("pricing", pricing, sdl), `"userErrors":[]`)
	m.some()
	m.changes(m.shop.now.Load(), "p2")
	without := strings.Replace(strings.Replace(beforeSDL, " price: Int size: Size", "", 1), "type Size { width: Int height: Int }\n", "", 1)
	m.want(m.publish("shop", m.shop.url, without), `"userErrors":[]`)
	m.some()
	streams := m.shop.now.Load() // its streams outlive the program that began them
	m.shop.becomes(without, beforeData)
	m.some()
	m.changes(streams, "p1")
	m.want(m.publish("pricing", pricing, strings.ReplaceAll(sdl, ` @override(from: "shop")`, "")), `"userErrors":[]`)
	m.changes(streams, "p2")
	m.ends("price", "size")
}

// A type moves with everything that leads to it, streams included, and what remains of the shop is withdrawn.
func TestATypeMoves(t *testing.T) {
	t.Parallel()
	m := newRelocation(t)
	sdl := strings.NewReplacer(
		"products: [Product!]", `products: [Product!] @override(from: "shop")`, "(id: ID!): Product", `(id: ID!): Product @override(from: "shop")`, " shopName: String", "",
		"name: String!", `name: String! @override(from: "shop")`, "price: Int", `price: Int @override(from: "shop")`, "size: Size", `size: Size @override(from: "shop")`,
		"width: Int", `width: Int @override(from: "shop")`, "height: Int", `height: Int @override(from: "shop")`,
		"productChanged: Product", `productChanged: Product @override(from: "shop")`,
	).Replace(beforeSDL)
	catalog, url := m.service(sdl, beforeData)
	m.want(m.publish("catalog", url, sdl), `"userErrors":[]`)
	m.changes(catalog, "p2")
	m.some()
	if n := m.shop.now.Load().Streams("productChanged"); n != 0 {
		m.Errorf("%d streams still follow the shop", n)
	}
	const remains = linkOverride + "type Query { shopName: String }"
	m.want(m.publish("shop", m.shop.url, remains), `"userErrors":[]`)
	m.shop.becomes(remains, `{"Query": {"shopName": "Fjell"}}`)
	m.changes(catalog, "p1")
	m.some()
	m.want(m.ask(`mutation { serviceWithdraw(input: {service: "shop", allowBreaking: true}) { withdrawn userErrors { code } } }`, nil), `"withdrawn":"shop"`)
	m.some()
	m.want(m.publish("catalog", url, strings.ReplaceAll(sdl, ` @override(from: "shop")`, "")), `"userErrors":[]`)
	m.changes(catalog, "p2")
	m.ends("roduct")
}
