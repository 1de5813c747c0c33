package screen

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"sonata.ai/sonata/internal/fault"
)

func TestApply(t *testing.T) {
	tests := []struct {
		name string
		ops  []Op
		want string // shape of the result, or of the message after "!"
	}{
		{"insert at the end", []Op{{Kind: OpInsert, Key: "n", Component: "text", Parent: "grid", Slot: "cells"}}, "root(children:hero grid(aside:c cells:a b n))"},
		{"insert first", []Op{{Kind: OpInsert, Key: "n", Component: "text", Parent: "grid", Slot: "cells", Index: ptr(-5)}}, "root(children:hero grid(aside:c cells:n a b))"},
		{"insert far", []Op{{Kind: OpInsert, Key: "n", Component: "text", Parent: "grid", Slot: "cells", Index: ptr(99)}}, "root(children:hero grid(aside:c cells:a b n))"},
		{"insert below an insert", []Op{{Kind: OpInsert, Key: "n", Component: "text", Parent: "hero", Slot: "children"}, {Kind: OpInsert, Key: "m", Component: "text", Parent: "n", Slot: "x"}}, "root(children:hero(children:n(x:m)) grid(aside:c cells:a b))"},
		{"made up keys", []Op{{Kind: OpInsert, Component: "hero", Parent: "hero", Slot: "x"}, {Kind: OpInsert, Key: "hero-2", Component: "hero", Parent: "hero", Slot: "x"}}, "root(children:hero(x:hero-3 hero-2) grid(aside:c cells:a b))"},
		{"insert taken", []Op{{Kind: OpInsert, Key: "a", Component: "text", Parent: "root", Slot: "x"}}, `!ops[0] insert: there is a block "a" already`},
		{"insert nowhere", []Op{{Kind: OpInsert, Key: "n", Component: "text", Parent: "nobody", Slot: "x"}}, `!ops[0] insert: there is no block "nobody" to put it into`},
		{"insert with null", []Op{{Kind: OpInsert, Key: "n", Component: "text", Parent: "root", Slot: "x", Props: map[string]any{"a": nil}}}, `!ops[0] insert: props hold no null: leave the property out`},
		{"move within a slot", []Op{{Kind: OpMove, Key: "a", Parent: "grid", Slot: "cells", Index: ptr(1)}}, "root(children:hero grid(aside:c cells:b a))"},
		{"move to the same place", []Op{{Kind: OpMove, Key: "a", Parent: "grid", Slot: "cells", Index: ptr(0)}}, "root(children:hero grid(aside:c cells:a b))"},
		{"move empties a slot", []Op{{Kind: OpMove, Key: "c", Parent: "hero", Slot: "children", Index: ptr(0)}}, "root(children:hero(children:c) grid(cells:a b))"},
		{"move the root", []Op{{Kind: OpMove, Key: "root", Parent: "grid", Slot: "cells"}}, `!ops[0] move: the root "root" cannot be moved`},
		{"move into itself", []Op{{Kind: OpRemove, Key: "hero"}, {Kind: OpMove, Key: "grid", Parent: "a", Slot: "cells"}}, `!ops[1] move: the block "grid" cannot be moved into its own subtree`},
		{"remove", []Op{{Kind: OpRemove, Key: "grid"}}, "root(children:hero)"},
		{"remove the root", []Op{{Kind: OpRemove, Key: "root"}}, `!ops[0] remove: the root "root" cannot be removed`},
		{"remove twice", []Op{{Kind: OpRemove, Key: "a"}, {Kind: OpRemove, Key: "a"}}, `!ops[1] remove: there is no block "a"`},
		{"patch with null in a list", []Op{{Kind: OpSetProps, Key: "a", Patch: map[string]any{"x": []any{1.0, nil}}}}, `!ops[0] setProps: props hold no null: leave the property out`},
		{"same major", []Op{{Kind: OpUpgrade, Key: "hero", Major: ptr(2)}}, `!ops[0] upgrade: the block "hero" is at major version 2 already`},
		{"no major", []Op{{Kind: OpUpgrade, Key: "hero"}}, `!ops[0] upgrade: an upgrade names the major version that it goes to`},
		{"no kind", []Op{{Key: "hero"}}, `!ops[0] op: an op is one of insert, move, remove, setProps and upgrade`},
		{"no ops", nil, "!an edit needs at least one op"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, err := Apply(parse(t, smallBody), tt.ops, ApplyEnv{})
			if want, refused := strings.CutPrefix(tt.want, "!"); refused {
				if f := wantFault(t, err, fault.Invalid, ""); f.Message != want || f.Path[0] != "ops" {
					t.Errorf("got %q at %q, want %q", f.Message, f.Path, want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := shapeOf(a.Body, "root"); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func shapeOf(b Body, key string) string {
	var slots []string
	for _, name := range slotNames(b.Blocks[key], nil) {
		var children []string
		for _, child := range b.Blocks[key].Slots[name] {
			children = append(children, shapeOf(b, child))
		}
		slots = append(slots, name+":"+strings.Join(children, " "))
	}
	if slots == nil {
		return key
	}
	return key + "(" + strings.Join(slots, " ") + ")"
}

func TestApplyResolves(t *testing.T) {
	env := ApplyEnv{
		NewestMajor: func(component string) int { return len(component) },
		NewKey:      func(component string, _ func(string) bool) string { return "made-" + component },
	}
	ops := []Op{
		{Kind: OpInsert, Component: "text", Parent: "grid", Slot: "cells", Index: ptr(50)},
		{Kind: OpUpgrade, Key: "hero", Major: ptr(1), Props: map[string]any{"n": 3}},
		{Kind: OpSetProps, Key: "hero", Patch: map[string]any{"o": map[string]any{"gone": nil, "kept": true}}},
	}
	a, err := Apply(parse(t, smallBody), ops, env)
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"kind":"INSERT","key":"made-text","component":"text","major":4,"parent":"grid","slot":"cells","index":2},` +
		`{"kind":"UPGRADE","key":"hero","major":1,"props":{"n":3}},` +
		`{"kind":"SET_PROPS","key":"hero","patch":{"o":{"gone":null,"kept":true}}}]`
	if got := show(a.Ops); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	want = `[{"kind":"SET_PROPS","key":"hero","patch":{"o":null}},` +
		`{"kind":"UPGRADE","key":"hero","major":2,"props":{"title":"Hello"}},{"kind":"REMOVE","key":"made-text"}]`
	if got := show(a.Inverse); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := show(a.Body.Blocks["hero"].Props); got != `{"n":3,"o":{"kept":true}}` {
		t.Error(got)
	}
	_, err = Apply(parse(t, smallBody), ops[:1], ApplyEnv{NewKey: func(string, func(string) bool) string { return "hero" }})
	if err == nil || fault.KindOf(err) != fault.Internal {
		t.Errorf("a made up key that is taken: %v", err)
	}
}

func TestApplyPointers(t *testing.T) {
	_, err := Apply(parse(t, smallBody), []Op{{Kind: OpSetProps, Key: "a", Patch: map[string]any{"a/b": map[string]any{"l": []any{map[string]any{"x": nil}}}}}}, ApplyEnv{})
	f := wantFault(t, err, fault.Invalid, "")
	if f.Pointer != "/a~1b/l/0/x" || !reflect.DeepEqual(f.Path, []string{"ops", "0"}) {
		t.Errorf("%q %q", f.Pointer, f.Path)
	}
	for _, bad := range []any{"\xff", "a\x00b", struct{}{}, 1 << 60} {
		_, err := Apply(parse(t, smallBody), []Op{{Kind: OpSetProps, Key: "a", Patch: map[string]any{"v": bad}}}, ApplyEnv{})
		if f := wantFault(t, err, fault.Invalid, ""); f.Pointer != "/v" {
			t.Errorf("%v: pointer %q", bad, f.Pointer)
		}
	}
}

func TestOpLimit(t *testing.T) {
	var flat, nested []Op
	for i := range MaxOps + 1 {
		flat = append(flat, Op{Kind: OpSetProps, Key: "a"})
		op := Op{Kind: OpInsert, Key: fmt.Sprintf("n%d", i), Component: "text", Parent: "n0", Slot: "children"}
		if i == 0 {
			op.Parent = "root"
		}
		nested = append(nested, op)
	}
	if _, err := Apply(parse(t, smallBody), flat[:MaxOps], ApplyEnv{}); err != nil {
		t.Error(err)
	}
	_, err := Apply(parse(t, smallBody), flat, ApplyEnv{})
	if f := wantFault(t, err, fault.Exhausted, "LIMIT"); f.Message != "an edit holds at most 100 ops; this one has 101" {
		t.Error(f.Message)
	}
	a, err := Apply(parse(t, smallBody), nested, ApplyEnv{})
	if err != nil || len(a.Inverse) != 1 {
		t.Fatalf("a subtree counts once: %v, inverse %s", err, show(a.Inverse))
	}
	broken := append(append(slices.Clone(nested[:50]), set("a")), nested[50:]...) // the run ends: the 51 below n0 that follow count
	if _, err = Apply(parse(t, smallBody), broken, ApplyEnv{}); err != nil {
		t.Error(err)
	}
	broken = append(slices.Clone(broken[:1]), broken[50:]...)
	_, err = Apply(parse(t, smallBody), append(broken, flat[:48]...), ApplyEnv{})
	wantFault(t, err, fault.Exhausted, "LIMIT")
	// Undo and redo of a large remove are edits that may be sent.
	removed, err := Apply(a.Body, []Op{{Kind: OpRemove, Key: "n0"}}, ApplyEnv{})
	if err != nil {
		t.Fatal(err)
	}
	undone, err := Apply(removed.Body, removed.Inverse, ApplyEnv{})
	if err != nil || bytesOf(t, undone.Body) != bytesOf(t, a.Body) {
		t.Fatalf("undo: %v", err)
	}
	redone, err := Apply(undone.Body, undone.Inverse, ApplyEnv{})
	if err != nil || bytesOf(t, redone.Body) != bytesOf(t, removed.Body) {
		t.Fatalf("redo: %v", err)
	}
}

func TestApplyLimits(t *testing.T) {
	insert := Op{Kind: OpInsert, Component: "text", Parent: "root", Slot: "children"}
	_, err := Apply(wide(MaxBlocks), []Op{insert}, ApplyEnv{})
	if f := wantFault(t, err, fault.Exhausted, "LIMIT"); f.Message != "a screen holds at most 200 blocks; this one has 201" || f.Path[0] != "ops" {
		t.Error(f.Message, f.Path)
	}
	if _, err = Apply(wide(MaxBlocks), []Op{insert, {Kind: OpRemove, Key: "k2"}}, ApplyEnv{}); err != nil {
		t.Errorf("only the result counts: %v", err)
	}
	insert.Parent = "k12"
	_, err = Apply(chain(MaxDepth), []Op{insert}, ApplyEnv{})
	wantFault(t, err, fault.Exhausted, "LIMIT")
	_, err = Apply(parse(t, smallBody), []Op{{Kind: OpSetProps, Key: "a", Patch: map[string]any{"x": strings.Repeat("x", MaxBytes)}}}, ApplyEnv{})
	wantFault(t, err, fault.Exhausted, "LIMIT")
	var run []Op
	for i := range 1000 {
		run = append(run, Op{Kind: OpInsert, Key: fmt.Sprintf("n%d", i), Component: "text", Parent: fmt.Sprintf("n%d", max(i-1, 0)), Slot: "x"})
	}
	run[0].Parent = "root"
	_, err = Apply(parse(t, smallBody), run, ApplyEnv{})
	wantFault(t, err, fault.Exhausted, "LIMIT")
}

func TestMergePatch(t *testing.T) {
	// The test cases of RFC 7396, Appendix A, whose target and patch are objects.
	tests := []struct{ target, patch, want string }{
		{`{"a":"b"}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"b"}`, `{"b":"c"}`, `{"a":"b","b":"c"}`},
		{`{"a":"b"}`, `{"a":null}`, `{}`},
		{`{"a":"b","b":"c"}`, `{"a":null}`, `{"b":"c"}`},
		{`{"a":["b"]}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"c"}`, `{"a":["b"]}`, `{"a":["b"]}`},
		{`{"a":{"b":"c"}}`, `{"a":{"b":"d","c":null}}`, `{"a":{"b":"d"}}`},
		{`{"a":[{"b":"c"}]}`, `{"a":[1]}`, `{"a":[1]}`},
		{`{"e":null}`, `{"a":1}`, `{"a":1,"e":null}`},
		{`{}`, `{"a":{"bb":{"ccc":null}}}`, `{"a":{"bb":{}}}`},
	}
	for _, tt := range tests {
		if got := show(MergePatch(object(t, tt.target), object(t, tt.patch))); got != tt.want {
			t.Errorf("%s + %s = %s, want %s", tt.target, tt.patch, got, tt.want)
		}
	}
}

// checkLaws is what holds for every list of ops: the input stays, an accepted list can be undone to the byte and redone.
func checkLaws(t testing.TB, b Body, ops []Op) bool {
	t.Helper()
	before, opsBefore := bytesOf(t, b), show(ops)
	a, err := Apply(b, ops, ApplyEnv{})
	if bytesOf(t, b) != before || show(ops) != opsBefore {
		t.Fatalf("Apply changed its input: %s", show(ops))
	}
	if err != nil {
		if fault.As(err) == nil || fault.KindOf(err) == fault.Internal {
			t.Fatalf("not a fault of the caller: %v", err)
		}
		return false
	}
	after := bytesOf(t, a.Body)
	undone, err := Apply(a.Body, a.Inverse, ApplyEnv{})
	if err != nil || bytesOf(t, undone.Body) != before {
		t.Fatalf("undo of %s\non %s\nby %s: %v", show(ops), before, show(a.Inverse), err)
	}
	redone, err := Apply(undone.Body, undone.Inverse, ApplyEnv{})
	if err != nil || bytesOf(t, redone.Body) != after {
		t.Fatalf("redo of %s by %s: %v", show(ops), show(undone.Inverse), err)
	}
	resolved, err := Apply(b, a.Ops, ApplyEnv{})
	if err != nil || bytesOf(t, resolved.Body) != after || show(resolved.Ops) != show(a.Ops) {
		t.Fatalf("the resolved ops do something else: %v", err)
	}
	// What comes out shares nothing with what went in.
	for key, block := range a.Body.Blocks {
		block.Props["shared"] = "x"
		for name := range block.Slots {
			block.Slots[name][0] = "shared"
		}
		delete(a.Body.Blocks, key)
	}
	if bytesOf(t, b) != before || show(ops) != opsBefore {
		t.Fatalf("the result shares with the input: %s", show(ops))
	}
	return true
}

func TestUndoKnowsWhereARunEnds(t *testing.T) {
	if !checkLaws(t, parse(t, smallBody), []Op{ins("p", "root"), ins("n", "hero"), rem("hero"), ins("n", "p")}) {
		t.Error("refused")
	}
}

func randomOps(c chooser, b Body) []Op {
	var ops []Op
	wild := c(3) == 0
	for range 1 + c(8) {
		op := randomOp(c, b, "n", wild)
		ops = append(ops, op)
		if a, err := Apply(b, []Op{op}, ApplyEnv{}); err == nil {
			b = a.Body
		} else if !wild {
			ops = slices.Delete(ops, len(ops)-1, len(ops))
		}
	}
	return ops
}

func TestApplyLaws(t *testing.T) {
	accepted, n := 0, 800
	for seed := range n {
		c := seeded(int64(seed))
		b := randomBody(c, 3+c(25))
		if checkLaws(t, b, randomOps(c, b)) {
			accepted++
		}
	}
	if accepted < n/4 || accepted > n*9/10 {
		t.Errorf("%d of %d lists were accepted: the mix is wrong", accepted, n)
	}
}

func FuzzOps(f *testing.F) {
	for seed := range 20 {
		c := seeded(int64(seed))
		data := make([]byte, 200)
		for i := range data {
			data[i] = byte(c(256))
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c := fromBytes(data)
		b := randomBody(c, 20)
		checkLaws(t, b, randomOps(c, b))
	})
}
