package config

import (
	"flag"
	"net/netip"
	"strings"
	"time"

	"sonata.ai/sonata/internal/fault"
)

// Services is how the services behind the graph are asked.
type Services struct {
	Networks string // auto, public, private, or CIDRs, comma separated
	Headers  string // names, comma separated
	// DataWithin is how long a screen waits for the data that is bound to it.
	DataWithin time.Duration

	networks []netip.Prefix
}

func (s *Services) register(f *flag.FlagSet) {
	f.StringVar(&s.Networks, "service-networks", "auto", "Where services may be besides public addresses: public is nowhere else, private is this machine and private networks, CIDRs are those networks, comma separated; auto is private in development and public in production. Link-local and metadata addresses never are.")
	f.DurationVar(&s.DataWithin, "data-within", 300*time.Millisecond, "How long a screen waits for the data that is bound to it, 10ms to 10s. What is not there by then is left out, and marked.")
	f.StringVar(&s.Headers, "service-headers", "Accept-Language", "Headers of clients that services are sent, comma separated. Cookies, Authorization and headers of one connection never are.")
}

func (s *Services) check() error {
	if s.DataWithin < 10*time.Millisecond || s.DataWithin > 10*time.Second {
		return fault.Invalidf("--data-within %s: choose 10ms to 10s", s.DataWithin)
	}
	switch s.Networks {
	case "auto", "public", "private":
	default:
		for _, one := range strings.Split(s.Networks, ",") {
			p, err := netip.ParsePrefix(strings.TrimSpace(one))
			if err != nil {
				return fault.Invalidf("--service-networks: %.80q is no network: choose auto, public or private, or write CIDRs, for instance 10.0.0.0/8,127.0.0.1/32", one)
			}
			s.networks = append(s.networks, p.Masked())
		}
	}
	for _, name := range s.PassedHeaders() {
		if name == "" || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r) }) {
			return fault.Invalidf("--service-headers: %.80q is no name of a header", name)
		}
		if lower := strings.ToLower(name); lower == "cookie" || lower == "authorization" {
			return fault.Invalidf("--service-headers: %s is never passed on: services are told who asks by Sonata-Identity", name)
		}
	}
	return nil
}

// Reach is where services may be besides public addresses.
func (s *Services) Reach(mode Mode) (private bool, networks []netip.Prefix) {
	return s.Networks == "private" || s.Networks == "auto" && mode == Development, s.networks
}

// PassedHeaders are the headers of clients that services are sent.
func (s *Services) PassedHeaders() (names []string) {
	if strings.TrimSpace(s.Headers) == "" {
		return nil
	}
	for _, name := range strings.Split(s.Headers, ",") {
		names = append(names, strings.TrimSpace(name))
	}
	return names
}
