package screen

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand"
	"slices"
	"testing"

	"sonata.ai/sonata/internal/fault"
)

// chooser returns 0 to n-1. Random tests take it from a seed, fuzz tests from the input.
type chooser func(n int) int

func seeded(seed int64) chooser { return rand.New(rand.NewSource(seed)).Intn }

func fromBytes(data []byte) chooser {
	return func(n int) int {
		if len(data) == 0 || n <= 1 {
			return 0
		}
		v := int(data[0])
		data = data[1:]
		if n > 256 && len(data) > 0 {
			v = v<<8 | int(data[0])
			data = data[1:]
		}
		return v % n
	}
}

func pick[T any](c chooser, from ...T) T { return from[c(len(from))] }

func randomValue(c chooser, depth int, nulls bool) any {
	switch c(8) {
	case 0:
		return float64(c(10)) - 2.5
	case 1:
		return c(2) == 0
	case 2, 3:
		return pick(c, "", "x", "héllo", "\u2028<&>", "javascript:alert(1)")
	case 4:
		if depth > 3 {
			return "leaf"
		}
		list := []any{}
		for range c(3) {
			list = append(list, randomValue(c, depth+1, nulls && c(20) == 0))
		}
		return list
	case 5:
		if nulls {
			return nil
		}
		return "not null"
	default:
		if depth > 3 {
			return map[string]any{}
		}
		return randomObject(c, depth+1, nulls)
	}
}

func randomObject(c chooser, depth int, nulls bool) map[string]any {
	object := map[string]any{}
	for range c(4) {
		object[pick(c, "a", "b", "c", "", "a/b", "~", "é")] = randomValue(c, depth, nulls)
	}
	return object
}

func randomBody(c chooser, blocks int) Body {
	b := NewBody("page", 1+c(3))
	keys := []string{"root"}
	for i := range c(blocks) {
		parent := keys[c(len(keys))]
		if blockDepth(b, parent) >= MaxDepth-3 {
			parent = "root"
		}
		slot := pick(c, "children", "aside", "x1")
		key := fmt.Sprintf("b%d", i)
		at := c(len(b.Blocks[parent].Slots[slot]) + 1)
		b.Blocks[parent].Slots[slot] = slices.Insert(b.Blocks[parent].Slots[slot], at, key)
		b.Blocks[key] = Block{Component: pick(c, "hero", "grid", "text-2"), Major: 1 + c(3), Props: randomObject(c, 0, false), Slots: map[string][]string{}}
		keys = append(keys, key)
	}
	return b
}

func blockDepth(b Body, key string) int {
	depth := 1
	for {
		parent, _, _, ok := b.Parent(key)
		if !ok {
			return depth
		}
		key, depth = parent, depth+1
	}
}

// randomOp makes mostly sensible ops; wild ones are often wrong. fresh makes keys of its own, so that the inserts of
// two sequences meet only when the test wants them to.
func randomOp(c chooser, b Body, fresh string, wild bool) Op {
	keys := slices.Sorted(maps.Keys(b.Blocks))
	key, parent := keys[c(len(keys))], keys[c(len(keys))]
	slot := pick(c, "children", "children", "aside", "x1")
	index, major := c(5), 1+c(4)
	op := Op{Key: key}
	switch c(9) {
	case 0, 1, 2:
		op = Op{Kind: OpInsert, Key: fmt.Sprintf("%s%d", fresh, c(40)), Component: pick(c, "hero", "grid"), Major: &major, Parent: parent, Slot: slot, Index: &index, Props: randomObject(c, 0, false)}
	case 3, 4:
		op.Kind, op.Parent, op.Slot, op.Index = OpMove, parent, slot, &index
	case 5:
		op.Kind = OpRemove
	case 6, 7:
		op.Kind, op.Patch = OpSetProps, randomObject(c, 0, true)
	case 8:
		op.Kind, op.Major, op.Props = OpUpgrade, &major, randomObject(c, 0, false)
	}
	if wild {
		spoil(c, &op)
	}
	return op
}

func spoil(c chooser, op *Op) {
	index, major := pick(c, -7, 0, 3, 1<<40), pick(c, -1, 0, 1, 9999, 10000)
	switch c(14) {
	case 0:
		op.Key = pick(c, "", "a/b", "__proto__", "nobody", "root")
	case 1:
		op.Parent = pick(c, "", "nobody", op.Key)
	case 2:
		op.Slot = pick(c, "", "Bad", "a.b")
	case 3:
		op.Index = pick(c, nil, &index)
	case 4:
		op.Major = pick(c, nil, &major)
	case 5:
		op.Component = pick(c, "", "Hero", "-")
	case 6:
		op.Kind = pick(c, "", OpKind("NOPE"), OpRemove)
	case 7:
		op.Props = map[string]any{"n": nil}
	case 8:
		op.Patch = map[string]any{"n": []any{map[string]any{"x": nil}}}
	case 9:
		op.Patch, op.Props = nil, nil
	}
}

// randomEdit makes ops that Apply takes on b, each made for what the ones before leave.
func randomEdit(c chooser, b Body, fresh string, n int) ([]Op, Body) {
	var ops []Op
	for range 20 {
		op := randomOp(c, b, fresh, false)
		a, err := Apply(b, []Op{op}, ApplyEnv{})
		if err != nil {
			continue
		}
		if ops, b = append(ops, op), a.Body; len(ops) == n {
			break
		}
	}
	return ops, b
}

func bytesOf(t testing.TB, b Body) string {
	t.Helper()
	raw, err := b.Canonical()
	if err != nil {
		t.Fatalf("canonical: %v", err)
	}
	return string(raw)
}

func show(v any) string {
	raw, _ := json.Marshal(v)
	return string(raw)
}

func wantFault(t testing.TB, err error, kind fault.Kind, code string) *fault.Error {
	t.Helper()
	f := fault.As(err)
	if f == nil || f.Kind != kind || f.Code != code {
		t.Fatalf("error %v (%+v), want kind %v and code %q", err, f, kind, code)
	}
	return f
}

func ptr(n int) *int { return &n }
