//go:build !(darwin || freebsd || linux || netbsd || openbsd)

package server

import (
	"net"
	"syscall"
)

// rawOf is nil: nothing can be written here without waiting.
func rawOf(net.Conn) syscall.RawConn { return nil }

// attempt is never made here.
type attempt struct{}

func newAttempt() *attempt { return &attempt{} }

func (*attempt) write(syscall.RawConn, net.Buffers) (int, error) { return 0, nil }
