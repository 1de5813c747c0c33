package registry

import (
	"net/url"
	"slices"
	"strings"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/frontend"
)

// The limits of what a service publishes.
const (
	maxSDL      = 1 << 20 // bytes
	maxHosts    = 50
	maxServices = 200
)

func checkName(name string) error {
	if err := frontend.CheckKey("service", name); err != nil {
		return err
	}
	if name == Sonata {
		return fault.Invalidf("%s is the name of Sonata's own subgraph: take another", Sonata).WithCode("SONATA_OWNED").At("service")
	}
	return nil
}

func checkSDL(sdl string) error {
	switch {
	case len(sdl) > maxSDL:
		return fault.Exhaustedf("a schema holds at most 1 MB; this one has %d bytes", len(sdl)).WithCode("LIMIT").At("sdl")
	case strings.TrimSpace(sdl) == "":
		return fault.Invalidf("the schema is empty").At("sdl")
	}
	return nil
}

// checkURL checks an address of a service. Whether it may be asked is decided when it is: names can come to mean others.
func checkURL(field, raw string) (host string, err error) {
	u, parseErr := url.Parse(raw)
	if parseErr != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || u.Fragment != "" || len(raw) > 2048 {
		return "", fault.Invalidf("%s: write an http or https URL of at most 2,048 characters, without name, password or fragment", field).At(field)
	}
	return strings.ToLower(u.Hostname()), nil
}

// check checks what was given and returns the hosts that instances may announce.
func (in PublishInput) check() (hosts []string, err error) {
	if err := checkName(in.Service); err != nil {
		return nil, err
	}
	if err := checkSDL(in.SDL); err != nil {
		return nil, err
	}
	host, err := checkURL("url", in.URL)
	if err != nil {
		return nil, err
	}
	for field, text := range map[string]*string{"owner": in.Owner, "contact": in.Contact} {
		if text != nil {
			if err := frontend.CheckName(field, *text, 0, 200); err != nil {
				return nil, err
			}
		}
	}
	if in.Description != nil {
		if err := frontend.CheckText("description", *in.Description, 0, 2000); err != nil {
			return nil, err
		}
	}
	for field, link := range map[string]*string{"repository": in.Repository, "docsUrl": in.DocsURL} {
		if link != nil {
			if _, err := checkURL(field, *link); err != nil {
				return nil, err
			}
		}
	}
	if text(in.NodePrefix) != "" {
		if err := checkPrefix(*in.NodePrefix); err != nil {
			return nil, err
		}
	}
	return checkHosts(in.AllowedHosts, host)
}

func checkHosts(given *[]string, host string) ([]string, error) {
	if given == nil {
		return []string{host}, nil
	}
	if len(*given) > maxHosts {
		return nil, fault.Exhaustedf("a service has at most %d hosts; these are %d", maxHosts, len(*given)).WithCode("LIMIT").At("allowedHosts")
	}
	hosts := []string{}
	for _, h := range *given {
		h = strings.ToLower(h)
		if h == "" || len(h) > 253 || strings.Trim(h, "abcdefghijklmnopqrstuvwxyz0123456789.-:[]") != "" {
			return nil, fault.Invalidf("allowedHosts: %.80q is no host: write a name or an address, without scheme and port", h).At("allowedHosts")
		}
		if !slices.Contains(hosts, h) {
			hosts = append(hosts, h)
		}
	}
	return hosts, nil
}

// memberOf is a service as it would be with a schema.
func memberOf(service *ent.Service, sdl string) Member {
	return Member{Service: service, Version: &ent.SubgraphVersion{Sdl: sdl, Hash: canonical.Hash([]byte(sdl))}}
}
