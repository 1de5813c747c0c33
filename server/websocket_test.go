package server

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"

	"sonata.ai/sonata/internal/document"
	"sonata.ai/sonata/internal/principal"
)

func TestWebsocketSubprotocols(t *testing.T) {
	t.Parallel()
	w := wired(t, nil)
	for _, names := range [][]string{nil, {"graphql-ws"}, {"made-up"}, {"GRAPHQL-TRANSPORT-WS"}, {"graphql-ws", "graphql-transport-ws"}} {
		conn, response, err := websocket.Dial(t.Context(), strings.Replace(w.URL, "http", "ws", 1), &websocket.DialOptions{Subprotocols: names})
		if len(names) == 2 {
			if err != nil || conn.Subprotocol() != subprotocol {
				t.Errorf("%v: %v", names, err)
			}
			conn.CloseNow()
			continue
		}
		if err == nil || response == nil || response.StatusCode != http.StatusBadRequest {
			t.Fatalf("%v: %v", names, err)
		}
		if body, _ := io.ReadAll(response.Body); !strings.Contains(string(body), "ask for the websocket subprotocol graphql-transport-ws") {
			t.Errorf("%v: %s", names, body)
		}
	}
}

func TestWebsocketIsClosedWithoutInit(t *testing.T) {
	t.Parallel()
	w := wired(t, func(x *websockets) { x.initWithin = 100 * time.Millisecond })
	conn := w.dial(t)
	tell(t, conn, `{"type":"ping"}`) // is no greeting
	hears(t, conn, `{"type":"pong"}`)
	if got, closed := heard(t, conn); closed == nil || closed.Code != 4408 || closed.Reason != "Connection initialisation timeout" {
		t.Errorf("%s %v", got, closed)
	}
	w.ended(t, time.Second)
	conn = w.dial(t)
	tell(t, conn, hello)
	hears(t, conn, ack)
	time.Sleep(200 * time.Millisecond)
	tell(t, conn, `{"type":"ping"}`)
	hears(t, conn, `{"type":"pong"}`)
}

// What an operation sends, in which order, and what follows what.
func TestWebsocketOperations(t *testing.T) {
	t.Parallel()
	w := wired(t, nil)
	conn := w.dial(t, "Authorization", "Bearer x")
	tell(t, conn, hello)
	hears(t, conn, ack)
	for _, document := range []string{"query once", "mutation once"} {
		for range 2 { // its id is free once it is complete
			tell(t, conn, begin("a<1>", document))
			hears(t, conn, `{"id":"a\u003c1\u003e","type":"next","payload":{"data":1,"extensions":{"n":1}}}`, `{"id":"a\u003c1\u003e","type":"complete"}`)
		}
	}
	tell(t, conn, begin("2", "subscription ends"))
	hears(t, conn, `{"id":"2","type":"next","payload":{"data":1,"extensions":{"n":1}}}`, `{"id":"2","type":"next","payload":{"data":2,"extensions":{"n":2}}}`, `{"id":"2","type":"complete"}`)
	tell(t, conn, begin("2", "refused"), begin("3", "subscription nothing")) // after an error there is no complete
	refused, completed := `{"id":"2","type":"error","payload":[{"message":"refused","extensions":{"code":"LIMIT"}}]}`, `{"id":"3","type":"complete"}`
	for range 2 {
		if got, _ := heard(t, conn); got != refused && got != completed {
			t.Errorf("heard %s", got)
		}
	}
	for range 200 { // a completed operation is silent, and its id is free at once
		tell(t, conn, begin("4", "subscription waits"), `{"type":"complete","id":"4"}`, begin("4", "query once"))
		hears(t, conn, `{"id":"4","type":"next","payload":{"data":1,"extensions":{"n":1}}}`, `{"id":"4","type":"complete"}`)
	}
	tell(t, conn, begin("5", "query panics"))
	if got, _ := heard(t, conn); !strings.HasPrefix(got, `{"id":"5","type":"error","payload":[{`) || !strings.Contains(got, `"code":"INTERNAL"`) || strings.Contains(got, "so it does") {
		t.Errorf("heard %s", got)
	}
	tell(t, conn, begin("6", "subscription waits"))
	conn.Close(websocket.StatusNormalClosure, "")
	w.ended(t, time.Second)
}

func TestWebsocketCarriesSoManyOperations(t *testing.T) {
	t.Parallel()
	w := wired(t, nil)
	conn := w.dial(t)
	tell(t, conn, hello)
	hears(t, conn, ack)
	for i := range maxOpen {
		tell(t, conn, begin(strconv.Itoa(i), "subscription waits"))
	}
	const refused = `{"id":"more","type":"error","payload":[{"message":"a websocket carries at most 100 operations at a time: complete one, or open another websocket","extensions":{"code":"LIMIT"}}]}`
	for range 3 {
		tell(t, conn, begin("more", "query once"))
		hears(t, conn, refused)
	}
	tell(t, conn, `{"type":"complete","id":"7"}`, begin("more", "query once"))
	hears(t, conn, `{"id":"more","type":"next","payload":{"data":1,"extensions":{"n":1}}}`, `{"id":"more","type":"complete"}`)
	conn.CloseNow()
	w.ended(t, time.Second)
}

func TestWebsocketFloods(t *testing.T) {
	t.Parallel()
	const reason = "too many messages: at most 50 in 10s"
	w := wired(t, func(x *websockets) { x.messages, x.goodbyeWithin = 50, 100*time.Millisecond })
	conn := w.dial(t)
	go func() {
		for range 60 {
			conn.Write(t.Context(), websocket.MessageText, []byte(`{"type":"ping"}`))
		}
	}()
	pongs := 0
	for {
		got, closed := heard(t, conn)
		if closed == nil {
			pongs++
			continue
		}
		if closed.Code != websocket.StatusPolicyViolation || closed.Reason != reason || pongs != 50 {
			t.Errorf("%s %v after %d answers", got, closed, pongs)
		}
		break
	}
	w.ended(t, time.Second)

	raw := upgraded(t, w.Server)
	raw.Write(bytes.Repeat([]byte{0x89, 0x80, 0, 0, 0, 0}, 60))
	w.ended(t, time.Second)
	raw.SetReadDeadline(time.Now().Add(time.Second))
	answer, _ := io.ReadAll(raw)
	pong, goodbye := []byte{0x8a, 0x00}, append([]byte{0x88, byte(2 + len(reason)), 0x03, 0xf0}, reason...)
	if want := append(bytes.Repeat(pong, 50), goodbye...); !bytes.Equal(answer, want) {
		t.Errorf("control frames were answered with % x", answer)
	}
}

// A message that is begun and not ended, in frames without anything in them or in one that says that it is endless, does
// not hold its goroutine.
func TestWebsocketMessagesWithoutEnd(t *testing.T) {
	t.Parallel()
	short := func(x *websockets) { x.messageWithin, x.goodbyeWithin = 100*time.Millisecond, 100*time.Millisecond }
	for name, c := range map[string]struct {
		first, again []byte
		code         byte
	}{
		"fragments":                {first: []byte{0x01, 0x80, 0, 0, 0, 0}, again: []byte{0x00, 0x80, 0, 0, 0, 0}, code: 1008 & 0xff},
		"a frame without end":      {first: []byte{0x81, 0xff, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '{'}, code: 1008 & 0xff},
		"binary without end":       {first: []byte{0x82, 0xff, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '{'}, code: 4400 & 0xff},
		"what is compressed":       {first: []byte{0xc1, 0x80, 0, 0, 0, 0}, code: 1002 & 0xff},
		"what is not masked":       {first: []byte{0x81, 0x00}, code: 1002 & 0xff},
		"an operation of no frame": {first: []byte{0x8f, 0x80, 0, 0, 0, 0}, code: 1002 & 0xff},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := wired(t, short)
			raw := upgraded(t, w.Server)
			raw.Write(c.first)
			for range 5 {
				time.Sleep(30 * time.Millisecond)
				raw.Write(c.again)
			}
			w.ended(t, 2*time.Second)
			raw.SetReadDeadline(time.Now().Add(time.Second))
			answer, _ := io.ReadAll(raw)
			if len(answer) < 4 || answer[0] != 0x88 || answer[3] != c.code {
				t.Errorf("answered with % x", answer)
			}
		})
	}
}

// Who does not read is cut off when one message is not taken within the deadline; what was asked for waits in no queue.
func TestWebsocketReadersThatStall(t *testing.T) {
	t.Parallel()
	w := wired(t, func(x *websockets) { x.writeWithin = 300 * time.Millisecond })
	conn := w.dial(t)
	tell(t, conn, hello, begin("1", "subscription floods"), begin("2", "subscription floods"))
	began := time.Now()
	w.ended(t, 3*time.Second)
	if took := time.Since(began); took < 250*time.Millisecond {
		t.Errorf("cut off after %s", took)
	}
	if asked := w.asked.Load(); asked > 40 {
		t.Errorf("%d responses of 1 MB were asked for, of which none was read", asked)
	}
}

// Who vanished without a word is forgotten within two pings; who answers in whatever way is not.
func TestWebsocketPeersThatVanish(t *testing.T) {
	t.Parallel()
	w := wired(t, func(x *websockets) { x.pingEvery = 250 * time.Millisecond })
	alive := w.dial(t)
	tell(t, alive, hello)
	hears(t, alive, ack)
	vanished := w.dial(t)
	tell(t, vanished, hello, begin("1", "subscription waits"))
	began, pings := time.Now(), 0
	for pings < 6 {
		if got, closed := heard(t, alive); got != `{"type":"ping"}` {
			t.Fatalf("heard %s %v", got, closed)
		}
		pings++
		tell(t, alive, `{"type":"pong"}`)
	}
	w.ended(t, 5*time.Second)
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("forgotten after %s", took)
	}
	tell(t, alive, `{"type":"ping"}`)
	if got, closed := heard(t, alive); closed != nil {
		t.Errorf("the other one: %s %v", got, closed)
	}
}

// The end of the process is told, and so is that of the credential; operations end without a message of their own.
func TestWebsocketEndsThatAreOurs(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		code   websocket.StatusCode
		reason string
	}{
		"process":    {websocket.StatusGoingAway, "going away"},
		"credential": {websocket.StatusNormalClosure, otherStanding},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			access := &followed{ends: make(chan func(), 2)}
			p := Parts{Access: access, Log: slog.New(slog.DiscardHandler), Connections: ctx}
			w := wire{acting: &acting{}, over: make(chan struct{}, 1)}
			w.Server = httptest.NewServer(w.endpoint(p, newWebsockets(p, w.executor)))
			t.Cleanup(w.Close)
			conn := w.dial(t)
			tell(t, conn, `{"type":"connection_init","payload":{"authorization":"Bearer x"}}`, begin("1", "subscription once"))
			hears(t, conn, ack, `{"id":"1","type":"next","payload":{"data":1,"extensions":{"n":1}}}`)
			if name == "process" {
				cancel()
			} else {
				<-access.ends // of the connection before its key is known
				(<-access.ends)()
			}
			if got, closed := heard(t, conn); closed == nil || closed.Code != c.code || closed.Reason != c.reason {
				t.Errorf("%s %v", got, closed)
			}
			w.ended(t, time.Second)
			cancel()
		})
	}
}

// followed hands out how to end what follows a credential.
type followed struct {
	holders
	ends chan func()
}

func (a *followed) Follow(_ context.Context, _ principal.Principal, end func()) func() {
	a.ends <- end
	return func() {}
}

// publishable are holders whose keys are for the pages of a frontend.
type publishable struct{ holders }

func (publishable) Key(ctx context.Context, token string) (principal.Principal, error) {
	who, err := holders{}.Key(ctx, token)
	who.Publishable = true
	return who, err
}

// Keys of other frontends do not count, and what is said of them fits into a close frame.
func TestWebsocketForeignKeys(t *testing.T) {
	t.Parallel()
	ctx := context.WithValue(t.Context(), connectionKey{}, connection{end: func() {}, page: page{origin: "https://other.example"}})
	var told []string
	p := Parts{Access: publishable{}, Log: slog.New(slog.DiscardHandler), FrontendAllows: func(string, string) bool { return false }, Refused: func(_ context.Context, action, code string) { told = append(told, action+" "+code) }}
	for token, want := range map[string]ending{"any": {4403, foreignKey}, "wrong": {4403, "no such key"}} {
		told = nil
		_, got := p.connected(ctx, map[string]any{"authorization": "Bearer " + token})
		code := map[string]string{"any": "FORBIDDEN", "wrong": "UNAUTHENTICATED"}[token]
		if got == nil || *got != want || len(got.reason) > maxCloseReason || len(told) != 1 || told[0] != "/graphql "+code {
			t.Errorf("%s: %v, told %v", token, got, told)
		}
	}
}

// A real executor: queries, mutations and what is refused go the same way as by HTTP.
func TestWebsocketAnswersAsHTTPDoes(t *testing.T) {
	t.Parallel()
	srv := edge(t, 0, 0)
	for document, want := range map[string]string{
		`{ viewer { credential } }`:                          `{"data":{"viewer":{"credential":"API_KEY"}}}`,
		`mutation { sessionEnd { userErrors { message } } }`: `"data":{"sessionEnd":`,
		`{ nothing }`: `[{"message":"Cannot query field`,
		`{`:           `"code":"GRAPHQL_PARSE_FAILED"`,
		`query A { __typename } query B { __typename }`:                                             "the document holds 2 operations: name the one to run in operationName",
		`{ __typename }` + strings.Repeat(" ", document.MaxSource):                                  "the document is larger than 64 kB",
		`subscription { presence(screen: "x", client: "12345678", name: "x") { people { name } } }`: `{"errors":[{`,
	} {
		if got := overWebsocket(t, srv, "content:read", document); !strings.Contains(got, want) {
			t.Errorf("%.80s: %s", document, got)
		}
	}
}

// What equal streams say is the same bytes in the frames of all of them, and what is left of a frame that was written in part
// is those bytes still; the rest of a frame is the socket's own.
func TestFramesShareWhatIsEqual(t *testing.T) {
	t.Parallel()
	for _, length := range []int{1, 40, 100, 200, 65_400, 65_500, 70_000} {
		response := &graphql.Response{Data: json.RawMessage(`"` + strings.Repeat("x", length) + `"`)}
		p, want := &pen{}, `{"id":"7","type":"next","payload":{"data":`+string(response.Data)+`}}`
		frame := p.frame(&operation{quoted: `"7"`}, answerOf(response))
		if &frame[payloadPart][0] != &response.Data[0] {
			t.Fatal("the data was copied")
		}
		whole := bytes.Join(frame, nil)
		for n := 0; n < len(whole); n += 1 + len(whole)/97 {
			left := rest(frame, n)
			if got := bytes.Join(left, nil); !bytes.Equal(got, whole[n:]) {
				t.Fatalf("%d bytes: %d are left behind %d", length, len(got), n)
			}
			if len(left) == 3 && &left[payloadPart][0] != &response.Data[0] {
				t.Fatal("what is left was copied")
			}
		}
		if rest(frame, len(whole)) != nil {
			t.Error("something is left of all")
		}
		if header := textHeader(nil, len(want)); !bytes.HasPrefix(whole, header) || string(whole[len(header):]) != want {
			t.Errorf("%d bytes: %.100s", length, whole)
		}
	}
}
