package killtest

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"sonata.ai/sonata/internal/testkit/process"
)

// askedToStop stops a process that has a websocket subscription, an event stream and a running request: readiness is
// off, the streams complete, the request gets its answer, and the exit code is 0.
func askedToStop(t *testing.T, binary string) {
	s := process.Start(t, binary, filepath.Join(t.TempDir(), "sonata.db"))
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	socket := subscribe(ctx, t, s.URL)
	events := subscribeEvents(ctx, t, s.URL)
	rest := beginRequest(ctx, t, s.URL)

	begin := time.Now()
	s.Terminate(t)
	var end struct{ ID, Type string }
	if err := wsjson.Read(ctx, socket, &end); err != nil || end.Type != "complete" || end.ID != "1" {
		t.Errorf("the subscription ended with %+v, %v; want its complete message", end, err)
	}
	if tail := readAll(events); !strings.Contains(tail, "event: complete") {
		t.Errorf("the event stream ended with %q, want its complete event", tail)
	}
	if response, err := http.Get(s.URL + "/readyz"); err == nil { // or the listener is closed already, which says it too
		if response.Body.Close(); response.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("readiness answers %d while it stops", response.StatusCode)
		}
	}
	if answer := rest(); !strings.Contains(answer, `"screen":{"key":"home"}`) {
		t.Errorf("the running request was answered with %q", answer)
	}
	if code := s.Wait(t, 15*time.Second); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
	if _, err := net.DialTimeout("tcp", strings.TrimPrefix(s.URL, "http://"), time.Second); err == nil {
		t.Error("somebody still listens")
	}
	t.Logf("stopped within %s", time.Since(begin).Round(time.Millisecond))
	if err := wsjson.Read(ctx, socket, &end); websocket.CloseStatus(err) != websocket.StatusGoingAway {
		t.Errorf("the websocket ended with %+v, %v; want that it is told who goes away", end, err)
	}
}

const watchRelease = `subscription { release(frontend: "shop") { sequence } }`

// subscribe opens a websocket subscription and waits for its first event.
func subscribe(ctx context.Context, t *testing.T, url string) *websocket.Conn {
	t.Helper()
	socket, _, err := websocket.Dial(ctx, url+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.CloseNow() })
	for _, m := range []any{
		map[string]any{"type": "connection_init"},
		map[string]any{"type": "subscribe", "id": "1", "payload": map[string]any{"query": watchRelease}},
	} {
		if err := wsjson.Write(ctx, socket, m); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"connection_ack", "next"} {
		var m struct {
			Type    string
			Payload json.RawMessage
		}
		if err := wsjson.Read(ctx, socket, &m); err != nil || m.Type != want {
			t.Fatalf("%s %s (%v), want %s", m.Type, m.Payload, err, want)
		}
	}
	return socket
}

// subscribeEvents opens a stream of server-sent events and waits for its first.
func subscribeEvents(ctx context.Context, t *testing.T, url string) *bufio.Reader {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": watchRelease})
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/graphql", strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "text/event-stream")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	events := bufio.NewReader(response.Body)
	for {
		line, err := events.ReadString('\n')
		if err != nil {
			t.Fatalf("the event stream ended before its first event: %v", err)
		}
		if strings.HasPrefix(line, "data:") && strings.Contains(line, "sequence") {
			return events
		}
	}
}

// beginRequest sends a request but for the end of its body, and returns what sends the rest and reads the answer. The
// server's 100 Continue proves that the request is running.
func beginRequest(ctx context.Context, t *testing.T, url string) (rest func() string) {
	t.Helper()
	host := strings.TrimPrefix(url, "http://")
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	body := `{"query": "{ screen(at: {key: \"home\"}, context: {frontend: \"shop\"}) { key } }"}`
	fmt.Fprintf(conn, "POST /graphql HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n", host, len(body))
	answer := bufio.NewReader(conn)
	if line, err := answer.ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") {
		t.Fatalf("%q, %v", line, err)
	}
	fmt.Fprint(conn, body[:20])
	return func() string {
		time.Sleep(100 * time.Millisecond)
		fmt.Fprint(conn, body[20:])
		return readAll(answer)
	}
}

// readAll reads to the end, or as far as it goes.
func readAll(r io.Reader) string {
	raw, _ := io.ReadAll(r)
	return string(raw)
}
