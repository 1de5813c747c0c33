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
