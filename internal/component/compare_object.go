//sonata:pure

package component

import (
	"slices"
)

// objects compares what two sets say about the properties of an object.
func (c *comparison) objects(o, n *side, at place) {
	c.required(o, n, at)
	before, after := &view{must: o.nodes}, &view{must: n.nodes}
	listed := propertyNames(o.nodes)
	c.removed(before, after, listed, at)
	said := mentionsOf(o.nodes)
	for _, name := range propertyNames(n.nodes) {
		old, known := before.property(name)
		fresh, _ := after.property(name)
		switch {
		case said.property(name):
			if !sameSets(old, fresh) {
				c.add(at.property(name), "changed beside conditions or alternatives that speak of it, in a way that cannot be compared")
			}
		case slices.Contains(listed, name), known:
			c.sets(old, fresh, at.property(name))
		case before.refuses(name):
			// Old content cannot have it.
		case before.keepsOthers() && !at.root, before.statesOthers():
			c.sets(old, fresh, at.property(name))
		}
	}
	c.others(before, after, at)
	c.patterns(o, n, at)
}

func propertyNames(nodes []*node) []string {
	var names []string
	for _, n := range nodes {
		for _, name := range sortedKeys(n.properties()) {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// keepsOthers reports whether projecting leaves properties in place that are not listed.
func (v *view) keepsOthers() bool {
	lists, open := v.openness()
	return (!lists || open) && !v.closed()
}

// statesOthers reports whether others are welcome in so many words.
func (v *view) statesOthers() bool {
	_, open := v.openness()
	return open && !v.closed()
}

// mayLoseOthers reports whether others go where a condition or an alternative lists properties.
func (v *view) mayLoseOthers() bool {
	return !v.statesOthers() && len(mentionsOf(v.must).names) > 0
}

func (v *view) closed() bool {
	return slices.ContainsFunc(v.must, func(n *node) bool {
		child := n.one["additionalProperties"]
		return child != nil && child.isFalse()
	})
}

func (c *comparison) required(o, n *side, at place) {
	had := requiredNames(o.nodes)
	for _, name := range requiredNames(n.nodes) {
		if !slices.Contains(had, name) {
			c.add(at.property(name), "became required")
		}
	}
	for _, part := range n.nodes {
		rules, _ := part.raw["dependentRequired"].(map[string]any)
		for _, name := range sortedKeys(rules) {
			if v, _ := rules[name].([]any); !implied(o.nodes, had, name, v) {
				c.add(at.property(name), "now requires other properties")
			}
		}
	}
}

func requiredNames(nodes []*node) []string {
	var names []string
	for _, n := range nodes {
		list, _ := n.raw["required"].([]any)
		for _, v := range list {
			if name, ok := v.(string); ok && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// implied reports whether the old side already asked for all that name now requires.
func implied(old []*node, required []string, name string, needs []any) bool {
	for _, need := range needs {
		text, _ := need.(string)
		if slices.Contains(required, text) {
			continue
		}
		if !slices.ContainsFunc(old, func(n *node) bool {
			rules, _ := n.raw["dependentRequired"].(map[string]any)
			list, _ := rules[name].([]any)
			return containsJSON(list, need)
		}) {
			return false
		}
	}
	return true
}

// removed looks at the properties that only the old side lists: new must keep them, and whatever it says about others
// must hold for them.
func (c *comparison) removed(before, after *view, listed []string, at place) {
	for _, name := range listed {
		fresh, known := after.property(name)
		old, _ := before.property(name)
		switch {
		case slices.ContainsFunc(old, (*node).isFalse), before.refuses(name):
			// It could never be given.
		case after.refuses(name), !known && !after.keepsOthers():
			c.add(at.property(name), "was removed")
		default:
			c.sets(old, fresh, at.property(name))
		}
	}
}

// others compares what the sides say about properties that neither lists.
func (c *comparison) others(before, after *view, at place) {
	if lists, open := before.openness(); before.closed() || (at.root && !lists && !open) {
		return // a component whose schema lists no props has none: its first ones cannot clash with content
	}
	if after.closed() || before.keepsOthers() && (!after.keepsOthers() || after.mayLoseOthers() && !before.mayLoseOthers()) {
		c.add(at, "no longer allows additional properties")
		return
	}
	c.sets(others(before), others(after), at.others())
}

func others(v *view) []*node {
	var all []*node
	for _, n := range v.must {
		if child := n.one["additionalProperties"]; child != nil {
			all = append(all, child)
		}
	}
	return all
}

// patterns compares patternProperties by their text. Which names two different patterns share is not decided here.
func (c *comparison) patterns(o, n *side, at place) {
	for _, part := range o.nodes {
		for _, p := range part.patterns {
			if findPattern(n.nodes, p.pattern) == nil {
				c.add(at, "no longer describes properties of the pattern %s", quoted(p.pattern))
			}
		}
	}
	for _, part := range n.nodes {
		for _, p := range part.patterns {
			old := findPattern(o.nodes, p.pattern)
			if old == nil {
				c.add(at, "now describes properties of the pattern %s", quoted(p.pattern))
				continue
			}
			c.sets(old, []*node{p.node}, at.property(p.pattern))
		}
	}
}

func findPattern(nodes []*node, pattern string) []*node {
	var found []*node
	for _, n := range nodes {
		for _, p := range n.patterns {
			if p.pattern == pattern {
				found = append(found, p.node)
			}
		}
	}
	return found
}

// arrays compares what two sets say about items, one index after another as far as prefixes go, then all the rest.
func (c *comparison) arrays(o, n *side, at place) {
	before, after := &view{must: o.nodes}, &view{must: n.nodes}
	prefix := 0
	for _, part := range slices.Concat(o.nodes, n.nodes) {
		prefix = max(prefix, len(part.list["prefixItems"]))
	}
	said := mentionsOf(o.nodes)
	for i := 0; i <= prefix; i++ {
		old, fresh := before.item(i), after.item(i)
		if said.items && !sameSets(old, fresh) {
			c.add(at.items(), "changed beside conditions or alternatives that speak of it, in a way that cannot be compared")
			continue
		}
		c.sets(old, fresh, at.items())
	}
}

// mentions is what schemas say about properties and items in parts that apply only to some values. Projection keeps
// what these parts know, even for values that they do not apply to, so such content may look like anything.
type mentions struct {
	names map[string]bool
	any   bool // of properties by pattern, or of all others
	items bool
}

func (m *mentions) property(name string) bool { return m.any || m.names[name] }

func mentionsOf(nodes []*node) *mentions {
	m := &mentions{names: map[string]bool{}}
	seen := map[*node]bool{}
	var include func(n *node)
	include = func(n *node) {
		if seen[n] {
			return
		}
		seen[n] = true
		for name := range n.properties() {
			m.names[name] = true
		}
		m.any = m.any || n.welcomesOthers()
		m.items = m.items || n.one["items"] != nil || n.list["prefixItems"] != nil || n.one["unevaluatedItems"] != nil
		for _, child := range n.inPlace() {
			include(child)
		}
	}
	for _, n := range nodes {
		for _, part := range n.conditional() {
			include(part)
		}
	}
	return m
}

// conditional returns the subschemas of n that apply to the same value, but only sometimes. Alternatives that a
// required constant tells apart are left out: they are compared case by case.
func (n *node) conditional() []*node {
	var all []*node
	for _, keyword := range [...]string{"if", "then", "else"} {
		if child := n.one[keyword]; child != nil {
			all = append(all, child)
		}
	}
	dependent := n.named["dependentSchemas"]
	for _, name := range sortedKeys(dependent) {
		all = append(all, dependent[name])
	}
	for _, keyword := range [...]string{"anyOf", "oneOf"} {
		if list := n.list[keyword]; !decisive(list) {
			all = append(all, list...)
		}
	}
	return all
}
