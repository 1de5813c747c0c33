package gateway_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"sonata.ai/sonata/internal/gateway"
)

// whoami is a service that answers with who asks, as the header says that it is told.
func whoami() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var q struct{ Query string }
		_ = json.NewDecoder(r.Body).Decode(&q)
		w.Header().Set("Content-Type", "application/json")
		time.Sleep(time.Millisecond) // so that equal questions are under way together
		if strings.Contains(q.Query, "_entities") {
			fmt.Fprintf(w, `{"data":{"_entities":[{"__typename":"Product","best":{"text":%q}}]}}`, r.Header.Get("X-Viewer"))
			return
		}
		fmt.Fprintf(w, `{"data":{"me":%q,"product":{"id":"1","__typename":"Product"}}}`, r.Header.Get("X-Viewer"))
	})
}

// Equal questions of two viewers at the same time: each gets its own answer, at a root field and at an entity. The engine can
// run equal requests once, and looks at neither the context nor who asks when it does.
func TestViewersAreNeverMixed(t *testing.T) {
	w := newWorld(t)
	server := httptest.NewServer(whoami())
	t.Cleanup(server.Close)
	for _, name := range []string{"products", "reviews"} {
		remote, err := gateway.NewRemote(gateway.RemoteOptions{
			Name: name, URL: server.URL, Reach: gateway.Reach{AllowPrivate: true}, Headers: []string{"X-Viewer"}, Deadline: time.Minute,
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(remote.Close)
		w.sources[name] = remote
	}
	w.swap(wholeGraph(t))

	all := 10_000
	if raced {
		all = 1000
	}
	var wait sync.WaitGroup
	mixed := make(chan string, all)
	for i := range all {
		wait.Go(func() {
			viewer := fmt.Sprintf("viewer-%d", i%2)
			ctx := gateway.WithCaller(context.Background(), http.Header{"X-Viewer": {viewer}})
			want := fmt.Sprintf(`{"data":{"me":%q,"product":{"id":"1","best":{"text":%q}}}}`, viewer, viewer)
			if got := w.ask(ctx, `{me product(id: 1) {id best {text}}}`, ""); got != want {
				mixed <- got
			}
		})
	}
	wait.Wait()
	close(mixed)
	n := 0
	for got := range mixed {
		if n++; n < 4 {
			t.Error(got)
		}
	}
	if n > 0 {
		t.Errorf("%d of %d answers were for somebody else", n, all)
	}
}
