package access

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"sonata.ai/sonata/internal/fault"
)

// What a hash costs (argon2id, RFC 9106), as OWASP advises at least.
const (
	argonMemory  = 19 * 1024 // KiB
	argonTime    = 2
	argonThreads = 1
	argonKey     = 32
	argonSalt    = 16
)

// The bounds of a password, in characters. What is longer is refused, not cut.
const (
	minPassword = 12
	maxPassword = 256
)

// Passwords hashes and compares passwords. Hashing costs a core for tens of milliseconds and 19 MiB by intention, so
// only some do it at a time, some wait, and the rest are told to come back: whatever a flood of attempts does, other
// requests keep their cores.
type Passwords struct {
	atWork  chan struct{}
	waiting chan struct{}
}

// NewPasswords returns passwords with one worker per two cores and a queue of twice as many as there are cores.
func NewPasswords() *Passwords {
	return &Passwords{
		atWork:  make(chan struct{}, max(1, runtime.NumCPU()/2)),
		waiting: make(chan struct{}, 2*runtime.NumCPU()),
	}
}

// busyFor is when to come back, in seconds, while too many sign in.
const busyFor = 2

// turn waits for a turn and returns what ends it. Faults: Exhausted when too many wait, Unavailable when ctx ends first.
func (p *Passwords) turn(ctx context.Context) (done func(), err error) {
	select {
	case p.waiting <- struct{}{}:
	default:
		return nil, tooManyf(busyFor, "too many people are signing in at this moment: try again in %d seconds", busyFor)
	}
	defer func() { <-p.waiting }()
	select {
	case p.atWork <- struct{}{}:
		return func() { <-p.atWork }, nil
	case <-ctx.Done():
		return nil, fault.Unavailablef("the request was given up")
	}
}

// Hash returns what is kept of a password, in PHC form.
func (p *Passwords) Hash(ctx context.Context, password string) (string, error) {
	done, err := p.turn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	salt := make([]byte, argonSalt)
	rand.Read(salt)
	return encodeHash(salt, derive(password, salt)), nil
}

func encodeHash(salt, key []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonThreads, b64.EncodeToString(salt), b64.EncodeToString(key))
}

func derive(password string, salt []byte) []byte {
	return argon2.IDKey([]byte(norm.NFKC.String(password)), salt, argonTime, argonMemory, argonThreads, argonKey)
}

// Matches reports whether a password is the one of a hash. With an empty hash it takes as long and says no: how long an
// answer takes must not tell whether there is an account.
func (p *Passwords) Matches(ctx context.Context, password, hash string) (bool, error) {
	done, err := p.turn(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	salt, key, ok := decodeHash(hash)
	if !ok {
		salt, key = make([]byte, argonSalt), make([]byte, argonKey)
	}
	same := subtle.ConstantTimeCompare(derive(password, salt), key) == 1
	return same && ok, nil
}

// decodeHash reads the PHC form; ok is false for anything that Hash did not write.
func decodeHash(s string) (salt, key []byte, ok bool) {
	head := fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$", argon2.Version, argonMemory, argonTime, argonThreads)
	rest, ok := strings.CutPrefix(s, head)
	saltText, keyText, both := strings.Cut(rest, "$")
	salt, saltErr := base64.RawStdEncoding.Strict().DecodeString(saltText)
	key, keyErr := base64.RawStdEncoding.Strict().DecodeString(keyText)
	if !ok || !both || saltErr != nil || keyErr != nil || len(salt) != argonSalt || len(key) != argonKey {
		return nil, nil, false
	}
	return salt, key, true
}

// checkPassword refuses a password that is too short, too long, or that a machine guesses within its first attempts.
func checkPassword(password, email, name string) error {
	normal := norm.NFKC.String(password)
	switch n := utf8.RuneCountInString(normal); {
	case !utf8.ValidString(password):
		return fault.Invalidf("the password is not valid UTF-8").At("password")
	case n > maxPassword || len(password) > 4*maxPassword:
		return fault.Exhaustedf("a password has at most %d characters", maxPassword).WithCode("LIMIT").At("password")
	case n < minPassword:
		return fault.Invalidf("a password has at least %d characters: several words are easy to keep in mind", minPassword).At("password")
	case easilyGuessed(strings.ToLower(normal), email, name):
		return fault.Invalidf("this password is easily guessed: choose several words that have nothing to do with you or with each other").At("password")
	}
	return nil
}

// easilyGuessed reports whether little is left of a password without what everybody tries: the person's own name, well
// known words, runs of one character, and sequences.
func easilyGuessed(password, email, name string) bool {
	local, domain, _ := strings.Cut(strings.ToLower(email), "@")
	tried := []string{
		local, strings.ToLower(name), "sonata", "password", "passwort", "qwertyuiop", "qwerty", "qwertz", "asdfghjkl", "letmein", "welcome", "iloveyou",
		"admin", "administrator", "secret", "changeme", "football", "baseball", "princess", "dragon", "monkey", "sunshine", "master", "correcthorsebatterystaple",
	}
	tried = append(tried, strings.FieldsFunc(local+" "+domain+" "+strings.ToLower(name), func(r rune) bool { return strings.ContainsRune(" .-_+@", r) })...)
	rest := password
	for _, word := range tried {
		if len(word) >= 3 {
			rest = strings.ReplaceAll(rest, word, "")
		}
	}
	return surprises(rest) < 6
}

// surprises counts the characters that do not follow from the two before them: the next letter or digit, or the same again.
func surprises(s string) (n int) {
	seen := map[rune]bool{}
	var last rune
	for _, r := range s {
		if d := r - last; (d < -1 || d > 1) && !seen[r] {
			n++
		}
		seen[r], last = true, r
	}
	return n
}
