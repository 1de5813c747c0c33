//go:build postgres

package app_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"sonata.ai/sonata/internal/testkit/postgres"
)

// twins are two production servers on one PostgreSQL with the demo.
type twins struct {
	t         *testing.T
	addresses []string
	token     string // of the set-up link
}

func newTwins(t *testing.T, database string, settings ...string) *twins {
	t.Helper()
	if database == "" {
		t.Fatal("TEST_POSTGRES names no PostgreSQL: run it with internal/testkit/postgres/with")
	}
	x, dir := &twins{t: t}, t.TempDir()
	for range 2 {
		a := running(t, "", io.Discard, []string{"SONATA_SECRET_KEY=" + postgres.SecretKey()}, append([]string{
			"--database", database, "--database-connections", "8", "--assets", "file:" + filepath.Join(dir, "assets"), "--mode", "production", "--demo", "on",
		}, settings...)...)
		x.addresses = append(x.addresses, a.Address())
		if _, token, _ := strings.Cut(a.SetUpLink(), "#"); x.token == "" {
			x.token = token
		}
	}
	return x
}

// neighbor sends requests from one address of this machine.
type neighbor struct {
	x      *twins
	client *http.Client
}

func (x *twins) from(address string) *neighbor {
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
	transport := &http.Transport{DialContext: d.DialContext, MaxIdleConnsPerHost: 16}
	x.t.Cleanup(transport.CloseIdleConnections)
	return &neighbor{x, &http.Client{Transport: transport, Timeout: 30 * time.Second}}
}

type reply struct {
	status int
	body   string
	header http.Header
}

func (c *neighbor) send(to int, document string, variables map[string]any) reply {
	c.x.t.Helper()
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		c.x.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, c.x.addresses[to]+"/graphql", bytes.NewReader(body))
	if err != nil {
		c.x.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	got, err := c.client.Do(r)
	if err != nil {
		c.x.t.Error(err)
		return reply{}
	}
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	if err != nil {
		c.x.t.Error(err)
	}
	return reply{got.StatusCode, string(text), got.Header}
}

const homeScreen = `{ screen(at: {path: "/"}, context: {frontend: "shop"}) { id blocks { key props } } }`

// flood sends requests to some of the servers at once, and counts those that were answered; a refusal must say when to
// come again.
func (c *neighbor) flood(each int, to ...int) (passed int) {
	c.x.t.Helper()
	var all sync.WaitGroup
	var mu sync.Mutex
	for _, server := range to {
		for range 4 {
			all.Go(func() {
				for range each / 4 {
					got := c.send(server, homeScreen, nil)
					after, _ := strconv.Atoi(got.header.Get("Retry-After"))
					mu.Lock()
					switch {
					case got.status == http.StatusOK && strings.Contains(got.body, `"key":"root"`) && !strings.Contains(got.body, `"errors"`):
						passed++
					case got.status != http.StatusTooManyRequests || after < 1 || after > 64 || !strings.Contains(got.body, "RATE_LIMITED"):
						c.x.t.Errorf("answered with %d, Retry-After %d: %s", got.status, after, got.body)
					}
					mu.Unlock()
				}
			})
		}
	}
	all.Wait()
	return passed
}

func letThrough(t *testing.T, what string, n, limit int) {
	t.Helper()
	t.Logf("%s: %d of %d", what, n, limit)
	if 10*n < 9*limit || 10*n > 12*limit {
		t.Errorf("%s let %d through, the limit is %d", what, n, limit)
	}
}

// What two servers let through together is what one may, and one alone lets all of it through: requests, and what they
// cost.
func TestServersShareLimits(t *testing.T) {
	const limit = 200
	x := newTwins(t, postgres.Fresh(t), "--limit-anonymous", strconv.Itoa(limit), "--limit-cost-minute", "0")
	letThrough(t, "both", x.from("127.0.0.2").flood(2*limit, 0, 1), limit)
	letThrough(t, "the first alone", x.from("127.0.0.3").flood(2*limit, 0), limit)
	letThrough(t, "the second alone", x.from("127.0.0.4").flood(2*limit, 1), limit)
	got := x.from("127.0.0.5").send(1, homeScreen, nil)
	if policy, left := got.header.Get("RateLimit-Policy"), got.header.Get("RateLimit"); policy != `"minute";q=200;w=60` || !strings.HasPrefix(left, `"minute";r=199;t=`) {
		t.Errorf("a new caller is told %s, %s", policy, left)
	}
	got = x.from("127.0.0.2").send(1, homeScreen, nil)
	if left := got.header.Get("RateLimit"); got.status != http.StatusTooManyRequests || !strings.HasPrefix(left, `"minute";r=0;t=`) {
		t.Errorf("one who has nothing left is told %d, %s", got.status, left)
	}
}

func TestServersShareTheLimitOfCost(t *testing.T) {
	const limit = 3000
	x := newTwins(t, postgres.Fresh(t), "--limit-anonymous", "0", "--limit-cost-minute", strconv.Itoa(limit))
	var answer struct {
		Extensions struct {
			Cost struct{ RequestedQueryCost int }
		}
	}
	body := `{"query": ` + strconv.Quote(homeScreen) + `, "extensions": {"cost": true}}`
	got, err := http.Post(x.addresses[0]+"/graphql", "application/json", strings.NewReader(body)) //nolint:noctx // it ends with the server
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	if err := json.NewDecoder(got.Body).Decode(&answer); err != nil || answer.Extensions.Cost.RequestedQueryCost < 1 {
		t.Fatalf("%+v, %v", answer, err)
	}
	cost := answer.Extensions.Cost.RequestedQueryCost
	each := 2 * limit / cost
	letThrough(t, "both", cost*x.from("127.0.0.2").flood(each, 0, 1), limit)
	letThrough(t, "the first alone", cost*x.from("127.0.0.3").flood(each, 0), limit)
}

// Ten failures for an account and thirty from an address are what all servers together see.
func TestServersShareFailuresToSignIn(t *testing.T) {
	x := newTwins(t, postgres.Fresh(t))
	signIn := func(from, email, password string, to int) reply {
		return x.from(from).send(to, `mutation($i: SessionCreateInput!) { sessionCreate(input: $i) { viewer { actor { name } } userErrors { code } } }`,
			map[string]any{"i": map[string]any{"email": email, "password": password}})
	}
	got := x.from("127.0.0.9").send(0, `mutation($i: SetupCompleteInput!) { setupComplete(input: $i) { viewer { actor { name } } userErrors { code message } } }`,
		map[string]any{"i": map[string]any{"token": x.token, "email": "ada@example.com", "name": "Ada", "password": good}})
	if !strings.Contains(got.body, `"name":"Ada"`) {
		t.Fatal(got.body)
	}
	for _, account := range []string{"ada@example.com", "nobody@example.com"} {
		failed := 0
		for i := range 16 {
			if got := signIn(fmt.Sprintf("127.0.1.%d", 10+i), account, "wrong", i%2); strings.Contains(got.body, `"FORBIDDEN"`) {
				failed++
			} else if !strings.Contains(got.body, "RATE_LIMITED") {
				t.Error(got.body)
			}
		}
		if failed != 10 {
			t.Errorf("%s: %d attempts were looked at", account, failed)
		}
	}
	for to := range 2 {
		if got := signIn("127.0.2.1", "ada@example.com", good, to); !strings.Contains(got.body, "RATE_LIMITED") {
			t.Errorf("the right password afterwards: %s", got.body)
		}
	}
	failed := 0
	for i := range 40 {
		if got := signIn("127.0.3.1", fmt.Sprintf("nobody%d@example.com", i), "wrong", i%2); strings.Contains(got.body, `"FORBIDDEN"`) {
			failed++
		}
	}
	if failed != 30 {
		t.Errorf("%d attempts from one address were looked at", failed)
	}
}

// While the database is away each server serves what is published, within the limit as it counts itself; when it is back
// the others learn what was let through.
func TestLimitsHoldWhileTheDatabaseIsAway(t *testing.T) {
	const limit = 200
	p, err := postgres.New(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	database, err := p.NewDatabase(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	x := newTwins(t, database, "--limit-anonymous", strconv.Itoa(limit), "--limit-cost-minute", "0")
	x.from("127.0.0.2").send(0, homeScreen, nil)
	if err := p.Pause(); err != nil { // a database that hangs: nobody knows yet that it does
		t.Fatal(err)
	}
	letThrough(t, "the first while the database hangs", x.from("127.0.0.3").flood(2*limit, 0), limit)
	if err := p.Resume(); err != nil {
		t.Fatal(err)
	}
	if err := p.Stop(); err != nil {
		t.Fatal(err)
	}
	letThrough(t, "the first while there is none", x.from("127.0.0.4").flood(2*limit, 0), limit)
	letThrough(t, "the second while there is none", x.from("127.0.0.5").flood(2*limit, 1), limit)
	if err := p.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("pgx", database)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, deadline := 0, time.Now().Add(40*time.Second)
	for rows < 3 {
		if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM allowances WHERE counts IS NOT NULL").Scan(&rows); err != nil {
			t.Fatal(err)
		}
		if time.Now().After(deadline) {
			t.Fatalf("the servers told of %d callers", rows)
		}
		time.Sleep(50 * time.Millisecond)
	}
	if n := x.from("127.0.0.4").flood(limit, 1); n > limit/5 {
		t.Errorf("the second let %d through of a caller that had used up its limit at the first", n)
	}
}
