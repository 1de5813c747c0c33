package server

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"
)

// writeWithin is how long a reader of a stream may take for one event. One that takes longer is gone, or wants to
// cost memory.
const writeWithin = 10 * time.Second

// errStreamOver is what a late write gets.
var errStreamOver = errors.New("the stream is over")

// streamWriter guards the response of server-sent events. The executor sends heartbeats from a goroutine of its own
// that can outlive the handler: what it writes then must not reach a response that belongs to somebody else by now.
type streamWriter struct {
	http.ResponseWriter
	giveUp context.CancelFunc // ends the stream

	mu   sync.Mutex
	over bool
}

// Write sends within writeWithin, or ends the stream.
func (w *streamWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over {
		return 0, errStreamOver
	}
	w.extend()
	n, err := w.ResponseWriter.Write(p)
	if err != nil {
		w.giveUp()
	}
	return n, err
}

// Flush sends what was written.
func (w *streamWriter) Flush() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over {
		return
	}
	w.extend()
	if err := http.NewResponseController(w.ResponseWriter).Flush(); err != nil {
		w.giveUp()
	}
}

func (w *streamWriter) extend() {
	deadline := time.Now().Add(writeWithin)
	http.NewResponseController(w.ResponseWriter).SetWriteDeadline(deadline) //nolint:errcheck // a writer without deadlines has none
}

// end refuses everything that comes later, and waits for what is being written.
func (w *streamWriter) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over = true
}

// Unwrap lets http.ResponseController find the writer below.
func (w *streamWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
