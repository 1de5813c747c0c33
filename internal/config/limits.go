package config

import (
	"flag"

	"sonata.ai/sonata/internal/fault"
)

// Limits is how many requests callers may send. A root field of a GraphQL operation counts as one.
type Limits struct {
	Anonymous int // a minute, for each address of callers that are not known; 0 for any number
	Key       int // a minute, for each member, and for each API key that has no limit of its own; 0 for any number
}

// defaultLimit is a hundred requests a second.
const defaultLimit = 6000

func (l *Limits) register(f *flag.FlagSet) {
	f.IntVar(&l.Anonymous, "limit-anonymous", defaultLimit, "Requests a minute for each address of callers that are not signed in and send no API key. 0 is no limit.")
	f.IntVar(&l.Key, "limit-key", defaultLimit, "Requests a minute for each API key without a limit of its own, and for each member. 0 is no limit.")
}

// maxLimit is more than a server can answer.
const maxLimit = 100_000_000

func (l *Limits) check() error {
	if l.Anonymous < 0 || l.Anonymous > maxLimit {
		return fault.Invalidf("--limit-anonymous %d: write how many requests a minute an address may send, up to 100000000, or 0 for no limit", l.Anonymous)
	}
	if l.Key < 0 || l.Key > maxLimit {
		return fault.Invalidf("--limit-key %d: write how many requests a minute a key or a member may send, up to 100000000, or 0 for no limit", l.Key)
	}
	return nil
}
