package main

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sonata.ai/sonata/internal/testkit/process"
)

// The guide for services works line by line against a real server and the real example, every answer is the one that it
// shows, and the service is sent what it says.
func TestServicesGuide(t *testing.T) {
	for _, tool := range []string{"bash", "curl", "sed"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("the guide for services was NOT tried: %s is missing", tool)
		}
	}
	guide, err := os.ReadFile(filepath.Join("docs", "guides", "services.md"))
	if err != nil {
		t.Fatal(err)
	}
	if started := blocks(string(guide), "sh start"); !slices.Equal(started, []string{"go run .", "go run ./examples/catalog"}) {
		t.Fatalf("the guide starts %q", started)
	}
	steps := stepsOfGuide(t, string(guide))
	if len(steps) < 8 {
		t.Fatalf("the guide has only %d blocks of shell", len(steps))
	}
	w := newServicesWorld(t)
	w.compare(steps)
	w.checkSent(string(guide))
	checkReadme(t, string(guide))
	checkGraphiqlLink(t, string(guide), steps)
}

// servicesWorld is what the guide starts: a server, and the catalog. What the server sends to the catalog goes through a
// proxy that notes it.
type servicesWorld struct {
	t                *testing.T
	program          string
	server           *process.Server
	catalog          *exec.Cmd
	address, through string   // of the catalog, and of the proxy before it
	local            []string // what stands in the guide, and what is typed here instead

	mu   sync.Mutex
	sent []http.Header
}

func newServicesWorld(t *testing.T) *servicesWorld {
	t.Helper()
	program, err := exec.LookPath("sonata")
	if err != nil {
		t.Fatal(err)
	}
	w := &servicesWorld{t: t, program: program, address: "http://" + freeAddress(t)}
	w.server = process.Start(t, program, filepath.Join(t.TempDir(), "sonata.db"), "--demo", "on")
	to, err := url.Parse(w.address)
	if err != nil {
		t.Fatal(err)
	}
	forward := httputil.NewSingleHostReverseProxy(to)
	forward.ErrorHandler = func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) } // as if nobody were there
	proxy := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		w.sent = append(w.sent, r.Header.Clone())
		w.mu.Unlock()
		forward.ServeHTTP(rw, r)
	}))
	t.Cleanup(proxy.Close)
	w.through = proxy.URL
	w.startCatalog()
	return w
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // a test
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// startCatalog builds the example and runs it.
func (w *servicesWorld) startCatalog() {
	w.t.Helper()
	binary := filepath.Join(w.t.TempDir(), "catalog")
	if out, err := exec.CommandContext(w.t.Context(), "go", "build", "-o", binary, "./examples/catalog").CombinedOutput(); err != nil {
		w.t.Fatalf("build: %v\n%s", err, out)
	}
	w.catalog = process.Command(binary, "--listen", strings.TrimPrefix(w.address, "http://"), "--database", filepath.Join(w.t.TempDir(), "catalog.db"))
	var said bytes.Buffer
	w.catalog.Stdout, w.catalog.Stderr = &said, &said
	if err := w.catalog.Start(); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { w.catalog.Process.Kill() })
	for deadline := time.Now().Add(startWithin); ; pause() {
		response, err := http.Get(w.address + "/images/p01.svg") //nolint:noctx // a test
		if err == nil {
			response.Body.Close()
			return
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("the catalog does not answer: %v\n%s", err, said.String())
		}
	}
}

// compare follows the steps and checks that each prints what the guide shows.
func (w *servicesWorld) compare(steps []guideStep) {
	w.t.Helper()
	printed := w.follow(steps)
	for i, s := range steps {
		switch {
		case i >= len(printed):
			w.t.Errorf("these lines were not reached:\n%s", s.shell)
		case !s.pattern().MatchString(folded(printed[i])):
			w.t.Errorf("these lines\n%s\nprinted\n%s\nand the guide shows\n%s", s.shell, printed[i], s.shown)
		}
	}
}

// follow types the lines into one shell, where `go run .` is the program of this test, and returns what each step printed.
func (w *servicesWorld) follow(steps []guideStep) (printed []string) {
	w.t.Helper()
	stopper := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		w.catalog.Process.Signal(os.Interrupt)
		w.catalog.Wait()
	}))
	defer stopper.Close()
	work := w.t.TempDir()
	if err := os.Mkdir(filepath.Join(work, "data"), 0o700); err != nil {
		w.t.Fatal(err)
	}
	examples, err := filepath.Abs("examples")
	if err != nil {
		w.t.Fatal(err)
	}
	if err := os.Symlink(examples, filepath.Join(work, "examples")); err != nil {
		w.t.Fatal(err)
	}
	var script strings.Builder
	fmt.Fprintf(&script, `exec 2>&1
go() { # as go run does: another exit code than 0 is told, and becomes 1
  [ "$1 $2" = 'run .' ] || { echo "what is go $*?"; return 1; }
  local verb="$3 $4"; shift 4
  '%s' $verb --server '%s' "$@" || { echo "exit status $?"; return 1; }
}
`, w.program, w.server.URL)
	stop := "# with the catalog stopped (Ctrl-C)\n"
	local := strings.NewReplacer(append([]string{
		"http://127.0.0.1:8080", w.server.URL, "http://127.0.0.1:8091", w.through, stop, "curl -sS " + stopper.URL + "\n",
	}, w.local...)...)
	for _, s := range steps {
		fmt.Fprintf(&script, "%s\nprintf '\\036'\n", local.Replace(s.shell))
	}
	shell := exec.CommandContext(w.t.Context(), "bash", "-uc", script.String())
	shell.Dir = work
	shell.Env = append(os.Environ(), "SONATA_API_KEY=")
	out, err := shell.Output()
	if err != nil {
		w.t.Errorf("the shell ended with %v", err)
	}
	printed = strings.Split(string(out), "\036")
	return printed[:len(printed)-1]
}

// checkSent looks at the headers of every request that Sonata sent: those that the guide names are there, and nothing of the
// caller.
func (w *servicesWorld) checkSent(guide string) {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	asked := 0
	for _, h := range w.sent {
		if h.Get("User-Agent") != "sonata" { // the command line asked for the schema
			continue
		}
		asked++
		for name, pattern := range map[string]string{
			"Sonata-Identity": `^[\w-]+\.[\w-]+\.[\w-]+$`, "Traceparent": `^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$`,
		} {
			if !regexp.MustCompile(pattern).MatchString(h.Get(name)) {
				w.t.Errorf("a service is sent %s: %q", name, h.Get(name))
			}
			if !strings.Contains(strings.ToLower(guide), "`"+strings.ToLower(name)+"`") {
				w.t.Errorf("the guide does not name %s", name)
			}
		}
		for _, name := range []string{"Cookie", "Authorization", "Origin", "Referer"} {
			if h.Get(name) != "" {
				w.t.Errorf("a service is sent %s", name)
			}
		}
	}
	if asked == 0 {
		w.t.Error("Sonata asked the catalog nothing")
	}
}

// checkReadme checks that what the README tells to type is what the guide does.
func checkReadme(t *testing.T, guide string) {
	t.Helper()
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(readme), "\n## Join a service\n")
	typed := blocks(section, "sh")
	if len(typed) == 0 || !strings.Contains(typed[0], "subgraph publish") {
		t.Fatal("the README does not say how to join a service")
	}
	for line := range strings.Lines(typed[0]) {
		command, _, _ := strings.Cut(line, "#")
		if command = strings.TrimSpace(command); !strings.Contains(guide, command) {
			t.Errorf("the guide does not do what the README says: %s", command)
		}
	}
}

// checkGraphiqlLink checks that the link shows the operation that is sent beside it.
func checkGraphiqlLink(t *testing.T, guide string, steps []guideStep) {
	t.Helper()
	link := regexp.MustCompile(`/graphiql#(query=\S+)\), or here|/graphiql#(query=\S+)\) or here`).FindStringSubmatch(guide)
	if link == nil {
		t.Fatal("the guide has no link to GraphiQL")
	}
	values, err := url.ParseQuery(link[1] + link[2])
	if err != nil {
		t.Fatal(err)
	}
	if query := values.Get("query"); query == "" || !slices.ContainsFunc(steps, func(s guideStep) bool { return strings.Contains(s.shell, query) }) {
		t.Errorf("the link to GraphiQL shows another operation: %s", query)
	}
}
