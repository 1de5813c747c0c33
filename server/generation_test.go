package server

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"sonata.ai/sonata/internal/access"
)

// numbered is a graph that answers everything with its number, until it is let go where it is to be.
type numbered struct {
	schema  *ast.Schema
	number  int
	began   chan<- struct{}
	release <-chan struct{}
}

func (n numbered) Schema() *ast.Schema { return n.schema }

func (numbered) Complexity(context.Context, string, string, int, map[string]any) (int, bool) {
	return 0, false
}

func (n numbered) Exec(context.Context) graphql.ResponseHandler {
	return graphql.OneShot(func() *graphql.Response {
		if n.release != nil {
			n.began <- struct{}{}
			<-n.release
		}
		return &graphql.Response{Data: json.RawMessage(fmt.Sprintf(`{"n":%d}`, n.number))}
	}())
}

func graphOf(t *testing.T, n numbered, sdl string) Graph {
	t.Helper()
	n.schema = gqlparser.MustLoadSchema(&ast.Source{Input: sdl})
	g, err := NewGraph(n, func(context.Context, string, string) {})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// surfaceOf is a server whose graph can be replaced.
func surfaceOf(t *testing.T, first Graph) (*Surface, *httptest.Server) {
	t.Helper()
	var parts Parts
	edgeWith(t, access.NewLimits(0, 0, 0), func(p *Parts) { parts = *p })
	parts.Graph = first
	surface := New(parts)
	srv := httptest.NewServer(surface)
	t.Cleanup(srv.Close)
	return surface, srv
}

const plainGraph = `type Query { n: Int }`

// While graphs are replaced one after the other, every request is answered, and nobody is answered by an older graph after
// a newer one.
func TestNoRequestFailsWhileTheGraphIsReplaced(t *testing.T) {
	t.Parallel()
	surface, srv := surfaceOf(t, graphOf(t, numbered{number: 1}, plainGraph))
	done, last := make(chan struct{}), 100
	var asking sync.WaitGroup
	for range 8 {
		asking.Go(func() {
			newest := 0
			for over := false; !over; {
				select {
				case <-done:
					over = true
				default:
				}
				got := ask(t, srv, "", `{ n }`)
				var answer struct{ Data struct{ N int } }
				if json.Unmarshal([]byte(got.body), &answer) != nil || got.StatusCode != http.StatusOK || answer.Data.N < newest || over && answer.Data.N != last {
					t.Errorf("after %d: %d %s", newest, got.StatusCode, got.body)
					return
				}
				newest = answer.Data.N
			}
		})
	}
	for n := 2; n <= last; n++ {
		surface.Serve(graphOf(t, numbered{number: n}, plainGraph))
	}
	close(done)
	asking.Wait()
}

// What runs ends on the graph on which it began; a websocket that is open begins what follows on the new one.
func TestWhatRunsEndsOnTheGraphThatItBeganOn(t *testing.T) {
	t.Parallel()
	began, release := make(chan struct{}, 1), make(chan struct{})
	letGo := sync.OnceFunc(func() { close(release) })
	surface, srv := surfaceOf(t, graphOf(t, numbered{number: 1, began: began, release: release}, plainGraph))
	t.Cleanup(letGo) // before the server waits for its requests
	running := make(chan reply, 1)
	go func() { running <- ask(t, srv, "", `{ n }`) }()
	<-began
	conn, _, err := websocket.Dial(t.Context(), strings.Replace(srv.URL, "http", "ws", 1)+"/graphql", &websocket.DialOptions{Subprotocols: []string{subprotocol}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.CloseNow() })
	tell(t, conn, `{"type":"connection_init"}`)
	hears(t, conn, ack)

	surface.Serve(graphOf(t, numbered{number: 2}, `type Query { m: Int }`))
	tell(t, conn, begin("1", "{ m }"))
	hears(t, conn, `{"id":"1","type":"next","payload":{"data":{"n":2}}}`, `{"id":"1","type":"complete"}`)
	if got := ask(t, srv, "", `{ n }`); !strings.Contains(got.body, `Cannot query field \"n\"`) {
		t.Errorf("what the new graph does not have: %s", got.body)
	}
	if got := send(t, http.MethodGet, srv.URL+"/schema.graphql", "graph:explore", ""); !strings.Contains(got.body, "m: Int") {
		t.Errorf("the text of the new graph: %d %s", got.StatusCode, got.body)
	}
	letGo()
	if got := <-running; got.body != `{"data":{"n":1}}` {
		t.Errorf("what ran: %s", got.body)
	}
}
