//go:build postgres

package app_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"sonata.ai/sonata/internal/app"
	"sonata.ai/sonata/internal/config"
	"sonata.ai/sonata/internal/testkit/postgres"
)

// eventually is how long tests wait for what several processes tell each other; it is no bar.
const eventually = 30 * time.Second

// one is one of several Sonatas on one PostgreSQL, with whoever asks it.
type one struct {
	t       *testing.T
	app     *app.App
	address string
	stop    func()
	client  *http.Client
	key     string       // that is sent; "" for none
	cookie  *http.Cookie // of a session; nil for none
}

// several starts so many Sonatas on an empty PostgreSQL and one folder for pictures. They are development servers unless
// the flags say otherwise.
func several(t *testing.T, n int, flags ...string) []*one {
	t.Helper()
	database := postgres.Fresh(t)
	if database == "" {
		t.Fatal("these tests need a PostgreSQL: make postgres")
	}
	flags = append([]string{"--listen", "127.0.0.1:0", "--database", database, "--database-connections", "8", "--assets", "file:" + t.TempDir()}, flags...)
	all := make([]*one, n)
	var starting sync.WaitGroup
	for i := range all {
		starting.Go(func() { all[i] = start(t, flags) }) // at once, as an orchestrator does
	}
	starting.Wait()
	for _, o := range all {
		if o == nil {
			t.FailNow()
		}
		t.Cleanup(o.stop)
	}
	return all
}

func start(t *testing.T, flags []string) *one {
	cfg, err := config.Load(flags, []string{"SONATA_SECRET_KEY=" + postgres.SecretKey()}, io.Discard)
	if err != nil {
		t.Error(err)
		return nil
	}
	a, err := app.New(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Error(err)
		return nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	return &one{t: t, app: a, address: a.Address(), client: &http.Client{}, stop: sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})}
}

// as is the same Sonata, asked with a key.
func (o *one) as(key string) *one {
	other := *o
	other.key = key
	return &other
}

// in is the same Sonata, asked with the session of a browser.
func (o *one) in(v *visitor) *one {
	other := *o
	other.cookie = v.cookie
	return &other
}

// browser is somebody without a session at this Sonata, who has its set-up link.
func (o *one) browser() *visitor {
	_, token, _ := strings.Cut(o.app.SetUpLink(), "#")
	return (&house{t: o.t, handler: o.app.Handler, url: o.app.URL(), token: token}).visitor()
}

// at is the same browser, sent to another Sonata by what balances the load.
func (v *visitor) at(o *one) *visitor {
	other := o.browser()
	other.cookie = v.cookie
	if v.h.token != "" {
		other.h.token = v.h.token
	}
	return other
}

func (o *one) request(ctx context.Context, document string, variables message, accept string) *http.Response {
	o.t.Helper()
	body, err := json.Marshal(message{"query": document, "variables": variables})
	if err != nil {
		o.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, o.address+"/graphql", bytes.NewReader(body))
	if err != nil {
		o.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", accept)
	if o.cookie != nil {
		r.AddCookie(o.cookie)
	}
	if o.key != "" {
		r.Header.Set("Authorization", "Bearer "+o.key)
	} else {
		r.Header.Set("Origin", o.address)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	answer, err := o.client.Do(r)
	if err != nil {
		o.t.Fatal(err)
	}
	return answer
}

// allows reports whether a page of an origin may ask.
func (o *one) allows(origin string) bool {
	o.t.Helper()
	r, err := http.NewRequestWithContext(o.t.Context(), http.MethodOptions, o.address+"/graphql", nil)
	if err != nil {
		o.t.Fatal(err)
	}
	r.Header.Set("Origin", origin)
	r.Header.Set("Access-Control-Request-Method", http.MethodPost)
	answer, err := o.client.Do(r)
	if err != nil {
		o.t.Fatal(err)
	}
	defer answer.Body.Close()
	return answer.Header.Get("Access-Control-Allow-Origin") != ""
}

// ask returns the answer to a query or mutation.
func (o *one) ask(document string, variables message) string {
	o.t.Helper()
	answer := o.request(o.t.Context(), document, variables, "application/json")
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		o.t.Fatal(err)
	}
	return string(raw)
}

// must is ask for what has to succeed, into out.
func (o *one) must(out any, document string, variables message) {
	o.t.Helper()
	raw := o.ask(document, variables)
	var answer struct{ Data, Errors json.RawMessage }
	if err := json.Unmarshal([]byte(raw), &answer); err != nil || answer.Errors != nil || strings.Contains(raw, `"code":`) {
		o.t.Fatalf("%s: %s", document, raw)
	}
	if err := json.Unmarshal(answer.Data, out); err != nil {
		o.t.Fatal(err)
	}
}

// until asks again and again until the answer has a text.
func (o *one) until(want, document string, variables message) {
	o.t.Helper()
	got := ""
	for deadline := time.Now().Add(eventually); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if got = o.ask(document, variables); strings.Contains(got, want) {
			return
		}
	}
	o.t.Fatalf("%s never had %s: %s", document, want, got)
}

// openStream is a subscription that is open.
type openStream struct {
	t      *testing.T
	lines  chan string // data of each event; closed at the end
	end    func()
	ended  chan struct{}
	latest string
}

// follow opens a subscription.
func (o *one) follow(document string, variables message) *openStream {
	o.t.Helper()
	ctx, cancel := context.WithCancel(o.t.Context())
	answer := o.request(ctx, document, variables, "text/event-stream")
	s := &openStream{t: o.t, lines: make(chan string, 1000), end: cancel, ended: make(chan struct{})}
	go func() {
		defer close(s.ended)
		defer close(s.lines)
		defer answer.Body.Close()
		for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				s.lines <- data
			}
		}
	}()
	o.t.Cleanup(func() { cancel(); <-s.ended })
	return s
}

// until reads events until one has all of these texts and none that begins with "!", and returns it.
func (s *openStream) until(wants ...string) string {
	s.t.Helper()
	deadline := time.After(eventually)
	for {
		if s.latest != "" && fits(s.latest, wants) {
			return s.latest
		}
		select {
		case data, more := <-s.lines:
			if !more {
				s.t.Fatalf("the stream ended before %q; the last was %s", wants, s.latest)
			}
			s.latest = data
		case <-deadline:
			s.t.Fatalf("never %q; the last was %s", wants, s.latest)
		}
	}
}

func fits(data string, wants []string) bool {
	for _, want := range wants {
		absent := strings.HasPrefix(want, "!")
		if strings.Contains(data, strings.TrimPrefix(want, "!")) == absent {
			return false
		}
	}
	return true
}

// closes waits until the stream ends by itself.
func (s *openStream) closes() {
	s.t.Helper()
	select {
	case <-s.ended:
	case <-time.After(eventually):
		s.t.Fatalf("the stream never ended; the last was %s", s.latest)
	}
}
