//sonata:pure

package component

import (
	"slices"
	"strings"
)

// isAnnotation reports keywords that say nothing about which props fit.
func isAnnotation(keyword string) bool {
	switch keyword {
	case "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "$comment", "$schema",
		"$defs", "definitions":
		return true
	}
	return strings.HasPrefix(keyword, "x-")
}

// isUnderstood reports keywords whose changes the comparison weighs one by one.
func isUnderstood(keyword string) bool {
	switch keyword {
	case "type", "enum", "const", "$ref", "allOf", "anyOf", "oneOf",
		"minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties",
		"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "pattern", "format", "uniqueItems",
		"required", "dependentRequired", "properties", "patternProperties", "additionalProperties",
		"items", "prefixItems":
		return true
	}
	return false
}

// opaque compares the keywords that are not weighed: whatever one side has, the other must have, exactly so. Only not
// may go, because without it more fits and nothing else changes.
func (c *comparison) opaque(o, n *side, at place) {
	for _, part := range n.nodes {
		for _, keyword := range sortedKeys(part.raw) {
			if !isAnnotation(keyword) && !isUnderstood(keyword) && !hasOpaque(o.nodes, part, keyword) {
				c.add(at, "changed in a way that cannot be compared (%s)", keyword)
			}
		}
	}
	for _, part := range o.nodes {
		for _, keyword := range sortedKeys(part.raw) {
			if keyword != "not" && !isAnnotation(keyword) && !isUnderstood(keyword) && !hasOpaque(n.nodes, part, keyword) {
				c.add(at, "changed in a way that cannot be compared (%s)", keyword)
			}
		}
	}
}

// hasOpaque reports whether one of the nodes means the same by the keyword. Keywords whose meaning depends on their
// neighbors are compared together with them.
func hasOpaque(nodes []*node, n *node, keyword string) bool {
	return slices.ContainsFunc(nodes, func(other *node) bool {
		s := sameness{}
		switch keyword {
		case "if", "then", "else":
			return s.keyword(n, other, "if") && s.keyword(n, other, "then") && s.keyword(n, other, "else")
		case "contains", "minContains", "maxContains":
			return s.keyword(n, other, "contains") && s.keyword(n, other, "minContains") && s.keyword(n, other, "maxContains")
		case "unevaluatedProperties", "unevaluatedItems":
			return s.nodes(n, other)
		}
		return s.keyword(n, other, keyword)
	})
}

// sameSets reports whether two sets consist of the same schemas in the same order.
func sameSets(a, b []*node) bool {
	return slices.EqualFunc(a, b, sameNodes)
}

func sameNodes(a, b *node) bool { return sameness{}.nodes(a, b) }

// sameness remembers the pairs under comparison: one met again is the same if everything else is. It is made anew for
// each question, because one difference voids what was assumed.
type sameness map[[2]*node]bool

func (s sameness) nodes(a, b *node) bool {
	if (a == nil) != (b == nil) {
		return false
	}
	if a == nil || s[[2]*node{a, b}] {
		return true
	}
	s[[2]*node{a, b}] = true
	if a.boolean != nil || b.boolean != nil {
		return a.boolean != nil && b.boolean != nil && *a.boolean == *b.boolean
	}
	for keyword := range a.raw {
		if !isAnnotation(keyword) && !s.keyword(a, b, keyword) {
			return false
		}
	}
	for keyword := range b.raw {
		if _, given := a.raw[keyword]; !given && !isAnnotation(keyword) {
			return false
		}
	}
	return true
}

func (s sameness) keyword(a, b *node, keyword string) bool {
	v, inA := a.raw[keyword]
	w, inB := b.raw[keyword]
	if inA != inB {
		return false
	}
	if keyword == "$ref" {
		return s.nodes(a.ref, b.ref)
	}
	switch formOf(keyword) {
	case holdsOne:
		return s.nodes(a.one[keyword], b.one[keyword])
	case holdsList:
		return slices.EqualFunc(a.list[keyword], b.list[keyword], s.nodes)
	case holdsNamed:
		return s.named(a.named[keyword], b.named[keyword])
	}
	return equalJSON(v, w)
}

func (s sameness) named(a, b map[string]*node) bool {
	if len(a) != len(b) {
		return false
	}
	for name := range a {
		if b[name] == nil || !s.nodes(a[name], b[name]) {
			return false
		}
	}
	return true
}
