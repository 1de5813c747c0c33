//go:build unix

package agent_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"sonata.ai/sonata/internal/agent"
	"sonata.ai/sonata/internal/fault"
)

// another runs an agent in a process of its own, which a test can kill. What it leaves is ended with the test.
func another(s *standIn, c agent.Config) *exec.Cmd {
	s.Helper()
	raw, err := json.Marshal(struct {
		agent.Config
		Tell, Stdout, Stderr, Environ *int
	}{Config: c})
	if err != nil {
		s.Fatal(err)
	}
	cmd := exec.Command(c.Command[0])
	cmd.Env = append(os.Environ(), "ROLE=agent", "CONFIG="+string(raw), "REPORT=http://"+s.address+"/report")
	if err := cmd.Start(); err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		for _, i := range state(s, c).Instances {
			syscall.Kill(-i.PID, syscall.SIGKILL)
		}
	})
	return cmd
}

type instances struct {
	Instances []struct {
		Name, Born string
		PID, Port  int
	}
}

// state is what the agent left to the next one.
func state(s *standIn, c agent.Config) (found instances) {
	s.Helper()
	files, _ := filepath.Glob(filepath.Join(c.State, "*.json"))
	if len(files) != 1 {
		s.Fatalf("there are the files %v", files)
	}
	info, err := os.Stat(files[0])
	if err != nil || info.Mode().Perm() != 0o600 {
		s.Errorf("the file is %v (%v)", info.Mode(), err)
	}
	raw, err := os.ReadFile(files[0])
	if err == nil {
		err = json.Unmarshal(raw, &found)
	}
	if err != nil {
		s.Fatal(err)
	}
	return found
}

// Instances outlive their agent, and the next one goes on with them as if it had started them.
func TestInstancesOutliveTheirAgent(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	c := config(s, 2)
	first := another(s, c)
	s.untilServing("box-1", "box-2")
	before := s.ask("box-1", "/self")["pid"]

	c.Environ = environ(s)
	second, err := agent.New(c)
	if err != nil {
		t.Fatal(err)
	}
	if err := second.Run(t.Context(), nil); fault.KindOf(err) != fault.Conflict || !strings.Contains(fault.As(err).Hint, "--name") {
		t.Errorf("two agents of one name: %v", err)
	}

	first.Process.Kill()
	first.Wait()
	s.ask("box-2", "/crash") // an ended process is told from one that runs, although nobody takes its exit code
	if after := s.ask("box-1", "/self")["pid"]; after != before || before == nil {
		t.Fatalf("the process was %v and is %v", before, after)
	}
	s.untilServing() // the heartbeats ended with the agent
	r := run(s, c)
	s.untilServing("box-1", "box-2")
	if after := s.ask("box-1", "/self")["pid"]; after != before || s.times("started box-1") != 1 || s.times("started box-2") != 2 || s.times("draining box-1") != 0 {
		t.Errorf("the process was %v and is %v:\n%s", before, after, strings.Join(s.happened(), "\n"))
	}
	if r.saw("goes on") != 1 {
		t.Errorf("told was %v", r.events)
	}

	s.ask("box-1", "/crash")
	s.until("it is started again", func() bool { h := s.of("box-1"); return h.Restarts == 1 && !h.Draining })
	r.stop()
	if err := <-r.ended; err != nil || s.times("terminated box-1")+s.times("terminated box-2") != 2 || len(state(s, c).Instances) != 0 {
		t.Errorf("it ended with %v:\n%s", err, strings.Join(s.happened(), "\n"))
	}
}

// With another command what runs is replaced one by one: as many serve all the time.
func TestAnotherCommandReplacesTheOneBefore(t *testing.T) {
	t.Parallel()
	s := newStandIn(t)
	c := config(s, 2)
	first := another(s, c)
	s.untilServing("box-1", "box-2")
	first.Process.Kill()
	first.Wait()
	c.Command = append(c.Command, "changed")
	r := run(s, c)
	least, most := 2, 0
	s.until("both are replaced", func() bool {
		serving := len(s.serving())
		least, most = min(least, serving), max(most, serving)
		return r.saw("stopped") == 2
	})
	if least < 2 || most != 3 {
		t.Errorf("%d to %d served meanwhile:\n%s", least, most, strings.Join(s.happened(), "\n"))
	}
	time.Sleep(100 * time.Millisecond)
	s.until("two serve", func() bool { return len(s.serving()) == 2 })
	for _, name := range s.serving() {
		if args, _ := s.ask(name, "/self")["args"].([]any); len(args) != 3 {
			t.Errorf("%s runs with %v", name, args)
		}
	}
	log := strings.Join(s.happened(), "\n")
	if strings.Count(log, "started") != 4 || strings.Count(log, "terminated") != 2 {
		t.Errorf("it went otherwise:\n%s", log)
	}
}
