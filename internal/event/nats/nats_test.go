//go:build nats

// These tests run the real nats-server whose path is in NATS_SERVER: make postgres.
package nats_test

import (
	"net"
	"os"
	"os/exec"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"sonata.ai/sonata/internal/event/nats"
)

type server struct {
	port int
	cmd  *exec.Cmd
}

func start(t *testing.T) *server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{port: l.Addr().(*net.TCPAddr).Port}
	l.Close()
	s.start(t)
	t.Cleanup(s.stop)
	return s
}

func (s *server) start(t *testing.T) {
	t.Helper()
	s.cmd = exec.Command(os.Getenv("NATS_SERVER"), "-a", "127.0.0.1", "-p", strconv.Itoa(s.port))
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	until(t, "the server does not listen", func() bool {
		conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)))
		if err != nil {
			return false
		}
		conn.Close()
		return true
	})
}

func (s *server) stop() {
	s.cmd.Process.Kill()
	s.cmd.Wait()
}

func (s *server) url() string { return "nats://127.0.0.1:" + strconv.Itoa(s.port) }

// listener is a process that counts how often it was woken, and how often it was told that its NATS is gone.
type listener struct {
	*nats.Wakers
	woken, lost atomic.Int64
}

func dial(t *testing.T, url, installation string) *listener {
	t.Helper()
	l := &listener{}
	var err error
	if l.Wakers, err = nats.Dial(url, installation, func() { l.woken.Add(1) }, func(error) { l.lost.Add(1) }); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return l
}

func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal(what)
		}
	}
}

func (l *listener) rests(t *testing.T) int64 {
	t.Helper()
	for before := int64(-1); before != l.woken.Load(); time.Sleep(200 * time.Millisecond) {
		before = l.woken.Load()
	}
	return l.woken.Load()
}

func TestOneWakesAllOfItsInstallation(t *testing.T) {
	s := start(t)
	a, b, other := dial(t, s.url(), "ins_1"), dial(t, s.url(), "ins_1"), dial(t, s.url(), "ins_2")
	before, stranger := b.rests(t), other.rests(t)
	until(t, "nobody was woken", func() bool {
		a.Wake()
		return b.woken.Load() > before
	})
	if got := other.rests(t); got != stranger {
		t.Error("another installation was woken")
	}
}

func TestItIsThereAgainAfterTheServerWas(t *testing.T) {
	s := start(t)
	a, b := dial(t, s.url(), "ins_1"), dial(t, s.url(), "ins_1")
	s.stop()
	until(t, "nobody was told that the server is gone", func() bool { return a.lost.Load() > 0 && b.lost.Load() > 0 })
	a.Wake() // does nothing, and waits for nothing
	before := b.rests(t)
	s.start(t)
	until(t, "a connection that is there again wakes, for what was missed", func() bool { return b.woken.Load() > before })
	before = b.rests(t)
	until(t, "after the server was gone nobody is woken", func() bool {
		a.Wake()
		return b.woken.Load() > before
	})
}

func TestAServerThatComesLaterIsFound(t *testing.T) {
	s := start(t)
	s.stop()
	a := dial(t, s.url(), "ins_1")
	if a.lost.Load() == 0 {
		t.Error("nothing was said about a NATS that does not answer")
	}
	s.start(t)
	until(t, "it was never connected", func() bool { return a.woken.Load() > 0 })
}
