// Package agent makes any program an instance of a service: it starts as many copies of a command as are wanted, each on
// a port of its own, says of those that are healthy that they are there and how busy they are, starts again what ends or
// hangs, and lets go of requests before anything stops. The copies outlive the agent that started them: the next one of
// the same name goes on with them.
package agent

import (
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"sonata.ai/sonata/internal/fault"
)

// Config is what an agent runs, and where it says so.
type Config struct {
	Server  string // address of Sonata, without /graphql
	Key     string // API key with instances:write for the service; empty sends none
	Service string // name of the service
	Name    string // name of the agent: its instances are <name>-1, <name>-2 …

	Command  []string // program and arguments; {port} and {instance} in them stand for those of the instance
	Environ  []string // environment of the instances, besides PORT and SONATA_INSTANCE
	Replicas int      // how many run as long as the server says no number

	Host   string // host that Sonata reaches the instances at
	Path   string // path of their GraphQL endpoint
	Health string // path that answers GET with 2xx; empty asks the GraphQL endpoint for its __typename

	Version  string  // of the program, as it is announced; another one counts as another command
	Capacity int     // requests that an instance can work on at a time; 0 says nothing
	Cores    float64 // CPU cores that an instance may use
	Weight   float64 // share of traffic relative to its siblings

	TTL   time.Duration // after so long without a heartbeat an instance counts as gone
	Drain time.Duration // how long the requests of an instance that is to stop are waited for
	Start time.Duration // how long an instance may take until it is healthy
	State string        // folder that holds what the next agent of this name goes on with

	Stdout, Stderr *os.File    // handed on to the instances, so that they can write when the agent is gone
	Tell           func(Event) // is told what happens, by several goroutines; nil when nobody listens
	Pace           Pace        // zero fields take their defaults
}

// Pace is how fast an agent goes about it.
type Pace struct {
	Beat               time.Duration // between two heartbeats: half of TTL
	Check, CheckWithin time.Duration // between two health checks, and how long one may take: 2 s
	Backoff, Longest   time.Duration // the first wait before a start again, and the longest: 0.5 s, 30 s
	Calm               time.Duration // after so long in health the next wait is the first one: 60 s
	Terminate          time.Duration // from the request to end to the kill: 10 s
	Hung               time.Duration // how long the requests of an instance that hangs are waited for: 5 s
}

func (p *Pace) complete(ttl time.Duration) {
	for field, value := range map[*time.Duration]time.Duration{
		&p.Beat:  ttl / 2,
		&p.Check: 2 * time.Second, &p.CheckWithin: 2 * time.Second, &p.Backoff: 500 * time.Millisecond, &p.Longest: 30 * time.Second,
		&p.Calm: time.Minute, &p.Terminate: 10 * time.Second, &p.Hung: 5 * time.Second,
	} {
		if *field <= 0 {
			*field = value
		}
	}
}

// Event is something that an operator would like to know.
type Event struct {
	What     string // one sentence
	Trouble  bool   // something is wrong
	Instance string // which one it is about; may be empty
	Reason   string // why; may be empty
	Hint     string // what to do; may be empty
	Port     int    // of the instance; 0 when it has none
	PID      int    // of the instance; 0 when it does not run
}

// most is how many instances an agent runs at most, whatever it is told.
const most = 200

// Agent keeps the instances of one service running.
type Agent struct {
	Config
	hash   string // of the command
	client *client
	atOnce chan struct{} // closed when nothing is to be waited for any more
	poke   chan struct{} // something changed that the server should know now
	again  chan struct{} // something changed by which other instances may have to run

	mu        sync.Mutex // guards what follows, and the instances; no server and no process is waited for under it
	instances []*instance
	drained   map[int]bool // numbers of the instances that an operator took out of service
	desired   *int         // how many the server wants
	heard     bool         // whether it said so, or that it does not mind
	leaving   bool         // the agent itself ends
	file      *stateFile
	said      map[string]string // what was told of troubles that go on, by whose they are
}

// New checks what is to be run. It starts nothing. Its faults are Invalid.
func New(c Config) (*Agent, error) {
	c.Pace.complete(c.TTL)
	if c.Tell == nil {
		c.Tell = func(Event) {}
	}
	switch {
	case len(c.Command) == 0:
		return nil, fault.Invalidf("there is no command to run")
	case c.Replicas < 1 || c.Replicas > most:
		return nil, fault.Invalidf("%d instances: an agent runs 1 to %d", c.Replicas, most)
	case c.TTL < 2*time.Second || c.TTL > 5*time.Minute:
		return nil, fault.Invalidf("a time to live of %s: it is 2 to 300 seconds", c.TTL)
	case !named(c.Name, LongestName):
		return nil, fault.Invalidf("the name %q: use 1 to %d letters, digits, dots, dashes and underscores", c.Name, LongestName)
	case !named(c.Service, 64):
		return nil, fault.Invalidf("%q is no name of a service", c.Service)
	case c.Path != "" && c.Path[0] != '/' || c.Health != "" && c.Health[0] != '/':
		return nil, fault.Invalidf("paths begin with a slash")
	case c.Weight <= 0 || c.Weight > 100:
		return nil, fault.Invalidf("a weight of %v: it is more than 0 and at most 100", c.Weight)
	case c.Cores <= 0:
		return nil, fault.Invalidf("%v cores: an instance needs more than 0", c.Cores)
	}
	if _, err := exec.LookPath(c.Command[0]); err != nil {
		return nil, fault.Invalidf("cannot run %s: %s", c.Command[0], reason(err)).Because(err)
	}
	client, err := newClient(c.Server, c.Key)
	if err != nil {
		return nil, err
	}
	return &Agent{
		Config: c, hash: hashOf(c), client: client, drained: map[int]bool{}, said: map[string]string{},
		atOnce: make(chan struct{}), poke: make(chan struct{}, 1), again: make(chan struct{}, 1),
	}, nil
}

// LongestName is how long the name of an agent is at most: those of its instances have a number behind it, and 64
// characters in all.
const LongestName = 60

// named reports whether a name is of the characters that names have.
func named(name string, longest int) bool {
	strange := strings.IndexFunc(name, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("._-", r)
	})
	return name != "" && len(name) <= longest && strange < 0
}

// notify wakes whoever waits at a channel with one place; who was woken already sees this change, too.
func notify(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
