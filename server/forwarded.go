//sonata:pure

package server

import (
	"net/netip"
	"slices"
	"strings"
)

// through finds out where a request came from: the address that connected to us, or, as long as that is a proxy that
// we trust, the one that it names. Header fields are what proxies added, the nearest last; what stands before the first
// address that is not ours may be made up, and counts for nothing. scheme is how we were connected to; the scheme of the
// client is what the proxy that it spoke to says of it.
func through(peer netip.Addr, scheme string, forwardedFor, forwardedProto []string, trusted []netip.Prefix) (client netip.Addr, clientScheme string) {
	client, clientScheme = peer, scheme
	if !among(peer, trusted) {
		return client, clientScheme
	}
	hops, schemes := listed(forwardedFor), listed(forwardedProto)
	at := 0 // how many hops are known
	for i := len(hops) - 1; i >= 0 && among(client, trusted); i-- {
		next, ok := hopAddress(hops[i])
		if !ok {
			break // the proxy did not know; nothing before that can be checked
		}
		client, at = next, at+1
	}
	if len(schemes) > 0 {
		said := schemes[len(schemes)-1]
		if len(schemes) == len(hops) && at > 0 {
			said = schemes[len(schemes)-at]
		}
		clientScheme = "http"
		if strings.EqualFold(said, "https") {
			clientScheme = "https"
		}
	}
	return client, clientScheme
}

func among(a netip.Addr, networks []netip.Prefix) bool {
	return slices.ContainsFunc(networks, func(p netip.Prefix) bool { return p.Contains(a) })
}

// listed returns the values of a field that may come in several lines, each a list.
func listed(lines []string) (values []string) {
	for _, line := range lines {
		for value := range strings.SplitSeq(line, ",") {
			values = append(values, strings.TrimSpace(value))
		}
	}
	return values
}

// hopAddress reads an address as proxies write it: 192.0.2.7, 192.0.2.7:4711, 2001:db8::7 or [2001:db8::7]:4711.
func hopAddress(text string) (netip.Addr, bool) {
	if a, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil {
		return plain(a), true
	}
	if a, err := netip.ParseAddrPort(text); err == nil {
		return plain(a.Addr()), true
	}
	return netip.Addr{}, false
}

// plain is an address in the one form in which addresses are compared and counted.
func plain(a netip.Addr) netip.Addr { return a.Unmap().WithZone("") }
