package agent

import (
	"context"
	"math"
	"time"

	"sonata.ai/sonata/internal/fault"
)

const (
	// longestSilence is how far apart heartbeats are tried at most while the server is away.
	longestSilence = 15 * time.Second
	// drainingEvery is how often the server is asked whether it let go: whoever waits for a stop waits for that.
	drainingEvery = time.Second
	// gather is how long news are waited for that belong together, such as several instances that get healthy at once.
	gather = 30 * time.Millisecond
)

// beats sends heartbeats until the end of ctx: by the interval, and at once when there are news.
func (a *Agent) beats(ctx context.Context) {
	wait := backoff{first: a.Pace.Beat, longest: max(a.Pace.Beat, longestSilence)}
	for ctx.Err() == nil {
		began, news := time.Now(), a.poke
		delay, err := a.Pace.Beat, a.beat(ctx)
		if err != nil {
			delay = wait.next()
		} else {
			wait.reset()
		}
		switch draining := a.drains(); {
		case draining:
			delay = min(delay, drainingEvery)
		case err != nil:
			news = nil // they do not make the server come back
		}
		next := time.NewTimer(delay - time.Since(began))
		select {
		case <-ctx.Done():
		case <-next.C:
		case <-news:
			select {
			case <-ctx.Done():
			case <-time.After(gather):
			}
		}
		next.Stop()
	}
}

// sending is a heartbeat with whose it is.
type sending struct {
	*instance
	beat beat
}

// beat sends one heartbeat of every instance and does what the answers say.
func (a *Agent) beat(ctx context.Context) error {
	batch := a.batch(time.Now())
	for from := 0; from < len(batch); from += mostBeats {
		part := batch[from:min(len(batch), from+mostBeats)]
		beats := make([]beat, len(part))
		for n, s := range part {
			beats[n] = s.beat
		}
		verdicts, err := a.client.send(ctx, beats)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			a.failed(part, err)
			return err
		}
		a.obey(part, verdicts)
	}
	return nil
}

// batch is what is to be said of the instances that were healthy at any time.
func (a *Agent) batch(now time.Time) []sending {
	a.mu.Lock()
	var groups []int
	for _, i := range a.instances {
		if i.process != nil {
			groups = append(groups, i.process.pid)
		}
	}
	a.mu.Unlock()
	used := a.measure(groups, now)
	a.mu.Lock()
	defer a.mu.Unlock()
	var batch []sending
	for _, i := range a.instances {
		if i.url == "" {
			continue
		}
		b := beat{
			Service: a.Service, Instance: i.name, URL: i.url, Version: a.Version, Agent: a.Name, Weight: a.Weight, Capacity: a.Capacity,
			Cores: a.Cores, Restarts: i.restarts, Draining: !i.serving, TTLSeconds: int(math.Ceil(a.TTL.Seconds())),
		}
		if i.process != nil {
			if u := used[i.process.pid]; u.memory > 0 { // what is ending has none
				b.CPU, b.Memory, b.Descriptors = i.meter.cores, &u.memory, &u.descriptors
			}
		}
		i.sent = true
		batch = append(batch, sending{i, b})
	}
	return batch
}

// measure reads what process groups use, and takes it in where they are those of instances.
func (a *Agent) measure(groups []int, now time.Time) map[int]usage {
	if len(groups) == 0 {
		return nil
	}
	used := usageOf(groups)
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, i := range a.instances {
		if i.process != nil {
			if u, ok := used[i.process.pid]; ok {
				i.meter.read(now, u.cpu)
			}
		}
	}
	return used
}

// failed takes in that heartbeats had no answer, or none to go by.
func (a *Agent) failed(part []sending, err error) {
	refused := fault.KindOf(err) != fault.Unavailable
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, s := range part {
		if refused {
			s.answered(s.beat)
		}
		if refused || undelivered(err) {
			s.sent = s.accepted
		}
	}
	if refused {
		f := fault.As(err)
		e := Event{What: "heartbeats are refused, and go on", Reason: err.Error()}
		if f != nil {
			e.Hint = f.Hint
		}
		a.trouble("server", err.Error(), e)
		notify(a.again)
		return
	}
	a.trouble("server", "away", Event{What: "heartbeats do not get through; the instances go on, and so do the heartbeats", Reason: err.Error()})
}

// answered takes in that the server knows of what was said. The caller holds mu.
func (i *instance) answered(b beat) {
	if !b.Draining && b.URL == i.url {
		i.told = true
	}
}

// obey does what the server said.
func (a *Agent) obey(part []sending, verdicts []*verdict) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.well("server", Event{What: "heartbeats get through again"})
	for n, s := range part {
		v := verdicts[n]
		if v == nil {
			continue // the next one may have an answer
		}
		s.answered(s.beat)
		if len(v.UserErrors) > 0 {
			s.sent = s.accepted
			a.trouble(s.name, v.UserErrors[0].Message, Event{
				What: "its heartbeats are refused, and go on", Instance: s.name, Port: s.port, Reason: v.UserErrors[0].Message,
				Hint: "compare --service, --name, --host and --path with what the service allows",
			})
			continue
		}
		a.well(s.name, Event{What: "its heartbeats are taken again", Instance: s.name, Port: s.port})
		s.accepted = true
		a.heard, a.desired = true, v.DesiredReplicas
		s.obey(s.beat, v.Command)
	}
	a.keep()
	notify(a.again)
}

// obey does what one instance is told. What is leaving anyway is told to drain, too: only the stop says something then.
// The caller holds mu.
func (i *instance) obey(b beat, command string) {
	switch {
	case command == "STOP" && b.Draining:
		if i.letGo != nil {
			close(i.letGo)
			i.letGo = nil
		}
	case (command == "DRAIN" || command == "STOP") && !b.Draining && !i.leaving:
		i.free = command == "STOP"
		i.drained[i.number] = true
		i.goes()
		i.Tell(Event{What: "an operator takes it out of service", Instance: i.name, Port: i.port})
	}
}

// drains reports whether an instance waits until the server lets go of it.
func (a *Agent) drains() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, i := range a.instances {
		if i.letGo != nil && i.sent {
			return true
		}
	}
	return false
}
