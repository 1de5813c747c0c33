//sonata:pure

package screen

import (
	"maps"
	"math"
	"slices"

	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/fault"
)

// maxRawBytes bounds what is decoded at all: white space and escapes may make a body longer than its canonical form.
const maxRawBytes = 8 * MaxBytes

// ParseBody reads a body and checks it as Check does. Unknown fields are refused; props and slots may be left out.
// Faults: Invalid with a pointer into the body; Exhausted with the code LIMIT.
func ParseBody(raw []byte) (Body, error) {
	if len(raw) > maxRawBytes {
		return Body{}, limitf("a screen holds at most %d bytes of canonical JSON; %d bytes were sent", MaxBytes, len(raw))
	}
	v, err := canonical.Decode(raw)
	if err != nil {
		return Body{}, err
	}
	b, err := decodeBody(v)
	if err != nil {
		return Body{}, err
	}
	if err := b.Check(); err != nil {
		return Body{}, err
	}
	return b, nil
}

func decodeBody(v any) (Body, error) {
	fields, err := decodeObject(v, "", "a body", "format", "root", "blocks")
	if err != nil {
		return Body{}, err
	}
	b := Body{Blocks: map[string]Block{}}
	if b.Format, err = decodeInt(fields["format"], "/format"); err != nil {
		return Body{}, err
	}
	if b.Root, err = decodeString(fields["root"], "/root"); err != nil {
		return Body{}, err
	}
	blocks, ok := fields["blocks"].(map[string]any)
	if !ok {
		return Body{}, fault.Invalidf("blocks must be an object from block key to block").WithPointer("/blocks")
	}
	if len(blocks) > MaxBlocks {
		return Body{}, tooManyBlocks(len(blocks))
	}
	for _, key := range slices.Sorted(maps.Keys(blocks)) {
		if b.Blocks[key], err = decodeBlock(blocks[key], blockPointer(key)); err != nil {
			return Body{}, err
		}
	}
	return b, nil
}

func decodeBlock(v any, at string) (Block, error) {
	fields, err := decodeObject(v, at, "a block", "component", "major", "props", "slots")
	if err != nil {
		return Block{}, err
	}
	block := Block{Props: map[string]any{}, Slots: map[string][]string{}}
	if block.Component, err = decodeString(fields["component"], at+"/component"); err != nil {
		return Block{}, err
	}
	if block.Major, err = decodeInt(fields["major"], at+"/major"); err != nil {
		return Block{}, err
	}
	if props := fields["props"]; props != nil {
		var ok bool
		if block.Props, ok = props.(map[string]any); !ok {
			return Block{}, fault.Invalidf("props must be an object").WithPointer(at + "/props")
		}
	}
	if fields["slots"] == nil {
		return block, nil
	}
	slots, ok := fields["slots"].(map[string]any)
	if !ok {
		return Block{}, fault.Invalidf("slots must be an object from slot name to a list of block keys").WithPointer(at + "/slots")
	}
	for _, name := range slices.Sorted(maps.Keys(slots)) {
		children, err := decodeKeys(slots[name], at+"/slots/"+canonical.EscapePointer(name))
		if err != nil {
			return Block{}, err
		}
		if len(children) > 0 {
			block.Slots[name] = children
		}
	}
	return block, nil
}

func decodeKeys(v any, at string) ([]string, error) {
	items, ok := v.([]any)
	if !ok {
		return nil, fault.Invalidf("a slot must be a list of block keys").WithPointer(at)
	}
	if len(items) > MaxBlocks {
		return nil, tooManyBlocks(len(items))
	}
	keys := make([]string, len(items))
	for i, item := range items {
		key, ok := item.(string)
		if !ok {
			return nil, fault.Invalidf("a slot must be a list of block keys").WithPointer(at)
		}
		keys[i] = key
	}
	return keys, nil
}

// decodeObject compares names exactly: encoding/json would take "Root" for "root".
func decodeObject(v any, at, what string, names ...string) (map[string]any, error) {
	fields, ok := v.(map[string]any)
	if !ok {
		return nil, fault.Invalidf("%s must be a JSON object", what).WithPointer(at)
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if !slices.Contains(names, name) {
			return nil, fault.Invalidf("%s has no field %s", what, quote(name)).WithPointer(at + "/" + canonical.EscapePointer(name))
		}
	}
	return fields, nil
}

func decodeInt(v any, at string) (int, error) {
	f, ok := v.(float64)
	if !ok || f != math.Trunc(f) || math.Abs(f) > 1<<31 {
		return 0, fault.Invalidf("%s must be a whole number", at[1:]).WithPointer(at)
	}
	return int(f), nil
}

func decodeString(v any, at string) (string, error) {
	s, ok := v.(string)
	if !ok {
		return "", fault.Invalidf("%s must be a string", at[1:]).WithPointer(at)
	}
	return s, nil
}

func blockPointer(key string) string { return "/blocks/" + canonical.EscapePointer(key) }
