package server

import (
	"net/http"
	"net/http/pprof"
	"net/netip"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Admin is the surface for operators, on a listener of its own: figures, profiles and health. Nobody signs in there;
// whoever reaches the listener may see all of it.
func Admin(p Parts) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/livez", readOnly(http.HandlerFunc(live)))
	mux.Handle("/readyz", readOnly(ready(p.Ready)))
	mux.Handle("/metrics", readOnly(metrics(p)))
	mux.Handle("/debug/pprof/", readOnly(http.HandlerFunc(pprof.Index)))
	mux.Handle("/debug/pprof/cmdline", readOnly(http.HandlerFunc(pprof.Cmdline)))
	mux.Handle("/debug/pprof/profile", readOnly(http.HandlerFunc(pprof.Profile)))
	mux.Handle("/debug/pprof/symbol", http.HandlerFunc(pprof.Symbol))
	mux.Handle("/debug/pprof/trace", readOnly(http.HandlerFunc(pprof.Trace)))
	return recovered(p.Log, addresses(byNoPage(mux)))
}

func metrics(p Parts) http.Handler {
	return promhttp.HandlerFor(p.Metrics.Registry, promhttp.HandlerOpts{})
}

// addresses refuses requests that were sent to a name. Whoever scrapes an address knows it; a page in the operator's
// browser knows only names that it can rebind.
func addresses(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := netip.ParseAddr(hostOf(r.Host)); err != nil && !IsLoopback(r.Host) {
			say(w, http.StatusMisdirectedRequest, "ask for an address, for instance 127.0.0.1, not for a name")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// byNoPage refuses what a browser sends for a page of another origin: it could read nothing, but it could have us
// measured all day. What people open themselves passes, and so do programs.
func byNoPage(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Origin") != "" || forOtherPage(r) {
			say(w, http.StatusForbidden, "pages of other origins ask for nothing here: open this address itself")
			return
		}
		next.ServeHTTP(w, r)
	})
}
