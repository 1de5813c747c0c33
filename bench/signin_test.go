package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sonata.ai/sonata/internal/testkit/process"
)

// What is sent in a second, at a steady pace whatever becomes of it, and for how long each time.
const (
	honestRate = 150
	floodRate  = 200
	turnFor    = 4 * time.Second
)

// load is what a generator sends. It is a process of its own: what it does with its time is not measured.
type load struct {
	Host  string
	Kind  string // honest, signin or livez
	Key   string
	Rate  int
	For   time.Duration
	First int // number of the first, so that no two turns send the same
}

// sentLoad is what became of it.
type sentLoad struct {
	Took            []time.Duration // sorted
	Tried, NoTurn   int             // sign-ins whose password was compared, and that were told to come again
	Others, Blocked int             // answers that should not be, and requests that came late because the generator did
}

// generatorProcess is the variable that makes this test binary a generator; its value is the load as JSON.
const generatorProcess = "BENCH_GENERATOR"

// TestGeneratorProcess is not a test: a benchmark starts this binary again to send a load. Without the variable it is
// over at once.
func TestGeneratorProcess(t *testing.T) {
	spec := os.Getenv(generatorProcess)
	if spec == "" {
		return
	}
	var l load
	if err := json.Unmarshal([]byte(spec), &l); err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(l.send())
	if err != nil {
		t.Fatal(err)
	}
	fmt.Printf("sent %s\n", raw)
}

// start begins to send and returns what waits for the end. A generator that hangs is ended.
func (l load) start(b *testing.B) (wait func() sentLoad) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), l.For+time.Minute)
	b.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestGeneratorProcess$")
	cmd.Env = append(os.Environ(), generatorProcess+"="+string(mustJSON(b, l)))
	var out bytes.Buffer
	cmd.Stdout = &out
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	return func() (sent sentLoad) {
		b.Helper()
		if err := cmd.Wait(); err != nil {
			b.Fatalf("%v\n%s", err, out.String())
		}
		_, rest, _ := strings.Cut(out.String(), "sent ")
		line, _, _ := strings.Cut(rest, "\n")
		if err := json.Unmarshal([]byte(line), &sent); err != nil {
			b.Fatalf("%v\n%s", err, out.String())
		}
		return sent
	}
}

const (
	honest   = "honest"
	signIns  = "signin"
	liveness = "livez"
)

// request is the n-th request: by a proxy that is trusted, for a client with an address of its own.
func (l load) request(n int) []byte {
	head := func(method, target, more string, address string) string {
		return fmt.Sprintf("%s %s HTTP/1.1\r\nHost: sonata.example\r\nX-Forwarded-For: %s\r\nX-Forwarded-Proto: https\r\n%s", method, target, address, more)
	}
	post := func(document string, variables map[string]any, more, address string) []byte {
		body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
		if err != nil {
			panic(err) // texts always marshal
		}
		return []byte(head(http.MethodPost, "/graphql", more+fmt.Sprintf("Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body), address))
	}
	visitor := fmt.Sprintf("192.0.2.%d", n%200)
	switch {
	case l.Kind == signIns:
		return post(`mutation($i: SessionCreateInput!) { sessionCreate(input: $i) { userErrors { code message } } }`,
			map[string]any{"i": map[string]any{"email": fmt.Sprintf("somebody-%d@example.com", n), "password": "not the password at all"}},
			"Origin: https://sonata.example\r\nAccept: application/json\r\n", fmt.Sprintf("198.18.%d.%d", n/250%250, n%250))
	case l.Kind == liveness:
		return []byte(head(http.MethodGet, "/livez", "\r\n", visitor))
	case n%3 == 0:
		return post(screenDocument, map[string]any{"path": "/thirty"}, "", visitor)
	case n%3 == 1:
		query := url.Values{"query": {screenDocument}, "variables": {`{"path":"/thirty"}`}}
		return []byte(head(http.MethodGet, "/graphql?"+query.Encode(), "\r\n", visitor))
	}
	return post(`{ viewer { scopes actor { name } } frontend(slug: "shop") { id name screens(first: 10) { edges { node { id key title version } } } } }`, nil,
		"Authorization: Bearer "+l.Key+"\r\n", visitor)
}

// send keeps the pace: a request that is not answered yet keeps no other one back.
func (l load) send() (sent sentLoad) {
	var mu sync.Mutex
	var idle []*client
	var all sync.WaitGroup
	one := func(request []byte) {
		var c *client
		var err error
		mu.Lock()
		if len(idle) > 0 {
			c, idle = idle[len(idle)-1], idle[:len(idle)-1]
		}
		mu.Unlock()
		begin := time.Now()
		if c == nil {
			c, err = dial(l.Host)
		}
		var answer bytes.Buffer
		if err == nil {
			err = c.ask(request, &answer)
		}
		took := time.Since(begin)
		mu.Lock()
		defer mu.Unlock()
		switch {
		case err != nil || l.Kind == honest && bytes.Contains(answer.Bytes(), []byte(`"errors"`)):
			sent.Others++
			return
		case bytes.Contains(answer.Bytes(), []byte(`"RATE_LIMITED"`)):
			sent.NoTurn++
		case l.Kind == signIns && bytes.Contains(answer.Bytes(), []byte(`"FORBIDDEN"`)):
			sent.Tried++
		}
		idle = append(idle, c)
		sent.Took = append(sent.Took, took)
	}
	random := rand.New(rand.NewPCG(uint64(l.First), 1))
	begin, every := time.Now(), time.Second/time.Duration(l.Rate)
	for n := 0; time.Duration(n)*every < l.For; n++ {
		request := l.request(l.First + n)
		at := begin.Add(time.Duration(n)*every + time.Duration(random.Int64N(int64(every)))) // no rhythm that could match another
		time.Sleep(time.Until(at))
		if time.Since(at) > 5*time.Millisecond {
			sent.Blocked++
		}
		all.Go(func() { one(request) })
	}
	all.Wait()
	slices.Sort(sent.Took)
	return sent
}

func (s sentLoad) percentile(p float64) float64 {
	if len(s.Took) == 0 {
		return 0
	}
	return ms(s.Took[int(p*float64(len(s.Took)-1))])
}

// floods are what honest requests are measured beside, in this order in each round.
var floods = []string{"", signIns, "", liveness}

// BenchmarkSignInFlood sends honest requests (a published screen by POST and by GET, and a query with an API key) alone
// and beside a flood of sign-ins, each from an address of its own for an account of its own. The limit beside it is a
// flood of as many requests that cost next to nothing, and what two turns without any flood differ by.
func BenchmarkSignInFlood(b *testing.B) {
	binary, database := build(b), filepath.Join(b.TempDir(), "sonata.db")
	dev := process.Start(b, binary, database)
	create(b, dev)
	var made struct{ APIKeyCreate struct{ Secret string } }
	do(b, dev, `mutation { apiKeyCreate(input: {name: "bench", scopes: ["content:read"], requestsPerMinute: 1000000}) { secret userErrors { message } } }`, nil, &made)
	dev.Stop(b)
	s := process.Start(b, binary, database, "--mode=production", "--public-url=https://sonata.example", "--trusted-proxies=127.0.0.1/32")
	l := load{Host: strings.TrimPrefix(s.URL, "http://"), Key: made.APIKeyCreate.Secret, First: 1}
	turn := func(flood string, d time.Duration) (answers, flooded sentLoad) {
		wait := []func() sentLoad{}
		for kind, rate := range map[string]int{honest: honestRate, flood: floodRate} {
			if kind != "" {
				x := l
				x.Kind, x.Rate, x.For = kind, rate, d
				waitFor := x.start(b)
				if kind == honest {
					wait = append([]func() sentLoad{waitFor}, wait...)
				} else {
					wait = append(wait, waitFor)
				}
			}
		}
		l.First += floodRate * int(d/time.Second+1)
		answers = wait[0]()
		if flood != "" {
			flooded = wait[1]()
		}
		if n := answers.Others + flooded.Others; n > 0 {
			b.Errorf("%d answers are not what they should be", n)
		}
		time.Sleep(time.Second) // until the queue is empty
		return answers, flooded
	}
	turn(signIns, 2*time.Second) // until everything was used once
	p50, p99 := make([][]float64, len(floods)), make([][]float64, len(floods))
	var tried, noTurn, late int
	b.ResetTimer()
	for range b.N {
		for i, flood := range floods {
			answers, flooded := turn(flood, turnFor)
			p50[i], p99[i] = append(p50[i], answers.percentile(0.5)), append(p99[i], answers.percentile(0.99))
			tried, noTurn, late = tried+flooded.Tried, noTurn+flooded.NoTurn, late+answers.Blocked
		}
	}
	alone := middle(slices.Concat(p99[0], p99[2]))
	b.ReportMetric(middle(slices.Concat(p50[0], p50[2])), "alone-p50-ms")
	b.ReportMetric(alone, "alone-p99-ms")
	b.ReportMetric(middle(p50[1]), "flood-p50-ms")
	b.ReportMetric(middle(p99[1]), "flood-p99-ms")
	b.ReportMetric(middle(p99[1])/alone, "ratio")
	b.ReportMetric(middle(p99[3])/alone, "livez-ratio")
	b.ReportMetric(middle(p99[2])/middle(p99[0]), "noise-ratio")
	seconds := turnFor.Seconds() * float64(b.N)
	b.ReportMetric(float64(tried)/seconds, "tried/s")
	b.ReportMetric(float64(noTurn)/seconds, "refused/s")
	b.ReportMetric(float64(late)/seconds/float64(len(floods)), "late/s")
	b.Logf("p99 of each turn in ms: alone %.2f, sign-ins %.2f, alone %.2f, livez %.2f", p99[0], p99[1], p99[2], p99[3])
}

func middle(all []float64) float64 {
	return slices.Sorted(slices.Values(all))[len(all)/2]
}
