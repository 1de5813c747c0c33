//sonata:pure

package fleet

import "slices"

// Share is how many of so many replicas an agent should run, when the others run the rest: as evenly as possible, the first by
// name one more where it does not come out even, and each one at least. Running is instances that no agent runs.
func Share(replicas, running int, agents []string, agent string) int {
	agents = slices.Compact(slices.Sorted(slices.Values(agents)))
	at := slices.Index(agents, agent)
	if at < 0 {
		agents = append(agents, agent)
		slices.Sort(agents)
		at = slices.Index(agents, agent)
	}
	left := max(0, replicas-running)
	n := left / len(agents)
	if at < left%len(agents) {
		n++
	}
	return max(1, n)
}
