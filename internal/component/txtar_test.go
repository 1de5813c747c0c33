package component

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write the results into testdata instead of comparing them")

// runCases runs every file of a folder: the parts are the input, the part want is the result.
func runCases(t *testing.T, folder string, run func(t *testing.T, part func(string) string) string) {
	files, err := filepath.Glob(filepath.Join("testdata", folder, "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases in testdata/%s: %v", folder, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			parts := map[string]string{}
			for _, f := range archive.Files {
				parts[f.Name] = string(f.Data)
			}
			got := run(t, func(name string) string { return parts[name] })
			if got == parts["want"] {
				return
			}
			if !*update {
				t.Fatalf("got:\n%s\nwant:\n%s", got, parts["want"])
			}
			kept := archive.Files[:0]
			for _, f := range archive.Files {
				if f.Name != "want" {
					kept = append(kept, f)
				}
			}
			archive.Files = append(kept, txtar.File{Name: "want", Data: []byte(got)})
			if err := os.WriteFile(file, txtar.Format(archive), 0o600); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func decodePart[T any](t *testing.T, text string) T {
	t.Helper()
	var v T
	dec := json.NewDecoder(strings.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}

// TestCompareCases: the parts old and new are definitions, want has one sentence per line or the word safe.
func TestCompareCases(t *testing.T) {
	runCases(t, "compare", func(t *testing.T, part func(string) string) string {
		before, after := decodePart[Definition](t, part("old")), decodePart[Definition](t, part("new"))
		for _, def := range []Definition{before, after} {
			if _, err := CheckSchema(def.PropsSchema); err != nil {
				t.Fatal(err)
			}
		}
		broken := Compare(before, after)
		if len(broken) == 0 {
			return "safe\n"
		}
		return strings.Join(broken, "\n") + "\n"
	})
}

// TestNegotiateCases: tree, frozen (a list of definitions), build (entries and registered definitions) or client with
// the word none or unknown.
func TestNegotiateCases(t *testing.T) {
	runCases(t, "negotiate", func(t *testing.T, part func(string) string) string {
		tree := decodePart[Tree](t, part("tree"))
		frozen := NewCatalogue(decodePart[[]Definition](t, part("frozen")))
		client := strings.TrimSpace(part("client"))
		var build *Build
		if client == "" {
			in := decodePart[struct {
				Entries    []Support
				Registered []Definition
			}](t, part("build"))
			manifest, err := NewManifest(in.Entries)
			if err != nil {
				t.Fatal(err)
			}
			build = &Build{Manifest: manifest, Registered: NewCatalogue(in.Registered)}
		}
		return describe(t, Negotiate(tree, frozen, build, client == "none", NewSchemas(20)))
	})
}

// describe writes one line per block and one per degradation.
func describe(t *testing.T, s Served) string {
	var b strings.Builder
	fmt.Fprintf(&b, "root %q\n", s.Root)
	for _, block := range s.Blocks {
		props, err := json.Marshal(block.Props)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s: %s %s %s", block.Key, block.Component, block.Version, props)
		for _, slot := range block.Slots {
			fmt.Fprintf(&b, " %s=%v", slot.Name, slot.Blocks)
		}
		b.WriteString("\n")
	}
	for _, d := range s.Degradations {
		fmt.Fprintf(&b, "%s %s: %s -> %q\n", d.Reason, d.BlockKey, d.Wanted, d.Served)
	}
	return b.String()
}
