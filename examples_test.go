//go:build examples

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sonata.ai/sonata/internal/testkit/process"
)

// The part of the guide for services that needs Node works line by line: a service in Go and one in JavaScript, real
// processes both, are one graph with Sonata's own; what one is told reaches a stream with what the other knows; and one that
// is away takes nothing of the other along.
func TestServicesGuideInAnotherLanguage(t *testing.T) {
	guide, err := os.ReadFile(filepath.Join("docs", "guides", "services.md"))
	if err != nil {
		t.Fatal(err)
	}
	text := string(guide)
	if started := blocks(text, "sh start node"); !slices.Equal(started, []string{"npm start --prefix examples/reviews"}) {
		t.Fatalf("the guide starts %q", started)
	}
	stream, event := blocks(text, "sh stream node"), blocks(text, "json stream node")
	if len(stream) != 1 || len(event) != 1 {
		t.Fatal("the guide follows no stream")
	}
	r := &reviews{servicesWorld: newServicesWorld(t), url: "http://" + freeAddress(t), event: event[0]}
	r.database, r.events = filepath.Join(t.TempDir(), "reviews.db"), filepath.Join(t.TempDir(), "events")
	r.start()
	const stop = "# with the reviews stopped (Ctrl-C)\n"
	r.local = []string{"http://127.0.0.1:8092", r.url, stop, r.call(r.stop), "# follow\n", r.call(r.following), "# followed\n", r.call(r.followed)}

	shell := blocks(text, "sh")
	first := slices.IndexFunc(shell, func(lines string) bool { return strings.HasPrefix(lines, "gql()") })
	if first < 0 {
		t.Fatal("the guide does not say what gql is")
	}
	define := guideStep{shell: strings.SplitAfterN(shell[first], "\n", 2)[0]}
	steps := []guideStep{define}
	_, section, _ := strings.Cut(text, "\n## 8. ")
	section, _, _ = strings.Cut(section, "\n## ")
	plain := strings.NewReplacer("\n```sh node\n", "\n```sh\n", "\n```text node\n", "\n```text\n", "\n```json node\n", "\n```json\n")
	for _, s := range stepsOfGuide(t, plain.Replace(section)) {
		switch {
		case s.shown == "":
			t.Fatalf("the guide does not show what comes of\n%s", s.shell)
		case strings.Contains(s.shell, "mutation"):
			follow := fmt.Sprintf("%s >%s 2>&1 &\n# follow\n", stream[0], r.events)
			steps = append(steps, guideStep{shell: follow}, s, guideStep{shell: "# followed\nkill $!\n"})
		default:
			steps = append(steps, s)
		}
	}
	r.compare(steps)
	r.back()
}

// reviews is the service in JavaScript, started as the guide does, beside a server and the catalog.
type reviews struct {
	*servicesWorld
	url, database string
	events, event string // the file that the stream is written to, and what it shows
	command       *exec.Cmd
}

func (r *reviews) start() {
	r.t.Helper()
	// not by npm: it would not pass on the signal that is Ctrl-C for everybody at a terminal
	main, err := filepath.Abs(filepath.Join("examples", "reviews", "main.js"))
	if err != nil {
		r.t.Fatal(err)
	}
	r.command = process.Command("node", main, "--listen", strings.TrimPrefix(r.url, "http://"), "--database", r.database)
	r.command.Dir = r.t.TempDir()
	var said bytes.Buffer
	r.command.Stdout, r.command.Stderr = &said, &said
	if err := r.command.Start(); err != nil {
		r.t.Fatal(err)
	}
	command := r.command
	r.t.Cleanup(func() { command.Process.Kill() })
	for deadline := time.Now().Add(startWithin); ; pause() {
		if _, err := r.ask(r.url, "{ __typename }"); err == nil {
			return
		} else if time.Now().After(deadline) {
			r.t.Fatalf("the reviews do not answer: %v\n%s", err, said.String())
		}
	}
}

func (r *reviews) stop() {
	r.command.Process.Signal(os.Interrupt)
	if err := r.command.Wait(); err != nil {
		r.t.Errorf("the reviews ended with %v", err)
	}
}

// following waits until the stream is followed all the way to the service: it is told reviews of a product that nobody
// sells until one comes.
func (r *reviews) following() {
	r.until("the stream shows nothing", func() bool {
		const probe = `mutation { reviewAdd(input: {product: "probe", stars: 1, body: "?", author: "?"}) { review { id } } }`
		if _, err := r.ask(r.url, probe); err != nil {
			r.t.Error(err)
		}
		return strings.Contains(r.streamed(), `"product":null`)
	})
}

// followed waits for what the guide shows of the stream.
func (r *reviews) followed() {
	r.until("the stream does not show "+r.event, func() bool { return strings.Contains(folded(r.streamed()), folded(r.event)) })
}

func (r *reviews) streamed() string {
	events, _ := os.ReadFile(r.events) // not there before it begins
	return string(events)
}

// back starts the service again and waits until its fields are back.
func (r *reviews) back() {
	r.start()
	want := `{"data":{"products":{"edges":[{"node":{"averageStars":4.7,"name":"Reading lamp"}}]}}}`
	r.until("the reviews are not back", func() bool {
		got, err := r.ask(r.server.URL, "{ products(first: 1) { edges { node { name averageStars } } } }")
		return err == nil && got == want
	})
}

func (r *reviews) until(what string, holds func() bool) {
	for deadline := time.Now().Add(startWithin); !holds(); pause() {
		if time.Now().After(deadline) {
			r.t.Errorf("%s:\n%s", what, r.streamed())
			return
		}
	}
}

// ask sends an operation and answers with JSON in one way of writing.
func (r *reviews) ask(url, query string) (string, error) {
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		return "", err
	}
	response, err := http.Post(url+"/graphql", "application/json", bytes.NewReader(body)) //nolint:noctx // a test
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	var answer any
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return "", err
	}
	written, err := json.Marshal(answer)
	return string(written), err
}

// call is a line for the shell that calls a function of this test.
func (r *reviews) call(f func()) string {
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { f() }))
	r.t.Cleanup(srv.Close)
	return "curl -sS " + srv.URL + "\n"
}
