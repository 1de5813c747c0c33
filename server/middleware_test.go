package server

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// A websocket whose handler is done is closed, whatever the handler did about it.
func TestTakenConnectionsAreClosed(t *testing.T) {
	t.Parallel()
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	leaky := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := websocket.Accept(w, r, nil); err != nil {
			t.Error(err)
		}
	})
	srv := httptest.NewServer(requestID(log, NewMetrics(), leaky))
	t.Cleanup(srv.Close)
	conn, _, err := websocket.Dial(t.Context(), strings.Replace(srv.URL, "http", "ws", 1), nil)
	if err != nil {
		t.Fatal(err)
	}
	closed := make(chan error, 1)
	go func() {
		_, _, err := conn.Read(t.Context())
		closed <- err
	}()
	select {
	case err := <-closed:
		if err == nil {
			t.Error("something was sent")
		}
	case <-time.After(2 * closeWithin):
		t.Error("the connection is still open")
	}
}

func TestRequestIDs(t *testing.T) {
	for id, plain := range map[string]bool{
		"a-1_b.c:d": true, "": false, "a b": false, "a\nb": false, strings.Repeat("x", 65): false, `"}{"`: false,
	} {
		if plainID(id) != plain {
			t.Errorf("%q: %v", id, !plain)
		}
	}
}

func TestLoopbackNames(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "localhost:8080": true, "shop.localhost:1": true, "127.0.0.1:8080": true, "127.9.9.9": true, "[::1]:8080": true,
		"LOCALHOST.": true, "evil.example": false, "127.0.0.1.evil.example": false, "localhost.evil.example:8080": false,
		"10.0.0.1": false, "": false, "[::ffff:10.0.0.1]:1": false, "0.0.0.0": false,
	} {
		if IsLoopback(host) != want {
			t.Errorf("%q: %v", host, !want)
		}
	}
}
