package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"sonata.ai/sonata/internal/testkit/postgres"
)

// logName is where the server of a script writes, in $WORK.
const logName = "server.log"

// serverProcess is a running `sonata serve`.
type serverProcess struct {
	cmd  *exec.Cmd
	done chan struct{} // closed once it is gone
	err  error         // of Wait; read it after done
}

func (p *serverProcess) kill() {
	p.cmd.Process.Kill() // it may be gone already
	<-p.done
}

const (
	startWithin = 20 * time.Second
	stopWithin  = 25 * time.Second
	pollEvery   = 10 * time.Millisecond
)

func serveCommand(ts *testscript.TestScript, neg bool, args []string) {
	never(ts, neg, args, 0, "serve [flag…]")
	s := of(ts)
	if s.server != nil {
		ts.Fatalf("the server is running: shut it down or crash it first")
	}
	work := ts.Getenv("WORK")
	log, err := os.OpenFile(filepath.Join(work, logName), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	ts.Check(err)
	defer log.Close() // the process has its own descriptor
	before, err := log.Seek(0, io.SeekEnd)
	ts.Check(err)
	program, err := exec.LookPath("sonata")
	ts.Check(err)
	flags := []string{
		"serve", "--listen", "127.0.0.1:0", "--database", ts.Getenv("DATABASE"),
		"--demo", "off", "--log-format", "json", "--log-level", "debug",
	}
	p := &serverProcess{cmd: exec.Command(program, append(flags, args...)...), done: make(chan struct{})}
	p.cmd.Dir, p.cmd.Stdout, p.cmd.Stderr = work, log, log
	for _, name := range []string{"PATH", "TMPDIR", "GOCOVERDIR"} {
		p.cmd.Env = append(p.cmd.Env, name+"="+ts.Getenv(name))
	}
	if strings.HasPrefix(ts.Getenv("DATABASE"), "postgres:") {
		p.cmd.Env = append(p.cmd.Env, "SONATA_SECRET_KEY="+postgres.SecretKey())
	}
	ts.Check(p.cmd.Start())
	go func() {
		defer close(p.done)
		p.err = p.cmd.Wait()
	}()
	s.server = p
	url := s.waitReady(ts, before)
	ts.Setenv("URL", url)
	ts.Setenv("ADDRESS", strings.TrimPrefix(url, "http://"))
}

func newDatabaseCommand(ts *testscript.TestScript, neg bool, args []string) {
	never(ts, neg, args, 0, "newdatabase")
	s := of(ts)
	if s.server != nil {
		ts.Fatalf("the server is running: shut it down or crash it first")
	}
	ts.Setenv("DATABASE", s.fresh())
}

// waitReady reads where the server listens and asks until it is ready.
func (s *script) waitReady(ts *testscript.TestScript, from int64) string {
	line := regexp.MustCompile(`(?s)(?:GraphQL|Listening)\s+(http://[0-9\[][^\s/]+)(?:/graphql)?\s.*Stop it`)
	for deadline := time.Now().Add(startWithin); time.Now().Before(deadline); pause() {
		said := []byte(ts.ReadFile(filepath.Join(ts.Getenv("WORK"), logName)))[from:]
		select {
		case <-s.server.done:
			ts.Fatalf("the server ended: %v\n%s", s.server.err, said)
		default:
		}
		found := line.FindSubmatch(said)
		if found == nil {
			continue
		}
		response, err := http.Get(string(found[1]) + "/readyz")
		if err != nil {
			continue
		}
		response.Body.Close() // only the status counts
		if response.StatusCode == http.StatusOK {
			return string(found[1])
		}
	}
	ts.Fatalf("the server is not ready after %s", startWithin)
	return ""
}

// atCommand makes the address that the console names the one that requests go to.
func atCommand(ts *testscript.TestScript, neg bool, args []string) {
	never(ts, neg, args, 1, "at NAME")
	found := regexp.MustCompile(args[0]+`\s+(http://[^\s/]+)`).FindAllStringSubmatch(ts.ReadFile(filepath.Join(ts.Getenv("WORK"), logName)), -1)
	if found == nil {
		ts.Fatalf("the console names no %s", args[0])
	}
	ts.Setenv("URL", found[len(found)-1][1])
}

// pause is the step of every loop that polls with a deadline.
func pause() { <-time.After(pollEvery) }

func shutdownCommand(ts *testscript.TestScript, neg bool, args []string) {
	never(ts, neg, args, 0, "shutdown")
	s := of(ts)
	if s.server == nil {
		ts.Fatalf("no server is running")
	}
	ts.Check(s.server.cmd.Process.Signal(syscall.SIGTERM))
	select {
	case <-s.server.done:
	case <-time.After(stopWithin):
		ts.Fatalf("the server did not stop within %s", stopWithin)
	}
	if s.server.err != nil {
		ts.Fatalf("the server stopped with %v:\n%s", s.server.err, ts.ReadFile(filepath.Join(ts.Getenv("WORK"), logName)))
	}
	s.server = nil
}

func crashCommand(ts *testscript.TestScript, neg bool, args []string) {
	never(ts, neg, args, 0, "crash")
	of(ts).server.kill()
	of(ts).server = nil
}

// childCommand checks that the server runs a process of its own with this argument, where the system shows processes as
// files.
func childCommand(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: [!] child argument")
	}
	if runtime.GOOS != "linux" {
		return
	}
	parent := fmt.Sprintf("\nPPid:\t%d\n", of(ts).server.cmd.Process.Pid)
	all, err := filepath.Glob("/proc/[0-9]*/status")
	ts.Check(err)
	found := false
	for _, file := range all {
		status, _ := os.ReadFile(file) // it may have ended meanwhile
		line, _ := os.ReadFile(filepath.Join(filepath.Dir(file), "cmdline"))
		found = found || strings.Contains(string(status), parent) && strings.HasSuffix(string(line), "\x00"+args[0]+"\x00")
	}
	if found == neg {
		ts.Fatalf("a process %s of the server: %t", args[0], found)
	}
}

// requestWithin is longer than any request of a script may take.
const requestWithin = 20 * time.Second

// send makes one request; what comes back under /graphql, and every problem, may show nothing from inside.
func send(ts *testscript.TestScript, method, path string, header http.Header, body []byte) answer {
	request, err := http.NewRequest(method, ts.Getenv("URL")+path, bytes.NewReader(body))
	ts.Check(err)
	if header != nil {
		request.Header = header
	}
	if host := header.Get("Host"); host != "" {
		request.Host = host
	}
	// A script sees a redirect as it is.
	client := &http.Client{Timeout: requestWithin, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	ts.Check(err)
	defer response.Body.Close() // read to the end
	got, err := io.ReadAll(response.Body)
	ts.Check(err)
	a := answerOf(response.StatusCode, response.Header, got)
	if strings.HasPrefix(path, "/graphql") || strings.HasPrefix(a.header.Get("Content-Type"), "application/problem+json") {
		checkAnswer(ts, a)
	}
	return a
}

func httpCommand(ts *testscript.TestScript, neg bool, args []string) {
	never(ts, neg, args, 2, "http METHOD PATH ['Header: value'…] [@FILE | BODY]")
	header, body := http.Header{}, ""
	for _, arg := range args[2:] {
		if name, value, ok := strings.Cut(arg, ": "); ok && !strings.ContainsAny(name, `{"(`) {
			header.Add(name, fill(ts, value))
			continue
		}
		if file, ok := strings.CutPrefix(arg, "@"); ok {
			arg = ts.ReadFile(file)
		}
		body = fill(ts, arg)
	}
	s := of(ts)
	s.last = send(ts, args[0], fill(ts, args[1]), header, []byte(body))
	s.say(ts)
}

// say puts the answer where `stdout` finds it.
func (s *script) say(ts *testscript.TestScript) {
	_, err := ts.Stdout().Write(append(s.last.body, '\n'))
	ts.Check(err)
}

func graphqlCommand(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) == 0 {
		ts.Fatalf("usage: [!] graphql DOC [NAME=VALUE…]")
	}
	s := of(ts)
	document := s.document(ts, "", args[0])
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables(ts, document, args[1:])})
	ts.Check(err)
	header := s.as.Clone()
	if header == nil {
		header = http.Header{}
	}
	header.Set("Content-Type", "application/json")
	s.again = func() answer { return send(ts, http.MethodPost, "/graphql", header.Clone(), body) }
	s.last = s.again()
	s.say(ts)
	if refused(s.last) != neg {
		ts.Fatalf("refused: %t\n%s", !neg, s.last.body)
	}
}

// refused reports whether an answer has errors or userErrors.
func refused(a answer) bool {
	if _, err := a.at("errors"); err == nil || a.json == nil {
		return true
	}
	found := false
	object, _ := a.json.(map[string]any)
	data, _ := object["data"].(map[string]any)
	for _, field := range data {
		payload, _ := field.(map[string]any)
		list, _ := payload["userErrors"].([]any)
		found = found || len(list) > 0
	}
	return found
}

const untilWithin = 10 * time.Second

func untilCommand(ts *testscript.TestScript, neg bool, args []string) {
	never(ts, neg, args, 2, "until PATH VALUE")
	s := of(ts)
	for deadline := time.Now().Add(untilWithin); ; pause() {
		s.last = s.again()
		if got, err := s.last.at(args[0]); err == nil {
			same, err := matches(got, fill(ts, args[1]))
			ts.Check(err)
			if same {
				return
			}
		}
		if time.Now().After(deadline) {
			ts.Fatalf("%s is not %s after %s:\n%s", args[0], args[1], untilWithin, s.last.body)
		}
	}
}

func clockCommand(ts *testscript.TestScript, neg bool, args []string) {
	never(ts, neg, args, 2, "clock NAME DURATION")
	ahead, err := time.ParseDuration(args[1])
	ts.Check(err)
	ts.Setenv(args[0], time.Now().UTC().Add(ahead).Format(time.RFC3339Nano))
}

func repeatCommand(ts *testscript.TestScript, neg bool, args []string) {
	never(ts, neg, args, 3, "repeat NAME FROM-TO TEXT")
	var from, to int
	_, err := fmt.Sscanf(args[1], "%d-%d", &from, &to)
	ts.Check(err)
	var b strings.Builder
	for i := from; i <= to; i++ {
		b.WriteString(strings.ReplaceAll(fill(ts, args[2]), "#", strconv.Itoa(i)))
	}
	ts.Setenv(args[0], b.String())
}

// shopCommand fills a server through its API with what most scripts begin with.
func shopCommand(ts *testscript.TestScript, neg bool, args []string) {
	never(ts, neg, args, 0, "shop")
	raw, err := os.ReadFile(filepath.Join(of(ts).shared, "shop.json"))
	ts.Check(err)
	var shop struct {
		Components json.RawMessage
		Screens    []struct {
			Key, Title, Path string
			Body             json.RawMessage
		}
	}
	ts.Check(json.Unmarshal(raw, &shop))
	graphqlCommand(ts, false, []string{"frontendCreate", "slug=shop", "name=Shop"})
	captureCommand(ts, false, []string{"SHOP", "frontend.id"})
	graphqlCommand(ts, false, []string{"buildRegister", "frontend=shop", `name="2.0"`, "components=" + string(shop.Components)})
	captureCommand(ts, false, []string{"BUILD", "manifest"})
	for _, s := range shop.Screens {
		command := []string{"screenCreate", "frontend=shop", "key=" + s.Key, "title=" + s.Title, "body=" + string(s.Body)}
		if s.Path != "" {
			command = append(command, "path="+s.Path)
		}
		graphqlCommand(ts, false, command)
		captureCommand(ts, false, []string{strings.ToUpper(s.Key) + "_ID", "screen.id"})
	}
	if len(shop.Screens) == 0 {
		ts.Check(errors.New("shop.json has no screens"))
	}
}
