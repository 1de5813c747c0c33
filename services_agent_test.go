package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sonata.ai/sonata/internal/testkit/process"
)

// The part of the guide for services that runs an agent works line by line: the example becomes as many processes as are
// wanted, each its own, and all stop with the agent.
func TestServicesGuideWithAnAgent(t *testing.T) {
	for _, tool := range []string{"bash", "curl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("the guide for services was NOT tried: %s is missing", tool)
		}
	}
	guide, err := os.ReadFile(filepath.Join("docs", "guides", "services.md"))
	if err != nil {
		t.Fatal(err)
	}
	text := string(guide)
	started := blocks(text, "sh start agent")
	if len(started) != 1 || !strings.HasPrefix(started[0], "go run . agent ") {
		t.Fatalf("the guide starts %q", started)
	}
	w := newServicesWorld(t)
	binary := filepath.Join(t.TempDir(), "catalog")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "./examples/catalog").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	publish := exec.CommandContext(t.Context(), w.program, "subgraph", "publish", "--server", w.server.URL, "--service", "catalog", "--url", w.address+"/graphql", "--introspect")
	if out, err := publish.CombinedOutput(); err != nil {
		t.Fatalf("publish: %v\n%s", err, out)
	}
	typed := strings.Fields(strings.NewReplacer("go run . agent", "agent --server "+w.server.URL+" --state "+t.TempDir(), "go run ./examples/catalog", binary+" --database "+filepath.Join(t.TempDir(), "{instance}.db")).Replace(started[0]))
	agent := process.Command(w.program, typed...)
	var said bytes.Buffer
	agent.Stdout, agent.Stderr = &said, &said
	if err := agent.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- agent.Wait() }()
	gql := `gql() { curl -sS '` + w.server.URL + `/graphql' -H 'Content-Type: application/json' -d "$1"; echo; }` + "\n"
	plain := strings.NewReplacer("\n```sh agent\n", "\n```sh\n", "\n```json agent\n", "\n```json\n")
	_, section, _ := strings.Cut(text, "\n## 10. ")
	section, _, _ = strings.Cut(section, "\n## ")
	steps := stepsOfGuide(t, plain.Replace(section))
	if len(steps) < 3 {
		t.Fatalf("the guide has only %d steps", len(steps))
	}
	for _, s := range steps {
		printed := ""
		for deadline := time.Now().Add(startWithin); !s.pattern().MatchString(folded(printed)); pause() {
			if time.Now().After(deadline) {
				t.Fatalf("these lines\n%s\nprint\n%s\nand the guide shows\n%s\nthe agent says\n%s", s.shell, printed, s.shown, said.String())
			}
			out, err := exec.CommandContext(t.Context(), "bash", "-uc", gql+s.shell).Output()
			if err != nil {
				t.Fatal(err)
			}
			printed = string(out)
		}
	}
	if err := agent.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("the agent ended with %v\n%s", err, said.String())
		}
	case <-time.After(startWithin):
		agent.Process.Kill()
		t.Errorf("the agent does not end\n%s", said.String())
	}
}
