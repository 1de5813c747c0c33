package component

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"golang.org/x/tools/txtar"

	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/fault"
)

func FuzzManifest(f *testing.F) {
	f.Add([]byte(`[{"key":"hero","version":{"major":2,"minor":3},"range":"^2","contractHash":"sha256:0"},{"key":"a","version":{"major":1,"minor":0}}]`))
	f.Add([]byte(`[{"key":"a","version":{"major":1,"minor":0},"range":">=1 <3 || ~4.1, !=4.1.2"}]`))
	f.Add([]byte(`[{"key":"a","version":{"major":1,"minor":0},"range":"1 - 2"},{"key":"a","version":{"major":2,"minor":0},"range":"*"}]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var entries []Support
		if json.Unmarshal(data, &entries) != nil {
			return
		}
		m, err := NewManifest(entries)
		if err != nil {
			checkFault(t, err)
			return
		}
		if !canonical.IsHash(m.Hash()) {
			t.Fatalf("hash %q", m.Hash())
		}
		again, err := NewManifest(m.Entries)
		if err != nil || again.Hash() != m.Hash() || !reflect.DeepEqual(again, m) {
			t.Fatalf("not stable: %v", err)
		}
		for _, e := range m.Entries {
			if !e.Renders(e.Version) || CheckKey(e.Key) != nil {
				t.Fatalf("%v", e)
			}
			if v, err := ParseVersion(e.Version.String()); err != nil || v != e.Version {
				t.Fatalf("%s: %v", e.Version, err)
			}
		}
	})
}

func checkFault(t *testing.T, err error) {
	t.Helper()
	if k := fault.KindOf(err); k != fault.Invalid && k != fault.Exhausted {
		t.Fatalf("kind %d: %v", k, err)
	}
}

func FuzzSchema(f *testing.F) {
	d := newDice(3)
	for range 30 {
		schema := d.propsSchema()
		f.Add([]byte(d.raw(f, schema)), []byte(d.raw(f, d.fitting(schema, schema, 3))))
	}
	f.Add([]byte(`{"type":"object","$ref":"#"}`), []byte(`{}`))
	f.Add([]byte(`{"type":"object","properties":{"a":{"$ref":"#"}},"unevaluatedProperties":false}`), []byte(`{"a":{"a":{"b":1}}}`))
	f.Fuzz(func(t *testing.T, schema, props []byte) {
		raw, err := CheckSchema(schema)
		if err != nil {
			checkFault(t, err)
			return
		}
		if again, err := CheckSchema(raw); err != nil || string(again) != string(raw) {
			t.Fatalf("the canonical form is not stable: %v", err)
		}
		if broken := Compare(Definition{PropsSchema: raw}, Definition{PropsSchema: raw}); len(broken) > 0 {
			t.Fatalf("breaks itself: %q", broken)
		}
		decoded, err := canonical.Decode(props)
		object, ok := decoded.(map[string]any)
		if err != nil || !ok {
			return
		}
		schemas := NewSchemas(1)
		first := schemas.Validate(raw, object)
		if !reflect.DeepEqual(first, schemas.Validate(raw, object)) {
			t.Fatal("the violations vary")
		}
		if len(first) > maxViolations {
			t.Fatalf("%d violations", len(first))
		}
		projected, _ := Project(raw, object)
		if _, more := Project(raw, projected); len(more) > 0 {
			t.Fatalf("the second projection removed %q", more)
		}
	})
}

func FuzzNegotiate(f *testing.F) {
	files, err := filepath.Glob(filepath.Join("testdata", "negotiate", "*.txtar"))
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file) // #nosec G304 -- a file of this package
		if err != nil {
			f.Fatal(err)
		}
		parts := map[string][]byte{"build": []byte("{}")}
		for _, part := range txtar.Parse(data).Files {
			parts[part.Name] = part.Data
		}
		f.Add(parts["tree"], parts["frozen"], parts["build"])
	}
	f.Fuzz(func(t *testing.T, tree, frozen, build []byte) {
		var in struct {
			Entries    []Support
			Registered []Definition
		}
		var fuzzed Tree
		var defs []Definition
		if json.Unmarshal(tree, &fuzzed) != nil || json.Unmarshal(frozen, &defs) != nil || json.Unmarshal(build, &in) != nil {
			return
		}
		b := &Build{Manifest: Manifest{Entries: in.Entries}, Registered: NewCatalogue(in.Registered)}
		catalogue := NewCatalogue(defs)
		before := cloneTree(t, fuzzed)
		got := Negotiate(fuzzed, catalogue, b, true, NewSchemas(8))
		if !reflect.DeepEqual(before, cloneTree(t, fuzzed)) {
			t.Fatal("the tree was changed")
		}
		if fuzzed.Root == "" {
			return // no key of a block is empty
		}
		checkServed(t, fuzzed, got)
		for _, block := range got.Blocks {
			if !fitsSome(b, block) {
				t.Fatalf("%v fits nothing that was registered", block)
			}
		}
		checkServed(t, fuzzed, Negotiate(fuzzed, catalogue, nil, true, NewSchemas(8)))
		checkServed(t, fuzzed, Negotiate(fuzzed, catalogue, nil, false, NewSchemas(8)))
	})
}
