package document_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"sonata.ai/sonata/internal/document"
	"sonata.ai/sonata/web"
)

func parsed(t testing.TB, source string) *ast.QueryDocument {
	t.Helper()
	doc, err := parser.ParseQuery(&ast.Source{Input: source})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestDocumentsThatRepeatThemselves(t *testing.T) {
	t.Parallel()
	times := func(n int, text string) string { return strings.Repeat(text+" ", n) }
	for name, c := range map[string]struct {
		source  string
		repeats bool
	}{
		"a field 600 times":                      {"{" + times(600, "a") + "}", false},
		"a field 700 times":                      {"{" + times(700, "a") + "}", true},
		"700 fields of their own":                {"{" + aliased(700) + "}", false},
		"a field in objects that are merged":     {"{" + times(30, "a { "+times(30, "b")+"}") + "}", true},
		"a field in objects of their own":        {"{" + strings.ReplaceAll(aliased(30), ": a", ": a { "+times(30, "b")+"}") + "}", false},
		"a field in inline fragments":            {"{" + times(700, "... { a }") + "}", true},
		"a field in a fragment that is repeated": {"{" + times(700, "...A") + "} fragment A on Q { a }", false},
		"a field in a fragment":                  {"{ __typename } fragment A on Q {" + times(700, "a") + "}", true},
		"fragments that double at each level":    {doubling(40), true},
		"fragments in a circle":                  {"{ ...A } fragment A on Q { a { ...A } }", false}, // refused for that
	} {
		if got := document.Repeats(parsed(t, c.source)); got != c.repeats {
			t.Errorf("%s: %v", name, got)
		}
	}
	sources, err := web.Documents()
	if err != nil {
		t.Fatal(err)
	}
	for _, source := range append(sources, introspection) {
		if document.Repeats(parsed(t, source)) {
			t.Errorf("what our own pages send repeats itself: %.200s", source)
		}
	}
}

func aliased(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, " a%d: a", i)
	}
	return b.String()
}

// doubling is a document whose fragments lead to twice as many places with each level.
func doubling(n int) string {
	var b strings.Builder
	b.WriteString("{ ...F0 }")
	for i := range n {
		fmt.Fprintf(&b, " fragment F%d on Q { a { ...F%d } b { ...F%d } }", i, i+1, i+1)
	}
	fmt.Fprintf(&b, " fragment F%d on Q { c }", n)
	return b.String()
}
