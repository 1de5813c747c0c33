package gateway

import (
	"encoding/binary"
	"math/bits"
)

// reader reads JSON once, from left to right, and makes nothing of it. It is as strict as encoding/json, and more: an escape in
// a name, and what is nested deeper than maxNesting, it does not take. Then it is bad, and at the end.
type reader struct {
	b       []byte
	at      int
	depth   int
	escaped bool // whether the last text has escapes
	bad     bool
}

// maxNesting is how deep an answer may be to be looked at quickly.
const maxNesting = 64

func (r *reader) fail() { r.bad, r.at = true, len(r.b) }

// peek is the byte after white space; 0 at the end.
func (r *reader) peek() byte {
	for ; r.at < len(r.b); r.at++ {
		switch c := r.b[r.at]; {
		case c > ' ':
			return c
		case c != ' ' && c != '\n' && c != '\t' && c != '\r':
			r.fail()
		}
	}
	return 0
}

// ended reports whether there is nothing more, and nothing was wrong.
func (r *reader) ended() bool { return r.peek() == 0 && !r.bad }

// member reads up to the value of the next member of an object. What is before it is '{' for the first one and ',' for others.
func (r *reader) member(before byte) (name []byte, more bool) {
	if !r.step(before, '}') {
		return nil, false
	}
	name = r.key()
	return name, !r.bad
}

// key reads a key and its colon.
func (r *reader) key() []byte {
	const likely = `"` + typename + `":`
	if r.takes(likely) {
		return r.b[r.at-len(likely)+1 : r.at-2]
	}
	key := r.name()
	if r.peek() != ':' {
		r.fail()
		return nil
	}
	r.at++
	return key
}

// takes reads whole tokens, where they come next and are written like this.
func (r *reader) takes(tokens string) bool {
	if end := r.at + len(tokens); end <= len(r.b) && string(r.b[r.at:end]) == tokens {
		r.at = end
		return true
	}
	return false
}

// item reads up to the next item of a list. What is before it is '[' for the first one and ',' for others.
func (r *reader) item(before byte) (more bool) { return r.step(before, ']') }

func (r *reader) step(before, end byte) (more bool) {
	c := r.peek()
	switch {
	case before == ',' && c == end:
		r.at++
		r.depth--
		return false
	case c != before:
		r.fail()
		return false
	}
	r.at++
	if before == ',' {
		return true
	}
	if r.depth++; r.depth > maxNesting {
		r.fail()
		return false
	}
	if r.peek() != end {
		return true
	}
	r.at++
	r.depth--
	return false
}

// text reads a text, and returns it as it is written between its quotes. That it is UTF-8 is not asked.
func (r *reader) text() []byte {
	r.escaped = false
	if r.peek() != '"' {
		r.fail()
		return nil
	}
	b := r.b
	for i := r.at + 1; ; i++ {
		i = special(b, i)
		switch {
		case i == len(b) || b[i] < ' ':
			r.fail()
			return nil
		case b[i] == '"':
			text := b[r.at+1 : i]
			r.at = i + 1
			return text
		}
		n := escape(b[i+1:])
		if n == 0 {
			r.fail()
			return nil
		}
		r.escaped = true
		i += n
	}
}

// special is where the next quote, backslash or control character is; at the end, where there is none. It looks at eight bytes
// at a time: the highest bit of each says that it is one. What is subtracted of a byte borrows from the next one only where
// that byte is one itself, so that the first one is always right.
func special(b []byte, i int) int {
	const each, high = 0x0101010101010101, 0x8080808080808080
	for ; i+8 <= len(b); i += 8 {
		eight := binary.LittleEndian.Uint64(b[i:])
		quote, backslash := eight^('"'*each), eight^('\\'*each)
		found := ((eight-' '*each)&^eight | (quote-each)&^quote | (backslash-each)&^backslash) & high
		if found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for ; i < len(b); i++ {
		if c := b[i]; c == '"' || c == '\\' || c < ' ' {
			return i
		}
	}
	return i
}

// escape is how many bytes an escape has after its backslash; 0 for none that JSON has.
func escape(b []byte) int {
	if len(b) == 0 {
		return 0
	}
	switch b[0] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 1
	case 'u':
		const digits = 4
		if len(b) <= digits {
			return 0
		}
		for _, c := range b[1 : 1+digits] {
			if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
				return 0
			}
		}
		return 1 + digits
	}
	return 0
}

// name reads a text that stands for itself.
func (r *reader) name() []byte {
	text := r.text()
	if r.escaped {
		r.fail()
	}
	return text
}

// number reads a number, and reports whether it has neither a fraction nor an exponent.
func (r *reader) number() (text []byte, whole bool) {
	r.peek()
	b, start := r.b, r.at
	i := start
	if i < len(b) && b[i] == '-' {
		i++
	}
	end := digits(b, i)
	if end == i || end > i+1 && b[i] == '0' {
		r.fail()
		return nil, false
	}
	whole = true
	if end < len(b) && b[end] == '.' {
		whole = false
		i = end + 1
		if end = digits(b, i); end == i {
			r.fail()
			return nil, false
		}
	}
	if end < len(b) && (b[end] == 'e' || b[end] == 'E') {
		whole = false
		i = end + 1
		if i < len(b) && (b[i] == '-' || b[i] == '+') {
			i++
		}
		if end = digits(b, i); end == i {
			r.fail()
			return nil, false
		}
	}
	r.at = end
	return b[start:end], whole
}

// digits is where the digits end that begin at a place.
func digits(b []byte, i int) int {
	for i < len(b) && b[i] >= '0' && b[i] <= '9' {
		i++
	}
	return i
}

func (r *reader) word(word string) {
	if !r.takes(word) {
		r.fail()
	}
}

// null reads null, when that is next.
func (r *reader) null() bool {
	if r.peek() != 'n' {
		return false
	}
	r.word("null")
	return true
}

// boolean reads true or false.
func (r *reader) boolean() {
	if r.peek() == 't' {
		r.word("true")
		return
	}
	r.word("false")
}

// skip reads a value, whatever it is.
func (r *reader) skip() {
	switch r.peek() {
	case '"':
		r.text()
	case '{':
		for _, more := r.member('{'); more; _, more = r.member(',') {
			r.skip()
		}
	case '[':
		for more := r.item('['); more; more = r.item(',') {
			r.skip()
		}
	case 't', 'f':
		r.boolean()
	case 'n':
		r.null()
	default:
		r.number()
	}
}

// told looks ahead for the __typename of an object: nothing where it has none.
func (r reader) told() (name []byte, ok bool) {
	for key, more := r.member('{'); more; key, more = r.member(',') {
		if string(key) == typename {
			name = r.name()
			return name, len(name) > 0
		}
		r.skip()
	}
	return nil, !r.bad
}
