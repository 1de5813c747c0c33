package app_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"sonata.ai/sonata/internal/document"
	"sonata.ai/sonata/internal/testkit/subgraph"
)

const (
	shelfSDL = linkV2 + `
type Query { goods(first: Int, id: ID): [Good!] offer(id: ID!): Good count: Int me: String }
type Good { id: ID! name: String price: Int link: String kind: Kind }
enum Kind { NEW OLD }`
	shelfData = `{"Query": {
  "goods": [
    {"id": "g1", "name": "Lamp", "price": 12, "link": "/lamp", "kind": "NEW"},
    {"id": "g2", "name": null, "price": 40, "link": "/none", "kind": "OLD"},
    {"id": "g3", "name": "Chair", "price": null, "link": "javascript:alert(1)", "kind": "OLD"}],
  "offer": [{"id": "g1", "name": "Lamp", "price": 12, "link": "/lamp", "kind": "NEW"}, {"id": "g2", "name": "Stool", "price": 9, "link": "/stool", "kind": "NEW"}],
  "count": 3}}`

	goodsDocument = `query Goods($first: Int = 10) { goods(first: $first) { id name price link kind } count }`
	offerDocument = `query Offer($id: ID!) { offer(id: $id) { name price } }`
	meDocument    = `query Me { viewer { actor { name } } }`
)

// boundManifest is what the frontend of these tests can render.
const boundManifest = `[
  {"key": "page", "version": "1.0", "slots": ["children"]},
  {"key": "grid", "version": "1.0", "slots": ["children"], "propsSchema": {"type": "object", "required": ["items"], "properties": {
    "title": {"type": "string", "default": "Goods"},
    "items": {"type": "array", "items": {"type": "object", "required": ["title"], "properties": {"title": {"type": "string"}, "price": {"type": "integer"}, "href": {"type": "string", "format": "uri-reference"}}, "additionalProperties": false}}}}},
  {"key": "note", "version": "1.0", "propsSchema": {"type": "object", "properties": {"text": {"type": "string", "default": "nobody"}, "count": {"type": "integer"}}}}]`

// shop is a frontend whose screens are bound to a service.
type boundShop struct {
	platform
	backend *subgraph.Service
	address string
}

func newBoundShop(t *testing.T, flags ...string) boundShop {
	t.Helper()
	p := newPlatform(t, flags...)
	s := boundShop{platform: p}
	s.backend, s.address = p.service(shelfSDL, shelfData)
	p.want(p.publish("shelf", s.address, shelfSDL), `"userErrors":[]`)
	p.asks(`{ count }`, `{"data":{"count":3}}`)
	p.want(p.ask(`mutation { frontendCreate(input: {slug: "store", name: "Store"}) { userErrors { message } } }`, nil), `"userErrors":[]`)
	p.want(p.ask(`mutation ($m: [ComponentSupportInput!]!) { buildRegister(input: {frontend: "store", name: "1", components: $m}) { manifest userErrors { message } } }`, map[string]any{"m": json.RawMessage(boundManifest)}), `"userErrors":[]`)
	for _, body := range []string{goodsDocument, offerDocument, meDocument} {
		p.want(p.ask(`mutation ($d: String!) { documentsRegister(input: {frontend: "store", documents: [{body: $d}]}) { userErrors { message } } }`, map[string]any{"d": body}), `"userErrors":[]`)
	}
	return s
}

// bind is what stands in props for data: the document, and what else is said of it as JSON.
func bind(body, more string) string {
	return `{"$bind":{"document":"` + document.HashOf(body) + `"` + more + `}}`
}

// screen creates one with blocks below its root, each {"key": {component, props}}.
func (s boundShop) screen(key, path, blocks string) {
	s.Helper()
	var below map[string]json.RawMessage
	if err := json.Unmarshal([]byte(blocks), &below); err != nil {
		s.Fatal(err)
	}
	keys := []string{}
	all := map[string]any{}
	for _, name := range sortedKeys(below) {
		keys, all[name] = append(keys, name), below[name]
	}
	all["root"] = map[string]any{"component": "page", "major": 1, "props": map[string]any{}, "slots": map[string]any{"children": keys}}
	body := map[string]any{"format": 1, "root": "root", "blocks": all}
	input := map[string]any{"frontend": "store", "key": key, "title": key, "body": body}
	if path != "" {
		input["path"] = path
	}
	s.want(s.ask(`mutation ($in: ScreenCreateInput!) { screenCreate(input: $in) { screen { problems { code } } userErrors { message } } }`, map[string]any{"in": input}), `"userErrors":[]`)
}

const publishStore = `mutation { releasePublish(input: {frontend: "store", title: "t", acknowledgeWarnings: true}) { release { number } userErrors { message ... on PublishBlocked { problems { code message screen blockKey pointer } } } } }`

const lookAt = `query Look($path: String!) { screen(at: {path: $path}, context: {frontend: "store"}) { contentHash blocks { key props bindings { pointer document variables path map } } degradations { blockKey wanted served reason } } }`

func (s boundShop) look(path string) string {
	s.Helper()
	return s.ask(lookAt, map[string]any{"path": path})
}

func (s boundShop) draft(path string) string {
	s.Helper()
	return s.ask(`query ($path: String!) { screen(at: {path: $path}, context: {frontend: "store", perspective: {draft: true}}) { blocks { key props } degradations { blockKey served reason } } }`, map[string]any{"path": path})
}

// A designer binds blocks to a service and publishes: what cannot fit is refused with its place, what fits is served filled,
// per request and with what the path matched; the release itself holds no data.
func TestScreensShowData(t *testing.T) {
	t.Parallel()
	s := newBoundShop(t)
	items := bind(goodsDocument, `,"path":"/goods","map":{"title":"/name","price":"/price","href":"/link"}`)
	s.screen("home", "/", `{"grid": {"component":"grid","major":1,"props":{"items":`+items+`},"slots":{}}}`)
	s.screen("offer", "/offers/:id", `{
	  "offer": {"component":"note","major":1,"props":{"text":`+bind(offerDocument, `,"variables":{"id":{"$param":"id"}},"path":"/offer/name"`)+`},"slots":{}},
	  "mine": {"component":"note","major":1,"props":{"text":`+bind(meDocument, `,"path":"/viewer/actor/name","run":"page"`)+`},"slots":{}}}`)
	s.want(s.ask(publishStore, nil), `"release":{"number":1},"userErrors":[]`)

	// The second has no title, which a grid needs, and the third a link that could run script: they are left out, and that is said.
	s.want(s.look("/"), `"props":{"items":[{"href":"/lamp","price":12,"title":"Lamp"}]}`, `"degradations":[{"blockKey":"grid","wanted":"grid 1.0","served":"grid 1.0","reason":"DATA_UNAVAILABLE"}]`)
	s.want(s.draft("/"), `"title":"Lamp"`)
	s.want(s.look("/offers/g2"), `"key":"offer","props":{"text":"Stool"},"bindings":[]`,
		`"key":"mine","props":{},"bindings":[{"pointer":"/text","document":"`+document.HashOf(meDocument)+`","variables":{},"path":"/viewer/actor/name","map":null}]`, `"degradations":[]`)
	s.want(s.look("/offers/g1"), `{"text":"Lamp"}`)
	s.want(s.look("/offers/none"), `{"text":"nobody"}`, `"degradations":[]`) // there is none, and nothing failed
	s.want(s.ask(`query ($id: ID!) { node(id: $id) { ... on ScreenSnapshot { blocks { props } } } }`, map[string]any{"id": s.idOf("/offers/g2")}), `{"text":"Stool"}`)
}

func (s boundShop) idOf(path string) string {
	s.Helper()
	var got struct {
		Data struct{ Screen struct{ ID string } }
	}
	raw := s.ask(`query ($path: String!) { screen(at: {path: $path}, context: {frontend: "store"}) { id } }`, map[string]any{"path": path})
	if err := json.Unmarshal([]byte(raw), &got); err != nil || got.Data.Screen.ID == "" {
		s.Fatalf("no id in %s", raw)
	}
	return got.Data.Screen.ID
}

// Each way in which a binding cannot work is refused at the publish, with the block and the place.
func TestBindingsThatCannotWorkAreNotPublished(t *testing.T) {
	t.Parallel()
	s := newBoundShop(t)
	s.want(s.ask(`mutation ($d: String!) { documentsRegister(input: {frontend: "store", documents: [{body: $d}]}) { userErrors { message } } }`,
		map[string]any{"d": `mutation Gone { frontendCreate(input: {slug: "x", name: "x"}) { userErrors { message } } }`}), `"userErrors":[]`)
	cases := []struct{ path, block, want string }{
		{"/", `{"component":"grid","major":1,"props":{"items":` + bind("query Nobody { count }", "") + `},"slots":{}}`, "no document with this hash is registered"},
		{"/", `{"component":"grid","major":1,"props":{"items":` + bind(`mutation Gone { frontendCreate(input: {slug: "x", name: "x"}) { userErrors { message } } }`, "") + `},"slots":{}}`, "only queries are run for a screen"},
		{"/", `{"component":"grid","major":1,"props":{"items":` + bind(goodsDocument, `,"path":"/wares"`) + `},"slots":{}}`, `it asks for no \"wares\" at /wares: it has count, goods there`},
		{"/", `{"component":"grid","major":1,"props":{"items":` + bind(goodsDocument, `,"path":"/count"`) + `},"slots":{}}`, "the component wants an array, and the document gives an integer"},
		{"/", `{"component":"grid","major":1,"props":{"items":` + bind(goodsDocument, `,"path":"/goods"`) + `},"slots":{}}`, `each entry: the component needs \"title\"`},
		{"/", `{"component":"grid","major":1,"props":{"items":` + bind(goodsDocument, `,"path":"/goods","map":{"title":"/name","price":"/name"}`) + `},"slots":{}}`, "price: the component wants"},
		{"/", `{"component":"note","major":1,"props":{"count":` + bind(goodsDocument, `,"path":"/count","variables":{"last":3}`) + `},"slots":{}}`, `it takes no variable \"last\"`},
		{"/", `{"component":"note","major":1,"props":{"count":` + bind(goodsDocument, `,"path":"/count","variables":{"first":"three"}`) + `},"slots":{}}`, "its variables: "},
		{"/", `{"component":"note","major":1,"props":{"text":` + bind(offerDocument, `,"path":"/offer/name"`) + `},"slots":{}}`, `it needs the variable \"id\"`},
		{"/x/:slug", `{"component":"note","major":1,"props":{"text":` + bind(offerDocument, `,"path":"/offer/name","variables":{"id":{"$param":"id"}}`) + `},"slots":{}}`, `the path of the screen has no parameter \"id\"`},
		{"/", `{"component":"grid","major":1,"props":{"items":[{"title":` + bind(meDocument, `,"path":"/viewer/actor/name","run":"page"`) + `}]},"slots":{}}`, "a page fills whole properties in"},
		{"/", `{"component":"note","major":1,"props":{"text":{"$bind":{"document":"goods"}}},"slots":{}}`, "is the hash of a trusted document"},
		{"/", `{"component":"note","major":1,"props":{"text":{"$bind":{"document":"` + document.HashOf(goodsDocument) + `","paths":"/count"}}},"slots":{}}`, `not \"paths\"`},
		{"/", `{"component":"note","major":1,"props":{"text":{"$bind":{"document":"` + document.HashOf(goodsDocument) + `"},"and":1}},"slots":{}}`, "nothing beside it"},
	}
	for i, c := range cases {
		path := c.path
		if path == "/" {
			path = "/" + string(rune('a'+i))
		}
		key := "s" + string(rune('a'+i))
		s.screen(key, path, `{"block": `+c.block+`}`)
		got := s.ask(`mutation ($k: [String!]) { releasePublish(input: {frontend: "store", title: "t", screens: $k}) { release { number } userErrors { ... on PublishBlocked { problems { code message screen blockKey pointer } } } } }`, map[string]any{"k": []string{key}})
		s.want(got, `"release":null`, `"code":"BINDING_BROKEN"`, c.want, `"blockKey":"block"`)
		s.want(s.ask(`query ($k: String!) { frontend(slug: "store") { screens(filter: {query: $k}) { edges { node { problems { code } } } } } }`, map[string]any{"k": key}), `BINDING_BROKEN`)
	}
}

// A service that is away takes no screen down: what is missing has its default, or is left out, and is marked; an open page has
// it again by itself.
func TestAScreenOutlivesItsService(t *testing.T) {
	t.Parallel()
	s := newBoundShop(t, "--data-within", "250ms")
	s.screen("home", "/", `{
	  "count": {"component":"note","major":1,"props":{"text":"fixed","count":`+bind(goodsDocument, `,"path":"/count"`)+`},"slots":{}},
	  "grid": {"component":"grid","major":1,"props":{"items":`+bind(goodsDocument, `,"path":"/goods","map":{"title":"/id"}`)+`},"slots":{}},
	  "named": {"component":"note","major":1,"props":{"text":`+bind(offerDocument, `,"path":"/offer/name","variables":{"id":"g1"}`)+`},"slots":{}},
	  "plain": {"component":"note","major":1,"props":{"text":"plain"},"slots":{}}}`)
	s.want(s.ask(publishStore, nil), `"release":{"number":1}`)
	whole := s.look("/")
	s.want(whole, `"count":3`, `"items":[{"title":"g1"},{"title":"g2"},{"title":"g3"}]`, `"text":"Lamp"`, `"degradations":[]`)

	events := s.follow(`subscription { screen(at: {path: "/"}, context: {frontend: "store"}) { cause snapshot { blocks { key props } degradations { reason } } } }`)
	s.want(events.next(), `"items":[{"title":"g1"}`)
	for _, fault := range []subgraph.Fault{{Slow: 5 * time.Second}, {Status: http.StatusInternalServerError}, {HTML: true}, {Cut: true}} {
		s.backend.Break(fault)
		began := time.Now()
		got := s.look("/")
		s.want(got, `"text":"plain"`, `{"text":"fixed"}`, `"key":"named","props":{"text":"nobody"}`,
			`{"blockKey":"grid","wanted":"grid 1.0","served":null,"reason":"DATA_UNAVAILABLE"}`, `"wanted":"note 1.0","served":"note 1.0","reason":"DATA_UNAVAILABLE"`)
		if strings.Contains(got, `"items"`) || strings.Contains(got, `"errors"`) {
			t.Errorf("%+v: %s", fault, got)
		}
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("%+v: the screen took %s", fault, took)
		}
	}
	late := s.follow(`subscription { screen(at: {path: "/"}, context: {frontend: "store"}) { cause snapshot { blocks { key props } degradations { reason } } } }`)
	s.want(late.next(), `"DATA_UNAVAILABLE"`)
	var seen struct {
		Payload struct {
			Data struct {
				Screen struct{ Snapshot struct{ ContentHash string } }
			}
		}
	}
	hashed := s.follow(`subscription { screen(at: {path: "/"}, context: {frontend: "store"}) { snapshot { contentHash } } }`)
	if err := json.Unmarshal([]byte(hashed.next()), &seen); err != nil || seen.Payload.Data.Screen.Snapshot.ContentHash == "" {
		t.Fatal(err)
	}
	// A page that comes again has the picture, and not the data: it is told what is missing, and when that is back.
	again := s.follow(`subscription { screen(at: {path: "/"}, context: {frontend: "store"}, since: "` + seen.Payload.Data.Screen.Snapshot.ContentHash + `") { cause snapshot { blocks { key props } degradations { reason } } } }`)
	s.want(again.next(), `"cause":"INITIAL"`, `"DATA_UNAVAILABLE"`)
	s.backend.Break(subgraph.Fault{})
	for deadline := time.Now().Add(30 * time.Second); s.look("/") != whole; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it is not back: %s", s.look("/"))
		}
	}
	s.want(s.publish("shelf", s.address, shelfSDL+" extend type Query { more: Int }"), `"userErrors":[]`)
	s.want(late.next(), `"cause":"INITIAL"`, `"items":[{"title":"g1"}`, `"degradations":[]`)
	s.want(again.next(), `"cause":"INITIAL"`, `"items":[{"title":"g1"}`, `"degradations":[]`)
}

// What is bound to a reader's own data is given to nobody else, whatever is kept anywhere; a document that is marked public is
// asked for once for all, without anybody's rights, for as long as it says.
func TestBoundDataIsThatOfTheReader(t *testing.T) {
	t.Parallel()
	h := newHouseOf(t, io.Discard, []string{"--demo", "on", "--service-networks", "private"})
	admin := h.visitor()
	admin.setUp("ada@example.org")
	stranger := h.visitor()
	ok := func(s sent, want ...string) { t.Helper(); mustContain(t, s, append(want, `"userErrors":[]`)...) }
	ok(admin.send(`mutation { frontendCreate(input: {slug: "store", name: "Store"}) { userErrors { message } } }`, nil))
	ok(admin.send(`mutation ($m: [ComponentSupportInput!]!) { buildRegister(input: {frontend: "store", name: "1", components: $m}) { userErrors { message } } }`, map[string]any{"m": json.RawMessage(boundManifest)}))
	ok(admin.send(`mutation ($d: String!) { documentsRegister(input: {frontend: "store", documents: [{body: $d}]}) { userErrors { message } } }`, map[string]any{"d": meDocument}))
	body := `{"format":1,"root":"root","blocks":{"root":{"component":"page","major":1,"props":{},"slots":{"children":["mine"]}},"mine":{"component":"note","major":1,"props":{"text":` + bind(meDocument, `,"path":"/viewer/actor/name"`) + `},"slots":{}}}}`
	ok(admin.send(`mutation ($b: JSON!) { screenCreate(input: {frontend: "store", key: "home", title: "Home", path: "/", body: $b}) { userErrors { message } } }`, map[string]any{"b": json.RawMessage(body)}))
	ok(admin.send(publishStore, nil), `"number":1`)

	const look = `query Look { screen(at: {path: "/"}, context: {frontend: "store"}) { blocks { props } } }`
	ok(admin.send(`mutation ($d: String!) { documentsRegister(input: {frontend: "store", documents: [{body: $d}]}) { userErrors { message } } }`, map[string]any{"d": look}))
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 25 {
				mustContain(t, stranger.send(look, nil), `{"text":"Anonymous"}`)
				mustContain(t, admin.send(look, nil), `{"text":"Ada"}`)
			}
		})
	}
	wait.Wait()
	if got := stranger.kept(look); got != "private, no-store" {
		t.Errorf("somebody's own data: Cache-Control %q", got)
	}

	var made struct {
		Data struct {
			Frontend struct {
				Documents struct {
					Edges []struct{ Node struct{ ID string } }
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(admin.send(`{ frontend(slug: "store") { documents(query: "Me") { edges { node { id } } } } }`, nil).body), &made); err != nil {
		t.Fatal(err)
	}
	id := made.Data.Frontend.Documents.Edges[0].Node.ID
	ok(admin.send(`mutation ($id: ID!) { documentUpdate(input: {id: $id, publicMaxAge: 60}) { document { publicMaxAge } userErrors { message } } }`, map[string]any{"id": id}), `"publicMaxAge":60`)
	for deadline := time.Now().Add(10 * time.Second); !strings.Contains(admin.send(look, nil).body, `{"text":"Anonymous"}`); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("a public document is asked for with somebody's rights")
		}
	}
	if got := stranger.kept(look); got != "public, max-age=5" {
		t.Errorf("public data: Cache-Control %q", got)
	}
	mustContain(t, admin.send(`mutation ($id: ID!) { documentUpdate(input: {id: $id, publicMaxAge: 0}) { userErrors { message path } } }`, map[string]any{"id": id}), `publicMaxAge is 1 to 86400 seconds`)
}

// Entries of a list that data fills are each their own: one that is not there, or does not fit, takes no other along.
func TestEntriesOfAListAreFilledOneByOne(t *testing.T) {
	t.Parallel()
	s := newBoundShop(t)
	none := bind(offerDocument, `,"path":"/offer","map":{"title":"/name"},"variables":{"id":"none"}`)
	nameless := bind(goodsDocument, `,"path":"/goods/1","map":{"title":"/name","price":"/price"}`)
	s.screen("home", "/", `{"grid": {"component":"grid","major":1,"props":{"items":[`+none+`,{"title":"Fixed"},`+nameless+`,{"title":"Last"},`+bind(goodsDocument, `,"path":"/goods/0","map":{"title":"/name"}`)+`]},"slots":{}}}`)
	s.want(s.ask(publishStore, nil), `"number":1`)
	s.want(s.look("/"), `{"items":[{"title":"Fixed"},{"title":"Last"},{"title":"Lamp"}]}`)
}

// A stream that lacks data asks again in measure, though the health of its service goes up and down with each answer.
func TestAStreamThatLacksDataAsksInMeasure(t *testing.T) {
	t.Parallel()
	s := newBoundShop(t)
	s.screen("home", "/", `{
	  "good": {"component":"note","major":1,"props":{"count":`+bind(goodsDocument, `,"path":"/count"`)+`},"slots":{}},
	  "bad": {"component":"note","major":1,"props":{"text":`+bind(offerDocument, `,"path":"/offer/name","variables":{"id":"g1"}`)+`},"slots":{}}}`)
	s.want(s.ask(publishStore, nil), `"number":1`)
	s.backend.Break(subgraph.Fault{Status: http.StatusInternalServerError, Matching: "offer"})
	open := s.follow(`subscription { screen(at: {path: "/"}, context: {frontend: "store"}) { snapshot { blocks { props } } } }`)
	s.want(open.next(), `"count":3`)
	before := len(s.backend.Asked())
	time.Sleep(3 * time.Second)
	if n := len(s.backend.Asked()) - before; n > 20 {
		t.Errorf("%d questions in three seconds", n)
	}
	s.backend.Break(subgraph.Fault{})
	s.want(open.next(), `"text":"Lamp"`)
}

// A check of a schema names the screens that would lose their data, live and drafted, though every document still runs.
func TestACheckNamesTheScreensThatItBreaks(t *testing.T) {
	t.Parallel()
	s := newBoundShop(t)
	note := func(key string) string {
		return `{"` + key + `": {"component":"note","major":1,"props":{"count":` + bind(goodsDocument, `,"path":"/count"`) + `},"slots":{}}}`
	}
	s.screen("home", "/", note("live"))
	s.want(s.ask(publishStore, nil), `"number":1`)
	s.screen("later", "/later", note("drafted"))
	changed := strings.Replace(shelfSDL, "count: Int", "count: String", 1)
	got := s.ask(`mutation ($sdl: String!) { subgraphCheck(input: {service: "shelf", sdl: $sdl}) { check { ok brokenScreens { frontend { slug } environment screenKey blockKey reason } } } }`, map[string]any{"sdl": changed})
	s.want(got, `"ok":false`, `{"frontend":{"slug":"store"},"environment":"production","screenKey":"home","blockKey":"live","reason":"live: /count is bound to the document \"Goods\": the component wants`,
		`"environment":null,"screenKey":"later","blockKey":"drafted"`)
	s.want(s.publish("shelf", s.address, changed), `"code":"BREAKING_CHANGE"`)
	s.want(s.ask(`mutation ($sdl: String!) { subgraphCheck(input: {service: "shelf", sdl: $sdl}) { check { ok brokenScreens { screenKey } } } }`, map[string]any{"sdl": shelfSDL + " extend type Query { more: Int }"}),
		`"ok":true,"brokenScreens":[]`)
}

// kept is who may keep the answer to a document that is asked for by GET.
func (v *visitor) kept(body string) string {
	v.h.t.Helper()
	r := httptest.NewRequestWithContext(v.h.t.Context(), http.MethodGet, v.h.url+"/graphql?documentId="+document.HashOf(body), nil)
	r.RemoteAddr = "127.0.0.1:40000"
	w := httptest.NewRecorder()
	v.h.handler.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		v.h.t.Fatalf("%d %s", w.Code, w.Body)
	}
	return w.Header().Get("Cache-Control")
}

// following is a subscription over a websocket.
type following struct {
	*testing.T
	conn *websocket.Conn
}

// follow begins a subscription.
func (p platform) follow(subscription string) following {
	p.Helper()
	conn, _, err := websocket.Dial(p.Context(), strings.Replace(p.URL(), "http", "ws", 1)+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}, HTTPHeader: http.Header{"Origin": {p.URL()}}})
	if err != nil {
		p.Fatal(err)
	}
	p.Cleanup(func() { conn.CloseNow() })
	l := following{p.T, conn}
	payload, err := json.Marshal(map[string]any{"query": subscription})
	if err != nil {
		p.Fatal(err)
	}
	for _, message := range []string{`{"type":"connection_init"}`, `{"type":"subscribe","id":"1","payload":` + string(payload) + `}`} {
		if err := conn.Write(p.Context(), websocket.MessageText, []byte(message)); err != nil {
			p.Fatal(err)
		}
	}
	p.want(l.next(), "connection_ack")
	return l
}

// next is the next message but for pings.
func (l following) next() string {
	l.Helper()
	for {
		_, message, err := l.conn.Read(l.Context())
		if err != nil {
			l.Fatal(err)
		}
		if !strings.Contains(string(message), `"type":"ping"`) {
			return string(message)
		}
	}
}
