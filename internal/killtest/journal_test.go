package killtest

import (
	"fmt"
	"regexp"
	"sync"
)

// outcome is what a client knows about a change that it asked for.
type outcome int

const (
	unknown outcome = iota // no answer came: it may have happened, whole, or not
	done                   // acknowledged: it must be there, for good
	refused                // the server said no: it must not be there
)

func (o outcome) String() string { return [...]string{"unknown", "done", "refused"}[o] }

// attempt is one change that was asked for.
type attempt struct {
	mutation string
	key      string // idempotency key
	marker   string // what the change writes where a check finds it; a promote writes none
	input    map[string]any
	outcome  outcome
	repeated bool   // the answer may be about an earlier execution
	id       string // of the screen, activation or schedule, as acknowledged
	version  int    // of the screen after the edit, as acknowledged
}

func (a *attempt) String() string {
	return fmt.Sprintf("%s %s (%s, %s)", a.mutation, a.marker, a.key, a.outcome)
}

// journal is what the clients know. The file is judged by it.
type journal struct {
	mu       sync.Mutex
	run      string // unique, so that markers of one run are no prefix of another's
	count    int
	attempts []*attempt
}

// begin notes a change before it is asked for.
func (j *journal) begin(mutation string) *attempt {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.count++
	a := &attempt{
		mutation: mutation, key: fmt.Sprintf("key-%s-%06d", j.run, j.count), marker: fmt.Sprintf("mark-%s-%06d.", j.run, j.count),
	}
	j.attempts = append(j.attempts, a)
	return a
}

// since returns the attempts from position n on. Call it while nobody writes.
func (j *journal) since(n int) []*attempt { return j.attempts[n:] }

// last returns the newest acknowledged attempt of each mutation.
func (j *journal) last() map[string]*attempt {
	found := map[string]*attempt{}
	for _, a := range j.attempts {
		if a.outcome == done {
			found[a.mutation] = a
		}
	}
	return found
}

var markers = regexp.MustCompile(`mark-[0-9a-z]+-\d{6}\.`)
