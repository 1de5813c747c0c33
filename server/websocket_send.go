package server

import (
	"bytes"
	"net"
	"runtime"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"sonata.ai/sonata/graph"
)

// said is a message of an operation that is to be written. What equal streams say is the same bytes in all of them.
type said struct {
	kind string // next, error or complete
	head string // before the payload
	raw  []byte // the payload; nil for none
	tail string // behind it
}

// last reports whether nothing of the operation follows.
func (m said) last() bool { return m.kind != next }

// answerOf is the message with a response. Data alone, which may be that of thousands, is not copied.
func answerOf(response *graphql.Response) said {
	if response.Data != nil && len(response.Errors) == 0 && len(response.Extensions) == 0 {
		return said{kind: next, head: `{"data":`, raw: response.Data, tail: "}"}
	}
	body, err := encode(response)
	if err != nil {
		panic(err) // extensions are made of what marshals
	}
	return said{kind: next, raw: body}
}

// pen writes frames; one can be used for many, one after the other.
type pen struct {
	attempt *attempt // nil for one that waits
	around  []byte   // of the payload: what is before it, then what is behind
	parts   [3][]byte
}

// payloadPart is the part of a frame that is not the pen's.
const payloadPart = 1

// frame is the frame of a message, until the pen is used for another.
func (p *pen) frame(x *operation, m said) net.Buffers {
	out := append(p.around[:0], make([]byte, maxHeader)...)
	out = append(append(append(out, `{"id":`...), x.quoted...), `,"type":"`...)
	out = append(append(out, m.kind...), '"')
	if m.raw != nil {
		out = append(append(out, `,"payload":`...), m.head...)
	}
	before := len(out)
	out = append(append(out, m.tail...), '}')
	var header [maxHeader]byte
	begin := textHeader(header[:0], len(out)-maxHeader+len(m.raw))
	from := maxHeader - len(begin)
	copy(out[from:], begin)
	p.around, p.parts = out, [...][]byte{out[from:before], m.raw, out[before:]}
	return p.parts[:]
}

// rest is what is left of a frame of which n bytes are written, for good; nil for nothing.
func rest(frame net.Buffers, n int) (left net.Buffers) {
	for i, part := range frame {
		skip := min(n, len(part))
		n -= skip
		switch {
		case skip == len(part):
		case i == payloadPart:
			left = append(left, part[skip:])
		default:
			left = append(left, bytes.Clone(part[skip:]))
		}
	}
	return left
}

// put writes a frame and waits until it is on the wire; else the socket ends: the client is gone, or reads so slowly that it
// costs memory. It is for who holds the line's lock.
func (k *socket) put(frame net.Buffers) bool {
	if err := k.line.put(frame); err != nil {
		k.cancel(&ending{})
		return false
	}
	return true
}

// write writes a message that is of no operation.
func (k *socket) write(raw string) {
	k.line.writing.Lock()
	defer k.line.writing.Unlock()
	k.put(net.Buffers{append(textHeader(nil, len(raw)), raw...)})
}

// senders are who says what streams have to say, on all sockets: as many at a time as there are processors, since a
// goroutine for each socket would have to be woken for each event. They never wait for a reader. While there is nothing to
// say there are none.
type senders struct {
	most int

	mu      sync.Mutex
	due     []*socket
	at      int // of the next in due
	running int
}

func newSenders() *senders { return &senders{most: runtime.GOMAXPROCS(0)} }

// add has what is due on a socket said.
func (s *senders) add(k *socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.due = append(s.due, k)
	if s.running < s.most {
		s.running++
		go s.run()
	}
}

func (s *senders) run() {
	p := &pen{attempt: newAttempt()}
	for k := s.next(); k != nil; k = s.next() {
		k.send(p)
	}
}

func (s *senders) next() *socket {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.at == len(s.due) {
		s.due, s.at, s.running = s.due[:0], 0, s.running-1
		return nil
	}
	k := s.due[s.at]
	s.due[s.at] = nil
	s.at++
	return k
}

// follow takes over a stream that wakes.
func (k *socket) follow(x *operation, alert *graph.Alert, ask func() *graphql.Response) {
	k.mu.Lock()
	x.alert, x.ask = alert, ask
	k.mu.Unlock()
	k.wake(x)
}

// wake is called when a stream may have something to say.
func (k *socket) wake(x *operation) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if x.ask == nil || x.due {
		return
	}
	x.due = true
	k.due = append(k.due, x)
	k.engage()
}

// ping is called when it is time for one.
func (k *socket) ping() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.pinging = true
	if k.engage() {
		k.timers[1].Reset(k.pingEvery)
	}
}

// engage has what is due said; false when the socket ends. It is for who holds the lock.
func (k *socket) engage() bool {
	if k.over || k.ctx.Err() != nil {
		return false
	}
	if !k.busy {
		k.busy = true
		k.running.Add(1)
		k.senders.add(k)
	}
	return true
}

// nextDue returns the stream that is due next, or that it is time to ping; ok is false when nothing is due any more, and
// whoever asked is not busy any more.
func (k *socket) nextDue() (x *operation, ping, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case k.ctx.Err() != nil: // nothing is said any more
	case k.pinging:
		k.pinging = false
		return nil, true, true
	case len(k.due) > 0:
		x = k.due[0]
		copy(k.due, k.due[1:])
		k.due[len(k.due)-1] = nil
		k.due = k.due[:len(k.due)-1]
		x.due = false
		return x, false, true
	}
	k.due, k.busy = nil, false
	k.running.Done()
	return nil, false, false
}

// send says what is due on a socket as long as nothing has to be waited for: neither the reader, nor who is writing, nor a
// database. What remains is left to a goroutine of the socket's own.
func (k *socket) send(p *pen) {
	for k.line.raw != nil && k.line.writing.TryLock() {
		x, ping, ok := k.nextDue()
		if ok && !ping && !x.alert.Quick() {
			k.line.writing.Unlock()
			go k.carry(x, nil)
			return
		}
		if ok && k.attempt(p, x, ping) {
			return // with the lock
		}
		k.line.writing.Unlock()
		if !ok {
			return
		}
	}
	go k.carry(nil, nil)
}

// attempt writes a ping or what a stream says now; true when a goroutine of the socket's own goes on, since the reader has
// no room for all of it.
func (k *socket) attempt(p *pen, x *operation, ping bool) (left bool) {
	try := func(frame net.Buffers, x *operation) (done bool) {
		n, err := 0, errOver
		if !k.line.over {
			n, err = p.attempt.write(k.line.raw, frame)
		}
		if err != nil {
			k.cancel(&ending{}) // the client is gone
			return false
		}
		if remains := rest(frame, n); remains != nil {
			left = true
			go k.carry(x, remains)
			return false
		}
		return true
	}
	if ping {
		try(pingFrame(), nil)
		return left
	}
	for {
		m, something := k.ask(x)
		if !something || !k.wants(x, m) {
			return false
		}
		if m.last() {
			try(p.frame(x, m), nil)
			x.cancel()
			return left
		}
		if !try(p.frame(x, m), x) {
			return left
		}
	}
}

func pingFrame() net.Buffers {
	const message = `{"type":"ping"}`
	return net.Buffers{append(textHeader(nil, len(message)), message...)}
}

// carry says what is due on a socket, waiting for its reader: first what is left of a frame, with the lock that it was
// written under, then the rest of what x says.
func (k *socket) carry(x *operation, left net.Buffers) {
	if left != nil {
		k.put(left)
		k.line.writing.Unlock()
	}
	if x != nil {
		k.exhaust(x)
	}
	for x, ping, ok := k.nextDue(); ok; x, ping, ok = k.nextDue() {
		if !ping {
			k.exhaust(x)
			continue
		}
		k.line.writing.Lock()
		k.put(pingFrame())
		k.line.writing.Unlock()
	}
}

// exhaust says all that a stream says now, and waits until it is on the wire.
func (k *socket) exhaust(x *operation) {
	for m, something := k.ask(x); something && k.say(x, m); m, something = k.ask(x) {
		if m.last() {
			x.cancel()
			return
		}
	}
}

// ask returns what a stream says now, when that is something.
func (k *socket) ask(x *operation) (m said, something bool) {
	defer func() {
		if cause := recover(); cause != nil {
			m, something = said{kind: failed, raw: errorList(gqlerror.List{k.present(x.ctx, graph.Recover(x.ctx, cause))}...)}, true
		}
	}()
	response := x.ask()
	switch {
	case response != nil:
		return answerOf(response), true
	case x.alert.Waits(), x.ctx.Err() != nil: // the socket ends, which is not the end of the stream; or the client completed it
		return m, false
	default:
		return said{kind: complete}, true
	}
}
