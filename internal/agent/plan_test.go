package agent

import (
	"reflect"
	"testing"
	"time"
)

func TestPlan(t *testing.T) {
	t.Parallel()
	ready, unready, old, leaving := standing{ready: true}, standing{}, standing{old: true, ready: true}, standing{leaving: true}
	for name, c := range map[string]struct {
		have   []standing
		target int
		start  int
		leave  []int
	}{
		"none":                      {nil, 2, 2, nil},
		"enough":                    {[]standing{ready, unready}, 2, 0, nil},
		"too few":                   {[]standing{ready, leaving}, 3, 2, nil},
		"too many: the newest":      {[]standing{ready, leaving, ready, unready}, 1, 0, []int{3, 2}},
		"old: one more":             {[]standing{old, old}, 2, 1, nil},
		"old: until it is ready":    {[]standing{old, old, unready}, 2, 0, nil},
		"old: then the eldest":      {[]standing{old, old, ready}, 2, 0, []int{0}},
		"old: until it left":        {[]standing{leaving, old, ready, ready}, 2, 0, nil},
		"old: the next":             {[]standing{old, ready}, 2, 1, nil},
		"old: and more are wanted":  {[]standing{old, ready}, 4, 3, nil},
		"old: and fewer are wanted": {[]standing{old, old, ready}, 1, 0, []int{0}},
	} {
		if start, leave := plan(c.have, c.target); start != c.start || !reflect.DeepEqual(leave, c.leave) {
			t.Errorf("%s: start %d, leave %v; want %d, %v", name, start, leave, c.start, c.leave)
		}
	}
}

// Each wait is twice as long as the one before up to the longest, a quarter more or less; not two agents wait alike.
func TestBackoff(t *testing.T) {
	t.Parallel()
	b, other := backoff{first: 500 * time.Millisecond, longest: 30 * time.Second}, backoff{first: 500 * time.Millisecond, longest: 30 * time.Second}
	alike := 0
	for n := range 100 {
		want := min(30*time.Second, 500*time.Millisecond<<min(n, 10))
		got := b.next()
		if got < want*3/4 || got > want*5/4 {
			t.Fatalf("wait %d is %s, want %s", n, got, want)
		}
		if got == other.next() {
			alike++
		}
	}
	if alike > 3 {
		t.Error("both wait alike")
	}
	b.reset()
	if got := b.next(); got > time.Second {
		t.Errorf("the first wait is %s", got)
	}
}
