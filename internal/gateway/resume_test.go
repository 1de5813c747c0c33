package gateway_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"sonata.ai/sonata/internal/gateway"
)

// restarts ends a server as a process that dies does, and starts another where it was.
func restarts(t testing.TB, server *httptest.Server, down time.Duration) *httptest.Server {
	t.Helper()
	address := server.Listener.Addr().String()
	server.Listener.Close()
	server.CloseClientConnections()
	time.Sleep(down)
	listener, err := net.Listen("tcp", address) //nolint:noctx // closed below
	if err != nil {
		t.Fatal(err)
	}
	again := &httptest.Server{Listener: listener, Config: &http.Server{Handler: server.Config.Handler, ReadHeaderTimeout: time.Second}}
	again.Start()
	t.Cleanup(func() { again.CloseClientConnections(); again.Close() })
	return again
}

// All who follow a service that dies follow it again once it is back, although its circuit opened meanwhile.
func TestAllStreamsResumeWhenAServiceIsBack(t *testing.T) {
	t.Parallel()
	for _, protocol := range []gateway.Protocol{gateway.Websocket, gateway.Events} {
		t.Run(string(protocol), func(t *testing.T) {
			t.Parallel()
			const streams = 40
			w, stream, composed := streamWorld(t, protocol)
			w.swap(composed())
			all := make([]*follower, streams)
			for i := range all {
				all[i] = w.follow(`subscription {changed {number}}`, nil)
			}
			eventually(t, func() bool { return stream.Streams("changed") == streams })
			stream.Drop()
			server := restarts(t, w.servers["stream"], 700*time.Millisecond)
			if w.remotes["stream"].Health().Circuit != gateway.Open {
				t.Error("its circuit is closed")
			}
			eventually(t, func() bool { return stream.Streams("changed") == streams })
			time.Sleep(2100 * time.Millisecond) // nothing comes, and it dies once more
			stream.Drop()
			restarts(t, server, 1500*time.Millisecond)
			eventually(t, func() bool { return stream.Streams("changed") == streams })
			stream.Publish("changed", `{"id":"rel_1"}`)
			for _, f := range all {
				f.want(`{"data":{"changed":{"number":1}}}`)
			}
		})
	}
}

// A service that went, and is published at another address, is followed there; one that is not there yet when it is
// published is waited for.
func TestAStreamFollowsItsServiceToAnotherAddress(t *testing.T) {
	t.Parallel()
	w, stream, composed := streamWorld(t, gateway.Websocket)
	w.swap(composed())
	f := w.follow(`subscription {changed {number}}`, nil)
	eventually(t, func() bool { return stream.Streams("changed") == 1 })
	w.servers["stream"].Listener.Close()
	w.servers["stream"].CloseClientConnections()
	stream.Drop()
	time.Sleep(500 * time.Millisecond)
	moved := w.service("stream", streamSDL, "")
	w.swap(composed())
	eventually(t, func() bool { return moved.Streams("changed") == 1 })
	moved.Publish("changed", `{"id":"rel_1"}`)
	f.want(`{"data":{"changed":{"number":1}}}`)

	late := w.service("stream", streamSDL, "")
	w.servers["stream"].Listener.Close()
	w.swap(composed())
	restarts(t, w.servers["stream"], 300*time.Millisecond)
	eventually(t, func() bool { return late.Streams("changed") == 1 && moved.Streams("changed") == 0 })
	late.Publish("changed", `{"id":"rel_2"}`)
	f.want(`{"data":{"changed":{"number":2}}}`)
}
