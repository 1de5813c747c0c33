package server

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"sonata.ai/sonata/graph"
)

// shapes are documents of different stuff, each about as large as it may be.
func shapes() map[string]string {
	return map[string]string{
		"fields":     "{ " + strings.Repeat("__typename ", 4000) + "}",
		"fragments":  "{ ...f " + strings.Repeat("... { __typename } ", 900) + "} fragment f on Query { __typename }",
		"spreads":    "{ " + strings.Repeat("...f ", 2000) + "} fragment f on Query { __typename }",
		"directives": "{ __typename " + strings.Repeat("@skip(if: false) ", 700) + "}",
		"arguments":  "{ " + strings.Repeat(`frontend(slug: "shop") { id } `, 450) + "}",
		"lists":      `{ nodes(ids: [` + strings.Repeat(`"a" `, 4000) + `]) { id } }`,
		"inputs":     `mutation { usageReport(input: {frontend: "a", release: 1, screens: [` + strings.Repeat(`{screen: "a"} `, 800) + `]}) { accepted } }`,
		"operations": strings.Repeat("query ($a: Int, $b: Int = 3) { __typename } ", 300),
		"studio":     `query StudioDraft($slug: String!, $query: String!, $after: String) { frontend(slug: $slug) { screens(first: 100, after: $after, filter: { query: $query }) { pageInfo { hasNextPage endCursor } edges { node { id key version title path body } } } } }`,
	}
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkParsedSize says how much memory a document takes for each node that sizeOf counts.
func BenchmarkParsedSize(b *testing.B) {
	for name, text := range shapes() {
		b.Run(name, func(b *testing.B) {
			var bytes, estimate uint64
			for b.Loop() {
				const copies = 20
				var docs [copies]*ast.QueryDocument
				before := heap()
				for i := range docs {
					docs[i] = mustParse(b, strings.Clone(text))
				}
				bytes, estimate = (heap()-before)/copies, uint64(sizeOf(text, docs[0]))
				runtime.KeepAlive(docs)
			}
			b.ReportMetric(float64(bytes-uint64(len(text)))/float64((estimate-uint64(len(text)))/nodeBytes), "B/node")
			b.ReportMetric(float64(bytes)/float64(len(text)), "B/byte")
			b.ReportMetric(float64(estimate)/float64(bytes), "estimate/real")
		})
	}
}

// mustParse reads a document as the executor does, without its rules: some take the square of what repeats.
func mustParse(tb testing.TB, text string) *ast.QueryDocument {
	tb.Helper()
	doc, err := parser.ParseQuery(&ast.Source{Input: text})
	if err != nil {
		tb.Fatal(err)
	}
	if errs := validator.ValidateWithRules(contract(), doc, &rules.Rules{}); errs != nil {
		tb.Fatal(errs)
	}
	return doc
}

var contract = sync.OnceValue(func() *ast.Schema { return graph.NewExecutableSchema(graph.Config{}).Schema() })

// What is kept of documents takes no more than what it is estimated to take.
func TestParsedDocumentsAreNoLargerThanEstimated(t *testing.T) {
	for name, text := range shapes() {
		const copies = 20
		var docs [copies]*ast.QueryDocument
		before := heap()
		for i := range docs {
			docs[i] = mustParse(t, strings.Clone(text))
		}
		real := (heap() - before) / copies
		if estimate := uint64(sizeOf(text, docs[0])); real > estimate*5/4 {
			t.Errorf("%s: estimated %d bytes, takes %d", name, estimate, real)
		}
		runtime.KeepAlive(docs)
	}
}

// A million documents that are sent once take no more memory than some, and none of those in use goes.
func TestDocumentsInUseStay(t *testing.T) {
	forgotten := 0
	c := newParsed(parsedBytes, onceBytes, func(*ast.QueryDocument) {}, func(*ast.QueryDocument) { forgotten++ })
	ctx := context.Background()
	const used, flood = 200, 50_000
	ask := func(text string) bool {
		if _, ok := c.Get(ctx, text); ok {
			return true
		}
		c.Add(ctx, text, mustParse(t, text))
		return false
	}
	of := func(i int) string { return fmt.Sprintf("query Used%d { viewer { credential scopes } }", i) }
	for range 2 {
		for i := range used {
			ask(of(i))
		}
	}
	for i := range flood {
		ask(fmt.Sprintf("query Once%d { viewer { credential scopes actor { id name kind } } }", i))
	}
	for i := range used {
		if !ask(of(i)) {
			t.Fatalf("%s was forgotten", of(i))
		}
	}
	if c.once.bytes > c.once.most || c.again.bytes > c.again.most || c.once.bytes < c.once.most/2 {
		t.Errorf("%d and %d bytes are kept, of %d and %d", c.once.bytes, c.again.bytes, c.once.most, c.again.most)
	}
	if len(c.known) != c.once.Len()+c.again.Len() || len(c.known) != len(c.weighs) || forgotten != used+flood-len(c.known) {
		t.Errorf("%d documents are known, %d and %d listed, %d weighed, %d forgotten", len(c.known), c.once.Len(), c.again.Len(), len(c.weighs), forgotten)
	}

	for i := range used { // a new set in use, in the middle of a flood
		text := of(used + i)
		ask(text)
		ask(fmt.Sprintf("query Between%d { viewer { credential } }", i))
		if !ask(text) {
			t.Errorf("%s was forgotten before it was asked for again", text)
		}
	}
}

// Those in use are bounded as well: the ones that were asked for last stay.
func TestDocumentsInUseAreBounded(t *testing.T) {
	kept := map[*ast.QueryDocument]bool{}
	c := newParsed(64<<10, 16<<10, func(d *ast.QueryDocument) { kept[d] = true }, func(d *ast.QueryDocument) { delete(kept, d) })
	ctx := context.Background()
	text := func(i int) string { return fmt.Sprintf("query Q%d { viewer { credential } }", i) }
	for i := range 1000 {
		c.Add(ctx, text(i), mustParse(t, text(i)))
		if _, ok := c.Get(ctx, text(i)); !ok {
			t.Fatalf("%s was not kept", text(i))
		}
	}
	if c.once.bytes > 16<<10 || c.again.bytes > 48<<10 || len(kept) != len(c.known) || len(kept) > 100 {
		t.Errorf("%d documents with %d and %d bytes are kept, and %d are told of", len(c.known), c.once.bytes, c.again.bytes, len(kept))
	}
	if _, ok := c.Get(ctx, text(999)); !ok {
		t.Error("the last one is gone")
	}
	if _, ok := c.Get(ctx, text(0)); ok {
		t.Error("the first one is still there")
	}
	first := mustParse(t, text(2000))
	c.Add(ctx, text(2000), first)
	c.Add(ctx, text(2000), mustParse(t, text(2000)))
	if kept[first] || len(kept) != len(c.known) {
		t.Error("a document that was parsed twice is kept twice")
	}
	large := "{ " + strings.Repeat("__typename ", 4000) + "}"
	c.Add(ctx, large, mustParse(t, large))
	if _, ok := c.Get(ctx, large); ok {
		t.Error("a document larger than what is kept was kept")
	}
}
