//go:build postgres

package processestest

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"sonata.ai/sonata/internal/testkit/postgres"
	"sonata.ai/sonata/internal/testkit/process"
)

// fleet is processes on one PostgreSQL, which is a process, too.
type fleet struct {
	t        *testing.T
	pg       *postgres.Server
	address  string
	binary   string
	flags    []string
	client   *http.Client
	key      string
	ran      []*process.Server // every process that there was
	mu       sync.Mutex
	standing []string // URLs of those that run
}

func newFleet(t *testing.T, binary string, flags ...string) *fleet {
	t.Helper()
	f := &fleet{t: t, binary: binary, flags: append([]string{"--limit-key", "0", "--limit-anonymous", "0", "--limit-cost-minute", "0"}, flags...)}
	f.client = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	var err error
	if f.pg, err = postgres.New(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.pg.Close(); err != nil {
			t.Error(err)
		}
	})
	if f.address, err = f.pg.NewDatabase(t.Context()); err != nil {
		t.Fatal(err)
	}
	return f
}

// start starts one more process. The first is asked as the developer for an API key; then nobody is signed in by
// being on this machine.
func (f *fleet) start() *process.Server {
	f.t.Helper()
	s := process.Start(f.t, f.binary, f.address, f.flags...)
	f.ran = append(f.ran, s)
	if f.key == "" {
		var data struct{ APIKeyCreate struct{ Secret string } }
		err := s.Do(f.t.Context(), `mutation { apiKeyCreate(input: {name: "Load", scopes: ["content:read", "content:write", "release:write"], frontend: "shop"}) { secret userErrors { message } } }`, nil, &data)
		if err != nil || data.APIKeyCreate.Secret == "" {
			f.t.Fatalf("no API key: %v", err)
		}
		f.key = data.APIKeyCreate.Secret
	}
	request, err := http.NewRequestWithContext(f.t.Context(), http.MethodGet, s.URL+"/graphql", http.NoBody)
	if err != nil {
		f.t.Fatal(err)
	}
	request.Header.Set("Via", "1.1 proxy")
	response, err := f.client.Do(request)
	if err != nil {
		f.t.Fatal(err)
	}
	response.Body.Close()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.standing = append(f.standing, s.URL)
	return s
}

func (f *fleet) kill(s *process.Server) {
	f.mu.Lock()
	for i, url := range f.standing {
		if url == s.URL {
			f.standing = append(f.standing[:i], f.standing[i+1:]...)
			break
		}
	}
	f.mu.Unlock()
	s.Kill()
}

// any is the URL of a process that runs.
func (f *fleet) any(n int) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.standing[n%len(f.standing)]
}

// refusal is what a request was not done for.
type refusal struct{ code, message string }

func (r *refusal) Error() string { return r.code + ": " + r.message }

var errLost = errors.New("the connection broke off")

// ask sends an operation with a key, or as nobody. Its error is a refusal, or wraps errLost.
func (f *fleet) ask(ctx context.Context, url, key, document string, variables any, data any) error {
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/graphql", bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	if key != "" {
		request.Header.Set("Authorization", "Bearer "+key)
	}
	response, err := f.client.Do(request)
	if err != nil {
		return fmt.Errorf("%w: %w", errLost, err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("%w: %w", errLost, err)
	}
	var answer struct {
		Data   json.RawMessage
		Errors []struct {
			Message    string
			Extensions struct{ Code string }
		}
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return fmt.Errorf("%s: %w", raw, err)
	}
	if len(answer.Errors) > 0 {
		return &refusal{answer.Errors[0].Extensions.Code, answer.Errors[0].Message}
	}
	return json.Unmarshal(answer.Data, data)
}

// follower is one open tab: it follows what is live, and goes to another process when its own is gone.
type follower struct {
	last      atomic.Int64
	backwards atomic.Int64
}

func (w *follower) run(ctx context.Context, f *fleet, n int) {
	for ; ctx.Err() == nil; n++ {
		w.follow(ctx, f.any(n))
		select {
		case <-ctx.Done():
		case <-time.After(time.Duration(100+n%10*20) * time.Millisecond):
		}
	}
}

func (w *follower) follow(ctx context.Context, url string) {
	socket, _, err := websocket.Dial(ctx, strings.Replace(url, "http", "ws", 1)+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		return
	}
	defer socket.CloseNow()
	socket.SetReadLimit(1 << 20)
	say := func(message map[string]any) bool { return wsjson.Write(ctx, socket, message) == nil }
	if !say(map[string]any{"type": "connection_init"}) {
		return
	}
	for {
		var message struct {
			Type    string
			Payload struct {
				Data struct {
					Release struct{ Release struct{ Number int64 } }
				}
			}
		}
		if wsjson.Read(ctx, socket, &message) != nil {
			return
		}
		switch message.Type {
		case "connection_ack":
			if !say(map[string]any{"type": "subscribe", "id": "1", "payload": map[string]any{"query": `subscription { release(frontend: "shop") { release { number } } }`}}) {
				return
			}
		case "ping":
			if !say(map[string]any{"type": "pong"}) {
				return
			}
		case "next":
			now := message.Payload.Data.Release.Release.Number
			if now < w.last.Load() {
				w.backwards.Add(1)
			}
			w.last.Store(now)
		default:
			return
		}
	}
}

// reader asks for a published screen all the time, as nobody, of every process, and notes what was not served.
type reader struct {
	served atomic.Int64
	mu     sync.Mutex
	failed []string
}

func (r *reader) run(ctx context.Context, f *fleet) {
	for n := 0; ctx.Err() == nil; n++ {
		url := f.any(n)
		var data struct {
			Screen *struct{ Key string }
		}
		err := f.ask(ctx, url, "", `{ screen(at: {key: "home"}, context: {frontend: "shop"}) { key } }`, nil, &data)
		switch {
		case ctx.Err() != nil:
			return
		case errors.Is(err, errLost) && !f.stands(url): // it was killed meanwhile
		case err != nil || data.Screen == nil:
			r.mu.Lock()
			r.failed = append(r.failed, fmt.Sprintf("%v (screen %v)", err, data.Screen))
			r.mu.Unlock()
		default:
			r.served.Add(1)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func (f *fleet) stands(url string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, each := range f.standing {
		if each == url {
			return true
		}
	}
	return false
}

// publisher edits and publishes, and remembers what was acknowledged.
type publisher struct {
	f       *fleet
	id      string // of the screen
	count   int
	acked   map[int64]string // title by number
	last    int64
	refused map[string]int // by code
}

func (f *fleet) publisher() *publisher {
	f.t.Helper()
	var data struct {
		Frontend struct {
			Screens struct {
				Edges []struct{ Node struct{ ID, Key string } }
			}
		}
	}
	if err := f.ask(f.t.Context(), f.any(0), f.key, `{ frontend(slug: "shop") { screens { edges { node { id key } } } } }`, nil, &data); err != nil {
		f.t.Fatal(err)
	}
	for _, e := range data.Frontend.Screens.Edges {
		if e.Node.Key == "home" {
			return &publisher{f: f, id: e.Node.ID, acked: map[int64]string{}, refused: map[string]int{}}
		}
	}
	f.t.Fatal("the demo has no home")
	return nil
}

type payload struct {
	Screen     *struct{ Version int }
	Release    *struct{ Number int64 }
	UserErrors []struct{ Code, Message string }
}

// publish changes a headline and publishes it through one process. Its error is a refusal, or wraps errLost.
func (p *publisher) publish(ctx context.Context, url string) error {
	p.count++
	title := fmt.Sprintf("Release %d of the test", p.count)
	var screen struct {
		Node struct{ Version int }
	}
	err := p.f.ask(ctx, url, p.f.key, `query($id: ID!) { node(id: $id) { ... on Screen { version } } }`, map[string]any{"id": p.id}, &screen)
	if err != nil {
		return err
	}
	var edited struct{ ScreenEdit payload }
	err = p.f.ask(ctx, url, p.f.key, `mutation($input: ScreenEditInput!) { screenEdit(input: $input) { screen { version } userErrors { code message } } }`, map[string]any{"input": map[string]any{
		"screen": p.id, "expectedVersion": screen.Node.Version,
		"ops": []any{map[string]any{"setProps": map[string]any{"key": "hero", "patch": map[string]any{"title": title}}}},
	}}, &edited)
	if err != nil {
		return err
	}
	if len(edited.ScreenEdit.UserErrors) > 0 {
		return &refusal{edited.ScreenEdit.UserErrors[0].Code, edited.ScreenEdit.UserErrors[0].Message}
	}
	var published struct{ ReleasePublish payload }
	err = p.f.ask(ctx, url, p.f.key, `mutation($input: ReleasePublishInput!) { releasePublish(input: $input) { release { number } userErrors { code message } } }`, map[string]any{"input": map[string]any{
		"frontend": "shop", "environment": "production", "title": title, "acknowledgeWarnings": true, "idempotencyKey": title,
	}}, &published)
	if err != nil {
		return err
	}
	if len(published.ReleasePublish.UserErrors) > 0 {
		return &refusal{published.ReleasePublish.UserErrors[0].Code, published.ReleasePublish.UserErrors[0].Message}
	}
	p.last = published.ReleasePublish.Release.Number
	p.acked[p.last] = title
	return nil
}

// must publishes through a process that has no reason to refuse.
func (p *publisher) must(url string) {
	p.f.t.Helper()
	if err := p.publish(p.f.t.Context(), url); err != nil {
		p.f.t.Fatalf("publish: %v", err)
	}
}

// again publishes until it is let through.
func (p *publisher) again(url string, within time.Duration) time.Duration {
	p.f.t.Helper()
	begin := time.Now()
	for {
		err := p.publish(p.f.t.Context(), url)
		if err == nil {
			return time.Since(begin)
		}
		if time.Since(begin) > within {
			p.f.t.Fatalf("still refused %s after the database came back: %v", within, err)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// refusedWhile publishes through every process until end closes: nothing may be let through, and each refusal says
// that the database is away.
func (p *publisher) refusedWhile(end <-chan struct{}) {
	p.f.t.Helper()
	for n := 0; ; n++ {
		select {
		case <-end:
			return
		case <-time.After(50 * time.Millisecond):
		}
		err := p.publish(p.f.t.Context(), p.f.any(n))
		var refused *refusal
		switch {
		case err == nil:
			select {
			case <-end: // it came back in the middle of it
				return
			default:
				p.f.t.Error("a publish was acknowledged while the database was away")
			}
		case errors.As(err, &refused) && refused.code == "UNAVAILABLE":
			p.refused[refused.code]++
		default:
			p.f.t.Errorf("while the database is away: %v", err)
		}
	}
}

// sql opens the database beside the processes.
func (f *fleet) sql() *sql.DB {
	f.t.Helper()
	db, err := sql.Open("pgx", f.address+"?application_name=test")
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { db.Close() })
	return db
}

func (f *fleet) status(url, path string) int {
	response, err := f.client.Get(url + path)
	if err != nil {
		return 0
	}
	response.Body.Close()
	return response.StatusCode
}

// noBug looks for what no process may log.
func (f *fleet) noBug() {
	f.t.Helper()
	for _, s := range f.ran {
		for _, word := range []string{"DATA RACE", "panic", "internal error", "goroutine "} {
			if strings.Contains(s.Stderr(), word) {
				f.t.Errorf("a process said %q:\n%s", word, s.Stderr())
			}
		}
	}
}

func number(t *testing.T, name string, otherwise int) int {
	t.Helper()
	value := os.Getenv(name)
	if value == "" {
		return otherwise
	}
	n, err := strconv.Atoi(value)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

func until(t *testing.T, within time.Duration, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(within); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("after %s: %s", within, what)
		}
	}
}
