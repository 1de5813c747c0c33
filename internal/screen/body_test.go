package screen

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"sonata.ai/sonata/internal/fault"
)

const smallBody = `{"format":1,"root":"root","blocks":{"root":{"component":"page","major":1,"props":{},"slots":{"children":["hero","grid"]}},"hero":{"component":"hero","major":2,"props":{"title":"Hello"},"slots":{}},"grid":{"component":"grid","major":1,"props":{},"slots":{"cells":["a","b"],"aside":["c"]}},"a":{"component":"text","major":1},"b":{"component":"text","major":1},"c":{"component":"text","major":1,"slots":{"children":[]}}}}`

func parse(t testing.TB, raw string) Body {
	t.Helper()
	b, err := ParseBody([]byte(raw))
	if err != nil {
		t.Fatalf("ParseBody: %v", err)
	}
	return b
}

func TestParseBody(t *testing.T) {
	b := parse(t, smallBody)
	if c := b.Blocks["c"]; c.Props == nil || c.Slots == nil || len(c.Slots) != 0 {
		t.Errorf("maps are not made empty: %#v", c)
	}
	again := parse(t, bytesOf(t, b))
	if bytesOf(t, again) != bytesOf(t, b) {
		t.Error("the canonical form changes when read again")
	}
	h1, err1 := b.Hash()
	h2, err2 := again.Hash()
	if h1 != h2 || err1 != nil || err2 != nil || !strings.HasPrefix(h1, "sha256:") {
		t.Errorf("hashes %q %q %v %v", h1, h2, err1, err2)
	}
}

func TestParseBodyRefuses(t *testing.T) {
	one := func(block string) string { return `{"format":1,"root":"r","blocks":{"r":` + block + `}}` }
	two := func(slots, other string) string {
		return `{"format":1,"root":"r","blocks":{"r":{"component":"page","major":1,"slots":` + slots + `},` + other + `}}`
	}
	deep := strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 40)
	tests := []struct{ name, raw, message, pointer string }{
		{"not JSON", `{`, "too early", ""},
		{"not an object", `[]`, "must be a JSON object", ""},
		{"unknown field", `{"format":1,"root":"r","blocks":{},"x":1}`, `no field "x"`, "/x"},
		{"field in other case", `{"Format":1,"root":"r","blocks":{}}`, `no field "Format"`, "/Format"},
		{"no format", `{"root":"r","blocks":{}}`, "whole number", "/format"},
		{"format 2", `{"format":2,"root":"r","blocks":{"r":{"component":"p","major":1}}}`, "must be 1", "/format"},
		{"no blocks", `{"format":1,"root":"r"}`, "blocks must be", "/blocks"},
		{"root missing", `{"format":1,"root":"x","blocks":{}}`, `root "x" is not among`, "/root"},
		{"root not a string", `{"format":1,"root":1,"blocks":{}}`, "must be a string", "/root"},
		{"unknown field of a block", one(`{"component":"p","major":1,"z":1}`), `no field "z"`, "/blocks/r/z"},
		{"component", one(`{"component":"Page","major":1}`), "not a component key", "/blocks/r/component"},
		{"major 0", one(`{"component":"p","major":0}`), "1 to 9999", "/blocks/r/major"},
		{"major 10000", one(`{"component":"p","major":10000}`), "1 to 9999", "/blocks/r/major"},
		{"major 1.5", one(`{"component":"p","major":1.5}`), "whole number", "/blocks/r/major"},
		{"props a list", one(`{"component":"p","major":1,"props":[]}`), "props must be an object", "/blocks/r/props"},
		{"null in props", one(`{"component":"p","major":1,"props":{"a":{"b":[1,null]}}}`), "no null", "/blocks/r/props/a/b/1"},
		{"slots a list", one(`{"component":"p","major":1,"slots":[]}`), "slots must be", "/blocks/r/slots"},
		{"slot a string", one(`{"component":"p","major":1,"slots":{"a":"b"}}`), "list of block keys", "/blocks/r/slots/a"},
		{"slot of numbers", one(`{"component":"p","major":1,"slots":{"a":[1]}}`), "list of block keys", "/blocks/r/slots/a"},
		{"slot name", two(`{"A":["b"]}`, `"b":{"component":"p","major":1}`), "not a slot name", "/blocks/r/slots/A"},
		{"child missing", one(`{"component":"p","major":1,"slots":{"a":["x"]}}`), `block "x", which does not exist`, "/blocks/r/slots/a/0"},
		{"root in itself", one(`{"component":"p","major":1,"slots":{"a":["r"]}}`), "stands in a slot", "/blocks/r/slots/a/0"},
		{"twice", two(`{"a":["b","b"]}`, `"b":{"component":"p","major":1}`), "two places", "/blocks/r/slots/a/1"},
		{"orphan", two(`{}`, `"b":{"component":"p","major":1}`), `"b" cannot be reached`, "/blocks/b"},
		{"cycle", two(`{}`, `"b":{"component":"p","major":1,"slots":{"a":["c"]}},"c":{"component":"p","major":1,"slots":{"a":["b"]}}`), "cannot be reached", "/blocks/b"},
		{"slash in a key", two(`{"a":["b/c"]}`, `"b/c":{"component":"p","major":1}`), "not a block key", "/blocks/b~1c"},
		{"__proto__", two(`{"a":["__proto__"]}`, `"__proto__":{"component":"p","major":1}`), "not a block key", "/blocks/__proto__"},
		{"long key", two(`{}`, `"`+strings.Repeat("k", 65)+`":{"component":"p","major":1}`), "not a block key", "/blocks/" + strings.Repeat("k", 65)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ParseBody([]byte(tt.raw))
			f := wantFault(t, err, fault.Invalid, "")
			if !strings.Contains(f.Message, tt.message) || f.Pointer != tt.pointer {
				t.Errorf("got %q at %q, want %q at %q", f.Message, f.Pointer, tt.message, tt.pointer)
			}
		})
	}
	_, err := ParseBody([]byte(one(`{"component":"p","major":1,"props":` + deep + `}`)))
	wantFault(t, err, fault.Exhausted, "LIMIT")
}

func chain(n int) Body {
	b := NewBody("page", 1)
	parent := "root"
	for i := 2; i <= n; i++ {
		key := fmt.Sprintf("k%d", i)
		b.Blocks[parent].Slots["children"] = []string{key}
		b.Blocks[key] = Block{Component: "box", Major: 1, Props: map[string]any{}, Slots: map[string][]string{}}
		parent = key
	}
	return b
}

func wide(n int) Body {
	b := NewBody("page", 1)
	for i := 2; i <= n; i++ {
		key := fmt.Sprintf("k%d", i)
		b.Blocks["root"].Slots["children"] = append(b.Blocks["root"].Slots["children"], key)
		b.Blocks[key] = Block{Component: "box", Major: 1, Props: map[string]any{}, Slots: map[string][]string{}}
	}
	return b
}

func TestLimits(t *testing.T) {
	for _, b := range []Body{chain(MaxDepth), wide(MaxBlocks)} {
		if err := b.Check(); err != nil {
			t.Error(err)
		}
	}
	f := wantFault(t, wide(MaxBlocks+1).Check(), fault.Exhausted, "LIMIT")
	if f.Message != "a screen holds at most 200 blocks; this one has 201" {
		t.Error(f.Message)
	}
	f = wantFault(t, chain(MaxDepth+1).Check(), fault.Exhausted, "LIMIT")
	if !strings.Contains(f.Message, "at most 12 blocks deep") {
		t.Error(f.Message)
	}
	b := NewBody("page", 1)
	empty := len(bytesOf(t, b))
	b.Blocks["root"].Props["a"] = strings.Repeat("x", MaxBytes-empty-len(`"a":""`))
	if n := len(bytesOf(t, b)); n != MaxBytes {
		t.Fatalf("%d bytes", n)
	}
	if err := b.Check(); err != nil {
		t.Error(err)
	}
	b.Blocks["root"].Props["a"] = b.Blocks["root"].Props["a"].(string) + "x"
	f = wantFault(t, b.Check(), fault.Exhausted, "LIMIT")
	if !strings.Contains(f.Message, "262144 bytes") || !strings.Contains(f.Message, "262145") {
		t.Error(f.Message)
	}
	_, err := ParseBody([]byte(strings.Repeat(" ", 9*MaxBytes)))
	wantFault(t, err, fault.Exhausted, "LIMIT")
	b.Blocks["root"].Props["a"] = math.NaN()
	wantFault(t, b.Check(), fault.Invalid, "")
}

func TestWalks(t *testing.T) {
	b := parse(t, smallBody)
	if got := b.Order(nil); !reflect.DeepEqual(got, []string{"root", "hero", "grid", "c", "a", "b"}) {
		t.Error(got)
	}
	declared := func(component string, _ int) []string {
		if component == "grid" {
			return []string{"cells", "nothing", "cells"}
		}
		return nil
	}
	if got := b.Order(declared); !reflect.DeepEqual(got, []string{"root", "hero", "grid", "a", "b", "c"}) {
		t.Error(got)
	}
	if got := b.Subtree("grid"); !reflect.DeepEqual(got, []string{"grid", "c", "a", "b"}) {
		t.Error(got)
	}
	if got := b.Subtree("nobody"); got != nil {
		t.Error(got)
	}
	parent, slot, index, ok := b.Parent("b")
	if parent != "grid" || slot != "cells" || index != 1 || !ok {
		t.Error(parent, slot, index, ok)
	}
	if _, _, _, ok := b.Parent("root"); ok {
		t.Error("the root has a parent")
	}
	loop := Body{Format: 1, Root: "a", Blocks: map[string]Block{"a": {Slots: map[string][]string{"x": {"a", "b"}}}, "b": {Slots: map[string][]string{"x": {"a"}}}}}
	if got := loop.Order(nil); len(got) != 2 {
		t.Error(got)
	}
}

func TestCloneSharesNothing(t *testing.T) {
	b := parse(t, smallBody)
	before := bytesOf(t, b)
	c := b.Clone()
	c.Blocks["hero"].Props["title"] = "changed"
	c.Blocks["root"].Slots["children"][0] = "changed"
	delete(c.Blocks, "a")
	if bytesOf(t, b) != before {
		t.Error("the clone shares with the original")
	}
}

func TestCanonicalTidies(t *testing.T) {
	b := Body{Format: 1, Root: "root", Blocks: map[string]Block{"root": {Component: "page", Major: 1, Slots: map[string][]string{"empty": {}}}}}
	if got := bytesOf(t, b); got != bytesOf(t, NewBody("page", 1)) {
		t.Error(got)
	}
}

func FuzzBody(f *testing.F) {
	f.Add([]byte(smallBody))
	f.Add([]byte(`{"format":1,"root":"r","blocks":{"r":{"component":"p","major":1,"props":{"n":-0,"m":1e20,"s":"\u2028"}}}}`))
	f.Add([]byte(`{"format":1,"root":"r","blocks":{"r":{"component":"p","major":1,"slots":{"a":["r"]}}}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		b, err := ParseBody(raw)
		if err != nil {
			if fault.As(err) == nil {
				t.Fatalf("not a fault: %v", err)
			}
			return
		}
		if len(b.Order(nil)) != len(b.Blocks) {
			t.Fatal("the order does not hold every block once")
		}
		first := bytesOf(t, b)
		again, err := ParseBody([]byte(first))
		if err != nil || bytesOf(t, again) != first {
			t.Fatalf("read again: %v\n%s", err, first)
		}
	})
}
