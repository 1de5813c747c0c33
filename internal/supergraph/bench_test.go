package supergraph

import (
	"testing"
	"time"
)

// BenchmarkCompose60 composes sixty entities of three services: the budget is 30 ms on one core.
func BenchmarkCompose60(b *testing.B) {
	subgraphs := entSubgraphs()
	size := 0
	for _, s := range subgraphs {
		size += len(s.SDL)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		if super, problems := Compose(subgraphs); super == nil {
			b.Fatalf("%+v", problems[:min(len(problems), 3)])
		}
	}
}

// TestComposeIsQuick holds far above the benchmark's budget, so that it also holds on a busy machine and under the race
// detector.
func TestComposeIsQuick(t *testing.T) {
	subgraphs := entSubgraphs()
	begin := time.Now()
	super, problems := Compose(subgraphs)
	if super == nil {
		t.Fatalf("%+v", problems[:min(len(problems), 3)])
	}
	if took := time.Since(begin); took > time.Second {
		t.Errorf("composing took %s", took)
	}
}
