package graph

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"golang.org/x/sync/singleflight"

	"sonata.ai/sonata/internal/delivery"
	"sonata.ai/sonata/internal/document"
	"sonata.ai/sonata/internal/event"
	"sonata.ai/sonata/internal/kept"
)

// Shared follows streams, and lets equal subscriptions to what is published be worked out once for each event, however many there are: whether
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

// InterceptOperation takes the events of a stream over from its resolver, and has the executor answer them one by one: those
// that may be shared once for all.
func (x *Shared) InterceptOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	op := graphql.GetOperationContext(ctx)
	if op.Operation.Operation != ast.Subscription {
		return next(ctx)
	}
	h := &handover{}
	responses := next(context.WithValue(ctx, handoverKey{}, h))
	if h.take == nil {
		return responses // it was refused, and says why
	}
	key, shares := x.keyOf(ctx, op)
	h.alert.follow(h, shares)
	return func(ctx context.Context) *graphql.Response {
		event, identity, ok := h.take()
		if !ok {
			return nil
		}
		if shares {
			if key.event = identity(); key.event != "" {
				if data, ok := x.data(ctx, key, event, next); ok {
					return &graphql.Response{Data: data}
				}
			}
		}
		return workOut(ctx, event, next)
	}
}

// keyOf is what equal subscriptions have in common; ok is false for one whose events are its own.
func (x *Shared) keyOf(ctx context.Context, op *graphql.OperationContext) (key sharedKey, ok bool) {
	asked := document.From(ctx)
	if !x.guard.Published(op.Operation) || len(op.Extensions) > 0 || asked == nil {
		return key, false
	}
	variables, err := json.Marshal(op.Variables)
	return sharedKey{document: asked.Hash, operation: op.Operation.Name, variables: string(variables)}, err == nil
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
	event any                                                 // to answer and nothing else
	take  func() (event any, identity func() string, ok bool) // the next one; false when there is none now, or at the end
	alert *Alert                                              // of who asks; nil for one who waits
	wakes func(func())                                        // says whom to call when it is worth to take again
	quick func() bool                                         // whether nothing is read but memory; nil for never
}

// feed is a kind of stream: what becomes of its events.
type feed[E, M any] struct {
	to       func(E) (*M, error)
	split    func(E) sending
	identity func(E) string // everything that the graph shows of one, "" for one that is not shared; nil for events that never are
	quick    func() bool    // whether nothing is read but memory; nil for never
}

// follow is the stream of a subscription. Its resolver runs once for all of its events, and then once for each.
func follow[E, M any](ctx context.Context, f feed[E, M], watch func() (*event.Stream[E], error)) (<-chan *M, error) {
	h, asked := ctx.Value(handoverKey{}).(*handover)
	s, streaming := ctx.Value(streamKey{}).(*stream)
	if !asked || !streaming {
		return nil, errors.New("the executor takes no streams")
	}
	out := make(chan *M, 1)
	defer close(out)
	if h.event != nil {
		m, err := f.to(h.event.(E)) //nolint:forcetypeassert // it was this resolver that handed it over
		if err != nil {
			s.fail(err)
			return out, nil
		}
		out <- m
		return out, nil
	}
	events, err := watch()
	if err != nil {
		return nil, err
	}
	h.alert, h.wakes, h.quick = alertOf(ctx), events.OnWake, f.quick
	h.take = func() (any, func() string, bool) {
		ev, ok := nextOf(h.alert, events)
		if !ok {
			return nil, nil, false
		}
		beside := f.split(ev)
		if beside.err != nil {
			s.fail(beside.err)
			return nil, nil, false
		}
		s.note(beside)
		return ev, func() string { return f.identity(ev) }, true
	}
	return out, nil
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
	if e.Snapshot.Data.Bound {
		return "" // data is each reader's own
	}
	return e.Cause + " " + e.Snapshot.ID + " " + e.Snapshot.ContentHash
}
