package graph

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// draining counts who waits for its end.
type draining struct {
	context.Context
	waiting atomic.Int64
}

// Value hides what is below, so that every wait comes to AfterFunc.
func (d *draining) Value(any) any { return nil }

// AfterFunc counts one who waits, until it stops waiting.
func (d *draining) AfterFunc(func()) (stop func() bool) {
	d.waiting.Add(1)
	return func() bool { d.waiting.Add(-1); return true }
}

func TestStreamsForgetWhatEnded(t *testing.T) {
	t.Parallel()
	process, stop := context.WithCancel(t.Context())
	defer stop()
	d := &draining{Context: process}
	ctx, end := context.WithCancel(graphql.WithOperationContext(t.Context(), &graphql.OperationContext{
		Operation: &ast.OperationDefinition{Operation: ast.Subscription},
	}))
	Streams{Draining: d}.InterceptOperation(ctx, func(context.Context) graphql.ResponseHandler { return nil })
	if n := d.waiting.Load(); n != 1 {
		t.Fatalf("%d wait for the drain, want the one stream", n)
	}
	end()
	for deadline := time.Now().Add(5 * time.Second); d.waiting.Load() != 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("a stream that ended is kept in memory until the process ends")
		}
	}
}
