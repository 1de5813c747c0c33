package bench

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"sonata.ai/sonata/internal/testkit/process"
)

// slowClients are those who open a connection and then take their time: what they say at first, what they go on to say
// every second, and within which time the server is to be rid of them. settle is how long it takes until they cost nothing but that they are there:
// the readers are sent 2 GB at first.
var slowClients = []struct {
	name, first, more string
	within, settle    time.Duration
}{
	{"headers", "POST /graphql HTTP/1.1\r\nHost: sonata.example\r\n", "X: a\r\n", 10 * time.Second, time.Second},
	{"bodies", "POST /graphql HTTP/1.1\r\nHost: sonata.example\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{", " ", 35 * time.Second, time.Second},
	{"sockets", "GET /graphql HTTP/1.1\r\nHost: sonata.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n", "", 17 * time.Second, time.Second}, // 10 s, and what a goodbye takes
	{"readers", strings.Repeat("GET /graphiql/codicon.ttf HTTP/1.1\r\nHost: sonata.example\r\n\r\n", 300), "", 75 * time.Second, 6 * time.Second},
}

// slow holds n connections that say what they say; closed waits until the server ended all of them, and returns how long
// that took from the moment that each was opened, at most, and how many it did not end in time.
func slow(b *testing.B, host, first, more string, n int, within time.Duration, reads bool) (closed func() (last time.Duration, left int)) {
	b.Helper()
	var mu sync.Mutex
	var last time.Duration
	var left int
	var all sync.WaitGroup
	opening := make(chan struct{}, 64)
	for i := range n {
		all.Go(func() {
			opening <- struct{}{}
			// One address of loopback has only so many ports.
			dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 1, byte(1+i%200))}}
			conn, err := dialer.Dial("tcp", host)
			<-opening
			if err != nil {
				mu.Lock()
				left++
				mu.Unlock()
				return
			}
			defer conn.Close()
			conn.(*net.TCPConn).SetReadBuffer(4096) //nolint:forcetypeassert // it was dialed as one
			took, ok := hold(conn, first, more, within, reads)
			mu.Lock()
			defer mu.Unlock()
			if !ok {
				left++
				return
			}
			last = max(last, took)
		})
	}
	return func() (time.Duration, int) {
		all.Wait()
		return last, left
	}
}

// hold keeps one connection until the server ends it.
func hold(conn net.Conn, first, more string, within time.Duration, reads bool) (took time.Duration, ended bool) {
	opened := time.Now()
	over := opened.Add(within)
	if _, err := io.WriteString(conn, first); err != nil {
		return time.Since(opened), true
	}
	for time.Now().Before(over) {
		if reads {
			conn.SetReadDeadline(time.Now().Add(time.Second))
			if _, err := io.Copy(io.Discard, conn); err == nil || !isTimeout(err) {
				return time.Since(opened), true
			}
		} else {
			time.Sleep(time.Second)
		}
		said := more
		if !reads {
			said = "\r\n" // an empty line between two requests, to find out whether anybody is there
		}
		if said != "" {
			if _, err := io.WriteString(conn, said); err != nil {
				return time.Since(opened), true
			}
		}
	}
	return within, false
}

func isTimeout(err error) bool {
	t, ok := err.(net.Error) //nolint:errorlint // it is not wrapped
	return ok && t.Timeout()
}

// BenchmarkSlowClients measures honest requests alone and beside many clients of one kind that take their time, and how
// long it takes until the server is rid of them. BENCH_SLOW says how many, 5,000 by default.
func BenchmarkSlowClients(b *testing.B) {
	count := 5000
	if text := os.Getenv("BENCH_SLOW"); text != "" {
		var err error
		if count, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	binary, database := build(b), filepath.Join(b.TempDir(), "sonata.db")
	dev := process.Start(b, binary, database)
	create(b, dev)
	var made struct{ APIKeyCreate struct{ Secret string } }
	do(b, dev, `mutation { apiKeyCreate(input: {name: "bench", scopes: ["content:read"], requestsPerMinute: 1000000}) { secret userErrors { message } } }`, nil, &made)
	dev.Stop(b)
	for _, kind := range slowClients {
		b.Run(kind.name, func(b *testing.B) {
			s := process.Start(b, binary, database, "--mode=production", "--public-url=https://sonata.example", "--trusted-proxies=127.0.0.1/32")
			defer s.Stop(b)
			l := load{Host: strings.TrimPrefix(s.URL, "http://"), Kind: honest, Key: made.APIKeyCreate.Secret, Rate: honestRate, For: turnFor, First: 1}
			turn := func() float64 {
				answers := l.start(b)()
				l.First += honestRate * int(turnFor/time.Second+1)
				if answers.Others > 0 {
					b.Errorf("%d honest requests were not answered as they should be", answers.Others)
				}
				return answers.percentile(0.99)
			}
			turn() // until everything was used once
			var alone, beside []float64
			var last time.Duration
			for range b.N {
				alone = append(alone, turn(), turn())
				closed := slow(b, l.Host, kind.first, kind.more, count, kind.within, kind.name != "readers")
				time.Sleep(kind.settle) // until they are there, and hold what they were sent at first
				beside = append(beside, turn())
				took, left := closed()
				if left > 0 {
					b.Errorf("%d of %d are still there after %s", left, count, kind.within)
				}
				last = max(last, took)
			}
			slices.Sort(alone)
			b.ReportMetric(middle(alone), "alone-p99-ms")
			b.ReportMetric(middle(beside), "beside-p99-ms")
			b.ReportMetric(middle(beside)/middle(alone), "ratio")
			b.ReportMetric(last.Seconds(), "closed-s")
			b.Logf("p99 of each turn in ms: alone %.2f, beside %.2f", alone, beside)
		})
	}
}
