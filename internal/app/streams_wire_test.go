package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// broadcast is a server whose subject is how many follow what it publishes: screens of the demo's shop.
type broadcast struct {
	t       testing.TB
	url     string
	version int
	screen  string // id
}

const (
	follows = `subscription { release(frontend: "shop") { kind sequence refetchWithinMs } }`
	shows   = `subscription { screen(at: {path: "/streamed"}, context: {frontend: "shop"}) { cause snapshot { release { number } blocks { key props } } } }`
)

// newBroadcast publishes a screen of so many blocks of 4 kB.
func newBroadcast(t testing.TB, blocks int) *broadcast {
	t.Helper()
	a := running(t, filepath.Join(t.TempDir(), "test.db"), io.Discard, nil, "--limit-anonymous", "0", "--limit-key", "0", "--limit-cost-minute", "0")
	b := &broadcast{t: t, url: a.URL(), version: 1}
	all, children := message{}, []string{}
	for n := range blocks {
		key := fmt.Sprint("text-", n)
		all[key] = message{"component": "rich-text", "major": 1, "props": message{"title": key, "paragraphs": []string{strings.Repeat("All that is said. ", 230)}}}
		children = append(children, key)
	}
	all["root"] = message{"component": "page", "major": 1, "props": message{}, "slots": message{"children": children}}
	body := message{"format": 1, "root": "root", "blocks": all}
	made := b.do(`mutation($in: ScreenCreateInput!) { done: screenCreate(input: $in) { screen { id } userErrors { message } } }`,
		message{"in": message{"frontend": "shop", "key": "streamed", "title": "Streamed", "path": "/streamed", "body": body}})
	b.screen = made["screen"].(map[string]any)["id"].(string)
	b.publish()
	return b
}

// do sends a mutation and returns its payload.
func (b *broadcast) do(document string, variables message) map[string]any {
	b.t.Helper()
	body, err := json.Marshal(message{"query": document, "variables": variables})
	if err != nil {
		b.t.Fatal(err)
	}
	answer, err := http.Post(b.url+"/graphql", "application/json", bytes.NewReader(body)) //nolint:noctx // ends with its server
	if err != nil {
		b.t.Fatal(err)
	}
	defer answer.Body.Close()
	raw, _ := io.ReadAll(answer.Body)
	var got struct {
		Data struct{ Done map[string]any }
	}
	if json.Unmarshal(raw, &got) != nil || got.Data.Done == nil || len(got.Data.Done["userErrors"].([]any)) > 0 {
		b.t.Fatalf("%s", raw)
	}
	return got.Data.Done
}

// publish changes the screen and publishes it. It returns the sequence of the activation and the number of the release.
func (b *broadcast) publish() (sequence, number int) {
	b.t.Helper()
	b.version++
	b.do(`mutation($id: ID!, $v: Int!, $key: String!, $patch: JSON!) { done: screenEdit(input: {screen: $id, expectedVersion: $v, ops: [{setProps: {key: $key, patch: $patch}}]}) { screen { version } userErrors { message } } }`,
		message{"id": b.screen, "v": b.version - 1, "key": "text-0", "patch": message{"title": fmt.Sprint("Version ", b.version)}})
	done := b.do(`mutation { done: releasePublish(input: {frontend: "shop", title: "Again", acknowledgeWarnings: true}) { activation { sequence } release { number } userErrors { message } } }`, nil)
	return int(done["activation"].(map[string]any)["sequence"].(float64)), int(done["release"].(map[string]any)["number"].(float64))
}

// open is how many subscriptions the server says are open.
func (b *broadcast) open() int {
	b.t.Helper()
	answer, err := http.Get(b.url + "/metrics") //nolint:noctx // ends with its server
	if err != nil {
		b.t.Fatal(err)
	}
	defer answer.Body.Close()
	raw, _ := io.ReadAll(answer.Body)
	_, after, _ := strings.Cut(string(raw), "\nsonata_graphql_open_subscriptions ")
	text, _, _ := strings.Cut(after, "\n")
	n, err := strconv.Atoi(text)
	if err != nil {
		b.t.Fatal(err)
	}
	return n
}

// until waits for something that comes by itself.
func (b *broadcast) until(what string, holds func() bool) {
	b.t.Helper()
	for deadline := time.Now().Add(90 * time.Second); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			b.t.Fatal("never: ", what)
		}
	}
}

// listener is a websocket that follows one subscription. It has no goroutine: what comes waits until it is asked for.
type listener struct {
	conn *websocket.Conn
	tcp  *net.TCPConn
}

// listen begins a subscription; small gives it room for little that it does not read.
func (b *broadcast) listen(document string, small bool) *listener {
	b.t.Helper()
	l := &listener{}
	transport := &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		l.tcp = conn.(*net.TCPConn)
		if small {
			err = l.tcp.SetReadBuffer(4096)
		}
		return conn, err
	}}
	conn, _, err := websocket.Dial(context.Background(), b.url+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}, HTTPClient: &http.Client{Transport: transport}, CompressionMode: websocket.CompressionDisabled})
	if err != nil {
		b.t.Fatal(err)
	}
	l.conn = conn
	conn.SetReadLimit(4 << 20)
	for _, m := range []message{{"type": "connection_init"}, {"type": "subscribe", "id": "1", "payload": message{"query": document}}} {
		raw, _ := json.Marshal(m) //nolint:errchkjson // texts
		if err := conn.Write(context.Background(), websocket.MessageText, raw); err != nil {
			b.t.Fatal(err)
		}
	}
	return l
}

// event is what a subscription says.
type heardEvent struct {
	Type    string
	Payload struct {
		Data struct {
			Release struct {
				Kind            string
				Sequence        int
				RefetchWithinMs int
			}
			Screen struct {
				Cause    string
				Snapshot struct{ Release struct{ Number int } }
			}
		}
	}
}

// next is the next event; what keeps the connection alive is answered.
func (l *listener) next() (ev heardEvent, err error) {
	for {
		_, raw, err := l.conn.Read(context.Background())
		if err != nil {
			return ev, err
		}
		if err := json.Unmarshal(raw, &ev); err != nil {
			return ev, fmt.Errorf("%.200s: %w", raw, err)
		}
		switch ev.Type {
		case "next":
			return ev, nil
		case "ping":
			if err := l.conn.Write(context.Background(), websocket.MessageText, []byte(`{"type":"pong"}`)); err != nil {
				return ev, err
			}
		case "connection_ack":
		default:
			return ev, fmt.Errorf("heard %.200s", raw)
		}
	}
}

// mustHear is the next event of a stream that goes on.
func (b *broadcast) mustHear(l *listener) heardEvent {
	b.t.Helper()
	ev, err := l.next()
	if err != nil {
		b.t.Fatal(err)
	}
	return ev
}

// scaled is how many of something a test has; an environment variable makes it more. Both ends of each connection are in
// this process.
func scaled(t testing.TB, name string, otherwise int) int {
	t.Helper()
	n := otherwise
	if text := os.Getenv(name); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	if limit.Max < uint64(2*n+200) {
		t.Fatalf("%d open files are allowed, and %s=%d needs more", limit.Max, name, n)
	}
	limit.Cur = limit.Max
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	return n
}

// heap is what is in use, pools and what is given back late left out.
func heap() int {
	var m runtime.MemStats
	for range 3 {
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc + m.StackInuse)
}
