package component

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"sonata.ai/sonata/internal/canonical"
)

// scene is a random release tree with the catalogue it was frozen with, and a random build.
type scene struct {
	tree   Tree
	frozen []Definition
	build  *Build
}

func (d dice) scene(t testing.TB) scene {
	keys := []string{"page", "hero", "card", "text", "note"}
	define := func(major, minor int, key string) Definition {
		def := Definition{Key: key, Version: Version{major, minor}, PropsSchema: d.raw(t, d.simpleSchema())}
		for _, slot := range []string{"children", "aside", "foot"} {
			if !d.oneIn(3) {
				def.Slots = append(def.Slots, slot)
			}
		}
		if d.oneIn(2) {
			def.Fallback = &Fallback{Component: keys[d.Intn(len(keys))], Major: 1 + d.Intn(2), Props: map[string]any{
				"a": map[string]any{"$prop": "/" + d.name()}, "b": d.value(1),
			}}
		}
		return def
	}
	var s scene
	var registered []Definition
	var entries []Support
	for _, key := range keys {
		for major := 1; major <= 2; major++ {
			for minor := range 2 {
				if !d.oneIn(5) {
					s.frozen = append(s.frozen, define(major, minor, key))
				}
			}
			if d.oneIn(3) {
				continue
			}
			def := define(major, d.Intn(3), key)
			registered = append(registered, def)
			entries = append(entries, Support{Key: key, Version: def.Version, Range: d.pick("", "", "*", fmt.Sprintf(">=%d.0", major))})
		}
	}
	manifest, err := NewManifest(entries)
	if err != nil {
		t.Fatal(err)
	}
	s.build = &Build{Manifest: manifest, Registered: NewCatalogue(registered)}
	s.tree = d.tree(s.frozen)
	return s
}

func (d dice) simpleSchema() map[string]any {
	properties := map[string]any{}
	for range d.Intn(3) {
		properties[d.name()] = d.schema(1)
	}
	s := map[string]any{"type": "object", "properties": properties, "$defs": map[string]any{"p": d.schema(0), "q": map[string]any{}}}
	if d.oneIn(3) {
		s["additionalProperties"] = false
	}
	if d.oneIn(4) {
		s["required"] = []any{d.name()}
	}
	return s
}

// tree is well formed but for a reference to a missing block, or a second one, now and then.
func (d dice) tree(defs []Definition) Tree {
	tree := Tree{Root: "b0", Blocks: map[string]TreeBlock{}}
	count := 1 + d.Intn(14)
	for i := range count {
		def := defs[d.Intn(len(defs))]
		tree.Blocks[fmt.Sprint("b", i)] = TreeBlock{Component: def.Key, Version: def.Version, Props: d.object(2), Slots: map[string][]string{}}
	}
	link := func(parent, child string) {
		slot := d.pick("children", "children", "aside", "foot", "other")
		slots := tree.Blocks[parent].Slots
		slots[slot] = append(slots[slot], child)
	}
	for i := 1; i < count; i++ {
		link(fmt.Sprint("b", d.Intn(i)), fmt.Sprint("b", i))
	}
	if d.oneIn(4) {
		link(fmt.Sprint("b", d.Intn(count)), fmt.Sprint("b", d.Intn(count+2)))
	}
	return tree
}

func cloneTree(t testing.TB, tree Tree) Tree {
	raw, err := json.Marshal(tree)
	if err != nil {
		t.Fatal(err)
	}
	var copied Tree
	if err := json.Unmarshal(raw, &copied); err != nil {
		t.Fatal(err)
	}
	return copied
}

// TestNegotiateLaws: every served block validates against a schema that the build registered, every block is either
// served or reported, and the answer depends on nothing else.
func TestNegotiateLaws(t *testing.T) {
	d := newDice(42)
	shared := NewSchemas(50)
	seen := map[Reason]int{}
	served := 0
	for range 400 {
		s := d.scene(t)
		frozen := NewCatalogue(s.frozen)
		before := cloneTree(t, s.tree)
		got := Negotiate(s.tree, frozen, s.build, true, shared)
		if !reflect.DeepEqual(before, cloneTree(t, s.tree)) {
			t.Fatal("the tree was changed")
		}
		checkServed(t, s.tree, got)
		for _, block := range got.Blocks {
			served++
			if !fitsSome(s.build, block) {
				t.Fatalf("%s: %s %s with %v fits nothing that the build registered", block.Key, block.Component, block.Version, block.Props)
			}
		}
		for _, degradation := range got.Degradations {
			seen[degradation.Reason]++
		}

		// What the build registered besides its manifest, and what is in the cache, must not matter.
		more := &Build{Manifest: s.build.Manifest, Registered: NewCatalogue(append(s.build.Registered.All(),
			Definition{Key: "hero", Version: Version{9, 9}}, Definition{Key: "text", Version: Version{1, 99}}))}
		if again := Negotiate(s.tree, frozen, more, false, NewSchemas(1)); !reflect.DeepEqual(got, again) {
			t.Fatalf("another answer:\n%s\n%s", describe(t, got), describe(t, again))
		}

		stamped := Negotiate(s.tree, frozen, nil, true, shared)
		checkServed(t, s.tree, stamped)
		if len(stamped.Degradations) > 0 || len(stamped.Blocks) != len(reachable(s.tree)) {
			t.Fatalf("not as stamped: %s", describe(t, stamped))
		}
		checkServed(t, s.tree, Negotiate(s.tree, frozen, nil, false, shared))
	}
	t.Logf("%d blocks served, %v", served, seen)
	for _, reason := range []Reason{UnknownComponent, VersionTooOld, Projected, FallbackUsed, Dropped} {
		if seen[reason] < 10 {
			t.Errorf("%s was seen %d times only", reason, seen[reason])
		}
	}
}

func fitsSome(build *Build, block ServedBlock) bool {
	for _, entry := range build.Manifest.Entries {
		def, ok := build.Registered.Exact(entry.Key, entry.Version)
		if ok && entry.Key == block.Component && len(NewSchemas(1).Validate(def.PropsSchema, block.Props)) == 0 {
			return true
		}
	}
	return false
}

func reachable(tree Tree) map[string]bool {
	found := map[string]bool{}
	var visit func(key string)
	visit = func(key string) {
		block, ok := tree.Blocks[key]
		if !ok || found[key] {
			return
		}
		found[key] = true
		for _, children := range block.Slots {
			for _, child := range children {
				visit(child)
			}
		}
	}
	visit(tree.Root)
	return found
}

// checkServed checks the form of an answer: a tree, in document order, with each reachable block served or reported.
func checkServed(t testing.TB, tree Tree, s Served) {
	t.Helper()
	if s.Root == "" && len(s.Blocks) > 0 {
		t.Fatal("blocks without a root")
	}
	accounted := map[string]bool{}
	for _, block := range s.Blocks {
		if accounted[block.Key] {
			t.Fatalf("%s is served twice", block.Key)
		}
		accounted[block.Key] = true
	}
	var order []string
	byKey := map[string]ServedBlock{}
	for _, block := range s.Blocks {
		byKey[block.Key] = block
	}
	var visit func(key string)
	visit = func(key string) {
		order = append(order, key)
		for _, slot := range byKey[key].Slots {
			if len(slot.Blocks) == 0 {
				t.Fatalf("%s has the empty slot %s", key, slot.Name)
			}
			for _, child := range slot.Blocks {
				if !accounted[child] || len(order) > len(s.Blocks) {
					t.Fatalf("%s holds %s, which is not served once", key, child)
				}
				visit(child)
			}
		}
	}
	if s.Root != "" {
		visit(s.Root)
	}
	if !slices.EqualFunc(order, s.Blocks, func(key string, b ServedBlock) bool { return key == b.Key }) {
		t.Fatalf("not in document order: %v", order)
	}
	reported := map[string]bool{}
	for _, degradation := range s.Degradations {
		if reported[degradation.BlockKey] || (degradation.Served == "") == accounted[degradation.BlockKey] && s.Root != "" {
			t.Fatalf("%v does not fit what is served", degradation)
		}
		reported[degradation.BlockKey] = true
	}
	for key := range reachable(tree) {
		if !accounted[key] && !reported[key] {
			t.Fatalf("%s vanished", key)
		}
	}
}

// TestNegotiateHostileFallbacks: four links that repeat what is large must not make it larger than a screen.
func TestNegotiateHostileFallbacks(t *testing.T) {
	var frozen []Definition
	for i := range 6 {
		props := map[string]any{}
		for j := range 50 {
			props[fmt.Sprint("p", j)] = map[string]any{"$prop": "/p0"}
		}
		key := string(rune('a' + i))
		frozen = append(frozen, Definition{Key: key, Version: Version{1, 0}, Fallback: &Fallback{Component: string(rune('a' + (i+1)%6)), Major: 1, Props: props}})
	}
	large := make([]any, 2000)
	for i := range large {
		large[i] = "xxxxxxxxxx"
	}
	tree := Tree{Root: "r", Blocks: map[string]TreeBlock{"r": {Component: "a", Version: Version{1, 0}, Props: map[string]any{"p0": large}}}}
	build := &Build{Manifest: Manifest{Entries: []Support{{Key: "zzz", Version: Version{1, 0}}}}}
	if got := Negotiate(tree, NewCatalogue(frozen), build, true, NewSchemas(1)); got.Root != "" || len(got.Degradations) != 1 {
		t.Errorf("got %s", describe(t, got))
	}
	got := Negotiate(tree, NewCatalogue(frozen), nil, false, NewSchemas(1))
	if len(got.Blocks) != 1 || got.Blocks[0].Component != "a" {
		t.Errorf("got %d blocks", len(got.Blocks))
	}
}

// TestNegotiateSharesNothing: a caller may change what it was served.
func TestNegotiateSharesNothing(t *testing.T) {
	tree := Tree{Root: "r", Blocks: map[string]TreeBlock{"r": {Component: "a", Version: Version{1, 0}, Props: map[string]any{"l": []any{"x"}}}}}
	def := Definition{Key: "a", Version: Version{1, 0}}
	build := &Build{Manifest: Manifest{Entries: []Support{{Key: "a", Version: Version{1, 0}}}}, Registered: NewCatalogue([]Definition{def})}
	for _, b := range []*Build{nil, build} {
		got := Negotiate(tree, NewCatalogue([]Definition{def}), b, true, NewSchemas(1))
		got.Blocks[0].Props["l"].([]any)[0] = "changed"
	}
	if raw, err := canonical.Marshal(tree.Blocks["r"].Props); err != nil || string(raw) != `{"l":["x"]}` {
		t.Errorf("%s, %v", raw, err)
	}
}
