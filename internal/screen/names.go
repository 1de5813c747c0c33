//sonata:pure

package screen

import "strconv"

// Block keys hold no "/" because included blocks get the keys "<include key>/<key>", and they begin with a letter, so
// that "__proto__" can never be a property name in a browser.
func isBlockKey(s string) bool {
	return isName(s, 64, isLetter, func(c byte) bool { return isLetter(c) || isDigit(c) || c == '-' || c == '_' })
}

func isSlotName(s string) bool {
	return isName(s, 32, isSmall, func(c byte) bool { return isLetter(c) || isDigit(c) })
}

func isComponentKey(s string) bool {
	return isName(s, 64, isSmall, func(c byte) bool { return isSmall(c) || isDigit(c) || c == '-' })
}

func isParameterName(s string) bool {
	return isName(s, 32, isLetter, func(c byte) bool { return isLetter(c) || isDigit(c) || c == '_' })
}

func isName(s string, longest int, first, rest func(byte) bool) bool {
	if s == "" || len(s) > longest || !first(s[0]) {
		return false
	}
	for i := 1; i < len(s); i++ {
		if !rest(s[i]) {
			return false
		}
	}
	return true
}

func isSmall(c byte) bool  { return 'a' <= c && c <= 'z' }
func isLetter(c byte) bool { return isSmall(c) || 'A' <= c && c <= 'Z' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }

// quote shows text of the caller in a message without letting it decide how long the message gets.
func quote(s string) string {
	if len(s) > 80 {
		s = s[:80] + "…"
	}
	return strconv.Quote(s)
}
