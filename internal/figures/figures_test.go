package figures_test

import (
	"testing"
	"time"

	"sonata.ai/sonata/internal/figures"
)

// Figures are those of five minutes: what is older slides out, in steps of ten seconds, and takes no memory.
func TestFiguresSlide(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_000_000, 0)
	f := figures.New(func() time.Time { return now })
	if got := f.Read(); got.Calls != 0 || got.P50 != nil || !got.Since.Equal(now) {
		t.Errorf("%+v", got)
	}
	for i := range 100 {
		took := 10 * time.Millisecond
		if i >= 90 {
			took = time.Second
		}
		f.Note(took, i < 7)
	}
	near := func(what string, got *time.Duration, want time.Duration) {
		t.Helper()
		if got == nil || float64(*got) < 0.8*float64(want) || float64(*got) > 1.25*float64(want) {
			t.Errorf("%s is %v, want %s", what, got, want)
		}
	}
	got := f.Read()
	if got.Calls != 100 || got.Errors != 7 {
		t.Errorf("%+v", got)
	}
	near("p50", got.P50, 10*time.Millisecond)
	near("p95", got.P95, time.Second)
	near("p99", got.P99, time.Second)
	now = now.Add(4 * time.Minute)
	f.Note(time.Hour, true)
	if got := f.Read(); got.Calls != 101 || got.Errors != 8 {
		t.Errorf("%+v", got)
	}
	now = now.Add(time.Minute)
	if got := f.Read(); got.Calls != 1 || got.Errors != 1 || now.Sub(got.Since) > 5*time.Minute || now.Sub(got.Since) < 4*time.Minute {
		t.Errorf("%+v", got)
	}
	now = now.Add(time.Hour)
	if got := f.Read(); got.Calls != 0 || got.P99 != nil {
		t.Errorf("%+v", got)
	}
	f.Refuse()
	all := f.Totals()
	if all.Answered != 93 || all.Failed != 8 || all.Refused != 1 || all.Within[time.Millisecond.Seconds()] != 0 || all.Within[(4096*time.Millisecond).Seconds()] != 100 || len(all.Within) != 7 {
		t.Errorf("%+v", all)
	}
}
