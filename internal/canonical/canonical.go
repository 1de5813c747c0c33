//sonata:pure

// Package canonical turns JSON into the one form that is stored and hashed: RFC 8785 (JCS), with the I-JSON rules of
// RFC 7493 on the way in, so that a value means the same in every language and on every database.
package canonical

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gowebpki/jcs"

	"sonata.ai/sonata/internal/fault"
)

// maxDepth bounds nesting, so that a hostile value cannot exhaust the stack. encoding/json allows 10,000.
const maxDepth = 64

// Decode reads exactly one JSON value. Numbers become float64 and must be representable without loss; strings must be
// valid UTF-8 without NUL; nesting is at most 64 levels. It returns a fault of kind Invalid.
func Decode(raw []byte) (any, error) {
	if !utf8.Valid(raw) {
		return nil, fault.Invalidf("the JSON is not valid UTF-8")
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, fault.Invalidf("not valid JSON: %s", syntax(err))
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, fault.Invalidf("not valid JSON: there is more after the first value")
	}
	return normalize(v, "", 0)
}

func syntax(err error) string {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return "it ends too early"
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}

func normalize(v any, pointer string, depth int) (any, error) {
	if depth > maxDepth {
		return nil, fault.Exhaustedf("nested deeper than %d levels", maxDepth).WithCode("LIMIT").WithPointer(pointer)
	}
	switch v := v.(type) {
	case json.Number:
		return number(v, pointer)
	case string:
		if strings.ContainsRune(v, 0) {
			return nil, fault.Invalidf("a string holds the character NUL (U+0000): remove it").WithPointer(pointer)
		}
		return v, nil
	case []any:
		for i := range v {
			n, err := normalize(v[i], pointer+"/"+strconv.Itoa(i), depth+1)
			if err != nil {
				return nil, err
			}
			v[i] = n
		}
		return v, nil
	case map[string]any:
		for k := range v {
			at := pointer + "/" + EscapePointer(k)
			if strings.ContainsRune(k, 0) {
				return nil, fault.Invalidf("a property name holds the character NUL (U+0000): remove it").WithPointer(pointer)
			}
			n, err := normalize(v[k], at, depth+1)
			if err != nil {
				return nil, err
			}
			v[k] = n
		}
		return v, nil
	default:
		return v, nil
	}
}

// number refuses what a double cannot hold: RFC 8785 would round it silently.
func number(n json.Number, pointer string) (float64, error) {
	f, err := strconv.ParseFloat(string(n), 64)
	if err != nil || math.IsInf(f, 0) {
		return 0, fault.Invalidf("the number %s is too large: send it as a string", clip(string(n))).WithPointer(pointer)
	}
	exact := strconv.FormatFloat(f, 'f', -1, 64) == string(n) // what Marshal wrote must be readable again
	if !strings.ContainsAny(string(n), ".eE") && math.Abs(f) >= 1<<53 && !exact {
		return 0, fault.Invalidf("the number %s cannot be kept exactly (integers go to 2^53): send it as a string", clip(string(n))).WithPointer(pointer)
	}
	if f == 0 {
		return 0, nil // RFC 8785 writes -0 as 0
	}
	return f, nil
}

func clip(s string) string {
	if len(s) > 40 {
		return s[:40] + "…"
	}
	return s
}

// EscapePointer escapes one reference token for a JSON Pointer (RFC 6901).
func EscapePointer(token string) string {
	if !strings.ContainsAny(token, "~/") { // nearly always: building a replacer was an eighth of an edit
		return token
	}
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(token)
}

// UnescapePointer undoes EscapePointer.
func UnescapePointer(token string) string {
	if !strings.Contains(token, "~") {
		return token
	}
	return strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
}

// At follows a JSON Pointer (RFC 6901) through a decoded value; ok is false where it leads to nothing.
func At(v any, pointer string) (found any, ok bool) {
	if pointer == "" {
		return v, true
	}
	if pointer[0] != '/' {
		return nil, false
	}
	for token := range strings.SplitSeq(pointer[1:], "/") {
		switch holder := v.(type) {
		case map[string]any:
			if v, ok = holder[UnescapePointer(token)]; !ok {
				return nil, false
			}
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(holder) || strconv.Itoa(i) != token {
				return nil, false
			}
			v = holder[i]
		default:
			return nil, false
		}
	}
	return v, true
}

// Marshal writes v, made of values that Decode returned or of structs with json tags, in canonical form.
func Marshal(v any) ([]byte, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return jcs.Transform(raw)
}

// Hash returns "sha256:" and the 64 lower-case hex digits over the bytes as they are.
func Hash(b []byte) string {
	sum := sha256.Sum256(b)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// HashOf is Hash over the canonical form of v.
func HashOf(v any) (string, error) {
	b, err := Marshal(v)
	if err != nil {
		return "", err
	}
	return Hash(b), nil
}

// IsHash reports whether s has the form that Hash returns.
func IsHash(s string) bool {
	digits, ok := strings.CutPrefix(s, "sha256:")
	if !ok || len(digits) != 64 {
		return false
	}
	return strings.Trim(digits, "0123456789abcdef") == ""
}

// Clone copies a decoded JSON value deeply.
func Clone(v any) any {
	switch v := v.(type) {
	case map[string]any:
		c := make(map[string]any, len(v))
		for k := range v {
			c[k] = Clone(v[k])
		}
		return c
	case []any:
		c := make([]any, len(v))
		for i := range v {
			c[i] = Clone(v[i])
		}
		return c
	default:
		return v
	}
}
