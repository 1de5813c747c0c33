package server

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"sonata.ai/sonata/graph"
)

// operation is one that a websocket carries: open until its last message is sent, or the client completes it.
type operation struct {
	id     string
	quoted string          // id in JSON
	ctx    context.Context // ends with the operation
	cancel context.CancelFunc

	// What follows is of streams that wake; the socket's lock guards it.
	ask   func() *graphql.Response // nil until the stream is begun
	alert *graph.Alert
	due   bool
}

// subscribe begins an operation. It waits as long as many that were completed have not ended yet: completing and
// beginning again must not pile up what runs.
func (k *socket) subscribe(m message) {
	quoted, err := json.Marshal(m.id)
	if err != nil {
		panic(err) // strings always marshal
	}
	ctx, cancel := context.WithCancel(graphql.StartOperationTrace(k.of))
	x := &operation{id: m.id, quoted: string(quoted), ctx: ctx, cancel: cancel}
	k.mu.Lock()
	_, twice := k.open[m.id]
	full := len(k.open) >= maxOpen
	if !twice && !full {
		k.open[m.id] = x
	}
	k.mu.Unlock()
	switch {
	case twice:
		cancel()
		k.end(closeSubscriberTwice, fmt.Sprintf("Subscriber for %s already exists", clip(m.id, maxCloseReason-len("Subscriber for  already exists"))))
		return
	case full:
		cancel()
		k.tell(x, said{kind: failed, raw: errorList(limitError(fmt.Sprintf("a websocket carries at most %d operations at a time: complete one, or open another websocket", maxOpen)))})
		return
	}
	s := &sent{params: &graphql.RawParams{}, mediaType: graphQLJSON}
	wrong := s.document.clientIn(k.called)
	if wrong == nil {
		wrong = s.read(m.payload)
	}
	if wrong != nil && wrong.code == badRequest {
		cancel()
		k.end(closeBadMessage, wrong.message)
		return
	} else if wrong != nil {
		cancel()
		k.fail(x, gqlerror.List{{Message: wrong.message, Extensions: map[string]any{"code": wrong.code}}})
		return
	}
	select {
	case k.slots <- struct{}{}:
	case <-k.ctx.Done():
		cancel()
		return
	}
	k.running.Go(func() {
		defer func() { <-k.slots }()
		if !k.run(s.in(ctx), x, s) {
			cancel()
		}
	})
}

// clientName is one of the names under which a client says what it is, and what it said.
type clientName struct {
	name   string
	values []string
}

// name keeps what a client calls itself, in connection_init or else, where it is no browser, in the header of the handshake:
// the rest of both is let go of. What contradicts itself is told to each operation.
func (k *socket) name(said func(name string) []string) {
	var ref documentRef
	ref.clientIn(func(name string) []string {
		values := said(name)
		if len(values) > 0 {
			k.names = slices.DeleteFunc(k.names, func(n clientName) bool { return n.name == name })
			k.names = append(k.names, clientName{name, slices.Clone(values)})
		}
		return nil
	})
}

func (k *socket) called(name string) []string {
	for _, n := range k.names {
		if n.name == name {
			return n.values
		}
	}
	return nil
}

// complete ends an operation that its client wants no more; one that is not open was a message that crossed its end.
func (k *socket) complete(id string) {
	k.mu.Lock()
	x := k.open[id]
	delete(k.open, id)
	k.mu.Unlock()
	if x != nil {
		x.cancel()
	}
}

// run begins an operation, and runs it to its end unless it is a stream that wakes: that goes on. What is refused before it
// runs is an error message, after which nothing follows; everything else that it answers is a next message, and its end a
// complete message.
func (k *socket) run(ctx context.Context, x *operation, s *sent) (goesOn bool) {
	defer func() {
		if cause := recover(); cause != nil {
			k.fail(x, gqlerror.List{k.present(ctx, graph.Recover(ctx, cause))})
		}
	}()
	ctx, alert := graph.WithAlert(ctx, func() { k.wake(x) })
	exec := k.latest()
	op, errs := s.create(ctx, exec)
	of := graphql.WithOperationContext(ctx, op) // ends with the first response of what has one: ctx does not
	if errs != nil {
		if op.Operation == nil && op.Doc != nil {
			errs[0].Message = notAmong(op.Doc.Operations, s.params.OperationName)
		}
		k.fail(x, exec.DispatchError(of, errs).Errors)
		return false
	}
	s.forget(op)
	responses, of := exec.DispatchOperation(of, op)
	if alert.Follows() {
		k.follow(x, alert, func() *graphql.Response { return responses(of) })
		return true
	}
	answered := op.Operation.Operation == ast.Subscription // which may end before it has something to say
	for response := responses(of); response != nil; response = responses(of) {
		if !k.say(x, answerOf(response)) { // the next is asked for when this one is on the wire, which the executor counts on
			return false
		}
		answered = true
	}
	switch {
	case ctx.Err() != nil: // the socket ends, which is not the end of the operation; or the client completed it
	case !answered:
		k.fail(x, exec.DispatchError(of, gqlerror.List{gaveUp()}).Errors)
	default:
		k.say(x, said{kind: complete})
	}
	return false
}

// fail ends an operation with an error message.
func (k *socket) fail(x *operation, errs gqlerror.List) {
	k.say(x, said{kind: failed, raw: errorList(errs...)})
}

// say writes a message of an operation; false when it is not on the wire, or not wanted.
func (k *socket) say(x *operation, m said) bool {
	k.line.writing.Lock()
	defer k.line.writing.Unlock()
	return k.wants(x, m) && k.put((&pen{}).frame(x, m))
}

// tell is say for an operation that is not begun.
func (k *socket) tell(x *operation, m said) {
	k.line.writing.Lock()
	defer k.line.writing.Unlock()
	k.put((&pen{}).frame(x, m))
}

// wants reports whether a message of an operation is to be sent: the client may have completed the operation, and its id may
// be that of another. With the last message the id is free, before the client can know of it.
func (k *socket) wants(x *operation, m said) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.open[x.id] != x {
		return false
	}
	if m.last() {
		delete(k.open, x.id)
	}
	return true
}

func errorList(errs ...*gqlerror.Error) []byte {
	raw, err := json.Marshal(errs)
	if err != nil {
		panic(err) // extensions are made of what marshals
	}
	return raw
}
