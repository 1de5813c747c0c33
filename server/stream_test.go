package server

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// What is written after the handler is done never reaches the response: heartbeats come from a goroutine that may be
// late.
func TestStreamWriterRefusesLateWrites(t *testing.T) {
	recorder := httptest.NewRecorder()
	ctx, cancel := context.WithCancel(t.Context())
	w := &streamWriter{ResponseWriter: recorder, giveUp: cancel}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 200 {
				if _, err := w.Write([]byte(":\n\n")); err != nil && !errors.Is(err, errStreamOver) {
					t.Error(err)
				}
				w.Flush()
			}
		})
	}
	w.end()
	recorder.Body.Reset() // the response belongs to somebody else now
	wg.Wait()
	if _, err := w.Write([]byte("late")); !errors.Is(err, errStreamOver) || recorder.Body.Len() > 0 || ctx.Err() != nil {
		t.Errorf("%v, %d bytes, %v", err, recorder.Body.Len(), ctx.Err())
	}
}

type broken struct{ *httptest.ResponseRecorder }

func (broken) Write([]byte) (int, error) { return 0, errors.New("the reader is gone") }

// A reader that does not take what it is sent ends its stream.
func TestStreamWriterGivesUp(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	w := &streamWriter{ResponseWriter: broken{httptest.NewRecorder()}, giveUp: cancel}
	if _, err := w.Write([]byte(strings.Repeat("x", 10))); err == nil || ctx.Err() == nil {
		t.Errorf("%v, %v", err, ctx.Err())
	}
}
