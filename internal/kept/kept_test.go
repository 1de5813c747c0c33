package kept_test

import (
	"strings"
	"sync"
	"testing"

	"sonata.ai/sonata/internal/kept"
)

func TestKeptStaysWithinItsBytes(t *testing.T) {
	t.Parallel()
	k := kept.New(100, func(key, value string) int { return len(key) + len(value) })
	has := func(key string, want bool) {
		t.Helper()
		if _, got := k.Get(key); got != want {
			t.Errorf("%s is kept: %v", key, got)
		}
	}
	k.Put("a", strings.Repeat("x", 39))
	k.Put("b", strings.Repeat("x", 39))
	has("a", true) // and is asked for last
	k.Put("c", strings.Repeat("x", 39))
	has("b", false)
	has("a", true)
	k.Put("a", "x") // smaller than before: there is room again
	k.Put("d", strings.Repeat("x", 39))
	has("c", true)
	has("d", true)
	k.Put("e", strings.Repeat("x", 200)) // larger than everything
	for _, key := range []string{"a", "c", "d", "e"} {
		has(key, false)
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 1000 {
				k.Put("a", "x")
				k.Get("a")
			}
		})
	}
	all.Wait()
	has("a", true)
}
