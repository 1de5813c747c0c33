package config

import (
	"flag"
	"runtime"

	"sonata.ai/sonata/internal/fault"
)

// Limits is how many requests callers may send, and what one may hold. A root field of a GraphQL operation counts as one
// request.
type Limits struct {
	Anonymous int // a minute, for each address of callers that are not known; 0 for any number
	Key       int // a minute, for each member, and for each API key that has no limit of its own; 0 for any number

	Depth, Aliases, RootFields, Directives int // of an operation, fragments followed; 0 for any number
	Tokens                                 int // of a document; 0 for any number
	Cost                                   int // of an operation; 0 for any
	CostMinute                             int // of the operations of a caller in a minute; 0 for any
	Concurrent                             int // queries and mutations that run at once; 0 for any number
}

// defaultLimit is a hundred requests a second.
const defaultLimit = 6000

// concurrentEach is for each processor: of operations that take a quarter of a millisecond, as most do, so many are what
// it has done in 64 ms. Who waited longer would wait for clients that are gone.
const concurrentEach = 256

func (l *Limits) register(f *flag.FlagSet) {
	f.IntVar(&l.Anonymous, "limit-anonymous", defaultLimit, "Requests a minute for each address of callers that are not signed in and send no API key. 0 is no limit.")
	f.IntVar(&l.Key, "limit-key", defaultLimit, "Requests a minute for each API key without a limit of its own, and for each member. 0 is no limit.")
	f.IntVar(&l.Depth, "limit-depth", 20, "Levels of nested fields in an operation. 0 is no limit.")
	f.IntVar(&l.Aliases, "limit-aliases", 100, "Aliases in an operation; those of a fragment count for each of its uses. 0 is no limit.")
	f.IntVar(&l.RootFields, "limit-root-fields", 50, "Root fields of an operation. 0 is no limit.")
	f.IntVar(&l.Tokens, "limit-tokens", 5000, "Tokens of a document: names, values, punctuation. 0 is no limit.")
	f.IntVar(&l.Cost, "limit-cost", 10_000, "Cost of an operation, by @cost and @listSize in the schema: an object is 1, a list so many times as it is long. 0 is no limit.")
	f.IntVar(&l.CostMinute, "limit-cost-minute", 100*defaultLimit, "Cost of all operations in a minute for each address, member and API key. 0 is no limit.")
	f.IntVar(&l.Concurrent, "limit-concurrent", concurrentEach*runtime.GOMAXPROCS(0), "Queries and mutations that run at once; 256 for each processor unless set. 0 is no limit.")
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
		{"limit-depth", "how many levels of fields an operation may have", l.Depth},
		{"limit-aliases", "how many aliases an operation may have", l.Aliases},
		{"limit-root-fields", "how many root fields an operation may have", l.RootFields},
		{"limit-directives", "how many directives an operation may have", l.Directives},
		{"limit-tokens", "how many tokens a document may have", l.Tokens},
		{"limit-cost", "what an operation may cost", l.Cost},
		{"limit-cost-minute", "what the operations of a caller may cost in a minute", l.CostMinute},
		{"limit-concurrent", "how many operations may run at once", l.Concurrent},
	} {
		if of.n < 0 || of.n > maxLimit {
			return fault.Invalidf("--%s %d: write %s, up to 100000000, or 0 for no limit", of.flag, of.n, of.what)
		}
	}
	return nil
}
