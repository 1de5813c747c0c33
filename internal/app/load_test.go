package app_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"sonata.ai/sonata/internal/testkit/subgraph"
)

// The shop is the process that is killed.
const shopSDL = linkV2 + `
type Query { products: [Product!] }
type Product @key(fields: "id") { id: ID! name: String! price: Int }
type Subscription { productChanged: Product }
`

const shopData = `{
  "Query": {"products": [{"$ref": "Product", "id": "p1"}, {"$ref": "Product", "id": "p2"}]},
  "Product": [{"id": "p1", "name": "Lamp", "price": 12}, {"id": "p2", "name": "Chair", "price": 40}]
}`

// The stock does well all along, and publishes again and again.
const (
	stocksSDL = linkV2 + `
type Query { warehouses: Int }
type Product @key(fields: "id") { id: ID! stock: Int }
type Subscription { restocked: Product }
`
	stocksData = `{"Query": {"warehouses": 2, "opened": "2020"}, "Product": [{"id": "p1", "stock": 7}, {"id": "p2", "stock": 0}]}`
)

// Streams that are followed, and what each hears at the end.
const (
	ownTail     = `subscription { release(frontend: "shop") { kind sequence } }`
	stockTail   = `subscription { restocked { name stock } }`
	shopTail    = `subscription { productChanged { name stock } }`
	lastProduct = `{"$ref": "Product", "id": "p2"}`
	midProduct  = `{"$ref": "Product", "id": "p1"}`
)

// wrongs are the ways to be wrong, each of a service of its own that contributes one field to Product.
func wrongs(deep bool) map[string]subgraph.Fault {
	all := map[string]subgraph.Fault{
		"html": {HTML: true}, "cut": {Cut: true}, "typename": {WrongTypename: true}, "short": {ShortEntities: true}, "huge": {Huge: 1 << 30},
	}
	if deep { // it takes the deadline, and then the circuit
		all["slow"] = subgraph.Fault{Slow: 7 * time.Second}
	}
	return all
}

// crowd is a graph of services that misbehave, with a load of queries and streams on it.
type crowd struct {
	platform
	trouble  *trouble
	load     *load
	tails    *tails
	shop     *killable
	stock    *subgraph.Service
	stockURL string
	faulty   map[string]*subgraph.Service
	faults   map[string]subgraph.Fault
}

func newCrowd(t *testing.T, deep bool) *crowd {
	t.Helper()
	c := &crowd{
		platform: newPlatform(t, "--limit-anonymous", "0", "--limit-key", "0", "--limit-cost-minute", "0"),
		trouble:  newTrouble(), shop: newKillable(t), faulty: map[string]*subgraph.Service{}, faults: wrongs(deep),
	}
	c.want(c.publish("shop", "http://"+c.shop.address, shopSDL), `"userErrors":[]`)
	c.stock, c.stockURL = c.service(stocksSDL, stocksData)
	c.want(c.publish("stock", c.stockURL, stocksSDL), `"userErrors":[]`)
	owners := map[string]string{"products": "shop", "name": "shop", "price": "shop", "stock": "stock", "warehouses": "stock"}
	answers := map[string]string{
		`{ products { name price stock } warehouses }`:                                             `{"products":[{"name":"Lamp","price":12,"stock":7},{"name":"Chair","price":40,"stock":0}],"warehouses":2}`,
		`{ products { name } screen(at: {key: "home"}, context: {frontend: "shop"}) { key } }`:     `{"products":[{"name":"Lamp"},{"name":"Chair"}],"screen":{"key":"home"}}`,
		`{ warehouses screen(at: {key: "home"}, context: {frontend: "shop"}) { key } }`:            `{"warehouses":2,"screen":{"key":"home"}}`,
		`{ screen(at: {key: "home"}, context: {frontend: "shop"}) { key } viewer { __typename } }`: `{"screen":{"key":"home"},"viewer":{"__typename":"Viewer"}}`,
	}
	everything := []string{}
	for name := range c.faults {
		sdl := linkV2 + fmt.Sprintf(`type Product @key(fields: "id") { id: ID! %s: Int }`, name)
		s, url := c.service(sdl, fmt.Sprintf(`{"Product": [{"id": "p1", %q: 1}, {"id": "p2", %q: 2}]}`, name, name))
		c.faulty[name], owners[name] = s, name
		c.want(c.publish(name, url, sdl), `"userErrors":[]`)
		answers[fmt.Sprintf(`{ products { name %s stock } }`, name)] = fmt.Sprintf(`{"products":[{"name":"Lamp",%q:1,"stock":7},{"name":"Chair",%q:2,"stock":0}]}`, name, name)
		everything = append(everything, name)
	}
	all := strings.Join(everything, " ")
	first, second := []string{}, []string{}
	for _, name := range everything {
		first, second = append(first, fmt.Sprintf(`%q:1`, name)), append(second, fmt.Sprintf(`%q:2`, name))
	}
	answers[fmt.Sprintf(`{ products { %s } }`, all)] = fmt.Sprintf(`{"products":[{%s},{%s}]}`, strings.Join(first, ","), strings.Join(second, ","))
	c.load = newLoad(c.platform, c.trouble, owners, answers)
	c.tails = &tails{p: c.platform, allowed: c.allowed}
	c.asks(fmt.Sprintf(`{ products { name stock %s } }`, all), `"name":"Lamp"`, `"stock":7`)
	return c
}

// allowed lets a payload of a stream lack what a service in trouble has.
func (c *crowd) allowed(payload []byte) string {
	if !strings.Contains(string(payload), `"errors"`) || len(c.trouble.since(time.Now().Add(-8*time.Second))) > 0 && strings.Contains(string(payload), `"data":{"`) {
		return ""
	}
	return "an error that nobody expects"
}

// follow begins streams: four tenths each of Sonata's own and of the shop, and the rest of the stock; half of them as
// server-sent events.
func (c *crowd) follow(streams int) {
	for i := range streams {
		document := ownTail
		switch i / 2 % 5 {
		case 1, 3:
			document = shopTail
		case 4:
			document = stockTail
		}
		c.tails.follow(document, i%2 == 0)
	}
	c.resumed()
}

func (c *crowd) tailsOf(document string) (n int) {
	for _, one := range c.tails.all {
		if one.name == document {
			n++
		}
	}
	return n
}

// resumed waits until the services are followed by as many as there are streams.
func (c *crowd) resumed() {
	c.Helper()
	shop, stock := c.tailsOf(shopTail), c.tailsOf(stockTail)
	for deadline := time.Now().Add(60 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		atShop, atStock := c.shop.tell("streams productChanged"), c.stock.Streams("restocked")
		if atShop == shop && atStock == stock {
			return
		}
		for _, one := range c.tails.all {
			one.mu.Lock()
			if one.over != "" {
				c.Errorf("a stream ended: %s: %s", one.name, one.over)
			}
			one.mu.Unlock()
		}
		if c.Failed() || time.Now().After(deadline) {
			c.Fatalf("the shop is followed by %d of %d, the stock by %d of %d", atShop, shop, atStock, stock)
		}
	}
}

// swaps publishes changed schemas, one after the other, and now and then one that does not do.
func (c *crowd) swaps(n int) (slowest time.Duration) {
	more := strings.Replace(stocksSDL, " }\ntype Product", " opened: String }\ntype Product", 1)
	for i := range n {
		sdl := []string{more, stocksSDL}[i%2]
		began := time.Now()
		if got := c.publish("stock", c.stockURL, sdl, "allowBreaking", true); !strings.Contains(got, `"userErrors":[]`) {
			c.Errorf("publish %d: %s", i, got)
		}
		slowest = max(slowest, time.Since(began))
		if i%10 == 5 {
			c.want(c.publish("stock", c.stockURL, linkV2+`type Query { warehouses: [Warehouse] }`), `"code":"COMPOSITION_FAILED"`)
		}
	}
	return slowest
}

// breaks makes all the faulty services wrong for a while, at the same time, and waits until all are well again.
func (c *crowd) breaks(during time.Duration) {
	for name, fault := range c.faults {
		c.trouble.begin(name)
		c.faulty[name].Break(fault)
	}
	time.Sleep(during)
	for name := range c.faults {
		c.faulty[name].Break(subgraph.Fault{})
	}
	if c.faults["slow"].Slow > 0 {
		time.Sleep(c.faults["slow"].Slow) // what was asked meanwhile is over
	}
	for name := range c.faults {
		c.load.heals(name, fmt.Sprintf(`{ products { name %s stock } }`, name))
		c.faulty[name].Asked() // kept for tests that look
	}
}

// dies kills the shop, starts it again after a while, and waits until all who followed it follow it again.
func (c *crowd) dies(down time.Duration) {
	c.trouble.begin("shop")
	c.shop.kill()
	time.Sleep(down)
	c.shop.start()
	c.load.heals("shop", `{ products { name price stock } warehouses }`)
	c.resumed()
}

// releases publishes something of ours, and returns the sequence of its activation.
func (c *crowd) releases() int {
	c.Helper()
	b := &broadcast{t: c, url: c.URL()}
	body := message{"format": 1, "root": "root", "blocks": message{"root": message{"component": "page", "major": 1, "props": message{}, "slots": message{"children": []string{}}}}}
	b.do(`mutation($in: ScreenCreateInput!) { done: screenCreate(input: $in) { screen { id } userErrors { message } } }`,
		message{"in": message{"frontend": "shop", "key": "last", "title": "Last", "path": "/last", "body": body}})
	done := b.do(`mutation { done: releasePublish(input: {frontend: "shop", title: "Last", acknowledgeWarnings: true}) { activation { sequence } userErrors { message } } }`, nil)
	return int(done["activation"].(map[string]any)["sequence"].(float64))
}

// Under a steady load of queries and streams, schemas are published, one process is killed and started again, and services
// answer in every wrong way there is. No answer lacks more than what these services have, no stream is dropped, and nothing
// is left behind.
func TestUnderLoad(t *testing.T) {
	rps, streams := scaled(t, "LOAD_RPS", 50), scaled(t, "LOAD_STREAMS", 50)
	swaps, rounds := scaled(t, "LOAD_SWAPS", 12), scaled(t, "LOAD_ROUNDS", 1)
	c := newCrowd(t, rounds > 1)
	goroutines, memory := runtime.NumGoroutine(), heap()
	stop := c.load.begin(rps)
	defer stop()
	c.follow(streams)
	c.shop.tell("publish productChanged " + midProduct)
	c.stock.Publish("restocked", midProduct)
	c.tails.hear(shopTail, `{"data":{"productChanged":{"name":"Lamp","stock":7}}}`)
	c.tails.hear(stockTail, `{"data":{"restocked":{"name":"Lamp","stock":7}}}`)

	swapped := make(chan time.Duration, 1)
	go func() {
		slowest := time.Duration(0)
		for range rounds {
			slowest = max(slowest, c.swaps(swaps/rounds))
		}
		swapped <- slowest
	}()
	for round := range rounds {
		c.breaks(time.Duration(300+700*min(round, 1)) * time.Millisecond)
		c.dies(time.Duration(500*(1+round)) * time.Millisecond)
	}
	slowest := <-swapped

	c.stock.Publish("restocked", lastProduct)
	c.shop.tell("publish productChanged " + lastProduct)
	sequence := c.releases()
	c.tails.hear(stockTail, `{"data":{"restocked":{"name":"Chair","stock":0}}}`)
	c.tails.hear(shopTail, `{"data":{"productChanged":{"name":"Chair","stock":0}}}`)
	c.tails.hear(ownTail, fmt.Sprintf(`"sequence":%d}`, sequence))
	stop()
	c.tails.end()
	if n := c.load.asked.Load(); n < int64(rps) || c.load.whole.Load() == 0 {
		t.Errorf("only %d queries were asked", n)
	}
	t.Logf("%d queries, %d of them whole, %d left out, slowest %s; slowest publish %s", c.load.asked.Load(), c.load.whole.Load(), c.load.skipped.Load(), time.Duration(c.load.slowest.Load()), slowest)
	c.leaves(goroutines, memory)
}

// leaves waits until goroutines and memory are what they were, but for what a warm process keeps.
func (c *crowd) leaves(goroutines, memory int) {
	c.Helper()
	const spare, kept = 40, 24 << 20
	for _, s := range c.faulty {
		s.Asked() // kept for tests that look
	}
	c.stock.Asked()
	now, taken := 0, 0
	for deadline := time.Now().Add(70 * time.Second); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if now = runtime.NumGoroutine(); now > goroutines+spare {
			continue
		}
		if taken = heap() - memory; taken < kept {
			c.Logf("%d goroutines before and %d after, %d kB more", goroutines, now, taken>>10)
			return
		}
	}
	c.Errorf("%d goroutines before and %d after, %d kB more", goroutines, now, taken>>10)
}
