package graph

import (
	"context"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Streams is the part of the executor that knows when an event of a subscription was written, and that lets a stream
// say why it ends. Both hold for every transport: a transport asks for the next response once it wrote the last.
type Streams struct {
	Present  graphql.ErrorPresenterFunc
	Draining context.Context // streams complete when it ends
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationInterceptor
} = Streams{}

// ExtensionName names the extension.
func (Streams) ExtensionName() string { return "Streams" }

// Validate accepts every schema.
func (Streams) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptOperation follows the responses of a subscription.
func (x Streams) InterceptOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	if graphql.GetOperationContext(ctx).Operation.Operation != "subscription" {
		return next(ctx)
	}
	s := &stream{}
	ctx, cancel := context.WithCancel(context.WithValue(ctx, streamKey{}, s))
	context.AfterFunc(x.Draining, cancel)
	responses := next(ctx)
	return func(ctx context.Context) *graphql.Response {
		s.written()
		response := responses(ctx)
		if response != nil {
			s.taken()
			return response
		}
		if err := s.end(); err != nil {
			return &graphql.Response{Errors: gqlerror.List{x.Present(ctx, err)}}
		}
		return nil
	}
}

type streamKey struct{}

// stream counts the responses of one subscription against the notes that were left for them.
type stream struct {
	mu       sync.Mutex
	notes    []func() // to be called once the response of the same position is written
	answered int      // responses that the transport took since the first note
	failed   error
}

// written calls the notes of all responses that the transport took: it comes back only when they are on the wire.
func (s *stream) written() {
	s.mu.Lock()
	n := min(s.answered, len(s.notes))
	done := s.notes[:n]
	s.notes, s.answered = s.notes[n:], s.answered-n
	s.mu.Unlock()
	for _, note := range done {
		note()
	}
}

func (s *stream) taken() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answered++
}

// end returns the reason for the end, once.
func (s *stream) end() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.failed
	s.failed = nil
	return err
}

func (s *stream) note(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notes = append(s.notes, f)
}

func (s *stream) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed = err
}

// relay maps the events of a domain stream. split tells an event's end-of-stream error and what to call once it is
// written.
func relay[E, M any](ctx context.Context, events <-chan E, to func(E) (*M, error), split func(E) (written func(), err error)) <-chan *M {
	s, ok := ctx.Value(streamKey{}).(*stream)
	if !ok {
		s = &stream{} // an executor without the extension: nobody asks
	}
	out := make(chan *M)
	go func() {
		defer close(out)
		for ev := range events {
			written, err := split(ev)
			var m *M
			if err == nil {
				m, err = to(ev)
			}
			if err != nil {
				s.fail(err)
				return
			}
			s.note(written)
			select {
			case out <- m:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}
