package screen

import (
	"encoding/json"
	"slices"
)

// The oracle knows screens as nested trees and the rules of merging as sentences; it shares no code with what it tests.

type tree struct {
	key, component string
	major          int
	props          map[string]any
	slots          map[string][]*tree
}

func treeOf(b Body, key string) *tree {
	block := b.Blocks[key]
	n := &tree{key: key, component: block.Component, major: block.Major, props: copyObject(block.Props), slots: map[string][]*tree{}}
	for name, children := range block.Slots {
		for _, child := range children {
			n.slots[name] = append(n.slots[name], treeOf(b, child))
		}
	}
	return n
}

func (n *tree) body() Body {
	b := Body{Format: 1, Root: n.key, Blocks: map[string]Block{}}
	for _, m := range n.all() {
		slots := map[string][]string{}
		for name, children := range m.slots {
			for _, child := range children {
				slots[name] = append(slots[name], child.key)
			}
		}
		b.Blocks[m.key] = Block{Component: m.component, Major: m.major, Props: m.props, Slots: slots}
	}
	return b
}

func (n *tree) all() []*tree {
	found := []*tree{n}
	for _, children := range n.slots {
		for _, child := range children {
			found = append(found, child.all()...)
		}
	}
	return found
}

func (n *tree) find(key string) *tree {
	for _, m := range n.all() {
		if m.key == key {
			return m
		}
	}
	return nil
}

func (n *tree) detach(key string) *tree {
	for _, m := range n.all() {
		for name, children := range m.slots {
			for i, child := range children {
				if child.key == key {
					m.slots[name] = append(append([]*tree{}, children[:i]...), children[i+1:]...)
					return child
				}
			}
		}
	}
	return nil
}

func (n *tree) attach(child *tree, slot string, index *int) {
	list := n.slots[slot]
	at := len(list)
	if index != nil && *index < at {
		at = *index
	}
	if at < 0 {
		at = 0
	}
	n.slots[slot] = append(append(append([]*tree{}, list[:at]...), child), list[at:]...)
}

func copyObject(object map[string]any) map[string]any {
	raw, _ := json.Marshal(object)
	c := map[string]any{}
	_ = json.Unmarshal(raw, &c)
	return c
}

func naiveMerge(target any, patch any) any {
	p, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	t, ok := target.(map[string]any)
	if !ok {
		t = map[string]any{}
	}
	for name, v := range p {
		if v == nil {
			delete(t, name)
		} else {
			t[name] = naiveMerge(t[name], v)
		}
	}
	return t
}

// do applies an op of randomOp (key and major set, names well formed) and says whether it could.
func (n *tree) do(op Op) bool {
	block, parent := n.find(op.Key), n.find(op.Parent)
	switch op.Kind {
	case OpInsert:
		if block != nil || parent == nil {
			return false
		}
		parent.attach(&tree{op.Key, op.Component, *op.Major, copyObject(op.Props), map[string][]*tree{}}, op.Slot, op.Index)
		return true
	case OpMove:
		if block == nil || parent == nil || block == n || block.find(op.Parent) != nil {
			return false
		}
		parent.attach(n.detach(op.Key), op.Slot, op.Index)
		return true
	case OpRemove:
		return block != nil && block != n && n.detach(op.Key) != nil
	case OpSetProps:
		if block == nil {
			return false
		}
		block.props = copyObject(naiveMerge(block.props, copyPatch(op.Patch)).(map[string]any))
		return true
	case OpUpgrade:
		if block == nil || block.major == *op.Major {
			return false
		}
		block.major, block.props = *op.Major, copyObject(op.Props)
		return true
	}
	return false
}

func copyPatch(patch map[string]any) map[string]any { return copyObject(patch) }

type verdict string

const (
	merges    verdict = "merges"
	conflicts verdict = "conflicts"
	wrong     verdict = "wrong on the base"
)

// judge says what the rules say about ops made on base when the lists in since came first.
func judge(base Body, since [][]Op, ops []Op) (v verdict, blocks []string, exact bool, result Body) {
	// What was touched and removed after.
	touchedAfter, removedAfter := map[string]bool{}, map[string]bool{}
	now := treeOf(base, base.Root)
	for _, list := range since {
		for _, op := range list {
			switch op.Kind {
			case OpInsert:
				wholeOf(touchedAfter, op.Key)
			case OpMove:
				touchedAfter["place "+op.Key] = true
			case OpRemove:
				for _, m := range now.find(op.Key).all() {
					wholeOf(touchedAfter, m.key)
					removedAfter[m.key] = true
				}
			case OpSetProps:
				touchedAfter["props "+op.Key] = true
			case OpUpgrade:
				touchedAfter["component "+op.Key] = true
				touchedAfter["props "+op.Key] = true
			}
			if !now.do(op) {
				panic("an accepted edit does not apply")
			}
		}
	}
	old := treeOf(base, base.Root)
	inserted, hit := map[string]bool{}, map[string]bool{}
	touch := func(what, key string) {
		if touchedAfter[what+" "+key] {
			hit[key] = true
		}
	}
	whole := func(key string) {
		for _, what := range []string{"props", "place", "component", "existence"} {
			touch(what, key)
		}
	}
	need := func(key string) {
		if !inserted[key] && removedAfter[key] {
			hit[key] = true
		}
	}
	fits := true
	for _, op := range ops {
		switch op.Kind {
		case OpInsert:
			need(op.Parent)
			whole(op.Key)
			inserted[op.Key] = true
		case OpMove:
			need(op.Key)
			need(op.Parent)
			touch("place", op.Key)
		case OpRemove:
			for _, state := range []*tree{old, now} {
				if block := state.find(op.Key); block != nil {
					for _, m := range block.all() {
						whole(m.key)
					}
				}
			}
		case OpSetProps:
			need(op.Key)
			touch("props", op.Key)
		case OpUpgrade:
			need(op.Key)
			touch("props", op.Key)
			touch("component", op.Key)
		}
		if !old.do(op) {
			return wrong, nil, true, Body{}
		}
		fits = now.do(op) && fits
	}
	for key := range hit {
		blocks = append(blocks, key)
	}
	slices.Sort(blocks)
	switch {
	case len(hit) > 0:
		return conflicts, blocks, fits, Body{}
	case !fits:
		return conflicts, nil, false, Body{}
	default:
		return merges, nil, true, now.body()
	}
}

func wholeOf(set map[string]bool, key string) {
	for _, what := range []string{"props", "place", "component", "existence"} {
		set[what+" "+key] = true
	}
}
