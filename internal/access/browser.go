package access

import (
	"context"
	"time"

	"sonata.ai/sonata/internal/fault"
)

// Browser is where a session is kept: whoever asks, if it can keep one.
type Browser interface {
	// Keep hands over the token of a session.
	Keep(token string, expires time.Time)
	// Forget ends what was kept.
	Forget()
}

type browserKey struct{}

// NoBrowser says why nobody can sign in by a request.
type NoBrowser struct{ Why string }

// WithBrowser returns a context in which sessions can begin and end.
func WithBrowser(ctx context.Context, b Browser) context.Context {
	return context.WithValue(ctx, browserKey{}, b)
}

// WithoutBrowser returns a context in which nobody can sign in, and why.
func WithoutBrowser(ctx context.Context, why string) context.Context {
	return context.WithValue(ctx, browserKey{}, NoBrowser{Why: why})
}

// browserOf returns what keeps sessions. Fault: Invalid, with the reason why there is nothing.
func browserOf(ctx context.Context) (Browser, error) {
	switch b := ctx.Value(browserKey{}).(type) {
	case Browser:
		return b, nil
	case NoBrowser:
		return nil, fault.Forbiddenf("%s", b.Why)
	}
	return nil, fault.Forbiddenf("sign in with a POST request")
}
