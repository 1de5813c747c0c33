package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"

	"sonata.ai/sonata/internal/principal"
)

// The limits of one websocket.
const (
	maxBeforeAck   = 64 << 10 // bytes of a message before connection_ack
	maxAfterAck    = 1 << 20  // bytes of a message after it, as much as a request body
	maxOpen        = 100      // operations that are open at a time
	maxIDLength    = 1 << 10  // bytes of an operation's id: it is kept while the operation is open, and sent with each answer
	maxEcho        = 1 << 10  // bytes of a ping's payload that the pong repeats
	maxMessages    = 1000     // messages and control frames in floodWindow: all operations begun, ended and begun again, three times over
	floodWindow    = 10 * time.Second
	initWithin     = 10 * time.Second // from the upgrade to connection_init
	pingEvery      = 20 * time.Second // clients of ours count on it: who hears nothing for 45 s connects again
	messageWithin  = 20 * time.Second // from the first byte of a message to its last
	goodbyeWithin  = 5 * time.Second  // for the client to answer a close frame
	silentPings    = 2                // a client that lets so many go by without a word is gone
	maxCloseReason = 123              // bytes (RFC 6455, section 5.5)
)

// Close codes of graphql-transport-ws.
const (
	closeBadMessage      = websocket.StatusCode(4400) // it is no message of the protocol
	closeUnauthorized    = websocket.StatusCode(4401) // an operation before connection_ack
	closeForbidden       = websocket.StatusCode(4403) // the credential in connection_init does not count
	closeSubprotocol     = websocket.StatusCode(4406)
	closeInitTimeout     = websocket.StatusCode(4408)
	closeSubscriberTwice = websocket.StatusCode(4409) // the id of an operation that is open
	closeInitTwice       = websocket.StatusCode(4429)
	closeInternal        = websocket.StatusCode(4500) // something went wrong on our side
)

// websockets speaks graphql-transport-ws: connection_init within 10 s (or 4408), then any number of operations, at most
// 100 of them open at a time: the next is answered with an error that says so. What the protocol does not know closes the
// socket with 4400, an operation before connection_ack with 4401, a credential that does not count with 4403, an id that
// is in use with 4409, a second connection_init with 4429, what fails on our side with 4500. Messages hold at most 64 kB
// before connection_ack and 1 MB after it (or 1009). More than 1,000 messages in 10 s, or one that takes longer than 20 s
// to arrive, close it with 1008. A client that takes longer than 10 s to read one message, or is silent for 40 s, gets no
// close frame: its connection is cut. When the process stops, the code is 1001. Nothing is compressed.
type websockets struct {
	connect func(ctx context.Context, init map[string]any) (context.Context, *ending)
	present graphql.ErrorPresenterFunc
	log     *slog.Logger

	senders *senders
	latest  func() graphql.GraphExecutor // what operations begin on

	messages                                                                 int // in window
	window, initWithin, pingEvery, messageWithin, writeWithin, goodbyeWithin time.Duration
}

var _ graphql.Transport = websockets{}

func newWebsockets(p Parts, latest func() graphql.GraphExecutor) websockets {
	return websockets{
		connect: p.connected, present: p.Present, log: p.Log, senders: newSenders(), latest: latest,
		messages: maxMessages, window: floodWindow,
		initWithin: initWithin, pingEvery: pingEvery, messageWithin: messageWithin, writeWithin: writeWithin, goodbyeWithin: goodbyeWithin,
	}
}

// Supports takes every upgrade: wellFormed lets no other through than that to a websocket.
func (websockets) Supports(r *http.Request) bool { return isWebsocket(r) }

// Do begins one websocket, which goes on when it returned: until it is over, its visit is not.
func (t websockets) Do(w http.ResponseWriter, r *http.Request, _ graphql.GraphExecutor) {
	k := &socket{websockets: t, visit: visitOf(r.Context()), open: map[string]*operation{}, slots: make(chan struct{}, 2*maxOpen)}
	k.name(r.Header.Values)
	taken := &takenOver{ResponseWriter: w, slow: t.writeWithin}
	conn, err := websocket.Accept(taken, r, &websocket.AcceptOptions{
		Subprotocols:       []string{subprotocol},
		InsecureSkipVerify: true, // ownOrigins decides, for all transports alike
		CompressionMode:    websocket.CompressionDisabled,
		OnPingReceived:     func(context.Context, []byte) bool { return k.frame() },
		OnPongReceived:     func(context.Context, []byte) { k.frame() },
	})
	if err != nil {
		return // it was answered
	}
	conn.SetReadLimit(-1) // receive has limits of its own, and says which
	k.conn, k.line = conn, taken.line
	k.ctx, k.cancel = context.WithCancelCause(r.Context())
	k.of = k.ctx
	k.visit.goesOn = true
	k.begin()
	if conn.Subprotocol() != subprotocol {
		k.end(closeSubprotocol, "Subprotocol not acceptable")
	}
	go k.read()
}

// socket is one websocket. One goroutine waits for what the client sends, and at most one more sends what streams say:
// while there is something to say, and none of those that serve all sockets can say it without waiting. Operations that do
// not wake take one each while they run.
type socket struct {
	websockets
	visit  *visit
	conn   *websocket.Conn
	line   *line // below conn
	ctx    context.Context
	cancel context.CancelCauseFunc // the first cause counts: an *ending

	// What follows is of the goroutine that reads: each message has its own, and the next begins when it is done.
	of        context.Context // ctx, and who is asking; operations are of it
	names     []clientName    // what the client calls itself
	acked     bool
	inMessage bool
	counted   int // since
	since     time.Time

	running sync.WaitGroup // what the end waits for
	slots   chan struct{}  // taken by operations that run by themselves, also by those that are told to stop and have not yet

	mu      sync.Mutex
	timers  [2]*time.Timer        // until connection_init and between pings
	open    map[string]*operation // by id
	due     []*operation          // streams that have something to say, each once
	pinging bool                  // it is time to
	busy    bool                  // somebody sends what is due
	over    bool                  // nothing becomes due any more
}

// ending is why a websocket ends: what its close frame says. Without a code the connection is cut, since nobody is there
// to be told.
type ending struct {
	code   websocket.StatusCode
	reason string
}

func (e *ending) Error() string { return fmt.Sprintf("closed with %d: %s", e.code, e.reason) }

// end lets everything that the socket carries end; the first reason is the one that is told.
func (k *socket) end(code websocket.StatusCode, reason string) { k.cancel(&ending{code, reason}) }

// begin sets what happens by itself.
func (k *socket) begin() {
	k.running.Add(1)
	context.AfterFunc(k.ctx, func() {
		defer k.running.Done()
		k.close()
	})
	k.mu.Lock()
	defer k.mu.Unlock()
	k.timers[0] = time.AfterFunc(k.initWithin, func() { k.end(closeInitTimeout, "Connection initialisation timeout") })
	k.timers[1] = time.AfterFunc(k.pingEvery, k.ping)
	k.alive()
}

// close says why, and waits for the answer as long as goodbyeWithin, whatever the client sends or does not send.
func (k *socket) close() {
	why := &ending{websocket.StatusGoingAway, "going away"}
	errors.As(context.Cause(k.ctx), &why)
	k.line.last(k.goodbyeWithin)
	if why.code == 0 {
		k.conn.CloseNow() //nolint:errcheck // the client is gone: nobody is left to tell
		return
	}
	k.conn.Close(why.code, clip(why.reason, maxCloseReason))
}

// finish is the end of the goroutine that reads, and of the socket.
func (k *socket) finish() {
	k.cancel(&ending{})
	k.mu.Lock()
	k.over = true
	for _, t := range k.timers {
		t.Stop()
	}
	k.mu.Unlock()
	k.running.Wait()
	k.visit.end()
}

// alive is called for each sign of life.
func (k *socket) alive() { k.line.within(k.line.SetReadDeadline, silentPings*k.pingEvery) }

// read handles the next message, in a goroutine of its own: what reading and running it took of the stack would else be kept
// as long as the socket, which hardly says anything.
func (k *socket) read() {
	if k.step() {
		go k.read()
		return
	}
	k.finish()
}

// step handles one message; false is the end of the socket.
func (k *socket) step() (goesOn bool) {
	defer func() {
		if cause := recover(); cause != nil {
			k.bug(cause)
		}
	}()
	raw, whole := k.receive()
	if !whole || !k.count() {
		return false
	}
	m, err := readMessage(raw)
	if err != nil {
		k.end(closeBadMessage, err.Error())
		return false
	}
	k.handle(m)
	return k.ctx.Err() == nil
}

// bug ends the socket for what went wrong on our side.
func (k *socket) bug(cause any) {
	k.log.ErrorContext(k.ctx, "panic", "cause", cause, "stack", string(debug.Stack()), "request_id", principal.RequestID(k.ctx))
	k.end(closeInternal, "something went wrong on our side")
}

// receive returns the next message; without a whole one the socket has ended.
func (k *socket) receive() (raw []byte, whole bool) {
	kind, reader, err := k.conn.Reader(context.Background()) // deadlines are those of raw: a context costs a goroutine
	if err != nil {
		k.lost(err)
		return nil, false
	}
	if kind != websocket.MessageText {
		k.end(closeBadMessage, "a message is text, not binary")
		return nil, false
	}
	limit, when := maxBeforeAck, "before connection_ack"
	if k.acked {
		limit, when = maxAfterAck, "after connection_ack"
	}
	k.line.within(k.line.SetReadDeadline, k.messageWithin)
	k.inMessage = true
	raw, err = io.ReadAll(io.LimitReader(reader, int64(limit)+1))
	k.inMessage = false
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		k.end(websocket.StatusPolicyViolation, fmt.Sprintf("a message arrives within %s", k.messageWithin))
	case err != nil:
		k.lost(err)
	case len(raw) > limit:
		k.end(websocket.StatusMessageTooBig, fmt.Sprintf("a message holds at most %d kB %s", limit>>10, when))
	default:
		k.alive()
		return raw, true
	}
	return nil, false
}

// lost ends a socket that cannot be read any more.
func (k *socket) lost(err error) {
	var network net.Error
	if websocket.CloseStatus(err) != -1 || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || errors.As(err, &network) {
		k.cancel(&ending{}) // it was closed, is gone, or was silent for too long
		return
	}
	k.end(websocket.StatusProtocolError, "this is no websocket as RFC 6455 has it")
}

// count counts what a client sends; false when it is too much, which ends the socket. Each message is cheap, an endless
// flow of them is not.
func (k *socket) count() bool {
	if now := time.Now(); now.Sub(k.since) > k.window {
		k.counted, k.since = 0, now
	}
	if k.counted++; k.counted > k.messages {
		k.end(websocket.StatusPolicyViolation, fmt.Sprintf("too many messages: at most %d in %s", k.messages, k.window))
		return false
	}
	return true
}

// frame counts a control frame, of which the protocol above knows nothing; false when it gets no answer. One in the
// midst of a message does not prolong that.
func (k *socket) frame() bool {
	if k.ctx.Err() != nil || !k.count() {
		return false
	}
	if !k.inMessage {
		k.alive()
	}
	return true
}

func (k *socket) handle(m message) {
	switch {
	case m.kind == connectionInit:
		k.mu.Lock()
		k.timers[0].Stop()
		k.mu.Unlock()
		k.initialize(m)
	case m.kind == ping:
		out := `{"type":"pong"}`
		if m.payload != nil && len(m.raw) <= maxEcho {
			out = `{"type":"pong","payload":` + string(m.raw) + `}`
		}
		k.write(out)
	case m.kind == pong: // that it came was what it says
	case !k.acked:
		k.end(closeUnauthorized, "Unauthorized")
	case m.kind == subscribe:
		k.subscribe(m)
	case m.kind == complete:
		k.complete(m.id)
	}
}

// initialize finds out who is asking.
func (k *socket) initialize(m message) {
	if k.acked {
		k.end(closeInitTwice, "Too many initialisation requests")
		return
	}
	var init map[string]any
	if err := decode(m.raw, &init); m.payload != nil && err != nil {
		k.end(closeBadMessage, "the payload of connection_init is no object") // readMessage has seen one
		return
	}
	of, refused := k.connect(k.ctx, init)
	if refused != nil {
		k.cancel(refused)
		return
	}
	k.name(func(name string) (values []string) {
		for key, value := range init {
			if text, ok := value.(string); ok && strings.EqualFold(key, name) {
				values = append(values, text)
			}
		}
		return values
	})
	k.of, k.acked = of, true
	k.write(`{"type":"connection_ack"}`)
}
