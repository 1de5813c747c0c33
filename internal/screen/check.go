//sonata:pure

package screen

import (
	"maps"
	"slices"
	"strconv"

	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/fault"
)

// Check says whether the body is one whole tree within the limits: the root and every child exist, every block is
// reached from the root exactly once, names are well formed, majors are 1 to MaxMajor and props hold no null. It knows
// nothing of schemas. Faults: Invalid with a pointer into the body; Exhausted with the code LIMIT.
func (b Body) Check() error {
	if b.Format != bodyFormat {
		return fault.Invalidf("the format must be %d, not %d", bodyFormat, b.Format).WithPointer("/format")
	}
	if len(b.Blocks) > MaxBlocks {
		return tooManyBlocks(len(b.Blocks))
	}
	if _, ok := b.Blocks[b.Root]; !ok {
		return fault.Invalidf("the root %s is not among the blocks", quote(b.Root)).WithPointer("/root")
	}
	for _, key := range slices.Sorted(maps.Keys(b.Blocks)) {
		if err := checkBlock(key, b.Blocks[key]); err != nil {
			return err
		}
	}
	if err := b.checkTree(); err != nil {
		return err
	}
	_, err := b.Canonical()
	return err
}

func checkBlock(key string, block Block) error {
	at := blockPointer(key)
	if !isBlockKey(key) {
		return badBlockKey(key).WithPointer(at)
	}
	if !isComponentKey(block.Component) {
		return badComponentKey(block.Component).WithPointer(at + "/component")
	}
	if err := checkMajor(block.Major); err != nil {
		return err.WithPointer(at + "/major")
	}
	for _, name := range slices.Sorted(maps.Keys(block.Slots)) {
		if !isSlotName(name) {
			return badSlotName(name).WithPointer(at + "/slots/" + canonical.EscapePointer(name))
		}
	}
	if err := checkValue(block.Props, at+"/props", 0); err != nil {
		return err
	}
	return nil
}

// checkTree leans on counting: when no block stands in two places and the root in none, what the root does not reach
// is a cycle or an orphan.
func (b Body) checkTree() error {
	place := map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(b.Blocks)) {
		for _, name := range slotNames(b.Blocks[key], nil) {
			at := blockPointer(key) + "/slots/" + name
			for i, child := range b.Blocks[key].Slots[name] {
				at := at + "/" + strconv.Itoa(i)
				if _, ok := b.Blocks[child]; !ok {
					return fault.Invalidf("the slot %s of %s holds the block %s, which does not exist", name, quote(key), quote(child)).WithPointer(at)
				}
				if child == b.Root {
					return fault.Invalidf("the root %s stands in a slot of %s", quote(child), quote(key)).WithPointer(at)
				}
				if other, twice := place[child]; twice {
					return fault.Invalidf("the block %s stands in two places: in %s and in %s", quote(child), quote(other), quote(key)).WithPointer(at)
				}
				place[child] = key
			}
		}
	}
	depth := map[string]int{}
	for _, key := range b.walk(b.Root, nil) {
		depth[key] = depth[place[key]] + 1
		if depth[key] > MaxDepth {
			return limitf("a screen is at most %d blocks deep; the block %s is at depth %d", MaxDepth, quote(key), depth[key]).WithPointer(blockPointer(key))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(b.Blocks)) {
		if depth[key] == 0 {
			return fault.Invalidf("the block %s cannot be reached from the root", quote(key)).WithPointer(blockPointer(key))
		}
	}
	return nil
}

func checkValue(v any, at string, depth int) error {
	if depth > MaxPropsDepth {
		return propsTooDeep().WithPointer(at)
	}
	switch v := v.(type) {
	case nil:
		return nullInProps().WithPointer(at)
	case []any:
		for i := range v {
			if err := checkValue(v[i], at+"/"+strconv.Itoa(i), depth+1); err != nil {
				return err
			}
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if err := checkValue(v[name], at+"/"+canonical.EscapePointer(name), depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkMajor(major int) *fault.Error {
	if major < 1 || major > MaxMajor {
		return fault.Invalidf("a major version is 1 to %d, not %d", MaxMajor, major)
	}
	return nil
}

func tooManyBlocks(n int) *fault.Error {
	return limitf("a screen holds at most %d blocks; this one has %d", MaxBlocks, n)
}

func propsTooDeep() *fault.Error {
	return limitf("props are nested at most %d levels deep; these go deeper", MaxPropsDepth)
}

func nullInProps() *fault.Error {
	return fault.Invalidf("props hold no null: leave the property out")
}

func badBlockKey(key string) *fault.Error {
	return fault.Invalidf("%s is not a block key: a letter, then at most 63 letters, digits, - or _", quote(key))
}

func badComponentKey(key string) *fault.Error {
	return fault.Invalidf("%s is not a component key: a small letter, then at most 63 small letters, digits or -", quote(key))
}

func badSlotName(name string) *fault.Error {
	return fault.Invalidf("%s is not a slot name: a small letter, then at most 31 letters or digits", quote(name))
}
