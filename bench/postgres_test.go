//go:build postgres

package bench

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/store"
	"sonata.ai/sonata/internal/testkit/postgres"
	"sonata.ai/sonata/internal/testkit/process"
)

// BenchmarkPostgresLedger measures what order costs: 16 writers at once with one fact each, all in the turn of one
// frontend, or each in its own, so that only the ledger's row is between them; the limit beside it inserts a row of the
// same size in a transaction of its own, on as many connections.
func BenchmarkPostgresLedger(b *testing.B) {
	server, err := postgres.New(b.Context(), "fsync=on", "full_page_writes=on")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { server.Close() })
	url, err := server.NewDatabase(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	address, err := store.ParseAddress(url)
	if err != nil {
		b.Fatal(err)
	}
	s, err := store.Open(b.Context(), address, store.Pool{Connections: 64}) // 16 of them write
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	ctx := principal.With(b.Context(), principal.Sonata())
	write := func(turn func(int) string) func(context.Context, int) error {
		return func(_ context.Context, n int) error {
			return s.WithTxOf(ctx, turn(n), func(_ context.Context, tx *store.Tx) error {
				tx.Record(store.Fact{Topic: store.TopicNone, Payload: n, Action: "bench", SubjectLabel: "bench", Detail: "a detail of about the size of an edit: title, key, version"})
				return nil
			})
		}
	}
	raw, err := sql.Open("pgx", url)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { raw.Close() })
	raw.SetMaxOpenConns(16)
	raw.SetMaxIdleConns(16)
	if _, err := raw.ExecContext(ctx, "CREATE TABLE bare (id bigint GENERATED ALWAYS AS IDENTITY, detail text)"); err != nil {
		b.Fatal(err)
	}
	bare := func(ctx context.Context, _ int) error {
		_, err := raw.ExecContext(ctx, "INSERT INTO bare (detail) VALUES ($1)", fmt.Sprintf("%400d", 1))
		return err
	}
	for _, c := range []struct {
		name string
		do   func(context.Context, int) error
	}{
		{"one frontend", write(func(int) string { return "frt_1" })},
		{"16 frontends", write(func(n int) string { return fmt.Sprintf("frt_%d", n) })},
		{"bare", bare},
	} {
		for _, writers := range []int{1, 16} {
			b.Run(fmt.Sprintf("%s/%d", c.name, writers), func(b *testing.B) { crowd(b, writers, c.do) })
		}
	}
}

// crowd does b.N things in as many goroutines and reports how many a second, and how long the slow ones took.
func crowd(b *testing.B, writers int, do func(context.Context, int) error) {
	b.Helper()
	var left atomic.Int64
	left.Store(int64(b.N))
	var mu sync.Mutex
	var took []time.Duration
	var all sync.WaitGroup
	b.ResetTimer()
	for n := range writers {
		all.Go(func() {
			for left.Add(-1) >= 0 {
				begin := time.Now()
				if err := do(b.Context(), n); err != nil {
					b.Error(err)
					return
				}
				mu.Lock()
				took = append(took, time.Since(begin))
				mu.Unlock()
			}
		})
	}
	all.Wait()
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tx/s")
	b.ReportMetric(ms(took[len(took)/2]), "p50-ms")
	b.ReportMetric(ms(took[len(took)*99/100]), "p99-ms")
}

// BenchmarkPostgresEdit sends edits over HTTP to one process, by editors who each have a screen of the demo's frontend.
func BenchmarkPostgresEdit(b *testing.B) {
	server, err := postgres.New(b.Context(), "fsync=on", "full_page_writes=on")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { server.Close() })
	url, err := server.NewDatabase(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	s := process.Start(b, build(b), url, "--limit-key", "0", "--limit-cost-minute", "0")
	id := create(b, s)
	version := 1
	b.Run("1", func(b *testing.B) {
		crowd(b, 1, func(ctx context.Context, n int) (err error) {
			version, err = sendEdit(ctx, s, id, version, n, fmt.Sprint(version))
			return err
		})
	})
	b.Run("publish", func(b *testing.B) {
		crowd(b, 1, func(ctx context.Context, n int) (err error) {
			if version, err = sendEdit(ctx, s, id, version, n, fmt.Sprint(version)); err == nil {
				publish(b, s)
			}
			return err
		})
	})
}
