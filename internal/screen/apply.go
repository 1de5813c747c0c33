//sonata:pure

package screen

import (
	"fmt"
	"slices"
	"strconv"

	"sonata.ai/sonata/internal/fault"
)

// MaxOps is how many ops one edit holds. An insert into a block that the same run of inserts brought does not count: a
// subtree is one thing, however many blocks it has. So the inverse of an edit is itself an edit that may be sent.
const MaxOps = 100

// maxBlocksMeanwhile bounds the tree between two ops of one edit, where it may be over MaxBlocks.
const maxBlocksMeanwhile = 2 * MaxBlocks

// ApplyEnv is what the rules ask about the world. Either func may be nil.
type ApplyEnv struct {
	// NewestMajor is the newest registered major version of a component, 1 when it is unknown. Nil: always 1.
	NewestMajor func(component string) int
	// NewKey makes up a block key that is not taken. Nil: the component's key, with a number when that is taken.
	NewKey func(component string, taken func(string) bool) string
}

// Applied is an edit that was carried out. Its parts share values with each other, never with what went in: read only.
type Applied struct {
	Body    Body
	Ops     []Op // as applied: key, major and clamped index are set, and only the fields of the op's kind
	Inverse []Op // applied to Body they give the canonical bytes from before
}

// Apply carries out the ops in order on a copy of the body, all or none. Faults carry the path ops, <index>: Invalid
// for an op that is wrong, Exhausted with the code LIMIT for more than MaxOps or a result over the limits of a body.
func Apply(body Body, ops []Op, env ApplyEnv) (Applied, error) {
	if err := checkOpCount(ops); err != nil {
		return Applied{}, err
	}
	e := newEditor(body.Clone(), env, ops)
	for i, op := range ops {
		if err := e.apply(op); err != nil {
			return Applied{}, opFault(i, op, err)
		}
	}
	return e.finish()
}

func checkOpCount(ops []Op) error {
	if len(ops) == 0 {
		return fault.Invalidf("an edit needs at least one op").At("ops")
	}
	n, run := 0, map[string]bool{}
	for _, op := range ops {
		if !inRun(run, op) {
			n++
		}
	}
	if n > MaxOps {
		return limitf("an edit holds at most %d ops; this one has %d", MaxOps, n).At("ops")
	}
	return nil
}

// inRun says whether the op inserts into a block that the present run of inserts brought, and keeps the run.
func inRun(run map[string]bool, op Op) bool {
	if op.Kind != OpInsert {
		clear(run)
		return false
	}
	inside := run[op.Parent]
	if op.Key != "" {
		run[op.Key] = true
	}
	return inside
}

// opFault names the op in the message and the path.
func opFault(i int, op Op, err error) error {
	f := fault.As(err)
	if f == nil {
		return fmt.Errorf("ops[%d] %s: %w", i, opWord(op.Kind), err)
	}
	named := *f
	named.Message = fmt.Sprintf("ops[%d] %s: %s", i, opWord(op.Kind), f.Message)
	return named.At("ops", strconv.Itoa(i))
}

func opWord(kind OpKind) string {
	switch kind {
	case OpInsert:
		return "insert"
	case OpMove:
		return "move"
	case OpRemove:
		return "remove"
	case OpSetProps:
		return "setProps"
	case OpUpgrade:
		return "upgrade"
	default:
		return "op"
	}
}

// editor changes one body op by op. It may change the body's slots in place and never the values inside props.
type editor struct {
	body     Body
	env      ApplyEnv
	reserved map[string]bool // keys that may not be made up besides those of the body
	run      map[string]bool // keys that the present run of inserts brought
	ops      []Op
	inverse  [][]Op // per op, in the order of ops
}

func newEditor(body Body, env ApplyEnv, ops []Op) *editor {
	e := &editor{body: body, env: env, reserved: map[string]bool{}, run: map[string]bool{}}
	for _, op := range ops {
		if op.Kind == OpInsert && op.Key != "" {
			e.reserved[op.Key] = true
		}
	}
	return e
}

// finish checks the limits of the result.
func (e *editor) finish() (Applied, error) {
	if err := e.body.Check(); err != nil {
		if f := fault.As(err); f != nil && len(f.Path) == 0 {
			return Applied{}, f.At("ops")
		}
		return Applied{}, err
	}
	a := Applied{Body: e.body, Ops: e.ops}
	for _, ops := range slices.Backward(e.inverse) {
		a.Inverse = append(a.Inverse, ops...)
	}
	return a, nil
}

// apply carries out one op, all or nothing.
func (e *editor) apply(op Op) error {
	if op.Kind != OpInsert {
		block, ok := e.body.Blocks[op.Key]
		if !ok {
			return fault.Invalidf("there is no block %s", quote(op.Key))
		}
		clear(e.run)
		switch op.Kind {
		case OpMove:
			return e.move(op)
		case OpRemove:
			return e.remove(op)
		case OpSetProps:
			return e.setProps(op, block)
		case OpUpgrade:
			return e.upgrade(op, block)
		default:
			return fault.Invalidf("an op is one of insert, move, remove, setProps and upgrade")
		}
	}
	return e.insert(op)
}

func (e *editor) insert(op Op) error {
	if err := e.checkTarget(op); err != nil {
		return err
	}
	if !isComponentKey(op.Component) {
		return badComponentKey(op.Component)
	}
	if len(e.body.Blocks) >= maxBlocksMeanwhile {
		return tooManyBlocks(len(e.body.Blocks) + 1)
	}
	props, err := cleanProps(op.Props)
	if err != nil {
		return err
	}
	major := e.newestMajor(op.Component)
	if op.Major != nil {
		major = *op.Major
	}
	if err := checkMajor(major); err != nil {
		return err
	}
	key, err := e.newKey(op)
	if err != nil {
		return err
	}
	e.body.Blocks[key] = Block{Component: op.Component, Major: major, Props: props, Slots: map[string][]string{}}
	index := e.put(op.Parent, op.Slot, key, op.Index)
	e.ops = append(e.ops, Op{Kind: OpInsert, Key: key, Component: op.Component, Major: &major, Parent: op.Parent, Slot: op.Slot, Index: &index, Props: props})
	var inverse []Op
	if op.Key = key; !inRun(e.run, op) { // else the remove of the block above takes this one too
		inverse = []Op{{Kind: OpRemove, Key: key}}
	}
	e.inverse = append(e.inverse, inverse)
	return nil
}

func (e *editor) newestMajor(component string) int {
	if e.env.NewestMajor == nil {
		return 1
	}
	return max(1, e.env.NewestMajor(component))
}

func (e *editor) newKey(op Op) (string, error) {
	if op.Key != "" {
		if !isBlockKey(op.Key) {
			return "", badBlockKey(op.Key)
		}
		if _, ok := e.body.Blocks[op.Key]; ok {
			return "", fault.Invalidf("there is a block %s already", quote(op.Key))
		}
		return op.Key, nil
	}
	taken := func(key string) bool {
		_, ok := e.body.Blocks[key]
		return ok || e.reserved[key]
	}
	if e.env.NewKey == nil {
		return firstFreeKey(op.Component, taken), nil
	}
	key := e.env.NewKey(op.Component, taken)
	if !isBlockKey(key) || taken(key) {
		return "", fmt.Errorf("screen: made up the block key %q, which is taken or not one", key)
	}
	return key, nil
}

func firstFreeKey(component string, taken func(string) bool) string {
	if len(component) > 58 { // leaves room for the number
		component = component[:58]
	}
	key := component
	for n := 2; taken(key); n++ {
		key = component + "-" + strconv.Itoa(n)
	}
	return key
}

func (e *editor) move(op Op) error {
	if op.Key == e.body.Root {
		return fault.Invalidf("the root %s cannot be moved", quote(op.Key))
	}
	if err := e.checkTarget(op); err != nil {
		return err
	}
	if slices.Contains(e.body.Subtree(op.Key), op.Parent) {
		return fault.Invalidf("the block %s cannot be moved into its own subtree", quote(op.Key))
	}
	parent, slot, index := e.takeOut(op.Key)
	to := e.put(op.Parent, op.Slot, op.Key, op.Index)
	e.ops = append(e.ops, Op{Kind: OpMove, Key: op.Key, Parent: op.Parent, Slot: op.Slot, Index: &to})
	e.inverse = append(e.inverse, []Op{{Kind: OpMove, Key: op.Key, Parent: parent, Slot: slot, Index: &index}})
	return nil
}

func (e *editor) remove(op Op) error {
	if op.Key == e.body.Root {
		return fault.Invalidf("the root %s cannot be removed", quote(op.Key))
	}
	subtree := e.body.Subtree(op.Key)
	parent, slot, index := e.takeOut(op.Key)
	inverse := []Op{e.insertOf(op.Key, parent, slot, index)}
	for _, key := range subtree {
		for _, name := range slotNames(e.body.Blocks[key], nil) {
			for i, child := range e.body.Blocks[key].Slots[name] {
				inverse = append(inverse, e.insertOf(child, key, name, i))
			}
		}
	}
	for _, key := range subtree {
		delete(e.body.Blocks, key)
	}
	e.ops = append(e.ops, Op{Kind: OpRemove, Key: op.Key})
	e.inverse = append(e.inverse, inverse)
	return nil
}

func (e *editor) insertOf(key, parent, slot string, index int) Op {
	block := e.body.Blocks[key]
	return Op{
		Kind: OpInsert, Key: key, Component: block.Component, Major: &block.Major,
		Parent: parent, Slot: slot, Index: &index, Props: block.Props,
	}
}

func (e *editor) setProps(op Op, block Block) error {
	patch, err := cleanPatch(op.Patch)
	if err != nil {
		return err
	}
	before := block.Props
	block.Props = MergePatch(before, patch)
	e.body.Blocks[op.Key] = block
	e.ops = append(e.ops, Op{Kind: OpSetProps, Key: op.Key, Patch: patch})
	e.inverse = append(e.inverse, []Op{{Kind: OpSetProps, Key: op.Key, Patch: patchTo(block.Props, before)}})
	return nil
}

func (e *editor) upgrade(op Op, block Block) error {
	if op.Major == nil {
		return fault.Invalidf("an upgrade names the major version that it goes to")
	}
	major := *op.Major
	if err := checkMajor(major); err != nil {
		return err
	}
	if major == block.Major {
		return fault.Invalidf("the block %s is at major version %d already", quote(op.Key), major)
	}
	props, err := cleanProps(op.Props)
	if err != nil {
		return err
	}
	back := Op{Kind: OpUpgrade, Key: op.Key, Major: &block.Major, Props: block.Props}
	e.body.Blocks[op.Key] = Block{Component: block.Component, Major: major, Props: props, Slots: block.Slots}
	e.ops = append(e.ops, Op{Kind: OpUpgrade, Key: op.Key, Major: &major, Props: props})
	e.inverse = append(e.inverse, []Op{back})
	return nil
}

func (e *editor) checkTarget(op Op) error {
	if _, ok := e.body.Blocks[op.Parent]; !ok {
		return fault.Invalidf("there is no block %s to put it into", quote(op.Parent))
	}
	if !isSlotName(op.Slot) {
		return badSlotName(op.Slot)
	}
	return nil
}

// takeOut takes the block out of its slot and says where it stood.
func (e *editor) takeOut(key string) (parent, slot string, index int) {
	parent, slot, index, ok := e.body.Parent(key)
	if !ok {
		return "", "", 0
	}
	slots := e.body.Blocks[parent].Slots
	if slots[slot] = slices.Delete(slots[slot], index, index+1); len(slots[slot]) == 0 {
		delete(slots, slot)
	}
	return parent, slot, index
}

// put puts the block into the slot, at the end when there is no index, and returns where it stands.
func (e *editor) put(parent, slot, key string, index *int) int {
	slots := e.body.Blocks[parent].Slots
	at := len(slots[slot])
	if index != nil {
		at = min(max(*index, 0), at)
	}
	slots[slot] = slices.Insert(slots[slot], at, key)
	return at
}
