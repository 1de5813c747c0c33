package server

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"

	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
)

// problem is a failure outside of GraphQL (RFC 9457).
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	Code   string `json:"code"`
}

// refuseProblem answers with problem details.
func refuseProblem(w http.ResponseWriter, status int, code, message string) {
	body, err := json.Marshal(problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: message, Code: code})
	if err != nil {
		body = []byte(`{"title":"refused"}`) // strings always marshal
	}
	w.Header().Set("Content-Type", "application/problem+json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write(body) //nolint:errcheck // the client is gone: nobody is left to tell
}

// presentProblem is the one table from fault to status. What is not a fault is logged under an id, and only the id is
// shown.
func presentProblem(log *slog.Logger, w http.ResponseWriter, r *http.Request, err error) {
	f := fault.As(err)
	switch kind := fault.KindOf(err); {
	case errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) && kind == fault.Internal:
		refuseProblem(w, http.StatusServiceUnavailable, "UNAVAILABLE", "the request took too long or was given up")
	case kind == fault.Invalid && f.Code == "UNSUPPORTED_MEDIA_TYPE":
		refuseProblem(w, http.StatusUnsupportedMediaType, f.Code, f.Message)
	case kind == fault.Invalid:
		refuseProblem(w, http.StatusUnprocessableEntity, "INVALID", f.Message)
	case kind == fault.NotFound:
		refuseProblem(w, http.StatusNotFound, "NOT_FOUND", f.Message)
	case kind == fault.Exhausted:
		refuseProblem(w, http.StatusRequestEntityTooLarge, "LIMIT", f.Message)
	case kind == fault.Unavailable:
		if cause := f.Unwrap(); cause != nil {
			log.WarnContext(r.Context(), "unavailable", "error", cause, "path", r.URL.Path, "request_id", principal.RequestID(r.Context()))
		}
		w.Header().Set("Retry-After", "5")
		refuseProblem(w, http.StatusServiceUnavailable, "UNAVAILABLE", f.Message)
	default:
		var raw [6]byte
		rand.Read(raw[:])
		id := hex.EncodeToString(raw[:])
		log.ErrorContext(r.Context(), "internal error", "error", err, "error_id", id, "path", r.URL.Path, "request_id", principal.RequestID(r.Context()))
		refuseProblem(w, http.StatusInternalServerError, "INTERNAL", "something went wrong on our side; the log has it as "+id)
	}
}
