package config

import (
	"flag"

	"sonata.ai/sonata/internal/fault"
)

// Limits is how many requests callers may send, and what one may hold. A root field of a GraphQL operation counts as one
// request.
type Limits struct {
	Anonymous int // a minute, for each address of callers that are not known; 0 for any number
	Key       int // a minute, for each member, and for each API key that has no limit of its own; 0 for any number

	Depth, Aliases, RootFields, Directives int // of an operation, fragments followed; 0 for any number
}

// defaultLimit is a hundred requests a second.
const defaultLimit = 6000

func (l *Limits) register(f *flag.FlagSet) {
	f.IntVar(&l.Anonymous, "limit-anonymous", defaultLimit, "Requests a minute for each address of callers that are not signed in and send no API key. 0 is no limit.")
	f.IntVar(&l.Key, "limit-key", defaultLimit, "Requests a minute for each API key without a limit of its own, and for each member. 0 is no limit.")
	f.IntVar(&l.Depth, "limit-depth", 20, "Levels of nested fields in an operation. 0 is no limit.")
	f.IntVar(&l.Aliases, "limit-aliases", 100, "Aliases in an operation; those of a fragment count for each of its uses. 0 is no limit.")
	f.IntVar(&l.RootFields, "limit-root-fields", 50, "Root fields of an operation. 0 is no limit.")
	f.IntVar(&l.Directives, "limit-directives", 100, "Directives in an operation; those of a fragment count for each of its uses. 0 is no limit.")
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
	for _, of := range []struct {
		flag, what string
		n          int
	}{
		{"limit-depth", "levels of fields", l.Depth},
		{"limit-aliases", "aliases", l.Aliases},
		{"limit-root-fields", "root fields", l.RootFields},
		{"limit-directives", "directives", l.Directives},
	} {
		if of.n < 0 || of.n > maxLimit {
			return fault.Invalidf("--%s %d: write how many %s an operation may have, up to 100000000, or 0 for no limit", of.flag, of.n, of.what)
		}
	}
	return nil
}
