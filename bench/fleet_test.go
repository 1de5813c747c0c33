package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"sonata.ai/sonata/internal/agent"
	"sonata.ai/sonata/internal/testkit/process"
)

// BenchmarkHeartbeats is what 1,000 instances of ten services cost a process: 100 agents with ten each, which say how busy they
// are every five seconds. Beside it stands the same process without them, and what is written to its database. An
// op is a second.
func BenchmarkHeartbeats(b *testing.B) {
	const services, agents, each = 10, 100, 10
	const every = 5 * time.Second
	s := unlimited(b)
	backend := again(b, "TestServicesProcess", benchServices, "1")
	for n := range services {
		publishService(b, s, fmt.Sprintf("s%d", n), "http://"+backend.host+"/products", fmt.Sprintf("type Query { field%d: Int }", n))
	}
	beat := func(agentNumber int) error {
		variables := map[string]any{}
		for i := range each {
			variables[fmt.Sprintf("b%d", i)] = map[string]any{
				"service": fmt.Sprintf("s%d", agentNumber%services), "instance": fmt.Sprintf("a%d-%d", agentNumber, i), "agent": fmt.Sprintf("a%d", agentNumber),
				"url": fmt.Sprintf("http://%s/products?of=%d-%d", backend.host, agentNumber, i), "cpu": float64(time.Now().UnixNano()%1000) / 1000, "cores": 1, "memory": 1e8, "descriptors": 20, "restarts": 0,
			}
		}
		body, err := json.Marshal(map[string]any{"query": agent.Heartbeats(each), "variables": variables})
		if err != nil {
			return err
		}
		response, err := http.Post(s.URL+"/graphql", "application/json", bytes.NewReader(body)) //nolint:noctx // a benchmark's
		if err != nil {
			return err
		}
		defer response.Body.Close()
		answer, err := io.ReadAll(response.Body)
		if err == nil && !bytes.Contains(answer, []byte(`"command":"CONTINUE"`)) {
			err = fmt.Errorf("answered %.300s", answer)
		}
		return err
	}
	idle := func(seconds int) float64 {
		before := cpu(b, s.PID)
		time.Sleep(time.Duration(seconds) * time.Second)
		return (cpu(b, s.PID) - before).Seconds() / float64(seconds)
	}
	alone := idle(10)
	for n := range agents {
		if err := beat(n); err != nil {
			b.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(b.Context())
	var all sync.WaitGroup
	for n := range agents {
		all.Go(func() {
			first := time.After(every * time.Duration(n) / agents)
			for {
				select {
				case <-ctx.Done():
					return
				case <-first:
				}
				first = time.After(every)
				if err := beat(n); err != nil && ctx.Err() == nil {
					b.Error(err)
					return
				}
			}
		})
	}
	time.Sleep(15 * time.Second) // what joins is written, and read
	seq := sequence(b, s)
	b.ResetTimer()
	began, before := time.Now(), cpu(b, s.PID)
	for b.Loop() {
		time.Sleep(time.Second)
	}
	spent := (cpu(b, s.PID) - before).Seconds() / time.Since(began).Seconds()
	b.StopTimer()
	if written := sequence(b, s) - seq; written > 0 {
		b.Errorf("%d facts were written", written)
	}
	cancel()
	all.Wait()
	b.ReportMetric(100*alone, "alone-%-of-a-core")
	b.ReportMetric(100*spent, "with-%-of-a-core")
	b.ReportMetric(100*(spent-alone), "heartbeats-%-of-a-core")
	b.ReportMetric(float64(rss(b, s))/(1<<20), "MB")
}

// sequence is how many facts are in the audit log.
func sequence(b *testing.B, s *process.Server) int {
	b.Helper()
	var got struct{ AuditLog struct{ TotalCount int } }
	do(b, s, `{ auditLog(first: 1) { totalCount } }`, nil, &got)
	return got.AuditLog.TotalCount
}
