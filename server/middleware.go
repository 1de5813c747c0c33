package server

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"sonata.ai/sonata/internal/principal"
)

// visit is a request and what it opened. It is over when its handler returns, unless the handler said that it goes on: then
// when that is over, which needs no goroutine of the server's, no request and no buffers for so long.
type visit struct {
	status int // of the answer
	goesOn bool
	after  []func()
}

type visitKey struct{}

func (v *visit) in(ctx context.Context) context.Context { return context.WithValue(ctx, visitKey{}, v) }

// visitOf is the visit that a context is of.
func visitOf(ctx context.Context) *visit {
	return ctx.Value(visitKey{}).(*visit) //nolint:forcetypeassert // arrived is around everything
}

// atEnd has f called when the visit is over, before what was said earlier. It must not hold on to the request.
func (v *visit) atEnd(f func()) { v.after = append(v.after, f) }

// returned is for when the handler did.
func (v *visit) returned() {
	if !v.goesOn {
		v.end()
	}
}

// end is for who said that the visit goes on.
func (v *visit) end() {
	for _, f := range slices.Backward(v.after) {
		f()
	}
}

// arrived makes a visit of each request, gives it an id, answers with that, finds out where it came from, and writes one
// line about it when it is over. The line has the path but never the query string: that may carry documents, variables and
// preview tokens.
func arrived(log *slog.Logger, metrics *Metrics, f Facing, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("X-Request-Id")
		if !plainID(id) {
			id = newID()
		}
		w.Header().Set("X-Request-Id", id)
		v, begin := &visit{status: http.StatusOK}, time.Now()
		method, path := r.Method, r.URL.Path
		v.atEnd(func() {
			took := time.Since(begin)
			metrics.request(path, v.status, took)
			ctx := context.Background() // that of the request may be long gone
			if !log.Enabled(ctx, levelOf(v.status)) {
				return
			}
			log.LogAttrs(ctx, levelOf(v.status), "request",
				slog.String("method", method), slog.String("path", path), slog.Int("status", v.status),
				slog.Float64("ms", float64(took.Microseconds())/1000), slog.String("request_id", id))
		})
		returned := metrics.asks(path, v, begin)
		next.ServeHTTP(&statusWriter{ResponseWriter: w, status: &v.status}, f.sighted(v.in(r.Context()), w.Header(), r, id))
		returned()
		v.returned()
	})
}

func levelOf(status int) slog.Level {
	if status >= http.StatusInternalServerError {
		return slog.LevelWarn
	}
	return slog.LevelDebug
}

// plainID accepts an id that came with the request when it is harmless in a log.
func plainID(id string) bool {
	return id != "" && len(id) <= 64 && strings.Trim(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:") == ""
}

func newID() string {
	var raw [8]byte
	rand.Read(raw[:])
	return hex.EncodeToString(raw[:])
}

// recovered turns a panic into a 500 and a line in the log.
func recovered(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			cause := recover()
			if cause == nil || cause == any(http.ErrAbortHandler) {
				return
			}
			log.ErrorContext(r.Context(), "panic", "cause", cause, "stack", string(debug.Stack()), "request_id", principal.RequestID(r.Context()))
			refuse(w, http.StatusInternalServerError, "INTERNAL", "something went wrong on our side")
		}()
		next.ServeHTTP(w, r)
	})
}

// statusWriter remembers the status for the log.
type statusWriter struct {
	http.ResponseWriter
	status *int
}

// WriteHeader passes the status on.
func (w *statusWriter) WriteHeader(status int) {
	*w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Flush lets server-sent events through.
func (w *statusWriter) Flush() {
	if f, ok := w.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}

// Hijack lets websockets through.
func (w *statusWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	*w.status = http.StatusSwitchingProtocols
	return http.NewResponseController(w.ResponseWriter).Hijack()
}

// Unwrap lets http.ResponseController find the writer below.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
