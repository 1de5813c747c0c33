//sonata:pure

package asset

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"sonata.ai/sonata/internal/canonical"
)

// The properties of an envelope: in the props of a draft a picture is {"$asset":"sha256:…","alt":"…"}. The alternative
// text belongs to the use, not to the picture.
const (
	EnvelopeKey = "$asset"
	altKey      = "alt"
)

// maxAlt is how many characters an alternative text has.
const maxAlt = 1000

// Format is the keyword value that lets a props schema take a picture: {"type":"object","format":"asset"}.
const Format = "asset"

// Meta is what of a picture is served with a screen, besides its address.
type Meta struct {
	Width       int    `json:"width"`
	Height      int    `json:"height"`
	Placeholder string `json:"placeholder"`
	ContentType string `json:"contentType"`
}

// Use is one envelope in the props of a block.
type Use struct {
	Pointer string // JSON Pointer into the props
	Hash    string
	Alt     string
}

// Malformed is an object that means to be an envelope and is none.
type Malformed struct{ Pointer, Message string }

// IsEnvelope reports whether a value means to be an envelope.
func IsEnvelope(v any) bool {
	object, ok := v.(map[string]any)
	if !ok {
		return false
	}
	_, ok = object[EnvelopeKey]
	return ok
}

// Find returns the envelopes in props, in the order of their names, and what is wrong with others.
func Find(props map[string]any) (uses []Use, bad []Malformed) {
	f := finder{}
	f.value(props, "")
	return f.uses, f.bad
}

type finder struct {
	uses []Use
	bad  []Malformed
}

func (f *finder) value(v any, at string) {
	switch v := v.(type) {
	case map[string]any:
		if IsEnvelope(v) {
			f.envelope(v, at)
			return
		}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			f.value(v[name], at+"/"+canonical.EscapePointer(name))
		}
	case []any:
		for i := range v {
			f.value(v[i], at+"/"+strconv.Itoa(i))
		}
	}
}

func (f *finder) envelope(v map[string]any, at string) {
	use, message := read(v)
	if at == "" {
		message = "a picture is the value of a prop, not the props as a whole"
	}
	if message != "" {
		f.bad = append(f.bad, Malformed{Pointer: at, Message: message})
		return
	}
	use.Pointer = at
	f.uses = append(f.uses, use)
}

// read takes an envelope apart, or says what is wrong with it.
func read(v map[string]any) (u Use, wrong string) {
	var isText bool
	if u.Hash, isText = v[EnvelopeKey].(string); !isText || !canonical.IsHash(u.Hash) {
		return u, `"$asset" is the hash of a picture, sha256: and 64 lower-case hex digits, as PUT /assets answered it`
	}
	for name := range v {
		if name != EnvelopeKey && name != altKey {
			return u, `a picture holds "$asset" and "alt" and nothing else; its size and address are filled in when it is served`
		}
	}
	if alt, given := v[altKey]; given {
		if u.Alt, isText = alt.(string); !isText {
			return u, `"alt" is a text that says what can be seen`
		}
		if utf8.RuneCountInString(u.Alt) > maxAlt {
			return u, `"alt" is longer than ` + strconv.Itoa(maxAlt) + " characters: say it in a sentence or two"
		}
	}
	return u, ""
}

// Path is where a picture is on this server.
func Path(hash string) string { return "/assets/" + strings.TrimPrefix(hash, "sha256:") }

// Serve returns props with each envelope in the form that it is served in: {url, width, height, alt, placeholder}. The
// address of a picture that is not known leads nowhere; then clients show its alternative text. Props without envelopes
// are returned as they are, others as a copy.
func Serve(props map[string]any, known map[string]Meta) map[string]any {
	served, _ := serve(props, known).(map[string]any)
	return served
}

func serve(v any, known map[string]Meta) any {
	switch v := v.(type) {
	case map[string]any:
		if IsEnvelope(v) {
			use, wrong := read(v)
			if wrong != "" {
				return v
			}
			return served(use, known)
		}
		if !holdsEnvelope(v) {
			return v
		}
		out := make(map[string]any, len(v))
		for name := range v {
			out[name] = serve(v[name], known)
		}
		return out
	case []any:
		if !holdsEnvelope(v) {
			return v
		}
		out := make([]any, len(v))
		for i := range v {
			out[i] = serve(v[i], known)
		}
		return out
	default:
		return v
	}
}

func served(u Use, known map[string]Meta) map[string]any {
	meta, ok := known[u.Hash]
	if !ok {
		meta = Meta{Width: 1, Height: 1}
	}
	return map[string]any{
		"url": Path(u.Hash), "width": float64(meta.Width), "height": float64(meta.Height), // as canonical.Decode reads numbers
		"alt": u.Alt, "placeholder": meta.Placeholder,
	}
}

func holdsEnvelope(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		if IsEnvelope(v) {
			return true
		}
		for name := range v {
			if holdsEnvelope(v[name]) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, holdsEnvelope)
	}
	return false
}

// HashesIn returns the hashes of the envelopes in canonical JSON, each once, sorted, without reading it: quotes inside
// of a text are escaped, so that no text can look like an envelope.
func HashesIn(texts ...string) []string {
	const mark = `"$asset":"`
	found := map[string]bool{}
	for _, text := range texts {
		for {
			_, rest, ok := strings.Cut(text, mark)
			if !ok {
				break
			}
			if hash, _, _ := strings.Cut(rest, `"`); canonical.IsHash(hash) {
				found[hash] = true
			}
			text = rest
		}
	}
	return slices.Sorted(maps.Keys(found))
}
