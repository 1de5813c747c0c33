package gateway

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
)

type callerKey struct{}

// WithCaller returns a context for one request of a client: services get those of its headers that they are allowed, its
// trace and its Idempotency-Key. Who the caller is travels as principal.With does it.
func WithCaller(ctx context.Context, header http.Header) context.Context {
	return context.WithValue(ctx, callerKey{}, header)
}

func callerOf(ctx context.Context) http.Header {
	h, _ := ctx.Value(callerKey{}).(http.Header)
	return h
}

const (
	headerTrace       = "Traceparent"
	headerState       = "Tracestate"
	headerIdempotency = "Idempotency-Key"
	headerIdentity    = "Sonata-Identity"
	maxHeader         = 4096 // bytes of a value that is passed on
)

// neverPassed are headers that are not passed on whatever the list says: those of one connection, those of the message,
// cookies, and those that the gateway sets itself.
func neverPassed(name string) bool {
	switch name {
	case "Connection", "Keep-Alive", "Te", "Trailer", "Transfer-Encoding", "Upgrade", "Host", "Cookie", "Cookie2", "Set-Cookie",
		"Content-Length", "Content-Type", "Content-Encoding", "Accept", "Accept-Encoding", "Expect", "Origin", "Referer",
		headerTrace, headerState, headerIdempotency, headerIdentity:
		return true
	}
	return strings.HasPrefix(name, "Proxy-") || strings.HasPrefix(name, "Sec-") || strings.HasPrefix(name, "Sonata-")
}

// passed are the headers that a service gets of a caller: those on its list, and those of a trace.
func passed(caller http.Header, allowed []string, mutates bool) http.Header {
	out := http.Header{}
	hops := perConnection(caller)
	for _, name := range allowed {
		name = textproto.CanonicalMIMEHeaderKey(name)
		if neverPassed(name) || slices.Contains(hops, name) {
			continue
		}
		for _, value := range caller[name] {
			if isValue(value) {
				out[name] = append(out[name], value)
			}
		}
	}
	trace, known := childOf(caller.Get(headerTrace))
	out.Set(headerTrace, trace)
	if state := caller.Get(headerState); known && state != "" && isValue(state) && len(state) <= 512 {
		out.Set(headerState, state)
	}
	if key := caller.Get(headerIdempotency); mutates && key != "" && len(key) <= 255 && isValue(key) {
		out.Set(headerIdempotency, key)
	}
	return out
}

// perConnection are the headers that the caller declared to be meant for its connection.
func perConnection(caller http.Header) (names []string) {
	for _, line := range caller["Connection"] {
		for name := range strings.SplitSeq(line, ",") {
			names = append(names, textproto.CanonicalMIMEHeaderKey(strings.TrimSpace(name)))
		}
	}
	return names
}

func isValue(value string) bool {
	return len(value) <= maxHeader && !strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
}

// childOf is a traceparent (W3C Trace Context) for a request that belongs to the trace of another; of a new trace when the
// other is none.
func childOf(parent string) (child string, known bool) {
	parts := strings.Split(parent, "-")
	if len(parts) >= 4 && len(parent) <= 128 && isHex(parts[0], 2) && parts[0] != "ff" && isHex(parts[1], 32) && isHex(parts[2], 16) && isHex(parts[3], 2) &&
		(parts[0] != "00" || len(parts) == 4) && strings.Trim(parts[1], "0") != "" && strings.Trim(parts[2], "0") != "" {
		return "00-" + parts[1] + "-" + random(8) + "-" + parts[3], true
	}
	return "00-" + random(16) + "-" + random(8) + "-01", false
}

func isHex(s string, length int) bool {
	return len(s) == length && strings.Trim(s, "0123456789abcdef") == ""
}

func random(bytes int) string {
	b := make([]byte, bytes)
	_, _ = rand.Read(b) // it never fails
	return hex.EncodeToString(b)
}
