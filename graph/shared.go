package graph

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"golang.org/x/sync/singleflight"

	"sonata.ai/sonata/internal/delivery"
	"sonata.ai/sonata/internal/document"
	"sonata.ai/sonata/internal/kept"
)

// Shared lets equal subscriptions to what is published be worked out once for each event, however many there are: whether
// the reader may see it was asked when the event was made. What an event brings besides its data is each reader's own.
type Shared struct {
	guard *Guard
	kept  *kept.Kept[sharedKey, []byte]
	one   singleflight.Group
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationInterceptor
} = &Shared{}

// sharedBytes bounds the data that is kept: an event is asked for by all within a moment.
const sharedBytes = 8 << 20

// sharedKey is what the data of an event depends on.
type sharedKey struct {
	document  string // hash
	operation string
	variables string // coerced, as JSON with sorted names
	event     string // all that the graph shows of it
}

// NewShared returns the extension; it goes last, next to the executor.
func NewShared(guard *Guard) *Shared {
	return &Shared{guard: guard, kept: kept.New(sharedBytes, func(key sharedKey, data []byte) int {
		return len(key.variables) + len(key.event) + len(data) + 256
	})}
}

// ExtensionName names the extension.
func (*Shared) ExtensionName() string { return "Shared" }

// Validate accepts every schema.
func (*Shared) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptOperation takes the events of a stream over from its resolver, and has the data of each worked out once.
func (x *Shared) InterceptOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	op, asked := graphql.GetOperationContext(ctx), document.From(ctx)
	if op.Operation.Operation != ast.Subscription || !x.guard.Published(op.Operation) || len(op.Extensions) > 0 || asked == nil {
		return next(ctx)
	}
	variables, err := json.Marshal(op.Variables)
	if err != nil {
		return next(ctx)
	}
	h := &handover{}
	responses := next(context.WithValue(ctx, handoverKey{}, h))
	if h.take == nil {
		return responses // it was refused, and says why; or is no stream that is handed over
	}
	key := sharedKey{document: asked.Hash, operation: op.Operation.Name, variables: string(variables)}
	return func(ctx context.Context) *graphql.Response {
		event, identity, ok := h.take()
		if !ok {
			return nil
		}
		key.event = identity
		if data, ok := x.data(ctx, key, event, next); ok {
			return &graphql.Response{Data: data}
		}
		return workOut(ctx, event, next)
	}
}

// data returns the data of an event; ok is false when it cannot be shared.
func (x *Shared) data(ctx context.Context, key sharedKey, event any, next graphql.OperationHandler) (data []byte, ok bool) {
	if data, ok = x.kept.Get(key); ok {
		return data, true
	}
	got, _, _ := x.one.Do(key.document+" "+key.operation+" "+key.variables+" "+key.event, func() (any, error) {
		if data, ok := x.kept.Get(key); ok {
			return data, nil
		}
		response := workOut(ctx, event, next)
		if response == nil || len(response.Errors) > 0 || len(response.Extensions) > 0 {
			return nil, nil
		}
		data := append([]byte(nil), response.Data...) // the executor uses its buffer again
		x.kept.Put(key, data)
		return data, nil
	})
	data, ok = got.([]byte)
	return data, ok
}

// workOut has the executor answer one event.
func workOut(ctx context.Context, event any, next graphql.OperationHandler) *graphql.Response {
	return next(context.WithValue(ctx, handoverKey{}, &handover{event: event}))(ctx)
}

type handoverKey struct{}

// handover is between the executor and the resolver of a stream: the resolver hands over its events, or is handed one.
type handover struct {
	event any                                          // to answer and nothing else
	take  func() (event any, identity string, ok bool) // the next one; false at the end
}

// handed is the stream of the one event that a resolver is handed; nil for a resolver that is to make its own.
func handed[E, M any](ctx context.Context, to func(E) (*M, error)) <-chan *M {
	h, _ := ctx.Value(handoverKey{}).(*handover)
	if h == nil {
		return nil
	}
	event, ok := h.event.(E)
	if !ok {
		return nil
	}
	out := make(chan *M, 1)
	if m, err := to(event); err == nil {
		out <- m
	}
	close(out)
	return out
}

// handOver gives the events of a stream to whoever waits for them; false when nobody does.
func handOver[E any](ctx context.Context, events <-chan E, identity func(E) string, split func(E) sending) bool {
	h, _ := ctx.Value(handoverKey{}).(*handover)
	s, streaming := ctx.Value(streamKey{}).(*stream)
	if h == nil || h.event != nil || !streaming {
		return false
	}
	h.take = func() (any, string, bool) {
		select {
		case ev, more := <-events:
			if !more {
				return nil, "", false
			}
			beside := split(ev)
			if beside.err != nil {
				s.fail(beside.err)
				return nil, "", false
			}
			s.note(beside)
			return ev, identity(ev), true
		case <-ctx.Done():
			return nil, "", false
		}
	}
	return true
}

// shared is the stream of a subscription whose events may be worked out once for all of its readers.
func shared[E, M any](ctx context.Context, to func(E) (*M, error), identity func(E) string, split func(E) sending, watch func() (<-chan E, error)) (<-chan *M, error) {
	if one := handed(ctx, to); one != nil {
		return one, nil
	}
	events, err := watch()
	if err != nil {
		return nil, err
	}
	if handOver(ctx, events, identity, split) {
		none := make(chan *M)
		close(none)
		return none, nil
	}
	return relay(ctx, events, to, split), nil
}

// releaseIdentity is everything that the graph shows of an event.
func releaseIdentity(e delivery.ReleaseEvent) string {
	id := func(r *delivery.ReleaseRef) string {
		if r == nil {
			return "-"
		}
		return r.ID
	}
	return fmt.Sprint(e.Kind, " ", e.Sequence, " ", e.Cursor, " ", id(e.Release), " ", id(e.Previous), " ", e.RefetchWithinMs, " ", e.Changed)
}

// screenIdentity is the same for a picture: its id says where it comes from, and its hash what it shows.
func screenIdentity(e delivery.ScreenEvent) string {
	if e.Snapshot == nil {
		return e.Cause
	}
	return e.Cause + " " + e.Snapshot.ID + " " + e.Snapshot.ContentHash
}
