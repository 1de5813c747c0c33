package graph_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"sonata.ai/sonata/graph"
)

// The walk finds what the executor would resolve, with every object that could be there, and nothing else.
func TestTheWalkFindsWhatTheExecutorResolves(t *testing.T) {
	t.Parallel()
	schema := contract()
	fields := 0
	for seed := range uint64(1000) {
		w := &writer{schema: schema, rng: rand.New(rand.NewPCG(seed, 7))}
		document := w.document()
		doc, err := gqlparser.LoadQueryWithRules(schema, document, rules.NewDefaultRules())
		if err != nil {
			t.Fatalf("seed %d: %v in\n%s", seed, err, document)
		}
		op := doc.Operations[0]
		walked := map[string]bool{}
		graph.Walk(schema, op, func(d *ast.Definition, f *ast.Field) { walked[d.Name+"."+f.Name] = true })
		e := &execution{schema: schema, op: &graphql.OperationContext{Doc: doc, Operation: op}, resolved: map[string]bool{}, done: map[string]bool{}}
		e.resolve(map[ast.Operation]*ast.Definition{ast.Query: schema.Query, ast.Mutation: schema.Mutation, ast.Subscription: schema.Subscription}[op.Operation], op.SelectionSet)
		if !maps.Equal(walked, e.resolved) {
			t.Fatalf("seed %d: walked %v\nresolved %v in\n%s", seed, slices.Sorted(maps.Keys(walked)), slices.Sorted(maps.Keys(e.resolved)), document)
		}
		fields += len(walked)
	}
	if fields < 7000 {
		t.Errorf("only %d fields: the documents are too small", fields)
	}
}

// execution collects fields as the generated code does, on every type that an answer may have.
type execution struct {
	schema   *ast.Schema
	op       *graphql.OperationContext
	resolved map[string]bool
	done     map[string]bool
}

func (e *execution) resolve(d *ast.Definition, set ast.SelectionSet) {
	satisfies := append([]string{d.Name}, d.Interfaces...)
	for _, f := range graphql.CollectFields(e.op, set, satisfies) {
		e.resolved[d.Name+"."+f.Name] = true
		if strings.HasPrefix(f.Name, "__") {
			continue
		}
		for _, p := range e.schema.PossibleTypes[d.Fields.ForName(f.Name).Type.Name()] {
			e.resolve(p, f.Selections)
		}
	}
}

// writer writes random documents that are valid.
type writer struct {
	schema    *ast.Schema
	rng       *rand.Rand
	aliases   int
	fragments []string // text of each
	spreads   []string // of fragments that may be used again: those that are complete
	on        []string
}

func (w *writer) document() string {
	roots := []string{"query", "query", "query", "mutation", "subscription"}
	kind := roots[w.rng.IntN(len(roots))]
	root := map[string]*ast.Definition{"query": w.schema.Query, "mutation": w.schema.Mutation, "subscription": w.schema.Subscription}[kind]
	var body string
	if kind == "subscription" {
		body = w.field(root, root.Fields[w.rng.IntN(len(root.Fields))], 3)
	} else {
		body = w.selection(root, 4)
	}
	return kind + " { " + body + " }\n" + strings.Join(w.fragments, "\n")
}

func (w *writer) selection(d *ast.Definition, depth int) string {
	parts := []string{}
	for range 1 + w.rng.IntN(3) {
		switch w.rng.IntN(6) {
		case 0:
			on := w.overlapping(d)
			parts = append(parts, "... on "+on.Name+" { "+w.selection(on, depth-1)+" }")
		case 1:
			parts = append(parts, "... { "+w.selection(d, depth-1)+" }")
		case 2:
			parts = append(parts, w.spread(d, depth))
		case 3:
			parts = append(parts, w.alias()+": __typename")
		default:
			if f := d.Fields[w.rng.IntN(len(d.Fields))]; !strings.HasPrefix(f.Name, "__") {
				parts = append(parts, w.field(d, f, depth))
			}
		}
	}
	return strings.Join(append(parts, w.alias()+": __typename"), " ")
}

func (w *writer) spread(d *ast.Definition, depth int) string {
	for i, on := range w.on {
		if w.rng.IntN(2) == 0 && w.overlap(d, w.schema.Types[on]) {
			return "..." + w.spreads[i]
		}
	}
	on := w.overlapping(d)
	body := w.selection(on, depth-1)
	name := fmt.Sprintf("F%d", len(w.fragments))
	w.fragments = append(w.fragments, "fragment "+name+" on "+on.Name+" { "+body+" }")
	if on != w.schema.Subscription {
		w.spreads, w.on = append(w.spreads, name), append(w.on, on.Name)
	}
	return "..." + name
}

func (w *writer) field(d *ast.Definition, f *ast.FieldDefinition, depth int) string {
	text := w.alias() + ": " + f.Name + arguments(w.schema, f)
	answer := w.schema.Types[f.Type.Name()]
	if answer.Kind != ast.Object && answer.Kind != ast.Interface {
		return text
	}
	if depth <= 0 {
		return text + " { __typename }"
	}
	return text + " { " + w.selection(answer, depth-1) + " }"
}

func (w *writer) alias() string {
	w.aliases++
	return fmt.Sprintf("a%d", w.aliases)
}

// overlapping is a type that a fragment on d may be on.
func (w *writer) overlapping(d *ast.Definition) *ast.Definition {
	var all []*ast.Definition
	for _, name := range slices.Sorted(maps.Keys(w.schema.Types)) {
		if w.overlap(d, w.schema.Types[name]) {
			all = append(all, w.schema.Types[name])
		}
	}
	return all[w.rng.IntN(len(all))]
}

func (w *writer) overlap(a, b *ast.Definition) bool {
	return slices.ContainsFunc(w.schema.PossibleTypes[a.Name], func(d *ast.Definition) bool { return slices.Contains(w.schema.PossibleTypes[b.Name], d) })
}

// Fragments that use each other cost what they are long, not what they stand for.
func TestNestedFragmentsAreWalkedOnce(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString("query { node(id: \"x\") { ...F0 } }\n")
	for i := range 60 {
		fmt.Fprintf(&text, "fragment F%d on Node { ... on Screen { ...F%d } ... on Node { ...F%d } ...F%d }\n", i, i+1, i+1, i+1)
	}
	text.WriteString("fragment F60 on Node { id }")
	schema := contract()
	doc, err := gqlparser.LoadQueryWithRules(schema, text.String(), rules.NewDefaultRules())
	if err != nil {
		t.Fatal(err)
	}
	begin, n := time.Now(), 0
	graph.Walk(schema, doc.Operations[0], func(*ast.Definition, *ast.Field) { n++ })
	if took := time.Since(begin); took > time.Second || n > 1000 {
		t.Errorf("%d fields in %s", n, took)
	}
}
