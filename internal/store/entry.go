package store

import (
	"time"

	"sonata.ai/sonata/internal/canonical"
)

// entry is what the hash of an audit entry covers: every column of it.
type entry struct {
	ID                      string
	Seq                     int64
	At                      time.Time
	Actor, Action           string
	Frontend                string // "" for none
	SubjectID, SubjectLabel string
	Detail                  string
	RequestID               string
	Previous                string // hash of the entry before; "" for the first
}

// hash is the entry's own hash and the next one's previous.
func (e entry) hash() (string, error) {
	covered := e.covered()
	covered["id"] = e.ID
	if e.Frontend != "" {
		covered["frontendId"] = e.Frontend
	}
	return canonical.HashOf(covered)
}

// oldHash is the hash of entries that were written before entries named their frontend. It does not cover their ids.
func (e entry) oldHash() (string, error) { return canonical.HashOf(e.covered()) }

func (e entry) covered() map[string]any {
	return map[string]any{
		"seq": e.Seq, "previous": e.Previous, "at": e.At.UTC().Format(time.RFC3339Nano), "actor": e.Actor, "action": e.Action,
		"subjectId": e.SubjectID, "subjectLabel": e.SubjectLabel, "detail": e.Detail, "requestId": e.RequestID,
	}
}
