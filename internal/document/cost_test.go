package document_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"

	"sonata.ai/sonata/internal/document"
)

const priced = `
directive @cost(weight: String!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION

type Query {
  one: Thing
  dear: Thing @cost(weight: "7")
  unit: Dear
  any: Any
  many: [Thing!]!
  three: [Thing!] @listSize(assumedSize: 3)
  nodes(ids: [ID!]!): [Any]! @listSize(slicingArguments: ["ids"])
  things(first: Int = 20, after: String): Things! @listSize(slicingArguments: ["first"], sizedFields: ["edges"])
  ends(first: Int, last: Int): [Thing] @listSize(slicingArguments: ["first", "last"], assumedSize: 4)
  find(by: [Find!], near: Int @cost(weight: "5")): Thing
  half: Thing @cost(weight: "0.5")
  free: Thing @cost(weight: "0")
}
type Mutation { set(input: Find): Thing, sign: Thing @cost(weight: "100") }
type Subscription { follow: Thing }
interface Any { id: ID! self: Any }
type Thing implements Any { id: ID! self: Any other: Thing things(first: Int = 20): Things! @listSize(slicingArguments: ["first"], sizedFields: ["edges"]) }
type Dear implements Any @cost(weight: "9") { id: ID! self: Any other: Thing }
type Things { edges: [Edge!]! total: Int! page: Thing }
type Edge { node: Thing! }
input Find { name: String, free: [Find!] @cost(weight: "0"), inner: [Find!], preset: Find = {name: "x"} @cost(weight: "2") }
`

func TestCost(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		that, document string
		variables      string
		want           int
	}{
		{"a scalar costs nothing", `{ __typename }`, ``, 0},
		{"an object costs one", `{ one { id } }`, ``, 1},
		{"each object on the way costs one", `{ one { other { other { id } } } }`, ``, 3},
		{"a field has a weight of its own", `{ dear { id } }`, ``, 7},
		{"what is below it costs beside it", `{ dear { other { id } } }`, ``, 8},
		{"a type has a weight", `{ unit { id } }`, ``, 9},
		{"half of one counts as one", `{ half { id } }`, ``, 1},
		{"a weight of 0 is free", `{ free { other { id } } }`, ``, 1},
		{"under another name it costs again", `{ a: one { id } b: one { id } }`, ``, 2},
		{"a mutation costs ten", `mutation { set { id } }`, ``, 10},
		{"unless it has a weight", `mutation { sign { id other { id } } }`, ``, 101},
		{"a subscription costs what one event does", `subscription { follow { other { id } } }`, ``, 2},

		{"a list has ten entries", `{ many { other { id } } }`, ``, 20},
		{"a list is as long as assumed", `{ three { other { id } } }`, ``, 6},
		{"a list is as long as the list that asks for it", `{ nodes(ids: ["a", "b", "c", "d"]) { id } }`, ``, 36},
		{"which a variable can be", `query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`, `{"ids": ["a", "b"]}`, 18},
		{"one value stands for a list of it", `{ nodes(ids: "a") { id } }`, ``, 90},
		{"an empty list is free", `{ nodes(ids: []) { id } }`, ``, 0},
		{"edges are as many as first", `{ things(first: 5) { edges { node { id } } } }`, ``, 11},
		{"what is beside the edges costs once", `{ things(first: 5) { total page { id } } }`, ``, 2},
		{"through fragments too", `{ things(first: 5) { ...t } } fragment t on Things { ... { edges { node { id } } } }`, ``, 11},
		{"without first its default counts", `{ things { edges { node { id } } } }`, ``, 41},
		{"null is the default", `{ things(first: null) { edges { node { id } } } }`, ``, 41},
		{"a variable without value is the default", `query ($n: Int) { things(first: $n) { edges { node { id } } } }`, ``, 41},
		{"a variable of null is the default", `query ($n: Int) { things(first: $n) { edges { node { id } } } }`, `{"n": null}`, 41},
		{"the default of a variable counts", `query ($n: Int = 50) { things(first: $n) { edges { node { id } } } }`, ``, 101},
		{"not where the variable has a value", `query ($n: Int = 50) { things(first: $n) { edges { node { id } } } }`, `{"n": 2}`, 5},
		{"a negative number is no discount", `{ things(first: -7) { edges { node { id } } } }`, ``, 1},
		{"nested lists multiply", `{ things(first: 10) { edges { node { things(first: 10) { edges { node { id } } } } } } }`, ``, 1 + 10*(1+1+1+10*2)},
		{"of several sizes the largest counts", `{ ends(first: 2, last: 6) { id } }`, ``, 6},
		{"without any the assumed one", `{ ends { id } }`, ``, 4},
		{"a huge number does not overflow", `{ things(first: 2147483647) { edges { node { things(first: 2147483647) { edges { node { id } } } } } } }`, ``, document.Countless},

		{"of several types the most expensive counts", `{ any { id } }`, ``, 9},
		{"with what each would answer", `{ any { ... on Thing { other { id } a: other { id } b: other { id } } ... on Dear { id } } }`, ``, 9},
		{"only one of them is there", `{ any { ... on Thing { other { id } } ... on Dear { other { id } } } }`, ``, 10},

		{"what is skipped is free", `query ($s: Boolean!) { one @skip(if: $s) { id } }`, `{"s": true}`, 0},
		{"what is not skipped costs", `query ($s: Boolean!) { one @skip(if: $s) { id } }`, `{"s": false}`, 1},
		{"what is included costs", `query ($s: Boolean!) { ... @include(if: $s) { one { id } } }`, `{"s": true}`, 1},
		{"what is not included is free", `query ($s: Boolean!) { ...q @include(if: $s) } fragment q on Query { one { id } }`, `{"s": false}`, 0},
		{"a default decides", `query ($s: Boolean! = true) { one @include(if: $s) { id } }`, ``, 1},
		{"both have to let it run", `{ one @include(if: true) @skip(if: true) { id } }`, ``, 0},

		{"a fragment costs at each use", `{ one { ...f } dear { ...f } } fragment f on Thing { other { id } }`, ``, 1 + 1 + 7 + 1},

		{"an input costs one, with its defaults", `{ find(by: [{name: "a"}]) { id } }`, ``, 1 + 1 + 2},
		{"a list of inputs costs each", `query ($by: [Find!]) { find(by: $by) { id } }`, `{"by": [{"preset": null}, {"preset": null}, {"preset": null}]}`, 1 + 3},
		{"one for a list costs as one", `query ($by: [Find!]) { find(by: $by) { id } }`, `{"by": {"preset": null}}`, 1 + 1},
		{"inputs within inputs count", `{ find(by: [{preset: null, inner: [{preset: null}, {preset: null}]}]) { id } }`, ``, 1 + 3},
		{"an input has a weight where it stands", `{ find(by: [{preset: null, free: [{preset: null}, {preset: null}]}]) { id } }`, ``, 1 + 1},
		{"a default of a variable is an input", `query ($by: [Find!] = [{preset: null}, {preset: null}]) { find(by: $by) { id } }`, ``, 1 + 2},
		{"an argument has a weight", `{ find(near: 3) { id } }`, ``, 1 + 5},
		{"which null does not cost", `{ find(near: null) { id } }`, ``, 1},
	} {
		t.Run(row.that, func(t *testing.T) {
			t.Parallel()
			if got := costOf(t, priced, row.document, row.variables); got != row.want {
				t.Errorf("%s %s costs %d, want %d", row.document, row.variables, got, row.want)
			}
		})
	}
}

func costOf(t *testing.T, sdl, text, variables string) int {
	t.Helper()
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: sdl})
	costs, err := document.NewCosts(schema)
	if err != nil {
		t.Fatal(err)
	}
	doc, errs := gqlparser.LoadQueryWithRules(schema, text, nil)
	if errs != nil {
		t.Fatal(errs)
	}
	given := map[string]any{}
	if variables != "" {
		decoder := json.NewDecoder(strings.NewReader(variables))
		decoder.UseNumber()
		if err := decoder.Decode(&given); err != nil {
			t.Fatal(err)
		}
	}
	coerced, err := validator.VariableValues(schema, doc.Operations[0], given)
	if err != nil {
		t.Fatal(err)
	}
	return costs.Of(doc.Operations[0], coerced)
}

// Fragments that use each other twice, and fields that every type of an interface has, double with every level.
func TestCostIsCalculatedInNoTime(t *testing.T) {
	t.Parallel()
	var fragments strings.Builder
	for i := range 300 {
		fmt.Fprintf(&fragments, "fragment f%d on Thing { other { ...f%d } again: other { ...f%d } }\n", i, i+1, i+1)
	}
	fragments.WriteString("fragment f300 on Thing { id }")
	deep := "{ any " + strings.Repeat("{ self ", 400) + "{ id }" + strings.Repeat("}", 401)
	for name, text := range map[string]string{"fragments": "{ one { ...f0 } }\n" + fragments.String(), "types": deep} {
		schema := gqlparser.MustLoadSchema(&ast.Source{Input: priced})
		costs, err := document.NewCosts(schema)
		if err != nil {
			t.Fatal(err)
		}
		doc, errs := gqlparser.LoadQueryWithRules(schema, text, nil)
		if errs != nil {
			t.Fatal(errs)
		}
		begin := time.Now()
		got := costs.Of(doc.Operations[0], nil)
		if took := time.Since(begin); took > 100*time.Millisecond {
			t.Errorf("%s took %s", name, took)
		}
		if want := map[string]int{"fragments": document.Countless, "types": 401 * 9}[name]; got != want {
			t.Errorf("%s cost %d, want %d", name, got, want)
		}
	}
}

func TestDirectivesThatCannotBeReadAreTold(t *testing.T) {
	t.Parallel()
	for _, weight := range []string{"", "a", "-1", "NaN", "Inf", "1e300"} {
		sdl := strings.Replace(priced, `@cost(weight: "7")`, fmt.Sprintf("@cost(weight: %q)", weight), 1)
		if _, err := document.NewCosts(gqlparser.MustLoadSchema(&ast.Source{Input: sdl})); err == nil || !strings.Contains(err.Error(), "Query.dear") {
			t.Errorf("a weight of %q: %v", weight, err)
		}
	}
	sdl := strings.Replace(priced, `slicingArguments: ["ids"]`, `slicingArguments: ["id"]`, 1)
	if _, err := document.NewCosts(gqlparser.MustLoadSchema(&ast.Source{Input: sdl})); err == nil || !strings.Contains(err.Error(), "Query.nodes") {
		t.Errorf("an argument that is not there: %v", err)
	}
}

// Whatever a program hands in for a number is read as one, or not at all.
func TestLengthsOfEveryKind(t *testing.T) {
	t.Parallel()
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: priced})
	costs, err := document.NewCosts(schema)
	if err != nil {
		t.Fatal(err)
	}
	op := gqlparser.MustLoadQueryWithRules(schema, `query ($n: Int) { things(first: $n) { edges { node { id } } } }`, nil).Operations[0]
	for _, row := range []struct {
		n    any
		want int
	}{
		{3, 7},
		{int32(3), 7},
		{int64(3), 7},
		{3.0, 7},
		{json.Number("3"), 7},
		{"3", 7},
		{math.Inf(1), document.Countless},
		{math.NaN(), 1},
		{json.Number("1e999"), document.Countless},
		{json.Number("-1"), 1},
		{true, 21},
		{"x", 21},
		{map[string]any{}, 21},
	} {
		if got := costs.Of(op, map[string]any{"n": row.n}); got != row.want {
			t.Errorf("first of %v (%T) costs %d, want %d", row.n, row.n, got, row.want)
		}
	}
}
