package gateway

import (
	"context"
	"net/http"
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
	open, cancel := context.WithTimeout(ctx, r.options.Deadline)
	defer cancel()
	var s Stream
	var err error
	if r.options.Streams == Events {
		s, err = r.openEvents(ctx, open, q)
	} else {
		s, err = r.openSocket(open, q)
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
		r.health.note(f)
	}
	if f != nil {
		return nil, f
	}
	return s, nil
}
