package server

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"sonata.ai/sonata/graph"
)

// operation is one that a websocket carries: open until its last message is sent, or the client completes it.
type operation struct {
	id     string
	quoted string // id in JSON
	cancel context.CancelFunc
}

// subscribe begins an operation. It waits as long as many that were completed have not ended yet: completing and
// beginning again must not pile up what runs.
func (k *socket) subscribe(m message) {
	quoted, err := json.Marshal(m.id)
	if err != nil {
		panic(err) // strings always marshal
	}
	ctx, cancel := context.WithCancel(graphql.StartOperationTrace(k.of))
	x := &operation{id: m.id, quoted: string(quoted), cancel: cancel}
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
		k.write(x.message("error", errorList(limitError(fmt.Sprintf("a websocket carries at most %d operations at a time: complete one, or open another websocket", maxOpen)))))
		return
	}
	s := &sent{params: &graphql.RawParams{Headers: k.header}, mediaType: graphQLJSON}
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
		defer cancel()
		k.run(s.in(ctx), x, s)
	})
}

// called is what a client calls itself, in connection_init or else, where it is no browser, in the header of the handshake.
func (k *socket) called(name string) (values []string) {
	for key, value := range k.init {
		if text, ok := value.(string); ok && strings.EqualFold(key, name) {
			values = append(values, text)
		}
	}
	if values == nil {
		values = k.header.Values(name)
	}
	return values
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

// run runs an operation to its end: each response is asked for when the one before is on the wire, which the executor
// counts on. What is refused before it runs is an error message, after which nothing follows; everything else that it
// answers is a next message, and its end a complete message.
func (k *socket) run(ctx context.Context, x *operation, s *sent) {
	defer func() {
		if cause := recover(); cause != nil {
			k.fail(x, gqlerror.List{k.present(ctx, graph.Recover(ctx, cause))})
		}
	}()
	op, errs := s.create(ctx, k.exec)
	of := graphql.WithOperationContext(ctx, op) // ends with the first response of what has one: ctx does not
	if errs != nil {
		if op.Operation == nil && op.Doc != nil {
			errs[0].Message = notAmong(op.Doc.Operations, s.params.OperationName)
		}
		k.fail(x, k.exec.DispatchError(of, errs).Errors)
		return
	}
	s.forget(op)
	responses, of := k.exec.DispatchOperation(of, op)
	answered := op.Operation.Operation == ast.Subscription // which may end before it has something to say
	for response := responses(of); response != nil; response = responses(of) {
		body, err := encode(response)
		if err != nil {
			panic(err) // extensions are made of what marshals
		}
		if !k.say(x, false, x.message("next", body)) {
			return
		}
		answered = true
	}
	switch {
	case ctx.Err() != nil: // the socket ends, which is not the end of the operation; or the client completed it
	case !answered:
		k.fail(x, k.exec.DispatchError(of, gqlerror.List{gaveUp()}).Errors)
	default:
		k.say(x, true, x.message(complete, nil))
	}
}

// fail ends an operation with an error message.
func (k *socket) fail(x *operation, errs gqlerror.List) {
	k.say(x, true, x.message("error", errorList(errs...)))
}

// say writes a message of an operation; false when it is not on the wire, or not wanted: the client completed the
// operation, and its id may be that of another. With the last message the id is free, before the client can know of it.
func (k *socket) say(x *operation, last bool, raw []byte) bool {
	k.writing.Lock()
	defer k.writing.Unlock()
	k.mu.Lock()
	wanted := k.open[x.id] == x
	if wanted && last {
		delete(k.open, x.id)
	}
	k.mu.Unlock()
	return wanted && k.put(raw)
}

// message is one of the operation. The payload is JSON already and is not read again; without one there is no entry for it.
func (x *operation) message(kind string, payload []byte) []byte {
	out := make([]byte, 0, len(x.quoted)+len(payload)+48)
	out = append(append(append(out, `{"id":`...), x.quoted...), `,"type":"`+kind+`"`...)
	if payload != nil {
		out = append(append(out, `,"payload":`...), payload...)
	}
	return append(out, '}')
}

func errorList(errs ...*gqlerror.Error) []byte {
	raw, err := json.Marshal(errs)
	if err != nil {
		panic(err) // extensions are made of what marshals
	}
	return raw
}
