package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sonata.ai/sonata/internal/app"
	"sonata.ai/sonata/internal/component"
	"sonata.ai/sonata/internal/config"
	"sonata.ai/sonata/internal/delivery"
	"sonata.ai/sonata/internal/demo"
	"sonata.ai/sonata/internal/document"
	"sonata.ai/sonata/internal/event"
	"sonata.ai/sonata/internal/frontend"
	"sonata.ai/sonata/internal/release"
	"sonata.ai/sonata/internal/screen"
	"sonata.ai/sonata/internal/store"
	"sonata.ai/sonata/internal/testkit"
	"sonata.ai/sonata/internal/testkit/process"
)

const screenDocument = `query Screen($path: String!) { screen(at: {path: $path}, context: {frontend: "shop"}) { ` + screenSelection + ` } }`

// request is the screen query as bytes on the wire.
func request(b *testing.B, method, host string) []byte {
	b.Helper()
	if method == http.MethodGet {
		query := url.Values{"query": {screenDocument}, "variables": {`{"path":"/thirty"}`}}
		return fmt.Appendf(nil, "GET /graphql?%s HTTP/1.1\r\nHost: %s\r\n\r\n", query.Encode(), host)
	}
	body := mustJSON(b, map[string]any{"query": screenDocument, "variables": map[string]any{"path": "/thirty"}})
	return fmt.Appendf(nil, "POST /graphql HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", host, len(body), body)
}

// client is a keep-alive connection that does as little as possible: it shares the cores with what it measures.
type client struct {
	conn net.Conn
	in   *bufio.Reader
}

func dial(host string) (*client, error) {
	conn, err := net.Dial("tcp", host) //nolint:noctx // a benchmark's
	if err != nil {
		return nil, err
	}
	return &client{conn: conn, in: bufio.NewReaderSize(conn, 64<<10)}, nil
}

// ask sends a request and reads its answer to the end; into may be nil.
func (c *client) ask(request []byte, into io.Writer) error {
	if into == nil {
		into = io.Discard
	}
	if _, err := c.conn.Write(request); err != nil {
		return err
	}
	status, err := c.in.ReadSlice('\n')
	if err != nil || !bytes.HasPrefix(status, []byte("HTTP/1.1 200")) {
		return fmt.Errorf("%q %w", status, err)
	}
	length := int64(-1) // chunked
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return err
		}
		if len(line) <= 2 {
			break
		}
		if value, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			if length, err = strconv.ParseInt(string(bytes.TrimSpace(value)), 10, 64); err != nil {
				return err
			}
		}
	}
	if length >= 0 {
		_, err := io.CopyN(into, c.in, length)
		return err
	}
	return c.chunks(into)
}

func (c *client) chunks(into io.Writer) error {
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return err
		}
		size, err := strconv.ParseInt(string(bytes.TrimSpace(line)), 16, 64)
		if err != nil {
			return err
		}
		if size > 0 {
			_, err = io.CopyN(into, c.in, size)
		}
		if _, skip := c.in.Discard(2); err != nil || skip != nil || size == 0 {
			return errors.Join(err, skip)
		}
	}
}

// hammer sends n requests over the connections and returns how long that took.
func hammer(b *testing.B, host string, connections, n int, request []byte) time.Duration {
	b.Helper()
	clients := make([]*client, connections)
	for i := range clients {
		c, err := dial(host)
		if err != nil {
			b.Fatal(err)
		}
		defer c.conn.Close()
		clients[i] = c
	}
	var left atomic.Int64
	left.Store(int64(n))
	var group sync.WaitGroup
	begin := time.Now()
	for _, c := range clients {
		group.Go(func() {
			for left.Add(-1) >= 0 {
				if err := c.ask(request, nil); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	return time.Since(begin)
}

// BenchmarkScreen asks for a published screen of 30 blocks over loopback, and a plain net/http process that writes the
// same bytes, in turns. ns/op is ours alone.
func BenchmarkScreen(b *testing.B) {
	s := process.Start(b, build(b), filepath.Join(b.TempDir(), "sonata.db"))
	create(b, s)
	host := strings.TrimPrefix(s.URL, "http://")
	c, err := dial(host)
	if err != nil {
		b.Fatal(err)
	}
	var answer bytes.Buffer
	if err := c.ask(request(b, http.MethodPost, host), &answer); err != nil || strings.Count(answer.String(), `"component"`) != blocks {
		b.Fatalf("%v: %s", err, answer.String())
	}
	l := startLimit(b, answer.Bytes())
	for _, method := range []string{http.MethodPost, http.MethodGet} {
		for _, connections := range []int{16, 64} {
			b.Run(fmt.Sprintf("%s/connections=%d", method, connections), func(b *testing.B) {
				ours, plain := request(b, method, host), request(b, method, l.host)
				var took, limit time.Duration
				b.StopTimer()
				const turns = 4
				for range turns {
					b.StartTimer()
					took += hammer(b, host, connections, b.N/turns+1, ours)
					b.StopTimer()
					limit += hammer(b, l.host, connections, b.N/turns+1, plain)
				}
				n := float64(turns * (b.N/turns + 1))
				b.ReportMetric(n/took.Seconds(), "req/s")
				b.ReportMetric(n/limit.Seconds(), "plain-req/s")
				b.ReportMetric(limit.Seconds()/took.Seconds(), "ratio")
				b.ReportMetric(float64(answer.Len()), "answer-bytes")
			})
		}
	}
}

// BenchmarkScreenInProcess is the same query without a socket: through the whole HTTP surface, and the one call into
// delivery that a resolver makes.
func BenchmarkScreenInProcess(b *testing.B) {
	b.Run("handler", func(b *testing.B) {
		path := filepath.Join(b.TempDir(), "sonata.db")
		v := openVerbs(b, path)
		if err := v.Store.Close(); err != nil {
			b.Fatal(err)
		}
		cfg, err := config.Load([]string{"--listen", "127.0.0.1:0", "--database", "sqlite:" + path, "--limit-anonymous", "0", "--limit-cost-minute", "0"}, nil, io.Discard)
		if err != nil {
			b.Fatal(err)
		}
		a, err := app.New(b.Context(), cfg, slog.New(slog.DiscardHandler))
		if err != nil {
			b.Fatal(err)
		}
		defer a.Close()
		ctx, stop := context.WithCancel(b.Context())
		ran := make(chan error, 1)
		go func() { ran <- a.Run(ctx) }()
		defer func() {
			stop()
			if err := <-ran; err != nil {
				b.Error(err)
			}
		}()
		ask := func(b *testing.B, in map[string]any) {
			body := string(mustJSON(b, in))
			b.ReportAllocs()
			for b.Loop() {
				r := httptest.NewRequest(http.MethodPost, a.URL()+"/graphql", strings.NewReader(body))
				r.Header.Set("Content-Type", "application/json")
				r.RemoteAddr = "127.0.0.1:40000"
				w := httptest.NewRecorder()
				if a.Handler.ServeHTTP(w, r); w.Code != http.StatusOK {
					b.Fatal(w.Body)
				}
			}
		}
		variables := map[string]any{"path": "/thirty"}
		b.Run("free text", func(b *testing.B) { ask(b, map[string]any{"query": screenDocument, "variables": variables}) })
		register := `mutation($d: String!) { documentsRegister(input: {frontend: "shop", documents: [{body: $d}]}) { added userErrors { message } } }`
		r := httptest.NewRequest(http.MethodPost, a.URL()+"/graphql", bytes.NewReader(mustJSON(b, map[string]any{"query": register, "variables": map[string]any{"d": screenDocument}})))
		r.Header.Set("Content-Type", "application/json")
		r.RemoteAddr = "127.0.0.1:40000" // the developer's
		w := httptest.NewRecorder()
		if a.Handler.ServeHTTP(w, r); !strings.Contains(w.Body.String(), `"added":1`) {
			b.Fatal(w.Body)
		}
		b.Run("registered id", func(b *testing.B) {
			ask(b, map[string]any{"documentId": document.HashOf(screenDocument), "variables": variables})
		})
	})
	b.Run("delivery", func(b *testing.B) {
		v := openVerbs(b, filepath.Join(b.TempDir(), "sonata.db"))
		defer v.Store.Close()
		documents, err := document.New(v.Store, nil, document.Policy{}, nil)
		if err != nil {
			b.Fatal(err)
		}
		d, err := delivery.New(v.Store, v.Releases, v.Components, event.NewBroker(), documents)
		if err != nil {
			b.Fatal(err)
		}
		if err := d.Load(b.Context()); err != nil {
			b.Fatal(err)
		}
		path := "/thirty"
		b.ReportAllocs()
		for b.Loop() {
			got, _, err := d.Screen(b.Context(), delivery.At{Path: &path}, delivery.Context{Frontend: demo.Slug, Environment: frontend.Production})
			if err != nil || len(got.Blocks) != blocks {
				b.Fatal(err)
			}
		}
	})
}

// openVerbs makes a database with the demo and the measured screen, published.
func openVerbs(b *testing.B, path string) demo.Verbs {
	b.Helper()
	ctx := testkit.Context(b)
	s, err := store.Open(ctx, store.File(path), store.Pool{})
	if err != nil {
		b.Fatal(err)
	}
	secrets, err := store.OpenSecrets("", filepath.Dir(path))
	if err != nil {
		b.Fatal(err)
	}
	components := component.New(s)
	v := demo.Verbs{
		Store: s, Frontends: frontend.New(s), Components: components, Screens: screen.New(s, components), Releases: release.New(s, components, secrets),
	}
	if err := demo.Seed(ctx, v, "on"); err != nil {
		b.Fatal(err)
	}
	_, err = v.Screens.Create(ctx, screen.CreateInput{Frontend: demo.Slug, Key: "thirty", Title: "Thirty", Path: "/thirty", Body: mustJSON(b, screenBody())})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := v.Releases.Publish(ctx, release.PublishInput{Frontend: demo.Slug, Environment: frontend.Production, Title: "bench", AcknowledgeWarnings: true}); err != nil {
		b.Fatal(err)
	}
	return v
}
