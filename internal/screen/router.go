//sonata:pure

package screen

import (
	"maps"
	"slices"
)

// Router finds the screen for a path among many patterns. It never changes once made, so it may be shared.
type Router struct {
	root *routerNode
}

// routerNode is one place in a tree of segments. A place is reached in one way only, so a match visits none twice:
// backtracking costs at most the number of places.
type routerNode struct {
	literals  map[string]*routerNode
	parameter *routerNode
	screen    string
	pattern   Pattern // zero when no pattern ends here
}

// NewRouter takes the pattern of each screen key. Zero patterns are left out. Of patterns that are Alike, which nobody
// should store, the screen whose key sorts first is found.
func NewRouter(patterns map[string]Pattern) *Router {
	r := &Router{root: &routerNode{}}
	for _, key := range slices.Sorted(maps.Keys(patterns)) {
		pattern := patterns[key]
		if pattern.text == "" {
			continue
		}
		n := r.root
		for _, seg := range pattern.segments {
			n = n.next(seg)
		}
		if n.pattern.text == "" {
			n.screen, n.pattern = key, pattern
		}
	}
	return r
}

func (n *routerNode) next(seg segment) *routerNode {
	if seg.parameter != "" {
		if n.parameter == nil {
			n.parameter = &routerNode{}
		}
		return n.parameter
	}
	if n.literals == nil {
		n.literals = map[string]*routerNode{}
	}
	if n.literals[seg.literal] == nil {
		n.literals[seg.literal] = &routerNode{}
	}
	return n.literals[seg.literal]
}

// Match returns the screen for a path and its parameters, with Pattern.Match's rules for paths. Where several patterns
// fit, a literal beats a parameter, decided segment by segment from the left.
func (r *Router) Match(path string) (key string, params map[string]string, ok bool) {
	var buf [MaxPatternSegments]string
	segments, ok := splitPath(path, buf[:0])
	if !ok {
		return "", nil, false
	}
	n := r.root.find(segments)
	if n == nil {
		return "", nil, false
	}
	return n.screen, n.pattern.params(segments), true
}

func (n *routerNode) find(segments []string) *routerNode {
	if len(segments) == 0 {
		if n.pattern.text == "" {
			return nil
		}
		return n
	}
	if next := n.literals[segments[0]]; next != nil {
		if found := next.find(segments[1:]); found != nil {
			return found
		}
	}
	if n.parameter != nil {
		return n.parameter.find(segments[1:])
	}
	return nil
}
