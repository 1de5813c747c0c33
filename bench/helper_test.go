package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"sonata.ai/sonata/internal/testkit/process"
)

// build returns the binary to measure: BENCH_BINARY when it is set, for instance one that writes a profile.
func build(b *testing.B) string {
	b.Helper()
	if binary := os.Getenv("BENCH_BINARY"); binary != "" {
		return binary
	}
	return process.Build(b)
}

// blocks is how many blocks the measured screen has, its root included.
const blocks = 30

// screenBody is the draft of the measured screen.
func screenBody() map[string]any {
	all, children := map[string]any{}, []string{}
	for n := 1; n < blocks; n++ {
		key := fmt.Sprintf("block-%02d", n)
		block := map[string]any{"component": "banner", "major": 1, "props": map[string]any{
			"title": "A title of the usual length " + key, "text": strings.Repeat("One sentence of copy as designers write it. ", 3),
		}}
		switch n % 3 {
		case 1:
			block["component"], block["props"] = "testimonial", map[string]any{
				"quote": strings.Repeat("They repaired a chair that my father bought. ", 2), "author": "Mei", "role": "Fjell, Rotterdam", "rating": 5,
			}
		case 2:
			block["component"], block["props"] = "rich-text", map[string]any{
				"title": "About " + key, "paragraphs": []string{strings.Repeat("Lamps and furniture from eleven small workshops. ", 4), "And a second one."},
			}
		}
		all[key] = block
		children = append(children, key)
	}
	all["root"] = map[string]any{"component": "page", "major": 1, "props": map[string]any{}, "slots": map[string]any{"children": children}}
	return map[string]any{"format": 1, "root": "root", "blocks": all}
}

// edit is an op that changes one of the blocks.
func edit(n int, text string) map[string]any {
	key, prop := fmt.Sprintf("block-%02d", 1+n%(blocks-1)), "title"
	if (1+n%(blocks-1))%3 == 1 {
		prop = "author"
	}
	return map[string]any{"setProps": map[string]any{"key": key, "patch": map[string]any{prop: text}}}
}

const (
	createDocument = `mutation($body: JSON!) { screenCreate(input: {frontend: "shop", key: "thirty", title: "Thirty", path: "/thirty", body: $body}) { screen { id } userErrors { message } } }`

	editDocument = `mutation($input: ScreenEditInput!) { screenEdit(input: $input) { screen { version } userErrors { message } } }`

	publishDocument = `mutation { releasePublish(input: {frontend: "shop", title: "bench", acknowledgeWarnings: true}) { activation { id } userErrors { message } } }`

	screenSelection = `id key title path params release { id number hash publishedAt } contentHash root
		blocks { key component version props slots { name blocks } } degradations { blockKey wanted served reason }`
)

type refusals []struct{ Message string }

func do(b *testing.B, s *process.Server, document string, variables map[string]any, data any) {
	b.Helper()
	if err := s.Do(b.Context(), document, variables, data); err != nil {
		b.Fatalf("%v\n%s", err, s.Stderr())
	}
}

// create makes the measured screen and publishes it. It returns the screen's id.
func create(b *testing.B, s *process.Server) string {
	b.Helper()
	var made struct {
		ScreenCreate struct {
			Screen     *struct{ ID string }
			UserErrors refusals
		}
	}
	do(b, s, createDocument, map[string]any{"body": screenBody()}, &made)
	if made.ScreenCreate.Screen == nil {
		b.Fatal(made.ScreenCreate.UserErrors)
	}
	publish(b, s)
	return made.ScreenCreate.Screen.ID
}

func publish(b *testing.B, s *process.Server) (activation string) {
	b.Helper()
	var made struct {
		ReleasePublish struct {
			Activation *struct{ ID string }
			UserErrors refusals
		}
	}
	do(b, s, publishDocument, nil, &made)
	if made.ReleasePublish.Activation == nil {
		b.Fatal(made.ReleasePublish.UserErrors)
	}
	return made.ReleasePublish.Activation.ID
}

// sendEdit changes a block of the screen and returns the version after it.
func sendEdit(ctx context.Context, s *process.Server, id string, version, block int, text string) (int, error) {
	var made struct {
		ScreenEdit struct {
			Screen     *struct{ Version int }
			UserErrors refusals
		}
	}
	err := s.Do(ctx, editDocument, map[string]any{"input": map[string]any{
		"screen": id, "expectedVersion": version, "ops": []any{edit(block, text)},
	}}, &made)
	if err != nil || made.ScreenEdit.Screen == nil {
		return 0, fmt.Errorf("edit: %w %v", err, made.ScreenEdit.UserErrors)
	}
	return made.ScreenEdit.Screen.Version, nil
}

// limitProcess is the variable that makes this test binary the server to compare with; its value is the file whose
// bytes it answers.
const limitProcess = "BENCH_LIMIT_BYTES"

// TestLimitProcess is not a test: a benchmark starts this binary again as the physical limit, a process that does the
// least that could be called the same job. Without the variable it is over at once.
func TestLimitProcess(t *testing.T) {
	path := os.Getenv(limitProcess)
	if path == "" {
		return
	}
	answer, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("limit listens on", listener.Addr())
	mux := http.NewServeMux()
	mux.HandleFunc("/graphql", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/graphql-response+json; charset=utf-8")
		w.Write(answer)
	})
	r := &room{}
	mux.HandleFunc("/socket", r.join)
	mux.HandleFunc("/broadcast", r.broadcast)
	t.Fatal(http.Serve(listener, mux))
}

// room is a raw websocket broadcast: every connection has a goroutine that writes what it is handed.
type room struct {
	mu      sync.Mutex
	members []chan []byte
}

func (r *room) join(w http.ResponseWriter, req *http.Request) {
	conn, err := websocket.Accept(w, req, nil)
	if err != nil {
		return
	}
	ctx := conn.CloseRead(req.Context())
	messages := make(chan []byte, 1)
	r.mu.Lock()
	r.members = append(r.members, messages)
	r.mu.Unlock()
	for {
		select {
		case <-ctx.Done():
			return
		case m := <-messages:
			if conn.Write(ctx, websocket.MessageText, m) != nil {
				return
			}
		}
	}
}

func (r *room) broadcast(w http.ResponseWriter, req *http.Request) {
	message, err := io.ReadAll(req.Body)
	if err != nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range r.members {
		m <- message
	}
	fmt.Fprint(w, len(r.members))
}

// limit is the process to compare with.
type limit struct {
	host string
	cmd  *exec.Cmd
}

func startLimit(b *testing.B, answer []byte) *limit {
	b.Helper()
	path := b.TempDir() + "/answer"
	if err := os.WriteFile(path, answer, 0o600); err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestLimitProcess$")
	cmd.Env = append(os.Environ(), limitProcess+"="+path)
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

func (l *limit) rss(b *testing.B) int64 {
	b.Helper()
	n, err := (&process.Server{PID: l.cmd.Process.Pid}).RSS()
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// cpu is the time that a process was given so far.
func cpu(b *testing.B, pid int) time.Duration {
	b.Helper()
	d, err := (&process.Server{PID: pid}).CPU()
	if err != nil {
		b.Fatal(err)
	}
	return d
}

func (l *limit) broadcast(b *testing.B, message []byte) {
	b.Helper()
	response, err := http.Post("http://"+l.host+"/broadcast", "text/plain", strings.NewReader(string(message))) //nolint:noctx // a benchmark's
	if err != nil {
		b.Fatal(err)
	}
	response.Body.Close()
}

func rss(b *testing.B, s *process.Server) int64 {
	b.Helper()
	n, err := s.RSS()
	if err != nil {
		b.Fatal(err)
	}
	return n
}

func fromEnv(b *testing.B, name string, otherwise int) int {
	b.Helper()
	if value := os.Getenv(name); value != "" {
		n, err := strconv.Atoi(value)
		if err != nil {
			b.Fatal(err)
		}
		return n
	}
	return otherwise
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func mustJSON(b *testing.B, v any) []byte {
	b.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		b.Fatal(err)
	}
	return raw
}
