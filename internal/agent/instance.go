package agent

import (
	"context"
	"fmt"
	"net"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// instance is one of the copies that run, under a name that stays while processes come and go. What is below mu is
// guarded by that of the agent.
type instance struct {
	*Agent
	name    string
	number  int
	checker *checker
	leave   chan struct{} // closed when it is to go for good

	process  *process // nil while none runs
	port     int
	command  string // hash of what runs
	restarts int
	leaving  bool
	serving  bool          // it is healthy and takes requests
	url      string        // where it was healthy last; empty before it was: then nobody is told of it
	letGo    chan struct{} // closed when the server sends it nothing any more; nil while that does not matter
	free     bool          // the server said so before it was asked
	sent     bool          // the server may know it
	accepted bool          // the server knows it
	told     bool          // the server answered that it serves where it does, be it by a refusal
	meter    meter
}

// ending is why a process is not watched any more.
type ending int

const (
	exited ending = iota // it ended by itself
	hung                 // it does not answer any more
	late                 // it did not get healthy in time
	left                 // it is to go
)

// failuresInRow is how many health checks have to fail before an instance counts as hung.
const failuresInRow = 3

// unhealthyEvery is the time between health checks of an instance that never was healthy yet.
const unhealthyEvery = 100 * time.Millisecond

// run keeps the instance running until it is to leave, beginning with a process that runs already if there is one.
func (i *instance) run(p *process) {
	defer i.ended(i)
	wait := backoff{first: i.Pace.Backoff, longest: i.Pace.Longest}
	adopted := p != nil
	for {
		why := exited
		if p == nil {
			p = i.start()
		}
		if p != nil {
			why = i.watch(p, adopted, &wait)
			i.end(p, why)
		}
		p, adopted = nil, false
		if why == left || i.goesAway() {
			return
		}
		pause := wait.next()
		i.note(Event{What: "it is started again", Reason: fmt.Sprintf("in %s", pause.Round(time.Millisecond))})
		select {
		case <-i.leave:
			return
		case <-time.After(pause):
		}
		i.mu.Lock()
		i.restarts++
		i.mu.Unlock()
	}
}

// goesAway reports whether the instance is to leave for good.
func (i *instance) goesAway() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.leaving
}

// start starts a process and writes down that it is there; nil when it cannot.
func (i *instance) start() *process {
	p, err := i.launch()
	if err != nil {
		i.note(Event{What: "it cannot be started", Trouble: true, Reason: reason(err), Hint: "mend the command; it is tried again"})
		return nil
	}
	i.mu.Lock()
	i.process, i.command, i.meter = p, i.hash, meter{}
	i.keep()
	i.mu.Unlock()
	i.note(Event{What: "started"})
	return p
}

func (i *instance) launch() (*process, error) {
	i.mu.Lock()
	taken := map[int]bool{}
	for _, other := range i.instances {
		taken[other.port] = true
	}
	port, err := freePort(context.Background(), taken)
	i.port = port
	i.mu.Unlock()
	if err != nil {
		return nil, err
	}
	fill := strings.NewReplacer("{port}", strconv.Itoa(port), "{instance}", i.name)
	args := make([]string, len(i.Command))
	for n, arg := range i.Command {
		args[n] = fill.Replace(arg)
	}
	cmd := exec.Command(args[0], args[1:]...) //nolint:gosec // running what it is told is what it is for
	if i.Stdout != nil {                      // a nil *os.File would be a writer that is not nil
		cmd.Stdout = i.Stdout
	}
	if i.Stderr != nil {
		cmd.Stderr = i.Stderr
	}
	for _, pair := range i.Environ {
		if name, _, _ := strings.Cut(pair, "="); name != "SONATA_API_KEY" { // the key is the agent's alone
			cmd.Env = append(cmd.Env, pair)
		}
	}
	cmd.Env = append(cmd.Env, "PORT="+strconv.Itoa(port), "SONATA_INSTANCE="+i.name) // of equal names the last counts
	return launch(cmd)
}

// watch returns when the process ended, hangs, was not healthy in time or is to leave. A process that was adopted was
// healthy before: it gets no time to become so.
func (i *instance) watch(p *process, adopted bool, wait *backoff) ending {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	checks := make(chan error)
	go i.checker.checked(ctx, i.port, 0, checks)
	tooLate := time.NewTimer(i.Start)
	defer tooLate.Stop()
	started, failures, since := adopted, 0, time.Now()
	for {
		select {
		case <-i.leave:
			return left
		case <-p.gone:
			return exited
		case <-tooLate.C:
			if !started {
				return late
			}
		case err := <-checks:
			after := i.Pace.Check
			switch {
			case err == nil:
				if !started {
					since = time.Now()
				}
				started, failures = true, 0
				i.healthy(p)
				if time.Since(since) >= i.Pace.Calm {
					wait.reset()
				}
			case !started:
				after = unhealthyEvery
			default:
				failures, since = failures+1, time.Now()
				i.note(Event{What: "a health check failed", Trouble: true, Reason: fmt.Sprintf("%d of %d: %s", failures, failuresInRow, unwrapped(err))})
				if failures == failuresInRow {
					return hung
				}
			}
			go i.checker.checked(ctx, i.port, after, checks)
		}
	}
}

// healthy lets the server know, the first time.
func (i *instance) healthy(p *process) {
	i.mu.Lock()
	first := !i.serving && !i.leaving
	if first {
		i.serving, i.free, i.told = true, false, false
		i.url = i.address()
	}
	i.mu.Unlock()
	if first {
		i.note(Event{What: "healthy"})
		i.measure([]int{p.pid}, time.Now()) // what it uses counts from here
		notify(i.poke)
	}
}

// address is where the instance answers, as Sonata reaches it.
func (i *instance) address() string {
	return "http://" + net.JoinHostPort(i.Host, strconv.Itoa(i.port)) + i.Path
}

// end sees to it that the process is gone, after its requests.
func (i *instance) end(p *process, why ending) {
	switch why {
	case exited:
		i.note(Event{What: "it is gone", Trouble: true, Reason: p.how})
	case late:
		i.note(Event{What: "it does not get healthy", Trouble: true, Reason: fmt.Sprintf("not within %s", i.Start), Hint: "look at its own output, and at --health and --path"})
		i.stop(p)
	case hung:
		i.note(Event{What: "it hangs and is started again", Trouble: true, Reason: fmt.Sprintf("%d health checks failed in a row", failuresInRow)})
		i.drain(p, i.Pace.Hung)
		i.stop(p)
	case left:
		i.drain(p, i.Drain)
		i.stop(p)
		i.note(Event{What: "stopped"})
	}
	i.mu.Lock()
	i.process, i.serving = nil, false
	i.keep()
	i.mu.Unlock()
	notify(i.poke) // the server need not find out by itself
}

// drain announces that the instance goes, and waits until nothing is under way there any more, but not for longer than
// it may. Who was never announced has nothing to let go of.
func (i *instance) drain(p *process, within time.Duration) {
	i.mu.Lock()
	i.serving = false
	known, letGo := i.sent && !i.free, make(chan struct{})
	i.letGo = letGo
	i.keep()
	i.mu.Unlock()
	if known {
		i.note(Event{What: "it takes nothing new"})
		notify(i.poke)
		select {
		case <-letGo:
		case <-p.gone:
		case <-i.atOnce:
		case <-time.After(within):
			i.note(Event{What: "it is stopped although requests may be under way", Trouble: true, Reason: fmt.Sprintf("the server did not let go of it within %s", within)})
		}
	}
	i.mu.Lock()
	i.letGo = nil
	i.mu.Unlock()
}

// stop ends the process, by force when it takes too long.
func (i *instance) stop(p *process) {
	if err := p.terminate(); err != nil {
		i.note(Event{What: "it cannot be asked to end", Trouble: true, Reason: err.Error()})
	}
	select {
	case <-p.gone:
		return
	case <-i.atOnce:
	case <-time.After(i.Pace.Terminate):
		i.note(Event{What: "it is killed", Trouble: true, Reason: fmt.Sprintf("it did not end within %s", i.Pace.Terminate)})
	}
	for {
		if err := p.kill(); err != nil {
			i.note(Event{What: "it cannot be killed", Trouble: true, Reason: err.Error()})
		}
		select {
		case <-p.gone:
			return
		case <-time.After(i.Pace.Terminate):
		}
	}
}

// note tells what happens to the instance.
func (i *instance) note(e Event) {
	i.mu.Lock()
	e.Instance, e.Port = i.name, i.port
	if i.process != nil {
		e.PID = i.process.pid
	}
	i.mu.Unlock()
	i.Tell(e)
}
