package gateway_test

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sonata.ai/sonata/internal/gateway"
	"sonata.ai/sonata/internal/supergraph"
	"sonata.ai/sonata/internal/testkit/subgraph"
)

// A hundred swaps under load: no request fails, every former engine ends, and nothing is left behind.
func TestSwapsUnderLoad(t *testing.T) {
	w := newOwnWorld(t)
	more, less := w.composed(viewsSDL+byMore), w.composed(viewsSDL)
	w.swap(less)
	w.send(as("mem_1"), `{top {number views}}`, nil)
	w.idle()
	baseline := runtime.NumGoroutine()

	done := make(chan struct{})
	var requests atomic.Int64
	var load sync.WaitGroup
	for i := range 8 {
		load.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-done:
					return
				default:
				}
				viewer := fmt.Sprint("mem_", i)
				got := w.send(as(viewer), fmt.Sprintf(`query Q%d {viewer releases {number views}}`, n%10), nil)
				if want := fmt.Sprintf(`{"data":{"viewer":%q,"releases":[{"number":1,"views":10},{"number":2,"views":20}]}}`, viewer); got != want {
					t.Error(got)
				}
				requests.Add(1)
			}
		})
	}
	var former []*gateway.Engine
	for i := range 100 {
		former = append(former, w.gateway.Current())
		if i%2 == 0 {
			w.swap(more)
		} else {
			w.swap(less)
		}
	}
	close(done)
	load.Wait()
	for i, e := range former {
		select {
		case <-e.Drained():
		case <-time.After(10 * time.Second):
			t.Fatalf("engine %d has not ended", i)
		}
	}
	w.idle()
	eventually(t, func() bool { return runtime.NumGoroutine() <= baseline })
	t.Logf("%d requests, %d goroutines before and %d after", requests.Load(), baseline, runtime.NumGoroutine())
}

// Swaps keep no memory: what an engine took goes with it.
func TestSwapsKeepNoMemory(t *testing.T) {
	w := newOwnWorld(t)
	more, less := w.composed(viewsSDL+byMore), w.composed(viewsSDL)
	heap := func(swaps int) int64 {
		for i := range swaps {
			w.swap([]*supergraph.Supergraph{more, less}[i%2])
			if got := w.send(as("mem_1"), `{top {number views}}`, nil); got != `{"data":{"top":{"number":2,"views":20}}}` {
				t.Fatal(got)
			}
		}
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	first := heap(40)
	last := heap(200)
	t.Logf("%d kB after 40 swaps, %d kB after 240", first>>10, last>>10)
	if last > first+(2<<20) {
		t.Errorf("200 swaps left %d kB", (last-first)>>10)
	}
}

func (w *world) idle() {
	for _, r := range w.remotes {
		r.Close()
	}
	http.DefaultClient.CloseIdleConnections()
}

// What was asked for the most is planned before a swap, so nobody waits for a plan after it.
func TestHotDocumentsArePlannedBeforeASwap(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const hot = `query($deep: Boolean!) {products(first: 1) {name stars @include(if: $deep)}}`
	for range 3 {
		w.want(hot, `{"deep":true}`, `{"data":{"products":[{"name":"Chair","stars":4.5}]}}`)
	}
	w.want(`{me}`, "", `{"data":{"me":"products"}}`)
	e := w.swap(wholeGraph(t))
	if n := gateway.PlansKept(e); n != 2 {
		t.Errorf("%d plans", n)
	}
	w.want(hot, `{"deep":true}`, `{"data":{"products":[{"name":"Chair","stars":4.5}]}}`)
	if n := gateway.PlansMade(e); n != 2 {
		t.Errorf("%d plans were made", n)
	}
}

// What runs at a swap ends on the engine it began with, and that engine only ends afterwards.
func TestWhatRunsAtASwapEndsWhereItBegan(t *testing.T) {
	t.Parallel()
	w := newOwnWorld(t)
	w.swap(w.composed(viewsSDL))
	former := w.gateway.Current()
	w.views.Break(subgraph.Fault{Slow: 300 * time.Millisecond})
	got := make(chan string)
	go func() { got <- w.send(as("mem_1"), `{top {number views}}`, nil) }()
	eventually(t, func() bool { return len(w.views.Asked()) > 0 })
	w.swap(w.composed(strings.Replace(viewsSDL, "views: Int", "seen: Int", 1)))
	select {
	case <-former.Drained():
		t.Error("it ended while something ran on it")
	default:
	}
	if got := <-got; got != `{"data":{"top":{"number":2,"views":20}}}` {
		t.Error(got)
	}
	select {
	case <-former.Drained():
	case <-time.After(5 * time.Second):
		t.Error("it has not ended")
	}
}

// Root fields of a mutation run in their order. One that fails is null with an error; what ran before it stays, what stands
// behind it runs, and nothing is sent twice.
func TestMutationsAreSerial(t *testing.T) {
	t.Parallel()
	w := newWorld(t, short)
	const query = `mutation {a: reviewAdd(text: "1") b: productRename(id: 1, name: "x") {name stars} c: reviewAdd(text: "2") d: reviewAdd(text: "3")}`
	w.want(query, "", `{"data":{"a":"1","b":{"name":"Chair","stars":4.5},"c":"2","d":"3"}}`)
	var order []string
	for _, a := range w.reviews.Asked() {
		if strings.HasPrefix(a.Query, "mutation") {
			order = append(order, a.Query)
		}
	}
	if got, want := strings.Join(order, " "), "a: c: d:"; len(order) != 3 || !strings.Contains(order[0], "{a:") || !strings.Contains(order[1], "{c:") || !strings.Contains(order[2], "{d:") {
		t.Error(got, want)
	}
	w.products.Asked()
	w.products.Break(subgraph.Fault{Status: 503})
	w.want(query, "", `{"errors":[{"message":"the service \"products\" cannot be reached","path":["b"],"extensions":{"code":"SUBGRAPH_UNAVAILABLE","service":"products"}}],"data":{"a":"1","b":null,"c":"2","d":"3"}}`)
	if n := len(w.products.Asked()); n != 1 {
		t.Errorf("it was sent %d times", n)
	}
	w.products.Break(subgraph.Fault{Slow: time.Minute})
	if got := w.ask(context.Background(), query, ""); !strings.Contains(got, `"code":"SUBGRAPH_TIMEOUT"`) || !strings.Contains(got, `"data":{"a":"1","b":null,"c":"2","d":"3"}`) {
		t.Error(got)
	}
}
