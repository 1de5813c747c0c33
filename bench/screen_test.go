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

// request is the screen query as bytes on the wire: its text, or its id where it is registered.
func request(b *testing.B, method, host, document string) []byte {
	b.Helper()
	named := "query"
	if strings.HasPrefix(document, "sha256:") {
		named = "documentId"
	}
	if method == http.MethodGet {
		query := url.Values{named: {document}, "variables": {`{"path":"/thirty","n":"00000000"}`}}
		return fmt.Appendf(nil, "GET /graphql?%s HTTP/1.1\r\nHost: %s\r\n\r\n", query.Encode(), host)
	}
	body := mustJSON(b, map[string]any{named: document, "variables": map[string]any{"path": "/thirty", "n": "00000000"}}) // which nobody asks for n
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
		if name, value, ok := bytes.Cut(line, []byte(":")); ok && bytes.EqualFold(name, []byte("Content-Length")) {
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
func hammer(b *testing.B, host string, connections, n int, request func(n int64) []byte) time.Duration {
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
			for n := left.Add(-1); n >= 0; n = left.Add(-1) {
				if err := c.ask(request(n), nil); err != nil {
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
// same bytes, in turns. ns/op is ours alone. Developer is a development server, which asks nobody for anything; visitor is
// a production server whose safelist is enforced and which counts requests and costs, asked by nobody it knows; missed is
// that server asked for an answer that is not kept, since something of the question is new each time.
func BenchmarkScreen(b *testing.B) {
	binary, database := build(b), filepath.Join(b.TempDir(), "sonata.db")
	s := process.Start(b, binary, database)
	create(b, s)
	answer := ask(b, s, screenDocument)
	l := startLimit(b, answer)
	compare(b, "developer", s, l, answer, func(method, host string, _ int64) []byte { return request(b, method, host, screenDocument) })
	enforce(b, s)
	s.Stop(b)
	s = process.Start(b, binary, database, "--mode", "production", "--limit-anonymous", "100000000", "--limit-cost-minute", "100000000")
	hash := document.HashOf(screenDocument)
	if again := ask(b, s, hash); !bytes.Equal(again, answer) {
		b.Fatalf("%s", again)
	}
	compare(b, "visitor", s, l, answer, func(method, host string, _ int64) []byte { return request(b, method, host, hash) })
	compare(b, "missed", s, l, answer, func(method, host string, n int64) []byte {
		return bytes.Replace(request(b, method, host, hash), []byte("00000000"), fmt.Appendf(nil, "%08d", n), 1)
	})
}

// enforce registers the measured document and lets nothing else read.
func enforce(b *testing.B, s *process.Server) {
	b.Helper()
	var made struct {
		DocumentsRegister struct{ Added int }
		SafelistSet       struct{ UserErrors refusals }
	}
	do(b, s, `mutation($d: String!) { documentsRegister(input: {frontend: "shop", documents: [{body: $d}]}) { added } safelistSet(input: {frontend: "shop", mode: ENFORCE}) { userErrors { message } } }`,
		map[string]any{"d": screenDocument}, &made)
	if made.DocumentsRegister.Added != 1 || len(made.SafelistSet.UserErrors) > 0 {
		b.Fatalf("%+v", made)
	}
}

// ask returns the answer that is measured.
func ask(b *testing.B, s *process.Server, of string) []byte {
	b.Helper()
	host := strings.TrimPrefix(s.URL, "http://")
	c, err := dial(host)
	if err != nil {
		b.Fatal(err)
	}
	defer c.conn.Close()
	var answer bytes.Buffer
	if err := c.ask(request(b, http.MethodPost, host, of), &answer); err != nil || strings.Count(answer.String(), `"component"`) != blocks {
		b.Fatalf("%v: %s", err, answer.String())
	}
	return answer.Bytes()
}

// compare asks the server and the limit in turns, by either method.
func compare(b *testing.B, name string, s *process.Server, l *limit, answer []byte, requestOf func(method, host string, n int64) []byte) {
	host := strings.TrimPrefix(s.URL, "http://")
	for _, method := range []string{http.MethodPost, http.MethodGet} {
		for _, connections := range []int{16, 64} {
			b.Run(fmt.Sprintf("%s/%s/connections=%d", name, method, connections), func(b *testing.B) {
				ours := func(n int64) []byte { return requestOf(method, host, n) }
				plain := requestOf(method, l.host, 0)
				if name != "missed" {
					one := ours(0)
					ours = func(int64) []byte { return one }
				}
				var took, limit time.Duration
				b.StopTimer()
				const turns = 16 // short ones: what else runs on the machine hits both alike
				oursBefore, plainBefore := cpu(b, s.PID), cpu(b, l.cmd.Process.Pid)
				for range turns {
					b.StartTimer()
					took += hammer(b, host, connections, b.N/turns+1, ours)
					b.StopTimer()
					limit += hammer(b, l.host, connections, b.N/turns+1, func(int64) []byte { return plain })
				}
				n := float64(turns * (b.N/turns + 1))
				b.ReportMetric(n/took.Seconds(), "req/s")
				b.ReportMetric(n/limit.Seconds(), "plain-req/s")
				b.ReportMetric(limit.Seconds()/took.Seconds(), "ratio")
				b.ReportMetric(float64(len(answer)), "answer-bytes")
				b.ReportMetric(float64(rss(b, s))/(1<<20), "MB")
				b.ReportMetric(float64((cpu(b, s.PID)-oursBefore).Microseconds())/n, "cpu-µs/req")
				b.ReportMetric(float64((cpu(b, l.cmd.Process.Pid)-plainBefore).Microseconds())/n, "plain-cpu-µs/req")
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
			whole := string(mustJSON(b, in))
			b.ReportAllocs()
			for n := 0; b.Loop(); n++ {
				body := strings.Replace(whole, "00000000", fmt.Sprintf("%08d", n), 1)
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
		b.Run("missed", func(b *testing.B) {
			ask(b, map[string]any{"documentId": document.HashOf(screenDocument), "variables": map[string]any{"path": "/thirty", "n": "00000000"}})
		})
	})
	b.Run("delivery", func(b *testing.B) {
		v := openVerbs(b, filepath.Join(b.TempDir(), "sonata.db"))
		defer v.Store.Close()
		documents := document.New(v.Store, document.Policy{}, nil)
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
	components, documents := component.New(s), document.New(s, document.Policy{}, nil)
	v := demo.Verbs{
		Store: s, Frontends: frontend.New(s), Components: components, Screens: screen.New(s, components, documents), Releases: release.New(s, components, secrets, documents),
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
