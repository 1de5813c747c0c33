package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"
	"golang.org/x/sync/errgroup"

	"sonata.ai/sonata/internal/testkit/process"
)

// BenchmarkSubscribers holds many websocket subscriptions of one server process, publishes, and waits for the last of
// them to have its event; then a raw broadcast process writes an event's bytes to as many websockets. The subscribers
// are in this process: they share the cores with what they measure, in both cases alike.
func BenchmarkSubscribers(b *testing.B) {
	n := fromEnv(b, "BENCH_SUBSCRIBERS", 5000)
	raiseFiles(b, uint64(n)+1000)
	binary := build(b)
	for _, stream := range [][2]string{
		{"release", `subscription { release(frontend: "shop") { kind sequence cursor release { id number hash publishedAt } previous { id } changedScreens refetchWithinMs } }`},
		{"screen", `subscription { screen(at: {path: "/thirty"}, context: {frontend: "shop"}) { cause snapshot { ` + screenSelection + ` } } }`},
	} {
		name, document := stream[0], stream[1]
		s := process.Start(b, binary, filepath.Join(b.TempDir(), "sonata.db"))
		id := create(b, s)
		before := rss(b, s)
		ours := &audience{}
		ours.fill(b, n, s.URL+"/graphql", document)
		l := startLimit(b, nil)
		empty := l.rss(b)
		raw := &audience{}
		raw.fill(b, n, "http://"+l.host+"/socket", "")
		version, count := 1, 0
		b.Run(name, func(b *testing.B) {
			time.Sleep(2 * time.Second) // until both are calm
			var took, commit, limit []time.Duration
			var spent, spentRaw time.Duration // of the processor
			idle := rss(b, s)
			for range b.N {
				b.StopTimer()
				var err error
				count++
				if version, err = sendEdit(b.Context(), s, id, version, count, fmt.Sprintf("publish %d", count)); err != nil {
					b.Fatal(err)
				}
				before := cpu(b, s.PID)
				b.StartTimer()
				begin := time.Now()
				activation := publish(b, s)
				took = append(took, ours.wait(b, n).Sub(begin))
				b.StopTimer()
				spent += cpu(b, s.PID) - before
				commit = append(commit, reached(b, s, activation))
				message := ours.message.Load()
				before = cpu(b, l.cmd.Process.Pid)
				begin = time.Now()
				l.broadcast(b, *message)
				limit = append(limit, raw.wait(b, n).Sub(begin))
				spentRaw += cpu(b, l.cmd.Process.Pid) - before
				b.StartTimer()
			}
			middle := func(all []time.Duration) float64 {
				slices.Sort(all)
				return ms(all[len(all)/2])
			}
			b.ReportMetric(middle(took), "last-ms")
			b.ReportMetric(ms(took[len(took)-1]), "slowest-ms")
			b.ReportMetric(middle(commit), "commit-to-last-ms")
			b.ReportMetric(middle(limit), "raw-last-ms")
			b.ReportMetric(middle(took)/middle(limit), "ratio")
			b.ReportMetric(ms(spent)/float64(b.N), "cpu-ms")
			b.ReportMetric(ms(spentRaw)/float64(b.N), "raw-cpu-ms")
			b.ReportMetric(float64(idle-before)/1e3/float64(n), "idle-kB/sub")
			b.ReportMetric(float64(rss(b, s)-before)/1e3/float64(n), "kB/sub")
			b.ReportMetric(float64(l.rss(b)-empty)/1e3/float64(n), "raw-kB/sub")
			b.ReportMetric(float64(len(*ours.message.Load())), "event-bytes")
		})
		ours.leave()
		raw.leave()
		s.Kill()
	}
}

func raiseFiles(b *testing.B, want uint64) {
	b.Helper()
	var now syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &now); err != nil {
		b.Fatal(err)
	}
	if now.Max < 2*want { // ours and the raw ones
		b.Skipf("%d open files are allowed, %d are needed", now.Max, 2*want)
	}
	now.Cur = now.Max
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &now); err != nil {
		b.Fatal(err)
	}
}

// reached asks the server how long the last write came after the commit.
func reached(b *testing.B, s *process.Server, activation string) time.Duration {
	b.Helper()
	var data struct {
		Node struct{ Delivery *struct{ LastMs float64 } }
	}
	do(b, s, `query($id: ID!) { node(id: $id) { ... on Activation { delivery { lastMs } } } }`, map[string]any{"id": activation}, &data)
	if data.Node.Delivery == nil {
		return 0
	}
	return time.Duration(data.Node.Delivery.LastMs * float64(time.Millisecond))
}

// audience is many open websockets that count the events they get.
type audience struct {
	ctx     context.Context
	leave   context.CancelFunc
	got     atomic.Int64
	last    atomic.Int64 // when the newest came, in nanoseconds
	message atomic.Pointer[[]byte]
	lost    atomic.Int64
}

// fill opens n websockets, 32 at a time. A document is subscribed to, and its first event awaited; "" only listens.
func (a *audience) fill(b *testing.B, n int, url, document string) {
	b.Helper()
	a.ctx, a.leave = context.WithCancel(context.Background())
	var group errgroup.Group
	group.SetLimit(32)
	for range n {
		group.Go(func() error { return a.join(url, document) })
	}
	if err := group.Wait(); err != nil {
		b.Fatal(err)
	}
	if document != "" {
		a.wait(b, n)
	}
}

func (a *audience) join(url, document string) error {
	options := &websocket.DialOptions{CompressionMode: websocket.CompressionDisabled}
	if document != "" {
		options.Subprotocols = []string{"graphql-transport-ws"}
	}
	conn, _, err := websocket.Dial(a.ctx, url, options)
	if err != nil {
		return err
	}
	conn.SetReadLimit(1 << 20)
	if document != "" {
		for _, m := range []string{`{"type":"connection_init"}`, fmt.Sprintf(`{"type":"subscribe","id":"1","payload":{"query":%q}}`, flat(document))} {
			if err := conn.Write(a.ctx, websocket.MessageText, []byte(m)); err != nil {
				return err
			}
		}
	}
	go a.listen(conn)
	return nil
}

// listen counts events, answers pings, and keeps one of the events as an example.
func (a *audience) listen(conn *websocket.Conn) {
	defer conn.CloseNow()
	var keep bytes.Buffer
	for {
		_, message, err := conn.Reader(a.ctx)
		if err != nil {
			break
		}
		keep.Reset()
		if a.message.Load() != nil && keep.Cap() >= 64 { // enough to tell what it is
			if _, err = io.CopyN(&keep, message, 64); err == nil {
				_, err = io.Copy(io.Discard, message)
			}
		} else {
			_, err = io.Copy(&keep, message)
		}
		if err != nil && !errors.Is(err, io.EOF) {
			break
		}
		switch head := keep.Bytes()[:min(keep.Len(), 64)]; {
		case bytes.Contains(head, []byte(`"ping"`)):
			if conn.Write(a.ctx, websocket.MessageText, []byte(`{"type":"pong"}`)) != nil {
				return
			}
		case bytes.Contains(head, []byte(`"connection_ack"`)):
		default:
			if a.message.Load() == nil {
				whole := bytes.Clone(keep.Bytes())
				a.message.CompareAndSwap(nil, &whole)
			}
			a.last.Store(time.Now().UnixNano())
			a.got.Add(1)
		}
	}
	if a.ctx.Err() == nil {
		a.lost.Add(1)
	}
}

// wait returns when the n-th event came, and begins to count anew.
func (a *audience) wait(b *testing.B, n int) time.Time {
	b.Helper()
	deadline := time.Now().Add(2 * time.Minute)
	for a.got.Load() < int64(n) {
		if time.Now().After(deadline) || a.lost.Load() > 0 {
			b.Fatalf("%d of %d have their event, %d connections are lost", a.got.Load(), n, a.lost.Load())
		}
		time.Sleep(200 * time.Microsecond)
	}
	a.got.Add(-int64(n))
	return time.Unix(0, a.last.Load())
}

func flat(document string) string { return strings.Join(strings.Fields(document), " ") }
