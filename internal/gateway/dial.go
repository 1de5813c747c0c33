package gateway

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Reach says where services may be. The zero value allows public addresses only.
type Reach struct {
	// AllowPrivate allows loopback and private networks, too: for development, and where services live beside Sonata.
	AllowPrivate bool
	// Allow are further networks that are allowed. Link-local and metadata addresses, multicast and "every address" never are.
	Allow []netip.Prefix
}

// ErrReach is what every refusal of an address is.
var ErrReach = errors.New("this address is not allowed for services")

// CheckURL refuses an address that services cannot have, before anybody is asked: another scheme than http and https, user
// names, hosts that are numbers written in other ways than addresses are, and addresses that are not allowed. A name is
// checked when it is dialed, each time, by what it resolves to then.
func (r Reach) CheckURL(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("%w: it cannot be read", ErrReach)
	}
	host := u.Hostname()
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("%w: the scheme is neither http nor https", ErrReach)
	case u.User != nil:
		return nil, fmt.Errorf("%w: it names a user", ErrReach)
	case u.Opaque != "" || host == "" || strings.ContainsAny(host, "%\\ "):
		return nil, fmt.Errorf("%w: it names no host", ErrReach)
	case u.Fragment != "":
		return nil, fmt.Errorf("%w: it has a fragment", ErrReach)
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		return u, r.check(ip)
	}
	if endsInNumber(host) || strings.Contains(host, ":") {
		return nil, fmt.Errorf("%w: write an address in its usual form", ErrReach)
	}
	return u, nil
}

// endsInNumber tells hosts that some resolvers take for an address although it is not written like one: 2130706433,
// 0x7f.1, 0177.0.0.1.
func endsInNumber(host string) bool {
	labels := strings.Split(strings.TrimSuffix(host, "."), ".")
	last := strings.ToLower(labels[len(labels)-1])
	if digits, hex := strings.CutPrefix(last, "0x"); hex {
		return strings.Trim(digits, "0123456789abcdef") == ""
	}
	return last != "" && strings.Trim(last, "0123456789") == ""
}

// The networks that are never a service: who can name them reads the machine's own secrets.
func never() []netip.Prefix {
	return prefixes("0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32", "100.100.100.200/32",
		"::/128", "fe80::/10", "fec0::/10", "ff00::/8", "fd00:ec2::254/128", "2001::/32", "64:ff9b:1::/48")
}

// The networks that are no public ones.
func private() []netip.Prefix {
	return prefixes("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
		"192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "::1/128", "fc00::/7", "100::/64", "2001:db8::/32")
}

func prefixes(all ...string) (out []netip.Prefix) {
	for _, p := range all {
		out = append(out, netip.MustParsePrefix(p))
	}
	return out
}

// check refuses an address that is not allowed. One that carries an IPv4 address (mapped, compatible, NAT64, 6to4) is what it
// carries.
func (r Reach) check(ip netip.Addr) error {
	if ip.Zone() != "" {
		return ErrReach
	}
	ip = carried(ip)
	in := func(nets []netip.Prefix) bool {
		return slices.ContainsFunc(nets, func(p netip.Prefix) bool { return p.Contains(ip) })
	}
	switch {
	case in(never()):
		return ErrReach
	case in(r.Allow):
		return nil
	case in(private()) && !r.AllowPrivate:
		return ErrReach
	}
	return nil
}

func carried(ip netip.Addr) netip.Addr {
	ip = ip.Unmap()
	if !ip.Is6() {
		return ip
	}
	b := ip.As16()
	four := func(at int) netip.Addr { return netip.AddrFrom4([4]byte(b[at : at+4])) }
	switch {
	case netip.MustParsePrefix("64:ff9b::/96").Contains(ip):
		return four(12)
	case netip.MustParsePrefix("2002::/16").Contains(ip):
		return four(2)
	case netip.MustParsePrefix("::/96").Contains(ip) && ip != netip.IPv6Loopback() && ip != netip.IPv6Unspecified():
		return four(12)
	}
	return ip
}

// dial connects to an address that is allowed. It is checked when the name is resolved and the connection is about to be
// made, so there is no moment in which a name can change.
func (r Reach) dial(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{
		Timeout: 3 * time.Second, KeepAlive: 30 * time.Second,
		Control: func(_, address string, _ syscall.RawConn) error {
			to, err := netip.ParseAddrPort(address)
			if err != nil {
				return ErrReach
			}
			return r.check(to.Addr())
		},
	}
	return d.DialContext(ctx, network, address)
}
