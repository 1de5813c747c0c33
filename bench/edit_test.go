package bench

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3"

	"sonata.ai/sonata/internal/testkit/process"
)

// BenchmarkEdit sends screenEdit over HTTP, each client to a block of its own. The physical limit is one row per
// transaction into a bare SQLite file with the same settings: what the disk's sync allows.
func BenchmarkEdit(b *testing.B) {
	binary := build(b)
	b.Run("limit", bareCommits)
	for _, clients := range []int{1, 16} {
		b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) {
			s := process.Start(b, binary, filepath.Join(b.TempDir(), "sonata.db"))
			id := create(b, s)
			var left atomic.Int64
			left.Store(int64(b.N))
			var group sync.WaitGroup
			b.ResetTimer()
			for n := range clients {
				group.Go(func() {
					version := 1
					for i := left.Add(-1); i >= 0; i = left.Add(-1) {
						var err error
						if version, err = sendEdit(b.Context(), s, id, version, n, fmt.Sprintf("edit %d", i)); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			group.Wait()
			b.StopTimer()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "edits/s")
			s.Stop(b)
		})
	}
}

func bareCommits(b *testing.B) {
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(b.TempDir(), "bare.db")+"?_journal_mode=WAL&_synchronous=FULL&_txlock=immediate")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("CREATE TABLE rows (id integer PRIMARY KEY, body text)"); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := db.Exec("INSERT INTO rows (body) VALUES ('one')"); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commits/s")
}

// BenchmarkPublish changes one block and publishes: the time of releasePublish alone, as the client sees it.
func BenchmarkPublish(b *testing.B) {
	s := process.Start(b, build(b), filepath.Join(b.TempDir(), "sonata.db"))
	id := create(b, s)
	version := 1
	b.Run("one change", func(b *testing.B) {
		var took []time.Duration
		for n := range b.N {
			b.StopTimer()
			var err error
			if version, err = sendEdit(b.Context(), s, id, version, n, fmt.Sprintf("publish %d of %d", n, b.N)); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
			begin := time.Now()
			publish(b, s)
			took = append(took, time.Since(begin))
		}
		slices.Sort(took)
		b.ReportMetric(ms(took[len(took)/2]), "p50-ms")
		b.ReportMetric(ms(took[len(took)*99/100]), "p99-ms")
	})
}
