package canonical_test

import (
	"strings"
	"testing"

	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/fault"
)

func TestCanonicalForm(t *testing.T) {
	for in, want := range map[string]string{
		`{"b":1,"a":2}`: `{"a":2,"b":1}`,
		`{"\u20ac":1,"\r":2,"1":3,"\ud83d\ude00":4}`: "{\"\\r\":2,\"1\":3,\"€\":1,\"😀\":4}", // RFC 8785 sorts by UTF-16 units
		`[1.0, -0, 1e2, 1E-7, 0.1]`:                  `[1,0,100,1e-7,0.1]`,
		`1e17`:                                       `100000000000000000`,
		`9007199254740992`:                           `9007199254740992`,
		`"<a>&\/"`:                                   `"<a>&/"`,
		` [ null , true ] `:                          `[null,true]`,
	} {
		v, err := canonical.Decode([]byte(in))
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		if got, err := canonical.Marshal(v); err != nil || string(got) != want {
			t.Errorf("%s: %s %v, want %s", in, got, err, want)
		}
	}
}

func TestWhatIsRefused(t *testing.T) {
	for in, want := range map[string]string{
		`9007199254740993`:         "cannot be kept exactly",
		`1e400`:                    "too large",
		`{"a":{"b/c":"x\u0000"}}`:  "NUL",
		`{"a\u0000":1}`:            "NUL",
		"\"\xff\"":                 "UTF-8",
		`{"a":1} x`:                "more after",
		`{"a":`:                    "too early",
		``:                         "too early",
		strings.Repeat("[", 10000): "not valid",
		strings.Repeat("[", 100) + strings.Repeat("]", 100): "deeper",
	} {
		_, err := canonical.Decode([]byte(in))
		f := fault.As(err)
		if f == nil || !strings.Contains(f.Message, want) {
			t.Errorf("%.40s: %v, want %s", in, err, want)
		}
	}
	_, err := canonical.Decode([]byte(`{"a":{"b/c":"x\u0000"}}`))
	if f := fault.As(err); f == nil || f.Pointer != "/a/b~1c" {
		t.Errorf("the pointer: %+v", f)
	}
}

func TestHashes(t *testing.T) {
	a, errA := canonical.HashOf(map[string]any{"x": 1.0, "y": "z"})
	b, errB := canonical.HashOf(map[string]any{"y": "z", "x": 1.0})
	if errA != nil || errB != nil || a != b || !canonical.IsHash(a) {
		t.Errorf("%s %v, %s %v", a, errA, b, errB)
	}
	for _, no := range []string{"", "sha256:", "sha256:" + strings.Repeat("g", 64), "sha256:" + strings.Repeat("A", 64), strings.Repeat("a", 64)} {
		if canonical.IsHash(no) {
			t.Errorf("%q passes for a hash", no)
		}
	}
}

// What was accepted once is accepted again, and is the same: stored drafts must always be readable.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.5,"x",null,true]}`, `1e17`, `-0`, `"\ud800"`, `{"a":1,"a":2}`, `1e-400`, `123456789012345680000`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		v, err := canonical.Decode(raw)
		if err != nil {
			return
		}
		once, err := canonical.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		again, err := canonical.Decode(once)
		if err != nil {
			t.Fatalf("%s: %v", once, err)
		}
		if twice, err := canonical.Marshal(again); err != nil || string(twice) != string(once) {
			t.Fatalf("%s became %s, %v", once, twice, err)
		}
	})
}
