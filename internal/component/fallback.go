//sonata:pure

package component

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sonata.ai/sonata/internal/asset"
	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/fault"
)

// The limits of fallbacks. References are bounded because each can repeat a large value of the original.
const (
	maxChain         = 4        // fallbacks one after another
	maxFallback      = 64 << 10 // bytes of a fallback
	maxReferences    = 50       // {"$prop":…} in one fallback
	maxFilled        = 256 << 10
	referenceKeyword = "$prop"
)

// ParseFallback reads {"component":"banner","major":1,"props":{…}}; nothing, or null, is no fallback. Unknown fields are
// refused, and so is a {"$prop":…} with anything but one JSON Pointer. It returns a fault of kind Invalid or Exhausted.
func ParseFallback(raw json.RawMessage) (*Fallback, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	if len(raw) > maxFallback {
		return nil, fault.Exhaustedf("a fallback is at most %d kB", maxFallback>>10).WithCode("LIMIT")
	}
	v, err := canonical.Decode(raw)
	if err != nil {
		return nil, err
	}
	if v == nil {
		return nil, nil
	}
	object, ok := v.(map[string]any)
	if !ok {
		return nil, fault.Invalidf(`a fallback is an object such as {"component":"banner","major":1,"props":{}}`)
	}
	for _, name := range sortedKeys(object) {
		if name != "component" && name != "major" && name != "props" {
			return nil, fault.Invalidf("a fallback has component, major and props, not %s", quoted(name))
		}
	}
	f := &Fallback{}
	if f.Component, ok = object["component"].(string); !ok {
		return nil, fault.Invalidf("a fallback names a component, for instance banner")
	}
	if err := CheckKey(f.Component); err != nil {
		return nil, err
	}
	major, ok := object["major"].(float64)
	if !ok || major != float64(int(major)) || major < 1 || major > maxVersionPart {
		return nil, fault.Invalidf("a fallback names the major version of its component, 1 to %d", maxVersionPart)
	}
	f.Major = int(major)
	if props, given := object["props"]; given {
		if f.Props, ok = props.(map[string]any); !ok {
			return nil, fault.Invalidf("the props of a fallback are an object")
		}
	}
	references := 0
	if err := checkReferences(f.Props, "/props", &references); err != nil {
		return nil, err
	}
	return f, nil
}

func checkReferences(v any, at string, references *int) error {
	switch v := v.(type) {
	case map[string]any:
		if value, given := v[referenceKeyword]; given && at != "/props" {
			pointer, ok := value.(string)
			if !ok || len(v) != 1 || !strings.HasPrefix(pointer, "/") {
				return fault.Invalidf(`%s is a reference: it holds nothing but one JSON Pointer, for instance {"$prop":"/title"}`, at)
			}
			if *references++; *references > maxReferences {
				return fault.Exhaustedf("a fallback refers to at most %d props", maxReferences).WithCode("LIMIT")
			}
			return nil
		}
		if asset.IsEnvelope(v) && at != "/props" {
			return fault.Invalidf(`%s: a fallback brings no picture of its own: refer to one of the block with {"$prop":"/pointer"}`, at)
		}
		for _, name := range sortedKeys(v) {
			place := at + "/" + canonical.EscapePointer(name)
			if at == "/props" && strings.HasPrefix(name, "$") {
				return fault.Invalidf("%s: the name of a property cannot begin with $", place)
			}
			if v[name] == nil {
				return fault.Invalidf("%s is null: leave the property out", place)
			}
			if err := checkReferences(v[name], place, references); err != nil {
				return err
			}
		}
	case []any:
		for i := range v {
			if err := checkReferences(v[i], at+"/"+strconv.Itoa(i), references); err != nil {
				return err
			}
		}
	}
	return nil
}

// CheckFallbacks looks at the newest minor of every major: its fallback must exist, chains are at most four long and
// never come back. It returns a fault of kind Invalid that names the chain.
func CheckFallbacks(cat Catalogue) error {
	for _, def := range cat.All() {
		newest, _ := cat.Newest(def.Key, def.Version.Major)
		if newest.Version != def.Version {
			continue
		}
		chain := []string{chainLink(def.Key, def.Version.Major)}
		for next := def.Fallback; next != nil; {
			link := chainLink(next.Component, next.Major)
			looped := slices.Contains(chain, link)
			chain = append(chain, link)
			if looped {
				return fault.Invalidf("the fallbacks of %s come back to where they were: %s", chain[0], strings.Join(chain, " → "))
			}
			if len(chain)-1 > maxChain {
				return fault.Invalidf("the fallbacks of %s are more than %d, one after another: %s", chain[0], maxChain, strings.Join(chain, " → "))
			}
			target, ok := cat.Newest(next.Component, next.Major)
			if !ok {
				return fault.Invalidf("the fallback %s does not exist: %s", link, strings.Join(chain, " → "))
			}
			next = target.Fallback
		}
	}
	return nil
}

func chainLink(key string, major int) string { return fmt.Sprintf("%s %d", key, major) }

// Fill returns the props of the fallback with every {"$prop":"/pointer"} replaced from the original; a property or item
// whose original does not exist is left out. The result shares nothing with its sources. A result beyond 256 kB is
// empty: no screen can hold it.
func (f Fallback) Fill(original map[string]any) map[string]any {
	filled, ok := f.fill(original)
	if !ok {
		return map[string]any{}
	}
	return filled
}

func (f Fallback) fill(original map[string]any) (map[string]any, bool) {
	left := maxFilled
	filled := map[string]any{}
	for _, name := range sortedKeys(f.Props) {
		if v, exists := fillValue(f.Props[name], original, &left); exists {
			filled[name] = v
		}
		if left -= len(name); left < 0 {
			return nil, false
		}
	}
	return filled, true
}

func fillValue(v any, original map[string]any, left *int) (any, bool) {
	switch v := v.(type) {
	case map[string]any:
		if pointer, ok := v[referenceKeyword].(string); ok && len(v) == 1 {
			found, exists := canonical.At(original, pointer)
			if *left -= weigh(found, *left, 0); !exists || *left < 0 {
				return nil, false
			}
			return canonical.Clone(found), true
		}
		filled := make(map[string]any, len(v))
		for _, name := range sortedKeys(v) {
			*left -= len(name)
			if item, exists := fillValue(v[name], original, left); exists {
				filled[name] = item
			}
		}
		return filled, true
	case []any:
		filled := make([]any, 0, len(v))
		for i := range v {
			if item, exists := fillValue(v[i], original, left); exists {
				filled = append(filled, item)
			}
		}
		return filled, true
	default:
		*left -= weigh(v, *left, 0)
		return v, true
	}
}

// maxPropsDepth is deeper than anything canonical.Decode lets in.
const maxPropsDepth = 100

// weigh estimates the size of a value in JSON and stops counting beyond most.
func weigh(v any, most, depth int) int {
	if depth > maxPropsDepth {
		return most + 1
	}
	size := 1
	switch v := v.(type) {
	case string:
		size += len(v)
	case []any:
		for i := range v {
			if size += weigh(v[i], most-size, depth+1); size > most {
				return size
			}
		}
	case map[string]any:
		for name := range v {
			if size += len(name) + weigh(v[name], most-size, depth+1); size > most {
				return size
			}
		}
	}
	return size
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
