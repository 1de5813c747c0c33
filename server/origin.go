package server

import (
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/rs/cors"
)

// preflightFor is how long a browser may keep the answer to a preflight.
const preflightFor = 10 * time.Minute

// crossOrigin answers preflights with the union of all frontends' origins; whether a request is allowed is decided by
// ownOrigins. What no page sends has nothing to be told.
func crossOrigin(allows func(string) bool, methods []string, next http.Handler) http.Handler {
	ofPages := cors.New(cors.Options{
		AllowOriginFunc: allows,
		AllowedMethods:  methods,
		AllowedHeaders: []string{
			"Content-Type", "Accept", "Authorization", "If-None-Match", "GraphQL-Client-Name", "GraphQL-Client-Version",
			"Apollographql-Client-Name", "Apollographql-Client-Version", "X-Request-Id", "Last-Event-ID",
		},
		ExposedHeaders: []string{"X-Request-Id", "ETag", "RateLimit", "RateLimit-Policy", "Retry-After"},
		MaxAge:         int(preflightFor.Seconds()),
	}).Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header["Origin"] != nil || r.Method == http.MethodOptions {
			ofPages.ServeHTTP(w, r)
			return
		}
		w.Header().Add("Vary", "Origin")
		next.ServeHTTP(w, r)
	})
}

// ownOrigins refuses, before anything runs, what a browser sends for a page that no frontend lists: by HTTP,
// websocket and server-sent events alike. Programs send no Origin and pass.
func ownOrigins(p Parts, refuse refusal, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origin := r.Header.Get("Origin")
		switch {
		case origin == "" && forOtherPage(r):
			p.Refused.Tell(r.Context(), "origin", "FORBIDDEN")
			refuse(w, http.StatusForbidden, "FORBIDDEN", "a page of another origin cannot ask without saying which")
		case origin != "" && !p.Facing.ownOrigin(origin, r) && !p.AllowsOrigin(origin):
			p.Refused.Tell(r.Context(), "origin", "FORBIDDEN")
			refuse(w, http.StatusForbidden, "FORBIDDEN", "this origin is not allowed: add it to the frontend's origins")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// forOtherPage reports whether a browser says that it sends a request for a page of another origin. What a page embeds or
// leads to says no more than that; neighbors, whose pages are at another port or a sibling host, get our cookies sent.
func forOtherPage(r *http.Request) bool {
	site := r.Header.Get("Sec-Fetch-Site")
	return site != "" && site != "same-origin" && site != "none"
}

// refusal answers a request that is not let through, in the form of the endpoint that it was sent to.
type refusal func(w http.ResponseWriter, status int, code, message string)

// IsLoopback reports whether a host, with or without port, is a name of this machine alone.
func IsLoopback(hostport string) bool {
	host := strings.TrimSuffix(strings.ToLower(hostOf(hostport)), ".")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// hostOf is a host without its port and without brackets.
func hostOf(hostport string) string {
	if host, _, err := net.SplitHostPort(hostport); err == nil {
		return host
	}
	return strings.Trim(hostport, "[]")
}
