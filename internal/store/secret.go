package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"sonata.ai/sonata/internal/fault"
)

// Secrets seals and opens what must be read back, with AES-256-GCM under the installation key.
type Secrets struct {
	aead  cipher.AEAD
	check string // tells keys apart and says nothing about them
	root  []byte // of what is derived
}

const keyBytes = 32

// OpenSecrets takes the installation key from given (base64 of 32 bytes, the value of SONATA_SECRET_KEY) or, when that
// is empty, from the file secret.key in dir, which is made with mode 0600 when it is missing.
func OpenSecrets(given, dir string) (*Secrets, error) {
	key, err := installationKey(given, KeyFile(dir))
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	return &Secrets{aead: aead, check: hex.EncodeToString(macOf(key, "sonata installation key")), root: macOf(key, "sonata derived keys")}, nil
}

func macOf(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// Derive returns 32 bytes for one purpose: the same for whoever has the installation key, and nobody else can tell them.
func (s *Secrets) Derive(purpose string) []byte { return macOf(s.root, purpose) }

func installationKey(given, path string) ([]byte, error) {
	if given != "" {
		return decodeKey(given, "SONATA_SECRET_KEY")
	}
	kept, err := os.ReadFile(path)
	if err == nil {
		return decodeKey(string(kept), path)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fault.Unavailablef("cannot read the installation key %s: %s", path, reason(err)).Because(err)
	}
	key := make([]byte, keyBytes)
	rand.Read(key)
	if err := writeKey(path, key); err != nil {
		return nil, fault.Unavailablef("cannot write the installation key %s: %s", path, reason(err)).Because(err)
	}
	return key, nil
}

// writeKey makes the file whole or not at all: a torn key would lock everything sealed with it.
func writeKey(path string, key []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), "secret.key.*") // created with mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.WriteString(base64.StdEncoding.EncodeToString(key) + "\n")
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

func decodeKey(text, where string) ([]byte, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil || len(key) != keyBytes {
		return nil, fault.Invalidf("the installation key in %s is not base64 of %d bytes: make one with `openssl rand -base64 %d`", where, keyBytes, keyBytes)
	}
	if guessable(key) {
		return nil, fault.Invalidf("the installation key in %s can be guessed: make one with `openssl rand -base64 %d`", where, keyBytes)
	}
	return key, nil
}

// leastDistinct is how many different bytes a key has at least. 32 random bytes with fewer are not seen in the life of
// the universe.
const leastDistinct = 8

// guessable reports whether a key was thought up: few different bytes, bytes in order, or text.
func guessable(key []byte) bool {
	distinct, inOrder, text := map[byte]bool{}, true, true
	for i, b := range key {
		distinct[b] = true
		inOrder = inOrder && (i == 0 || b == key[i-1]+1)
		text = text && b >= ' ' && b <= '~'
	}
	return len(distinct) < leastDistinct || inOrder || text
}

// Private refuses a file of the installation that others on the machine can read. One that is not there is no danger.
// Fault: Invalid.
func Private(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fault.Unavailablef("cannot look at %s: %s", path, reason(err)).Because(err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return fault.Invalidf("%s can be read by others on this machine: run `chmod 600 %s`", path, path)
	}
	return nil
}

// KeyFile is where the installation key is kept when SONATA_SECRET_KEY does not hold it.
func KeyFile(dir string) string { return filepath.Join(dir, "secret.key") }

// Seal encrypts plain for one purpose and returns URL-safe text. What was sealed for one purpose opens for no other.
func (s *Secrets) Seal(purpose string, plain []byte) string {
	nonce := make([]byte, s.aead.NonceSize())
	rand.Read(nonce)
	return base64.RawURLEncoding.EncodeToString(s.aead.Seal(nonce, nonce, plain, []byte(purpose)))
}

// Open decrypts what Seal returned; ok is false for anything else.
func (s *Secrets) Open(purpose, text string) (plain []byte, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) < s.aead.NonceSize() {
		return nil, false
	}
	n := s.aead.NonceSize()
	plain, err = s.aead.Open(nil, raw[:n], raw[n:], []byte(purpose))
	return plain, err == nil
}
