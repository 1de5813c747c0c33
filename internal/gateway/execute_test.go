package gateway_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/formatter"
	"golang.org/x/tools/txtar"

	"sonata.ai/sonata/internal/gateway"
	"sonata.ai/sonata/internal/supergraph"
	"sonata.ai/sonata/internal/testkit/subgraph"
)

var update = flag.Bool("update", false, "write the answers into testdata instead of comparing them")

// Each file of testdata/execute is a graph: name.graphql and name.json are a service and its data, and n.query with n.vars
// an operation whose answer is n.want. An answer without errors has to be what one server would answer that had all the
// data, too: that is worked out, not written down.
func TestExecuteCases(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/execute/*.txtar")
	if err != nil || len(files) < 5 {
		t.Fatal(files, err)
	}
	queries := 0
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		parts := map[string]string{}
		for _, f := range archive.Files {
			parts[f.Name] = string(f.Data)
			if strings.HasSuffix(f.Name, ".query") {
				queries++
			}
		}
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			changed := executeCase(t, archive, parts)
			if *update && changed {
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
	if queries < 60 {
		t.Errorf("%d queries", queries)
	}
}

func executeCase(t *testing.T, archive *txtar.Archive, parts map[string]string) (changed bool) {
	w := &world{t: t, gateway: gateway.New(gateway.Options{}), remotes: map[string]*gateway.Remote{}, sources: map[string]gateway.Source{}, servers: servers{}}
	t.Cleanup(w.gateway.Close)
	var sdls []string
	all := merged{}
	for _, f := range archive.Files {
		if name, ok := strings.CutSuffix(f.Name, ".graphql"); ok {
			w.service(name, parts[f.Name], parts[name+".json"])
			sdls = append(sdls, name, parts[f.Name])
			all.add(t, parts[name+".json"])
		}
	}
	sg := compose(t, sdls...)
	w.swap(sg)
	oracle := wholeService(t, sg, all)
	var out []txtar.File
	for _, f := range archive.Files {
		if !strings.HasSuffix(f.Name, ".want") {
			out = append(out, f)
		}
		n, ok := strings.CutSuffix(f.Name, ".query")
		if !ok {
			continue
		}
		query, vars := strings.TrimSpace(parts[f.Name]), parts[n+".vars"]
		got := w.ask(context.Background(), query, vars)
		if !strings.HasPrefix(got, `{"errors"`) {
			if want := answerOf(t, oracle, query, vars); !equal(t, got, want) {
				t.Errorf("%s: %s\n       got %s\none server %s", n, query, got, want)
			}
		}
		out = append(out, txtar.File{Name: n + ".want", Data: []byte(got + "\n")})
		if want := strings.TrimSpace(parts[n+".want"]); want != got {
			changed = true
			if !*update {
				t.Errorf("%s: %s\n got %s\nwant %s", n, query, got, want)
			}
		}
	}
	archive.Files = out
	return changed
}

// wholeService is one server with all the data behind the composed API.
func wholeService(t *testing.T, sg *supergraph.Supergraph, all merged) *subgraph.Service {
	t.Helper()
	var sdl bytes.Buffer
	formatter.NewFormatter(&sdl).FormatSchema(sg.API)
	var lines []string
	for line := range strings.Lines(sdl.String()) {
		if !strings.HasPrefix(line, "directive ") {
			lines = append(lines, line)
		}
	}
	data, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	s, err := subgraph.New(strings.Join(lines, ""), string(data))
	if err != nil {
		t.Fatal(err, "\n", strings.Join(lines, ""))
	}
	return s
}

func answerOf(t *testing.T, s *subgraph.Service, query, vars string) string {
	t.Helper()
	var variables map[string]any
	if vars != "" {
		d := json.NewDecoder(strings.NewReader(vars))
		d.UseNumber()
		if err := d.Decode(&variables); err != nil {
			t.Fatal(err)
		}
	}
	return string(s.Execute(query, variables))
}

// equal compares whatever the order of members is: the engine writes those of an interface's fragment later.
func equal(t *testing.T, got, want string) bool {
	t.Helper()
	var g, w any
	if err := errors.Join(json.Unmarshal([]byte(got), &g), json.Unmarshal([]byte(want), &w)); err != nil {
		t.Fatal(err)
	}
	return reflect.DeepEqual(g, w)
}

// merged is the data of several services: objects that share the value of a field which may be a key are one.
type merged map[string]any

func (m merged) add(t *testing.T, data string) {
	t.Helper()
	var more map[string]any
	d := json.NewDecoder(strings.NewReader(data))
	d.UseNumber()
	if err := d.Decode(&more); err != nil {
		t.Fatal(err, data)
	}
	for name, value := range more {
		switch value := value.(type) {
		case map[string]any:
			known, _ := m[name].(map[string]any)
			if known == nil {
				known = map[string]any{}
			}
			for k, v := range value {
				known[k] = v
			}
			m[name] = known
		case []any:
			known, _ := m[name].([]any)
			for _, item := range value {
				known = mergedInto(known, item.(map[string]any))
			}
			m[name] = known
		}
	}
}

func mergedInto(list []any, item map[string]any) []any {
	for _, have := range list {
		have := have.(map[string]any)
		for _, key := range []string{"id", "sku", "upc", "code", "email", "number", "isbn", "name"} {
			if have[key] == nil || item[key] == nil || have[key] != item[key] {
				continue
			}
			for k, v := range item {
				if inner, ok := have[k].(map[string]any); ok && inner["$ref"] == nil {
					continue // what both have is the same, or the first has more
				}
				have[k] = v
			}
			return list
		}
	}
	return append(list, item)
}
