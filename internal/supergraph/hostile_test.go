package supergraph

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

func parseAll(t *testing.T, sdl string) map[string]*ast.Definition {
	t.Helper()
	doc, err := parser.ParseSchema(&ast.Source{Input: sdl})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*ast.Definition{}
	for _, d := range doc.Definitions {
		out[d.Name] = d
	}
	return out
}

func repeat(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i, i+1)
	}
	return b.String()
}

// hostile are schemas that nobody writes in earnest.
func hostile() map[string][]Subgraph {
	one := func(sdl string) []Subgraph { return []Subgraph{{Name: "a", SDL: sdl}} }
	query := "type Query { a: Int }\n"
	return map[string][]Subgraph{
		"too large":          one(query + strings.Repeat("#", maxSDL)),
		"many definitions":   one(query + repeat(maxDefinitions, "scalar S%[1]d\n")),
		"fields of one type": one("type Query {\n" + repeat(120_000, "f%[1]x:Int\n") + "}"),
		"the same field":     one("type Query {\n" + repeat(120_000, "f:Int\n#%[1]d\n") + "}"),
		"values of an enum":  one(query + "enum E {" + repeat(120_000, "V%[1]x ") + "}"),
		"arguments":          one("type Query { a(" + repeat(100_000, "a%[1]x:Int ") + "): Int }"),
		"members":            one(query + "union U = " + strings.TrimSuffix(repeat(100_000, "T%[1]x|"), "|")),
		"directives":         one(linkLine + "type Query { a: Int " + strings.Repeat("@shareable ", 80_000) + "}"),
		"schema directives":  one(query + "extend schema " + strings.Repeat("@link(url: \"https://x\") ", 40_000)),
		"imports":            one(query + `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [` + strings.Repeat(`"@key" `, 100_000) + "])"),
		"keys":               one(linkLine + query + "type T " + strings.Repeat(`@key(fields: "id") `, 50_000) + "{ id: ID! }"),
		"a long key":         one(linkLine + query + `type T @key(fields: "` + strings.Repeat("id ", 300_000) + `") { id: ID! }`),
		"a deep key":         one(linkLine + query + `type T @key(fields: "` + strings.Repeat("t {", 5000) + strings.Repeat("}", 5000) + `") { id: ID! t: T }`),
		"a deep type":        one("type Query { a: " + strings.Repeat("[", 900) + "Int" + strings.Repeat("]", 900) + " }"),
		"a deeper type":      one("type Query { a: " + strings.Repeat("[", 400_000) + "Int" + strings.Repeat("]", 400_000) + " }"),
		"a deep default":     one("type Query { a(i: I = " + strings.Repeat("{i:", 900) + "{}" + strings.Repeat("}", 900) + "): Int }\ninput I { i: I }"),
		"a chain of inputs":  one("type Query { a(i: I0): Int }\n" + repeat(9000, "input I%[1]d { i: I%[2]d! }\n") + "input I9000 { a: Int }"),
		"a chain of types":   one("type Query { a: T0 }\n" + repeat(9000, "type T%[1]d { t: T%[2]d }\n") + "type T9000 { a: Int }"),
		"a ring of directives": one(query + repeat(3000, "directive @d%[1]d(a: Int @d%[2]d) on ARGUMENT_DEFINITION\n") +
			"directive @d3000(a: Int @d0) on ARGUMENT_DEFINITION"),
		"interfaces": one(query + repeat(4000, "interface I%[1]d { a: Int }\n") + "type T implements " + strings.TrimSuffix(repeat(4000, "I%[1]d&"), "&") + " { a: Int }"),
		"implementations": one("type Query { a: I }\ninterface I {" + repeat(15, "f%[1]d: I ") + "}\n" +
			repeat(4000, "type T%[1]d implements I {"+repeat(15, "f%[1]d:T0 ")+"}\n")),
		"many values":       one("type Query { a(i: [I] = [" + strings.Repeat("{}", 250_000) + "]): Int }\ninput I {" + repeat(5000, "f%[1]d:Int ") + "}"),
		"many objects":      one("type Query { " + repeat(5000, "f%[1]d:I ") + "}\ninterface I { a: Int }\n" + repeat(4000, "type T%[1]d implements I { a: Int }\n")),
		"unused extensions": one(query + repeat(9000, "extend type T%[1]d { a: Int }\n")),
		"a name":            one("type Query { " + strings.Repeat("a", 900_000) + ": Nothing }"),
		"tangled": {
			{Name: "a", SDL: tangled("a")}, {Name: "b", SDL: tangled("b")}, {Name: "c", SDL: tangled("c")}, {Name: "d", SDL: tangled("d")},
		},
		"subsets": subsets(12, 60),
		"interface of another": {
			{Name: "a", SDL: "interface I { a: Int }\ntype Query { a: I }\n" + repeat(9000, "type T%[1]d implements I { a: Int }\n")},
			{Name: "b", SDL: "interface I { " + repeat(5000, "f%[1]d: Int ") + "}"},
		},
		"a chain that ends": {
			{Name: "a", SDL: linkLine + "type Query { a: T0 }\n" + repeat(5000, "type T%[1]d { t: T%[2]d @shareable }\n") + "type T5000 { t: Int @shareable }"},
			{Name: "b", SDL: linkLine + repeat(5000, "type T%[1]d { t: T%[2]d @shareable b: Int }\n") + "type T5000 { t: Int @shareable }"},
		},
		"notices": {
			{Name: "a", SDL: "type Query { a(i: I): Int }\ninput I { x: Int " + repeat(6000, "f%[1]d: Int ") + "}"},
			{Name: "b", SDL: "input I { x: Int " + repeat(6000, "g%[1]d: Int ") + "}\ninput J { x: Int! }\ntype Query { b(j: J): Int }"},
			{Name: "c", SDL: "input J { y: Int }"},
		},
		"services": many(maxSubgraphs + 1),
		"requires": {
			{Name: "a", SDL: linkLine + "type Query { t: T }\ntype T @key(fields: \"id\") { id: ID!" + repeat(400, " a%[1]d: Int @requires(fields: \"b%[1]d\") b%[1]d: Int @external") + "}"},
			{Name: "b", SDL: linkLine + "type T @key(fields: \"id\") { id: ID!" + repeat(399, " b%[2]d: Int @requires(fields: \"a%[1]d\") a%[1]d: Int @external") + " b0: Int }"},
		},
	}
}

// tangled are entities whose keys ask for each other.
func tangled(service string) string {
	return linkLine + "type Query { " + service + ": T0 }\n" +
		repeat(40, "type T%[1]d @key(fields: \"id\") @key(fields: \"t { id }\") @key(fields: \"t { t { t { id } } }\") { id: ID! t: T%[2]d @shareable "+service+": Int }\n") +
		"type T40 @key(fields: \"id\") { id: ID! t: T0 @shareable }"
}

// subsets are services that share fields in as many combinations as there are fields.
func subsets(services, types int) []Subgraph {
	var out []Subgraph
	for s := range services {
		var b strings.Builder
		b.WriteString(linkLine + "type Query { q: T0 @shareable }\n")
		for i := range types {
			fmt.Fprintf(&b, "type T%d { own%d: Int ", i, s)
			for f := range services {
				if s != f {
					fmt.Fprintf(&b, "f%d: T%d @shareable ", f, (i*7+f+1)%types)
				}
			}
			b.WriteString("}\n")
		}
		out = append(out, Subgraph{Name: fmt.Sprintf("s%d", s), SDL: b.String()})
	}
	return out
}

func many(n int) (out []Subgraph) {
	for i := range n {
		out = append(out, Subgraph{Name: fmt.Sprintf("s%d", i), SDL: fmt.Sprintf("type Query { f%d: Int }", i)})
	}
	return out
}

// TestHostile: whatever a service publishes is answered in a bounded time.
func TestHostile(t *testing.T) {
	for name, subgraphs := range hostile() {
		t.Run(name, func(t *testing.T) {
			begin := time.Now()
			super, problems := Compose(subgraphs)
			took := time.Since(begin)
			checkComposed(t, super, problems)
			size := 0
			for _, p := range problems {
				size += len(p.Message) + len(p.Hint)
			}
			t.Logf("%s, %d problems of %d bytes", took.Round(time.Millisecond), len(problems), size)
			if took > 5*time.Second {
				t.Errorf("took %s", took)
			}
			if len(problems) > 0 {
				t.Logf("%.300s", describe(problems[:1]))
			}
		})
	}
}
