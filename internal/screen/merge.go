//sonata:pure

package screen

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"sonata.ai/sonata/internal/fault"
)

// Edit is one accepted change of a draft. Ops and Inverse are as Apply returned them.
type Edit struct {
	FromVersion int  // the version of the draft that it was applied to
	Ops         []Op // empty when Whole
	Inverse     []Op // empty when Whole
	Whole       bool // the draft was replaced, reverted, deleted or restored: every block is touched
}

// Conflict is the Detail of a VERSION_CONFLICT.
type Conflict struct {
	Blocks []string // sorted keys of the blocks that both sides changed, or that one needs and the other removed
}

// aspect is what two edits can both touch of one block.
type aspect struct {
	key string
	of  byte
}

const (
	ofProps     = 'p'
	ofPlace     = 'l'
	ofComponent = 'c'
	ofExistence = 'e'
)

// footprint is what a list of ops touched, removed and needed.
type footprint struct {
	touched map[aspect]bool
	removed map[string]bool
	needed  map[string]bool
}

func newFootprint() *footprint {
	return &footprint{touched: map[aspect]bool{}, removed: map[string]bool{}, needed: map[string]bool{}}
}

// note adds an op whose key is set, as it finds the body. That a block which the ops themselves insert counts as needed
// changes nothing: it is touched as a whole.
func (f *footprint) note(body Body, op Op) {
	switch op.Kind {
	case OpInsert:
		f.needed[op.Parent] = true
		f.touchWhole(op.Key)
	case OpMove:
		f.needed[op.Key] = true
		f.needed[op.Parent] = true
		f.touched[aspect{op.Key, ofPlace}] = true
	case OpRemove:
		for _, key := range body.Subtree(op.Key) {
			f.touchWhole(key)
			f.removed[key] = true
		}
	case OpSetProps:
		f.needed[op.Key] = true
		f.touched[aspect{op.Key, ofProps}] = true
	case OpUpgrade:
		f.needed[op.Key] = true
		f.touched[aspect{op.Key, ofComponent}] = true
		f.touched[aspect{op.Key, ofProps}] = true
	}
}

func (f *footprint) touchWhole(key string) {
	for _, of := range []byte{ofProps, ofPlace, ofComponent, ofExistence} {
		f.touched[aspect{key, of}] = true
	}
}

// against returns the sorted keys where these ops conflict with what was done after.
func (f *footprint) against(after *footprint) []string {
	blocks := map[string]bool{}
	for a := range f.touched {
		if after.touched[a] {
			blocks[a.key] = true
		}
	}
	for key := range f.needed {
		if after.removed[key] {
			blocks[key] = true
		}
	}
	return slices.Sorted(maps.Keys(blocks))
}

// Rebase applies ops that were made for an older version. since holds the edits accepted after that version, oldest
// first; current is the body after them. The ops are first resolved against the older body, so an op that was wrong
// there is the same fault as in Apply. They conflict exactly when an aspect of a block that they touch was touched
// since, or a block that they need was removed since, or they cannot be applied any more. Indexes are clamped against
// current. Faults: those of Apply; Conflict with the code VERSION_CONFLICT and a Detail of type Conflict; Internal when
// since does not lead to current.
func Rebase(current Body, since []Edit, ops []Op, env ApplyEnv) (Applied, error) {
	if len(since) == 0 {
		return Apply(current, ops, env)
	}
	if err := checkOpCount(ops); err != nil {
		return Applied{}, err
	}
	if slices.ContainsFunc(since, func(e Edit) bool { return e.Whole }) {
		return Applied{}, conflict(opKeys(ops))
	}
	base, err := rewind(current, since)
	if err != nil {
		return Applied{}, err
	}
	after, err := footprintSince(base, since)
	if err != nil {
		return Applied{}, err
	}
	e := newEditor(base, env, ops)
	for key := range current.Blocks {
		e.reserved[key] = true
	}
	for a := range after.touched {
		e.reserved[a.key] = true
	}
	mine := newFootprint()
	resolved := make([]Op, len(ops))
	for i, op := range ops {
		if op.Kind != OpInsert {
			mine.note(e.body, op) // before it changes what it finds
		}
		if err := e.apply(op); err != nil {
			return Applied{}, opFault(i, op, err)
		}
		// The index stays as it was asked for: "at the end" is the end of the slot as it is now.
		op.Key, op.Major = e.ops[i].Key, e.ops[i].Major
		if op.Kind == OpInsert {
			mine.note(e.body, op) // its key may be made up only now
		}
		resolved[i] = op
	}
	return applyAfter(current, resolved, mine, after, env)
}

// applyAfter applies resolved ops to the current body, and adds to their footprint what a remove would take with it now.
func applyAfter(current Body, ops []Op, mine, after *footprint, env ApplyEnv) (Applied, error) {
	e := newEditor(current.Clone(), env, ops)
	var limit error
	failed := map[string]bool{}
	for i, op := range ops {
		if op.Kind == OpRemove {
			mine.note(e.body, op)
		}
		err := e.apply(op)
		switch {
		case err == nil:
		case fault.KindOf(err) == fault.Exhausted:
			limit = opFault(i, op, err)
		default:
			failed[op.Key] = true
			if op.Kind == OpMove {
				failed[op.Parent] = true
			}
		}
	}
	if blocks := mine.against(after); len(blocks) > 0 {
		return Applied{}, conflict(blocks)
	}
	if limit != nil {
		return Applied{}, limit
	}
	if len(failed) > 0 {
		return Applied{}, conflict(slices.Sorted(maps.Keys(failed)))
	}
	return e.finish()
}

// rewind undoes the edits, newest first.
func rewind(current Body, since []Edit) (Body, error) {
	e := newEditor(current.shape(), ApplyEnv{}, nil)
	for _, edit := range slices.Backward(since) {
		for i, op := range edit.Inverse {
			if err := e.apply(op); err != nil {
				return Body{}, brokenHistory(edit, opFault(i, op, err))
			}
		}
	}
	return e.body, nil
}

// footprintSince repeats the edits from the base on, because what a remove took shows only there.
func footprintSince(base Body, since []Edit) (*footprint, error) {
	e := newEditor(base.shape(), ApplyEnv{}, nil)
	f := newFootprint()
	for _, edit := range since {
		for i, op := range edit.Ops {
			f.note(e.body, op)
			if err := e.apply(op); err != nil {
				return nil, brokenHistory(edit, opFault(i, op, err))
			}
		}
	}
	return f, nil
}

// brokenHistory is Internal whatever the cause is: the caller's ops are not what is wrong.
func brokenHistory(edit Edit, cause error) error {
	return (&fault.Error{
		Kind:    fault.Internal,
		Message: fmt.Sprintf("the edit from version %d does not fit the draft", edit.FromVersion),
	}).Because(cause)
}

func conflict(blocks []string) error {
	message := "these blocks changed since that version: " + strings.Join(blocks, ", ") + ". Look at the screen as it is now and send the edit with its version"
	if len(blocks) == 0 {
		message = "somebody replaced the whole draft meanwhile"
	}
	return fault.Conflictf("%s", message).WithCode("VERSION_CONFLICT").WithDetail(Conflict{Blocks: blocks})
}

func opKeys(ops []Op) []string {
	keys := []string{}
	for _, op := range ops {
		if op.Key != "" {
			keys = append(keys, op.Key)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}
