package event

import (
	"context"
	"testing"
	"time"

	"sonata.ai/sonata/ent"
)

type ledger struct{ seq int64 }

func (l *ledger) Seq(context.Context) (int64, error) { return 0, nil }

func (l *ledger) Since(_ context.Context, from int64, _ int) (rows []*ent.Outbox, _ error) {
	for seq := from + 1; seq <= l.seq; seq++ {
		rows = append(rows, &ent.Outbox{ID: seq})
	}
	return rows, nil
}

func TestTailerForgetsCommitsThatWereAppliedFirst(t *testing.T) {
	t.Parallel()
	tailer := NewTailer(&ledger{seq: 3}, func(error) {})
	if err := tailer.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := tailer.step(t.Context()); err != nil { // woken by the poll before the committer says so
		t.Fatal(err)
	}
	begin := time.Now()
	tailer.Committed(t.Context(), 3)
	if len(tailer.committed) != 0 || time.Since(begin) > waitAtMost/2 {
		t.Errorf("%d commits are remembered for good, after %s", len(tailer.committed), time.Since(begin))
	}
}
