//sonata:pure

package screen

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sonata.ai/sonata/internal/asset"
	"sonata.ai/sonata/internal/canonical"
)

// URLPointers reads a props schema and returns a func that says whether the property at a JSON Pointer has the format
// uri, uri-reference, iri, iri-reference or url. It follows nested properties, items, combinations and local references;
// a reference that leads nowhere or out of the schema, and a schema that is not JSON, say nothing.
func URLPointers(schema json.RawMessage) func(pointer string) bool {
	return formatPointers(schema, "uri", "uri-reference", "iri", "iri-reference", "url")
}

// AssetPointers is the same for pictures: the format asset.
func AssetPointers(schema json.RawMessage) func(pointer string) bool {
	return formatPointers(schema, asset.Format)
}

func formatPointers(schema json.RawMessage, formats ...any) func(pointer string) bool {
	root, err := canonical.Decode(schema)
	if err != nil {
		return func(string) bool { return false }
	}
	s := schemaSet{root: root}
	return func(pointer string) bool { return s.hasFormat(pointer, formats) }
}

// schemaSet finds the schemas that apply to a place. A schema is known by its own pointer, so one that refers to itself
// is met once.
type schemaSet struct{ root any }

type places map[string]map[string]any

func (s schemaSet) hasFormat(pointer string, formats []any) bool {
	if pointer != "" && pointer[0] != '/' {
		return false
	}
	here := places{}
	s.add(here, "", s.root)
	for pointer != "" && len(here) > 0 {
		token, rest, more := strings.Cut(pointer[1:], "/")
		if pointer = ""; more {
			pointer = "/" + rest
		}
		token = canonical.UnescapePointer(token)
		next := places{}
		for at, schema := range here {
			s.step(next, at, schema, token)
		}
		here = next
	}
	for _, schema := range here {
		if format := schema["format"]; format != nil && slices.Contains(formats, format) {
			return true
		}
	}
	return false
}

// add adds a schema and all that apply to the same value as it does.
func (s schemaSet) add(to places, at string, v any) {
	schema, ok := v.(map[string]any)
	if _, known := to[at]; !ok || known {
		return
	}
	to[at] = schema
	for _, word := range []string{"$ref", "$dynamicRef"} {
		if ref, ok := schema[word].(string); ok {
			if target, v, ok := s.resolve(ref); ok {
				s.add(to, target, v)
			}
		}
	}
	for _, word := range []string{"allOf", "anyOf", "oneOf"} {
		branches, _ := schema[word].([]any)
		for i := range branches {
			s.add(to, at+"/"+word+"/"+strconv.Itoa(i), branches[i])
		}
	}
	for _, word := range []string{"if", "then", "else"} {
		s.add(to, at+"/"+word, schema[word])
	}
	dependent, _ := schema["dependentSchemas"].(map[string]any)
	for name := range dependent {
		s.add(to, at+"/dependentSchemas/"+canonical.EscapePointer(name), dependent[name])
	}
}

// step adds what a schema says about the property or the item that the token names.
func (s schemaSet) step(to places, at string, schema map[string]any, token string) {
	named := false
	if properties, ok := schema["properties"].(map[string]any); ok {
		if v, ok := properties[token]; ok {
			named = true
			s.add(to, at+"/properties/"+canonical.EscapePointer(token), v)
		}
	}
	patterns, _ := schema["patternProperties"].(map[string]any)
	for pattern, v := range patterns {
		// A pattern that Go cannot read may still fit in a browser.
		if re, err := regexp.Compile(pattern); err != nil || re.MatchString(token) {
			named = true
			s.add(to, at+"/patternProperties/"+canonical.EscapePointer(pattern), v)
		}
	}
	if !named {
		s.add(to, at+"/additionalProperties", schema["additionalProperties"])
		s.add(to, at+"/unevaluatedProperties", schema["unevaluatedProperties"])
	}
	index, err := strconv.Atoi(token)
	if err != nil || index < 0 {
		return
	}
	prefix, _ := schema["prefixItems"].([]any)
	if index < len(prefix) {
		s.add(to, at+"/prefixItems/"+token, prefix[index])
		return
	}
	s.add(to, at+"/items", schema["items"])
	s.add(to, at+"/unevaluatedItems", schema["unevaluatedItems"])
	s.add(to, at+"/contains", schema["contains"])
}

// resolve finds what a local reference names: "#", "#/pointer" or "#anchor".
func (s schemaSet) resolve(ref string) (at string, v any, ok bool) {
	fragment, ok := strings.CutPrefix(ref, "#")
	if !ok {
		return "", nil, false
	}
	if decoded, ok := decodeFragment(fragment); ok {
		fragment = decoded
	}
	if fragment != "" && fragment[0] != '/' {
		return findAnchor(s.root, "", fragment)
	}
	v = s.root
	for token := range strings.SplitSeq(strings.TrimPrefix(fragment, "/"), "/") {
		if fragment == "" {
			break
		}
		token = canonical.UnescapePointer(token)
		switch node := v.(type) {
		case map[string]any:
			v, ok = node[token]
		case []any:
			i, err := strconv.Atoi(token)
			if ok = err == nil && 0 <= i && i < len(node); ok {
				v = node[i]
			}
		default:
			ok = false
		}
		if !ok {
			return "", nil, false
		}
	}
	return fragment, v, true
}

func decodeFragment(s string) (string, bool) {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			b = append(b, s[i])
			continue
		}
		c, ok := unhex(s[i:])
		if !ok {
			return "", false
		}
		b = append(b, c)
		i += 2
	}
	return string(b), true
}

func findAnchor(v any, at, name string) (string, any, bool) {
	switch v := v.(type) {
	case map[string]any:
		if v["$anchor"] == name || v["$dynamicAnchor"] == name {
			return at, v, true
		}
		for _, word := range slices.Sorted(maps.Keys(v)) {
			if at, found, ok := findAnchor(v[word], at+"/"+canonical.EscapePointer(word), name); ok {
				return at, found, true
			}
		}
	case []any:
		for i := range v {
			if at, found, ok := findAnchor(v[i], at+"/"+strconv.Itoa(i), name); ok {
				return at, found, true
			}
		}
	}
	return "", nil, false
}
