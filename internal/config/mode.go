package config

import (
	"net/netip"
	"strings"

	"sonata.ai/sonata/internal/fault"
)

// Mode says who is signed in without doing anything for it.
type Mode string

// The modes.
const (
	Auto        Mode = "auto"        // one of the others, see Decide
	Development Mode = "development" // whoever is on this machine, until a member exists
	Production  Mode = "production"  // nobody
)

// Decide is the mode that the server runs in.
func (s *Server) Decide(membersExist bool) Mode {
	switch {
	case Mode(s.Mode) != Auto:
		return Mode(s.Mode)
	case s.OnlyLoopback() && !membersExist && s.PublicURL == "" && s.TrustedProxies == "":
		return Development
	}
	return Production
}

func (s *Server) checkMode() error {
	switch Mode(s.Mode) {
	case Auto, Production:
		return nil
	case Development:
	default:
		return fault.Invalidf("--mode %q: choose auto, development or production", s.Mode)
	}
	switch {
	case !s.OnlyLoopback():
		return fault.Invalidf("--mode=development signs in whoever reaches the server, and --listen %s reaches beyond this machine: listen on 127.0.0.1, or leave --mode out and set --public-url", s.Listen)
	case s.PublicURL != "":
		return fault.Invalidf("--mode=development is for this machine alone, and --public-url is for others: leave out one of the two")
	case s.TrustedProxies != "":
		return fault.Invalidf("--mode=development signs in nobody who comes through a proxy: leave out --mode or --trusted-proxies")
	}
	return nil
}

// The shortest prefixes that somebody's own proxies can have: 10.0.0.0/8 and fc00::/7 are the widest private networks.
const (
	widestV4 = 8
	widestV6 = 7
)

func (s *Server) checkProxies() error {
	if s.TrustedProxies == "" {
		return nil
	}
	for _, text := range strings.Split(s.TrustedProxies, ",") {
		text = strings.TrimSpace(text)
		prefix, err := netip.ParsePrefix(text)
		switch {
		case err != nil || prefix.Addr().Is4In6():
			return fault.Invalidf("--trusted-proxies %q is no network: write them as 10.0.0.0/8 or 2001:db8::/32, one address as 192.0.2.7/32, with commas between", text)
		case prefix.Addr().Is4() && prefix.Bits() < widestV4 || prefix.Addr().Is6() && prefix.Bits() < widestV6:
			return fault.Invalidf("--trusted-proxies %s would believe everybody who says to be a proxy: name the network of your proxies alone, for instance 10.0.0.0/8", text)
		}
		s.proxies = append(s.proxies, prefix.Masked())
	}
	if s.public == nil {
		return fault.Invalidf("--trusted-proxies needs --public-url: the address that people use, for instance https://sonata.example")
	}
	return nil
}

// checkWorld refuses to be reached by others in a way that could not be safe.
func (s *Server) checkWorld() error {
	switch {
	case s.public == nil && !s.OnlyLoopback():
		return fault.Invalidf("--listen %s reaches beyond this machine: set --public-url to the address that people use, for instance https://sonata.example, or listen on 127.0.0.1", s.Listen)
	case s.public != nil && s.public.Scheme == "https" && s.TLSCert == "" && len(s.proxies) == 0:
		return fault.Invalidf("--public-url %s is answered by nobody: set --tls-cert and --tls-key, or name the proxies that speak TLS in front of Sonata by --trusted-proxies", s.PublicURL)
	}
	return nil
}

// _shared is the address space between carriers and their customers, which overlay networks use as well (RFC 6598).
var _shared = netip.MustParsePrefix("100.64.0.0/10")

func (s *Server) checkAdmin() error {
	if s.AdminListen == "" {
		return nil
	}
	host, port, err := hostPort(s.AdminListen)
	if err != nil {
		return fault.Invalidf("--admin-listen %q: write host:port, for instance 127.0.0.1:9090", s.AdminListen)
	}
	address, err := netip.ParseAddr(host)
	address = address.Unmap()
	switch {
	case loopback(host):
	case err != nil:
		return fault.Invalidf("--admin-listen %q: write an address of this machine, for instance 127.0.0.1:9090", s.AdminListen)
	case !address.IsPrivate() && !address.IsLinkLocalUnicast() && !_shared.Contains(address):
		return fault.Invalidf("--admin-listen %s would show profiles and figures to everybody: choose an address on loopback or a private network, for instance 127.0.0.1:9090", s.AdminListen)
	}
	if port != 0 && port == s.port && (host == s.host || unspecified(s.host)) {
		return fault.Invalidf("--admin-listen %s is where --listen is: choose another port", s.AdminListen)
	}
	return nil
}

func unspecified(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "" || err == nil && address.IsUnspecified()
}
