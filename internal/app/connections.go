package app

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"
)

// idlers knows the connections that have not sent a byte yet. Browsers keep spare ones, and http.Server.Shutdown
// would wait five seconds for each.
type idlers struct {
	mu   sync.Mutex
	open map[net.Conn]struct{}
}

func newIdlers() *idlers { return &idlers{open: map[net.Conn]struct{}{}} }

// follow is an http.Server.ConnState.
func (i *idlers) follow(c net.Conn, state http.ConnState) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if state == http.StateNew {
		i.open[c] = struct{}{}
		return
	}
	delete(i.open, c)
}

// close ends them.
func (i *idlers) close() {
	i.mu.Lock()
	defer i.mu.Unlock()
	for c := range i.open {
		c.Close()
	}
}

// closeUntil ends those that come, until ctx does.
func (i *idlers) closeUntil(ctx context.Context) {
	ticker := time.NewTicker(100 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			i.close()
		}
	}
}

// bounded is a listener whose connections hold little of what nobody reads. The system would give each up to 4 MB: a few
// thousand clients that ask and never read would cost gigabytes, and the time to fill them.
type bounded struct{ net.Listener }

// sendBuffer is how much of an answer waits in the system for a reader: enough for 2.5 MB a second to the other end of the
// world. Linux takes twice as much.
const sendBuffer = 128 << 10

// Accept returns the next connection.
func (l bounded) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if tcp, ok := c.(*net.TCPConn); ok {
		tcp.SetWriteBuffer(sendBuffer) //nolint:errcheck // it is gone already: reading it says so
	}
	return c, err
}
