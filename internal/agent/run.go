package agent

import (
	"context"
	"fmt"

	"sonata.ai/sonata/internal/fault"
)

// Run keeps the instances running until the end of ctx; then they let go of their requests and stop, and so does the
// agent. When something comes from atOnce they are not waited for any more. Its faults are Conflict when an agent of the
// same name runs already, Unavailable when its files cannot be used or it did not end in order.
func (a *Agent) Run(ctx context.Context, atOnce <-chan struct{}) error {
	file, before, err := openState(a.Config)
	if err != nil {
		return err
	}
	defer file.close() // the lock ends with the process at the latest
	a.file = file
	quit := make(chan struct{})
	defer close(quit)
	a.adopt(before, quit)
	beating, cancel := context.WithCancel(context.WithoutCancel(ctx))
	beaten := make(chan struct{})
	go func() {
		defer close(beaten)
		a.beats(beating)
	}()
	defer func() {
		cancel()
		<-beaten
	}()
	ended := ctx.Done()
	for err == nil || !a.empty() {
		a.settle()
		if ended == nil && a.empty() {
			break
		}
		select {
		case <-ended:
			ended = nil
			a.Tell(Event{What: "stopping: requests under way are waited for", Reason: fmt.Sprintf("at most %s", a.Drain), Hint: "a second signal stops at once"})
			a.leaveAll()
		case <-atOnce:
			ended, atOnce = nil, nil
			err = fault.Unavailablef("stopped at once: requests that were under way have no answer")
			close(a.atOnce)
			a.leaveAll()
		case <-a.again:
		}
	}
	return err
}

// adopt goes on with the processes that the agent before started, as far as they are there still.
func (a *Agent) adopt(before kept, quit <-chan struct{}) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, number := range before.Drained {
		a.drained[number] = true
	}
	for _, k := range before.Instances {
		p := adopt(k.PID, k.Born, quit)
		if p == nil {
			continue
		}
		i := a.add(k.Number)
		i.process, i.port, i.command, i.restarts, i.sent, i.accepted = p, k.Port, k.Command, k.Restarts, k.Known, k.Known
		if k.Drained {
			i.url = i.address()
			i.goes()
		}
		a.Tell(Event{What: "goes on: it was started by the agent before", Instance: i.name, Port: i.port, PID: p.pid})
		go i.run(p)
	}
	a.keep()
}

// add puts a new instance at the end. The caller holds mu.
func (a *Agent) add(number int) *instance {
	i := &instance{Agent: a, number: number, name: fmt.Sprintf("%s-%d", a.Name, number), checker: newChecker(a.Config), leave: make(chan struct{})}
	a.instances = append(a.instances, i)
	return i
}

// goes makes the instance leave for good. The caller holds the agent's mu.
func (i *instance) goes() {
	if !i.leaving {
		i.leaving = true
		close(i.leave)
	}
}

// ended takes out an instance that left.
func (a *Agent) ended(i *instance) {
	a.mu.Lock()
	for n, other := range a.instances {
		if other == i {
			a.instances = append(a.instances[:n:n], a.instances[n+1:]...)
			break
		}
	}
	a.keep()
	a.mu.Unlock()
	notify(a.again)
}

// settle starts and ends instances until as many run as should.
func (a *Agent) settle() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.leaving {
		return
	}
	have := make([]standing, len(a.instances))
	for n, i := range a.instances {
		have[n] = standing{old: i.process != nil && i.command != a.hash, ready: i.serving && i.told, leaving: i.leaving}
	}
	start, leave := plan(have, a.target(have))
	for _, n := range leave {
		a.instances[n].goes()
	}
	for range start {
		go a.add(a.freeNumber()).run(nil)
	}
}

// target is how many instances should run. The caller holds mu.
func (a *Agent) target(have []standing) int {
	own := a.Replicas - len(a.drained) // what an operator took out of service stays out
	staying := 0
	for _, s := range have {
		if !s.leaving {
			staying++
		}
	}
	switch {
	case a.desired != nil:
		return max(1, min(*a.desired, most))
	case !a.heard: // the agent before may have been told another number
		return max(1, own, staying)
	}
	return max(1, own)
}

// freeNumber is the least that no instance has, and none that an operator took out of service had. The caller holds mu.
func (a *Agent) freeNumber() int {
	taken := map[int]bool{}
	for _, i := range a.instances {
		taken[i.number] = true
	}
	number := 1
	for taken[number] || a.drained[number] {
		number++
	}
	return number
}

// leaveAll makes all instances leave, and none is started any more. What an operator took out of service may come again
// when the agent is started again: that is an order, too.
func (a *Agent) leaveAll() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.leaving, a.drained = true, map[int]bool{}
	for _, i := range a.instances {
		i.goes()
	}
}

func (a *Agent) empty() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.instances) == 0
}

// keep writes down what the next agent has to know. The caller holds mu, so that the order of what is written is that of
// what happened.
func (a *Agent) keep() {
	k := kept{Server: a.Server, Service: a.Service, Name: a.Name, Instances: []keptInstance{}}
	for _, i := range a.instances {
		if p := i.process; p != nil {
			k.Instances = append(k.Instances, keptInstance{
				Name: i.name, Number: i.number, PID: p.pid, Born: p.born, Port: i.port, Command: i.command, Restarts: i.restarts,
				Known: i.sent, Drained: i.leaving,
			})
		}
	}
	for number := 1; len(k.Drained) < len(a.drained); number++ {
		if a.drained[number] {
			k.Drained = append(k.Drained, number)
		}
	}
	if err := a.file.write(k); err != nil {
		a.trouble("state", "state", Event{What: "what runs cannot be written down: the next agent would not know of it", Reason: err.Error()})
	} else {
		a.well("state", Event{What: "what runs is written down again"})
	}
}

// trouble tells once that something is wrong, until it is something else. The caller holds mu.
func (a *Agent) trouble(whose, what string, e Event) {
	if a.said[whose] != what {
		a.said[whose] = what
		e.Trouble = true
		a.Tell(e)
	}
}

// well tells that what was wrong is not any more. The caller holds mu.
func (a *Agent) well(whose string, e Event) {
	if a.said[whose] != "" {
		delete(a.said, whose)
		a.Tell(e)
	}
}
