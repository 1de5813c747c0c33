//sonata:pure

package component

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"sonata.ai/sonata/internal/canonical"
)

// Project leaves out of the props what the schema does not know, at every depth: properties of an object whose schema
// lists properties and does not say that others are welcome. Where a schema lists none, everything stays. Of
// alternatives that a constant tells apart the one that is meant counts; of others, what any of them knows stays.
// An envelope (an object with the one property $bind or the like) stays whole, because it is not yet the value that the
// schema describes. A picture is trimmed to what its schema lists, and that is no loss worth a word. Removed are JSON Pointers, sorted. Project never changes its argument, and projecting the result
// again removes nothing. With a schema that cannot be used, everything stays.
func Project(schema json.RawMessage, props map[string]any) (projected map[string]any, removed []string) {
	s, _, err := readRaw(schema)
	if err != nil {
		return cloneProps(props), nil
	}
	return s.project(props)
}

// maxPasses bounds how often removing a property may change which alternative is meant.
const maxPasses = 16

func (s *shape) project(props map[string]any) (map[string]any, []string) {
	current := cloneProps(props)
	if !s.affordable(props) {
		return current, nil // validation refuses these props for the same reason
	}
	var removed []string
	for range maxPasses {
		p := &projector{}
		current = p.object([]*node{s.root}, current, "")
		if len(p.removed) == 0 {
			break
		}
		// Indexes of items never shift, since only properties go: pointers of all passes speak of the same props.
		removed = append(removed, p.removed...)
	}
	slices.Sort(removed)
	return current, removed
}

type projector struct {
	onlyPictures bool // whether everything else stays
	removed      []string
}

// trim leaves out of pictures what their schemas do not list: a picture is served with more than most components use.
func (s *shape) trim(props map[string]any) map[string]any {
	if !s.pictures {
		return props
	}
	p := &projector{onlyPictures: true}
	return p.object([]*node{s.root}, cloneProps(props), "")
}

// view is what applies to one value: the schemas it must fit, and those that may say something about it.
type view struct {
	must []*node
	may  []*node
}

// viewOf follows references and combinators from the nodes, as far as the value decides which of them apply.
func viewOf(nodes []*node, value any) *view {
	v := &view{}
	for _, n := range nodes {
		v.include(n, value, true)
	}
	return v
}

func (v *view) include(n *node, value any, must bool) {
	if slices.Contains(v.must, n) || (!must && slices.Contains(v.may, n)) {
		return
	}
	if must {
		v.must = append(v.must, n)
	} else {
		v.may = append(v.may, n)
	}
	if n.ref != nil {
		v.include(n.ref, value, must)
	}
	for _, child := range n.list["allOf"] {
		v.include(child, value, must)
	}
	for _, keyword := range [...]string{"anyOf", "oneOf"} {
		meant, sure := alternatives(n.list[keyword], value)
		for _, child := range meant {
			v.include(child, value, must && sure)
		}
	}
	for _, keyword := range [...]string{"if", "then", "else"} {
		if child := n.one[keyword]; child != nil {
			v.include(child, value, false)
		}
	}
	dependent := n.named["dependentSchemas"]
	for _, name := range sortedKeys(dependent) {
		v.include(dependent[name], value, false)
	}
}

// alternatives picks those that the constants in the value do not rule out, or all when that leaves none. It is sure
// when one is left whose constants are all there.
func alternatives(all []*node, value any) (meant []*node, sure bool) {
	object, ok := value.(map[string]any)
	if !ok || len(all) == 0 {
		return all, false
	}
	confirmed := 0
	for _, child := range all {
		fits, given := true, false
		for name, want := range constants(child) {
			got, exists := object[name]
			switch {
			case !exists:
			case equalJSON(got, want):
				given = true
			default:
				fits = false
			}
		}
		if fits {
			meant = append(meant, child)
			if given {
				confirmed++
			}
		}
	}
	if len(meant) == 0 {
		return all, false
	}
	return meant, len(meant) == 1 && confirmed == 1
}

// constants returns the properties that an alternative fixes to one value, by const or by an enum of one.
func constants(n *node) map[string]any {
	found := map[string]any{}
	for _, part := range conjuncts([]*node{n}) {
		for name, child := range part.properties() {
			for _, c := range conjuncts([]*node{child}) {
				if values, fixed := c.values(); fixed && len(values) == 1 {
					found[name] = values[0]
				}
			}
		}
	}
	return found
}

// conjuncts returns the nodes with all that they refer to and combine by allOf: every value that fits must fit each.
func conjuncts(nodes []*node) []*node {
	var all []*node
	var include func(n *node)
	include = func(n *node) {
		if slices.Contains(all, n) {
			return
		}
		all = append(all, n)
		if n.ref != nil {
			include(n.ref)
		}
		for _, child := range n.list["allOf"] {
			include(child)
		}
	}
	for _, n := range nodes {
		include(n)
	}
	return all
}

// values returns the values that const or enum allow, when n has one of them.
func (n *node) values() ([]any, bool) {
	list, listed := n.raw["enum"].([]any)
	v, fixed := n.raw["const"]
	switch {
	case fixed && listed && !containsJSON(list, v): // both hold, so nothing does
		return nil, true
	case fixed:
		return []any{v}, true
	}
	return list, listed
}

func (p *projector) value(nodes []*node, v any, at string) any {
	if len(nodes) == 0 {
		return v
	}
	switch v := v.(type) {
	case map[string]any:
		if isEnvelope(v) {
			return v
		}
		return p.object(nodes, v, at)
	case []any:
		seen := viewOf(nodes, v)
		for i := range v {
			v[i] = p.value(seen.item(i), v[i], at+"/"+strconv.Itoa(i))
		}
	}
	return v
}

func isEnvelope(v map[string]any) bool {
	if len(v) != 1 {
		return false
	}
	for name := range v {
		return strings.HasPrefix(name, "$")
	}
	return false
}

func (p *projector) object(nodes []*node, object map[string]any, at string) map[string]any {
	seen := viewOf(nodes, object)
	lists, open := seen.openness()
	picture := seen.takesPicture()
	for _, name := range sortedKeys(object) {
		place := at + "/" + canonical.EscapePointer(name)
		about, known := seen.property(name)
		if unwanted := seen.refuses(name) || (lists && !open && !known); unwanted && (picture || !p.onlyPictures) {
			delete(object, name)
			if !picture {
				p.removed = append(p.removed, place)
			}
			continue
		}
		object[name] = p.value(about, object[name], place)
	}
	return object
}

func (v *view) all() []*node { return slices.Concat(v.must, v.may) }

// takesPicture reports whether any schema says that the value is a picture.
func (v *view) takesPicture() bool {
	return slices.ContainsFunc(v.all(), (*node).takesPicture)
}

// openness says whether any schema lists properties, and whether any says that others are welcome.
func (v *view) openness() (lists, open bool) {
	for _, n := range v.all() {
		if n.properties() != nil {
			lists = true
		}
		if n.welcomesOthers() {
			open = true
		}
	}
	return lists, open
}

// welcomesOthers reports whether the schema says something else than no about properties it does not list.
func (n *node) welcomesOthers() bool {
	for _, keyword := range [...]string{"additionalProperties", "unevaluatedProperties"} {
		if child := n.one[keyword]; child != nil && !child.isFalse() {
			return true
		}
	}
	return n.named["patternProperties"] != nil
}

// refuses reports whether a schema that must fit is closed and does not know the property.
func (v *view) refuses(name string) bool {
	for _, n := range v.must {
		if child := n.one["additionalProperties"]; child != nil && child.isFalse() {
			if about, _ := n.property(name); len(about) == 1 && about[0] == child {
				return true
			}
		}
	}
	return false
}

// property returns the schemas that speak about one property, and whether any schema knows it by name or pattern.
func (v *view) property(name string) (about []*node, known bool) {
	for _, n := range v.all() {
		list, knows := n.property(name)
		known = known || knows
		for _, child := range list {
			if !slices.Contains(about, child) {
				about = append(about, child)
			}
		}
	}
	return about, known
}

// property returns the subschemas of n for one property: by name and by pattern, else the one for all others.
func (n *node) property(name string) (about []*node, known bool) {
	if child := n.properties()[name]; child != nil {
		about = append(about, child)
	}
	for _, p := range n.patterns {
		if p.re.MatchString(name) {
			about = append(about, p.node)
		}
	}
	if len(about) > 0 {
		return about, true
	}
	for _, keyword := range [...]string{"additionalProperties", "unevaluatedProperties"} {
		if child := n.one[keyword]; child != nil {
			return []*node{child}, false
		}
	}
	return nil, false
}

// item returns the schemas that speak about the item at an index.
func (v *view) item(i int) []*node {
	var about []*node
	for _, n := range v.all() {
		if child := n.item(i); child != nil && !slices.Contains(about, child) {
			about = append(about, child)
		}
	}
	return about
}

func (n *node) item(i int) *node {
	if prefix := n.list["prefixItems"]; i < len(prefix) {
		return prefix[i]
	}
	if child := n.one["items"]; child != nil {
		return child
	}
	return n.one["unevaluatedItems"]
}

// equalJSON compares decoded JSON values.
func equalJSON(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		other, ok := b.(map[string]any)
		if !ok || len(a) != len(other) {
			return false
		}
		for name := range a {
			if v, exists := other[name]; !exists || !equalJSON(a[name], v) {
				return false
			}
		}
		return true
	case []any:
		other, ok := b.([]any)
		if !ok || len(a) != len(other) {
			return false
		}
		for i := range a {
			if !equalJSON(a[i], other[i]) {
				return false
			}
		}
		return true
	case nil, bool, float64, string:
		switch b.(type) {
		case map[string]any, []any:
			return false
		}
		return a == b
	}
	return false
}
