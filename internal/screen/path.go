//sonata:pure

package screen

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"sonata.ai/sonata/internal/fault"
)

// The limits of patterns and of the paths that are matched against them.
const (
	MaxPatternBytes    = 512
	MaxPatternSegments = 16
	MaxPathBytes       = 2048 // of a path without query and fragment, percent-encoded as it comes; longer ones never match
)

// Pattern is a parsed path pattern such as /products/:handle. The zero Pattern matches nothing.
type Pattern struct {
	text     string
	segments []segment
}

// segment is a literal text, or a parameter when it has a name.
type segment struct {
	literal   string
	parameter string
}

// ParsePattern reads a pattern: "/" and at most MaxPatternSegments segments, each a literal or a colon with a parameter
// name (a letter, then at most 31 letters, digits or _), which stands once. Literals are written as people read them,
// without percent-encoding. Faults: Invalid.
func ParsePattern(s string) (Pattern, error) {
	if len(s) > MaxPatternBytes {
		return Pattern{}, fault.Invalidf("a path has at most %d bytes; this one has %d", MaxPatternBytes, len(s))
	}
	if !strings.HasPrefix(s, "/") {
		return Pattern{}, fault.Invalidf("a path begins with /")
	}
	if s == "/" {
		return Pattern{text: s}, nil
	}
	p := Pattern{text: s}
	seen := map[string]bool{}
	for text := range strings.SplitSeq(s[1:], "/") {
		seg, err := parseSegment(text)
		if err != nil {
			return Pattern{}, err
		}
		if seg.parameter != "" && seen[seg.parameter] {
			return Pattern{}, fault.Invalidf("the parameter :%s stands twice in the path", seg.parameter)
		}
		seen[seg.parameter] = true
		p.segments = append(p.segments, seg)
	}
	if len(p.segments) > MaxPatternSegments {
		return Pattern{}, fault.Invalidf("a path has at most %d segments; this one has %d", MaxPatternSegments, len(p.segments))
	}
	return p, nil
}

func parseSegment(text string) (segment, error) {
	if name, ok := strings.CutPrefix(text, ":"); ok {
		if !isParameterName(name) {
			return segment{}, fault.Invalidf("%s is not a parameter name: a letter, then at most 31 letters, digits or _", quote(name))
		}
		return segment{parameter: name}, nil
	}
	switch text {
	case "":
		return segment{}, fault.Invalidf("a path has no empty segments and does not end with /")
	case ".", "..":
		return segment{}, fault.Invalidf("the segments . and .. do not stand in a path: browsers resolve them")
	}
	if !utf8.ValidString(text) {
		return segment{}, fault.Invalidf("a path is valid UTF-8")
	}
	for _, r := range text {
		if r == '%' {
			return segment{}, fault.Invalidf("a path is written without percent-encoding: write the characters themselves")
		}
		if !inLiteral(r) {
			return segment{}, fault.Invalidf("the character %q cannot stand in a path", r)
		}
	}
	return segment{literal: text}, nil
}

// inLiteral follows pchar of RFC 3986 without percent-encoding, and takes what is visible outside of ASCII.
func inLiteral(r rune) bool {
	if r >= utf8.RuneSelf {
		return unicode.IsGraphic(r) && !unicode.IsSpace(r) && r != utf8.RuneError
	}
	return isLetter(byte(r)) || isDigit(byte(r)) || strings.ContainsRune("-._~!$&'()*+,;=:@", r)
}

// String returns the pattern as it was written.
func (p Pattern) String() string { return p.text }

// Shape returns the pattern with parameter names erased: /products/:handle becomes /products/:.
func (p Pattern) Shape() string {
	if len(p.segments) == 0 {
		return p.text
	}
	var b strings.Builder
	for _, seg := range p.segments {
		b.WriteByte('/')
		if seg.parameter != "" {
			b.WriteByte(':')
		}
		b.WriteString(seg.literal)
	}
	return b.String()
}

// Alike says whether two patterns match the same paths, so that no rule could choose between them.
func Alike(a, b Pattern) bool { return a.Shape() == b.Shape() }

// Match says whether a path as a browser sends it fits, and what stood for each parameter, percent-decoded. Query and
// fragment are cut off and one trailing slash is ignored. A path with a bad escape, an escaped / or NUL, invalid UTF-8,
// an empty segment, the segment . or .., or more than MaxPathBytes fits no pattern.
func (p Pattern) Match(path string) (params map[string]string, ok bool) {
	var buf [MaxPatternSegments]string
	segments, ok := splitPath(path, buf[:0])
	if !ok || p.text == "" || len(segments) != len(p.segments) {
		return nil, false
	}
	for i, seg := range p.segments {
		if seg.parameter == "" && seg.literal != segments[i] {
			return nil, false
		}
	}
	return p.params(segments), true
}

func (p Pattern) params(segments []string) map[string]string {
	params := map[string]string{}
	for i, seg := range p.segments {
		if seg.parameter != "" {
			params[seg.parameter] = segments[i]
		}
	}
	return params
}

// splitPath appends the decoded segments of a path to segments. It gives up early: no pattern has more segments.
func splitPath(path string, segments []string) ([]string, bool) {
	if i := strings.IndexAny(path, "?#"); i >= 0 {
		path = path[:i]
	}
	if len(path) > MaxPathBytes || !strings.HasPrefix(path, "/") {
		return nil, false
	}
	if path == "/" {
		return segments, true
	}
	for text := range strings.SplitSeq(strings.TrimSuffix(path[1:], "/"), "/") {
		decoded, ok := decodeSegment(text)
		if !ok || len(segments) == MaxPatternSegments {
			return nil, false
		}
		segments = append(segments, decoded)
	}
	return segments, true
}

func decodeSegment(text string) (string, bool) {
	decoded := text
	if strings.Contains(text, "%") {
		b := make([]byte, 0, len(text))
		for i := 0; i < len(text); i++ {
			if text[i] != '%' {
				b = append(b, text[i])
				continue
			}
			c, ok := unhex(text[i:])
			if !ok {
				return "", false
			}
			b = append(b, c)
			i += 2
		}
		decoded = string(b)
	}
	switch decoded {
	case "", ".", "..":
		return "", false
	}
	return decoded, utf8.ValidString(decoded) && !strings.ContainsAny(decoded, "/\x00")
}

// unhex reads the escape %XX that s begins with.
func unhex(s string) (byte, bool) {
	if len(s) < 3 {
		return 0, false
	}
	high, ok1 := hexDigit(s[1])
	low, ok2 := hexDigit(s[2])
	return high<<4 | low, ok1 && ok2
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case isDigit(c):
		return c - '0', true
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10, true
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10, true
	default:
		return 0, false
	}
}
