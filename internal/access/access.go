// Package access says who may do what: members and their sessions, API keys, budgets of requests, and the audit log.
package access

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
)

// TopicChanged is the event of a member, a session or a key whose rights changed or ended.
const TopicChanged = "access.changed"

// Changed is the payload of TopicChanged: what it names is read again.
type Changed struct {
	Member string `json:"member,omitempty"` // id; all sessions of the member
	Key    string `json:"key,omitempty"`    // id
}

// newSecret returns 256 random bits as URL-safe text.
func newSecret() string {
	raw := make([]byte, 32)
	rand.Read(raw)
	return base64.RawURLEncoding.EncodeToString(raw)
}

// hashOf is what is kept of a secret. Secrets are 256 random bits: nobody can try them all, so one round is enough.
func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
