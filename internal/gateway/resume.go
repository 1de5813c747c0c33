package gateway

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"
)

// How long is waited between two tries to follow a service again: it doubles from the first to the most, less up to a
// quarter, so that those who lost it at the same moment do not come back at the same moment.
const (
	resumeFirst = 50 * time.Millisecond
	resumeMost  = time.Second
	// resumeLasts is how long a stream that brings nothing has to last to be one that helped: one that breaks off again
	// before is the same trouble as before.
	resumeLasts = 2 * time.Second
)

// resumer is a source that tells those who followed it before from those who come new.
type resumer interface {
	// Resume is Follow for a subscription that was broken off.
	Resume(ctx context.Context, q Question) (Stream, error)
}

// follow is what a swap, or a change of the instances, means for a stream: nothing, when the same service is asked the same,
// and who answers stays.
func (l *live) follow() gqlerror.List {
	if errs := l.move(); errs != nil {
		return errs
	}
	if l.feed.source == l.source && bytes.Equal(l.feed.question.Body, l.question.Body) && !l.feed.leaving() {
		return nil
	}
	former := l.feed
	if err := l.again(); err == nil {
		former.stop()
		return nil
	}
	return l.resumeAfter(io.ErrUnexpectedEOF)
}

// resume goes on after a feed has ended, unless the service has ended it.
func (l *live) resume() gqlerror.List {
	if l.feed.err == io.EOF { //nolint:errorlint // a connection that broke wraps it, too
		l.close()
		return nil
	}
	return l.resumeAfter(l.feed.err)
}

// resumeAfter tries to follow again until that works or the time is over. Meanwhile the service may be published at another
// address: then it is followed there.
func (l *live) resumeAfter(reason error) gqlerror.List {
	l.feed.stop()
	within := l.gateway.options.ResumeWithin
	if l.resuming == 0 || time.Since(l.resumed) > resumeLasts {
		l.resuming, l.until = resumeFirst, time.Now().Add(within)
	}
	for {
		wait := l.resuming - rand.N(l.resuming/4)
		if time.Now().Add(wait).After(l.until) {
			return l.failed(reason)
		}
		timer := time.NewTimer(wait)
		select {
		case <-l.ctx.Done():
			timer.Stop()
			return l.failed(reason)
		case <-l.moved:
			timer.Stop()
			if errs := l.move(); errs != nil {
				return errs
			}
		case <-timer.C:
		}
		l.resuming = min(2*l.resuming, resumeMost)
		if err := l.again(); err == nil {
			l.resumed = time.Now()
			return nil
		}
	}
}

// again begins to follow once more.
func (l *live) again() error {
	begin := l.source.Follow
	if r, ok := l.source.(resumer); ok {
		begin = r.Resume
	}
	stream, err := begin(l.ctx, l.question)
	if err != nil {
		return err
	}
	l.feed = newFeed(l.ctx, l.source, l.question, stream)
	return nil
}
