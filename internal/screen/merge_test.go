package screen

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"sonata.ai/sonata/internal/fault"
)

func mustApply(t testing.TB, b Body, ops ...Op) Applied {
	t.Helper()
	a, err := Apply(b, ops, ApplyEnv{})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func ins(key, parent string) Op {
	return Op{Kind: OpInsert, Key: key, Component: "text", Parent: parent, Slot: "children"}
}

func mov(key, parent string) Op { return Op{Kind: OpMove, Key: key, Parent: parent, Slot: "children"} }
func rem(key string) Op         { return Op{Kind: OpRemove, Key: key} }
func upg(key string) Op         { return Op{Kind: OpUpgrade, Key: key, Major: ptr(7)} }
func set(key string) Op {
	return Op{Kind: OpSetProps, Key: key, Patch: map[string]any{"x" + key: "y"}}
}

// On smallBody: root(children:hero grid(aside:c cells:a b)).
func TestRebase(t *testing.T) {
	tests := []struct {
		name    string
		theirs  []Op
		mine    []Op
		blocks  []string // nil: it merges
		invalid bool
	}{
		{name: "props of two blocks", theirs: []Op{set("a")}, mine: []Op{set("b")}},
		{name: "props of one block", theirs: []Op{set("a")}, mine: []Op{set("a")}, blocks: []string{"a"}},
		{name: "props and place", theirs: []Op{set("a")}, mine: []Op{mov("a", "hero")}},
		{name: "place and place", theirs: []Op{mov("a", "root")}, mine: []Op{mov("a", "hero")}, blocks: []string{"a"}},
		{name: "upgrade and props", theirs: []Op{upg("a")}, mine: []Op{set("a")}, blocks: []string{"a"}},
		{name: "upgrade and place", theirs: []Op{upg("a")}, mine: []Op{mov("a", "hero")}},
		{name: "two upgrades", theirs: []Op{upg("a")}, mine: []Op{upg("a")}, blocks: []string{"a"}},
		{name: "inserts into one slot", theirs: []Op{ins("n", "hero")}, mine: []Op{ins("m", "hero")}},
		{name: "inserts of one key", theirs: []Op{ins("n", "hero")}, mine: []Op{ins("n", "grid")}, blocks: []string{"n"}},
		{name: "insert of a key that came and went", theirs: []Op{ins("n", "hero"), rem("n")}, mine: []Op{ins("n", "grid")}, blocks: []string{"n"}},
		{name: "insert below removed", theirs: []Op{rem("grid")}, mine: []Op{ins("m", "a")}, blocks: []string{"a"}},
		{name: "insert below moved and changed", theirs: []Op{mov("grid", "hero"), set("grid"), upg("a")}, mine: []Op{ins("m", "a"), ins("k", "grid")}},
		{name: "move into removed", theirs: []Op{rem("grid")}, mine: []Op{mov("hero", "c")}, blocks: []string{"c"}},
		{name: "move out of removed", theirs: []Op{rem("grid")}, mine: []Op{mov("a", "hero")}, blocks: []string{"a"}},
		{name: "remove of changed below", theirs: []Op{set("a")}, mine: []Op{rem("grid")}, blocks: []string{"a"}},
		{name: "remove of inserted below", theirs: []Op{ins("n", "a")}, mine: []Op{rem("grid")}, blocks: []string{"n"}},
		{name: "remove of moved away", theirs: []Op{mov("a", "hero")}, mine: []Op{rem("grid")}, blocks: []string{"a"}},
		{name: "remove of moved in", theirs: []Op{mov("hero", "c")}, mine: []Op{rem("grid")}, blocks: []string{"hero"}},
		{name: "remove what is removed", theirs: []Op{rem("grid")}, mine: []Op{rem("a")}, blocks: []string{"a"}},
		{name: "removes side by side", theirs: []Op{rem("a")}, mine: []Op{rem("b")}},
		{name: "remove below and above", theirs: []Op{rem("a")}, mine: []Op{rem("grid")}, blocks: []string{"a"}},
		{name: "removed and put back is touched", theirs: []Op{rem("a"), {Kind: OpInsert, Key: "a", Component: "text", Parent: "hero", Slot: "x"}}, mine: []Op{set("a")}, blocks: []string{"a"}},
		{name: "cycle of two moves", theirs: []Op{mov("grid", "hero")}, mine: []Op{mov("hero", "a")}, blocks: []string{"a", "hero"}},
		{name: "moved out before the remove", theirs: []Op{set("a")}, mine: []Op{mov("a", "hero"), rem("grid")}},
		{name: "own inserts are no needs", theirs: []Op{set("hero")}, mine: []Op{ins("m", "hero"), set("m"), ins("k", "m"), mov("m", "grid")}},
		{name: "wrong on the base", theirs: []Op{ins("n", "hero")}, mine: []Op{set("n")}, invalid: true},
		{name: "many keys", theirs: []Op{set("hero"), set("c"), set("a")}, mine: []Op{set("c"), set("b"), set("a")}, blocks: []string{"a", "c"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			base := parse(t, smallBody)
			theirs := mustApply(t, base, tt.theirs...)
			since := []Edit{{FromVersion: 3, Ops: theirs.Ops, Inverse: theirs.Inverse}}
			before := bytesOf(t, theirs.Body)
			a, err := Rebase(theirs.Body, since, tt.mine, ApplyEnv{})
			if bytesOf(t, theirs.Body) != before {
				t.Error("the input changed")
			}
			switch {
			case tt.invalid:
				wantFault(t, err, fault.Invalid, "")
			case tt.blocks != nil:
				f := wantFault(t, err, fault.Conflict, "VERSION_CONFLICT")
				if got := f.Detail.(Conflict).Blocks; !reflect.DeepEqual(got, tt.blocks) {
					t.Errorf("blocks %q, want %q", got, tt.blocks)
				}
			case err != nil:
				t.Error(err)
			default:
				undone := mustApply(t, a.Body, a.Inverse...)
				if bytesOf(t, undone.Body) != before {
					t.Error("the inverse does not lead back")
				}
			}
		})
	}
}

func TestRebaseMessages(t *testing.T) {
	base := parse(t, smallBody)
	theirs := mustApply(t, base, set("hero"), set("grid"))
	_, err := Rebase(theirs.Body, []Edit{{Ops: theirs.Ops, Inverse: theirs.Inverse}}, []Op{set("hero"), set("grid")}, ApplyEnv{})
	if f := wantFault(t, err, fault.Conflict, "VERSION_CONFLICT"); f.Message != "these blocks changed since that version: grid, hero. Look at the screen as it is now and send the edit with its version" {
		t.Error(f.Message)
	}
	_, err = Rebase(base, []Edit{{Whole: true}}, []Op{set("b"), set("a"), ins("", "hero"), set("a")}, ApplyEnv{})
	f := wantFault(t, err, fault.Conflict, "VERSION_CONFLICT")
	if got := f.Detail.(Conflict).Blocks; !reflect.DeepEqual(got, []string{"a", "b"}) {
		t.Error(got)
	}
	_, err = Rebase(base, []Edit{{Whole: true}}, []Op{ins("", "hero")}, ApplyEnv{})
	f = wantFault(t, err, fault.Conflict, "VERSION_CONFLICT")
	if got := f.Detail.(Conflict).Blocks; got == nil || len(got) != 0 || f.Message != "somebody replaced the whole draft meanwhile" {
		t.Error(got, f.Message)
	}
	_, err = Rebase(base, []Edit{{FromVersion: 4, Inverse: []Op{rem("nobody")}}}, []Op{set("a")}, ApplyEnv{})
	if f := fault.As(err); f == nil || f.Kind != fault.Internal {
		t.Errorf("a history that does not fit: %v", err)
	}
	_, err = Rebase(base, []Edit{{Whole: true}}, nil, ApplyEnv{})
	wantFault(t, err, fault.Invalid, "")
}

func TestRebaseResolvesAgainstNow(t *testing.T) {
	base := parse(t, smallBody)
	theirs := mustApply(t, base,
		Op{Kind: OpInsert, Component: "text", Parent: "grid", Slot: "cells"}, Op{Kind: OpInsert, Component: "text", Parent: "grid", Slot: "cells"})
	since := []Edit{{Ops: theirs.Ops, Inverse: theirs.Inverse}}
	mine := []Op{{Kind: OpInsert, Component: "text", Parent: "grid", Slot: "cells"}, {Kind: OpInsert, Component: "text", Parent: "grid", Slot: "cells", Index: ptr(3)}}
	a, err := Rebase(theirs.Body, since, mine, ApplyEnv{})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"a", "b", "text", "text-4", "text-2", "text-3"} // made up keys never meet; "at the end" is the end now
	if got := a.Body.Blocks["grid"].Slots["cells"]; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestRebaseMakesUpNoKeyThatWas(t *testing.T) {
	base := parse(t, smallBody)
	theirs := mustApply(t, base, ins("text", "hero"), rem("text"))
	mine := []Op{{Kind: OpInsert, Component: "text", Parent: "hero", Slot: "children"}}
	a, err := Rebase(theirs.Body, []Edit{{Ops: theirs.Ops, Inverse: theirs.Inverse}}, mine, ApplyEnv{})
	if err != nil || a.Ops[0].Key != "text-2" {
		t.Error(err, show(a.Ops))
	}
}

func TestRebaseLimit(t *testing.T) {
	base := wide(MaxBlocks - 1)
	theirs := mustApply(t, base, ins("n", "root"))
	_, err := Rebase(theirs.Body, []Edit{{Ops: theirs.Ops, Inverse: theirs.Inverse}}, []Op{ins("m", "root")}, ApplyEnv{})
	wantFault(t, err, fault.Exhausted, "LIMIT")
	theirs = mustApply(t, wide(MaxBlocks), rem("k2"))
	if _, err = Rebase(theirs.Body, []Edit{{Ops: theirs.Ops, Inverse: theirs.Inverse}}, []Op{ins("m", "root")}, ApplyEnv{}); err != nil {
		t.Errorf("only the result counts: %v", err)
	}
}

func TestRebaseAgainstOracle(t *testing.T) {
	count := map[verdict]int{}
	for seed := range 1500 {
		c := seeded(int64(seed))
		base := randomBody(c, 3+c(10))
		current, since, lists := base, []Edit(nil), [][]Op(nil)
		for i := range 1 + c(3) {
			ops, _ := randomEdit(c, current, pick(c, "n", fmt.Sprintf("t%d-", i)), 1+c(3))
			if len(ops) == 0 {
				continue
			}
			a := mustApply(t, current, ops...)
			current = a.Body
			since = append(since, Edit{FromVersion: i + 1, Ops: a.Ops, Inverse: a.Inverse})
			lists = append(lists, a.Ops)
		}
		mine, _ := randomEdit(c, base, pick(c, "n", "m"), 1+c(3))
		if c(10) == 0 {
			mine = append(mine, randomOp(c, base, "m", false))
		}
		if len(mine) == 0 {
			continue
		}
		want, blocks, exact, result := judge(base, lists, mine)
		before := bytesOf(t, current)
		a, err := Rebase(current, since, mine, ApplyEnv{})
		if bytesOf(t, current) != before {
			t.Fatalf("seed %d: the input changed", seed)
		}
		got := merges
		switch f := fault.As(err); {
		case err == nil:
		case f != nil && f.Kind == fault.Invalid:
			got = wrong
		case f != nil && f.Kind == fault.Conflict:
			got = conflicts
			if exact && !slices.Equal(f.Detail.(Conflict).Blocks, blocks) {
				t.Fatalf("seed %d: blocks %q, want %q", seed, f.Detail.(Conflict).Blocks, blocks)
			}
		case f != nil && f.Kind == fault.Exhausted:
			continue
		default:
			t.Fatalf("seed %d: %v", seed, err)
		}
		if got != want {
			t.Fatalf("seed %d: %s (%v), want %s %q\nbase %s\nsince %s\nmine %s", seed, got, err, want, blocks, bytesOf(t, base), show(lists), show(mine))
		}
		if got == merges && bytesOf(t, a.Body) != bytesOf(t, result) {
			t.Fatalf("seed %d: merged to\n%s\nwant\n%s", seed, bytesOf(t, a.Body), bytesOf(t, result))
		}
		count[got]++
	}
	if count[merges] < 300 || count[conflicts] < 300 || count[wrong] < 20 {
		t.Errorf("the mix is wrong: %v", count)
	}
	t.Log(count)
}

// slotsOf returns the slots that an edit put something into and those that it took something out of.
func slotsOf(a Applied) (in, out map[string]bool) {
	in, out = map[string]bool{}, map[string]bool{}
	for _, op := range a.Ops {
		if op.Kind == OpInsert || op.Kind == OpMove {
			in[op.Parent+"/"+op.Slot] = true
		}
	}
	for _, op := range a.Inverse {
		if op.Kind == OpInsert || op.Kind == OpMove {
			out[op.Parent+"/"+op.Slot] = true
		}
	}
	return in, out
}

func meet(a, b map[string]bool) bool {
	for key := range a {
		if b[key] {
			return true
		}
	}
	return false
}

func TestMergesCommute(t *testing.T) {
	n := 0
	for seed := range 1500 {
		c := seeded(int64(seed))
		base := randomBody(c, 4+c(12))
		ops1, _ := randomEdit(c, base, "m", 1+c(3))
		ops2, _ := randomEdit(c, base, "n", 1+c(3))
		if len(ops1) == 0 || len(ops2) == 0 {
			continue
		}
		a1, a2 := mustApply(t, base, ops1...), mustApply(t, base, ops2...)
		in1, out1 := slotsOf(a1)
		in2, out2 := slotsOf(a2)
		if meet(in1, in2) || meet(in1, out2) || meet(out1, in2) {
			continue // positions in one slot depend on who came first
		}
		r1, err1 := Rebase(a2.Body, []Edit{{Ops: a2.Ops, Inverse: a2.Inverse}}, ops1, ApplyEnv{})
		r2, err2 := Rebase(a1.Body, []Edit{{Ops: a1.Ops, Inverse: a1.Inverse}}, ops2, ApplyEnv{})
		if err1 != nil || err2 != nil {
			continue
		}
		n++
		if bytesOf(t, r1.Body) != bytesOf(t, r2.Body) {
			t.Fatalf("seed %d: the order matters\n%s\n%s\nbase %s\nops %s\nand %s", seed, bytesOf(t, r1.Body), bytesOf(t, r2.Body), bytesOf(t, base), show(a1.Ops), show(a2.Ops))
		}
	}
	if n < 400 {
		t.Errorf("only %d pairs merged", n)
	}
	t.Log(n)
}
