package bench

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"sonata.ai/sonata/internal/testkit/process"
)

// BenchmarkStart starts the built binary until /readyz answers 200. ns/op includes the stop; read ready-ms.
func BenchmarkStart(b *testing.B) {
	binary := build(b)
	b.Run("empty", func(b *testing.B) {
		start(b, func() *process.Server { return process.Start(b, binary, filepath.Join(b.TempDir(), "sonata.db")) })
	})
	b.Run("existing", func(b *testing.B) {
		database := filepath.Join(b.TempDir(), "sonata.db")
		s := process.Start(b, binary, database)
		create(b, s)
		s.Stop(b)
		start(b, func() *process.Server { return process.Start(b, binary, database) })
		s = process.Start(b, binary, database)
		time.Sleep(5 * time.Second)
		b.ReportMetric(float64(rss(b, s))/1e6, "idle-MB")
		s.Stop(b)
	})
}

func start(b *testing.B, begin func() *process.Server) {
	b.Helper()
	var ready []time.Duration
	for range max(b.N, 5) {
		s := begin()
		ready = append(ready, s.Ready)
		s.Stop(b)
	}
	slices.Sort(ready)
	b.ReportMetric(ms(ready[len(ready)/2]), "ready-ms")
	b.ReportMetric(ms(ready[len(ready)-1]), "slowest-ms")
}
