package event

import (
	"context"
	"sync"
	"time"

	"sonata.ai/sonata/ent"
)

// Event is one committed fact.
type Event struct {
	Seq       int64
	Topic     string
	Payload   string    // JSON, ids only
	Committed time.Time // when this process saw the commit
}

// Source is the ledger as the tailer needs it.
type Source interface {
	Seq(ctx context.Context) (int64, error)
	Since(ctx context.Context, seq int64, limit int) ([]*ent.Outbox, error)
}

// Handler applies one event. An error means: try again, nothing after it is applied before.
type Handler func(ctx context.Context, e Event) error

const (
	pollEvery  = 500 * time.Millisecond // a missed wake-up costs at most this
	batchSize  = 500                    // events read at once
	waitAtMost = 2 * time.Second        // a verb that committed waits this long for memory to follow
)

// Tailer reads the ledger in commit order and hands every event to its handlers, once each. Wake-ups only make it
// sooner; it asks twice a second anyway, so another process's commits arrive too.
type Tailer struct {
	source   Source
	handlers []Handler
	onError  func(error)
	wake     chan struct{}

	mu        sync.Mutex
	running   bool
	applied   int64
	moved     chan struct{} // closed and replaced whenever applied grows
	committed map[int64]time.Time
}

// NewTailer builds a tailer; it does nothing before Run. onError is told of each failed attempt.
func NewTailer(source Source, onError func(error), handlers ...Handler) *Tailer {
	return &Tailer{
		source: source, handlers: handlers, onError: onError, wake: make(chan struct{}, 1),
		moved: make(chan struct{}), committed: map[int64]time.Time{},
	}
}

// Start takes the ledger's present end as the beginning. Call it before the handlers read their first state.
func (t *Tailer) Start(ctx context.Context) error {
	seq, err := t.source.Seq(ctx)
	if err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.applied, t.running = seq, true
	return nil
}

// Run applies events until ctx ends.
func (t *Tailer) Run(ctx context.Context) error {
	ticker := time.NewTicker(pollEvery)
	defer ticker.Stop()
	for {
		more, err := t.step(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			t.onError(err)
		}
		if more && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return nil
		case <-t.wake:
		case <-ticker.C:
		}
	}
}

// Wake makes the tailer look now: another process may have committed. It never waits.
func (t *Tailer) Wake() {
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

// Committed tells the tailer of a commit of this process and waits, two seconds at most, until it is applied.
func (t *Tailer) Committed(ctx context.Context, seq int64) {
	t.mu.Lock()
	if !t.running || t.applied >= seq { // applied already: another commit's wake-up was faster
		t.mu.Unlock()
		return
	}
	t.committed[seq] = time.Now()
	t.mu.Unlock()
	t.Wake()
	deadline := time.NewTimer(waitAtMost)
	defer deadline.Stop()
	for {
		t.mu.Lock()
		done, moved := t.applied >= seq, t.moved
		t.mu.Unlock()
		if done {
			return
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return
		case <-deadline.C:
			return
		}
	}
}

func (t *Tailer) step(ctx context.Context) (more bool, err error) {
	t.mu.Lock()
	from := t.applied
	t.mu.Unlock()
	rows, err := t.source.Since(ctx, from, batchSize)
	if err != nil {
		return false, err
	}
	for _, row := range rows {
		e := Event{Seq: row.ID, Topic: row.Topic, Payload: row.Payload, Committed: t.commitTime(row.ID)}
		for _, h := range t.handlers {
			if err := h(ctx, e); err != nil {
				return false, err
			}
		}
		t.advance(row.ID)
	}
	return len(rows) == batchSize, nil
}

// commitTime looks at the end of the transaction an event belongs to: facts of one commit share it.
func (t *Tailer) commitTime(seq int64) time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	best, found := time.Now(), int64(-1)
	for s, at := range t.committed {
		if s >= seq && (found < 0 || s < found) {
			best, found = at, s
		}
	}
	return best
}

func (t *Tailer) advance(seq int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.applied = seq
	delete(t.committed, seq)
	close(t.moved)
	t.moved = make(chan struct{})
}
