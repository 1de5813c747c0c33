package graph

import (
	"context"
	"strings"
)

// Place is where the reader of a stream is, for transports whose readers say so when they come again: after the event
// before, and after the one that was answered last.
type Place struct {
	since string
	at    string
}

// At is what names the place after the last answer; "" where the stream has none to come back to.
func (p *Place) At() string { return p.at }

type placeKey struct{}

// WithPlace returns a context for one subscription whose reader was sent everything up to since, or nothing for "". What
// is no place of the subscription counts as nothing.
func WithPlace(ctx context.Context, since string) (context.Context, *Place) {
	p := &Place{since: since}
	return context.WithValue(ctx, placeKey{}, p), p
}

// The streams that have places. Each writes them in its own way.
const (
	placeInRelease = "release:"
	placeInScreen  = "screen:"
	placeInDraft   = "draft:"
)

// resumed is where a stream goes on: where its arguments say, else where its reader was.
func resumed(ctx context.Context, stream string, since *string) *string {
	p := placeOf(ctx)
	if p == nil || since != nil {
		return since
	}
	if at, of := strings.CutPrefix(p.since, stream); of && at != "" {
		return &at
	}
	return nil
}

// placeOf is nil where nobody asks for the place.
func placeOf(ctx context.Context) *Place {
	p, _ := ctx.Value(placeKey{}).(*Place)
	return p
}

// reached notes where the reader of a stream is with the next answer.
func (p *Place) reached(at string) {
	if p != nil {
		p.at = at
	}
}
