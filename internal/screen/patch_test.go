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
