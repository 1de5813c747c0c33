package server

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"sonata.ai/sonata/internal/principal"
)

// Facing is how the server stands in the world.
type Facing struct {
	Public   *url.URL       // origin that people use; nil when only this machine does
	Proxies  []netip.Prefix // networks whose word about the client counts
	Loopback bool           // a development server: it answers to loopback names only, health included
}

// sight is where a request came from, as far as that can be known.
type sight struct {
	client  netip.Addr // zero when the connection has no address
	scheme  string     // http or https, as the client spoke
	proxied bool       // the connection is that of a proxy that we trust
}

type sightKey struct{}

func seen(ctx context.Context) sight {
	if s, ok := ctx.Value(sightKey{}).(*sight); ok {
		return *s
	}
	return sight{}
}

// sighted finds out where a request came from, once, for all that stands behind it, and gives it its id. What a client that
// is no trusted proxy says about where it is is not even looked at.
func (f Facing) sighted(ctx context.Context, answer http.Header, r *http.Request, id string) *http.Request {
	peer := peerOf(r)
	s := &sight{scheme: "http", proxied: among(peer, f.Proxies)}
	if r.TLS != nil {
		s.scheme = "https"
	}
	s.client, s.scheme = through(peer, s.scheme, r.Header.Values("X-Forwarded-For"), r.Header.Values("X-Forwarded-Proto"), f.Proxies)
	if f.Public != nil && f.Public.Scheme == "https" && s.scheme == "https" {
		answer.Set("Strict-Transport-Security", "max-age=31536000")
	}
	ctx = principal.WithRequest(ctx, id, s.client.String())
	return r.WithContext(context.WithValue(ctx, sightKey{}, s))
}

func peerOf(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return plain(peer.Addr())
}

// secure reports whether what a request carries, and the cookie that is answered, cannot be read on the way: it came by
// TLS to us or to a trusted proxy, or never left this machine.
func secure(r *http.Request) bool { return seen(r.Context()).scheme == "https" || onThisMachine(r) }

// onThisMachine reports whether a request was sent to a loopback name by a program on this machine that shows no sign
// of being a proxy.
func onThisMachine(r *http.Request) bool {
	s := seen(r.Context())
	return s.client.IsLoopback() && !s.proxied && IsLoopback(r.Host) && signOfProxy(r) == ""
}

// ownOrigin reports whether an origin is that of our own pages: where people reach us, or, on this machine, where the
// request was sent.
func (f Facing) ownOrigin(origin string, r *http.Request) bool {
	if f.Public != nil && origin == f.Public.String() {
		return true
	}
	if f.Public != nil && !onThisMachine(r) {
		return false
	}
	return origin == seen(r.Context()).scheme+"://"+r.Host
}

// hosts answers only when the request names a host of ours. Without it a page whose name was rebound to our address
// could use what its visitor may. Health is answered under every name, since whoever asks for it often knows only an
// address; not so on a development server, where nobody but this machine asks.
func hosts(p Parts, next http.Handler) http.Handler {
	f := p.Facing
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		health := r.URL.Path == "/livez" || r.URL.Path == "/readyz"
		local := IsLoopback(r.Host) && seen(r.Context()).client.IsLoopback()
		switch {
		case local, health && !f.Loopback, f.Public != nil && sameHost(r.Host, f.Public):
			next.ServeHTTP(w, r)
		case f.Public != nil:
			p.Refused.Tell(r.Context(), "host", "FORBIDDEN")
			refuse(w, http.StatusMisdirectedRequest, "FORBIDDEN", "this server answers at "+f.Public.String()+" only: use that address, and let proxies in front pass the Host header on")
		default:
			p.Refused.Tell(r.Context(), "host", "FORBIDDEN")
			refuse(w, http.StatusMisdirectedRequest, "FORBIDDEN", "this server answers on loopback names only, for instance localhost")
		}
	})
}

// sameHost compares the names; a proxy may have put another port.
func sameHost(hostport string, public *url.URL) bool {
	return strings.EqualFold(strings.TrimSuffix(hostOf(hostport), "."), strings.TrimSuffix(public.Hostname(), "."))
}
