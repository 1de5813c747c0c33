//sonata:pure

package canonical

import (
	"encoding/json"
	"strconv"
	"unicode/utf8"

	"sonata.ai/sonata/internal/fault"
)

// Strict refuses JSON that parsers read differently, of which the standard library silently takes one reading: two members
// of one name in an object, half a surrogate pair, bytes that are no UTF-8 (RFC 7493, I-JSON). It also refuses what is no
// JSON, or more than one value. It returns a fault of kind Invalid.
func Strict(raw []byte) error {
	if !utf8.Valid(raw) {
		return fault.Invalidf("the JSON is not valid UTF-8")
	}
	if !json.Valid(raw) {
		return fault.Invalidf("not valid JSON")
	}
	var open []map[string]struct{} // by level; nil for an array
	for i := 0; i < len(raw); i++ {
		switch raw[i] {
		case '{':
			open = append(open, map[string]struct{}{})
		case '[':
			open = append(open, nil)
		case '}', ']':
			open = open[:len(open)-1]
		case '"':
			end, whole := endOfString(raw, i)
			if !whole {
				return fault.Invalidf("a string holds half of a surrogate pair")
			}
			if name := nextByte(raw, end) == ':'; name {
				names, key := open[len(open)-1], text(raw[i:end])
				if _, twice := names[key]; twice {
					return fault.Invalidf("the name %q is given twice in one object", clip(key))
				}
				names[key] = struct{}{}
			}
			i = end - 1
		}
	}
	return nil
}

// endOfString returns where a string of valid JSON ends, behind its quote; whole is false when it escapes half of a
// surrogate pair.
func endOfString(raw []byte, at int) (end int, whole bool) {
	whole = true
	for i := at + 1; ; i++ {
		switch raw[i] {
		case '"':
			return i + 1, whole
		case '\\':
			i++
			if raw[i] != 'u' {
				continue
			}
			unit := codeUnit(raw, i+1)
			i += 4
			switch {
			case unit >= 0xDC00 && unit <= 0xDFFF:
				whole = false
			case unit < 0xD800 || unit > 0xDFFF:
			case raw[i+1] == '\\' && raw[i+2] == 'u' && codeUnit(raw, i+3) >= 0xDC00 && codeUnit(raw, i+3) <= 0xDFFF:
				i += 6
			default:
				whole = false
			}
		}
	}
}

// codeUnit reads four hex digits of valid JSON; 0 where there are none.
func codeUnit(raw []byte, at int) uint64 {
	if at+4 > len(raw) {
		return 0
	}
	unit, err := strconv.ParseUint(string(raw[at:at+4]), 16, 16)
	if err != nil {
		return 0
	}
	return unit
}

// nextByte is the next that is no white space; 0 at the end.
func nextByte(raw []byte, at int) byte {
	for ; at < len(raw); at++ {
		switch raw[at] {
		case ' ', '\t', '\r', '\n':
		default:
			return raw[at]
		}
	}
	return 0
}

// text is a string of valid JSON without quotes and escapes.
func text(quoted []byte) string {
	var s string
	if json.Unmarshal(quoted, &s) != nil {
		return string(quoted)
	}
	return s
}
