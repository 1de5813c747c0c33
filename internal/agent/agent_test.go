//go:build unix

package agent_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sonata.ai/sonata/internal/agent"
)

// running is an agent in this process.
type running struct {
	*standIn
	config agent.Config
	stop   func()
	atOnce chan struct{}
	ended  chan error

	told   sync.Mutex
	events []agent.Event
}

// config is that of an agent that goes about it faster than people would like.
func config(s *standIn, replicas int) agent.Config {
	program, err := os.Executable()
	if err != nil {
		s.Fatal(err)
	}
	return agent.Config{
		Server: "http://" + s.address, Key: "secret", Service: "catalog", Name: "box",
		Command:  []string{program, "{port}", "{instance}"},
		Replicas: replicas, Host: "127.0.0.1", Path: "/graphql", Cores: 1, Weight: 2, Version: "1.2", Capacity: 8,
		TTL: 2 * time.Second, Drain: 10 * time.Second, Start: 20 * time.Second, State: s.TempDir(),
		Pace: agent.Pace{Beat: 200 * time.Millisecond, Check: 100 * time.Millisecond, CheckWithin: 500 * time.Millisecond, Backoff: 200 * time.Millisecond, Hung: 2 * time.Second, Terminate: 3 * time.Second},
	}
}

func environ(s *standIn, more ...string) []string {
	return append(append(os.Environ(), "ROLE=instance", "REPORT=http://"+s.address+"/report", "SONATA_API_KEY=secret"), more...)
}

func run(s *standIn, c agent.Config) *running {
	s.Helper()
	r := &running{standIn: s, atOnce: make(chan struct{}), ended: make(chan error, 1)}
	if c.Environ == nil {
		c.Environ = environ(s)
	}
	c.Tell = func(e agent.Event) {
		r.told.Lock()
		defer r.told.Unlock()
		r.events = append(r.events, e)
	}
	r.config = c
	a, err := agent.New(c)
	if err != nil {
		s.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	r.stop = cancel
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.ended <- a.Run(ctx, r.atOnce)
	}()
	s.Cleanup(func() {
		select {
		case <-done:
			return
		case r.atOnce <- struct{}{}:
		}
		<-done
	})
	return r
}

// saw counts what was told.
func (r *running) saw(what string) (n int) {
	r.told.Lock()
	defer r.told.Unlock()
	for _, e := range r.events {
		if strings.Contains(e.What, what) {
			n++
		}
	}
	return n
}

// Nobody is told of an instance before it is well; then all of an agent come in one request, with what is known of them.
func TestInstancesAreAnnouncedOnceTheyAreWell(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	c := config(s, 3)
	c.Environ, c.Pace.Beat = environ(s, "DELAY=700ms"), 0
	began := time.Now()
	r := run(s, c)
	s.untilServing("box-1", "box-2", "box-3")
	r.set(func() {
		if first := s.beats[0]; first.at.Sub(began) < 700*time.Millisecond {
			t.Errorf("the first heartbeat came after %s", first.at.Sub(began))
		}
		if !maps.Equal(s.keys, map[string]bool{"Bearer secret": true}) {
			t.Errorf("the keys were %v", s.keys)
		}
		s.requests = nil
	})
	before := time.Now()
	s.until("CPU is measured", func() bool { return s.of("box-2").CPU != nil })
	time.Sleep(1400 * time.Millisecond)
	past := time.Since(before)
	r.set(func() {
		if most := int(past/(c.TTL/2)) + 1; len(s.requests) > most || len(s.requests) < most/2 || slices.Min(s.requests) != 3 {
			t.Errorf("in %s there were requests with %v heartbeats", past, s.requests)
		}
		if len(s.documents) > 3 {
			t.Errorf("%d documents for 1 to 3 instances", len(s.documents))
		}
	})
	h := s.of("box-2")
	self := s.ask("box-2", "/self")
	if want := fmt.Sprintf("http://127.0.0.1:%s/graphql", self["port"]); h.URL != want || fmt.Sprint(self["args"]) != fmt.Sprintf("[%s box-2]", self["port"]) || self["key"] != "" {
		t.Errorf("%s is at %s, its arguments and environment are %v", h.Instance, h.URL, self)
	}
	if h.Service != "catalog" || h.Agent != "box" || h.Version != "1.2" || *h.Capacity != 8 || h.Cores != 1 || h.Weight != 2 || h.TTLSeconds != 2 || h.Restarts != 0 {
		t.Errorf("heard %+v", h)
	}
	if *h.CPU < 0 || *h.CPU > 2 || *h.Memory < 1<<20 || *h.Memory > 1<<30 || *h.Descriptors < 4 || *h.Descriptors > 100 {
		t.Errorf("it uses %v cores, %v bytes, %d descriptors", *h.CPU, *h.Memory, *h.Descriptors)
	}
}

// What ends starts again, later each time, and the server need not find out by itself.
func TestWhatEndsStartsAgain(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	r := run(s, config(s, 1))
	for n := range 3 {
		s.until("it serves", func() bool { h := s.of("box-1"); return h.Restarts == n && h.Instance != "" && !h.Draining })
		drained, began := s.times("draining box-1"), time.Now()
		s.ask("box-1", "/crash")
		s.until("it starts again", func() bool { return s.times("started box-1") == n+2 })
		least := r.config.Pace.Backoff << n * 3 / 4
		if waited := time.Since(began); waited < least {
			t.Errorf("start %d came after %s", n+2, waited)
		}
		if s.times("draining box-1") == drained {
			t.Error("the server was not told that it is gone")
		}
	}
	if s.times("terminated box-1") != 0 || r.saw("it is gone") != 3 {
		t.Error("it did not end by itself")
	}
}

// After a while in health what ends starts again as soon as it did the first time.
func TestHealthMakesUpForFailures(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	c := config(s, 1)
	c.Pace.Backoff, c.Pace.Calm, c.Pace.Check = 300*time.Millisecond, 100*time.Millisecond, 50*time.Millisecond
	r := run(s, c)
	for n := range 2 {
		s.until("it serves", func() bool { h := s.of("box-1"); return h.Restarts == n && h.Instance != "" && !h.Draining })
		time.Sleep(7 * c.Pace.Calm)
		s.ask("box-1", "/crash")
	}
	s.until("it starts again", func() bool { return s.times("started box-1") == 3 })
	r.told.Lock()
	defer r.told.Unlock()
	for _, e := range r.events {
		if e.What != "it is started again" {
			continue
		}
		if wait, err := time.ParseDuration(strings.TrimPrefix(e.Reason, "in ")); err != nil || wait > c.Pace.Backoff*5/4 {
			t.Errorf("it waits: %s (%v)", e.Reason, err)
		}
	}
}

// What does not answer any more is started again, after the server was told.
func TestWhatHangsStartsAgain(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	c := config(s, 1)
	c.Environ = environ(s, "STUBBORN=yes")
	c.Pace.Terminate, c.Pace.Hung = 300*time.Millisecond, 700*time.Millisecond
	r := run(s, c)
	s.untilServing("box-1")
	before := s.ask("box-1", "/self")["pid"]
	s.ask("box-1", "/hang")
	s.until("another one serves", func() bool { h := s.of("box-1"); return h.Restarts == 1 && !h.Draining })
	if after := s.ask("box-1", "/self")["pid"]; after == before || after == nil {
		t.Errorf("the process was %v and is %v", before, after)
	}
	log := s.happened()
	if drained, terminated := slices.Index(log, "draining box-1"), slices.Index(log, "terminated box-1"); drained < 0 || drained > terminated {
		t.Errorf("it was not announced before it was stopped:\n%s", strings.Join(log, "\n"))
	}
	if r.saw("a health check failed") < 3 || r.saw("it hangs") != 1 || r.saw("it is killed") != 1 {
		t.Errorf("told was %v", r.events)
	}
}

// An instance that never gets well is not announced, and tried again.
func TestWhatDoesNotGetWellIsTriedAgain(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	c := config(s, 1)
	c.Environ = environ(s, "DELAY=1h")
	c.Start = 300 * time.Millisecond
	r := run(s, c)
	s.until("it is tried twice", func() bool { return r.saw("it does not get healthy") == 2 })
	if len(s.serving()) > 0 || s.times("draining box-1") > 0 {
		t.Errorf("it was announced: %v", s.happened())
	}
}

// As many run as the server says; fewer after those that are too many let go, the newest first.
func TestAsManyRunAsTheServerSays(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	run(s, config(s, 1))
	s.untilServing("box-1")
	three, none := 3, 0
	s.set(func() { s.desired = &three })
	s.untilServing("box-1", "box-2", "box-3")
	s.set(func() { s.desired, s.holds = &none, true }) // one is always kept
	s.untilServing("box-1")
	time.Sleep(600 * time.Millisecond)
	if s.times("terminated box-2")+s.times("terminated box-3") > 0 {
		t.Error("stopped before the server let go")
	}
	s.set(func() { s.holds = false })
	s.until("they are stopped", func() bool { return s.times("terminated box-2") == 1 && s.times("terminated box-3") == 1 })
	if s.times("terminated box-1") != 0 || !slices.Equal(s.serving(), []string{"box-1"}) {
		t.Errorf("%v serve", s.serving())
	}
}

// Who is taken out of service lets go, stops and stays away; when more are wanted another one comes.
func TestWhoIsTakenOutOfServiceStaysAway(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	r := run(s, config(s, 2))
	s.untilServing("box-1", "box-2")
	s.set(func() { s.drain["box-1"] = true })
	s.until("it is stopped", func() bool { return s.times("terminated box-1") == 1 && r.saw("stopped") == 1 })
	log := s.happened()
	if slices.Index(log, "draining box-1") > slices.Index(log, "terminated box-1") {
		t.Errorf("it was stopped before it was announced:\n%s", strings.Join(log, "\n"))
	}
	time.Sleep(500 * time.Millisecond)
	if !slices.Equal(s.serving(), []string{"box-2"}) || s.times("started box-1")+s.times("started box-2") != 2 {
		t.Errorf("%v serve", s.serving())
	}
	two := 2
	s.set(func() { s.desired = &two })
	s.untilServing("box-2", "box-3")
}

// The last one that is taken out of service is followed by another: an agent without instances would hear nothing more.
func TestOneIsAlwaysKept(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	run(s, config(s, 1))
	s.untilServing("box-1")
	s.set(func() { s.drain["box-1"] = true })
	s.untilServing("box-2")
	s.until("the first stops", func() bool { return s.times("terminated box-1") == 1 })
}

// While the server is away the instances go on; it is told once, and once that it is back.
func TestInstancesOutliveTheServer(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	r := run(s, config(s, 2))
	s.untilServing("box-1", "box-2")
	before := s.ask("box-1", "/self")["pid"]
	s.server.Close()
	s.until("it is missed", func() bool { return r.saw("do not get through") > 0 })
	time.Sleep(600 * time.Millisecond)
	missed := len(s.beats)
	s.open(s.address)
	s.until("it is heard of again", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return len(s.beats) > missed
	})
	if after := s.ask("box-1", "/self")["pid"]; after != before {
		t.Errorf("the process was %v and is %v", before, after)
	}
	s.until("that is told", func() bool { return r.saw("get through again") == 1 })
	if r.saw("do not get through") != 1 {
		t.Error("it was told more than once")
	}
}

// What the server refuses is told once, with what to do, and goes on: the service may be published later.
func TestRefusalsAreToldOnce(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	s.status = 403
	r := run(s, config(s, 1))
	s.until("it is refused", func() bool { return r.saw("are refused") == 1 })
	time.Sleep(600 * time.Millisecond)
	s.set(func() { s.status, s.refusal = 0, "The host is not allowed." })
	s.until("it is refused otherwise", func() bool { return r.saw("its heartbeats are refused") == 1 })
	time.Sleep(600 * time.Millisecond)
	s.set(func() { s.refusal = "" })
	s.untilServing("box-1")
	r.told.Lock()
	defer r.told.Unlock()
	var refusals []string
	for _, e := range r.events {
		if strings.Contains(e.What, "refused") {
			refusals = append(refusals, e.Reason+" "+e.Hint)
		}
	}
	if len(refusals) != 2 || !strings.Contains(refusals[0], "You may not do this. the API key in SONATA_API_KEY needs the scope instances:write") || !strings.HasPrefix(refusals[1], "The host is not allowed. compare --service") {
		t.Errorf("told was %q", refusals)
	}
}

// Before an agent ends, what it runs lets go and stops.
func TestAnAgentEndsAfterItsInstances(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	s.holds = true
	r := run(s, config(s, 2))
	s.untilServing("box-1", "box-2")
	r.stop()
	s.untilServing()
	time.Sleep(600 * time.Millisecond)
	if s.times("terminated box-1")+s.times("terminated box-2") > 0 {
		t.Error("stopped before the server let go")
	}
	s.set(func() { s.holds = false })
	if err := <-r.ended; err != nil {
		t.Error(err)
	}
	if s.times("terminated box-1") != 1 || s.times("terminated box-2") != 1 || s.times("started box-1") != 1 {
		t.Errorf("it went otherwise:\n%s", strings.Join(s.happened(), "\n"))
	}
}

// Who is in a hurry waits for nothing: neither for the server nor for what does not want to end.
func TestAtOnceIsAtOnce(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	s.holds = true
	c := config(s, 1)
	c.Environ, c.Pace.Terminate = environ(s, "STUBBORN=yes"), time.Minute
	r := run(s, c)
	s.untilServing("box-1")
	r.stop()
	s.untilServing()
	began := time.Now()
	r.atOnce <- struct{}{}
	if err := <-r.ended; err == nil || time.Since(began) > 2*time.Second {
		t.Errorf("it ended with %v after %s", err, time.Since(began))
	}
	if s.ask("box-1", "/self") != nil {
		t.Error("it still answers")
	}
}

// Nobody is waited for who was never announced, and not for ever for a server that does not answer.
func TestAnAgentEndsWithoutTheServer(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	c := config(s, 1)
	c.Drain, c.Server = time.Hour, "http://127.0.0.1:1"
	never := run(s, c)
	c = config(s, 1)
	c.Drain = 700 * time.Millisecond
	known := run(s, c)
	s.untilServing("box-1")
	s.until("the other one runs, too", func() bool { return never.saw("do not get through") == 1 })
	s.set(func() { s.holds = true })
	began := time.Now()
	known.stop()
	never.stop()
	if err := <-never.ended; err != nil || time.Since(began) > 5*time.Second {
		t.Errorf("it ended with %v after %s", err, time.Since(began))
	}
	if err := <-known.ended; err != nil || time.Since(began) < c.Drain {
		t.Errorf("it ended with %v after %s", err, time.Since(began))
	}
}
