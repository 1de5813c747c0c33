package graph

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// A hundred readers of one event have it worked out once; another event, other variables and what failed are worked out
// again.
func TestEqualEventsAreWorkedOutOnce(t *testing.T) {
	t.Parallel()
	x := NewShared(nil)
	var times atomic.Int32
	answer := func(response *graphql.Response) graphql.OperationHandler {
		return func(context.Context) graphql.ResponseHandler {
			return func(context.Context) *graphql.Response {
				times.Add(1)
				time.Sleep(20 * time.Millisecond)
				return response
			}
		}
	}
	whole := answer(&graphql.Response{Data: []byte(`{"a":1}`)})
	key := sharedKey{document: "d", variables: "{}", event: "1"}
	var all sync.WaitGroup
	var first atomic.Pointer[byte]
	for range 100 {
		all.Go(func() {
			if data, ok := x.data(t.Context(), key, 1, whole); !ok || string(data) != `{"a":1}` {
				t.Errorf("%s %v", data, ok)
			} else if first.CompareAndSwap(nil, &data[0]); first.Load() != &data[0] {
				t.Error("what is equal is in memory twice")
			}
		})
	}
	all.Wait()
	if n := times.Load(); n != 1 {
		t.Errorf("worked out %d times", n)
	}
	for _, other := range []sharedKey{{document: "d", variables: "{}", event: "2"}, {document: "d", variables: `{"a":1}`, event: "1"}, {document: "e", variables: "{}", event: "1"}} {
		x.data(t.Context(), other, 1, whole)
	}
	if n := times.Load(); n != 4 {
		t.Errorf("worked out %d times, want 4", n)
	}
	failed := answer(&graphql.Response{Data: []byte("null"), Errors: gqlerror.List{{Message: "no"}}})
	for range 2 {
		if data, ok := x.data(t.Context(), sharedKey{event: "3"}, 1, failed); ok {
			t.Errorf("what failed is shared: %s", data)
		}
	}
	if n := times.Load(); n != 6 {
		t.Errorf("worked out %d times, want 6", n)
	}
}
