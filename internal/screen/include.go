//sonata:pure

package screen

import (
	"fmt"
	"maps"
	"slices"
)

// IncludeComponent is the reserved component whose block stands for another screen, named by its prop "screen".
const IncludeComponent = "include"

// maxIncludeDepth is how far includes nest: a screen may include one that includes another, and no further.
const maxIncludeDepth = 2

// IncludeProblem says why an include block cannot be filled.
type IncludeProblem struct {
	Screen   string
	BlockKey string
	Message  string
}

// Includes returns the screen key that each include block names. Blocks that name none are left out.
func Includes(b Body) map[string]string {
	found := map[string]string{}
	for key, block := range b.Blocks {
		if target, ok := block.Props["screen"].(string); ok && target != "" && block.Component == IncludeComponent {
			found[key] = target
		}
	}
	return found
}

// CheckIncludes finds what is wrong with the includes of all screens of a frontend together: a block without a screen,
// a screen that is missing, an include as root, a cycle (named at each include on it) and nesting deeper than
// maxIncludeDepth (named where the chain begins). Ordered by screen, then by block key.
func CheckIncludes(screens map[string]Body) []IncludeProblem {
	g := newIncludeGraph(screens)
	var problems []IncludeProblem
	for _, key := range slices.Sorted(maps.Keys(screens)) {
		for _, blockKey := range slices.Sorted(maps.Keys(screens[key].Blocks)) {
			if screens[key].Blocks[blockKey].Component != IncludeComponent {
				continue
			}
			if blockKey == screens[key].Root {
				problems = append(problems, IncludeProblem{key, blockKey, "an include cannot be the root of a screen: put it into a slot"})
			}
			if message := g.check(key, g.targets[key][blockKey]); message != "" {
				problems = append(problems, IncludeProblem{key, blockKey, message})
			}
		}
	}
	return problems
}

// includeGraph knows of each screen which it includes, in which group of mutual includes it is, and how deep it nests.
type includeGraph struct {
	screens map[string]Body
	targets map[string]map[string]string // screen → block key → screen
	group   map[string]int
	depth   map[string]int
}

func newIncludeGraph(screens map[string]Body) *includeGraph {
	g := &includeGraph{screens: screens, targets: map[string]map[string]string{}, group: map[string]int{}, depth: map[string]int{}}
	for key, body := range screens {
		g.targets[key] = Includes(body)
	}
	w := &groupWalk{graph: g, number: map[string]int{}, low: map[string]int{}, open: map[string]bool{}}
	for _, key := range slices.Sorted(maps.Keys(screens)) {
		w.visit(key)
	}
	return g
}

func (g *includeGraph) check(key, target string) string {
	if target == "" {
		return `an include names a screen: set the prop "screen" to its key`
	}
	if _, ok := g.screens[target]; !ok {
		return fmt.Sprintf("there is no screen %s to include", quote(target))
	}
	if g.group[key] == g.group[target] {
		return fmt.Sprintf("the screen %s includes itself by way of %s", quote(key), quote(target))
	}
	if g.depth[target]+1 > maxIncludeDepth {
		return fmt.Sprintf("includes nest at most %d deep; by way of %s they nest %d deep", maxIncludeDepth, quote(target), g.depth[target]+1)
	}
	return ""
}

// groupWalk is Tarjan's walk: screens that include each other get one group. A group is closed after all that it leads
// to, so the depth of those is known by then. Includes inside a group are cycles and do not count for depth.
type groupWalk struct {
	graph  *includeGraph
	number map[string]int
	low    map[string]int
	open   map[string]bool
	stack  []string
}

func (w *groupWalk) visit(key string) {
	if w.number[key] > 0 {
		return
	}
	w.number[key] = len(w.number) + 1
	w.low[key] = w.number[key]
	w.open[key] = true
	w.stack = append(w.stack, key)
	for _, target := range w.graph.targets[key] {
		if _, ok := w.graph.screens[target]; !ok {
			continue
		}
		seen := w.number[target] > 0
		w.visit(target)
		if !seen {
			w.low[key] = min(w.low[key], w.low[target])
		} else if w.open[target] {
			w.low[key] = min(w.low[key], w.number[target])
		}
	}
	if w.low[key] == w.number[key] {
		w.close(key)
	}
}

func (w *groupWalk) close(first string) {
	from := slices.Index(w.stack, first)
	group := slices.Clone(w.stack[from:])
	w.stack = w.stack[:from]
	for _, key := range group {
		w.open[key] = false
		w.graph.group[key] = w.number[first]
	}
	for _, key := range group {
		for _, target := range w.graph.targets[key] {
			_, there := w.graph.screens[target]
			if there && w.graph.group[target] != w.number[first] {
				w.graph.depth[key] = max(w.graph.depth[key], w.graph.depth[target]+1)
			}
		}
	}
}
