package access

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"sonata.ai/sonata/internal/fault"
)

// cost is what a hash takes (argon2id with one lane, RFC 9106).
type cost struct{ memory, time uint32 } // KiB, passes over it

// today is what new hashes cost: what OWASP advises at least.
func today() cost { return cost{memory: 19 * 1024, time: 2} }

// work is how long a hash takes, in KiB that are passed over: twice as much takes twice as long.
func (c cost) work() uint64 { return uint64(c.memory) * uint64(c.time) }

const (
	argonKey  = 32
	argonSalt = 16
	// dearest is what a stored hash may cost at most, in hashes of today: a row that somebody planted in the database
	// should not be able to stop the server.
	dearest = 4
)

// The bounds of a password, in characters. What is longer is refused, not cut.
const (
	minPassword = 12
	maxPassword = 256
)

// Passwords hashes and compares passwords. Hashing costs a core for tens of milliseconds and 19 MiB by intention, so
// only some do it at a time, some wait for a moment, and the rest are told at once to come back: whatever a flood of
// attempts does, other requests keep their cores.
type Passwords struct {
	atWork   chan struct{}
	waiting  chan struct{}
	patience time.Duration // the longest wait for a turn
	rests    bool          // a worker rests as long as it worked, so that others have the machine for half of the time at least
	decoy    string        // the hash of no password, to be compared where there is none
	derive   func(c cost, password string, salt []byte) []byte
}

// NewPasswords returns passwords with one worker per two cores and a queue of twice as many as there are cores. A
// worker rests as long as it worked. The cores are those that this process may use, which in a container are fewer than
// the machine has. Hashes are computed by hashers, or with nil in this process.
func NewPasswords(hashers *Hashers) *Passwords {
	cores := runtime.GOMAXPROCS(0)
	p := newPasswords(max(1, cores/2), 2*cores, patience)
	p.rests = true
	if hashers != nil {
		p.derive = hashers.derive
	}
	return p
}

func newPasswords(workers, queue int, patience time.Duration) *Passwords {
	nobody := kept{cost: today(), salt: make([]byte, argonSalt), key: make([]byte, argonKey)}
	rand.Read(nobody.key)
	return &Passwords{
		atWork: make(chan struct{}, workers), waiting: make(chan struct{}, queue), patience: patience,
		decoy: nobody.encode(), derive: cost.derive,
	}
}

const (
	// longestRest is for a hash that took long for another reason than its work.
	longestRest = 500 * time.Millisecond

	patience = 3 * time.Second
	busyFor  = 2 // seconds until whoever was refused comes back
)

func busy() error {
	return tooManyf(busyFor, "too many people are signing in at this moment: try again in %d seconds", busyFor)
}

// turn waits for a turn and returns what ends it. Faults: Exhausted when too many wait or it takes too long,
// Unavailable when ctx ends first.
func (p *Passwords) turn(ctx context.Context) (done func(), err error) {
	select {
	case p.waiting <- struct{}{}:
	default:
		return nil, busy()
	}
	defer func() { <-p.waiting }()
	over := time.NewTimer(p.patience)
	defer over.Stop()
	select {
	case p.atWork <- struct{}{}:
		if ctx.Err() != nil { // both at once
			<-p.atWork
			return nil, fault.Unavailablef("the request was given up")
		}
		began, release := time.Now(), func() { <-p.atWork }
		if !p.rests {
			return release, nil
		}
		return func() { time.AfterFunc(min(time.Since(began), longestRest), release) }, nil
	case <-over.C:
		return nil, busy()
	case <-ctx.Done():
		return nil, fault.Unavailablef("the request was given up")
	}
}

// inTurn does what hashes once it is its turn. Faults: Exhausted, Unavailable.
func (p *Passwords) inTurn(ctx context.Context, do func() error) error {
	done, err := p.turn(ctx)
	if err != nil {
		return err
	}
	defer done()
	return do()
}

// Hash returns what is kept of a password, in PHC form. Faults: Exhausted, Unavailable.
func (p *Passwords) Hash(ctx context.Context, password string) (hash string, err error) {
	err = p.inTurn(ctx, func() error {
		hash = p.newHash(password, today())
		return nil
	})
	return hash, err
}

// kept is what is known of a password.
type kept struct {
	cost cost
	salt []byte
	key  []byte
}

func (p *Passwords) newHash(password string, c cost) string {
	salt := make([]byte, argonSalt)
	rand.Read(salt)
	return kept{c, salt, p.derive(c, password, salt)}.encode()
}

func (c cost) derive(password string, salt []byte) []byte {
	return argon2.IDKey([]byte(norm.NFKC.String(password)), salt, c.time, c.memory, 1, argonKey)
}

func (k kept) encode() string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, k.cost.memory, k.cost.time, b64.EncodeToString(k.salt), b64.EncodeToString(k.key))
}

// matches reports whether a password is the one of a hash, and returns a new hash when that one does not cost what it
// should. It takes as long to say no whatever the hash: with none, and with one that was cheaper in its day. Only one
// that costs more than today's takes longer. Call it in turn.
func (p *Passwords) matches(password, hash string) (ok bool, fresh string) {
	k, ok := decodeHash(hash)
	if !ok {
		k, _ = decodeHash(p.decoy)
	}
	same := subtle.ConstantTimeCompare(p.derive(k.cost, password, k.salt), k.key) == 1
	switch now := today(); {
	case same && ok && k.cost != now:
		return true, p.newHash(password, now)
	case same && ok:
		return true, ""
	case k.cost.work() < now.work():
		p.derive(cost{memory: uint32(now.work() - k.cost.work()), time: 1}, password, k.salt)
	}
	return false, ""
}

// decodeHash reads the PHC form; ok is false for anything that no Sonata wrote.
func decodeHash(s string) (k kept, ok bool) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 {
		return kept{}, false
	}
	_, costErr := fmt.Sscanf(parts[3], "m=%d,t=%d,", &k.cost.memory, &k.cost.time)
	var saltErr, keyErr error
	k.salt, saltErr = base64.RawStdEncoding.Strict().DecodeString(parts[4])
	k.key, keyErr = base64.RawStdEncoding.Strict().DecodeString(parts[5])
	if costErr != nil || saltErr != nil || keyErr != nil || k.cost.time < 1 || k.cost.work() > dearest*today().work() {
		return kept{}, false
	}
	return k, len(k.salt) == argonSalt && len(k.key) == argonKey && k.encode() == s
}

// checkPassword refuses a password that is too short, too long, or that a machine guesses within its first attempts.
func checkPassword(password, email, name string) error {
	if tooLong(password) {
		return fault.Exhaustedf("a password has at most %d characters", maxPassword).WithCode("LIMIT").At("password")
	}
	normal := norm.NFKC.String(password)
	switch {
	case !utf8.ValidString(password):
		return fault.Invalidf("the password is not valid UTF-8").At("password")
	case utf8.RuneCountInString(normal) < minPassword:
		return fault.Invalidf("a password has at least %d characters: several words are easy to keep in mind", minPassword).At("password")
	case easilyGuessed(strings.ToLower(normal), email, name):
		return fault.Invalidf("this password is easily guessed: choose several words that have nothing to do with you or with each other").At("password")
	}
	return nil
}

// tooLong reports whether a password exceeds the bound, in the form in which it is hashed.
func tooLong(password string) bool {
	return len(password) > 4*maxPassword || utf8.RuneCountInString(norm.NFKC.String(password)) > maxPassword
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
