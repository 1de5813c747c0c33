package agent

import (
	"context"
	"net"

	"sonata.ai/sonata/internal/fault"
)

// freePort is a port that nobody listens at, and none of those that are taken although nobody does yet.
func freePort(ctx context.Context, taken map[int]bool) (int, error) {
	var err error
	for range 20 {
		var listener net.Listener
		if listener, err = (&net.ListenConfig{}).Listen(ctx, "tcp", ":0"); err != nil {
			break
		}
		port := listener.Addr().(*net.TCPAddr).Port
		if err = listener.Close(); err == nil && !taken[port] {
			return port, nil
		}
	}
	return 0, fault.Unavailablef("there is no free port").Because(err)
}
