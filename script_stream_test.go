package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/rogpeppe/go-internal/testscript"
)

// stream is one open subscription of a script.
type stream struct {
	events chan answer // in the order they came; closed at the end
	peeked []answer    // events that were looked at and come first
	proper bool        // it ended as the protocol says, not by a lost connection; read it after the end
	cancel context.CancelFunc
	socket *socket // that carries it; nil for server-sent events
}

// socket is one websocket with the streams that it carries.
type socket struct {
	conn    *websocket.Conn
	mu      sync.Mutex
	streams map[string]*stream // by id of graphql-transport-ws
}

// open sends a message about a stream that the socket carries from now on.
func (k *socket) open(ctx context.Context, x *stream, payload []byte) error {
	k.mu.Lock()
	id := strconv.Itoa(len(k.streams) + 1)
	k.streams[id], x.socket = x, k
	k.mu.Unlock()
	return k.write(ctx, wsMessage{ID: id, Type: "subscribe", Payload: payload})
}

func (k *socket) write(ctx context.Context, m wsMessage) error {
	raw, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return k.conn.Write(ctx, websocket.MessageText, raw)
}

// next returns the next event; open is false at the end, came when nothing came in time.
func (x *stream) next(within time.Duration) (ev answer, open, came bool) {
	if len(x.peeked) > 0 {
		ev, x.peeked = x.peeked[0], x.peeked[1:]
		return ev, true, true
	}
	select {
	case ev, open = <-x.events:
		return ev, open, true
	case <-time.After(within):
		return ev, true, false
	}
}

func (x *stream) close() { x.cancel() }

// How long a script waits for an event, and for none.
const (
	eventWithin = 5 * time.Second
	silentFor   = 300 * time.Millisecond
)

// refusal is an end of a stream before its first event.
type refusal struct{ answer answer }

func (refusal) Error() string { return "refused" }

func subscribeCommand(ts *testscript.TestScript, neg bool, args []string) {
	const usage = "usage: [!] subscribe [-sse] [-origin O] [-with STREAM] NAME DOC [NAME=VALUE…]"
	sse, origin, with := false, "", ""
	for len(args) > 0 && strings.HasPrefix(args[0], "-") {
		switch {
		case args[0] == "-sse":
			sse = true
		case args[0] == "-origin" && len(args) > 1:
			origin, args = args[1], args[1:]
		case args[0] == "-with" && len(args) > 1:
			with, args = args[1], args[1:]
		default:
			ts.Fatalf(usage)
		}
		args = args[1:]
	}
	if len(args) < 2 {
		ts.Fatalf(usage)
	}
	s := of(ts)
	name, document := args[0], s.document(ts, "subscribe", args[1])
	payload, err := json.Marshal(map[string]any{"query": document, "variables": variables(ts, document, args[2:])})
	ts.Check(err)
	before := openStreams(ts)
	ctx, cancel := context.WithCancel(context.Background())
	x := &stream{events: make(chan answer, 1000), cancel: cancel}
	header := s.as.Clone()
	if header == nil {
		header = http.Header{}
	}
	if origin != "" {
		header.Set("Origin", origin)
	}
	switch {
	case sse:
		err = x.openSSE(ctx, ts.Getenv("URL"), header, payload)
	case with != "":
		err = s.stream(ts, with).socket.open(ctx, x, payload)
	default:
		err = x.openWebsocket(ctx, ts.Getenv("URL"), header, payload)
	}
	if err == nil {
		err = x.waitOpen(ts, before, neg)
	}
	var no refusal
	if errors.As(err, &no) {
		cancel()
		s.last = no.answer
		checkAnswer(ts, s.last)
		s.say(ts)
	} else {
		ts.Check(err)
		s.streams[name] = x
	}
	if (err != nil) != neg {
		ts.Fatalf("refused: %t\n%s", !neg, s.last.body)
	}
}

// openStreams asks the server how many subscriptions are open.
func openStreams(ts *testscript.TestScript) string {
	got := send(ts, http.MethodGet, "/metrics", nil, nil)
	return string(regexp.MustCompile(`(?m)^sonata_graphql_open_subscriptions (\S+)`).Find(got.body))
}

// waitOpen returns once the server has the stream, so that nothing a script does next can be missed. A first message
// that is an error, or an end, is a refusal; where one is expected, nothing but the first message counts.
func (x *stream) waitOpen(ts *testscript.TestScript, before string, expectRefusal bool) error {
	for deadline := time.Now().Add(eventWithin); time.Now().Before(deadline); {
		first, open, came := x.next(pollEvery)
		if came {
			if _, err := first.at("errors"); !open || err == nil {
				return refusal{first}
			}
			x.peeked = append(x.peeked, first)
			return nil
		}
		if !expectRefusal && openStreams(ts) != before {
			return nil
		}
	}
	return fmt.Errorf("the stream did not open within %s", eventWithin)
}

// wsMessage is a message of graphql-transport-ws.
type wsMessage struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

func (x *stream) openWebsocket(ctx context.Context, url string, header http.Header, payload []byte) error {
	key := header.Get("Authorization") // a browser cannot send it with a websocket: it goes into the first message
	header.Del("Authorization")
	conn, response, err := websocket.Dial(ctx, url+"/graphql", &websocket.DialOptions{
		HTTPHeader: header, Subprotocols: []string{"graphql-transport-ws"},
	})
	if err != nil && response != nil {
		body, _ := io.ReadAll(response.Body) // whatever came is what is looked at
		return refusal{answerOf(response.StatusCode, response.Header, body)}
	}
	if err != nil {
		return err
	}
	conn.SetReadLimit(4 << 20)
	k := &socket{conn: conn, streams: map[string]*stream{}}
	hello := wsMessage{Type: "connection_init"}
	if key != "" {
		hello.Payload, _ = json.Marshal(map[string]string{"authorization": key}) // a string always marshals
	}
	if err := k.write(ctx, hello); err != nil {
		return err
	}
	if _, _, err := conn.Read(ctx); err != nil { // the acknowledgment
		return err
	}
	if err := k.open(ctx, x, payload); err != nil {
		return err
	}
	go k.read(ctx)
	return nil
}

// read hands out what comes until the socket is closed, and all its streams with it.
func (k *socket) read(ctx context.Context) {
	over := map[string]bool{}
	end := func(id string) {
		k.mu.Lock()
		defer k.mu.Unlock()
		if x := k.streams[id]; x != nil && !over[id] {
			over[id] = true
			close(x.events)
		}
	}
	defer func() {
		k.conn.CloseNow() // the script is done with it
		k.mu.Lock()
		ids := slices.Collect(maps.Keys(k.streams))
		k.mu.Unlock()
		for _, id := range ids {
			end(id)
		}
	}()
	for {
		_, raw, err := k.conn.Read(ctx)
		if err != nil {
			return
		}
		var m wsMessage
		if json.Unmarshal(raw, &m) != nil {
			return
		}
		k.mu.Lock()
		x := k.streams[m.ID]
		k.mu.Unlock()
		switch m.Type {
		case "next":
			x.events <- answerOf(http.StatusOK, nil, m.Payload)
		case "error":
			x.proper = true
			x.events <- answerOf(http.StatusOK, nil, []byte(`{"errors":`+string(m.Payload)+`}`))
			end(m.ID)
		case "complete":
			x.proper = true
			end(m.ID)
		case "ping":
			if k.write(ctx, wsMessage{Type: "pong"}) != nil {
				return
			}
		}
	}
}

func (x *stream) openSSE(ctx context.Context, url string, header http.Header, payload []byte) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/graphql", bytes.NewReader(payload))
	if err != nil {
		return err
	}
	request.Header = header
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "text/event-stream")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK || !strings.HasPrefix(response.Header.Get("Content-Type"), "text/event-stream") {
		body, _ := io.ReadAll(response.Body) // whatever came is what is looked at
		return refusal{answerOf(response.StatusCode, response.Header, body)}
	}
	go x.readSSE(response.Body)
	return nil
}

func (x *stream) readSSE(body io.ReadCloser) {
	defer close(x.events)
	defer body.Close() // read to the end or given up
	event, data := "", ""
	lines := bufio.NewScanner(body)
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ":")
		value = strings.TrimPrefix(value, " ")
		switch name {
		case "event":
			event = value
		case "data":
			data += value
		case "":
			if lines.Text() != "" { // a comment keeps the connection alive
				continue
			}
			if event == "next" && data != "" {
				x.events <- answerOf(http.StatusOK, nil, []byte(data))
			}
			if event == "complete" {
				x.proper = true
				return
			}
			event, data = "", ""
		}
	}
}

func (s *script) stream(ts *testscript.TestScript, name string) *stream {
	x := s.streams[name]
	if x == nil {
		ts.Fatalf("there is no stream %s", name)
	}
	return x
}

func eventCommand(ts *testscript.TestScript, neg bool, args []string) {
	never(ts, neg, args, 1, "event NAME")
	s := of(ts)
	got, open, came := s.stream(ts, args[0]).next(eventWithin)
	if !open || !came {
		ts.Fatalf("nothing came on %s within %s (open: %t)", args[0], eventWithin, open)
	}
	s.last = got
	checkAnswer(ts, got)
	s.say(ts)
}

func silentCommand(ts *testscript.TestScript, neg bool, args []string) {
	never(ts, neg, args, 1, "silent NAME")
	if got, open, came := of(ts).stream(ts, args[0]).next(silentFor); came {
		ts.Fatalf("the stream %s is not silent (open: %t):\n%s", args[0], open, got.body)
	}
}

func endedCommand(ts *testscript.TestScript, neg bool, args []string) {
	never(ts, neg, args, 1, "ended NAME")
	s := of(ts)
	x := s.stream(ts, args[0])
	for {
		got, open, came := x.next(eventWithin)
		if !open && !x.proper {
			ts.Fatalf("the connection of the stream %s was lost", args[0])
		}
		if !open {
			return
		}
		if _, err := got.at("errors"); !came || err != nil {
			ts.Fatalf("the stream %s goes on:\n%s", args[0], got.body)
		}
		s.last = got
		checkAnswer(ts, got)
	}
}

// unsubscribeCommand returns once the server has noticed, so that the next stream is not taken for this one.
func unsubscribeCommand(ts *testscript.TestScript, neg bool, args []string) {
	never(ts, neg, args, 1, "unsubscribe NAME")
	s, before := of(ts), openStreams(ts)
	s.stream(ts, args[0]).close()
	delete(s.streams, args[0])
	for deadline := time.Now().Add(eventWithin); openStreams(ts) == before; pause() {
		if time.Now().After(deadline) {
			ts.Fatalf("the server still has the stream %s after %s", args[0], eventWithin)
		}
	}
}
