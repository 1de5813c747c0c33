// Package frontend registers client applications and their environments.
package frontend

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"sonata.ai/sonata/ent"
	entenv "sonata.ai/sonata/ent/environment"
	entfrontend "sonata.ai/sonata/ent/frontend"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/store"
)

// TopicChanged is the event of a new or changed frontend or environment.
const TopicChanged = "frontend.changed"

// Changed is the payload of TopicChanged.
type Changed struct {
	Frontend string `json:"frontend"`
}

// The environments that every frontend has from the beginning.
const (
	Production = "production"
	Staging    = "staging"
)

// Frontends is the verbs on frontends and environments.
type Frontends struct{ store *store.Store }

// New returns the verbs.
func New(s *store.Store) *Frontends { return &Frontends{store: s} }

// Find returns the frontend with this slug or id for a caller who holds the scope there. Fault: NotFound, in the same
// words for what is missing and for what the caller may not reach.
func Find(ctx context.Context, c *ent.Client, ref, scope string) (*ent.Frontend, error) {
	where := entfrontend.Slug(ref)
	if strings.HasPrefix(ref, "frt_") { // a slug has no underscore
		where = entfrontend.ID(ref)
	}
	f, err := c.Frontend.Query().Where(where).Only(ctx)
	if ent.IsNotFound(err) || err == nil && !principal.Can(ctx, scope, principal.Place{Frontend: f.ID}) {
		return nil, fault.NotFoundf("there is no frontend %q", clip(ref)).At("frontend")
	}
	if err != nil {
		return nil, fmt.Errorf("read frontend: %w", err)
	}
	return f, nil
}

// FindEnvironment returns the environment of a frontend with this key for a caller who holds the scope there. Fault:
// NotFound, in the same words for what is missing and for what the caller may not reach.
func FindEnvironment(ctx context.Context, c *ent.Client, f *ent.Frontend, key, scope string) (*ent.Environment, error) {
	e, err := c.Environment.Query().Where(entenv.FrontendID(f.ID), entenv.Key(key)).Only(ctx)
	if ent.IsNotFound(err) || err == nil && !Reaches(ctx, e, scope) {
		return nil, fault.NotFoundf("the frontend %s has no environment %q", f.Slug, clip(key)).At("environment")
	}
	if err != nil {
		return nil, fmt.Errorf("read environment: %w", err)
	}
	return e, nil
}

// Reaches reports whether the caller holds the scope in an environment. Everybody reads what is delivered where delivery
// is PUBLIC.
func Reaches(ctx context.Context, e *ent.Environment, scope string) bool {
	return scope == principal.DeliveryRead && e.Delivery == entenv.DeliveryPUBLIC ||
		principal.Can(ctx, scope, principal.Place{Frontend: e.FrontendID, Environment: e.Key})
}

func clip(s string) string {
	if len(s) > 80 {
		return strings.ToValidUTF8(s[:80], "") + "…"
	}
	return s
}

// CheckKey checks a slug or key: 2 to 64 lower-case letters, digits and dashes, beginning with a letter.
func CheckKey(field, s string) error {
	ok := len(s) >= 2 && len(s) <= 64 && s[0] >= 'a' && s[0] <= 'z' &&
		strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == "" && !strings.HasSuffix(s, "-")
	if !ok {
		return fault.Invalidf("%s %q: write 2 to 64 lower-case letters, digits and dashes, beginning with a letter", field, clip(s)).At(field)
	}
	return nil
}

// CheckName is CheckText for the name of somebody or something that acts: it is one line and leaves the direction of what
// stands beside it alone.
func CheckName(field, s string, min, max int) error {
	if strings.ContainsFunc(s, UnfitForNames) {
		return fault.Invalidf("%s holds line breaks or control characters: remove them", field).At(field)
	}
	return CheckText(field, s, min, max)
}

// UnfitForNames reports what a name does not hold: controls, line breaks, and what turns the direction of text (Unicode's
// Bidi_Control without the marks that languages need).
func UnfitForNames(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}

// CheckText checks a text for people: at least min and at most max characters, no control characters but line breaks.
func CheckText(field, s string, min, max int) error {
	switch n := utf8.RuneCountInString(s); {
	case !utf8.ValidString(s):
		return fault.Invalidf("%s is not valid UTF-8", field).At(field)
	case n > max:
		return fault.Exhaustedf("%s holds at most %d characters; this one has %d", field, max, n).WithCode("LIMIT").At(field)
	case len(strings.TrimSpace(s)) < min:
		return fault.Invalidf("%s is empty", field).At(field)
	case strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == 0x7f }):
		return fault.Invalidf("%s holds control characters: remove them", field).At(field)
	}
	return nil
}

// CheckOrigins checks and normalizes a list of exact origins: scheme, host and port, nothing else.
func CheckOrigins(origins []string) ([]string, error) {
	if len(origins) > 50 {
		return nil, fault.Exhaustedf("a frontend has at most 50 origins; these are %d", len(origins)).WithCode("LIMIT").At("origins")
	}
	seen, out := map[string]bool{}, []string{}
	for _, o := range origins {
		u, err := url.Parse(o)
		bare := err == nil && (u.Scheme == "https" || u.Scheme == "http") && isHost(u.Host) && u.User == nil &&
			(u.Path == "" || u.Path == "/") && u.RawQuery == "" && u.Fragment == "" && !strings.ContainsAny(o, "*, ")
		if !bare {
			return nil, fault.Invalidf("origin %q: write scheme and host, for instance https://shop.example; no path, no wildcard", clip(o)).At("origins")
		}
		n := strings.ToLower(u.Scheme + "://" + u.Host)
		n = strings.TrimSuffix(n, map[string]string{"http": ":80", "https": ":443"}[u.Scheme])
		if !seen[n] {
			seen[n] = true
			out = append(out, n)
		}
	}
	return out, nil
}

func checkPreviewURL(raw *string) error {
	if raw == nil {
		return nil
	}
	u, err := url.Parse(*raw)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || !isHost(u.Host) || u.User != nil || len(*raw) > 2048 {
		return fault.Invalidf("previewUrl: write an http or https URL of at most 2,048 characters").At("previewUrl")
	}
	return nil
}

// isHost accepts a host with or without port as browsers write it (names in punycode). Origins become part of headers,
// where characters that URLs allow in a host have a meaning of their own.
func isHost(host string) bool {
	return host != "" && strings.Trim(strings.ToLower(host), "abcdefghijklmnopqrstuvwxyz0123456789.-_:[]") == ""
}
