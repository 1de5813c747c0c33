package supergraph

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"golang.org/x/tools/txtar"
)

// TestCompareCases: before.graphql and after.graphql are two graphs; want.txt has a line for each change.
func TestCompareCases(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "compare", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
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
			before, after := loadSchema(t, parts["before.graphql"]), loadSchema(t, parts["after.graphql"])
			changes := Compare(before, after)
			got := describeChanges(changes)
			if again := Compare(before, before); len(again) > 0 {
				t.Errorf("differs from itself: %+v", again)
			}
			if back := Compare(after, before); len(back) == 0 != (len(changes) == 0) {
				t.Errorf("the way back: %+v", back)
			}
			if got == parts["want.txt"] {
				return
			}
			if !*update {
				t.Fatalf("got:\n%s\nwant:\n%s", got, parts["want.txt"])
			}
			var kept []txtar.File
			for _, f := range archive.Files {
				if f.Name != "want.txt" {
					kept = append(kept, f)
				}
			}
			archive.Files = append(kept, txtar.File{Name: "want.txt", Data: []byte(got)})
			if err := os.WriteFile(file, txtar.Format(archive), 0o600); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func describeChanges(changes []Change) string {
	var b strings.Builder
	for _, c := range changes {
		level := "safe"
		if c.Breaking {
			level = "BREAKING"
		}
		fmt.Fprintf(&b, "%s %s %s: %s\n", level, c.Kind, c.Path, c.Message)
	}
	if b.Len() == 0 {
		return "the same\n"
	}
	return b.String()
}

func loadSchema(t *testing.T, sdl string) *ast.Schema {
	t.Helper()
	return loadSchemaWith(t, sdl, "directive @access(scope: String!) on OBJECT | FIELD_DEFINITION\n"+apiSDL)
}

func loadSchemaPlain(t *testing.T, sdl string) *ast.Schema {
	t.Helper()
	return loadSchemaWith(t, sdl, "")
}

func loadSchemaWith(t *testing.T, sdl, more string) *ast.Schema {
	t.Helper()
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "schema", Input: sdl}, &ast.Source{Name: "more", Input: more})
	if err != nil {
		t.Fatalf("%v\n%s", err, sdl)
	}
	return schema
}
