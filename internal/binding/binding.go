//sonata:pure

// Package binding is how a place in the props of a block is filled with data: the envelope that stands there in a draft and
// in a release, whether what it names can fit, and what becomes of the data.
package binding

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/component"
)

// In the props of a block, data is
//
//	{"$bind": {"document": "sha256:…", "variables": {"first": 6, "handle": {"$param": "handle"}},
//	           "path": "/products/nodes", "map": {"title": "/name"}, "run": "page"}}
//
// where everything but the document may be left out.
const paramKey = "$param"

// The limits of bindings.
const (
	MaxQuestions = 20      // different ones on one screen, with what it includes
	MaxOnScreen  = 200     // of one screen; with what it includes, what is beyond has no data
	MaxFilled    = 1 << 20 // bytes of canonical JSON that all data of one screen may have
	maxMapped    = 50      // properties of one binding
	MaxValue     = 128_000 // bytes of canonical JSON that one binding may bring
	maxVariables = 4 << 10 // bytes of canonical JSON
	maxPath      = 500     // bytes
)

// Binding is what is said in one envelope.
type Binding struct {
	Pointer   string            // JSON Pointer into the props
	Document  string            // hash of a trusted document
	Variables map[string]any    // {"$param": name} is what the screen's path matched
	Path      string            // JSON Pointer into the data; "" for all of it
	Map       map[string]string // by property, a JSON Pointer into what is there, or into each entry of a list; nil to take it as it is
	ByPage    bool              // the page runs the document, with the rights of whoever looks
}

// Malformed is an object that means to be a binding and is none.
type Malformed struct{ Pointer, Message string }

// Find returns the bindings in props, in the order of their names, and what is wrong with others.
func Find(props map[string]any) (found []Binding, bad []Malformed) {
	walk(props, "", func(envelope map[string]any, at string) {
		b, wrong := read(envelope)
		if at == "" {
			wrong = "data fills a property, not the props as a whole"
		}
		if wrong != "" {
			bad = append(bad, Malformed{at, wrong})
			return
		}
		b.Pointer = at
		found = append(found, b)
	})
	return found, bad
}

// IsIn reports whether canonical JSON holds a binding, without reading it: quotes inside of a text are escaped, so that no
// text can look like one.
func IsIn(text string) bool { return strings.Contains(text, `"`+component.BindingKey+`":{`) }

func walk(v any, at string, meet func(envelope map[string]any, at string)) {
	switch v := v.(type) {
	case map[string]any:
		if _, is := v[component.BindingKey]; is {
			meet(v, at)
			return
		}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			walk(v[name], at+"/"+canonical.EscapePointer(name), meet)
		}
	case []any:
		for i := range v {
			walk(v[i], at+"/"+strconv.Itoa(i), meet)
		}
	}
}

// read takes an envelope apart, or says what is wrong with it.
func read(envelope map[string]any) (b Binding, wrong string) {
	in, ok := envelope[component.BindingKey].(map[string]any)
	if !ok || len(envelope) != 1 {
		return b, `a binding is {"$bind": {"document": "sha256:…", …}} and nothing beside it`
	}
	for _, name := range slices.Sorted(maps.Keys(in)) {
		switch name {
		case "document", "variables", "path", "map", "run":
		default:
			return b, "a binding has document, variables, path, map and run, not " + strconv.Quote(name)
		}
	}
	if b.Document, ok = in["document"].(string); !ok || !canonical.IsHash(b.Document) {
		return b, `"document" is the hash of a trusted document, sha256: and 64 lower-case hex digits`
	}
	if path, given := in["path"]; given {
		if b.Path, ok = path.(string); !ok || !isPointer(b.Path) {
			return b, `"path" is a JSON Pointer into the data of the document, for instance "/products/nodes"`
		}
	}
	switch run, given := in["run"]; {
	case !given || run == "server":
	case run == "page":
		b.ByPage = true
	default:
		return b, `"run" is "server", or "page" for data that is the reader's own`
	}
	if wrong = b.readVariables(in); wrong != "" {
		return b, wrong
	}
	return b, b.readMap(in)
}

func isPointer(s string) bool { return len(s) <= maxPath && (s == "" || s[0] == '/') }

func (b *Binding) readVariables(in map[string]any) string {
	given, is := in["variables"]
	if !is {
		return ""
	}
	var ok bool
	if b.Variables, ok = given.(map[string]any); !ok {
		return `"variables" is an object`
	}
	if raw, err := canonical.Marshal(b.Variables); err != nil || len(raw) > maxVariables {
		return `"variables" are larger than 4 kB`
	}
	for _, name := range slices.Sorted(maps.Keys(b.Variables)) {
		object, _ := b.Variables[name].(map[string]any)
		param, is := object[paramKey]
		if !is {
			continue
		}
		if text, ok := param.(string); !ok || text == "" || len(object) != 1 {
			return `{"$param": "handle"} stands for what the path of the screen matched, and holds nothing else`
		}
	}
	return ""
}

func (b *Binding) readMap(in map[string]any) string {
	given, is := in["map"]
	if !is {
		return ""
	}
	object, ok := given.(map[string]any)
	if !ok || len(object) == 0 || len(object) > maxMapped {
		return `"map" says for 1 to ` + strconv.Itoa(maxMapped) + ` properties where each is found, for instance {"title": "/name"}`
	}
	b.Map = map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		pointer, ok := object[name].(string)
		if !ok || !isPointer(pointer) || name == "" || name[0] == '$' {
			return `"map" leads from the name of a property to a JSON Pointer, for instance {"title": "/name"}`
		}
		b.Map[name] = pointer
	}
	return ""
}

// paramOf is the name of the parameter that a variable is filled from.
func paramOf(v any) (name string, is bool) {
	object, _ := v.(map[string]any)
	name, is = object[paramKey].(string)
	return name, is && len(object) == 1
}
