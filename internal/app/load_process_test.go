package app_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"

	"sonata.ai/sonata/internal/testkit/subgraph"
)

// serviceProcess is the variable that makes this test binary a service of its own; its value is the address to listen at.
const serviceProcess = "APP_TEST_SERVICE_AT"

// TestServiceProcess is not a test: a test starts this binary again as the shop, a process that can be killed. Without the
// variable it is over at once. It does what it reads, a line each, and ends with its input.
func TestServiceProcess(t *testing.T) {
	address := os.Getenv(serviceProcess)
	if address == "" {
		return
	}
	s, err := subgraph.New(shopSDL, shopData)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", address) //nolint:noctx // ends with the process
	if err != nil {
		t.Fatal(err)
	}
	go http.Serve(listener, s)
	fmt.Println("shop listens on", listener.Addr())
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		verb, rest, _ := strings.Cut(lines.Text(), " ")
		field, value, _ := strings.Cut(rest, " ")
		if verb == "publish" {
			fmt.Println(s.Publish(field, value))
		} else {
			s.Asked() // kept for tests that look
			fmt.Println(s.Streams(field))
		}
	}
}

// killable is a service in a process of its own.
type killable struct {
	t       testing.TB
	address string
	cmd     *exec.Cmd
	mu      sync.Mutex // one line at a time
	in      io.WriteCloser
	out     *bufio.Scanner
}

func newKillable(t testing.TB) *killable {
	t.Helper()
	k := &killable{t: t, address: "127.0.0.1:0"}
	k.start()
	t.Cleanup(k.kill)
	return k
}

// start starts it, where it was before.
func (k *killable) start() {
	k.t.Helper()
	k.cmd = exec.Command(os.Args[0], "-test.run=^TestServiceProcess$")
	k.cmd.Env = append(os.Environ(), serviceProcess+"="+k.address)
	in, err := k.cmd.StdinPipe()
	if err != nil {
		k.t.Fatal(err)
	}
	out, err := k.cmd.StdoutPipe()
	if err != nil {
		k.t.Fatal(err)
	}
	if err := k.cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	k.in, k.out = in, bufio.NewScanner(out)
	for k.out.Scan() {
		if at, ok := strings.CutPrefix(k.out.Text(), "shop listens on "); ok {
			k.address = at
			return
		}
	}
	k.t.Fatal("the process of the shop did not start")
}

// kill ends it with SIGKILL.
func (k *killable) kill() {
	k.cmd.Process.Kill() // gone is as good
	k.cmd.Wait()
}

// tell sends a line, and returns the number that it is answered with.
func (k *killable) tell(line string) int {
	k.t.Helper()
	k.mu.Lock()
	defer k.mu.Unlock()
	fmt.Fprintln(k.in, line)
	if !k.out.Scan() {
		k.t.Fatal("the process of the shop is gone")
	}
	n, err := strconv.Atoi(k.out.Text())
	if err != nil {
		k.t.Fatal(err)
	}
	return n
}
