package bench

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sonata.ai/sonata/internal/testkit/process"
)

const usageDocument = `mutation Usage($input: UsageReportInput!) { usageReport(input: $input) { accepted } }`

// BenchmarkUsageReport sends what a page reports after a view of the measured screen, each block seen once, and the same
// bytes to a plain net/http process that answers the same, in turns. More come than a server counts: the rest are
// answered accepted: false, which is the cheaper half of the work.
func BenchmarkUsageReport(b *testing.B) {
	s := process.Start(b, build(b), filepath.Join(b.TempDir(), "sonata.db"))
	create(b, s)
	seen := []any{}
	for n := 1; n < blocks; n++ {
		seen = append(seen, map[string]any{"key": fmt.Sprintf("block-%02d", n), "views": 1, "clicks": n % 2, "renderErrors": 0})
	}
	body := mustJSON(b, map[string]any{"query": usageDocument, "variables": map[string]any{"input": map[string]any{
		"frontend": "shop", "environment": "production", "build": "2.0", "release": 2,
		"screens": []any{map[string]any{"screen": "thirty", "views": 1, "blocks": seen}},
	}}})
	post := func(host string) []byte {
		return fmt.Appendf(nil, "POST /graphql HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", host, len(body), body)
	}
	host := strings.TrimPrefix(s.URL, "http://")
	c, err := dial(host)
	if err != nil {
		b.Fatal(err)
	}
	var answer bytes.Buffer
	if err := c.ask(post(host), &answer); err != nil || !strings.Contains(answer.String(), `"accepted":true`) {
		b.Fatalf("%v: %s", err, answer.String())
	}
	l := startLimit(b, answer.Bytes())
	for _, connections := range []int{1, 16} {
		b.Run(fmt.Sprintf("connections=%d", connections), func(b *testing.B) {
			ours, plain := post(host), post(l.host)
			var took, limit time.Duration
			b.StopTimer()
			const turns = 4
			for range turns {
				b.StartTimer()
				took += hammer(b, host, connections, b.N/turns+1, func(int64) []byte { return ours })
				b.StopTimer()
				limit += hammer(b, l.host, connections, b.N/turns+1, func(int64) []byte { return plain })
			}
			n := float64(turns * (b.N/turns + 1))
			b.ReportMetric(n/took.Seconds(), "req/s")
			b.ReportMetric(n/limit.Seconds(), "plain-req/s")
			b.ReportMetric(limit.Seconds()/took.Seconds(), "ratio")
			b.ReportMetric(float64(len(body)), "request-bytes")
		})
	}
}
