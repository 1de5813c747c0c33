package access_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"sonata.ai/sonata/internal/access"
)

// hasherProcess is the variable that makes this test binary a hasher. Its value says how it behaves.
const hasherProcess = "ACCESS_TEST_HASHER"

func TestMain(m *testing.M) {
	switch os.Getenv(hasherProcess) {
	case "":
		m.Run()
	case "works":
		if err := access.ServeHashes(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	case "hangs":
		time.Sleep(time.Hour)
	case "is cut off":
		fmt.Print(`"c2hvcn`)
	case "is short":
		fmt.Print(`"c2hvcnQ="`)
		time.Sleep(time.Hour)
	case "talks":
		fmt.Print("ready to hash!\n")
		time.Sleep(time.Hour)
	}
}

// started is hashers whose processes are kept, and what failed.
type started struct {
	*access.Hashers
	mu     sync.Mutex
	cmds   []*exec.Cmd
	failed []string
}

func startedHashers(behavior string) *started {
	s := &started{}
	s.Hashers = access.NewHashers(func() *exec.Cmd {
		s.mu.Lock()
		defer s.mu.Unlock()
		cmd := &exec.Cmd{Path: os.Args[0], Args: os.Args[:1], Env: []string{hasherProcess + "=" + behavior}, Stderr: os.Stderr}
		if behavior == "is no program" {
			cmd.Path = "/nowhere/sonata"
		}
		s.cmds = append(s.cmds, cmd)
		return cmd
	}, func(err error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.failed = append(s.failed, err.Error())
	})
	return s
}

func (s *started) processes() []*exec.Cmd {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cmds
}

// waitUntilGone waits for the end of a process, if it was started.
func waitUntilGone(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); cmd.Process != nil; time.Sleep(5 * time.Millisecond) {
		if errors.Is(cmd.Process.Signal(syscall.Signal(0)), os.ErrProcessDone) {
			return
		}
		if time.Now().After(end) {
			t.Fatal("the process is still there")
		}
	}
}

const salt = "0123456789abcdef"

func TestHashesComeFromProcessesOfTheirOwn(t *testing.T) {
	t.Parallel()
	s := startedHashers("works")
	for _, password := range []string{"several words are easy", "ﬁne", "\u0000\n\"", "", strings.Repeat("Grüße ", 40)} {
		if got, want := s.Derive(password, []byte(salt)), access.DeriveHere(password, []byte(salt)); !bytes.Equal(got, want) {
			t.Errorf("%q: %x, want %x", password, got, want)
		}
	}
	if n := len(s.processes()); n != 1 {
		t.Errorf("%d processes for one job after the other", n)
	}
	var together sync.WaitGroup
	for n := range 8 {
		together.Go(func() {
			password := fmt.Sprintf("password number %d", n)
			if !bytes.Equal(s.Derive(password, []byte(salt)), access.DeriveHere(password, []byte(salt))) {
				t.Errorf("%s got the hash of another one", password)
			}
		})
	}
	together.Wait()
	if n := len(s.processes()); n > 8 {
		t.Errorf("%d processes for 8 jobs at once", n)
	}
	if len(s.failed) > 0 {
		t.Error(s.failed)
	}
}

func TestAHasherWithoutAJobEnds(t *testing.T) {
	t.Parallel()
	s := startedHashers("works")
	s.Patience(10*time.Millisecond, time.Minute)
	for n := 1; n <= 2; n++ {
		s.Derive("several words are easy", []byte(salt))
		cmd := s.processes()[n-1]
		waitUntilGone(t, cmd)
	}
	if len(s.failed) > 0 {
		t.Error(s.failed)
	}
}

func TestAHasherThatFailsIsReplacedAndNobodyNotices(t *testing.T) {
	t.Parallel()
	for _, behavior := range []string{"hangs", "is cut off", "is short", "talks", "is no program"} {
		t.Run(behavior, func(t *testing.T) {
			t.Parallel()
			s := startedHashers(behavior)
			s.Patience(time.Minute, 300*time.Millisecond)
			for n := 1; n <= 2; n++ {
				if !bytes.Equal(s.Derive("several words are easy", []byte(salt)), access.DeriveHere("several words are easy", []byte(salt))) {
					t.Error("another hash")
				}
				if len(s.failed) != n || len(s.processes()) != n {
					t.Errorf("%d failures and %d processes after %d jobs: %q", len(s.failed), len(s.processes()), n, s.failed)
				}
			}
			for _, cmd := range s.processes() {
				waitUntilGone(t, cmd)
			}
		})
	}
}

func TestAHasherThatDiedWhileItIdledIsReplaced(t *testing.T) {
	t.Parallel()
	s := startedHashers("works")
	s.Derive("several words are easy", []byte(salt))
	first := s.processes()[0]
	if err := first.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if !bytes.Equal(s.Derive("several words are easy", []byte(salt)), access.DeriveHere("several words are easy", []byte(salt))) {
			t.Error("another hash")
		}
	}
	if len(s.processes()) != 2 || len(s.failed) != 1 {
		t.Errorf("%d processes, failures: %q", len(s.processes()), s.failed)
	}
}

// A hasher ends with whoever started it, however that ended: nobody is left who could write to it.
func TestAHasherEndsWithItsJobs(t *testing.T) {
	t.Parallel()
	var keys bytes.Buffer
	if err := access.ServeHashes(strings.NewReader(`{"Memory":64,"Time":1,"Password":"x","Salt":"MDEyMzQ1Njc4OWFiY2RlZg=="}`), &keys); err != nil || keys.Len() == 0 {
		t.Errorf("%v, %q", err, keys.String())
	}
	for _, job := range []string{"no job", "{}", "null", `{"Memory":64}`, `{"Memory":4294967295,"Time":4294967295}`} {
		if err := access.ServeHashes(strings.NewReader(job), &keys); err == nil {
			t.Errorf("took %s, which is no job", job)
		}
	}
}
