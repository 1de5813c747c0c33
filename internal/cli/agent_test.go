//go:build unix

package cli_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"sonata.ai/sonata/internal/cli"
)

// TestAgentInstance is the service that the tests of the agent run.
func TestAgentInstance(t *testing.T) {
	port := os.Getenv("PORT")
	if os.Getenv("INSTANCE_OF_TEST") == "" || port == "" {
		return
	}
	server := &http.Server{Addr: "127.0.0.1:" + port, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/well" || os.Getenv("SONATA_API_KEY") != "" {
			w.WriteHeader(http.StatusTeapot)
		}
	})}
	t.Error(server.ListenAndServe())
}

// heartbeats is a server that writes down heartbeats; it lets go of who drains, or of nobody.
type heartbeats struct {
	mu       sync.Mutex
	letsGo   bool
	key      string
	instance map[string]any // the last that was said
	draining bool
}

func (h *heartbeats) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var request struct{ Variables map[string]map[string]any }
	json.NewDecoder(r.Body).Decode(&request)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.key, h.instance = r.Header.Get("Authorization"), request.Variables["b0"]
	h.draining = h.instance["draining"] == true
	command := "CONTINUE"
	if h.draining && h.letsGo {
		command = "STOP"
	}
	io.WriteString(w, `{"data":{"b0":{"command":"`+command+`","desiredReplicas":null,"userErrors":[]}}}`)
}

func (h *heartbeats) heard(what func() bool) func() bool {
	return func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		return what()
	}
}

// The first signal lets requests end, the second does not wait for them.
func TestAgentStopsAtSignals(t *testing.T) {
	for name, c := range map[string]struct {
		signals []syscall.Signal
		letsGo  bool
		code    int
		said    string
	}{
		"SIGTERM":      {[]syscall.Signal{syscall.SIGTERM}, true, 0, "msg=stopped service=catalog instance=box-1"},
		"closed":       {[]syscall.Signal{syscall.SIGHUP}, true, 0, "msg=stopped service=catalog instance=box-1"},
		"Ctrl-C twice": {[]syscall.Signal{syscall.SIGINT, syscall.SIGINT}, false, 1, "sonata: stopped at once"},
	} {
		if signal.Ignored(c.signals[0]) { // whoever started the tests wants that (nohup), and what they start has to obey, too
			t.Logf("%s is ignored here", name)
			continue
		}
		t.Run(name, func(t *testing.T) {
			h := &heartbeats{letsGo: c.letsGo}
			server := httptest.NewServer(h)
			defer server.Close()
			var stdout, stderr bytes.Buffer
			ended := make(chan int, 1)
			go func() {
				ended <- cli.Run(t.Context(), []string{
					"agent", "--server", server.URL, "--service", "catalog", "--name", "box", "--health", "/well", "--ttl", "2s", "--state", t.TempDir(),
					"--version", "7", "--", os.Args[0], "-test.run=^TestAgentInstance$",
				}, append(os.Environ(), "INSTANCE_OF_TEST=yes", "SONATA_API_KEY=secret"), &stdout, &stderr)
			}()
			wait(t, "a heartbeat", h.heard(func() bool {
				return h.instance["instance"] == "box-1" && h.instance["version"] == "7" && h.key == "Bearer secret"
			}))
			for _, s := range c.signals {
				syscall.Kill(os.Getpid(), s)
				wait(t, "it drains", h.heard(func() bool { return h.draining }))
			}
			select {
			case code := <-ended:
				if code != c.code || !strings.Contains(stderr.String(), c.said) || stdout.Len() > 0 {
					t.Errorf("exit code %d:\n%s%s", code, stdout.String(), stderr.String())
				}
			case <-time.After(15 * time.Second):
				t.Fatal("it does not end")
			}
		})
	}
}

func wait(t *testing.T, what string, come func() bool) {
	t.Helper()
	for began := time.Now(); !come(); time.Sleep(5 * time.Millisecond) {
		if time.Since(began) > 15*time.Second {
			t.Fatalf("not within 15 s: %s", what)
		}
	}
}

// What makes no sense is said at once, with exit code 2.
func TestAgentIsToldWhatToRun(t *testing.T) {
	for want, args := range map[string][]string{
		"--service is missing":                  {"--", "true"},
		"the command is missing":                {"--service", "catalog"},
		"flag provided but not defined: -scale": {"--service", "catalog", "--scale", "2", "--", "true"},
		"an agent runs 1 to 200":                {"--service", "catalog", "--replicas", "0", "--", "true"},
		"it is 2 to 300 seconds":                {"--service", "catalog", "--ttl", "1s", "--", "true"},
		`"a/b" is no name of a service`:         {"--service", "a/b", "--", "true"},
		`the name "a b"`:                        {"--service", "catalog", "--name", "a b", "--", "true"},
		"paths begin with a slash":              {"--service", "catalog", "--health", "well", "--", "true"},
		"a weight of 0":                         {"--service", "catalog", "--weight", "0", "--", "true"},
		"0 cores":                               {"--service", "catalog", "--cores", "0", "--", "true"},
		"cannot run ./not-there":                {"--service", "catalog", "--", "./not-there"},
		`--server "localhost" is not a URL`:     {"--service", "catalog", "--server", "localhost", "--", "true"},
	} {
		code, stdout, stderr := sonata(t, append([]string{"agent", "--state", t.TempDir()}, args...)...)
		if code != 2 || stdout != "" || !strings.Contains(stderr, want) {
			t.Errorf("%v: exit code %d, %q, want %q", args, code, stderr, want)
		}
	}
	if code, stdout, _ := sonata(t, "agent", "--help"); code != 0 || !strings.Contains(stdout, "--drain-timeout") {
		t.Errorf("exit code %d:\n%s", code, stdout)
	}
}
