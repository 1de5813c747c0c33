//sonata:pure

package component

import (
	"slices"
)

// group is one anyOf or oneOf.
type group struct {
	keyword string
	holder  *node
}

func (g group) alternatives() []*node { return g.holder.list[g.keyword] }

func groups(nodes []*node) []group {
	var all []group
	for _, n := range nodes {
		for _, keyword := range [...]string{"anyOf", "oneOf"} {
			if len(n.list[keyword]) > 0 {
				all = append(all, group{keyword, n})
			}
		}
	}
	return all
}

// groups finds for each group of new one of old whose alternatives fit into it, then compares case by case: what fits
// one alternative of old must fit the alternative of new that is meant.
func (c *comparison) groups(o, n *side, old, new []group, at place) {
	used := make([]bool, len(old))
	for _, after := range new {
		found := false
		for i, before := range old {
			partners, ok := match(before, after)
			if !ok {
				continue
			}
			found, used[i] = true, true
			for j, alternative := range before.alternatives() {
				c.inCase(o, n, alternative, partners[j], at)
			}
			break
		}
		if gone, ok := lostConstant(old, after); !found && ok {
			c.add(at, "no longer allows the alternative %s", show(gone))
		} else if !found {
			c.add(at, "changed in its alternatives (%s) in a way that cannot be compared", after.keyword)
		}
	}
	for i, before := range old {
		if used[i] {
			continue
		}
		for _, alternative := range before.alternatives() {
			c.inCase(o, n, alternative, nil, at)
		}
	}
}

func (c *comparison) inCase(o, n *side, old, new *node, at place) {
	oldPart := conjuncts([]*node{old})
	var newPart []*node
	if new != nil {
		newPart = conjuncts([]*node{new})
	}
	inside := at
	inside.root = false
	c.conjuncts(union(o.nodes, oldPart), union(n.nodes, newPart), groups(oldPart), groups(newPart), inside)
}

func union(a, b []*node) []*node {
	all := slices.Clone(a)
	for _, n := range b {
		if !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	return all
}

// match pairs every alternative of before with one of after, when that can be done for certain:
// both groups hold the same alternatives; or a required constant tells the alternatives of each apart; or those of
// objects and lists are the same and the others (texts, numbers) only became more.
func match(before, after group) ([]*node, bool) {
	if before.keyword == "anyOf" && after.keyword == "oneOf" && !apart(after.alternatives()) {
		return nil, false
	}
	old, new := before.alternatives(), after.alternatives()
	if partners, ok := matchSame(old, new); ok && len(old) == len(new) {
		return partners, true
	}
	if partners, ok := matchConstants(old, new); ok {
		return partners, true
	}
	if after.keyword == "oneOf" && !apart(new) {
		return nil, false
	}
	var oldDeep, oldFlat, newDeep, newFlat []*node
	for _, n := range old {
		if isDeep(n) {
			oldDeep = append(oldDeep, n)
		} else {
			oldFlat = append(oldFlat, n)
		}
	}
	for _, n := range new {
		if isDeep(n) {
			newDeep = append(newDeep, n)
		} else {
			newFlat = append(newFlat, n)
		}
	}
	partners, ok := matchSame(oldDeep, newDeep)
	if !ok || len(oldDeep) != len(newDeep) {
		return nil, false
	}
	flat, ok := matchFlat(oldFlat, newFlat)
	if !ok {
		return nil, false
	}
	var all []*node
	for _, n := range old { // back into the order of old
		if isDeep(n) {
			all, partners = append(all, partners[0]), partners[1:]
		} else {
			all, flat = append(all, flat[0]), flat[1:]
		}
	}
	return all, true
}

// matchSame pairs each old alternative with an equal new one, none twice.
func matchSame(old, new []*node) ([]*node, bool) {
	used := make([]bool, len(new))
	var partners []*node
	for _, o := range old {
		i := slices.IndexFunc(new, func(n *node) bool { return sameNodes(o, n) })
		for i >= 0 && used[i] {
			next := slices.IndexFunc(new[i+1:], func(n *node) bool { return sameNodes(o, n) })
			if next < 0 {
				return nil, false
			}
			i += 1 + next
		}
		if i < 0 {
			return nil, false
		}
		used[i] = true
		partners = append(partners, new[i])
	}
	return partners, true
}

// matchFlat pairs each old alternative with a new one that allows at least as much.
func matchFlat(old, new []*node) ([]*node, bool) {
	var partners []*node
	for _, o := range old {
		i := slices.IndexFunc(new, func(n *node) bool {
			trial := &comparison{seen: map[string]bool{}}
			trial.sets([]*node{o}, []*node{n}, place{})
			return len(trial.broken) == 0
		})
		if i < 0 {
			return nil, false
		}
		partners = append(partners, new[i])
	}
	return partners, true
}

// isDeep reports whether an alternative can be an object or a list: then projection looks into it.
func isDeep(n *node) bool {
	s := readSide(conjuncts([]*node{n}))
	return s.types["object"] || s.types["array"]
}

// matchConstants pairs by the constant of one property, which every alternative on both sides fixes to another value
// and requires.
func matchConstants(old, new []*node) ([]*node, bool) {
	if len(old) == 0 || len(new) == 0 {
		return nil, false
	}
	for _, name := range sortedKeys(constants(old[0])) {
		before, okBefore := discriminate(old, name)
		after, okAfter := discriminate(new, name)
		if !okBefore || !okAfter {
			continue
		}
		var partners []*node
		for _, v := range before {
			i := slices.IndexFunc(after, func(other any) bool { return equalJSON(v, other) })
			if i < 0 {
				return nil, false
			}
			partners = append(partners, new[i])
		}
		return partners, true
	}
	return nil, false
}

// lostConstant finds the constant of an alternative that a group of old has and after has not, for a readable sentence.
func lostConstant(old []group, after group) (any, bool) {
	for _, before := range old {
		for _, name := range sortedKeys(constants(before.alternatives()[0])) {
			had, okBefore := discriminate(before.alternatives(), name)
			has, okAfter := discriminate(after.alternatives(), name)
			if !okBefore || !okAfter {
				continue
			}
			for _, v := range had {
				if !containsJSON(has, v) {
					return v, true
				}
			}
		}
	}
	return nil, false
}

// discriminate returns the constant of the property in each alternative, when all differ and all require it of an
// object.
func discriminate(all []*node, name string) ([]any, bool) {
	var values []any
	for _, n := range all {
		v, fixed := constants(n)[name]
		parts := conjuncts([]*node{n})
		types := readSide(parts).types
		onlyObject := types["object"] && !types["array"] && !types["string"] && !types["number"] &&
			!types["integer"] && !types["boolean"] && !types["null"]
		if !fixed || !onlyObject || !slices.Contains(requiredNames(parts), name) || containsJSON(values, v) {
			return nil, false
		}
		values = append(values, v)
	}
	return values, true
}

// decisive reports whether a required constant tells all the alternatives apart.
func decisive(all []*node) bool {
	if len(all) == 0 {
		return false
	}
	for _, name := range sortedKeys(constants(all[0])) {
		if _, ok := discriminate(all, name); ok {
			return true
		}
	}
	return false
}

// apart reports whether no value fits two of the alternatives, so that oneOf means the same as anyOf.
func apart(all []*node) bool {
	if decisive(all) {
		return true
	}
	sides := make([]*side, len(all))
	for i, n := range all {
		sides[i] = readSide(conjuncts([]*node{n}))
	}
	for i := range sides {
		for _, other := range sides[:i] {
			if !disjoint(sides[i], other) {
				return false
			}
		}
	}
	return true
}

func disjoint(a, b *side) bool {
	if a.limited && b.limited {
		return !slices.ContainsFunc(a.values, func(v any) bool { return containsJSON(b.values, v) })
	}
	for name := range a.types {
		if a.types[name] && b.types[name] {
			return false
		}
	}
	return true
}
