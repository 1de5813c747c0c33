//sonata:pure

package component

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"sonata.ai/sonata/internal/canonical"
)

// BindingKey makes an object in props a binding: what stands in for it when the screen is served comes from a document.
const BindingKey = "$bind"

// isBinding reports whether a value of props means to be a binding.
func isBinding(v any) bool {
	object, ok := v.(map[string]any)
	if !ok {
		return false
	}
	_, ok = object[BindingKey]
	return ok
}

func holdsBinding(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		if isBinding(v) {
			return true
		}
		for name := range v {
			if holdsBinding(v[name]) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, holdsBinding)
	}
	return false
}

// lenient is the schema that takes a binding wherever a value may stand: whether what comes fits is asked of its type
// (Accepts), and of itself once it is there (ValidateFilled).
func (c *compiled) lenient() *jsonschema.Schema {
	c.once.Do(func() {
		fresh, _, err := compile(c.raw) // compiled schemas are shared, so another is changed
		if err != nil {
			return
		}
		compiler := jsonschema.NewCompiler()
		compiler.DefaultDraft(jsonschema.Draft2020)
		const at = "sonata:binding"
		if err := compiler.AddResource(at, map[string]any{"not": map[string]any{"type": "object", "required": []any{BindingKey}}}); err != nil {
			return
		}
		w := lenience{seen: map[*jsonschema.Schema]bool{}}
		if w.unbound, err = compiler.Compile(at); err != nil {
			return
		}
		w.below(fresh.schema)
		c.bound = fresh.schema
	})
	return c.bound
}

// lenience puts a condition before each schema of a value inside the props.
type lenience struct {
	unbound *jsonschema.Schema
	seen    map[*jsonschema.Schema]bool
}

// value is a schema that says nothing about bindings, and what s says about anything else.
func (w *lenience) value(s *jsonschema.Schema) *jsonschema.Schema {
	if s == nil {
		return nil
	}
	w.below(s)
	return &jsonschema.Schema{DraftVersion: s.DraftVersion, Location: s.Location, If: w.unbound, Then: s}
}

// below walks everything that s says about its own value, to what it says about the values inside.
func (w *lenience) below(s *jsonschema.Schema) {
	if s == nil || w.seen[s] {
		return
	}
	w.seen[s] = true
	for name, child := range s.Properties {
		s.Properties[name] = w.value(child)
	}
	for pattern, child := range s.PatternProperties {
		s.PatternProperties[pattern] = w.value(child)
	}
	if child, ok := s.AdditionalProperties.(*jsonschema.Schema); ok {
		s.AdditionalProperties = w.value(child)
	}
	for i, child := range s.PrefixItems {
		s.PrefixItems[i] = w.value(child)
	}
	s.Items2020 = w.value(s.Items2020)
	s.UnevaluatedProperties, s.UnevaluatedItems = w.value(s.UnevaluatedProperties), w.value(s.UnevaluatedItems)
	for _, child := range slices.Concat([]*jsonschema.Schema{s.Ref, s.If, s.Then, s.Else, s.Not}, s.AllOf, s.AnyOf, s.OneOf) {
		w.below(child)
	}
	for _, child := range s.DependentSchemas {
		w.below(child)
	}
}

// ValidateFilled is Validate for props whose bindings were filled in: nothing in them is a binding, whatever it looks like.
func (s *Schemas) ValidateFilled(schema json.RawMessage, props map[string]any) []Violation {
	k := s.get(schema)
	if k.compiled == nil {
		return []Violation{{Message: "the schema cannot be used: " + k.problem}}
	}
	return k.compiled.validate(props, k.compiled.schema)
}

// Projected leaves out of the props what the schema does not know.
func (s *Schemas) Projected(schema json.RawMessage, props map[string]any) map[string]any {
	projected, _ := s.project(schema, props)
	return projected
}

// Type is what is known of a value that is not there yet.
type Type struct {
	Kind     Kind             `json:"kind"`
	Nullable bool             `json:"nullable,omitempty"`
	Values   []string         `json:"values,omitempty"` // all that a text can be, where that is known
	Item     *Type            `json:"item,omitempty"`   // of a list
	Fields   map[string]*Type `json:"fields,omitempty"` // of an object
}

// Kind is the form of a value.
type Kind string

// The forms. Anything is known by nobody before it is there.
const (
	Object   Kind = "OBJECT"
	List     Kind = "LIST"
	Text     Kind = "STRING"
	Whole    Kind = "INT"
	Number   Kind = "FLOAT"
	Truth    Kind = "BOOLEAN"
	Anything Kind = "ANY"
)

// inSchema is how a schema calls the form; "" for one that is not known.
func (k Kind) inSchema() string {
	switch k {
	case Object:
		return "object"
	case List:
		return "array"
	case Text:
		return "string"
	case Whole:
		return "integer"
	case Number:
		return "number"
	case Truth:
		return "boolean"
	case Anything:
	}
	return ""
}

// Accepts says why values of a type could not stand at a place of the props, or "". What only a value can show (the length
// of a text, how many entries a list has) is not asked.
func (s *Schemas) Accepts(schema json.RawMessage, props map[string]any, pointer string, t *Type) string {
	k := s.get(schema)
	if k.compiled == nil {
		return "the schema of the component cannot be used"
	}
	nodes, known := k.compiled.shape.about(props, pointer)
	if !known {
		return "the component has no such property"
	}
	steps := maxAccepted
	for _, n := range nodes {
		if why := n.accepts(t, 0, &steps); why != "" {
			return why
		}
	}
	return ""
}

// Default is what a schema says that a place of the props holds when nothing is given.
func (s *Schemas) Default(schema json.RawMessage, props map[string]any, pointer string) (any, bool) {
	k := s.get(schema)
	if k.compiled == nil {
		return nil, false
	}
	nodes, _ := k.compiled.shape.about(props, pointer)
	for _, n := range conjuncts(nodes) {
		if v, given := n.raw["default"]; given && v != nil {
			return canonical.Clone(v), true
		}
	}
	return nil, false
}

// about returns the schemas of a place in the props, and whether the props have such a place.
func (s *shape) about(props map[string]any, pointer string) (nodes []*node, known bool) {
	nodes = []*node{s.root}
	var at any = props
	for _, segment := range strings.Split(pointer, "/")[1:] {
		seen := viewOf(nodes, at)
		switch v := at.(type) {
		case map[string]any:
			name := canonical.UnescapePointer(segment)
			lists, open := seen.openness()
			about, knows := seen.property(name)
			if seen.refuses(name) || lists && !open && !knows {
				return nil, false
			}
			nodes, at = about, v[name]
		case []any:
			i, err := strconv.Atoi(segment)
			if err != nil || i < 0 || i >= len(v) {
				return nil, false
			}
			nodes, at = seen.item(i), v[i]
		default:
			return nil, false
		}
	}
	return nodes, true
}

// How far types and schemas are compared; what is beyond shows when the values are there.
const (
	maxTypeDepth = 12
	maxAccepted  = 10_000 // comparisons
)

func (n *node) accepts(t *Type, depth int, steps *int) string {
	if *steps--; t.Kind == Anything || depth > maxTypeDepth || *steps < 0 {
		return ""
	}
	for _, c := range conjuncts([]*node{n}) {
		if why := c.acceptsHere(t, depth, steps); why != "" {
			return why
		}
	}
	return ""
}

func (n *node) acceptsHere(t *Type, depth int, steps *int) string {
	if n.isFalse() {
		return "nothing may stand there"
	}
	if n.takesPicture() {
		return "a picture of Sonata stands there, and no data"
	}
	if why := n.acceptsKind(t); why != "" {
		return why
	}
	if why := n.acceptsValues(t); why != "" {
		return why
	}
	for _, keyword := range [...]string{"anyOf", "oneOf"} {
		if why := acceptsAny(n.list[keyword], t, depth, steps); why != "" {
			return why
		}
	}
	switch t.Kind {
	case Object:
		return n.acceptsObject(t, depth, steps)
	case List:
		if items := n.one["items"]; items != nil && t.Item != nil {
			if why := items.accepts(t.Item, depth+1, steps); why != "" {
				return "each entry: " + why
			}
		}
	case Text, Whole, Number, Truth, Anything:
	}
	return ""
}

func acceptsAny(alternatives []*node, t *Type, depth int, steps *int) (why string) {
	for _, a := range alternatives {
		reason := a.accepts(t, depth+1, steps)
		if reason == "" {
			return ""
		}
		if why == "" {
			why = reason
		}
	}
	return why
}

func (n *node) acceptsKind(t *Type) string {
	var names []string
	switch v := n.raw["type"].(type) {
	case string:
		names = []string{v}
	case []any:
		for _, one := range v {
			name, _ := one.(string)
			names = append(names, name)
		}
	default:
		return ""
	}
	is := t.Kind.inSchema()
	if slices.Contains(names, is) || t.Kind == Whole && slices.Contains(names, "number") {
		return ""
	}
	return fmt.Sprintf("the component wants %s, and the document gives %s", typeNames(names), typeName(is))
}

func (n *node) acceptsObject(t *Type, depth int, steps *int) string {
	required, _ := n.raw["required"].([]any)
	for _, one := range required {
		name, _ := one.(string)
		if t.Fields[name] == nil {
			return fmt.Sprintf("the component needs %s, which the document does not give: map it to one of its fields", quoted(name))
		}
	}
	for _, name := range sortedKeys(t.Fields) {
		if n.properties()[name] == nil {
			continue
		}
		if why := n.properties()[name].accepts(t.Fields[name], depth+1, steps); why != "" {
			return name + ": " + why
		}
	}
	return ""
}

func (n *node) acceptsValues(t *Type) string {
	allowed, listed := n.values()
	if !listed {
		return ""
	}
	if !slices.ContainsFunc(allowed, func(v any) bool { return kindOf(v) == t.Kind || kindOf(v) == Number && t.Kind == Whole }) {
		return fmt.Sprintf("the component takes only %s, and the document gives %s", oneOfValues(allowed), typeName(t.Kind.inSchema()))
	}
	for _, v := range t.Values {
		if !containsJSON(allowed, v) {
			return fmt.Sprintf("the document can give %s, and the component takes only %s", quoted(v), oneOfValues(allowed))
		}
	}
	return ""
}

func kindOf(v any) Kind {
	switch v.(type) {
	case string:
		return Text
	case float64:
		return Number
	case bool:
		return Truth
	case []any:
		return List
	case map[string]any:
		return Object
	}
	return Anything
}
