//sonata:pure

package screen

import (
	"html"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"sonata.ai/sonata/internal/canonical"
)

// UnsafeURL is a value that could run script where a URL is expected.
type UnsafeURL struct {
	Pointer string // JSON Pointer into the props
	Message string
}

// decodeRounds is how often escapes are taken off: once per layer that a value may pass on its way to a browser.
const decodeRounds = 4

// UnsafeURLs finds values of URL-shaped props that could run script, however disguised. A prop is URL-shaped when isURL,
// which may be nil, says so for its pointer, or when its name ends with a word such as href, url, src, link or image;
// strings in lists go by the name of the list. Ordered by the names of the props.
func UnsafeURLs(props map[string]any, isURL func(pointer string) bool) []UnsafeURL {
	if isURL == nil {
		isURL = func(string) bool { return false }
	}
	f := urlFinder{isURL: isURL}
	f.object(props, "")
	return f.found
}

type urlFinder struct {
	isURL func(string) bool
	found []UnsafeURL
}

func (f *urlFinder) object(object map[string]any, at string) {
	for _, name := range slices.Sorted(maps.Keys(object)) {
		f.value(object[name], at+"/"+canonical.EscapePointer(name), nameShape(name))
	}
}

func (f *urlFinder) value(v any, at string, shape urlShape) {
	switch v := v.(type) {
	case map[string]any:
		f.object(v, at)
	case []any:
		for i := range v {
			f.value(v[i], at+"/"+strconv.Itoa(i), shape)
		}
	case string:
		if shape == notURL && f.isURL(at) {
			shape = oneURL
		}
		if scheme := unsafeScheme(v, shape); scheme != "" {
			f.found = append(f.found, UnsafeURL{
				Pointer: at,
				Message: "a URL that begins with " + scheme + ": can run script: use https:, mailto:, tel: or a path",
			})
		}
	}
}

type urlShape int

const (
	notURL urlShape = iota
	oneURL
	manyURLs  // candidates as in srcset
	styleURLs // a URL, or CSS with url(…) in it
)

// nameShape goes by the last word of a property name: heroImage, hero_image and hero-image are images. The last two and
// all words are tried as one too, for words that are split where they should not be: formAction, imageURLs, hReF.
func nameShape(name string) urlShape {
	words := nameWords(name)
	if strings.HasSuffix(strings.Join(words, ""), "srcset") {
		return manyURLs
	}
	for _, from := range []int{len(words) - 1, len(words) - 2, 0} {
		if from < 0 {
			continue
		}
		switch strings.Join(words[min(from, len(words)):], "") {
		case "href", "url", "uri", "src", "link", "action", "formaction", "poster", "to", "target", "cite", "image", "icon",
			"hrefs", "urls", "uris", "links", "actions", "posters", "targets", "images", "icons":
			return oneURL
		case "background", "backgrounds":
			return styleURLs
		}
	}
	return notURL
}

// nameWords splits at case changes and at everything but letters. Digits go: image2 is an image.
func nameWords(name string) []string {
	var words []string
	var word []rune
	end := func() {
		if len(word) > 0 {
			words = append(words, strings.ToLower(string(word)))
			word = word[:0]
		}
	}
	runes := []rune(name)
	for i, r := range runes {
		if !unicode.IsLetter(r) {
			end()
			continue
		}
		afterSmall := i > 0 && unicode.IsLower(runes[i-1])
		beforeSmall := i > 0 && i+1 < len(runes) && unicode.IsUpper(runes[i-1]) && unicode.IsLower(runes[i+1])
		if unicode.IsUpper(r) && (afterSmall || beforeSmall) {
			end()
		}
		word = append(word, r)
	}
	end()
	return words
}

// unsafeScheme returns the dangerous scheme that the value has in any reading of it, or "".
func unsafeScheme(value string, shape urlShape) string {
	if shape == notURL {
		return ""
	}
	for round := 0; ; round++ {
		for _, candidate := range candidates(value, shape) {
			if scheme := dangerousScheme(candidate); scheme != "" {
				return scheme
			}
		}
		if round == decodeRounds {
			return ""
		}
		next := unescapeLoosely(value)
		if next == value {
			return ""
		}
		value = next
	}
}

func candidates(value string, shape urlShape) []string {
	switch shape {
	case manyURLs:
		return strings.Split(value, ",")
	case styleURLs:
		found := []string{value}
		rest := strings.ToLower(value)
		for {
			_, after, ok := strings.Cut(rest, "url(")
			if !ok {
				return found
			}
			found = append(found, strings.TrimLeft(after, "\"' \t\r\n"))
			rest = after
		}
	default:
		return []string{value}
	}
}

// dangerousScheme reads the scheme as the laxest reader would: white space, control and invisible characters are
// skipped and look-alikes count as the letter.
func dangerousScheme(value string) string {
	scheme, ok := looseScheme(value)
	if !ok {
		return ""
	}
	switch scheme {
	case "javascript", "vbscript", "livescript", "mocha", "blob", "filesystem", "view-source":
		return scheme
	case "data":
		if !isPlainImage(value) {
			return scheme
		}
	}
	return ""
}

// longestScheme is longer than every scheme that is looked for.
const longestScheme = 16

func looseScheme(value string) (string, bool) {
	value = strings.ReplaceAll(value, `\0`, "")
	scheme := make([]byte, 0, longestScheme)
	for _, r := range value {
		if isSkipped(r) {
			continue
		}
		switch r = foldRune(r); {
		case r == ':':
			return string(scheme), true
		case r >= utf8.RuneSelf, len(scheme) == longestScheme:
			return "", false
		case isLetter(byte(r)) || isDigit(byte(r)) || strings.ContainsRune("+-.", r):
			scheme = append(scheme, byte(r))
		default:
			return "", false
		}
	}
	return "", false
}

// isSkipped covers control, format (zero-width, soft hyphen, direction) and space characters, variation selectors and
// other marks, invisible fillers, and what is left of undecodable bytes.
func isSkipped(r rune) bool {
	switch r {
	case utf8.RuneError, '\u115f', '\u1160', '\u2800', '\u3164', '\uffa0':
		return true
	}
	return unicode.IsControl(r) || unicode.IsSpace(r) || unicode.In(r, unicode.Cf, unicode.Mn, unicode.Me, unicode.Zs, unicode.Zl, unicode.Zp)
}

func foldRune(r rune) rune {
	switch {
	case 0xFF01 <= r && r <= 0xFF5E: // fullwidth forms of ASCII
		r -= 0xFEE0
	case r == '\ufe55', r == '\ufe13': // small and vertical colon
		return ':'
	case r == 'ı', r == 'İ':
		return 'i'
	case r == 'ſ':
		return 's'
	}
	return unicode.ToLower(r)
}

// isPlainImage reads data URLs strictly, for this is the way to be let through: only types that cannot hold script.
func isPlainImage(value string) bool {
	value = strings.ToLower(strings.TrimSpace(value))
	for _, kind := range []string{"png", "jpeg", "gif", "webp", "avif"} {
		if rest, ok := strings.CutPrefix(value, "data:image/"+kind); ok && (rest == "" || rest[0] == ';' || rest[0] == ',') {
			return true
		}
	}
	return false
}

// unescapeLoosely takes one layer of percent-encoding and HTML entities off. Bad escapes stay as they are.
func unescapeLoosely(value string) string {
	if strings.Contains(value, "&") {
		value = html.UnescapeString(terminateEntities(value))
	}
	if !strings.Contains(value, "%") {
		return value
	}
	b := make([]byte, 0, len(value))
	for i := 0; i < len(value); i++ {
		if c, ok := unhex(value[i:]); ok && value[i] == '%' {
			b = append(b, c)
			i += 2
			continue
		}
		b = append(b, value[i])
	}
	return string(b)
}

// terminateEntities replaces the named entities that a disguise is made of in whatever case and without semicolon, which
// html.UnescapeString, like HTML itself, does not take.
func terminateEntities(value string) string {
	lower := strings.ToLower(value)
	if len(lower) != len(value) { // some letters change length; then positions would not agree
		value = lower
	}
	var b strings.Builder
	for i := 0; i < len(value); {
		name, char := "", ""
		if value[i] == '&' {
			name, char = entityAt(lower[i:])
		}
		if name == "" {
			b.WriteByte(value[i])
			i++
			continue
		}
		b.WriteString(char)
		i += len(name)
		if i < len(value) && value[i] == ';' {
			i++
		}
	}
	return b.String()
}

func entityAt(s string) (name, char string) {
	for _, e := range [][2]string{{"&colon", ":"}, {"&tab", "\t"}, {"&newline", "\n"}, {"&nbsp", " "}, {"&shy", ""}, {"&zerowidthspace", ""}, {"&nobreak", ""}} {
		if strings.HasPrefix(s, e[0]) {
			return e[0], e[1]
		}
	}
	return "", ""
}
