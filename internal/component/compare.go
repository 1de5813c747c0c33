//sonata:pure

package component

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
)

// Compare returns what breaks when new replaces old within one major version, each a sentence that names the place;
// nothing when the change is safe. The law: props that fit old, and hold only properties that old knows, fit new, and
// projecting them onto new loses nothing. What the comparison cannot prove is reported as breaking. Title, category,
// UI schema, examples and fallback never break.
func Compare(old, new Definition) []string {
	var broken []string
	for _, slot := range old.Slots {
		if !slices.Contains(new.Slots, slot) {
			broken = append(broken, fmt.Sprintf("%s: slot %q was removed", new.Key, slot))
		}
	}
	before, _, err := readRaw(old.PropsSchema)
	if err != nil {
		return append(broken, new.Key+": the old props schema cannot be read, so nothing can be compared with it")
	}
	after, _, err := readRaw(new.PropsSchema)
	if err != nil {
		return append(broken, new.Key+": the new props schema cannot be read")
	}
	c := &comparison{seen: map[string]bool{}}
	c.sets([]*node{before.root}, []*node{after.root}, place{root: true})
	for _, sentence := range c.broken {
		if sentence = new.Key + ": " + sentence; !slices.Contains(broken, sentence) {
			broken = append(broken, sentence)
		}
	}
	return broken
}

// The limits of one comparison. References combine in more ways than anyone means.
const (
	maxComparisons = 20_000
	maxSentences   = 100
)

// comparison walks two schemas together. Both sides are sets: a value fits a set when it fits every schema in it.
type comparison struct {
	seen   map[string]bool
	broken []string
	steps  int
}

// place names where in the props two schemas are compared.
type place struct {
	root bool
	path string
}

func (p place) String() string {
	if p.path == "" {
		return "the props schema"
	}
	return fmt.Sprintf("property %q", p.path)
}

func (p place) property(name string) place {
	if p.path == "" {
		return place{path: name}
	}
	return place{path: p.path + "." + name}
}

func (p place) items() place { return place{path: p.path + "[]"} }

func (p place) others() place { return p.property("*") }

func (c *comparison) add(at place, format string, args ...any) {
	if len(c.broken) < maxSentences {
		c.broken = append(c.broken, at.String()+" "+fmt.Sprintf(format, args...))
	}
}

// sets compares what old and new say about one place.
func (c *comparison) sets(old, new []*node, at place) {
	before, after := conjuncts(old), conjuncts(new)
	c.conjuncts(before, after, groups(before), groups(after), at)
}

// conjuncts compares two sets that are already taken apart. It is coinductive: a pair met again, deeper inside itself,
// holds if the rest does, because every way back goes down into the props.
func (c *comparison) conjuncts(old, new []*node, oldGroups, newGroups []group, at place) {
	key := fmt.Sprintf("%t %s→%s", at.root, setKey(old, oldGroups), setKey(new, newGroups))
	if c.seen[key] {
		return
	}
	c.seen[key] = true
	if c.steps++; c.steps > maxComparisons {
		if c.steps == maxComparisons+1 {
			c.add(at, "is too complex to be compared")
		}
		return
	}
	if sameSets(old, new) {
		return
	}
	if slices.ContainsFunc(old, (*node).isFalse) {
		return
	}
	if slices.ContainsFunc(new, (*node).isFalse) {
		c.add(at, "is no longer allowed")
		return
	}
	o, n := readSide(old), readSide(new)
	if !c.types(o, n, at) {
		return
	}
	c.values(o, n, at)
	c.bounds(o, n, at)
	c.texts(o, n, at)
	c.opaque(o, n, at)
	if o.types["object"] {
		c.objects(o, n, at)
	}
	if o.types["array"] {
		c.arrays(o, n, at)
	}
	c.groups(o, n, oldGroups, newGroups, at)
}

func setKey(nodes []*node, groups []group) string {
	keys := make([]string, 0, len(nodes)+len(groups))
	for _, n := range nodes {
		keys = append(keys, fmt.Sprintf("%p", n))
	}
	slices.Sort(keys)
	for _, g := range groups {
		keys = append(keys, fmt.Sprintf("%s%p", g.keyword, g.holder))
	}
	return strings.Join(keys, ",")
}

// side is one set with what follows from all its schemas together.
type side struct {
	nodes  []*node
	types  map[string]bool
	values []any // the only values that fit, when limited
	// limited tells a side without const and enum from one whose values exclude each other.
	limited bool
}

func readSide(nodes []*node) *side {
	s := &side{nodes: nodes, types: map[string]bool{}}
	for _, name := range [...]string{"null", "boolean", "number", "integer", "string", "array", "object"} {
		s.types[name] = true
	}
	for _, n := range nodes {
		if allowed, given := n.types(); given {
			for name := range s.types {
				s.types[name] = s.types[name] && allowed[name]
			}
		}
	}
	for _, n := range nodes {
		list, ok := n.values()
		if !ok {
			continue
		}
		if !s.limited {
			s.limited, s.values = true, slices.Clone(list)
			continue
		}
		s.values = slices.DeleteFunc(s.values, func(v any) bool { return !containsJSON(list, v) })
	}
	s.values = slices.DeleteFunc(s.values, func(v any) bool { return !s.types[typeOf(v)] })
	if s.limited {
		found := map[string]bool{}
		for _, v := range s.values {
			found[typeOf(v)] = true
			if typeOf(v) == "integer" {
				found["number"] = true
			}
		}
		for name := range s.types {
			s.types[name] = s.types[name] && found[name]
		}
	}
	return s
}

// types returns the types of the keyword type. A number includes every integer.
func (n *node) types() (map[string]bool, bool) {
	allowed := map[string]bool{}
	switch t := n.raw["type"].(type) {
	case string:
		allowed[t] = true
	case []any:
		for _, name := range t {
			if s, ok := name.(string); ok {
				allowed[s] = true
			}
		}
	default:
		return nil, false
	}
	if allowed["number"] {
		allowed["integer"] = true
	}
	return allowed, true
}

func typeOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case float64:
		if v == math.Trunc(v) {
			return "integer"
		}
		return "number"
	case string:
		return "string"
	case []any:
		return "array"
	}
	return "object"
}

func containsJSON(list []any, v any) bool {
	return slices.ContainsFunc(list, func(other any) bool { return equalJSON(v, other) })
}

// types reports false when the types already say all.
func (c *comparison) types(o, n *side, at place) bool {
	if o.limited {
		return true // each value is looked up on its own
	}
	allowed := map[string]bool{}
	for name := range o.types {
		allowed[name] = true
	}
	for _, part := range n.nodes {
		if own, given := part.types(); given {
			for name := range allowed {
				allowed[name] = allowed[name] && own[name]
			}
		}
	}
	for name, had := range o.types {
		if had && !allowed[name] {
			c.add(at, "was narrowed from %s to %s", typeList(o.types), typeList(allowed))
			return false
		}
	}
	return true
}

func typeList(types map[string]bool) string {
	var names []string
	for _, name := range [...]string{"null", "boolean", "number", "integer", "string", "array", "object"} {
		if types[name] && (name != "integer" || !types["number"]) {
			names = append(names, name)
		}
	}
	switch len(names) {
	case 0:
		return "nothing"
	case 6:
		return "any type"
	}
	return strings.Join(names, " or ")
}

func (c *comparison) values(o, n *side, at place) {
	if !o.limited {
		if n.limited {
			c.add(at, "now allows only %s", strings.TrimPrefix(oneOfValues(n.values), "one of "))
		}
		return
	}
	for _, v := range o.values {
		switch {
		case n.limited && !containsJSON(n.values, v), !n.types[typeOf(v)]:
			c.add(at, "no longer allows %s", show(v))
		}
	}
}

// bounds compares the limits of numbers, texts, lists and objects, each where the old side allows that type at all.
func (c *comparison) bounds(o, n *side, at place) {
	for _, b := range [...]struct {
		of, lower, upper string
	}{
		{"string", "minLength", "maxLength"},
		{"array", "minItems", "maxItems"},
		{"object", "minProperties", "maxProperties"},
	} {
		if o.types[b.of] {
			c.bound(o, n, b.lower, "", 1, at)
			c.bound(o, n, b.upper, "", -1, at)
		}
	}
	if !o.types["number"] && !o.types["integer"] {
		return
	}
	c.bound(o, n, "minimum", "exclusiveMinimum", 1, at)
	c.bound(o, n, "maximum", "exclusiveMaximum", -1, at)
	for _, part := range n.nodes {
		m, ok := part.raw["multipleOf"].(float64)
		if !ok || (m == 1 && !o.types["number"]) {
			continue
		}
		if !slices.ContainsFunc(o.nodes, func(other *node) bool { return isMultiple(other.raw["multipleOf"], m) }) {
			c.add(at, "must now be a multiple of %s", showNumber(m))
		}
	}
}

func isMultiple(v any, of float64) bool {
	f, ok := v.(float64)
	a, okA := new(big.Rat).SetString(fmt.Sprint(f))
	b, okB := new(big.Rat).SetString(fmt.Sprint(of))
	return ok && okA && okB && b.Sign() != 0 && new(big.Rat).Quo(a, b).IsInt()
}

// limit is the tightest of a set: sign 1 for lower limits, -1 for upper.
type limit struct {
	at     float64
	open   bool // the limit itself is excluded
	exists bool
}

func tightest(nodes []*node, inclusive, exclusive string, sign float64) limit {
	var found limit
	for _, n := range nodes {
		if f, ok := n.raw[inclusive].(float64); ok {
			found = found.and(limit{at: f, exists: true}, sign)
		}
		if f, ok := n.raw[exclusive].(float64); ok && exclusive != "" {
			found = found.and(limit{at: f, open: true, exists: true}, sign)
		}
	}
	return found
}

func (l limit) and(other limit, sign float64) limit {
	if other.tighter(l, sign) {
		return other
	}
	return l
}

// tighter reports whether l excludes something that other allows.
func (l limit) tighter(other limit, sign float64) bool {
	switch {
	case !l.exists:
		return false
	case !other.exists:
		return true
	case l.at != other.at:
		return sign*l.at > sign*other.at
	}
	return l.open && !other.open
}

func (c *comparison) bound(o, n *side, inclusive, exclusive string, sign float64, at place) {
	before, after := tightest(o.nodes, inclusive, exclusive, sign), tightest(n.nodes, inclusive, exclusive, sign)
	if sign > 0 && strings.HasPrefix(inclusive, "min") && exclusive == "" && after.at <= 0 {
		return // at least none is no limit
	}
	if !after.tighter(before, sign) {
		return
	}
	name := func(l limit) string {
		if l.open {
			return exclusive
		}
		return inclusive
	}
	if before.exists {
		c.add(at, "was narrowed: %s %s, was %s %s", name(after), showNumber(after.at), name(before), showNumber(before.at))
	} else {
		c.add(at, "was narrowed: %s %s, there was no such limit", name(after), showNumber(after.at))
	}
}

// texts compares pattern, format and uniqueItems: each that new has, old must have.
func (c *comparison) texts(o, n *side, at place) {
	for _, part := range n.nodes {
		for _, keyword := range [...]string{"pattern", "format"} {
			v, given := part.raw[keyword]
			if given && o.types["string"] && !hasKeyword(o.nodes, keyword, v) {
				c.add(at, "must now have the %s %s", keyword, show(v))
			}
		}
		if v := part.raw["uniqueItems"]; v == true && o.types["array"] && !hasKeyword(o.nodes, "uniqueItems", true) {
			c.add(at, "may no longer hold an item twice")
		}
	}
}

func hasKeyword(nodes []*node, keyword string, value any) bool {
	return slices.ContainsFunc(nodes, func(n *node) bool {
		v, given := n.raw[keyword]
		return given && equalJSON(v, value)
	})
}
