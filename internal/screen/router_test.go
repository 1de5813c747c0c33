package screen

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestRouter(t *testing.T) {
	r := NewRouter(map[string]Pattern{
		"home": pattern(t, "/"), "products": pattern(t, "/products"), "product": pattern(t, "/products/:handle"),
		"new": pattern(t, "/products/new"), "any": pattern(t, "/:a/:b"), "deep": pattern(t, "/:a/new/:c"),
		"twin-b": pattern(t, "/twin/:x"), "twin-a": pattern(t, "/twin/:y"), "none": {},
	})
	tests := []struct {
		path, key string
		params    map[string]string
	}{
		{"/", "home", map[string]string{}},
		{"/products/?a", "products", map[string]string{}},
		{"/products/shoe", "product", map[string]string{"handle": "shoe"}},
		{"/products/new", "new", map[string]string{}},
		{"/products/%6eew", "new", map[string]string{}},
		{"/x/new", "any", map[string]string{"a": "x", "b": "new"}},
		{"/products/new/z", "deep", map[string]string{"a": "products", "c": "z"}}, // backs out of the literals
		{"/twin/1", "twin-a", map[string]string{"y": "1"}},
		{"/nobody", "", nil},
		{"/a/b/c/d", "", nil},
		{"nothing", "", nil},
	}
	for _, tt := range tests {
		key, params, ok := r.Match(tt.path)
		if key != tt.key || ok != (tt.key != "") || !reflect.DeepEqual(params, tt.params) {
			t.Errorf("%q: %q %v %v, want %q %v", tt.path, key, params, ok, tt.key, tt.params)
		}
	}
	if _, _, ok := NewRouter(nil).Match("/"); ok {
		t.Error("a router without patterns matches")
	}
}

// naiveRoute takes the best of all patterns that fit: at the first place where two differ, the literal wins.
func naiveRoute(patterns map[string]Pattern, path string) (string, bool) {
	best, found := "", false
	for key, p := range patterns {
		if _, ok := p.Match(path); !ok {
			continue
		}
		if !found || rank(p) < rank(patterns[best]) || rank(p) == rank(patterns[best]) && key < best {
			best, found = key, true
		}
	}
	return best, found
}

func rank(p Pattern) string {
	var b strings.Builder
	for _, seg := range p.segments {
		if seg.parameter == "" {
			b.WriteByte('0')
		} else {
			b.WriteByte('1')
		}
	}
	return b.String()
}

func TestRouterAgainstNaive(t *testing.T) {
	found := 0
	for seed := range 2000 {
		c := seeded(int64(seed))
		patterns := map[string]Pattern{}
		for i := range 1 + c(12) {
			var b strings.Builder
			for j := range c(5) {
				b.WriteString(pick(c, "/a", "/b", "/c", fmt.Sprintf("/:p%d", j), fmt.Sprintf("/:q%d", j)))
			}
			if b.Len() == 0 {
				b.WriteByte('/')
			}
			patterns[fmt.Sprintf("s%d", i)] = pattern(t, b.String())
		}
		r := NewRouter(patterns)
		for range 20 {
			var b strings.Builder
			for range c(5) {
				b.WriteString(pick(c, "/a", "/b", "/c", "/d", "/%61", "/"))
			}
			path := pick(c, "", "/") + b.String()
			want, wantOK := naiveRoute(patterns, path)
			key, params, ok := r.Match(path)
			if key != want || ok != wantOK {
				t.Fatalf("%q among %v: %q %v, want %q %v", path, patterns, key, ok, want, wantOK)
			}
			if ok {
				found++
				if wantParams, _ := patterns[want].Match(path); !reflect.DeepEqual(params, wantParams) {
					t.Fatalf("%q: %v, want %v", path, params, wantParams)
				}
			}
		}
	}
	if found < 2000 {
		t.Errorf("only %d matches", found)
	}
}

// The worst tree: every mix of literals and parameters on the way, and no end that fits.
func worstRouter(t testing.TB) *Router {
	patterns := map[string]Pattern{}
	for mix := range 1 << 12 {
		var b strings.Builder
		for i := range 15 {
			if i < 12 && mix>>i&1 == 1 {
				fmt.Fprintf(&b, "/:p%d", i)
			} else {
				b.WriteString("/a")
			}
		}
		patterns[fmt.Sprint(mix)] = pattern(t, b.String()+"/end")
	}
	return NewRouter(patterns)
}

func TestRouterIsNotExponential(t *testing.T) {
	r := worstRouter(t)
	start := time.Now()
	for range 20 {
		if _, _, ok := r.Match(strings.Repeat("/a", 16)); ok {
			t.Fatal("it matched")
		}
	}
	if d := time.Since(start); d > 2*time.Second {
		t.Errorf("20 misses took %v", d)
	}
	if key, _, ok := r.Match(strings.Repeat("/a", 11) + "/b" + strings.Repeat("/a", 3) + "/end"); !ok || key != "2048" {
		t.Error(key, ok)
	}
	path := strings.Repeat("/", 2000)
	if n := testing.AllocsPerRun(10, func() { r.Match(path) }); n > 2 {
		t.Errorf("%v allocations for a path that cannot match", n)
	}
}

func BenchmarkRouter(b *testing.B) {
	patterns := map[string]Pattern{}
	for i := range 500 {
		patterns[fmt.Sprint(i)] = pattern(b, fmt.Sprintf("/section%d/:a/list/:b", i))
	}
	r := NewRouter(patterns)
	b.ReportAllocs()
	for b.Loop() {
		r.Match("/section250/x/list/y")
	}
}
