package config

import (
	"crypto/tls"
	"flag"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"sonata.ai/sonata/internal/fault"
)

// Server is where the server listens and how it faces the world.
type Server struct {
	Listen         string // host:port
	AdminListen    string // host:port; "" for none
	Mode           string // auto, development or production
	PublicURL      string // origin that people use; "" on loopback
	TrustedProxies string // CIDRs, comma separated
	TLSCert        string // file, PEM
	TLSKey         string // file, PEM
	PartialStatus  int    // HTTP status of a GraphQL answer that has data and errors

	host    string
	port    int
	public  *url.URL
	proxies []netip.Prefix
	first   *tls.Certificate
}

func (s *Server) register(f *flag.FlagSet) {
	f.StringVar(&s.Listen, "listen", "127.0.0.1:8080", "Address to listen on, host:port. Port 0 takes a free one. An address beyond this machine needs --public-url.")
	f.StringVar(&s.AdminListen, "admin-listen", "", "Address of a listener of its own for /metrics, /debug/pprof/, /livez and /readyz, host:port on loopback or a private network. Default: none; then only a development server has /metrics.")
	f.StringVar(&s.Mode, "mode", string(Auto), "development signs in whoever is on this machine; production signs in nobody by itself. auto is development while it listens on loopback only, no member exists, and neither --public-url nor --trusted-proxies is set; else production.")
	f.StringVar(&s.PublicURL, "public-url", "", "Address that people use, for instance https://sonata.example: scheme and host, and a port when it is not the usual one. Requests for other hosts are refused.")
	f.StringVar(&s.TrustedProxies, "trusted-proxies", "", "Networks of the proxies in front, comma separated, for instance 10.0.0.0/8,127.0.0.1/32. Only theirs are X-Forwarded-For and X-Forwarded-Proto believed.")
	f.StringVar(&s.TLSCert, "tls-cert", "", "File with the certificate and what it is signed by, PEM. It is read again when it changes.")
	f.IntVar(&s.PartialStatus, "http-partial-status", 294, "HTTP status of a GraphQL answer that has data and errors: 294 as GraphQL over HTTP says, or 200 for what stands in between and knows no other. Clients that accept application/json only always get 200.")
	f.StringVar(&s.TLSKey, "tls-key", "", "File with the key of the certificate, PEM.")
}

// check tries the settings in the order in which somebody would mend them.
func (s *Server) check() error {
	for _, check := range []func() error{
		s.checkListen, s.checkPartialStatus, s.checkMode, s.checkPublicURL, s.checkProxies, s.checkTLS, s.checkWorld, s.checkAdmin,
	} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) checkPartialStatus() error {
	if s.PartialStatus != 294 && s.PartialStatus != 200 {
		return fault.Invalidf("--http-partial-status %d: choose 294 or 200", s.PartialStatus)
	}
	return nil
}

func (s *Server) checkListen() (err error) {
	if s.host, s.port, err = hostPort(s.Listen); err != nil {
		return fault.Invalidf("--listen %q: write host:port, for instance 127.0.0.1:8080", s.Listen)
	}
	return nil
}

func hostPort(address string) (host string, port int, err error) {
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		return "", 0, err
	}
	n, err := strconv.ParseUint(text, 10, 16)
	return host, int(n), err
}

func (s *Server) checkPublicURL() error {
	if s.PublicURL == "" {
		return nil
	}
	u, err := url.Parse(s.PublicURL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || strings.ContainsAny(u.Host, " ,") {
		return fault.Invalidf("--public-url: write scheme and host, for instance https://sonata.example")
	}
	if u.User != nil {
		return fault.Invalidf("--public-url holds a name or a password: write scheme and host alone, for instance https://sonata.example")
	}
	if u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return fault.Invalidf("--public-url %s has more than scheme and host: Sonata needs a host of its own, for instance https://sonata.example", s.PublicURL)
	}
	if u.Scheme == "http" && !loopback(u.Hostname()) {
		return fault.Invalidf("--public-url %s would send passwords and keys over the network in the clear: use https://, with --tls-cert and --tls-key or behind a proxy that is named by --trusted-proxies", s.PublicURL)
	}
	s.public = &url.URL{Scheme: u.Scheme, Host: strings.ToLower(u.Host)}
	if port := u.Port(); port == "80" && u.Scheme == "http" || port == "443" && u.Scheme == "https" {
		s.public.Host = strings.TrimSuffix(s.public.Host, ":"+port) // browsers leave it out, too
	}
	return nil
}

// Address is where people reach the server that has these settings, for commands that make links: the public URL, or
// this machine when there is none. Fault: Invalid.
func Address(publicURL, listen string) (string, error) {
	s := Server{PublicURL: publicURL, Listen: listen}
	if err := s.checkPublicURL(); err != nil {
		return "", err
	}
	if s.public != nil {
		return s.public.String(), nil
	}
	if err := s.checkListen(); err != nil {
		return "", err
	}
	if s.port == 0 {
		return "", fault.Invalidf("the server listens on a free port: give the address that its console names with --public-url")
	}
	return "http://localhost:" + strconv.Itoa(s.port), nil
}

func loopback(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// OnlyLoopback reports whether the server listens on loopback alone.
func (s *Server) OnlyLoopback() bool { return loopback(s.host) }

// Public is the origin that people use, or nil when none is set.
func (s *Server) Public() *url.URL { return s.public }

// Proxies are the networks whose word about the client counts.
func (s *Server) Proxies() []netip.Prefix { return s.proxies }

// Certificate is the one that the server begins with, or nil when it does not speak TLS.
func (s *Server) Certificate() *tls.Certificate { return s.first }

func (s *Server) checkTLS() (err error) {
	switch {
	case s.TLSCert == "" && s.TLSKey == "":
		return nil
	case s.TLSKey == "":
		return fault.Invalidf("--tls-cert needs the key of the certificate: set --tls-key")
	case s.TLSCert == "":
		return fault.Invalidf("--tls-key needs the certificate of the key: set --tls-cert")
	case s.public != nil && s.public.Scheme == "http":
		return fault.Invalidf("--public-url %s is plain HTTP although --tls-cert is set: write https://", s.PublicURL)
	}
	if s.first, err = LoadCertificate(s.TLSCert, s.TLSKey, time.Now()); err != nil {
		return err
	}
	if s.public != nil && s.TrustedProxies == "" { // a proxy may know us by another name
		if err := s.first.Leaf.VerifyHostname(s.public.Hostname()); err != nil {
			return fault.Invalidf("the certificate in --tls-cert is not for the host of --public-url %s: get one that names it", s.PublicURL)
		}
	}
	return nil
}
