package gateway_test

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sonata.ai/sonata/internal/gateway"
	"sonata.ai/sonata/internal/testkit/subgraph"
)

// served is a remote of a handler.
func served(t testing.TB, h http.Handler, with ...func(*gateway.RemoteOptions)) *gateway.Remote {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	o := gateway.RemoteOptions{Name: "service", URL: server.URL, Reach: gateway.Reach{AllowPrivate: true}}
	for _, f := range with {
		f(&o)
	}
	r, err := gateway.NewRemote(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

func question(text string) gateway.Question {
	return gateway.Question{Body: []byte(fmt.Sprintf(`{"query":%q}`, text)), Mutates: strings.HasPrefix(text, "mutation")}
}

func codeOf(err error) string {
	var f *gateway.Fault
	if errors.As(err, &f) {
		return f.Code
	}
	return fmt.Sprint(err)
}

func answerOK(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"data":{"a":1}}`)
}

// Under overload a service is sent at most 1.1 times the questions; what may change something is sent once.
func TestRetriesHaveABudget(t *testing.T) {
	t.Parallel()
	for text, most := range map[string]float64{"{a}": 1.1, "mutation {a}": 1} {
		var got atomic.Int64
		r := served(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if got.Add(1)%2 == 0 { // every second fails: the circuit stays closed for queries
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			answerOK(w)
		}), func(o *gateway.RemoteOptions) { o.Deadline = time.Minute })
		asked, failed := 0, 0
		for range 400 {
			_, err := r.Ask(context.Background(), question(text))
			if codeOf(err) == gateway.CodeCircuitOpen {
				break
			}
			asked++
			if err != nil {
				failed++
			}
		}
		if ratio := float64(got.Load()) / float64(asked); ratio > most || asked < 19 {
			t.Errorf("%s: %d questions were sent %d times", text, asked, got.Load())
		}
		t.Logf("%s: %d asked, %d sent, %d failed", text, asked, got.Load(), failed)
	}
}

// A question that can be sent again is, when the service closed the connection without an answer; a mutation is not, with
// or without an Idempotency-Key.
func TestMutationsAreSentOnce(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	var mutations, queries atomic.Int64
	var deaf atomic.Bool
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				in := bufio.NewReader(c)
				for {
					r, err := http.ReadRequest(in)
					if err != nil {
						return
					}
					body, _ := io.ReadAll(r.Body)
					if strings.Contains(string(body), "mutation") {
						mutations.Add(1)
					} else {
						queries.Add(1)
					}
					if deaf.Load() {
						return
					}
					const answer = `{"data":{"a":1}}`
					fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(answer), answer)
				}
			}()
		}
	}()
	r, err := gateway.NewRemote(gateway.RemoteOptions{Name: "x", URL: "http://" + l.Addr().String(), Reach: gateway.Reach{AllowPrivate: true}})
	if err != nil {
		t.Fatal(err)
	}
	ctx := gateway.WithCaller(context.Background(), http.Header{"Idempotency-Key": {"k"}})
	for range 20 { // a budget, and a connection that is used again
		if _, err := r.Ask(ctx, question("{a}")); err != nil {
			t.Fatal(err)
		}
	}
	deaf.Store(true)
	queries.Store(0)
	if _, err := r.Ask(ctx, question("mutation {a}")); codeOf(err) != gateway.CodeUnavailable {
		t.Error(err)
	}
	if _, err := r.Ask(ctx, question("{a}")); codeOf(err) != gateway.CodeUnavailable {
		t.Error(err)
	}
	if m, q := mutations.Load(), queries.Load(); m != 1 || q != 2 {
		t.Errorf("the mutation was sent %d times, the query %d times", m, q)
	}
}

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.at }

func (c *clock) pass(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.at = c.at.Add(d) }

// A service that fails is not asked; after a while single requests try, and two that succeed close the circuit.
func TestTheCircuitBreaker(t *testing.T) {
	t.Parallel()
	var down atomic.Bool
	var got atomic.Int64
	c := &clock{at: time.Unix(1000, 0)}
	r := served(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		got.Add(1)
		if down.Load() {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		answerOK(w)
	}), func(o *gateway.RemoteOptions) { o.Now = c.now })
	ask := func() string {
		if _, err := r.Ask(context.Background(), question("mutation {a}")); err != nil {
			return codeOf(err)
		}
		return ""
	}
	want := func(code string) {
		t.Helper()
		if got := ask(); got != code {
			t.Errorf("got %q, want %q", got, code)
		}
	}
	if h := r.Health(); h.State != gateway.Unknown {
		t.Error(h)
	}
	want("")
	if h := r.Health(); h.State != gateway.Healthy || !h.Since.Equal(c.now()) {
		t.Error(h)
	}
	down.Store(true)
	c.pass(time.Second)
	began := c.now()
	for range 5 {
		want(gateway.CodeUnavailable)
		c.pass(time.Millisecond)
	}
	before := got.Load()
	want(gateway.CodeCircuitOpen)
	if h := r.Health(); h.State != gateway.Failing || h.Circuit != gateway.Open || h.Code != gateway.CodeUnavailable || !h.Since.Equal(began) || !strings.Contains(h.Reason, "cannot be reached") {
		t.Errorf("%+v", h)
	}
	if got.Load() != before {
		t.Error("it was asked")
	}
	c.pass(2 * time.Second)
	want(gateway.CodeUnavailable) // a probe, which fails
	want(gateway.CodeCircuitOpen)
	c.pass(2 * time.Second)
	want(gateway.CodeCircuitOpen) // the wait has doubled
	c.pass(2 * time.Second)
	down.Store(false)
	want("")
	if r.Health().Circuit == gateway.Closed {
		t.Error("one success closed it")
	}
	want("")
	if r.Health().Circuit != gateway.Closed {
		t.Error("two did not")
	}
}

// A service that no probe reached and that one reaches again is back: nobody waits until the circuit would be tried. One that
// answers probes and nothing else is waited for all the same.
func TestAProbeEndsTheWaitForAServiceThatIsBack(t *testing.T) {
	t.Parallel()
	var down, answersProbes atomic.Bool
	c := &clock{at: time.Unix(1000, 0)}
	r := served(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if down.Load() && (!answersProbes.Load() || !strings.Contains(string(body), "__typename")) {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		answerOK(w)
	}), func(o *gateway.RemoteOptions) { o.Now = c.now })
	want := func(code string) {
		t.Helper()
		got := ""
		if _, err := r.Ask(context.Background(), question("mutation {a}")); err != nil {
			got = codeOf(err)
		}
		if got != code {
			t.Errorf("got %q, want %q", got, code)
		}
	}
	probe := func(answered bool) {
		t.Helper()
		if err := r.Probe(context.Background(), 0); (err == nil) != answered {
			t.Errorf("a probe: %v", err)
		}
	}
	down.Store(true)
	for range 5 {
		want(gateway.CodeUnavailable)
	}
	probe(false)
	for range 4 { // the wait is half a minute by now
		c.pass(30 * time.Second)
		want(gateway.CodeUnavailable)
	}
	want(gateway.CodeCircuitOpen)
	down.Store(false)
	probe(true)
	if got := r.Health(); got.Circuit != gateway.HalfOpen {
		t.Errorf("%+v", got)
	}
	want("")
	if got := r.Health(); got.Circuit != gateway.Closed {
		t.Errorf("%+v", got)
	}

	down.Store(true)
	answersProbes.Store(true)
	for range 5 {
		want(gateway.CodeUnavailable)
	}
	probe(true)
	want(gateway.CodeCircuitOpen)
}

// Half open, one request at a time is let through.
func TestOneProbeAtATime(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	var down, slow atomic.Bool
	c := &clock{at: time.Unix(1000, 0)}
	r := served(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if down.Load() {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		if slow.Load() {
			<-release
		}
		answerOK(w)
	}), func(o *gateway.RemoteOptions) { o.Now = c.now })
	down.Store(true)
	for range 5 {
		_, _ = r.Ask(context.Background(), question("mutation {a}"))
	}
	down.Store(false)
	slow.Store(true)
	c.pass(3 * time.Second)
	codes := make(chan string, 8)
	for range 8 {
		go func() {
			_, err := r.Ask(context.Background(), question("{a}"))
			if err == nil {
				codes <- ""
			} else {
				codes <- codeOf(err)
			}
		}()
	}
	for range 7 {
		if code := <-codes; code != gateway.CodeCircuitOpen {
			t.Error(code)
		}
	}
	close(release)
	if code := <-codes; code != "" {
		t.Error(code)
	}
}

// A client that goes away says nothing of the service.
func TestAClientThatGoesIsNoFailure(t *testing.T) {
	t.Parallel()
	r := served(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}))
	for range 10 {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		time.AfterFunc(5*time.Millisecond, cancel)
		_, _ = r.Ask(ctx, question("{a}"))
		cancel()
	}
	if h := r.Health(); h.Circuit != gateway.Closed || h.State == gateway.Failing {
		t.Errorf("%+v", h)
	}
}

// A request whose time others have used up says nothing of the service, either; one that waited for it does.
func TestARequestThatIsLateIsNoFailure(t *testing.T) {
	t.Parallel()
	r := served(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}), func(o *gateway.RemoteOptions) { o.Deadline = time.Second })
	ask := func(within time.Duration) {
		ctx, cancel := context.WithTimeout(context.Background(), within)
		defer cancel()
		if _, err := r.Ask(ctx, question("{a}")); codeOf(err) != gateway.CodeTimeout {
			t.Error(err)
		}
	}
	for range 6 {
		ask(10 * time.Millisecond)
	}
	if h := r.Health(); h.Circuit != gateway.Closed || h.State == gateway.Failing {
		t.Errorf("%+v", h)
	}
	ask(700 * time.Millisecond)
	if h := r.Health(); h.State != gateway.Failing {
		t.Errorf("%+v", h)
	}
}

// A slow service has so many questions at most; what waits beyond its deadline is refused.
func TestQuestionsAreLimited(t *testing.T) {
	t.Parallel()
	var now, most atomic.Int64
	r := served(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		n := now.Add(1)
		defer now.Add(-1)
		for {
			m := most.Load()
			if n <= m || most.CompareAndSwap(m, n) {
				break
			}
		}
		time.Sleep(20 * time.Millisecond)
		answerOK(w)
	}), func(o *gateway.RemoteOptions) { o.MaxConcurrent, o.Deadline = 3, time.Minute })
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			if _, err := r.Ask(context.Background(), question("{a}")); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if most.Load() != 3 {
		t.Errorf("%d at once", most.Load())
	}
}

// Of a client's headers only those on the list are passed on, and never those of its connection, cookies or broken ones.
func TestHeadersOfAClient(t *testing.T) {
	t.Parallel()
	var got http.Header
	r := served(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { got = r.Header.Clone(); answerOK(w) }), func(o *gateway.RemoteOptions) {
		o.Headers = []string{"X-Tenant", "authorization", "Cookie", "Connection", "X-Hop", "X-Broken", "Sonata-Identity", "Host", "Content-Type", "Traceparent"}
	})
	ctx := gateway.WithCaller(context.Background(), http.Header{
		"X-Tenant": {"a", "b"}, "Authorization": {"Bearer x"}, "Cookie": {"s=1"}, "Connection": {"keep-alive, X-Hop"}, "X-Hop": {"1"},
		"X-Broken": {"a\r\nX-Evil: 1"}, "X-Other": {"no"}, "Sonata-Identity": {"forged"}, "Content-Type": {"text/evil"}, "User-Agent": {"me"},
		"Traceparent": {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}, "Tracestate": {"a=1"}, "Idempotency-Key": {"key-1"},
	})
	if _, err := r.Ask(ctx, question("mutation {a}")); err != nil {
		t.Fatal(err)
	}
	var names []string
	for name := range got {
		names = append(names, name)
	}
	slices.Sort(names)
	if want := "[Accept Accept-Encoding Authorization Content-Length Content-Type Idempotency-Key Traceparent Tracestate User-Agent X-Tenant]"; fmt.Sprint(names) != want {
		t.Errorf("got %v\nwant %s", names, want)
	}
	if got.Get("Content-Type") != "application/json" || fmt.Sprint(got["X-Tenant"]) != "[a b]" || got.Get("Idempotency-Key") != "key-1" || got.Get("Tracestate") != "a=1" {
		t.Error(got)
	}
	trace := got.Get("Traceparent")
	if !strings.HasPrefix(trace, "00-0af7651916cd43dd8448eb211c80319c-") || !strings.HasSuffix(trace, "-01") || strings.Contains(trace, "b7ad6b7169203331") || len(trace) != 55 {
		t.Error(trace)
	}
	for _, parent := range []string{"", "00-00000000000000000000000000000000-b7ad6b7169203331-01", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "x"} {
		ctx := gateway.WithCaller(context.Background(), http.Header{"Traceparent": {parent}, "Tracestate": {"a=1"}, "Idempotency-Key": {"key-1"}})
		if _, err := r.Ask(ctx, question("{a}")); err != nil {
			t.Fatal(err)
		}
		if trace := got.Get("Traceparent"); len(trace) != 55 || strings.Contains(trace, "0af7651916cd43dd") || got.Get("Tracestate") != "" || got.Get("Idempotency-Key") != "" {
			t.Errorf("%q became %q", parent, got)
		}
	}
}

// A probe finds out that a service is back, or gone, without a client's request.
func TestProbes(t *testing.T) {
	t.Parallel()
	s, err := subgraph.New(productsSDL, productsData)
	if err != nil {
		t.Fatal(err)
	}
	r := served(t, s)
	if err := r.Probe(context.Background(), 0); err != nil || r.Health().State != gateway.Healthy {
		t.Error(err, r.Health())
	}
	s.Break(subgraph.Fault{HTML: true})
	if err := r.Probe(context.Background(), 0); err == nil || r.Health().State != gateway.Failing || r.Health().Code != gateway.CodeInvalid {
		t.Error(err, r.Health())
	}
	s.Break(subgraph.Fault{})
	if err := r.Probe(context.Background(), 0); err != nil || r.Health().State != gateway.Healthy {
		t.Error(err, r.Health())
	}
}

func eventually(t testing.TB, is func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if is() {
			return
		}
	}
	t.Error("it never came")
}

// A certificate that does not fit is refused, and so is one of an authority that is not known.
func TestCertificatesOfServices(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { answerOK(w) }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	t.Cleanup(server.Close)
	known := x509.NewCertPool()
	known.AddCert(server.Certificate())
	later := func() time.Time { return server.Certificate().NotAfter.Add(time.Hour) }
	for name, c := range map[string]struct {
		url  string
		tls  *tls.Config
		fine bool
	}{
		"known":      {server.URL, &tls.Config{RootCAs: known}, true},
		"unknown":    {server.URL, nil, false},
		"other host": {strings.Replace(server.URL, "127.0.0.1", "localhost", 1), &tls.Config{RootCAs: known}, false},
		"expired":    {server.URL, &tls.Config{RootCAs: known, Time: later}, false},
	} {
		r, err := gateway.NewRemote(gateway.RemoteOptions{Name: "x", URL: c.url, TLS: c.tls, Reach: gateway.Reach{AllowPrivate: true}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(r.Close)
		if _, err := r.Ask(context.Background(), question("{a}")); (err == nil) != c.fine || err != nil && codeOf(err) != gateway.CodeUnavailable {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A small body that unpacks to a huge one counts unpacked.
func TestPackedAnswers(t *testing.T) {
	t.Parallel()
	var size atomic.Int64
	r := served(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, `{"data":{"a":1}}`)
		_, _ = io.Copy(z, io.LimitReader(spaces{}, size.Load()))
		_ = z.Close()
	}))
	if got, err := r.Ask(context.Background(), question("{a}")); err != nil || string(got) != `{"data":{"a":1}}` {
		t.Error(string(got), err)
	}
	size.Store(64 << 20)
	if _, err := r.Ask(context.Background(), question("{a}")); codeOf(err) != gateway.CodeInvalid {
		t.Error(err)
	}
}

type spaces struct{}

func (spaces) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = ' '
	}
	return len(b), nil
}
