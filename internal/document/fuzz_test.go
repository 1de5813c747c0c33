package document_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// FuzzCost calculates operations that nobody wrote by hand: whatever they ask for, more entries never cost less.
func FuzzCost(f *testing.F) {
	schema, costs := contract(f)
	for seed := range uint64(20) {
		f.Add(seed, int32(5), int32(100))
	}
	f.Add(uint64(7), int32(-1), int32(1<<31-1))
	f.Fuzz(func(t *testing.T, seed uint64, a, b int32) {
		w := writer{schema: schema, rand: rand.New(rand.NewPCG(seed, 0))}
		text := w.operation()
		op := unchecked(t, schema, text)
		cost := func(first int32, included bool) int {
			n := costs.Of(op, map[string]any{"first": first, "in": included, "out": !included})
			if n < 0 {
				t.Fatalf("%s costs %d with first of %d", text, n, first)
			}
			return n
		}
		few, many := cost(min(a, b), true), cost(max(a, b), true)
		if few > many {
			t.Errorf("%s costs %d with first of %d, and %d with %d", text, few, min(a, b), many, max(a, b))
		}
		if without := cost(a, false); without > cost(a, true) {
			t.Errorf("%s costs %d without what is left out, and less with it", text, without)
		}
	})
}

// FuzzCostOfText calculates whatever passes validation, with whatever variables.
func FuzzCostOfText(f *testing.F) {
	schema, costs := contract(f)
	f.Add(introspection, `{}`)
	f.Add(`query ($n: Int = 5, $ids: [ID!]!) { frontends(first: $n) { edges { node { id } } } nodes(ids: $ids) { id } }`, `{"n": 1e3, "ids": ["a"]}`)
	f.Add(`mutation ($in: ScreenEditInput!) { screenEdit(input: $in) { rebased } }`, `{"in": {"screen": "a", "expectedVersion": 1, "ops": [{"insert": {"parent": "root", "component": "hero"}}]}}`)
	f.Fuzz(func(t *testing.T, text, raw string) {
		doc, errs := gqlparser.LoadQueryWithRules(schema, text, nil)
		if errs != nil {
			return
		}
		var variables map[string]any
		if json.Unmarshal([]byte(raw), &variables) != nil {
			return
		}
		for _, op := range doc.Operations {
			if coerced, err := validator.VariableValues(schema, op, variables); err == nil && costs.Of(op, coerced) < 0 {
				t.Errorf("%s costs less than nothing", text)
			}
		}
	})
}

// unchecked reads an operation that no rule was asked about: more than the rules let through has a cost.
func unchecked(t *testing.T, schema *ast.Schema, text string) *ast.OperationDefinition {
	t.Helper()
	doc, err := parser.ParseQuery(&ast.Source{Input: text})
	if err != nil {
		t.Fatal(text, err)
	}
	if errs := validator.ValidateWithRules(schema, doc, &rules.Rules{}); errs != nil {
		t.Fatal(text, errs)
	}
	return doc.Operations[0]
}

// writer makes up an operation that fits a schema.
type writer struct {
	schema    *ast.Schema
	rand      *rand.Rand
	fragments []string
	fields    int
}

func (w *writer) operation() string {
	root := []*ast.Definition{w.schema.Query, w.schema.Mutation}[w.rand.IntN(2)]
	body := w.selection(root, 0)
	return strings.ToLower(root.Name) + " ($first: Int, $in: Boolean!, $out: Boolean!) " + body + " " + strings.Join(w.fragments, " ")
}

func (w *writer) selection(d *ast.Definition, depth int) string {
	out := []string{"__typename"}
	for range 1 + w.rand.IntN(4) {
		w.fields++
		id := w.fields
		if depth > 7 || w.fields > 100 || len(d.Fields) == 0 {
			break
		}
		f := d.Fields[w.rand.IntN(len(d.Fields))]
		if strings.HasPrefix(f.Name, "__") {
			continue
		}
		text := fmt.Sprintf("f%d: %s%s%s%s", id, f.Name, w.arguments(f), w.condition(), w.below(f, depth))
		switch w.rand.IntN(6) {
		case 0:
			text = "..." + w.condition() + " { " + text + " }"
		case 1:
			name := fmt.Sprintf("F%d", id)
			w.fragments = append(w.fragments, "fragment "+name+" on "+d.Name+" { "+text+" }")
			text = "..." + name + " ..." + name
		}
		out = append(out, text)
	}
	for _, p := range w.schema.PossibleTypes[d.Name] {
		if p != d && w.rand.IntN(4) == 0 {
			out = append(out, "... on "+p.Name+" "+w.selection(p, depth+1))
		}
	}
	return "{ " + strings.Join(out, " ") + " }"
}

func (w *writer) condition() string {
	return []string{"", "", "", " @include(if: $in)", " @skip(if: $out)"}[w.rand.IntN(5)]
}

func (w *writer) below(f *ast.FieldDefinition, depth int) string {
	d := w.schema.Types[f.Type.Name()]
	if !slices.Contains([]ast.DefinitionKind{ast.Object, ast.Interface, ast.Union}, d.Kind) {
		return ""
	}
	return " " + w.selection(d, depth+1)
}

func (w *writer) arguments(f *ast.FieldDefinition) string {
	if f.Arguments.ForName("first") == nil || w.rand.IntN(3) == 0 {
		return ""
	}
	return "(first: $first)"
}
