package server

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"
)

// line is the connection below a websocket. The library reads frames from it and writes control frames on it; the frames of
// messages are written here, so that what many are sent is in memory once. They take turns.
type line struct {
	net.Conn
	early []byte          // came with the handshake and is read first
	raw   syscall.RawConn // nil where nothing can be written without waiting
	slow  time.Duration   // for a reader to take what is written

	writing sync.Mutex
	over    bool // a close frame was written: nothing may follow it

	mu     sync.Mutex
	closed bool // the last deadline is set
}

var errOver = errors.New("the websocket was closed")

// What a frame begins with (RFC 6455, section 5.2). Those of a server are not masked.
const (
	wholeText   = 0x81 // a text message in one frame
	wholeClose  = 0x88
	length16    = 126
	length64    = 127
	maxHeader   = 10
	lineReads   = 512 // bytes that are read at once: more than clients send at a time, but for documents
	lineControl = 140 // bytes of the longest control frame, so that it is written at once
)

// Read reads what came early, then the connection.
func (l *line) Read(p []byte) (int, error) {
	if len(l.early) > 0 {
		n := copy(p, l.early)
		if l.early = l.early[n:]; len(l.early) == 0 {
			l.early = nil
		}
		return n, nil
	}
	return l.Conn.Read(p)
}

// Write is for the library: one control frame.
func (l *line) Write(frame []byte) (int, error) {
	l.writing.Lock()
	defer l.writing.Unlock()
	if l.over {
		return 0, errOver
	}
	l.over = len(frame) > 0 && frame[0] == wholeClose
	l.within(l.SetWriteDeadline, l.slow)
	return l.Conn.Write(frame)
}

// within sets a deadline, unless the connection is being closed already.
func (l *line) within(set func(time.Time) error, d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		set(time.Now().Add(d)) //nolint:errcheck // one that cannot be set is closed
	}
}

// last sets the last deadline of the connection.
func (l *line) last(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	l.SetDeadline(time.Now().Add(d)) //nolint:errcheck // one that cannot be set is closed
}

// put writes one frame, or what is left of it, and waits for a reader that is slow. It is for who holds the lock.
func (l *line) put(frame net.Buffers) error {
	if l.over {
		return errOver
	}
	l.within(l.SetWriteDeadline, l.slow)
	if tcp, ok := l.Conn.(*net.TCPConn); ok { // all parts in one system call
		_, err := frame.WriteTo(tcp)
		return err
	}
	whole := make([]byte, 0, size(frame))
	for _, part := range frame {
		whole = append(whole, part...)
	}
	_, err := l.Conn.Write(whole)
	return err
}

func size(frame net.Buffers) (n int) {
	for _, part := range frame {
		n += len(part)
	}
	return n
}

// textHeader appends the header of a frame that is a text message of so many bytes.
func textHeader(out []byte, length int) []byte {
	switch {
	case length < length16:
		return append(out, wholeText, byte(length))
	case length < 1<<16:
		return binary.BigEndian.AppendUint16(append(out, wholeText, length16), uint16(length))
	default:
		return binary.BigEndian.AppendUint64(append(out, wholeText, length64), uint64(length))
	}
}

// takenOver is a response whose connection becomes a line. What the server would leave with it, two buffers of 4 kB, is
// replaced by what a websocket needs.
type takenOver struct {
	http.ResponseWriter
	slow time.Duration
	line *line
}

// Hijack takes the connection over.
func (w *takenOver) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	early, err := buffered.Peek(buffered.Reader.Buffered())
	w.line = &line{Conn: conn, early: bytes.Clone(early), slow: w.slow, raw: rawOf(conn)}
	return w.line, bufio.NewReadWriter(bufio.NewReaderSize(w.line, lineReads), bufio.NewWriterSize(w.line, lineControl)), err
}
