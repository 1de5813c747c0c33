package graph

import (
	"context"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"sonata.ai/sonata/internal/delivery"
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
	s, place := &stream{}, placeOf(ctx)
	ctx, cancel := context.WithCancel(context.WithValue(ctx, streamKey{}, s))
	forget := context.AfterFunc(x.Draining, cancel)
	context.AfterFunc(ctx, func() { forget() }) // or every stream that ever was stays in memory until the process ends
	responses := next(ctx)
	return func(ctx context.Context) *graphql.Response {
		s.written()
		response := responses(ctx)
		if response != nil {
			place.reached(s.taken(response))
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
	notes    []sending // of the responses that the transport has not written yet, in their order
	answered int       // responses that the transport took since the first note
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
		note.written()
	}
}

// taken puts the warnings that were left for the response into it, and returns the place that it brings the reader to.
func (s *stream) taken(response *graphql.Response) (place string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.answered < len(s.notes) {
		attach(response, s.notes[s.answered].warnings)
		place = s.notes[s.answered].place
	}
	s.answered++
	return place
}

// end returns the reason for the end, once.
func (s *stream) end() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.failed
	s.failed = nil
	return err
}

func (s *stream) note(x sending) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notes = append(s.notes, x)
}

func (s *stream) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed = err
}

// sending is what an event of a stream brings besides its data.
type sending struct {
	written  func()             // to be called once it is on the wire
	warnings []delivery.Warning // to be said beside it
	place    string             // where the reader is then; "" for streams that cannot be resumed
	err      error              // it is the end of the stream, and why
}
