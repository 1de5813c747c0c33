package fleet

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/frontend"
	"sonata.ai/sonata/internal/registry"
)

// The limits of what an instance says.
const (
	maxOfService = 1000  // instances
	maxInstances = 10000 // of all services
	maxNameBytes = 64
	maxVersion   = 80
	maxURL       = 2048
	maxWeight    = 100
	leastTTL     = 2
	mostTTL      = 300
	maxReplicas  = 200
)

// Beat is what an instance says: that it is there, and how busy it is.
type Beat struct {
	Service, Name, URL string
	Version, Agent     *string
	Weight             *float64
	Load
	Draining bool
	TTL      int // seconds
}

// check checks what is kept of what was said.
func (in *Beat) check(reach func(string) error) error {
	if err := frontend.CheckKey("service", in.Service); err != nil {
		return err
	}
	if in.Service == registry.Sonata {
		return fault.Invalidf("%s says for itself how busy it is: name another service", registry.Sonata).WithCode("SONATA_OWNED").At("service")
	}
	if err := checkName("instance", in.Name); err != nil {
		return err
	}
	if in.Agent != nil {
		if err := checkName("agent", *in.Agent); err != nil {
			return err
		}
	}
	if in.Version != nil && (utf8.RuneCountInString(*in.Version) > maxVersion || !utf8.ValidString(*in.Version) || strings.ContainsFunc(*in.Version, func(r rune) bool { return r < ' ' })) {
		return fault.Invalidf("version: write at most %d characters on one line", maxVersion).At("version")
	}
	if u, err := url.Parse(in.URL); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Fragment != "" || len(in.URL) > maxURL {
		return fault.Invalidf("url: write an http or https URL of at most %d characters, without name, password or fragment", maxURL).At("url")
	}
	if err := reach(in.URL); err != nil {
		return fault.Invalidf("url: %s; whoever runs Sonata can allow more (--service-networks)", err).At("url")
	}
	if w := in.weight(); !(w > 0 && w <= maxWeight) {
		return fault.Invalidf("weight: more than 0 and at most %d", maxWeight).At("weight")
	}
	if in.TTL < leastTTL || in.TTL > mostTTL {
		return fault.Invalidf("ttlSeconds: %d to %d", leastTTL, mostTTL).At("ttlSeconds")
	}
	return nil
}

func (in *Beat) weight() float64 {
	if in.Weight == nil {
		return 1
	}
	return *in.Weight
}

func (l Load) check() error {
	const most = 1e15
	for field, n := range map[string]*int{"inFlight": l.InFlight, "capacity": l.Capacity, "descriptors": l.Descriptors, "restarts": l.Restarts} {
		if n != nil && *n < 0 {
			return fault.Invalidf("%s is less than nothing", field).At(field)
		}
	}
	for field, n := range map[string]*float64{"cpu": l.CPU, "cores": l.Cores, "memory": l.Memory} {
		if n != nil && !(*n >= 0 && *n <= most) {
			return fault.Invalidf("%s is no amount that a process can use", field).At(field)
		}
	}
	return nil
}

func checkName(field, name string) error {
	if name == "" || len(name) > maxNameBytes || strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") != "" {
		return fault.Invalidf("%s: 1 to %d letters, digits, dots, dashes and underscores", field, maxNameBytes).At(field)
	}
	return nil
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}
