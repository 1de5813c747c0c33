package gateway_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"sonata.ai/sonata/internal/gateway"
)

// What an operation costs that joins two services over HTTP, and what the two requests alone cost.
func BenchmarkJoin(b *testing.B) {
	answers := func(body string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(body))
		})
	}
	w := newWorld(b)
	for name, body := range map[string]string{
		"products": `{"data":{"products":[{"name":"Chair","__typename":"Product","id":"1"},{"name":"Table","__typename":"Product","id":"2"}]}}`,
		"reviews":  `{"data":{"_entities":[{"__typename":"Product","stars":4.5},{"__typename":"Product","stars":3}]}}`,
	} {
		server := httptest.NewServer(answers(body))
		b.Cleanup(server.Close)
		r, err := gateway.NewRemote(gateway.RemoteOptions{Name: name, URL: server.URL, Reach: gateway.Reach{AllowPrivate: true}})
		if err != nil {
			b.Fatal(err)
		}
		w.sources[name], w.remotes[name] = r, r
	}
	w.swap(wholeGraph(b))
	b.Run("floor", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for _, r := range []string{"products", "reviews"} {
				if _, err := w.remotes[r].Ask(context.Background(), question(`{products(first: 2) {name}}`)); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	b.Run("joined", func(b *testing.B) {
		b.ReportAllocs()
		var out bytes.Buffer
		e := w.gateway.Current()
		run := gateway.Prepared(e, `{products(first: 2) {name stars}}`)
		for b.Loop() {
			out.Reset()
			if r := run(context.Background()); len(r.Errors) > 0 {
				b.Fatal(r.Errors)
			}
		}
	})
}

// What the whole graph costs where an operation touches nothing but Sonata's own schema.
func BenchmarkOwn(b *testing.B) {
	w := newOwnWorld(b)
	const query = `query Q($id: ID!) { viewer node(id: $id) { id ... on Release { number } } }`
	variables := map[string]any{"id": "rel_2"}
	run := func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			w.send(as("mem_1"), query, variables)
		}
	}
	b.Run("alone", run)
	w.swap(w.composed(viewsSDL))
	b.Run("composed", run)
}

// What is counted for a plan is about what it takes, and rather more.
func TestPlanBytes(t *testing.T) {
	w := newWorld(t)
	e := w.gateway.Current()
	heap := func() uint64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	gateway.PlanOf(t, e, `{me}`)
	for _, fields := range []int{1, 10, 60} {
		const plans = 10
		var kept []any
		before, counted := heap(), 0
		for n := range plans {
			var text strings.Builder
			fmt.Fprintf(&text, "query Q%d_%d {", n, fields)
			for i := range fields {
				fmt.Fprintf(&text, "f%d: product(id: %d) {name stars best {text product {name}}}", i, i)
			}
			text.WriteString("}")
			p, bytes := gateway.PlanOf(t, e, text.String())
			kept, counted = append(kept, p), counted+bytes
		}
		took := int(heap()-before) / plans
		t.Logf("%d fields: %d bytes each, %d counted", fields, took, counted/plans)
		if counted/plans < took/2 || counted/plans > 6*took {
			t.Errorf("%d fields: a plan takes %d bytes and is counted as %d", fields, took, counted/plans)
		}
		runtime.KeepAlive(kept)
	}
}

// Many services that all contribute to one type: planning stays quick.
func TestPlanningOverManyServices(t *testing.T) {
	t.Parallel()
	services, fields := []string{"products", productsSDL}, []string{"name"}
	w := &world{t: t, gateway: gateway.New(gateway.Options{}), remotes: map[string]*gateway.Remote{}, sources: map[string]gateway.Source{}, servers: servers{}}
	t.Cleanup(w.gateway.Close)
	w.service("products", productsSDL, productsData)
	for i := range 20 {
		name := fmt.Sprint("s", i)
		sdl := fmt.Sprintf(`type Product @key(fields: "id") { id: ID! f%d: Int shared: Int @shareable same: Product @shareable }`, i)
		services, fields = append(services, name, sdl), append(fields, fmt.Sprintf("f%d", i))
		w.service(name, sdl, fmt.Sprintf(`{"Product": [{"id":"1","f%d":%d,"shared":7,"same":{"$ref":"Product","id":"1"}}]}`, i, i))
	}
	e := w.swap(compose(t, services...))
	all := strings.Join(fields, " ")
	text := fmt.Sprintf("{product(id: 1) {%s shared same {%s shared same {%s}}}}", all, all, all)
	began := time.Now()
	_, _ = gateway.PlanOf(t, e, text)
	took := time.Since(began)
	t.Logf("planned in %s", took)
	if !raced && took > 2*time.Second {
		t.Errorf("planning took %s", took)
	}
	if got := w.ask(context.Background(), text, ""); !strings.Contains(got, `"f19":19`) || strings.Contains(got, "errors") {
		t.Errorf("%.500s", got)
	}
}
