//go:build oracle

package supergraph

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

type oracleSubgraph struct {
	Name string `json:"name"`
	SDL  string `json:"sdl"`
}

type oracleCase struct {
	Name      string           `json:"name"`
	Subgraphs []oracleSubgraph `json:"subgraphs"`
}

// oracleAnswer has the errors of each; none means that it accepts.
type oracleAnswer struct {
	Name               string
	Wundergraph, Guild []string
}

func askOracles(t *testing.T, in []oracleCase) []oracleAnswer {
	t.Helper()
	if _, err := os.Stat(filepath.Join("oracle", "node_modules")); err != nil {
		t.Fatal("internal/supergraph/oracle/node_modules is missing: run make oracle, or npm ci in that folder")
	}
	body, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", "oracle.mjs")
	cmd.Dir, cmd.Stdin, cmd.Stderr = "oracle", bytes.NewReader(body), os.Stderr
	answer, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var out []oracleAnswer
	if err := json.Unmarshal(answer, &out); err != nil || len(out) != len(in) {
		t.Fatalf("%d answers to %d cases: %v", len(out), len(in), err)
	}
	return out
}

// TestOracleCorpus: two other composers accept and refuse the cases that Compose does. testdata/differences.txt lists the
// others, each with what decides.
func TestOracleCorpus(t *testing.T) {
	var in []oracleCase
	ours := map[string]bool{}
	for _, c := range composeCases(t) {
		one := oracleCase{Name: c.name}
		for _, s := range c.subgraphs {
			one.Subgraphs = append(one.Subgraphs, oracleSubgraph{s.Name, s.SDL})
		}
		in = append(in, one)
		super, _ := Compose(c.subgraphs)
		ours[c.name] = super != nil
	}
	out := askOracles(t, in)
	listed := differences(t)
	for _, one := range out {
		for oracle, errors := range map[string][]string{"wundergraph": one.Wundergraph, "guild": one.Guild} {
			key := one.Name + " " + oracle
			sentence, known := listed[key]
			delete(listed, key)
			accepts := len(errors) == 0
			switch {
			case accepts == ours[one.Name] && known:
				t.Errorf("%s: no longer differs, and is listed: %s", key, sentence)
			case accepts != ours[one.Name] && !known:
				t.Errorf("%s: differs and is not listed: we accept: %t, it says %q", key, ours[one.Name], errors)
			}
		}
	}
	for key := range listed {
		t.Errorf("%s is listed and is no case", key)
	}
	t.Logf("%d cases, two oracles", len(in))
}

// differences reads the lines "case oracle: sentence".
func differences(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "differences.txt"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	lines := strings.Split(string(text), "\n")
	for _, line := range lines {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, sentence, ok := strings.Cut(line, ": ")
		if !ok || len(strings.Fields(key)) != 2 || !strings.Contains(sentence, "https://") && !strings.Contains(sentence, "README.md") || out[key] != "" {
			t.Fatalf("not \"case oracle: sentence with its source\", or twice: %s", line)
		}
		out[key] = sentence
	}
	if !slices.IsSorted(slices.DeleteFunc(lines, func(l string) bool { return l == "" || strings.HasPrefix(l, "#") })) {
		t.Error("testdata/differences.txt is not sorted")
	}
	return out
}
