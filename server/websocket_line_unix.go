//go:build darwin || freebsd || linux || netbsd || openbsd

package server

import (
	"errors"
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// rawOf is a connection on which something can be written without waiting; nil for one with a layer above, as TLS.
func rawOf(conn net.Conn) syscall.RawConn {
	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		return nil
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return nil
	}
	return raw
}

// attempt is a write that does not wait; one can be used for many.
type attempt struct {
	frame net.Buffers
	n     int
	err   error
	run   func(fd uintptr)
}

func newAttempt() *attempt {
	a := &attempt{}
	a.run = func(fd uintptr) {
		for {
			a.n, a.err = unix.SendmsgBuffers(int(fd), a.frame, nil, nil, unix.MSG_DONTWAIT)
			if !errors.Is(a.err, unix.EINTR) {
				return
			}
		}
	}
	return a
}

// write writes as much of a frame as its reader has room for, and returns how much that was.
func (a *attempt) write(raw syscall.RawConn, frame net.Buffers) (n int, err error) {
	a.frame = frame
	if err := raw.Control(a.run); err != nil {
		return 0, err
	}
	a.frame = nil
	if errors.Is(a.err, unix.EAGAIN) {
		return 0, nil
	}
	return max(a.n, 0), a.err
}
