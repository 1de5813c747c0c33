package event

import "context"

// Stream is a stream of events of which none is made before somebody asks: it has no goroutine and no queue, and what was
// not asked for in time is never made. One at a time may ask.
type Stream[E any] struct {
	ctx   context.Context
	sub   *Subscription
	next  func(context.Context) (E, State)
	again bool // there may be more without news
	ended bool
}

// State is what a stream answers.
type State int

// The states.
const (
	Nothing State = iota // and nothing before there is news
	One                  // an event, and nothing more before there is news
	More                 // an event, after which it is worth asking again
	End                  // and nothing any more
)

// NewStream returns the stream of what next makes whenever there is news on sub. It ends, and sub is closed, with ctx.
func NewStream[E any](ctx context.Context, sub *Subscription, next func(context.Context) (E, State)) *Stream[E] {
	context.AfterFunc(ctx, func() {
		sub.Close()
		sub.Nudge()
	})
	return &Stream[E]{ctx: ctx, sub: sub, next: next}
}

// OnWake has f called when it is worth asking again after Nothing. f must return at once.
func (s *Stream[E]) OnWake(f func()) { s.sub.OnWake(f) }

// Next returns what there is to say now.
func (s *Stream[E]) Next() (ev E, state State) {
	if s.ended || s.ctx.Err() != nil {
		return ev, End
	}
	if !s.again && !s.sub.Take() { // news that come while there is more are for afterwards
		return ev, Nothing
	}
	ev, state = s.next(s.ctx)
	s.again, s.ended = state == More, state == End
	if state == One && s.sub.Waiting() {
		state = More
	}
	return ev, state
}

// Wait returns the next event once there is one; ok is false at the end. It takes the place of what OnWake was told.
func (s *Stream[E]) Wait() (ev E, ok bool) {
	wake := make(chan struct{}, 1)
	s.OnWake(func() {
		select {
		case wake <- struct{}{}:
		default:
		}
	})
	for {
		ev, state := s.Next()
		switch state {
		case One, More:
			return ev, true
		case End:
			return ev, false
		case Nothing:
			<-wake // the end wakes, too
		}
	}
}
