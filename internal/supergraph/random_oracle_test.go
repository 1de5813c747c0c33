//go:build oracle

package supergraph

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
)

// TestOracleRandom: on random small graphs, Compose accepts what one of the oracles accepts and refuses what one of them
// refuses, except for the paths that both overlook. ORACLE_ROUNDS and ORACLE_SEED choose other graphs.
func TestOracleRandom(t *testing.T) {
	rounds, seed := 1000, uint64(1)
	if n, err := strconv.Atoi(os.Getenv("ORACLE_ROUNDS")); err == nil {
		rounds = n
	}
	if n, err := strconv.ParseUint(os.Getenv("ORACLE_SEED"), 10, 64); err == nil {
		seed = n
	}
	var in []oracleCase
	ours := map[string]bool{}
	why := map[string]string{}
	for i := range rounds {
		g := &graphs{Rand: rand.New(rand.NewPCG(seed, uint64(i)))}
		one := oracleCase{Name: fmt.Sprint(i)}
		subgraphs := g.subgraphs()
		for _, s := range subgraphs {
			one.Subgraphs = append(one.Subgraphs, oracleSubgraph{s.Name, s.SDL})
		}
		in = append(in, one)
		super, problems := Compose(subgraphs)
		checkComposed(t, super, problems)
		ours[one.Name], why[one.Name] = super != nil, describe(problems)
	}
	accepted := 0
	counts := map[string]int{}
	for i, out := range askOracles(t, in) {
		guild, wundergraph, we := len(out.Guild) == 0, len(out.Wundergraph) == 0, ours[out.Name]
		counts[fmt.Sprintf("we %t, guild %t, wundergraph %t", we, guild, wundergraph)]++
		if we {
			accepted++
		}
		// Both oracles overlook some paths to a field, so that what we refuse for that alone they may accept.
		allowed := !we && !strings.Contains(strings.ReplaceAll(strings.ReplaceAll(why[out.Name], "ERROR SATISFIABILITY_ERROR", ""),
			"ERROR OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE", ""), "ERROR")
		if we == guild || we == wundergraph || allowed {
			continue
		}
		var b strings.Builder
		for _, s := range in[i].Subgraphs {
			fmt.Fprintf(&b, "-- %s --\n%s", s.Name, s.SDL)
		}
		t.Errorf("graph %d: we accept: %t\n%s%s\nguild: %q\nwundergraph: %q", i, we, b.String(), why[out.Name], out.Guild, out.Wundergraph)
	}
	codes := map[string]int{}
	for _, text := range why {
		for line := range strings.Lines(text) {
			if strings.HasPrefix(line, "ERROR ") {
				codes[strings.Fields(line)[1]]++
				break
			}
		}
	}
	t.Logf("first errors: %v", codes)
	t.Logf("%d graphs, %d accepted: %v", rounds, accepted, counts)
}

// graphs writes random small graphs.
type graphs struct{ *rand.Rand }

func (g *graphs) chance(percent int) bool { return g.IntN(100) < percent }

func (g *graphs) subgraphs() []Subgraph {
	var out []Subgraph
	n := 2 + g.IntN(2)
	for i := range n {
		var b strings.Builder
		b.WriteString(`extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable", "@external", "@requires", "@provides", "@override", "@inaccessible"])` + "\n")
		g.service(&b, i)
		out = append(out, Subgraph{Name: string(rune('a' + i)), SDL: b.String()})
	}
	return out
}

func (g *graphs) service(b *strings.Builder, i int) {
	fmt.Fprintf(b, "type Query {\n  q%d: %s\n", i, g.pick("E0", "E1", "E0", "V0", "V1", "I", "U"))
	if g.chance(40) {
		b.WriteString("  shared: E0 @shareable\n")
	}
	if i > 0 && g.chance(20) {
		fmt.Fprintf(b, "  p%d: E0 @provides(fields: \"x\")\n", i)
	}
	b.WriteString("}\n")
	provides := strings.Contains(b.String(), "@provides(")
	b.WriteString("interface I { id: ID! }\nunion U = E0 | V0\n")
	for e := range 2 {
		g.entity(b, i, e, provides && e == 0)
	}
	for v := range 2 {
		fmt.Fprintf(b, "type V%d @shareable {\n", v)
		fields := []string{"id: ID!", "x: Int", "y: Int", fmt.Sprintf("e: E%d", v), fmt.Sprintf("v: V%d", 1-v)}
		for j, f := range fields {
			if j == 0 || g.chance(96) {
				b.WriteString("  " + f + "\n")
			}
		}
		b.WriteString("}\n")
	}
}

func (g *graphs) pick(list ...string) string { return list[g.IntN(len(list))] }

func (g *graphs) entity(b *strings.Builder, i, e int, provided bool) {
	fmt.Fprintf(b, "type E%d", e)
	if e == 0 || g.chance(50) {
		b.WriteString(" implements I")
	}
	keys := 0
	needs := map[string]bool{"id": true}
	for _, k := range []string{"id", "k", "id k", "v { id }"} {
		percent := 12
		if k == "id" {
			percent = 92
		}
		if !g.chance(percent) {
			continue
		}
		keys++
		for _, f := range strings.Fields("id k v") {
			if strings.Contains(" "+strings.ReplaceAll(k, "{ id }", "")+" ", " "+f+" ") {
				needs[f] = true
			}
		}
		resolvable := ""
		if g.chance(15) {
			resolvable = ", resolvable: false"
		}
		fmt.Fprintf(b, " @key(fields: %q%s)", k, resolvable)
	}
	b.WriteString(" {\n")
	requires := ""
	external := map[string]bool{}
	if provided {
		external["x"] = true
	}
	if i > 0 && g.chance(30) {
		requires = g.pick("x", "y", "x y", "x", "y", "v { x }", "v { x }", "e { y }")
	}
	for _, f := range strings.Fields("x y") {
		if requires == f || requires == "x y" {
			external[f] = true
		}
	}
	for _, f := range strings.Fields("v e") {
		if strings.HasPrefix(requires, f+" ") && !needs[f] {
			external[f] = true
		}
	}
	if requires == "v { x }" && !external["v"] || requires == "e { y }" && !external["e"] {
		requires = ""
	}
	for _, f := range []string{"id: ID!", "k: ID", "v: V0", "x: Int", "y: Int", fmt.Sprintf("e: E%d", 1-e)} {
		name, _, _ := strings.Cut(f, ":")
		switch {
		case external[name]:
			b.WriteString("  " + f + " @external\n")
		case needs[name]:
			b.WriteString("  " + f + " @shareable\n")
		case i == 0 && g.chance(90), g.chance(35):
			mark := " @shareable"
			switch {
			case g.chance(2):
				mark = ""
			case i > 0 && g.chance(4):
				mark = fmt.Sprintf(" @shareable @override(from: \"%c\")", 'a'+(i+1)%3)
			case g.chance(4):
				mark = " @shareable @inaccessible"
			}
			b.WriteString("  " + f + mark + "\n")
		}
	}
	fmt.Fprintf(b, "  own%d: Int\n", i)
	if requires != "" {
		fmt.Fprintf(b, "  made%d: Int @requires(fields: %q)\n", i, requires)
	}
	b.WriteString("}\n")
}
