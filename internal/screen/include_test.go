package screen

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// including makes a screen with an include block per target: i0, i1 and so on.
func including(targets ...string) Body {
	b := NewBody("page", 1)
	for i, target := range targets {
		key := fmt.Sprintf("i%d", i)
		b.Blocks["root"].Slots["children"] = append(b.Blocks["root"].Slots["children"], key)
		b.Blocks[key] = Block{Component: IncludeComponent, Major: 1, Props: map[string]any{"screen": target}, Slots: map[string][]string{}}
	}
	return b
}

func TestIncludes(t *testing.T) {
	b := including("footer", "header", "")
	b.Blocks["x"] = Block{Component: "hero", Props: map[string]any{"screen": "no"}}
	b.Blocks["y"] = Block{Component: IncludeComponent, Props: map[string]any{"screen": 3.0}}
	if got := Includes(b); !reflect.DeepEqual(got, map[string]string{"i0": "footer", "i1": "header"}) {
		t.Error(got)
	}
}

func TestCheckIncludes(t *testing.T) {
	root := NewBody(IncludeComponent, 1)
	root.Blocks["root"].Props["screen"] = "footer"
	bare := including("x")
	delete(bare.Blocks["i0"].Props, "screen")
	tests := []struct {
		name    string
		screens map[string]Body
		want    []string // screen/block: part of the message
	}{
		{"none", map[string]Body{"home": NewBody("page", 1)}, nil},
		{"two deep", map[string]Body{"home": including("b", "c"), "b": including("c", "c"), "c": including()}, nil},
		{"three deep", map[string]Body{"a": including("x", "b"), "b": including("c"), "c": including("d"), "d": including(), "x": including()}, []string{"a/i1: at most 2 deep"}},
		{"four deep", map[string]Body{"a": including("b"), "b": including("c"), "c": including("d"), "d": including("e"), "e": including()}, []string{`a/i0: by way of "b" they nest 4 deep`, "b/i0: nest 3 deep"}},
		{"missing", map[string]Body{"a": including("b", "gone"), "b": including("gone")}, []string{`a/i1: no screen "gone"`, `b/i0: no screen "gone"`}},
		{"itself", map[string]Body{"a": including("a")}, []string{"a/i0: includes itself"}},
		{"circle", map[string]Body{"a": including("b"), "b": including("c", "d"), "c": including("a"), "d": including(), "z": including("d", "d")}, []string{"a/i0: includes itself", "b/i0: includes itself", "c/i0: includes itself"}},
		{"no screen named", map[string]Body{"a": bare}, []string{`a/i0: set the prop "screen"`}},
		{"as root", map[string]Body{"a": root, "footer": including()}, []string{"a/root: cannot be the root"}},
		{"two circles", map[string]Body{"a": including("b"), "b": including("a", "c"), "c": including("d"), "d": including("c")}, []string{"a/i0: itself", "b/i0: itself", "c/i0: itself", "d/i0: itself"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := CheckIncludes(tt.screens)
			if len(got) != len(tt.want) {
				t.Fatalf("got %q, want %q", got, tt.want)
			}
			for i, p := range got {
				place, part, _ := strings.Cut(tt.want[i], ": ")
				if p.Screen+"/"+p.BlockKey != place || !strings.Contains(p.Message, part) {
					t.Errorf("got %q, want %q", p, tt.want[i])
				}
			}
		})
	}
}

// The naive rule follows every chain of includes from each block, and calls it a cycle when it comes back to its screen.
func TestCheckIncludesAgainstNaive(t *testing.T) {
	problems := 0
	for seed := range 2000 {
		c := seeded(int64(seed))
		screens, edges := map[string]Body{}, map[string][]string{}
		n := 1 + c(6)
		for i := range n {
			key := fmt.Sprint(i)
			for range c(3) {
				edges[key] = append(edges[key], fmt.Sprint(c(n)))
			}
			screens[key] = including(edges[key]...)
		}
		var reaches func(from, to string, left int) bool
		reaches = func(from, to string, left int) bool {
			if from == to {
				return true
			}
			for _, next := range edges[from] {
				if left > 0 && reaches(next, to, left-1) {
					return true
				}
			}
			return false
		}
		var depth func(from string) int
		depth = func(from string) int {
			deepest := 0
			for _, next := range edges[from] {
				if !reaches(next, from, n) {
					deepest = max(deepest, 1+depth(next))
				}
			}
			return deepest
		}
		want := map[string]string{}
		for key, targets := range edges {
			for i, target := range targets {
				if reaches(target, key, n) {
					want[fmt.Sprintf("%s/i%d", key, i)] = "itself"
				} else if 1+depth(target) > 2 {
					want[fmt.Sprintf("%s/i%d", key, i)] = "deep"
				}
			}
		}
		got := CheckIncludes(screens)
		problems += len(got)
		if len(got) != len(want) {
			t.Fatalf("seed %d: %q, want %q", seed, got, want)
		}
		for _, p := range got {
			if part := want[p.Screen+"/"+p.BlockKey]; part == "" || !strings.Contains(p.Message, part) {
				t.Fatalf("seed %d: %q, want %q", seed, got, want)
			}
		}
	}
	if problems < 500 {
		t.Errorf("only %d problems", problems)
	}
}
