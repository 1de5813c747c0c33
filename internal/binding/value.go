//sonata:pure

package binding

import (
	"strconv"
	"strings"

	"sonata.ai/sonata/internal/canonical"
)

// ValueIn is what the data of a document holds for the binding, in the form that props have: without null. ok is false where
// there is nothing, or more than so many bytes of canonical JSON, and than MaxValue.
func (b Binding) ValueIn(data any, most int) (value any, size int, ok bool) {
	found, ok := canonical.At(data, b.Path)
	if !ok || found == nil {
		return nil, 0, false
	}
	if b.Map != nil {
		if found = b.mapped(found); found == nil {
			return nil, 0, false
		}
	}
	value = withoutNull(found)
	raw, err := canonical.Marshal(value)
	return value, len(raw), err == nil && len(raw) <= min(most, MaxValue)
}

func (b Binding) mapped(v any) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, 0, len(v))
		for _, entry := range v {
			if one := b.mapped(entry); one != nil {
				out = append(out, one)
			}
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(b.Map))
		for name, pointer := range b.Map {
			if found, ok := canonical.At(v, pointer); ok && found != nil {
				out[name] = found
			}
		}
		return out
	}
	return nil
}

// withoutNull is a copy without what is not there.
func withoutNull(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, inner := range v {
			if inner != nil {
				out[name] = withoutNull(inner)
			}
		}
		return out
	case []any:
		out := make([]any, 0, len(v))
		for _, inner := range v {
			if inner != nil {
				out = append(out, withoutNull(inner))
			}
		}
		return out
	}
	return v
}

// Put returns props with something else at a place, and Cut without it; both change the props that they are given.
func Put(props map[string]any, pointer string, value any) { put(props, pointer, value, true) }

// Cut takes a property away, or an entry out of its list.
func Cut(props map[string]any, pointer string) { put(props, pointer, nil, false) }

func put(props map[string]any, pointer string, value any, there bool) {
	cut := strings.LastIndexByte(pointer, '/')
	holder, ok := canonical.At(props, pointer[:cut])
	if !ok {
		return
	}
	token := canonical.UnescapePointer(pointer[cut+1:])
	switch holder := holder.(type) {
	case map[string]any:
		if there {
			holder[token] = value
		} else {
			delete(holder, token)
		}
	case []any:
		i, err := strconv.Atoi(token)
		switch {
		case err != nil || i < 0 || i >= len(holder):
		case there:
			holder[i] = value
		default:
			shorter := append(append(make([]any, 0, len(holder)), holder[:i]...), holder[i+1:]...)
			put(props, pointer[:cut], shorter, true)
		}
	}
}
