package config

import (
	"flag"
	"net"
	"strconv"

	"sonata.ai/sonata/internal/fault"
)

// Server is where to listen.
type Server struct {
	Listen   string // host:port
	Insecure bool   // allow a host that is not loopback although everything is open
}

func (s *Server) register(f *flag.FlagSet) {
	f.StringVar(&s.Listen, "listen", "127.0.0.1:8080", "Address to listen on, host:port. Port 0 takes a free one.")
	f.BoolVar(&s.Insecure, "insecure", false, "Listen beyond loopback although nobody has to sign in: whoever reaches the address can change everything.")
}

func (s *Server) check() error {
	host, port, err := net.SplitHostPort(s.Listen)
	n, numErr := strconv.Atoi(port)
	if err != nil || numErr != nil || n < 0 || n > 65535 {
		return fault.Invalidf("--listen %q: write host:port, for instance 127.0.0.1:8080", s.Listen)
	}
	if !loopback(host) && !s.Insecure {
		return fault.Invalidf("--listen %s reaches beyond this machine, and nobody has to sign in yet: listen on 127.0.0.1, or add --insecure if everybody who reaches it may change everything", s.Listen)
	}
	return nil
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// OnlyLoopback reports whether the server listens on loopback alone.
func (s *Server) OnlyLoopback() bool {
	host, _, err := net.SplitHostPort(s.Listen)
	return err == nil && loopback(host)
}
