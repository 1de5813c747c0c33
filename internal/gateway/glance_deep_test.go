package gateway

import (
	"encoding/json"
	"strings"
	"testing"
)

// Answers that are nested deep are no reason to go deep, nor to take long.
func TestDeepAnswersAreLookedAtAsOthers(t *testing.T) {
	t.Parallel()
	const deep = 4_000_000
	for _, answer := range []string{
		`{"data":` + strings.Repeat("[", deep) + strings.Repeat("]", deep) + `}`,
		`{"data":` + strings.Repeat("[", 20_000),
		`{"data":` + strings.Repeat(`{"a":`, 20_000),
		`{"data":"` + strings.Repeat("[", 20_000) + `"}`,
		`{"data":` + strings.Repeat("[", 60) + strings.Repeat("]", 60) + `}`,
	} {
		if IsJSON([]byte(answer)) && !json.Valid([]byte(answer)) {
			t.Errorf("%.40s", answer)
		}
	}
	for deep, want := range map[int]bool{maxNesting: true, maxNesting + 1: false} {
		answer := strings.Repeat("[", deep) + strings.Repeat("]", deep)
		if got := IsJSON([]byte(answer)); got != want {
			t.Errorf("%d: %t", deep, got)
		}
	}
}
