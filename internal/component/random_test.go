package component

import (
	"encoding/json"
	"math/rand"
	"testing"

	"sonata.ai/sonata/internal/canonical"
)

// dice makes random schemas, props, definitions and trees from small alphabets, so that they often meet.
type dice struct{ *rand.Rand }

func newDice(seed int64) dice { return dice{rand.New(rand.NewSource(seed))} }

func (d dice) oneIn(n int) bool { return d.Intn(n) == 0 }

func (d dice) pick(names ...string) string { return names[d.Intn(len(names))] }

func (d dice) name() string { return d.pick("a", "b", "c", "kind") }

// value is a random JSON value.
func (d dice) value(depth int) any {
	kinds := 8
	if depth <= 0 {
		kinds = 5
	}
	switch d.Intn(kinds) {
	case 0:
		return d.pick("", "x", "y", "xyz", "aa", "https://x.y/")
	case 1:
		return float64(d.Intn(6) - 1)
	case 2:
		return float64(d.Intn(6)) + 0.5
	case 3:
		return d.oneIn(2)
	case 4:
		return d.pick("x", "y")
	case 5:
		list := make([]any, d.Intn(4))
		for i := range list {
			list[i] = d.value(depth - 1)
		}
		return list
	}
	return d.object(depth)
}

func (d dice) object(depth int) map[string]any {
	object := map[string]any{}
	for range d.Intn(4) {
		object[d.name()] = d.value(depth - 1)
	}
	return object
}

// fitting is a value made to fit the schema, which it often does.
func (d dice) fitting(root, schema any, depth int) any {
	s, ok := schema.(map[string]any)
	if !ok || depth < 0 || d.oneIn(25) {
		return d.value(depth)
	}
	if ref, ok := s["$ref"].(string); ok {
		if target, found := canonical.At(root, ref[1:]); found {
			return d.merged(root, s, d.fitting(root, target, depth), depth)
		}
	}
	for _, keyword := range []string{"oneOf", "anyOf", "allOf"} {
		if list, ok := s[keyword].([]any); ok && len(list) > 0 {
			return d.merged(root, s, d.fitting(root, list[d.Intn(len(list))], depth), depth)
		}
	}
	return d.plain(root, s, depth)
}

// merged joins what an alternative wants with what the schema around it wants.
func (d dice) merged(root any, s map[string]any, v any, depth int) any {
	object, ok := v.(map[string]any)
	around, isObject := d.plain(root, s, depth).(map[string]any)
	if !ok || !isObject {
		return v
	}
	joined := map[string]any{}
	for name := range around {
		joined[name] = around[name]
	}
	for name := range object {
		joined[name] = object[name]
	}
	return joined
}

func (d dice) plain(root any, s map[string]any, depth int) any {
	if v, ok := s["const"]; ok {
		return v
	}
	if list, ok := s["enum"].([]any); ok && len(list) > 0 {
		return list[d.Intn(len(list))]
	}
	t, _ := s["type"].(string)
	if list, ok := s["type"].([]any); ok {
		t, _ = list[d.Intn(len(list))].(string)
	}
	properties, lists := s["properties"].(map[string]any)
	switch {
	case t == "object" || (t == "" && lists):
		object := map[string]any{}
		for name := range properties {
			if !d.oneIn(4) {
				object[name] = d.fitting(root, properties[name], depth-1)
			}
		}
		if other, ok := s["additionalProperties"].(map[string]any); ok || !lists {
			object[d.name()] = d.fitting(root, other, depth-1)
		}
		return object
	case t == "array" || (t == "" && s["items"] != nil):
		list := make([]any, d.Intn(4))
		prefix, _ := s["prefixItems"].([]any)
		for i := range list {
			if i < len(prefix) {
				list[i] = d.fitting(root, prefix[i], depth-1)
			} else {
				list[i] = d.fitting(root, s["items"], depth-1)
			}
		}
		return list
	case t == "string":
		return d.pick("", "x", "y", "xyz", "aa", "https://x.y/")
	case t == "integer":
		return float64(d.Intn(6) - 1)
	case t == "number":
		return float64(d.Intn(12)-2) / 2
	case t == "boolean":
		return d.oneIn(2)
	}
	return d.value(depth)
}

// schema is a random schema. Its keywords need not make sense together.
func (d dice) schema(depth int) any {
	if d.oneIn(30) {
		return d.oneIn(4)
	}
	if d.oneIn(12) {
		return map[string]any{"$ref": "#/$defs/" + d.pick("p", "q")}
	}
	s := map[string]any{}
	if !d.oneIn(6) {
		s["type"] = d.pick("string", "string", "integer", "number", "boolean", "object", "object", "array")
		if d.oneIn(10) {
			s["type"] = []any{"string", d.pick("integer", "array", "object")}
		}
	}
	d.leaf(s)
	if depth > 0 {
		d.branch(s, depth)
	}
	return s
}

func (d dice) leaf(s map[string]any) {
	if d.oneIn(10) {
		s["enum"] = []any{"x", d.value(0), "y"}[:1+d.Intn(3)]
	}
	if d.oneIn(20) {
		s["const"] = d.value(1)
	}
	for _, keyword := range []string{"minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "minItems", "maxItems", "minProperties", "maxProperties"} {
		if d.oneIn(25) {
			s[keyword] = float64(d.Intn(5))
		}
	}
	if d.oneIn(30) {
		s["multipleOf"] = []any{0.5, 1.0, 2.0}[d.Intn(3)]
	}
	if d.oneIn(30) {
		s["pattern"] = d.pick("^x", "y", "a+")
	}
	if d.oneIn(40) {
		s["format"] = d.pick("uri", "email")
	}
	if d.oneIn(40) {
		s["uniqueItems"] = true
	}
}

func (d dice) branch(s map[string]any, depth int) {
	if s["type"] == "object" || d.oneIn(10) {
		d.objectKeywords(s, depth)
	}
	if s["type"] == "array" || d.oneIn(15) {
		s["items"] = d.schema(depth - 1)
		if d.oneIn(6) {
			s["prefixItems"] = []any{d.schema(depth - 1)}
		}
		if d.oneIn(15) {
			s["contains"] = d.schema(depth - 1)
		}
	}
	for _, keyword := range []string{"allOf", "anyOf", "oneOf"} {
		if d.oneIn(12) {
			s[keyword] = d.alternatives(depth - 1)
		}
	}
	if d.oneIn(40) {
		s["not"] = d.schema(0)
	}
	if d.oneIn(40) {
		s["if"], s["then"] = d.schema(1), d.schema(1)
	}
}

func (d dice) objectKeywords(s map[string]any, depth int) {
	if !d.oneIn(5) {
		properties := map[string]any{}
		for range 1 + d.Intn(3) {
			properties[d.name()] = d.schema(depth - 1)
		}
		s["properties"] = properties
	}
	if d.oneIn(4) {
		s["required"] = []any{d.name()}
	}
	if d.oneIn(6) {
		s["additionalProperties"] = []any{false, true, d.schema(depth - 1)}[d.Intn(3)]
	}
	if d.oneIn(20) {
		s["patternProperties"] = map[string]any{d.pick("^a", "b"): d.schema(depth - 1)}
	}
	if d.oneIn(25) {
		s["dependentRequired"] = map[string]any{"a": []any{"b"}}
	}
	if d.oneIn(30) {
		s["dependentSchemas"] = map[string]any{"a": d.schema(depth - 1)}
	}
	if d.oneIn(30) {
		s["propertyNames"] = map[string]any{"maxLength": 2.0}
	}
	if d.oneIn(40) {
		s["unevaluatedProperties"] = false
	}
}

func (d dice) alternatives(depth int) []any {
	list := make([]any, 1+d.Intn(3))
	told := d.oneIn(2) // by a constant
	for i := range list {
		list[i] = d.schema(depth)
		if told {
			list[i] = map[string]any{"type": "object", "required": []any{"kind"}, "properties": map[string]any{
				"kind": map[string]any{"const": string(rune('x' + i))}, d.pick("a", "b"): d.schema(depth - 1),
			}}
		}
	}
	return list
}

// props is a random props schema.
func (d dice) propsSchema() map[string]any {
	s := map[string]any{"type": "object"}
	d.objectKeywords(s, 3)
	if d.oneIn(5) {
		s[d.pick("allOf", "anyOf", "oneOf")] = d.alternatives(2)
	}
	s["$defs"] = map[string]any{"p": d.schema(2), "q": d.schema(1)}
	if properties, ok := s["properties"].(map[string]any); ok && d.oneIn(3) {
		properties[d.name()] = map[string]any{"$ref": d.pick("#", "#/$defs/p")}
	}
	return s
}

// mutate changes one place of a schema.
func (d dice) mutate(v any, depth int) any {
	s, ok := v.(map[string]any)
	if !ok {
		return d.schema(depth)
	}
	changed := canonical.Clone(s).(map[string]any)
	keys := sortedKeys(changed)
	switch {
	case d.oneIn(20):
		changed["required"] = []any{d.name()}
		return changed
	case len(keys) == 0 || d.oneIn(5):
		d.leaf(changed)
		return changed
	}
	key := keys[d.Intn(len(keys))]
	switch held := changed[key].(type) {
	case map[string]any:
		if formOf(key) == holdsNamed {
			names := sortedKeys(held)
			switch {
			case d.oneIn(6):
				held[d.name()] = d.schema(1)
			case d.oneIn(8) && len(names) > 0 && key != "$defs":
				delete(held, names[d.Intn(len(names))])
			case len(names) > 0:
				name := names[d.Intn(len(names))]
				held[name] = d.mutate(held[name], depth-1)
			}
		} else if formOf(key) == holdsOne {
			changed[key] = d.mutate(held, depth-1)
		}
	case []any:
		switch {
		case d.oneIn(4) && len(held) > 1:
			changed[key] = held[1:]
		case formOf(key) != holdsList:
			changed[key] = append(held, d.name())
		case d.oneIn(4):
			changed[key] = append(held, d.alternatives(1)[0])
		case len(held) > 0:
			i := d.Intn(len(held))
			held[i] = d.mutate(held[i], depth-1)
		}
	case float64:
		changed[key] = held + float64(d.Intn(3)-1)
	default:
		if d.oneIn(2) {
			delete(changed, key)
		} else if key == "type" && held == "integer" {
			changed[key] = "number"
		}
	}
	return changed
}

func (d dice) raw(t testing.TB, v any) json.RawMessage {
	raw, err := canonical.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
