//sonata:pure

package screen

import (
	"encoding/json"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"sonata.ai/sonata/internal/asset"
	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/fault"
)

// MergePatch returns target changed by an RFC 7396 merge patch: null takes a property out, an object is merged into the
// object there, everything else replaces. One thing differs: a patch that names a picture ({"$asset":…}) replaces what
// is there, so that no alternative text of another picture stays. Neither argument is changed and the result shares
// nothing with them.
func MergePatch(target map[string]any, patch map[string]any) map[string]any {
	result := make(map[string]any, len(target)+len(patch))
	for name, v := range target {
		if _, patched := patch[name]; !patched {
			result[name] = canonical.Clone(v)
		}
	}
	for name, v := range patch {
		switch v := v.(type) {
		case nil:
		case map[string]any:
			inner, _ := target[name].(map[string]any)
			if pictureOf(v) != "" {
				inner = nil
			}
			result[name] = MergePatch(inner, v)
		default:
			result[name] = canonical.Clone(v)
		}
	}
	return result
}

// pictureOf returns the picture that an envelope names.
func pictureOf(v map[string]any) string {
	hash, _ := v[asset.EnvelopeKey].(string)
	return hash
}

// patchTo returns the smallest merge patch that makes from into to. There always is one because to holds no null.
func patchTo(from, to map[string]any) map[string]any {
	patch := map[string]any{}
	for name := range from {
		if _, stays := to[name]; !stays {
			patch[name] = nil
		}
	}
	for name, want := range to {
		have, there := from[name]
		if there && reflect.DeepEqual(have, want) {
			continue
		}
		haveObject, ok1 := have.(map[string]any)
		wantObject, ok2 := want.(map[string]any)
		if picture := pictureOf(wantObject); ok1 && ok2 && (picture == "" || picture == pictureOf(haveObject)) {
			patch[name] = patchTo(haveObject, wantObject)
		} else {
			patch[name] = canonical.Clone(want)
		}
	}
	return patch
}

// cleanProps copies props into the form that canonical.Decode returns and refuses what a body cannot hold.
func cleanProps(props map[string]any) (map[string]any, error) {
	return cleanObject(props, cleaner{}, "", 0)
}

// cleanPatch does the same for a merge patch, where a null outside of lists means "take out".
func cleanPatch(patch map[string]any) (map[string]any, error) {
	return cleanObject(patch, cleaner{nullRemoves: true}, "", 0)
}

type cleaner struct{ nullRemoves bool }

func cleanObject(object map[string]any, c cleaner, at string, depth int) (map[string]any, error) {
	if depth > MaxPropsDepth {
		return nil, propsTooDeep().WithPointer(at)
	}
	result := make(map[string]any, len(object))
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if err := cleanText(name); err != nil {
			return nil, err.WithPointer(at)
		}
		v, err := c.value(object[name], at+"/"+canonical.EscapePointer(name), depth+1)
		if err != nil {
			return nil, err
		}
		result[name] = v
	}
	return result, nil
}

func (c cleaner) value(v any, at string, depth int) (any, error) {
	if depth > MaxPropsDepth {
		return nil, propsTooDeep().WithPointer(at)
	}
	switch v := v.(type) {
	case nil:
		if c.nullRemoves {
			return nil, nil
		}
		return nil, nullInProps().WithPointer(at)
	case bool:
		return v, nil
	case string:
		if err := cleanText(v); err != nil {
			return nil, err.WithPointer(at)
		}
		return v, nil
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fault.Invalidf("a number must be finite").WithPointer(at)
		}
		if v == 0 {
			return float64(0), nil // RFC 8785 writes -0 as 0
		}
		return v, nil
	case json.Number:
		return cleanNumber(string(v), at)
	case int:
		return cleanNumber(strconv.Itoa(v), at)
	case int64:
		return cleanNumber(strconv.FormatInt(v, 10), at)
	case []any:
		result := make([]any, len(v))
		for i := range v {
			item, err := cleaner{}.value(v[i], at+"/"+strconv.Itoa(i), depth+1)
			if err != nil {
				return nil, err
			}
			result[i] = item
		}
		return result, nil
	case map[string]any:
		return cleanObject(v, c, at, depth)
	default:
		return nil, fault.Invalidf("a value is not JSON").WithPointer(at)
	}
}

func cleanNumber(text, at string) (any, error) {
	v, err := canonical.Decode([]byte(text))
	if f := fault.As(err); f != nil {
		return nil, f.WithPointer(at)
	}
	return v, err
}

func cleanText(s string) *fault.Error {
	if !utf8.ValidString(s) {
		return fault.Invalidf("a text is not valid UTF-8")
	}
	if strings.ContainsRune(s, 0) {
		return fault.Invalidf("a text holds the character NUL (U+0000): remove it")
	}
	return nil
}
