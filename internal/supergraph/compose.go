//sonata:pure

package supergraph

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// Compose joins the subgraphs into one graph. When a problem is an ERROR there is no supergraph; warnings and notices
// come beside one. The order of the subgraphs changes nothing but the order of Supergraph.Sources. Compose reads every
// subgraph before it merges any, and merges all before it asks whether every field can be reached: problems of a later
// step are only reported when the earlier steps found no error.
func Compose(subgraphs []Subgraph) (*Supergraph, []Problem) {
	c := newComposer(subgraphs)
	for _, step := range []func(){
		c.read, c.checkServices, c.checkOwnership, c.checkNodes, c.applyOverrides, c.merge, c.checkMerged, c.finish, c.checkSatisfiable, c.adviseNullable,
	} {
		if step(); c.failed {
			return nil, c.report()
		}
	}
	c.super.Sources = c.sources(subgraphs)
	return c.super, c.report()
}

// composer carries one composition from step to step.
type composer struct {
	given []Subgraph
	// services are sorted: the owned one first, then by name, so that nothing depends on the order that was given.
	services []*service
	owned    *service
	problems []Problem
	// found counts them by rank.
	found  [3]int
	failed bool
	// hides says that something is @inaccessible.
	hides  bool
	merged map[string]*mergedType
	// names of merged, sorted.
	names []string
	super *Supergraph
	api   map[string]*ast.Definition
	// selections counts the field sets, so that each has a number.
	selections int
}

func newComposer(subgraphs []Subgraph) *composer {
	c := &composer{given: slices.Clone(subgraphs), merged: map[string]*mergedType{}}
	slices.SortStableFunc(c.given, func(a, b Subgraph) int {
		if a.Owned != b.Owned {
			if a.Owned {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Name, b.Name)
	})
	return c
}

// read parses every subgraph.
func (c *composer) read() {
	if len(c.given) > maxSubgraphs {
		c.errorf(nil, nil, "TOO_MANY_SUBGRAPHS", "withdraw services that are no longer used", "%d services are more than the %d that one graph may have",
			len(c.given), maxSubgraphs)
		return
	}
	together := 0
	for i, sub := range c.given {
		if together += len(sub.SDL); together > maxTogether {
			c.errorf(nil, nil, "SCHEMA_TOO_LARGE", "withdraw services that are no longer used", "the schemas have more than %d bytes together", maxTogether)
			return
		}
		s := &service{name: sub.Name, owned: sub.Owned, prefix: sub.NodePrefix, order: i, types: map[string]*typ{}, implementers: map[string][]string{}}
		c.services = append(c.services, s)
		switch {
		case sub.Name == "":
			c.errorf(s, nil, "INVALID_SUBGRAPH_NAME", "give every service a name", "a service has no name")
		case slices.ContainsFunc(c.services[:i], func(other *service) bool { return other.name == sub.Name }):
			c.errorf(s, nil, "INVALID_SUBGRAPH_NAME", "give every service a name of its own", "two services are called %q", sub.Name)
		case sub.Owned && c.owned != nil:
			c.errorf(s, nil, "INVALID_SUBGRAPH_NAME", "only one subgraph can be the owned one", "%q and %q are both owned", c.owned.name, sub.Name)
		}
		if sub.Owned {
			c.owned = s
		}
	}
	if c.failed {
		return
	}
	for i, sub := range c.given {
		r := &reader{composer: c, svc: c.services[i]}
		r.read(sub.SDL)
	}
}

// checkServices looks at each service on its own.
func (c *composer) checkServices() {
	for _, s := range c.services {
		c.checkConstants(s)
		c.readFieldSets(s)
		c.checkDirectivesOf(s)
	}
	if c.failed {
		return
	}
	for _, s := range c.services {
		c.markUse(s)
		c.checkExternal(s)
	}
}
