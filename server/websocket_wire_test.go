package server

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"sonata.ai/sonata/graph"
)

// acting is an executor whose documents say what becomes of them: the first word is the type of operation, the second
// what it does.
type acting struct {
	running atomic.Int64
	asked   atomic.Int64 // responses
}

func (a *acting) CreateOperationContext(_ context.Context, params *graphql.RawParams) (*graphql.OperationContext, gqlerror.List) {
	kind, _, _ := strings.Cut(params.Query, " ")
	op := &graphql.OperationContext{RawQuery: params.Query, Operation: &ast.OperationDefinition{Operation: ast.Operation(kind)}}
	if kind == "refused" {
		return op, gqlerror.List{{Message: "refused", Extensions: map[string]any{"code": "LIMIT"}}}
	}
	return op, nil
}

func (*acting) DispatchError(_ context.Context, errs gqlerror.List) *graphql.Response {
	return &graphql.Response{Errors: errs}
}

func (a *acting) DispatchOperation(ctx context.Context, op *graphql.OperationContext) (graphql.ResponseHandler, context.Context) {
	_, does, _ := strings.Cut(op.RawQuery, " ")
	a.running.Add(1)
	context.AfterFunc(ctx, func() { a.running.Add(-1) })
	n := 0
	return func(ctx context.Context) *graphql.Response {
		a.asked.Add(1)
		n++
		switch {
		case does == "waits" || does == "once" && n > 1 && op.Operation.Operation == ast.Subscription:
			<-ctx.Done()
			return nil
		case does == "panics":
			panic("so it does")
		case does == "ends" && n > 2 || does == "once" && n > 1 || does == "nothing":
			return nil
		case does == "floods":
			return &graphql.Response{Data: json.RawMessage(`"` + strings.Repeat("x", 1<<20) + `"`)}
		}
		return &graphql.Response{Data: json.RawMessage(strconv.Itoa(n)), Extensions: map[string]any{"n": n}}
	}, ctx
}

// wire is a websocket server on an executor of its own.
type wire struct {
	*acting
	*httptest.Server
	over chan struct{} // one for each websocket that ended
}

// wired serves websockets as set changes them.
func wired(t testing.TB, set func(*websockets)) wire {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	p := Parts{
		Access: holders{}, Log: log, Present: graph.Present(log), Connections: t.Context(),
		AllowsOrigin: func(string) bool { return true }, FrontendAllows: func(string, string) bool { return false },
	}
	w := wire{acting: &acting{}, over: make(chan struct{}, 100)}
	transport := newWebsockets(p, w.executor)
	if set != nil {
		set(&transport)
	}
	w.Server = httptest.NewServer(w.endpoint(p, transport))
	t.Cleanup(w.Close)
	return w
}

func (w wire) executor() graphql.GraphExecutor { return w.acting }

// endpoint is a websocket with what stands before it.
func (w wire) endpoint(p Parts, transport websockets) http.Handler {
	return visiting(unkept(streams(p, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		visitOf(r.Context()).atEnd(func() { w.over <- struct{}{} })
		transport.Do(rw, r, w.acting)
	}))))
}

func (w wire) dial(t testing.TB, header ...string) *websocket.Conn {
	t.Helper()
	h := http.Header{}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	conn, _, err := websocket.Dial(t.Context(), strings.Replace(w.URL, "http", "ws", 1), &websocket.DialOptions{Subprotocols: []string{subprotocol}, HTTPHeader: h})
	if err != nil {
		t.Fatal(err)
	}
	conn.SetReadLimit(4 << 20)
	t.Cleanup(func() { conn.CloseNow() })
	return conn
}

// ended waits for the end of one websocket on the server's side, operations and all.
func (w wire) ended(t *testing.T, within time.Duration) {
	t.Helper()
	select {
	case <-w.over:
	case <-time.After(within):
		t.Fatalf("the server still has the websocket after %s", within)
	}
	if n := w.running.Load(); n != 0 {
		time.Sleep(50 * time.Millisecond) // context.AfterFunc has a goroutine of its own
		if n = w.running.Load(); n != 0 {
			t.Errorf("%d operations run on", n)
		}
	}
}

func tell(t testing.TB, conn *websocket.Conn, messages ...string) {
	t.Helper()
	for _, m := range messages {
		kind := websocket.MessageText
		if binary, is := strings.CutPrefix(m, "binary:"); is {
			m, kind = binary, websocket.MessageBinary
		}
		if err := conn.Write(t.Context(), kind, []byte(m)); err != nil {
			t.Fatalf("%.100s: %v", m, err)
		}
	}
}

// heard returns the next message, and the close frame instead of the last: its code and reason.
func heard(t testing.TB, conn *websocket.Conn) (string, *websocket.CloseError) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	_, raw, err := conn.Read(ctx)
	if err == nil {
		return string(raw), nil
	}
	var closed websocket.CloseError
	if errors.As(err, &closed) {
		return "", &closed
	}
	return "", &websocket.CloseError{Code: -1, Reason: err.Error()}
}

// hears expects messages one after the other.
func hears(t testing.TB, conn *websocket.Conn, messages ...string) {
	t.Helper()
	for _, want := range messages {
		if got, closed := heard(t, conn); got != want {
			t.Fatalf("heard %.300s %v, want %s", got, closed, want)
		}
	}
}

const (
	hello = `{"type":"connection_init"}`
	ack   = `{"type":"connection_ack"}`
)

func begin(id, document string) string {
	return fmt.Sprintf(`{"type":"subscribe","id":%q,"payload":{"query":%q}}`, id, document)
}

// upgraded is a connection that was made a websocket and on which every byte is the test's: no client library would send
// such frames.
func upgraded(t *testing.T, srv *httptest.Server) net.Conn {
	t.Helper()
	host := strings.TrimPrefix(srv.URL, "http://")
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: %s\r\n\r\n", host, subprotocol)
	response, err := http.ReadResponse(bufio.NewReaderSize(conn, 16), nil) // nothing follows until something is sent
	if err != nil || response.StatusCode != http.StatusSwitchingProtocols {
		t.Fatal(response, err)
	}
	return conn
}

// visiting makes a visit of each request, as arrived does.
func visiting(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &visit{status: http.StatusOK}
		next.ServeHTTP(w, r.WithContext(v.in(r.Context())))
		v.returned()
	})
}
