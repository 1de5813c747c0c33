package server

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Developer signs in whoever is on the machine of a development server. It ends for good with the first request that
// came through a proxy or was sent to another host, since then others may reach the server, and with the first member,
// who can sign in.
type Developer struct {
	log  *slog.Logger
	port string
	open context.Context // ends when nobody is signed in this way any more
	end  context.CancelFunc
	once sync.Once              // one line in the log, however many come at a time
	why  atomic.Pointer[string] // it ended; nil before, and when there is a member who can sign in
}

// NewDeveloper returns the sign-in of a development server that listens on a port of loopback.
func NewDeveloper(log *slog.Logger, port string) *Developer {
	d := &Developer{log: log, port: port}
	d.open, d.end = context.WithCancel(context.Background())
	return d
}

// howToGoOn says how people get in once being on this machine is not enough.
const howToGoOn = "to let people sign in, restart with --mode=production and open the link that it prints: it creates the first member. To go on alone, restart and open the address that is printed"

// End signs the developer out, streams included, until the process ends.
func (d *Developer) End(because string) {
	d.once.Do(func() {
		d.why.Store(&because)
		d.end()
		d.log.Warn("the developer is signed out until Sonata is started again", "because", because, "hint", howToGoOn)
	})
}

// EndForMember is End for the best of reasons: somebody can sign in.
func (d *Developer) EndForMember() {
	defer d.why.Store(nil)
	d.once.Do(func() {
		d.end()
		d.log.Info("a member exists: from now on everybody signs in")
	})
}

// Advice is for who would be the developer if that had not ended: why it has, and how to go on; "" for anybody else.
func (d *Developer) Advice(r *http.Request) string {
	why := d.why.Load()
	if why == nil || !d.here(r) {
		return ""
	}
	return "nobody is the developer any more, since " + *why + ": start Sonata again to go on, or send an API key that holds it"
}

// Is reports whether a request without a credential comes from the developer.
func (d *Developer) Is(r *http.Request) bool { return d.open.Err() == nil && d.here(r) }

// here reports whether a program or an own page on this machine sent a request straight to us.
func (d *Developer) here(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	return signOfProxy(r) == "" && d.ownHost(r.Host) && peerOf(r).IsLoopback() &&
		(origin == "" || origin == "http://"+r.Host || origin == "https://"+r.Host && r.TLS != nil) &&
		!forOtherPage(r)
}

// ownHost reports whether a host is a loopback name with our port.
func (d *Developer) ownHost(hostport string) bool {
	host, port, err := net.SplitHostPort(hostport)
	if err != nil {
		host, port = hostport, "80"
	}
	return port == d.port && IsLoopback(host)
}

// watched looks at every request, whatever becomes of it, for signs that others reach the server. Health does not
// count: what watches over a machine asks under any name and in old ways.
func (d *Developer) watched(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if d.open.Err() == nil && r.URL.Path != "/livez" && r.URL.Path != "/readyz" {
			if sign := d.foreign(r); sign != "" {
				d.End(sign)
			}
		}
		next.ServeHTTP(w, r)
	})
}

// foreign says why a request cannot be one that a program on this machine sent to us, or "".
func (d *Developer) foreign(r *http.Request) string {
	if sign := signOfProxy(r); sign != "" {
		return sign
	}
	if !d.ownHost(r.Host) {
		return "a request was sent to another host than this machine and port"
	}
	if origin := r.Header.Get("Origin"); r.Header.Get("Sec-Fetch-Site") == "same-origin" && origin != "" && origin != "http://"+r.Host && origin != "https://"+r.Host {
		return "a browser knows this server under another name" // a proxy gave the request another Host; no page can send this
	}
	return ""
}

// _proxyHeaders are what proxies add to a request, besides all that begins with X-Forwarded.
var _proxyHeaders = []string{"Forwarded", "Via", "X-Real-Ip", "X-Client-Ip", "X-Cluster-Client-Ip", "X-Original-Forwarded-For", "True-Client-Ip", "Cf-Connecting-Ip", "Cdn-Loop"}

// signOfProxy says what shows that a request came through a proxy, or "". A proxy that rewrites Host and adds nothing
// may still speak HTTP/1.0 to us, which no browser and hardly a program does.
func signOfProxy(r *http.Request) string {
	for name := range r.Header {
		if strings.HasPrefix(name, "X-Forwarded") || slices.Contains(_proxyHeaders, name) {
			return "a request came through a proxy: it has the header " + name
		}
	}
	if strings.EqualFold(r.Header.Get("Connection"), "upgrade") && r.Header.Get("Upgrade") == "" {
		return "a request came through a proxy: it announces an upgrade and names none" // a setting for websockets that many copy
	}
	if !r.ProtoAtLeast(1, 1) {
		return "a request came through a proxy: it speaks HTTP/1.0"
	}
	return ""
}
