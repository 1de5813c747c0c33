package config

import (
	"flag"
	"strings"

	"sonata.ai/sonata/internal/fault"
)

// Safelist is what becomes of documents that are not registered, in requests that name no frontend.
type Safelist struct {
	Of string // auto, off, log or enforce
}

func (s *Safelist) register(f *flag.FlagSet) {
	f.StringVar(&s.Of, "safelist", "auto", "Documents that are not registered, in requests that name no frontend: off runs them, log runs and counts them, enforce refuses them; auto is the strictest that any frontend has.")
}

func (s *Safelist) check() error {
	switch s.Of {
	case "auto", "off", "log", "enforce":
		return nil
	}
	return fault.Invalidf("--safelist %q: choose auto, off, log or enforce", s.Of)
}

// Mode is the mode in the words of the graph; "" for auto.
func (s *Safelist) Mode() string {
	if s.Of == "auto" {
		return ""
	}
	return strings.ToUpper(s.Of)
}
