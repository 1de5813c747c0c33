//sonata:pure

package component

// The limits of one validation: subschemas applied to values, and distinct pairs of them. References let a few bytes
// ask for more steps than there are atoms, so steps are counted before they are taken.
const (
	maxSteps = 500_000
	maxPairs = 200_000
)

// instance is a value with an identity, so that pairs of subschema and value can be remembered.
type instance struct {
	value any
	props map[string]*instance
	items []*instance
}

// readInstance returns nil when the value is deeper than any that canonical.Decode lets in.
func readInstance(v any, count *int, depth int) *instance {
	if depth > maxPropsDepth {
		return nil
	}
	*count++
	in := &instance{value: v}
	switch v := v.(type) {
	case map[string]any:
		in.props = make(map[string]*instance, len(v))
		for name := range v {
			child := readInstance(v[name], count, depth+1)
			if child == nil {
				return nil
			}
			in.props[name] = child
		}
	case []any:
		in.items = make([]*instance, len(v))
		for i := range v {
			if in.items[i] = readInstance(v[i], count, depth+1); in.items[i] == nil {
				return nil
			}
		}
	}
	return in
}

// affordable reports whether validating the props takes a bounded number of steps.
func (s *shape) affordable(props map[string]any) bool {
	count := 0
	in := readInstance(props, &count, 0)
	if in == nil {
		return false
	}
	const trivial = 50_000
	if !s.refs && len(s.nodes)*count <= trivial {
		return true
	}
	c := &costs{known: map[pair]int{}}
	return c.of(s.root, in) <= maxSteps
}

type pair struct {
	n  *node
	in *instance
}

type costs struct{ known map[pair]int }

// of counts the steps of validating in against n, saturating beyond maxSteps.
func (c *costs) of(n *node, in *instance) int {
	if n.boolean != nil {
		return 1
	}
	key := pair{n, in}
	if steps, ok := c.known[key]; ok {
		return steps
	}
	if len(c.known) >= maxPairs {
		return maxSteps + 1
	}
	c.known[key] = 1
	steps := 1
	if values, ok := n.raw["enum"].([]any); ok {
		steps += len(values)
	}
	add := func(child *node, in *instance) {
		if child != nil && steps <= maxSteps {
			steps += c.of(child, in)
		}
	}
	for _, child := range n.inPlace() {
		add(child, in)
	}
	for name, value := range in.props {
		steps += len(n.patterns)
		add(n.properties()[name], value)
		for _, p := range n.patterns {
			if p.re.MatchString(name) {
				add(p.node, value)
			}
		}
		add(n.one["additionalProperties"], value)
		add(n.one["unevaluatedProperties"], value)
		add(n.one["propertyNames"], &instance{value: name})
	}
	prefix := n.list["prefixItems"]
	for i, value := range in.items {
		if i < len(prefix) {
			add(prefix[i], value)
		} else {
			add(n.one["items"], value)
		}
		add(n.one["contains"], value)
		add(n.one["unevaluatedItems"], value)
	}
	c.known[key] = steps
	return steps
}
