package supergraph

import (
	"strings"
	"testing"
	"time"
)

// FuzzCompose: whatever two services publish, Compose answers in time, and the same whatever their order.
func FuzzCompose(f *testing.F) {
	for _, c := range composeCases(f) {
		sdls := []string{"", ""}
		for i, s := range c.subgraphs {
			if i < 2 {
				sdls[i] = s.SDL
			}
		}
		f.Add(sdls[0], sdls[1], strings.HasPrefix(c.name, "owned"))
	}
	f.Fuzz(func(t *testing.T, a, b string, owned bool) {
		subgraphs := []Subgraph{{Name: "a", SDL: a, Owned: owned}, {Name: "b", SDL: b}}
		if b == "" {
			subgraphs = subgraphs[:1]
		}
		begin := time.Now()
		super, problems := Compose(subgraphs)
		if took := time.Since(begin); took > 5*time.Second {
			t.Fatalf("took %s", took)
		}
		checkComposed(t, super, problems)
		if super != nil {
			if again := Compare(super.API, super.API); len(again) > 0 {
				t.Fatalf("differs from itself: %+v", again)
			}
		}
		if len(subgraphs) == 2 {
			if one, other := outcome(subgraphs), outcome([]Subgraph{subgraphs[1], subgraphs[0]}); one != other {
				t.Fatalf("the order matters:\n%s\n%s", one, other)
			}
		}
	})
}
