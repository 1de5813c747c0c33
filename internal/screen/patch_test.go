package screen

import (
	"encoding/json"
	"math"
	"testing"
)

func object(t testing.TB, raw string) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(raw), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestPatchTo(t *testing.T) {
	for seed := range 3000 {
		c := seeded(int64(seed))
		from, to := randomObject(c, 0, false), randomObject(c, 0, false)
		if got := show(MergePatch(from, patchTo(from, to))); got != show(to) {
			t.Fatalf("from %s to %s by %s gives %s", show(from), show(to), show(patchTo(from, to)), got)
		}
		if patch := patchTo(to, to); len(patch) != 0 {
			t.Fatalf("a patch to the same is %s", show(patch))
		}
	}
}

// A picture is replaced whole: whoever sends one means that use of it, with its text or without.
func TestAPictureReplacesAPicture(t *testing.T) {
	for _, c := range []struct{ target, patch, want string }{
		{`{"p":{"$asset":"a","alt":"A"}}`, `{"p":{"$asset":"b"}}`, `{"p":{"$asset":"b"}}`},
		{`{"p":{"$asset":"a","alt":"A"}}`, `{"p":{"$asset":"b","alt":"B"}}`, `{"p":{"$asset":"b","alt":"B"}}`},
		{`{"p":{"$asset":"a","alt":"A"}}`, `{"p":{"$asset":"a"}}`, `{"p":{"$asset":"a"}}`},
		{`{"p":{"$asset":"a","alt":"A"}}`, `{"p":{"alt":"B"}}`, `{"p":{"$asset":"a","alt":"B"}}`},
		{`{"p":{"$asset":"a","alt":"A"}}`, `{"p":{"alt":null}}`, `{"p":{"$asset":"a"}}`},
		{`{"p":{"url":"/x","width":1}}`, `{"p":{"$asset":"a","alt":null}}`, `{"p":{"$asset":"a"}}`},
		{`{"p":{"$asset":"a","alt":"A"}}`, `{"p":{"$asset":null,"url":"/x"}}`, `{"p":{"alt":"A","url":"/x"}}`},
		{`{"p":{"q":{"$asset":"a","alt":"A"},"r":1}}`, `{"p":{"q":{"$asset":"b"}}}`, `{"p":{"q":{"$asset":"b"},"r":1}}`},
	} {
		if got := show(MergePatch(object(t, c.target), object(t, c.patch))); got != c.want {
			t.Errorf("%s and %s give %s", c.target, c.patch, got)
		}
	}
}

// Whatever stood there, the inverse of a change brings it back.
func TestPatchToWithPictures(t *testing.T) {
	values := []string{
		`{}`, `{"p":{"$asset":"a"}}`, `{"p":{"$asset":"a","alt":"A"}}`, `{"p":{"$asset":"a","alt":"B"}}`, `{"p":{"$asset":"b","alt":"A"}}`,
		`{"p":{"alt":"A"}}`, `{"p":{"url":"/x","alt":"A"}}`, `{"p":"text"}`, `{"p":{"q":{"$asset":"a","alt":"A"}}}`, `{"p":{"q":{"$asset":"b"}}}`,
	}
	for _, from := range values {
		for _, to := range values {
			patch := patchTo(object(t, from), object(t, to))
			if got := show(MergePatch(object(t, from), patch)); got != show(object(t, to)) {
				t.Errorf("from %s to %s by %s gives %s", from, to, show(patch), got)
			}
		}
	}
}

func TestCleanNumbers(t *testing.T) {
	got, err := cleanProps(map[string]any{"a": 1, "b": int64(2), "c": json.Number("3.5"), "d": math.Copysign(0, -1)})
	if err != nil || show(got) != `{"a":1,"b":2,"c":3.5,"d":0}` {
		t.Error(show(got), err)
	}
	for _, bad := range []any{math.NaN(), math.Inf(1), json.Number("1e999"), json.Number("x")} {
		if _, err := cleanProps(map[string]any{"a": bad}); err == nil {
			t.Errorf("%v was taken", bad)
		}
	}
}
