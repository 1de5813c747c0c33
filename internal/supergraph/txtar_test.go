package supergraph

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write the results into testdata instead of comparing them")

// composeCase is one file of the corpus. The service sonata owns what it defines.
type composeCase struct {
	name, file string
	archive    *txtar.Archive
	subgraphs  []Subgraph
}

func composeCases(t testing.TB) []composeCase {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "compose", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	var out []composeCase
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		c := composeCase{name: strings.TrimSuffix(filepath.Base(file), ".txtar"), file: file, archive: archive}
		prefixes := prefixesIn(string(archive.Comment))
		for _, f := range archive.Files {
			if service, ok := strings.CutSuffix(f.Name, ".graphql"); ok && service != "want" {
				c.subgraphs = append(c.subgraphs, Subgraph{Name: service, SDL: string(f.Data), Owned: service == "sonata", NodePrefix: prefixes[service]})
			}
		}
		out = append(out, c)
	}
	return out
}

// prefixesIn reads lines like "prefix prd of shop" in what stands before the parts of a case.
func prefixesIn(comment string) map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(comment) {
		var prefix, service string
		if n, _ := fmt.Sscanf(line, "prefix %s of %s", &prefix, &service); n == 2 {
			out[service] = prefix
		}
	}
	return out
}

// TestComposeCases: each part named service.graphql is a subgraph. The part want.graphql is the API and want.txt has the
// problems; a part want.sources, where there is one, has what a planner is told.
func TestComposeCases(t *testing.T) {
	for _, c := range composeCases(t) {
		t.Run(c.name, func(t *testing.T) {
			super, problems := Compose(c.subgraphs)
			checkComposed(t, super, problems)
			want := map[string]string{"want.txt": describe(problems)}
			if super != nil {
				want["want.graphql"] = printSchema(super.API)
			}
			for _, f := range c.archive.Files {
				if f.Name == "want.sources" {
					want[f.Name] = describeSources(super)
				}
			}
			c.compare(t, want)
		})
	}
}

func (c composeCase) compare(t *testing.T, want map[string]string) {
	t.Helper()
	var kept []txtar.File
	for _, f := range c.archive.Files {
		if !strings.HasPrefix(f.Name, "want.") {
			kept = append(kept, f)
			continue
		}
		if got := want[f.Name]; got != string(f.Data) && !*update {
			t.Errorf("%s: got:\n%s\nwant:\n%s", f.Name, got, f.Data)
		}
	}
	for _, name := range []string{"want.txt", "want.graphql", "want.sources"} {
		if want[name] == "" {
			continue
		}
		found := false
		for _, f := range c.archive.Files {
			found = found || f.Name == name
		}
		if !found && !*update {
			t.Errorf("%s is missing: got:\n%s", name, want[name])
		}
		kept = append(kept, txtar.File{Name: name, Data: []byte(want[name])})
	}
	if *update {
		if err := os.WriteFile(c.file, txtar.Format(&txtar.Archive{Comment: c.archive.Comment, Files: kept}), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// checkComposed is what holds for every composition.
func checkComposed(t testing.TB, super *Supergraph, problems []Problem) {
	t.Helper()
	errors := 0
	for i, p := range problems {
		if p.Severity == Error {
			errors++
		}
		if p.Code == "" || p.Message == "" || p.Hint == "" {
			t.Errorf("incomplete: %+v", p)
		}
		if (p.Line > 0) != (p.Column > 0) || p.Line > 0 && p.Service == "" {
			t.Errorf("no place: %+v", p)
		}
		if i > 0 && i < maxProblems && compareProblems(problems[i-1], p) > 0 {
			t.Errorf("not sorted: %+v", problems)
		}
	}
	if len(problems) > maxProblems+1 {
		t.Errorf("%d problems", len(problems))
	}
	if (super == nil) != (errors > 0) {
		t.Errorf("a supergraph: %t, errors: %d", super != nil, errors)
	}
}

func describe(problems []Problem) string {
	var b strings.Builder
	for _, p := range problems {
		fmt.Fprintf(&b, "%s %s %s", p.Severity, p.Code, p.Service)
		if p.Line > 0 {
			fmt.Fprintf(&b, " %d:%d", p.Line, p.Column)
		}
		fmt.Fprintf(&b, "\n  %s\n  → %s\n", p.Message, p.Hint)
	}
	return b.String()
}

func printSchema(s *ast.Schema) string {
	var b strings.Builder
	formatter.NewFormatter(&b, formatter.WithIndent("  ")).FormatSchema(s)
	return b.String()
}

func describeSources(super *Supergraph) string {
	if super == nil {
		return ""
	}
	var b strings.Builder
	for _, s := range super.Sources {
		fmt.Fprintf(&b, "service %s\n", s.Name)
		fields := func(what string, list []Fields) {
			for _, f := range list {
				fmt.Fprintf(&b, "%s %s: %s", what, f.Type, strings.Join(f.Names, " "))
				if len(f.External) > 0 {
					fmt.Fprintf(&b, " external: %s", strings.Join(f.External, " "))
				}
				b.WriteString("\n")
			}
		}
		fields("root", s.Roots)
		fields("child", s.Children)
		for _, k := range s.Keys {
			fmt.Fprintf(&b, "key %s: %s %t\n", k.Type, k.Selection, k.Resolvable)
		}
		for _, f := range s.Requires {
			fmt.Fprintf(&b, "requires %s.%s: %s\n", f.Type, f.Field, f.Selection)
		}
		for _, f := range s.Provides {
			fmt.Fprintf(&b, "provides %s.%s: %s\n", f.Type, f.Field, f.Selection)
		}
		if n := s.Nodes; n != nil {
			fmt.Fprintf(&b, "nodes %s: %s %s of %s\n", n.Prefix, n.One, n.Many, strings.Join(n.Types, " "))
		}
		b.WriteString(s.SDL)
	}
	return b.String()
}
