package event

import "context"

// Pump sends the newest event that next has whenever the reader takes one, until ctx ends; it closes out and sub then.
// What was not taken is replaced, not kept. next returns what to call once its event was taken; ok is false when there
// is nothing to say.
func Pump[E any](ctx context.Context, sub *Subscription, out chan<- E, next func(context.Context) (ev E, sent func(), ok bool)) {
	defer close(out)
	defer sub.Close()
	for {
		ev, sent, ok := next(ctx)
		send := out
		if !ok {
			send = nil
		}
		select {
		case <-ctx.Done():
			return
		case <-sub.Wake():
		case send <- ev:
			sent()
		}
	}
}
