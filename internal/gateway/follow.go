package gateway

import (
	"context"
	"net/http"
	"sync"
)

// client follows no redirects.
func (r *Remote) client() *http.Client {
	return &http.Client{Transport: r.transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// Follow starts a subscription. Only its beginning has a deadline.
func (r *Remote) Follow(ctx context.Context, q Question) (Stream, error) {
	done, ok := r.breaker.enter()
	if !ok {
		return nil, circuitOpen(r.options.Name)
	}
	return r.follow(ctx, q, done)
}

// Resume is Follow for a subscription that was broken off. It goes past the circuit breaker's refusal, and counts for it when
// it is let through: half open, one question at a time would pass, and all others who wait for the service would miss it. So
// that they do not fall upon it together, only maxResuming of them try at the same time.
func (r *Remote) Resume(ctx context.Context, q Question) (Stream, error) {
	select {
	case r.resuming <- struct{}{}:
		defer func() { <-r.resuming }()
	case <-ctx.Done():
		return nil, timeout(r.options.Name, ctx.Err())
	}
	done, ok := r.breaker.enter()
	if !ok {
		done = func(outcome) {}
	}
	return r.follow(ctx, q, done)
}

// maxResuming bounds the subscriptions that try to be resumed at one service at the same time.
const maxResuming = 64

func (r *Remote) follow(ctx context.Context, q Question, done func(outcome)) (Stream, error) {
	open, cancel := context.WithTimeout(ctx, r.options.Deadline)
	defer cancel()
	s, from, f := r.openAt(ctx, open, nil, q)
	if f != nil && open.Err() == nil && len(r.places.ready.Load().staying) > 1 { // it has no events yet that could be missed
		s, _, f = r.openAt(ctx, open, from, q)
	}
	o := outcomeOf(ctx, f)
	done(o)
	if o != withdrawn {
		r.health.note(f)
	}
	if f != nil {
		return nil, f
	}
	return s, nil
}

// openAt begins to follow a place, another one than was tried before.
func (r *Remote) openAt(ctx, open context.Context, not *place, q Question) (Stream, *place, *Fault) {
	p, done := r.places.pick(r.places.now(r.options.Now()), false, not)
	var s Stream
	var err error
	if r.options.Streams == Events {
		s, err = r.openEvents(ctx, open, p.streamURL, q)
	} else {
		s, err = r.openSocket(open, p.streamURL, q)
	}
	var f *Fault
	if err != nil {
		if f = faultOf(r.options.Name, err); f.Code == CodeUnavailable && open.Err() != nil {
			f = timeout(r.options.Name, err)
		}
	}
	o := outcomeOf(ctx, f)
	done(o)
	if o != withdrawn {
		p.health.note(f)
	}
	if f != nil {
		return nil, p, f
	}
	p.streams.Add(1)
	return &placed{Stream: s, at: p}, p, nil
}

// placed is a stream that knows where it comes from.
type placed struct {
	Stream
	at     *place
	closed sync.Once
}

// Close ends the subscription.
func (s *placed) Close() {
	s.closed.Do(func() { s.at.streams.Add(-1) })
	s.Stream.Close()
}

// leaving reports whether it should be followed elsewhere.
func (s *placed) leaving() bool { return s.at.leaving.Load() }
