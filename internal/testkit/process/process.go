// Package process runs the built server as a real process, for tests and benchmarks whose subject is a process: how it
// starts, stops, dies, and what it weighs.
package process

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"sonata.ai/sonata/internal/testkit/postgres"
)

// readyWithin is how long a start may take before a test gives up. The bar is far below; this is for crowded machines.
const readyWithin = 60 * time.Second

// Build compiles the command and returns the path of the binary. Under the race detector the binary has it too.
func Build(t testing.TB) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "sonata")
	args := []string{"build", "-o", binary}
	if raceEnabled {
		args = append(args, "-race")
	}
	if out, err := exec.CommandContext(t.Context(), "go", append(args, "sonata.ai/sonata")...).CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return binary
}

// Command is the binary with arguments and an environment without settings of ours: the server refuses unknown ones.
func Command(binary string, args ...string) *exec.Cmd {
	cmd := exec.Command(binary, args...)
	cmd.Dir = filepath.Dir(binary)
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, "SONATA_") {
			cmd.Env = append(cmd.Env, pair)
		}
	}
	return cmd
}

// Server is one running process.
type Server struct {
	URL   string
	PID   int
	Began time.Time     // when it was executed
	Ready time.Duration // from then to the first 200 of /readyz

	client *http.Client
	cmd    *exec.Cmd
	stderr *output
	exited chan struct{}
}

// Launch starts the server on a database, a file or the postgres:// address of one, and a free port, without waiting for
// anything.
func Launch(t testing.TB, binary, database string, args ...string) (*Server, io.Reader) {
	t.Helper()
	s := &Server{stderr: &output{}, exited: make(chan struct{}), client: &http.Client{
		Timeout:   30 * time.Second,
		Transport: &http.Transport{MaxIdleConnsPerHost: 256},
	}}
	address := "sqlite:" + database
	if strings.HasPrefix(database, "postgres://") {
		address = database
	}
	s.cmd = Command(binary, append([]string{"--listen", "127.0.0.1:0", "--database", address}, args...)...)
	if address == database {
		s.cmd.Env = append(s.cmd.Env, "SONATA_SECRET_KEY="+postgres.SecretKey())
	}
	s.cmd.Stderr = s.stderr
	stdout, stdin, err := os.Pipe() // StdoutPipe would be closed by Wait while it is still being read
	if err != nil {
		t.Fatal(err)
	}
	s.cmd.Stdout = stdin
	s.Began = time.Now()
	if err := s.cmd.Start(); err != nil {
		t.Fatalf("start: %v", err)
	}
	stdin.Close()
	s.PID = s.cmd.Process.Pid
	go func() {
		s.cmd.Wait() //nolint:errcheck // ExitCode tells
		close(s.exited)
	}()
	t.Cleanup(func() {
		s.Kill()
		stdout.Close()
	})
	return s, stdout
}

// Start starts the server and waits until it is ready.
func Start(t testing.TB, binary, database string, args ...string) *Server {
	t.Helper()
	s, stdout := Launch(t, binary, database, args...)
	lines := bufio.NewScanner(stdout)
	for s.URL == "" && lines.Scan() {
		name, rest, _ := strings.Cut(strings.TrimSpace(lines.Text()), "  ")
		switch rest = strings.TrimSpace(rest); {
		case name == "GraphQL" && strings.HasPrefix(rest, "http://127.0.0.1:"):
			s.URL = strings.TrimSuffix(rest, "/graphql")
		case name == "Listening": // people use another address
			s.URL = rest
		}
	}
	if s.URL == "" {
		<-s.exited
		t.Fatalf("the server did not start (exit code %d):\n%s", s.ExitCode(), s.Stderr())
	}
	go io.Copy(io.Discard, stdout) //nolint:errcheck // a full pipe would stop the process
	for !s.answers("/readyz") {
		if time.Since(s.Began) > readyWithin {
			t.Fatalf("the server was not ready within %s:\n%s", readyWithin, s.Stderr())
		}
		time.Sleep(time.Millisecond)
	}
	s.Ready = time.Since(s.Began)
	return s
}

func (s *Server) answers(path string) bool {
	response, err := s.client.Get(s.URL + path)
	if err != nil {
		return false
	}
	io.Copy(io.Discard, response.Body) //nolint:errcheck // only the status counts
	response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// Kill ends the process as a crash would: it gets no chance to do anything. It returns once the process is gone.
func (s *Server) Kill() {
	s.cmd.Process.Kill() //nolint:errcheck // gone already is as good
	<-s.exited
	s.client.CloseIdleConnections()
}

// Terminate asks the process to stop.
func (s *Server) Terminate(t testing.TB) {
	t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatalf("terminate: %v", err)
	}
}

// Wait returns the exit code of a process that is about to end.
func (s *Server) Wait(t testing.TB, within time.Duration) int {
	t.Helper()
	select {
	case <-s.exited:
		return s.ExitCode()
	case <-time.After(within):
		t.Fatalf("the process still runs after %s:\n%s", within, s.Stderr())
		return -1
	}
}

// Stop ends the process in an orderly way.
func (s *Server) Stop(t testing.TB) {
	t.Helper()
	s.client.CloseIdleConnections()
	s.Terminate(t)
	if code := s.Wait(t, readyWithin); code != 0 {
		t.Fatalf("exit code %d:\n%s", code, s.Stderr())
	}
}

// ExitCode is the exit code of a process that ended; -1 when a signal ended it.
func (s *Server) ExitCode() int { return s.cmd.ProcessState.ExitCode() }

// Stderr is what the process logged so far.
func (s *Server) Stderr() string { return s.stderr.String() }

// output collects what a process writes while somebody reads it.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write appends.
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

// String returns everything so far.
func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// ErrNoAnswer means that it is unknown whether the server did what it was asked for.
var ErrNoAnswer = errors.New("no answer")

// RSS is the resident memory of the process in bytes.
func (s *Server) RSS() (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.PID))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			var kb int64
			_, err := fmt.Sscanf(strings.TrimSpace(rest), "%d kB", &kb)
			return kb << 10, err
		}
	}
	return 0, errors.New("no VmRSS")
}

// CPU is the time that the process was given so far, in steps of 10 ms. Other than the time of a clock, it hardly depends on
// what else the machine does.
func (s *Server) CPU() (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.PID))
	if err != nil {
		return 0, err
	}
	_, after, _ := strings.Cut(string(stat), ") ") // behind the name
	fields := strings.Fields(after)
	if len(fields) < 13 {
		return 0, errors.New("no times")
	}
	var ticks time.Duration
	for _, field := range fields[11:13] { // in user mode and in the system
		n, err := strconv.Atoi(field)
		if err != nil {
			return 0, err
		}
		ticks += time.Duration(n)
	}
	return ticks * 10 * time.Millisecond, nil
}

// Do sends one operation and decodes its data. Its error wraps ErrNoAnswer when no whole answer came.
func (s *Server) Do(ctx context.Context, document string, variables map[string]any, data any) error {
	return ask(ctx, s.client, s.URL+"/graphql", document, variables, data)
}
