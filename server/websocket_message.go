package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/fault"
)

// The types of messages: what a client may send, and what it is answered.
const (
	connectionInit = "connection_init"
	ping           = "ping"
	pong           = "pong"
	subscribe      = "subscribe"
	complete       = "complete" // from either side

	next   = "next"
	failed = "error"
)

// message is one that a client sent.
type message struct {
	kind    string
	id      string                     // of subscribe and complete, never empty
	raw     json.RawMessage            // the payload as it was sent
	payload map[string]json.RawMessage // its members; nil when there is none, which subscribe always has
}

// readMessage reads one message of graphql-transport-ws. Its error is a sentence for the client. Members that are not
// known are ignored; of those that are known, null stands for none where none is allowed.
func readMessage(raw []byte) (m message, err error) {
	if err := canonical.Strict(raw); err != nil {
		return m, fmt.Errorf("the message cannot be read: %s", fault.As(err).Message)
	}
	var members map[string]json.RawMessage // looked up by their exact names, which decoding into a struct would not do
	if json.Unmarshal(raw, &members) != nil || members == nil {
		return m, errors.New("a message is a JSON object")
	}
	if json.Unmarshal(members["type"], &m.kind) != nil || m.kind == "" {
		return m, errors.New(`a message has a "type", which is a string`)
	}
	if !slices.Contains([]string{connectionInit, ping, pong, subscribe, complete}, m.kind) {
		return m, fmt.Errorf("a client sends no messages of the type %q", clip(m.kind, 40))
	}
	if m.kind == subscribe || m.kind == complete {
		if json.Unmarshal(members["id"], &m.id) != nil || m.id == "" {
			return m, fmt.Errorf(`a %s message has an "id", which is a string that is not empty`, m.kind)
		}
		if len(m.id) > maxIDLength {
			return m, fmt.Errorf("an id holds at most %d bytes", maxIDLength)
		}
	}
	if m.kind == complete {
		return m, nil
	}
	m.raw = members["payload"]
	if m.raw != nil && json.Unmarshal(m.raw, &m.payload) != nil || m.payload == nil && m.kind == subscribe {
		return m, fmt.Errorf(`the "payload" of a %s message is an object`, m.kind)
	}
	return m, nil
}

// clip cuts a text to so many bytes, between two characters.
func clip(s string, length int) string {
	const more = "…"
	if len(s) <= length {
		return s
	}
	s = s[:length-len(more)]
	for !utf8.ValidString(s) {
		s = s[:len(s)-1]
	}
	return s + more
}
