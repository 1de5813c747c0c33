package gateway_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/99designs/gqlgen/graphql"

	"sonata.ai/sonata/internal/principal"
)

func as(id string) context.Context {
	return principal.With(context.Background(), principal.Principal{Actor: principal.Actor{ID: id, Kind: principal.Member}})
}

// What touches nothing but Sonata's own schema is handed to its own executable, with the text as it came.
func TestOwnOperationsAreHandedOn(t *testing.T) {
	t.Parallel()
	w := newOwnWorld(t)
	const query = `query Q($id: ID!) { viewer node(id: $id) { id ... on Release { number } } __typename }`
	w.swap(w.composed(viewsSDL))
	w.ran.take()
	got := w.send(as("mem_1"), query, map[string]any{"id": "rel_2"})
	if want := `{"data":{"viewer":"mem_1","node":{"id":"rel_2","number":2},"__typename":"Query"}}`; got != want {
		t.Errorf("got %s", got)
	}
	if texts := w.ran.take(); len(texts) != 1 || texts[0] != query {
		t.Errorf("it ran %q", texts)
	}
	if n := len(w.views.Asked()); n > 0 {
		t.Errorf("the service was asked %d times", n)
	}
}

// A field of a service that @skip takes away makes the plan one of Sonata alone, but the text is not valid there.
func TestAForeignFieldThatIsSkipped(t *testing.T) {
	t.Parallel()
	w := newOwnWorld(t)
	w.swap(w.composed(viewsSDL))
	const query = `query Q($no: Boolean!) { viewer release { number views @skip(if: $no) } }`
	for no, want := range map[bool]string{
		true:  `{"data":{"viewer":"mem_2","release":{"number":1}}}`,
		false: `{"data":{"viewer":"mem_2","release":{"number":1,"views":10}}}`,
	} {
		if got := w.send(as("mem_2"), query, map[string]any{"no": no}); got != want {
			t.Errorf("%t: %s", no, got)
		}
	}
}

// Entities of Sonata are found by their ids, in this process and as who asks.
func TestOwnEntitiesAreJoined(t *testing.T) {
	t.Parallel()
	w := newOwnWorld(t)
	w.swap(w.composed(viewsSDL))
	const split = `{...S ... {top {views}}} fragment S on Query {s: __schema {queryType {name}}}`
	for query, want := range map[string]string{
		split:                            `{"data":{"s":{"fieldsOfRelease":3},"top":{"views":20}}}`,
		`{releases {number views}}`:      `{"data":{"releases":[{"number":1,"views":10},{"number":2,"views":20}]}}`,
		`{top {id number views} viewer}`: `{"data":{"top":{"id":"rel_2","number":2,"views":20},"viewer":"mem_3"}}`,
		`{node(id: "rel_1") {id ... on Release {views}}}`:      `{"data":{"node":{"id":"rel_1","views":10}}}`,
		`mutation {count(n: 3) publish(title: "x")}`:           `{"data":{"count":3,"publish":"x"}}`,
		`{a: release {views} b: release {n: number v: views}}`: `{"data":{"a":{"views":10},"b":{"n":1,"v":10}}}`,
		`{top {number} __typename}`:                            `{"data":{"top":{"number":2},"__typename":"Query"}}`,
		`{_service {sdl}}`:                                     `{"errors":[{"message":"Cannot query field \"_service\" on type \"Query\".","locations":[{"line":1,"column":2}],"extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}],"data":null}`,
		`{top {missing}}`:                                      `{"errors":[{"message":"Cannot query field \"missing\" on type \"Release\".","locations":[{"line":1,"column":7}],"extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}],"data":null}`,
		`{top {number} __schema {types {name}}}`:               `{"data":{"top":{"number":2},"__schema":{"fieldsOfRelease":3}}}`,
	} {
		if got := w.send(as("mem_3"), query, nil); got != want {
			t.Errorf("%s\n got %s\nwant %s", query, got, want)
		}
	}
}

// An operation that was read before a swap runs on the engine that is live, when it is valid there; else it is refused.
func TestASwapBetweenReadingAndRunning(t *testing.T) {
	t.Parallel()
	w := newOwnWorld(t)
	w.swap(w.composed(viewsSDL))
	ctx := as("mem_4")
	read := func(query string) func() string {
		op, errs := w.executor.CreateOperationContext(graphql.StartOperationTrace(ctx), &graphql.RawParams{Query: query})
		if errs != nil {
			t.Fatal(errs)
		}
		return func() string {
			responses, inner := w.executor.DispatchOperation(ctx, op)
			r := responses(inner)
			return fmt.Sprint(string(r.Data), r.Errors)
		}
	}
	stays, goes := read(`{top {number}}`), read(`{top {number views}}`)
	w.swap(w.composed(strings.Replace(viewsSDL, "views: Int", "seen: Int", 1)))
	if got := stays(); got != `{"top":{"number":2}}` {
		t.Error(got)
	}
	if got := goes(); !strings.Contains(got, `Cannot query field "views"`) {
		t.Error(got)
	}
	// what the cache of documents kept of the former schema is not found any more
	if got := w.send(ctx, `{top {number views}}`, nil); !strings.Contains(got, `Cannot query field \"views\"`) {
		t.Error(got)
	}
}

// Swaps take an input type away and bring it back while operations with variables of that type arrive: each is answered or
// refused as not valid, and what is valid in both graphs is always answered.
func TestSwapsWhileOperationsAreRead(t *testing.T) {
	t.Parallel()
	w := newOwnWorld(t)
	with := w.composed(viewsSDL + byMore)
	without := w.composed(viewsSDL)
	w.swap(with)
	done := make(chan struct{})
	var wait sync.WaitGroup
	for i := range 4 {
		wait.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-done:
					return
				default:
				}
				ctx := as(fmt.Sprint(i))
				if got := w.send(ctx, `query($id: ID!) {top {number} node(id: $id) {id}}`, map[string]any{"id": "rel_1"}); got != `{"data":{"top":{"number":2},"node":{"id":"rel_1"}}}` {
					t.Error(got)
				}
				got := w.send(ctx, fmt.Sprintf(`query Q%d($by: By) {by(by: $by)}`, n%8), map[string]any{"by": map[string]any{"n": 1}})
				if got != `{"data":{"by":null}}` && !strings.Contains(got, "GRAPHQL_VALIDATION_FAILED") {
					t.Error(got)
				}
			}
		})
	}
	swaps := 60
	if raced {
		swaps = 20
	}
	for i := range swaps {
		if i%2 == 0 {
			w.swap(without)
		} else {
			w.swap(with)
		}
	}
	close(done)
	wait.Wait()
}
