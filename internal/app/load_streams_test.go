package app_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// tail is a subscription that somebody follows to the end of a test: whatever comes is looked at, and its end is a failure.
type tail struct {
	name  string
	close func()
	ended chan struct{}

	mu    sync.Mutex
	heard int
	last  string
	over  string // why, when it ended by itself
}

// tails are many of them.
type tails struct {
	p   platform
	all []*tail
	// allowed says what is wrong with a payload that is no error of a service in trouble; "" when nothing is.
	allowed func(payload []byte) string
}

// follow begins a subscription, by websocket or as server-sent events.
func (x *tails) follow(document string, events bool) {
	x.p.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	one := &tail{name: document, ended: make(chan struct{}), close: cancel}
	next := x.socket
	if events {
		next = x.events
	}
	read, err := next(ctx, document)
	if err != nil {
		cancel()
		x.p.Fatal(err)
	}
	x.all = append(x.all, one)
	go func() {
		defer close(one.ended)
		for {
			payload, err := read()
			if ctx.Err() != nil {
				return
			}
			wrong := ""
			if err == nil {
				wrong = x.allowed(payload)
			}
			one.mu.Lock()
			if err != nil || wrong != "" {
				one.over = fmt.Sprint(err, wrong, " ", string(payload))
				one.mu.Unlock()
				cancel()
				return
			}
			one.heard++
			one.last = string(payload)
			one.mu.Unlock()
		}
	}()
}

// socket subscribes over graphql-transport-ws.
func (x *tails) socket(ctx context.Context, document string) (func() ([]byte, error), error) {
	conn, _, err := websocket.Dial(ctx, strings.Replace(x.p.URL(), "http", "ws", 1)+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		return nil, err
	}
	subscribe, err := json.Marshal(message{"type": "subscribe", "id": "1", "payload": message{"query": document}})
	if err != nil {
		return nil, err
	}
	for _, m := range [][]byte{[]byte(`{"type":"connection_init"}`), subscribe} {
		if err := conn.Write(ctx, websocket.MessageText, m); err != nil {
			return nil, err
		}
	}
	return func() ([]byte, error) {
		for {
			_, raw, err := conn.Read(ctx)
			if err != nil {
				conn.CloseNow()
				return nil, err
			}
			var m struct {
				Type    string
				Payload json.RawMessage
			}
			if err := json.Unmarshal(raw, &m); err != nil {
				return raw, err
			}
			switch m.Type {
			case "next":
				return m.Payload, nil
			case "ping":
				err = conn.Write(ctx, websocket.MessageText, []byte(`{"type":"pong"}`))
			case "connection_ack":
			default:
				err = fmt.Errorf("it says %s", raw)
			}
			if err != nil {
				conn.CloseNow()
				return nil, err
			}
		}
	}, nil
}

// events subscribes by a stream of server-sent events.
func (x *tails) events(ctx context.Context, document string) (func() ([]byte, error), error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, x.p.URL()+"/graphql?query="+url.QueryEscape(document), nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "text/event-stream")
	res, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 1<<20)
	return func() ([]byte, error) {
		for lines.Scan() {
			line := lines.Bytes()
			if bytes.HasPrefix(line, []byte("event: complete")) {
				break
			}
			if data, ok := bytes.CutPrefix(line, []byte("data: ")); ok && len(data) > 0 {
				return bytes.Clone(data), nil
			}
		}
		res.Body.Close()
		return nil, fmt.Errorf("it ended: %w", lines.Err())
	}, nil
}

// hear waits until each stream of a document has heard something that contains this.
func (x *tails) hear(document, want string) {
	x.p.Helper()
	for deadline := time.Now().Add(60 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		missing, last, dropped := 0, "", 0
		for _, one := range x.all {
			if one.name != document {
				continue
			}
			one.mu.Lock()
			if one.over != "" {
				if dropped++; dropped == 1 {
					last = one.over
				}
			}
			if !strings.Contains(one.last, want) {
				missing++
				if dropped == 0 {
					last = one.last
				}
			}
			one.mu.Unlock()
		}
		if missing == 0 && dropped == 0 {
			return
		}
		if dropped > 0 || time.Now().After(deadline) {
			x.p.Fatalf("%s: %d streams ended by themselves, %d did not hear %s, but %s", document, dropped, missing, want, last)
		}
	}
}

// end closes all of them.
func (x *tails) end() {
	for _, one := range x.all {
		one.close()
		<-one.ended
	}
	x.all = nil
	http.DefaultClient.CloseIdleConnections()
}
