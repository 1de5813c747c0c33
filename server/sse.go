package server

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"sonata.ai/sonata/graph"
)

// Times of a stream of events.
const (
	heartbeat   = 15 * time.Second // between signs of life
	writeWithin = 10 * time.Second // for a reader to take one event: one that takes longer is gone, or wants to cost memory
)

// events answers any operation with server-sent events (graphql-sse, distinct connections): each response is an event
// next, the end is an event complete. What is wrong with an operation is a response as well, since an EventSource would
// ask again and again for what was refused by status; who has no requests left is refused by status.
type events struct{ heartbeat time.Duration }

var _ graphql.Transport = events{}

// Supports takes requests whose client likes events best.
func (events) Supports(r *http.Request) bool {
	s := sentIn(r.Context())
	return s != nil && s.mediaType == eventStream
}

// Do runs one operation until it ends, its reader is gone, or the request's context ends.
func (t events) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	s := sentIn(r.Context())
	s.params.Headers = r.Header
	of, place := graph.WithPlace(r.Context(), lastEvent(r))
	ctx, cancel := context.WithCancel(of)
	defer cancel()
	wake := make(chan struct{}, 1)
	ctx, alert := graph.WithAlert(ctx, func() {
		select {
		case wake <- struct{}{}:
		default:
		}
	})
	op, errs := s.create(ctx, exec)
	of = graphql.WithOperationContext(ctx, op) // ends with the first response of what has one: ctx does not
	var responses graphql.ResponseHandler
	if errs == nil {
		s.forget(op)
		responses, of = exec.DispatchOperation(of, op)
	} else {
		refused := exec.DispatchError(of, errs)
		if code := codeOf(refused); code == rateLimited || code == methodNotAllowed {
			single{}.answer(w, r, s, refused, mustEncode(refused), keptByNobody)
			return
		}
		responses = graphql.OneShot(refused)
	}
	headers := w.Header()
	headers.Set("Content-Type", eventStream+"; charset=utf-8")
	headers.Set("Cache-Control", "private, no-store")
	headers.Set("X-Accel-Buffering", "no")
	x := eventWriter{w: w, control: http.NewResponseController(w)}
	ask := func() *graphql.Response { return responses(of) }
	if alert.Follows() {
		t.follow(ctx, x, ask, alert, place, wake)
		return
	}
	var asking sync.WaitGroup
	defer asking.Wait()
	defer cancel()
	next := make(chan event)
	written := make(chan struct{})
	asking.Go(func() { // a response is asked for when the one before is on the wire, which the executor counts on
		defer close(next)
		for ctx.Err() == nil {
			response := ask()
			if response == nil {
				return
			}
			select {
			case next <- event{response, place.At()}:
				<-written
			case <-ctx.Done():
				return
			}
		}
	})
	t.pump(ctx, x, next, written, cancel)
}

// follow writes what a stream says when it wakes, until it is over or nobody takes it.
func (t events) follow(ctx context.Context, x eventWriter, ask func() *graphql.Response, alert *graph.Alert, place *graph.Place, wake <-chan struct{}) {
	ticker := time.NewTicker(t.heartbeat)
	defer ticker.Stop()
	taken := x.send([]byte(":\n\n"))
	for taken {
		for response := ask(); response != nil; response = ask() {
			if !x.next(event{response, place.At()}) {
				return
			}
			ticker.Reset(t.heartbeat)
		}
		switch {
		case ctx.Err() != nil:
			return
		case !alert.Waits():
			x.send([]byte("event: complete\ndata:\n\n"))
			return
		}
		select {
		case <-wake:
		case <-ticker.C:
			taken = x.send([]byte(":\n\n"))
		case <-ctx.Done():
			return
		}
	}
}

// event is a response, and the id by which a reader that comes again says that it was sent it; "" for none.
type event struct {
	response *graphql.Response
	id       string
}

// lastEvent is the id of the event that a reader was sent last (Last-Event-ID, HTML section 9.2); a browser sends it by
// itself when it comes again.
func lastEvent(r *http.Request) string {
	if id := r.Header.Get("Last-Event-ID"); len(id) <= maxEventID {
		return id
	}
	return ""
}

// maxEventID is longer than any id of ours.
const maxEventID = 200

// pump writes what comes until nothing comes any more or nobody takes it.
func (t events) pump(ctx context.Context, x eventWriter, next <-chan event, written chan<- struct{}, cancel func()) {
	ticker := time.NewTicker(t.heartbeat)
	defer ticker.Stop()
	taken := x.send([]byte(":\n\n"))
	for taken {
		select {
		case ev, more := <-next:
			if !more {
				x.send([]byte("event: complete\ndata:\n\n"))
				return
			}
			taken = x.next(ev)
			if !taken {
				cancel()
			}
			written <- struct{}{}
			ticker.Reset(t.heartbeat)
		case <-ticker.C:
			taken = x.send([]byte(":\n\n"))
		case <-ctx.Done():
			return
		}
	}
}

// eventWriter writes events, each within a deadline.
type eventWriter struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

// next sends a response; false when nobody takes it.
func (x eventWriter) next(ev event) bool {
	m := answerOf(ev.response)
	before := "event: next\n"
	if ev.id != "" {
		before += "id: " + ev.id + "\n"
	}
	return x.send([]byte(before+"data: "+m.head), m.raw, []byte(m.tail+"\n\n"))
}

func (x eventWriter) send(parts ...[]byte) bool {
	x.control.SetWriteDeadline(time.Now().Add(writeWithin)) //nolint:errcheck // a writer without deadlines has none
	for _, part := range parts {
		if _, err := x.w.Write(part); err != nil {
			return false
		}
	}
	return x.control.Flush() == nil
}
