package document_test

import (
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"sonata.ai/sonata/internal/document"
)

func TestActualCost(t *testing.T) {
	t.Parallel()
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: priced})
	costs, err := document.NewCosts(schema)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		that, document, data string
		want                 int
	}{
		{"nothing ran", `{ one { id } }`, `null`, 0},
		{"what is null is free", `{ one { id } }`, `{"one": null}`, 0},
		{"unless it has a weight: it was worked for", `{ dear { id } }`, `{"dear": null}`, 7},
		{"a refused mutation was tried", `mutation { sign { id } }`, `{"sign": null}`, 100},
		{"each object costs one", `{ one { other { id } } }`, `{"one": {"other": {"id": "a"}}}`, 2},
		{"a list costs what is in it", `{ many { other { id } } }`, `{"many": [{"other": {"id": "a"}}, {"other": null}]}`, 3},
		{"an empty one nothing", `{ many { other { id } } }`, `{"many": []}`, 0},
		{"entries that are null cost nothing", `{ ends { id } }`, `{"ends": [null, {"id": "a"}, null]}`, 1},
		{"a page costs its edges", `{ things(first: 100) { edges { node { id } } } }`, `{"things": {"edges": [{"node": {"id": "a"}}]}}`, 3},
		{"under another name", `{ x: one { y: other { id } } }`, `{"x": {"y": {"id": "a"}}}`, 2},
		{"asked for twice it was answered once", `{ one { other { id } } one { other { self { id __typename } } } }`, `{"one": {"other": {"id": "a", "self": null}}}`, 2},
		{"through fragments", `{ ...q ...q } fragment q on Query { one { id } }`, `{"one": {"id": "a"}}`, 1},
		{"an object says what it is", `{ any { __typename id } }`, `{"any": {"__typename": "Thing", "id": "a"}}`, 1},
		{"else it is seen by what it has", `{ any { ... on Thing { t: id } ... on Dear { d: id } } }`, `{"any": {"t": "a"}}`, 1},
		{"else it is the heaviest", `{ any { id } }`, `{"any": {"id": "a"}}`, 9},
		{"inputs cost as they were given", `{ find(by: [{preset: null}]) { id } }`, `{"find": null}`, 1},
	} {
		op := gqlparser.MustLoadQueryWithRules(schema, row.document, nil).Operations[0]
		if got := costs.Actual(op, nil, []byte(row.data)); got != row.want {
			t.Errorf("%s: %s cost %d, want %d", row.that, row.document, got, row.want)
		}
	}
	doubling := "{ one { ...a0 } }"
	for i := range 60 {
		name, next := "a"+strings.Repeat("x", i), "a"+strings.Repeat("x", i+1)
		if i == 0 {
			name = "a0"
		}
		doubling += " fragment " + name + " on Thing { ..." + next + " ..." + next + " }"
	}
	doubling += " fragment a" + strings.Repeat("x", 60) + " on Thing { id }"
	doubling = strings.ReplaceAll(doubling, "...a ", "...a0 ")
	op := gqlparser.MustLoadQueryWithRules(schema, doubling, nil).Operations[0]
	if got := costs.Actual(op, nil, []byte(`{"one": {"id": "a"}}`)); got != 1 {
		t.Errorf("fragments that double cost %d", got)
	}
}
