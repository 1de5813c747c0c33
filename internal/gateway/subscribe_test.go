package gateway_test

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"sonata.ai/sonata/internal/gateway"
	"sonata.ai/sonata/internal/supergraph"
	"sonata.ai/sonata/internal/testkit/subgraph"
)

// follower is a client of a subscription.
type follower struct {
	t    testing.TB
	got  chan string
	stop context.CancelFunc
}

func (w *ownWorld) follow(query string, variables map[string]any) *follower {
	ctx, cancel := context.WithCancel(as("mem_1"))
	f := &follower{w.t, make(chan string, 100), cancel}
	responses := w.begin(ctx, query, variables)
	go func() {
		defer close(f.got)
		for {
			r := responses(ctx)
			if r == nil {
				return
			}
			b, _ := json.Marshal(r)
			f.got <- string(b)
		}
	}()
	return f
}

func (f *follower) want(want string) {
	f.t.Helper()
	select {
	case got := <-f.got:
		if got != want {
			f.t.Errorf("got %s\nwant %s", got, want)
		}
	case <-time.After(10 * time.Second):
		f.t.Errorf("nothing came, want %s", want)
	}
}

func (f *follower) over() {
	f.t.Helper()
	select {
	case got, ok := <-f.got:
		if ok {
			f.t.Errorf("got %s", got)
		}
	case <-time.After(10 * time.Second):
		f.t.Error("it has not ended")
	}
}

func (f *follower) quiet(d time.Duration) {
	f.t.Helper()
	select {
	case got, ok := <-f.got:
		f.t.Errorf("got %s (%t)", got, ok)
	case <-time.After(d):
	}
}

const streamSDL = `type Subscription { ticked(each: Int): Tick changed: Release } type Tick { n: Int release: Release } type Release @key(fields: "id") { id: ID! } type Query { x: Int }`

func streamWorld(t testing.TB, protocol gateway.Protocol) (*ownWorld, *subgraph.Service, func(more ...string) *supergraph.Supergraph) {
	w := newOwnWorld(t)
	stream := w.service("stream", streamSDL, "", func(o *gateway.RemoteOptions) { o.Streams = protocol })
	composed := func(more ...string) *supergraph.Supergraph {
		views := viewsSDL
		if len(more) > 0 {
			views = more[0]
		}
		sg, problems := supergraph.Compose([]supergraph.Subgraph{
			{Name: "sonata", SDL: link + ownSDL, Owned: true}, {Name: "views", SDL: link + views}, {Name: "stream", SDL: link + streamSDL},
		})
		if sg == nil {
			t.Fatal(problems)
		}
		return sg
	}
	return w, stream, composed
}

// Payloads of a service's subscription join what other services have, over both protocols. A swap under which the operation
// is still valid shows nothing; one under which it is not gives one error and the end.
func TestSubscriptionsOfAService(t *testing.T) {
	t.Parallel()
	for _, protocol := range []gateway.Protocol{gateway.Websocket, gateway.Events} {
		t.Run(string(protocol), func(t *testing.T) {
			t.Parallel()
			w, stream, composed := streamWorld(t, protocol)
			w.swap(composed())
			f := w.follow(`subscription($e: Int) {t: ticked(each: $e) {n release {id number views}}}`, nil)
			eventually(t, func() bool { return stream.Streams("ticked") == 1 })
			stream.Publish("ticked", `{"n":1,"release":{"id":"rel_1"}}`)
			f.want(`{"data":{"t":{"n":1,"release":{"id":"rel_1","number":1,"views":10}}}}`)
			stream.Publish("ticked", `{"n":{"$error":"no","code":"NO"},"release":null}`)
			f.want(`{"errors":[{"message":"no","path":["t","n"],"extensions":{"code":"NO","service":"stream"}}],"data":{"t":{"n":null,"release":null}}}`)
			w.views.Break(subgraph.Fault{Status: 500})
			stream.Publish("ticked", `{"n":2,"release":{"id":"rel_1"}}`)
			f.want(`{"errors":[{"message":"the service \"views\" cannot be reached","path":["t","release","views"],"extensions":{"code":"SUBGRAPH_UNAVAILABLE","service":"views"}}],"data":{"t":{"n":2,"release":{"id":"rel_1","number":1,"views":null}}}}`)
			w.views.Break(subgraph.Fault{})

			former := w.gateway.Current()
			for range 3 { // nothing is shown, and the service's stream goes on
				w.swap(composed(viewsSDL + byMore))
			}
			f.quiet(50 * time.Millisecond)
			select {
			case <-former.Drained():
			case <-time.After(5 * time.Second):
				t.Error("the former engine has not ended")
			}
			if asked := stream.Asked(); len(asked) != 1 || asked[0].Variables["e"] != nil {
				t.Errorf("it was subscribed to %d times: %v", len(asked), asked)
			}
			stream.Publish("ticked", `{"n":3,"release":{"id":"rel_2"}}`)
			f.want(`{"data":{"t":{"n":3,"release":{"id":"rel_2","number":2,"views":20}}}}`)

			w.swap(composed(strings.Replace(viewsSDL, "views: Int", "seen: Int", 1)))
			f.want(`{"errors":[{"message":"the graph has changed, and this subscription is not valid in it any more: load what is new and subscribe again","extensions":{"code":"SUBSCRIPTION_ENDED"}}],"data":null}`)
			f.over()
			eventually(t, func() bool { return stream.Streams("ticked") == 0 })
		})
	}
}

// A service ends a subscription in good order; a client that goes ends it at the service.
func TestTheEndOfASubscription(t *testing.T) {
	t.Parallel()
	for _, protocol := range []gateway.Protocol{gateway.Websocket, gateway.Events} {
		w, stream, composed := streamWorld(t, protocol)
		w.swap(composed())
		f := w.follow(`subscription {changed {number}}`, nil)
		eventually(t, func() bool { return stream.Streams("changed") == 1 })
		stream.EndStreams("changed")
		f.over()
		f = w.follow(`subscription {changed {number}}`, nil)
		eventually(t, func() bool { return stream.Streams("changed") == 1 })
		f.stop()
		eventually(t, func() bool { return stream.Streams("changed") == 0 })
		former := w.gateway.Current()
		w.swap(composed())
		select {
		case <-former.Drained():
		case <-time.After(5 * time.Second):
			t.Error("it is held")
		}
	}
}

// A service that restarts under a subscription is followed again; one that stays away is told of, within some seconds.
func TestAServiceRestartsUnderASubscription(t *testing.T) {
	t.Parallel()
	for _, protocol := range []gateway.Protocol{gateway.Websocket, gateway.Events} {
		t.Run(string(protocol), func(t *testing.T) {
			t.Parallel()
			w, stream, composed := streamWorld(t, protocol)
			gateway.GiveUpAfter(w.gateway, 4*time.Second)
			w.swap(composed())
			f := w.follow(`subscription {changed {number}}`, nil)
			eventually(t, func() bool { return stream.Streams("changed") == 1 })
			stream.Asked()
			w.servers["stream"].CloseClientConnections()
			stream.Drop()
			eventually(t, func() bool { return len(stream.Asked()) > 0 })
			eventually(t, func() bool { return stream.Streams("changed") == 1 })
			eventually(t, func() bool { return stream.Publish("changed", `{"id":"rel_1"}`) == 1 })
			f.want(`{"data":{"changed":{"number":1}}}`)
			w.servers["stream"].Listener.Close()
			w.servers["stream"].CloseClientConnections()
			stream.Drop()
			f.want(`{"errors":[{"message":"the service \"stream\" cannot be reached","path":["changed"],"extensions":{"code":"SUBGRAPH_UNAVAILABLE","service":"stream"}}],"data":null}`)
			f.over()
		})
	}
}

// A service that takes a subscription and breaks it off before it brings anything is asked a few times, and then its
// subscriber is told.
func TestAStreamThatBreaksOffAgainAndAgain(t *testing.T) {
	t.Parallel()
	w, stream, composed := streamWorld(t, gateway.Websocket)
	gateway.GiveUpAfter(w.gateway, 4*time.Second)
	w.swap(composed())
	f := w.follow(`subscription {changed {number}}`, nil)
	done := make(chan struct{})
	asked := make(chan int)
	go func() {
		n := 0
		for {
			select {
			case <-done:
				asked <- n + len(stream.Asked())
				return
			case <-time.After(2 * time.Millisecond):
				n += len(stream.Asked())
				stream.Drop()
			}
		}
	}()
	f.want(`{"errors":[{"message":"the service \"stream\" cannot be reached","path":["changed"],"extensions":{"code":"SUBGRAPH_UNAVAILABLE","service":"stream"}}],"data":null}`)
	f.over()
	close(done)
	if n := <-asked; n < 2 || n > 10 {
		t.Errorf("it was asked %d times", n)
	}
}

// Sonata's own subscriptions run through gqlgen; one that joins what a service has is planned.
func TestOwnSubscriptionsThatJoin(t *testing.T) {
	t.Parallel()
	w := newOwnWorld(t)
	w.swap(w.composed(viewsSDL))
	for query, want := range map[string]string{
		`subscription {releasePublished {number}}`:          `{"data":{"releasePublished":{"number":2}}}`,
		`subscription {r: releasePublished {number views}}`: `{"data":{"r":{"number":2,"views":20}}}`,
	} {
		f := w.follow(query, nil)
		f.want(want)
		f.want(want)
		f.over()
	}
	if texts := w.ran.take(); len(w.views.Asked()) != 2 || !slices.Contains(texts, `subscription {releasePublished {number}}`) {
		t.Error(texts)
	}
}

// Many subscriptions that come and go leave nothing behind.
func TestSubscriptionsLeaveNothing(t *testing.T) {
	w, stream, composed := streamWorld(t, gateway.Websocket)
	w.swap(composed())
	w.send(as("mem_1"), `{top {number views}}`, nil) // the engine begins with its first operation
	w.idle()
	baseline := runtime.NumGoroutine()
	for range 5 {
		var all []*follower
		for i := range 20 {
			all = append(all, w.follow(fmt.Sprintf(`subscription S%d {changed {number}}`, i), nil))
		}
		eventually(t, func() bool { return stream.Streams("changed") == 20 })
		w.swap(composed())
		stream.Publish("changed", `{"id":"rel_1"}`)
		for _, f := range all {
			f.want(`{"data":{"changed":{"number":1}}}`)
			f.stop()
		}
		eventually(t, func() bool { return stream.Streams("changed") == 0 })
	}
	w.idle()
	eventually(t, func() bool { return runtime.NumGoroutine() <= baseline })
}
