package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"sonata.ai/sonata/internal/document"
)

// message is what a request says, by HTTP as the body or the query string, on a websocket as the payload.
type message map[string]any

// asker is who sends it.
type asker struct {
	client string // name that it gives itself
	key    string
}

func (a asker) headers() http.Header {
	h := http.Header{}
	if a.client != "" {
		h.Set("GraphQL-Client-Name", a.client)
	}
	if a.key != "" {
		h.Set("Authorization", "Bearer "+a.key)
	}
	return h
}

// ways are all that an operation can arrive by.
func (h *house) ways() map[string]func(asker, message) string {
	serve := func(method, target, body string, of http.Header, more ...string) string {
		r := httptest.NewRequestWithContext(h.t.Context(), method, h.url+target, strings.NewReader(body))
		r.RemoteAddr, r.Header = "127.0.0.1:40001", of
		for i := 0; i < len(more); i += 2 {
			r.Header.Set(more[i], more[i+1])
		}
		w := httptest.NewRecorder()
		h.handler.ServeHTTP(w, r)
		return w.Body.String()
	}
	raw := func(m message) string {
		body, err := json.Marshal(m)
		if err != nil {
			h.t.Fatal(err)
		}
		return string(body)
	}
	return map[string]func(asker, message) string{
		"POST": func(a asker, m message) string {
			return serve(http.MethodPost, "/graphql", raw(m), a.headers(), "Content-Type", "application/json")
		},
		"GET": func(a asker, m message) string {
			query := url.Values{}
			for name, value := range m {
				if text, ok := value.(string); ok {
					query.Set(name, text)
				} else {
					query.Set(name, raw(message{"v": value})[5:len(raw(message{"v": value}))-1])
				}
			}
			return serve(http.MethodGet, "/graphql?"+query.Encode(), "", a.headers())
		},
		"SSE": func(a asker, m message) string {
			return serve(http.MethodPost, "/graphql", raw(m), a.headers(), "Content-Type", "application/json", "Accept", "text/event-stream")
		},
		"websocket": h.overSocket,
	}
}

// overSocket sends one operation on a websocket of its own and returns what came until it ended.
func (h *house) overSocket(a asker, m message) string {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), 10*time.Second)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, strings.Replace(h.address, "http", "ws", 1)+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		h.t.Fatal(err)
	}
	defer conn.CloseNow()
	init := map[string]any{}
	if a.client != "" {
		init["GraphQL-Client-Name"] = a.client
	}
	if a.key != "" {
		init["Authorization"] = "Bearer " + a.key
	}
	send := func(v any) {
		if err := wsjson.Write(ctx, conn, v); err != nil {
			h.t.Fatal(err)
		}
	}
	send(map[string]any{"type": "connection_init", "payload": init})
	send(map[string]any{"type": "subscribe", "id": "1", "payload": m})
	var all strings.Builder
	for {
		var got struct {
			Type    string
			Payload json.RawMessage
		}
		if err := wsjson.Read(ctx, conn, &got); err != nil {
			return all.String() + fmt.Sprint(" closed ", websocket.CloseStatus(err))
		}
		all.WriteString(got.Type + " " + string(got.Payload) + " ")
		if got.Type == "complete" || got.Type == "error" {
			return all.String()
		}
	}
}

// safelisted is a production server: shop enforces its safelist, blog lets everything through, and both show something.
type safelisted struct {
	*house
	admin                                            *visitor
	read, foreign, open                              string // documents: of shop, of blog, of blog with the frontend as a variable
	publishable, private, explorer, foreignKey, wide string
}

const secretWord = "forbidden-fruit"

func newSafelisted(t *testing.T, settings ...string) *safelisted {
	h := newHouseOf(t, io.Discard, append([]string{"--demo", "off"}, settings...))
	s := &safelisted{
		house: h, admin: h.visitor(),
		read:    `query Read { screen(at: {key: "home"}, context: {frontend: "shop"}) { title } }`,
		foreign: `query Foreign { screen(at: {key: "home"}, context: {frontend: "shop"}) { title key } }`,
		open:    `query Open($frontend: ID!) { screen(at: {key: "home"}, context: {frontend: $frontend}) { title } }`,
	}
	mustContain(t, s.admin.setUp("ada@example.org"), "Ada")
	for _, slug := range []string{"shop", "blog"} {
		s.do("frontendCreate", message{"slug": slug, "name": slug}, "")
		s.do("buildRegister", message{"frontend": slug, "name": "1", "components": []any{message{"key": "page", "version": "1.0", "propsSchema": message{"type": "object"}}}}, "")
		title := map[string]string{"shop": secretWord, "blog": "open-fruit"}[slug]
		s.do("screenCreate", message{"frontend": slug, "key": "home", "title": title, "path": "/"}, "")
		s.do("releasePublish", message{"frontend": slug, "title": "First"}, "")
	}
	register := func(slug string, sources ...string) {
		documents := []any{}
		for _, source := range sources {
			documents = append(documents, message{"body": source})
		}
		s.do("documentsRegister", message{"frontend": slug, "documents": documents}, "")
	}
	register("shop", s.read)
	register("blog", s.foreign, s.open)
	s.do("safelistSet", message{"frontend": "shop", "mode": "ENFORCE"}, "")
	key := func(name, frontend string, publishable bool, scopes ...string) string {
		in := message{"name": name, "scopes": scopes, "publishable": publishable}
		if frontend != "" {
			in["frontend"] = frontend
		}
		return s.do("apiKeyCreate", in, "secret")["secret"].(string)
	}
	s.publishable = key("public", "shop", true, "delivery:read")
	s.private = key("private", "shop", false, "content:read")
	s.explorer = key("explorer", "shop", false, "content:read", "graph:explore")
	s.wide = key("wide", "", false, "content:read")
	s.foreignKey = key("foreign", "blog", false, "content:read", "graph:explore")
	return s
}

// do is the admin at work.
func (s *safelisted) do(mutation string, input message, payload string) map[string]any {
	s.t.Helper()
	kind := contractOf().Mutation.Fields.ForName(mutation).Arguments[0].Type.String()
	raw := s.admin.send("mutation($input: "+kind+") { done: "+mutation+"(input: $input) { __typename "+payload+" userErrors { message code } } }", map[string]any{"input": input}).body
	var got struct {
		Data struct{ Done map[string]any }
	}
	if err := json.Unmarshal([]byte(raw), &got); err != nil || got.Data.Done == nil || len(got.Data.Done["userErrors"].([]any)) > 0 {
		s.t.Fatalf("%s: %s", mutation, raw)
	}
	return got.Data.Done
}

// Nothing but what a frontend registered reads its data while its safelist is enforced, whoever asks in whatever way.
func TestTheSafelistCannotBePassed(t *testing.T) {
	s := newSafelisted(t)
	free := `query Free { screen(at: {key: "home"}, context: {frontend: "shop"}) { title path } }`
	bare := func(hash string) string { return strings.TrimPrefix(hash, "sha256:") }
	persisted := func(hash string) message {
		return message{"persistedQuery": message{"version": json.Number("1"), "sha256Hash": hash}}
	}
	read, unknown := document.HashOf(s.read), document.HashOf(free)
	attacks := []struct {
		what string
		message
		code string
	}{
		{"free text", message{"query": free}, document.CodeUnknown},
		{"the hash of nothing", message{"documentId": unknown}, document.CodeUnknown},
		{"the hash of nothing beside its text", message{"documentId": unknown, "query": free}, document.CodeUnknown},
		{"a right hash with another text", message{"documentId": read, "query": free}, document.CodeMismatch},
		{"a right hash with a space more", message{"documentId": read, "query": s.read + " "}, document.CodeMismatch},
		{"a hash in upper case", message{"documentId": strings.ToUpper(read)}, document.CodeUnknown},
		{"hex in upper case", message{"documentId": "sha256:" + strings.ToUpper(bare(read))}, document.CodeUnknown},
		{"the registered text with a comment", message{"query": s.read + " # hello"}, document.CodeUnknown},
		{"two operations", message{"query": s.read + " " + free, "operationName": "Free"}, document.CodeUnknown},
		{"the document of another frontend", message{"query": s.foreign}, document.CodeUnknown},
		{"the document of another frontend by id", message{"documentId": document.HashOf(s.foreign)}, document.CodeUnknown},
		{"a registered document with a variable for the frontend", message{"documentId": document.HashOf(s.open), "variables": message{"frontend": "shop"}}, document.CodeUnknown},
		{"drafts by free text", message{"query": `{ frontends(first: 5) { edges { node { screens(first: 5) { edges { node { title } } } } } } }`}, ""},
		{"Relay's id of nothing", message{"doc_id": "0123456789abcdef0123456789abcdef"}, document.CodeUnknown},
		{"Apollo's hash of nothing", message{"extensions": persisted(bare(unknown))}, ""},
		{"Apollo's hash with its text", message{"query": free, "extensions": persisted(bare(unknown))}, document.CodeUnknown},
		{"Apollo's hash of a registered document with another text", message{"query": free, "extensions": persisted(bare(read))}, document.CodeMismatch},
		{"Apollo's hash after its text was sent", message{"extensions": persisted(bare(unknown))}, ""},
	}
	callers := map[string]asker{
		"nobody": {}, "nobody, as shop": {client: "shop"}, "nobody, as something else": {client: "made-up"}, "nobody, as the studio": {client: "sonata-studio"},
		"nobody, as blog": {client: "blog"}, "a publishable key": {key: s.publishable}, "a publishable key, as shop": {client: "shop", key: s.publishable},
		"a publishable key, as GraphiQL": {client: "sonata-graphiql", key: s.publishable}, "a key without graph:explore": {key: s.private},
		"a key with graph:explore that names shop": {client: "shop", key: s.explorer}, "a foreign explorer": {key: s.foreignKey}, "a key for all": {key: s.wide}, "a key for all, as blog": {client: "blog", key: s.wide}, "a key for all, as shop": {client: "shop", key: s.wide},
	}
	before := s.count()
	for name, caller := range callers {
		for way, ask := range s.ways() {
			for _, a := range attacks {
				answer := ask(caller, a.message)
				if strings.Contains(answer, secretWord) || !strings.Contains(answer, `"code":"`) && !strings.Contains(answer, "open-fruit") { // its own
					t.Errorf("%s by %s, %s: %.400s", a.what, way, name, answer)
				}
				own := caller.client == "shop" || caller.client == "" && caller.key != "" && caller.key != s.foreignKey // others are another's, or may run what they like elsewhere
				if own && a.code != "" && !strings.Contains(answer, a.code) {
					t.Errorf("%s by %s, %s: no %s in %.400s", a.what, way, name, a.code, answer)
				}
			}
		}
	}
	for way, ask := range s.ways() {
		for what, caller := range map[string]asker{"a publishable key": {client: "blog", key: s.publishable}, "an explorer": {client: "blog", key: s.explorer}, "who makes names up": {client: "made-up", key: s.publishable}} {
			if answer := ask(caller, message{"query": s.read}); !strings.Contains(answer, "FORBIDDEN") || strings.Contains(answer, secretWord) {
				t.Errorf("%s that calls itself %s by %s: %.300s", what, caller.client, way, answer)
			}
		}
	}
	if after := s.count(); after != before {
		t.Errorf("the rows were %s and are %s: something was registered", before, after)
	}
}

// count is how many documents there are.
func (s *safelisted) count() string {
	s.t.Helper()
	raw := s.admin.send(`{ frontends(first: 10) { edges { node { slug documents { totalCount } unknownDocuments { totalCount } } } } }`, nil).body
	return raw
}

// What is registered runs, in every way that a client can ask for it; so does what Sonata's own pages send, and free text
// of those who may explore.
func TestWhatIsRegisteredRunsInEveryWay(t *testing.T) {
	s := newSafelisted(t)
	hash := document.HashOf(s.read)
	bare := strings.TrimPrefix(hash, "sha256:")
	free := `query Free { screen(at: {key: "home"}, context: {frontend: "shop"}) { title path } }`
	asks := map[string]message{
		"the text": {"query": s.read}, "the id": {"documentId": hash}, "the id and the text": {"documentId": hash, "query": s.read},
		"Relay's id": {"doc_id": bare}, "Apollo's hash": {"extensions": message{"persistedQuery": message{"version": json.Number("1"), "sha256Hash": bare}}},
	}
	for way, ask := range s.ways() {
		for what, m := range asks {
			for name, caller := range map[string]asker{"nobody": {}, "nobody, as shop": {client: "shop"}, "a publishable key": {key: s.publishable}, "an explorer, as shop": {client: "shop", key: s.explorer}} {
				if answer := ask(caller, m); !strings.Contains(answer, secretWord) {
					t.Errorf("%s by %s, %s: %.400s", what, way, name, answer)
				}
			}
		}
		for name, caller := range map[string]asker{"an explorer": {key: s.explorer}, "an explorer in GraphiQL": {client: "sonata-graphiql", key: s.explorer}} {
			if answer := ask(caller, message{"query": free}); !strings.Contains(answer, secretWord) {
				t.Errorf("free text by %s, %s: %.400s", way, name, answer)
			}
		}
	}
	for _, target := range []string{"/graphql/" + hash, "/graphql/" + bare} {
		for _, answer := range []string{s.request(http.MethodGet, target, ""), s.request(http.MethodPost, target, "{}")} {
			if !strings.Contains(answer, secretWord) {
				t.Errorf("%s: %.300s", target, answer)
			}
		}
	}
	sdk := `query SonataScreen($at: ScreenAt!, $context: DeliveryContext!) { screen(at: $at, context: $context) { ...Snapshot } }
fragment Snapshot on ScreenSnapshot {
  id key title path params contentHash root
  release { number publishedAt }
  blocks { key component version props slots { name blocks } }
  degradations { blockKey wanted served reason }
}`
	in := message{"at": message{"key": "home"}, "context": message{"frontend": "shop"}}
	if answer := s.ways()["POST"](asker{}, message{"query": sdk, "variables": in}); !strings.Contains(answer, secretWord) {
		t.Errorf("the SDK's document: %.300s", answer)
	}
	s.admin.send(`mutation { __typename }`, nil)
}
