package screen

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"sonata.ai/sonata/internal/fault"
)

func pattern(t testing.TB, s string) Pattern {
	t.Helper()
	p, err := ParsePattern(s)
	if err != nil {
		t.Fatalf("ParsePattern(%q): %v", s, err)
	}
	return p
}

func TestParsePattern(t *testing.T) {
	for _, s := range []string{"/", "/a", "/products/:handle", "/:a/:b2_C", "/straße/日本", "/a.b/~c/-_!$&'()*+,;=:@", "/a:b", "/" + strings.Repeat("x", 511), "/..."} {
		if p := pattern(t, s); p.String() != s {
			t.Errorf("%q became %q", s, p)
		}
	}
	tests := []struct{ pattern, message string }{
		{"", "begins with /"},
		{"a", "begins with /"},
		{"/a/", "does not end with /"},
		{"//", "no empty segments"},
		{"/a//b", "no empty segments"},
		{"/.", "browsers resolve"},
		{"/a/../b", "browsers resolve"},
		{"/a?b", `character '?' cannot`},
		{"/a#b", `character '#' cannot`},
		{"/a%20b", "without percent-encoding"},
		{"/a b", `character ' ' cannot`},
		{"/a\x00", "cannot stand"},
		{"/a\u200bb", "cannot stand"},
		{"/a\u00a0b", "cannot stand"},
		{`/a\b`, "cannot stand"},
		{"/a{b}", "cannot stand"},
		{"/\xff", "valid UTF-8"},
		{"/:", "not a parameter name"},
		{"/:1", "not a parameter name"},
		{"/:a-b", "not a parameter name"},
		{"/:" + strings.Repeat("a", 33), "not a parameter name"},
		{"/:a/:a", ":a stands twice"},
		{"/" + strings.Repeat("x", 512), "at most 512 bytes"},
		{strings.Repeat("/a", 17), "at most 16 segments"},
	}
	for _, tt := range tests {
		_, err := ParsePattern(tt.pattern)
		if f := wantFault(t, err, fault.Invalid, ""); !strings.Contains(f.Message, tt.message) {
			t.Errorf("%q: %q, want %q", tt.pattern, f.Message, tt.message)
		}
	}
}

func TestPatternMatch(t *testing.T) {
	tests := []struct {
		pattern, path string
		params        map[string]string // nil: no match
	}{
		{"/", "/", map[string]string{}},
		{"/", "/?a=/b#c", map[string]string{}},
		{"/", "", nil},
		{"/", "//", nil},
		{"/", "/a", nil},
		{"/a", "/a", map[string]string{}},
		{"/a", "/a/", map[string]string{}},
		{"/a", "/a//", nil},
		{"/a", "/A", nil},
		{"/a", "a", nil},
		{"/a", "/%61", map[string]string{}},
		{"/a", "/a#x/y", map[string]string{}},
		{"/products/:handle", "/products/red%20shoe?x=1", map[string]string{"handle": "red shoe"}},
		{"/products/:handle", "/products/", nil},
		{"/products/:handle", "/products", nil},
		{"/products/:handle", "/products/a/b", nil},
		{"/products/:handle", "/products/a%2Fb", nil},
		{"/products/:handle", "/products/a%00", nil},
		{"/products/:handle", "/products/%ff", nil},
		{"/products/:handle", "/products/%", nil},
		{"/products/:handle", "/products/%4", nil},
		{"/products/:handle", "/products/%zz", nil},
		{"/products/:handle", "/products/..", nil},
		{"/products/:handle", "/products/%2E%2e", nil},
		{"/products/:handle", "/products/%252F", map[string]string{"handle": "%2F"}},
		{"/products/:handle", "/products/a+b", map[string]string{"handle": "a+b"}},
		{"/:a/x/:b", "/1/x/2/", map[string]string{"a": "1", "b": "2"}},
		{"/straße", "/stra%C3%9Fe", map[string]string{}},
		{"/straße", "/straße", map[string]string{}},
		{"/:a", "/" + strings.Repeat("x", 2047) + "?" + strings.Repeat("q", 5000), map[string]string{"a": strings.Repeat("x", 2047)}},
		{"/:a", "/" + strings.Repeat("x", 2048), nil},
	}
	for _, tt := range tests {
		params, ok := pattern(t, tt.pattern).Match(tt.path)
		if ok != (tt.params != nil) || !reflect.DeepEqual(params, tt.params) {
			t.Errorf("%q on %.60q: %v %v, want %v", tt.pattern, tt.path, params, ok, tt.params)
		}
	}
	if _, ok := (Pattern{}).Match("/"); ok {
		t.Error("the zero pattern matches")
	}
}

func TestAlike(t *testing.T) {
	tests := []struct {
		a, b  string
		alike bool
	}{
		{"/", "/", true},
		{"/a/:b", "/a/:c", true},
		{"/a/:b", "/a/b", false},
		{"/a/:b", "/:a/b", false},
		{"/a", "/a/:b", false},
		{"/:a", "/", false},
	}
	for _, tt := range tests {
		if got := Alike(pattern(t, tt.a), pattern(t, tt.b)); got != tt.alike {
			t.Errorf("%q and %q: %v", tt.a, tt.b, got)
		}
	}
	if got := pattern(t, "/products/:handle/x").Shape(); got != "/products/:/x" {
		t.Error(got)
	}
}

func FuzzPattern(f *testing.F) {
	f.Add("/products/:handle", "/products/a%20b?x#y")
	f.Add("/", "//")
	f.Add("/ü/:a/.../@:", "/%C3%BC/%2e/.../@:/")
	f.Fuzz(func(t *testing.T, text, path string) {
		p, err := ParsePattern(text)
		if err != nil {
			wantFault(t, err, fault.Invalid, "")
			return
		}
		again := pattern(t, p.String())
		if !reflect.DeepEqual(p, again) || !Alike(p, again) {
			t.Fatal("a pattern is not itself")
		}
		params, ok := p.Match(path)
		for name, value := range params {
			if !isParameterName(name) || value == "" || !utf8.ValidString(value) || strings.ContainsAny(value, "/\x00") {
				t.Fatalf("parameter %q = %q", name, value)
			}
		}
		key, routed, found := NewRouter(map[string]Pattern{"home": p}).Match(path)
		if found != ok || !reflect.DeepEqual(routed, params) || found && key != "home" {
			t.Fatalf("the router says %v %v, the pattern %v %v", found, routed, ok, params)
		}
	})
}
