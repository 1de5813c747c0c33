package gateway_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sonata.ai/sonata/internal/testkit/subgraph"
)

// Entities of Sonata are asked for a hundred at a time, and errors keep their places.
func TestManyOwnEntities(t *testing.T) {
	t.Parallel()
	var nodes, refs []string
	for i := range 250 {
		number := fmt.Sprint(i)
		if i == 170 {
			number = `{"$error":"no number","code":"NO"}`
		}
		nodes = append(nodes, fmt.Sprintf(`{"__typename":"Release","id":"rel_%d","number":%s}`, i, number))
		refs = append(refs, fmt.Sprintf(`{"$ref":"Release","id":"rel_%d"}`, i))
	}
	all := strings.Join(nodes, ",")
	w := newOwnWorldOf(t, fmt.Sprintf(`{"Query": {"nodes": [%s]}, "Release": [%s]}`, all, all), strings.Replace(viewsSDL, "top: Release", "top: [Release]", 1),
		fmt.Sprintf(`{"Query": {"top": [%s]}, "Release": [%s]}`, strings.Join(refs, ","), strings.ReplaceAll(all, `"__typename":"Release",`, "")))
	got := w.send(as("mem_1"), `{top {number}}`, nil)
	if !strings.HasPrefix(got, `{"errors":[{"message":"no number","path":["top",170,"number"],"extensions":{"code":"NO"}}]`) || !strings.Contains(got, `{"number":169},null,{"number":171}`) ||
		!strings.HasSuffix(got, `{"number":249}]}}`) {
		t.Errorf("%.400s … %s", got, got[len(got)-100:])
	}
	if texts := w.ran.take(); len(texts) != 3 {
		t.Errorf("%d questions", len(texts))
	}
}

// A slow service holds up what asks for it, and nothing else.
func TestASlowServiceHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.reviews.Break(subgraph.Fault{Slow: 2 * time.Second})
	answers := make(chan string, 300)
	for range 300 {
		go func() { answers <- w.ask(t.Context(), `{reviewCount}`, "") }()
	}
	eventually(t, func() bool { return len(w.reviews.Asked()) > 0 })
	quick := 0
	for ; quick < 20 && len(answers) == 0; quick++ {
		w.want(`{me products(first: 1) {name}}`, "", `{"data":{"me":"products","products":[{"name":"Chair"}]}}`)
	}
	if quick < 2 { // the last may have waited for them
		t.Errorf("%d questions were answered while the slow service was asked", quick)
	}
	for range 300 {
		<-answers
	}
}
