//sonata:pure

package component

import (
	"encoding/json"
	"errors"
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"

	"sonata.ai/sonata/internal/asset"
	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/fault"
)

// The limits of a props schema. The validator compiles in quadratic time and expands repetitions in patterns, so bytes
// alone are no bound.
const (
	maxSchema      = 64 << 10 // bytes
	maxSubschemas  = 2000
	maxInPlace     = 64     // references and combinators one inside another, at one place of the props
	maxPattern     = 1000   // bytes of one pattern
	maxPatternSize = 20_000 // instructions of all patterns together
	maxEnum        = 5000   // values of all enums together
)

// node is one subschema, with its references resolved. Compare, Project and the cost of a validation walk nodes, so all
// agree on what a schema means.
type node struct {
	at       string           // JSON Pointer inside the schema
	boolean  *bool            // set for the schemas true and false
	raw      map[string]any   // all keywords, decoded
	ref      *node            // target of $ref
	one      map[string]*node // keywords that hold a schema
	list     map[string][]*node
	named    map[string]map[string]*node
	patterns []patternNode // patternProperties, sorted by pattern
}

type patternNode struct {
	pattern string
	re      *regexp.Regexp
	node    *node
}

// shape is a whole schema.
type shape struct {
	root  *node
	nodes map[string]*node // by pointer
	refs  bool             // whether any reference exists: without, every pair of schema and value is visited once

	pictures bool // whether any place takes a picture
}

type schemaForm int

const (
	holdsValue schemaForm = iota
	holdsOne
	holdsList
	holdsNamed
)

func formOf(keyword string) schemaForm {
	switch keyword {
	case "not", "if", "then", "else", "items", "contains", "additionalProperties", "propertyNames",
		"unevaluatedProperties", "unevaluatedItems", "contentSchema":
		return holdsOne
	case "allOf", "anyOf", "oneOf", "prefixItems":
		return holdsList
	case "properties", "patternProperties", "dependentSchemas", "$defs", "definitions":
		return holdsNamed
	}
	return holdsValue
}

// readShape reads a decoded schema. It refuses what would make the meaning depend on anything but the schema itself,
// and what has no end. Faults are of kind Invalid or Exhausted, with a pointer into the schema.
func readShape(v any) (*shape, error) {
	r := &shapeReader{nodes: map[string]*node{}}
	root, err := r.read(v, "")
	if err != nil {
		return nil, err
	}
	s := &shape{root: root, nodes: r.nodes}
	for _, at := range sortedKeys(r.nodes) {
		n := r.nodes[at]
		s.pictures = s.pictures || n.takesPicture()
		ref, given := n.raw["$ref"]
		if !given {
			continue
		}
		s.refs = true
		if n.ref, err = s.follow(ref, at); err != nil {
			return nil, err
		}
	}
	depth := map[*node]int{}
	for _, at := range sortedKeys(r.nodes) {
		if _, err := inPlaceDepth(r.nodes[at], depth); err != nil {
			return nil, err
		}
	}
	return s, nil
}

type shapeReader struct {
	nodes       map[string]*node
	patternSize int
	enum        int
}

func (r *shapeReader) read(v any, at string) (*node, error) {
	if len(r.nodes) >= maxSubschemas {
		return nil, fault.Exhaustedf("the schema has more than %d parts", maxSubschemas).WithCode("LIMIT")
	}
	n := &node{at: at}
	r.nodes[at] = n
	switch v := v.(type) {
	case bool:
		n.boolean = &v
		return n, nil
	case map[string]any:
		n.raw = v
	default:
		return nil, schemaFault(at, "a schema is an object, true or false")
	}
	n.one, n.list, n.named = map[string]*node{}, map[string][]*node{}, map[string]map[string]*node{}
	for _, keyword := range sortedKeys(n.raw) {
		if err := r.readKeyword(n, keyword, n.raw[keyword]); err != nil {
			return nil, err
		}
	}
	return n, nil
}

func (r *shapeReader) readKeyword(n *node, keyword string, value any) error {
	at := n.at + "/" + canonical.EscapePointer(keyword)
	if err := r.checkKeyword(n, keyword, value, at); err != nil {
		return err
	}
	switch formOf(keyword) {
	case holdsOne:
		child, err := r.read(value, at)
		n.one[keyword] = child
		return err
	case holdsList:
		items, ok := value.([]any)
		if !ok {
			return schemaFault(at, "must be a list of schemas")
		}
		for i := range items {
			child, err := r.read(items[i], at+"/"+strconv.Itoa(i))
			if err != nil {
				return err
			}
			n.list[keyword] = append(n.list[keyword], child)
		}
	case holdsNamed:
		return r.readNamed(n, keyword, value, at)
	}
	return nil
}

func (r *shapeReader) readNamed(n *node, keyword string, value any, at string) error {
	items, ok := value.(map[string]any)
	if !ok {
		return schemaFault(at, "must be an object of schemas")
	}
	n.named[keyword] = map[string]*node{}
	for _, name := range sortedKeys(items) {
		place := at + "/" + canonical.EscapePointer(name)
		if keyword == "properties" && strings.HasPrefix(name, "$") {
			return schemaFault(place, "the name of a property cannot begin with $")
		}
		child, err := r.read(items[name], place)
		if err != nil {
			return err
		}
		n.named[keyword][name] = child
		if keyword == "patternProperties" {
			re, err := r.pattern(name, place)
			if err != nil {
				return err
			}
			n.patterns = append(n.patterns, patternNode{name, re, child})
		}
	}
	return nil
}

func (r *shapeReader) checkKeyword(n *node, keyword string, value any, at string) error {
	switch keyword {
	case "$id", "$anchor", "$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$recursiveAnchor", "$vocabulary":
		return schemaFault(at, "cannot be used: a props schema stands alone; refer to its parts with {\"$ref\":\"#/$defs/name\"}")
	case "$schema":
		s, _ := value.(string)
		if n.at != "" || strings.TrimSuffix(s, "#") != "https://json-schema.org/draft/2020-12/schema" {
			return schemaFault(at, "props schemas are JSON Schema 2020-12, and only the root may say so")
		}
	case "pattern":
		s, ok := value.(string)
		if !ok {
			return schemaFault(at, "must be a string")
		}
		_, err := r.pattern(s, at)
		return err
	case "enum":
		list, _ := value.([]any)
		if r.enum += len(list); r.enum > maxEnum {
			return fault.Exhaustedf("#%s: the enums of a schema have at most %d values together", at, maxEnum).WithCode("LIMIT").WithPointer(at)
		}
	case "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minContains", "maxContains":
		if f, ok := value.(float64); ok && f > 1<<53 {
			return schemaFault(at, "is too large")
		}
	}
	return nil
}

// pattern compiles with the total of all patterns bounded: (x{1000}) repeated fits in few bytes and needs megabytes.
func (r *shapeReader) pattern(s, at string) (*regexp.Regexp, error) {
	re, size, err := compilePattern(s)
	if err != nil {
		return nil, schemaFault(at, err.Error())
	}
	if r.patternSize += size; r.patternSize > maxPatternSize {
		return nil, fault.Exhaustedf("%s: the patterns of this schema are too large together", at).WithCode("LIMIT").WithPointer(at)
	}
	return re, nil
}

// compilePattern returns the pattern and roughly the number of instructions it needs. The text of the error is for
// readers of the schema.
func compilePattern(s string) (*regexp.Regexp, int, error) {
	if len(s) > maxPattern {
		return nil, 0, errors.New("the pattern is longer than " + strconv.Itoa(maxPattern) + " bytes")
	}
	tree, err := syntax.Parse(s, syntax.Perl)
	if err != nil {
		reason := "it has an error"
		var se *syntax.Error
		if errors.As(err, &se) {
			reason = string(se.Code)
		}
		return nil, 0, errors.New("the pattern " + quoted(s) + " cannot be used: " + reason + " (patterns are RE2, without lookaround and back references)")
	}
	size := patternSize(tree)
	if size > maxPatternSize {
		return nil, 0, errors.New("the pattern " + quoted(s) + " is too large")
	}
	re, err := regexp.Compile(s)
	if err != nil {
		return nil, 0, errors.New("the pattern " + quoted(s) + " cannot be used")
	}
	return re, size, nil
}

func patternSize(re *syntax.Regexp) int {
	size := 1 + len(re.Rune)
	for _, sub := range re.Sub {
		size += patternSize(sub)
	}
	if re.Op == syntax.OpRepeat {
		size *= max(re.Min, re.Max, 1)
	}
	return size
}

func (s *shape) follow(ref any, at string) (*node, error) {
	place := at + "/$ref"
	text, ok := ref.(string)
	if !ok {
		return nil, schemaFault(place, "must be a string")
	}
	if text != "#" && !strings.HasPrefix(text, "#/") {
		return nil, schemaFault(place, "%s is not inside this schema: a reference begins with #/", quoted(text))
	}
	pointer, ok := percentDecode(text[1:])
	if target := s.nodes[pointer]; ok && target != nil {
		return target, nil
	}
	return nil, schemaFault(place, "%s refers to nothing that is a schema", quoted(text))
}

// percentDecode undoes the escaping of a URI fragment.
func percentDecode(s string) (string, bool) {
	if !strings.Contains(s, "%") {
		return s, true
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			b.WriteByte(s[i])
			continue
		}
		if i+2 >= len(s) {
			return "", false
		}
		code, err := strconv.ParseUint(s[i+1:i+3], 16, 8)
		if err != nil {
			return "", false
		}
		b.WriteByte(byte(code))
		i += 2
	}
	return b.String(), true
}

// inPlace returns the subschemas that apply to the same value as n.
func (n *node) inPlace() []*node {
	var all []*node
	if n.ref != nil {
		all = append(all, n.ref)
	}
	for _, keyword := range [...]string{"allOf", "anyOf", "oneOf"} {
		all = append(all, n.list[keyword]...)
	}
	for _, keyword := range [...]string{"not", "if", "then", "else"} {
		if child := n.one[keyword]; child != nil {
			all = append(all, child)
		}
	}
	dependent := n.named["dependentSchemas"]
	for _, name := range sortedKeys(dependent) {
		all = append(all, dependent[name])
	}
	return all
}

// inPlaceDepth refuses references that come back to the same place of the props without going down into them:
// validation would never end.
func inPlaceDepth(n *node, depth map[*node]int) (int, error) {
	const open = -1
	switch d, known := depth[n]; {
	case known && d == open:
		return 0, schemaFault(n.at, "the schema refers to itself without going through a property or an item")
	case known:
		return d, nil
	}
	depth[n] = open
	deepest := 0
	for _, child := range n.inPlace() {
		d, err := inPlaceDepth(child, depth)
		if err != nil {
			return 0, err
		}
		deepest = max(deepest, d)
	}
	if deepest++; deepest > maxInPlace {
		return 0, fault.Exhaustedf("#%s: more than %d references and combinators, one inside another", n.at, maxInPlace).
			WithCode("LIMIT").WithPointer(n.at)
	}
	depth[n] = deepest
	return deepest, nil
}

func schemaFault(at, format string, args ...any) error {
	e := fault.Invalidf(format, args...).WithPointer(at)
	e.Message = "#" + at + ": " + e.Message
	return e
}

// properties returns the subschemas of the keyword properties.
func (n *node) properties() map[string]*node { return n.named["properties"] }

// takesPicture reports whether the value is a picture.
func (n *node) takesPicture() bool { return n.raw["format"] == asset.Format }

// isFalse reports the schema that nothing fits.
func (n *node) isFalse() bool { return n.boolean != nil && !*n.boolean }

// readRaw decodes and reads a schema; nothing means any object.
func readRaw(raw json.RawMessage) (*shape, any, error) {
	if len(raw) == 0 || string(raw) == "null" {
		raw = json.RawMessage(anyObject)
	}
	if len(raw) > maxSchema {
		return nil, nil, fault.Exhaustedf("a props schema is at most %d kB, this one has %d bytes", maxSchema>>10, len(raw)).WithCode("LIMIT")
	}
	v, err := canonical.Decode(raw)
	if err != nil {
		return nil, nil, err
	}
	s, err := readShape(v)
	return s, v, err
}
