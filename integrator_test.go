package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"sonata.ai/sonata/internal/testkit/process"
)

// The guide for integrators works line by line against a production server, and every answer is the one that it shows.
func TestIntegratorGuide(t *testing.T) {
	for _, tool := range []string{"bash", "curl", "grep", "sed"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("the guide for integrators was NOT tried: %s is missing", tool)
		}
	}
	guide, err := os.ReadFile(filepath.Join("docs", "guides", "integrator.md"))
	if err != nil {
		t.Fatal(err)
	}
	steps := stepsOfGuide(t, string(guide))
	if len(steps) < 20 {
		t.Fatalf("the guide has only %d blocks of shell", len(steps))
	}
	house := newGuideHouse(t)
	printed, waited := house.follow(steps)
	for i, s := range steps {
		switch {
		case i >= len(printed):
			t.Errorf("these lines were not reached:\n%s", s.shell)
		case !s.pattern().MatchString(folded(printed[i])):
			t.Errorf("these lines\n%s\nprinted\n%s\nand the guide shows\n%s", s.shell, printed[i], s.shown)
		}
	}
	if len(waited) != 1 || !regexp.MustCompile(`^([1-9]|[1-5]\d|6[0-2])$`).MatchString(waited[0]) {
		t.Errorf("whoever was told to wait waited for %q seconds", waited)
	}
}

// guideStep is lines to type, and what the guide shows that they print; nothing when it shows nothing.
type guideStep struct{ shell, shown string }

// stepsOfGuide returns the blocks of shell, each with the block of output that stands behind it.
func stepsOfGuide(t *testing.T, guide string) (steps []guideStep) {
	t.Helper()
	for _, block := range regexp.MustCompile("(?ms)^```(.*?)\n(.*?)^```$").FindAllStringSubmatch(guide, -1) {
		switch info, text := block[1], block[2]; info {
		case "sh":
			steps = append(steps, guideStep{shell: text})
		case "json", "text":
			if len(steps) == 0 || steps[len(steps)-1].shown != "" {
				t.Fatalf("nothing prints this:\n%s", text)
			}
			steps[len(steps)-1].shown = text
		}
	}
	return steps
}

// pattern matches what the lines print. An ellipsis stands for what differs from one run to the next.
func (s guideStep) pattern() *regexp.Regexp {
	quoted := regexp.QuoteMeta(folded(s.shown))
	quoted = strings.ReplaceAll(quoted, `\[…\]`, `\[[^\]]+\]`)
	return regexp.MustCompile("^" + strings.ReplaceAll(quoted, "…", `[^",{}\[\]]+?`) + "$")
}

// folded leaves out of a text what the guide may lay out as it reads best: white space outside of strings. The names of
// headers are written small, as they come over HTTP/2.
func folded(text string) string {
	text = regexp.MustCompile(`(?m)^[A-Za-z-]+:`).ReplaceAllStringFunc(text, strings.ToLower)
	var out strings.Builder
	inString, escaped := false, false
	for _, r := range text {
		switch {
		case escaped:
			escaped = false
		case r == '\\':
			escaped = inString
		case r == '"':
			inString = !inString
		}
		if inString || !unicode.IsSpace(r) {
			out.WriteRune(r)
		}
	}
	return out.String()
}

// guideHouse is a production server with the demo, and an operator's key.
type guideHouse struct {
	t                 *testing.T
	program, database string
	server            *process.Server
	url, operatorsKey string
}

func newGuideHouse(t *testing.T) *guideHouse {
	t.Helper()
	program, err := exec.LookPath("sonata")
	if err != nil {
		t.Fatal(err)
	}
	h := &guideHouse{t: t, program: program, database: filepath.Join(t.TempDir(), "sonata.db")}
	server, stdout := process.Launch(t, program, h.database, "--mode", "production", "--demo", "on")
	h.server = server
	said := make([]byte, 64<<10)
	n, err := stdout.Read(said)
	if err != nil {
		t.Fatalf("%v\n%s", err, server.Stderr())
	}
	go io.Copy(io.Discard, stdout)
	link := regexp.MustCompile(`(http://127\.0\.0\.1:\d+)/studio/setup#(\S+)`).FindSubmatch(said[:n])
	if link == nil {
		t.Fatalf("the console shows no set-up link:\n%s", said[:n])
	}
	h.url = string(link[1])
	h.operatorsKey = h.setUp(string(link[2]))
	return h
}

// setUp makes the first member, and as that one the key of an operator.
func (h *guideHouse) setUp(token string) (key string) {
	h.t.Helper()
	_, cookie := h.send(`mutation($input: SetupCompleteInput!) { setupComplete(input: $input) { userErrors { message } } }`, "",
		map[string]any{"token": token, "email": "ada@example.com", "name": "Ada", "password": "seven lamps over the sea"})
	made, _ := h.send(`mutation($input: ApiKeyCreateInput!) { apiKeyCreate(input: $input) { secret userErrors { message } } }`, cookie,
		map[string]any{"name": "Operator", "scopes": []string{"keys:write", "content:write", "graph:explore"}})
	found := regexp.MustCompile(`"secret":"([^"]+)"`).FindStringSubmatch(made)
	if found == nil {
		h.t.Fatalf("no key was made: %s", made)
	}
	return found[1]
}

// send asks as a page of the studio does.
func (h *guideHouse) send(document, cookie string, input map[string]any) (answer, gotCookie string) {
	h.t.Helper()
	body, err := json.Marshal(map[string]any{"query": document, "variables": map[string]any{"input": input}})
	if err != nil {
		h.t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(h.t.Context(), http.MethodPost, h.url+"/graphql", bytes.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Origin", h.url)
	if cookie != "" {
		request.Header.Set("Cookie", cookie)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		h.t.Fatal(err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		h.t.Fatalf("%d %v %s", response.StatusCode, err, raw)
	}
	gotCookie, _, _ = strings.Cut(response.Header.Get("Set-Cookie"), ";")
	return string(raw), gotCookie
}

// follow types the lines into one shell. It returns what each step printed, and for how many seconds the shell wanted to
// sleep: that takes no time. The server is started anew instead, which forgets what it counted, as a minute does.
func (h *guideHouse) follow(steps []guideStep) (printed, waited []string) {
	h.t.Helper()
	asked := make(chan string, 100)
	clock := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked <- r.URL.Query().Get("seconds")
		h.server.Kill()
		h.server = process.Start(h.t, h.program, h.database, "--listen", strings.TrimPrefix(h.url, "http://"), "--mode", "production")
	}))
	defer clock.Close()
	tools, work := h.t.TempDir(), h.t.TempDir()
	if err := os.WriteFile(filepath.Join(tools, "sleep"), []byte("#!/bin/sh\nexec curl -sS '"+clock.URL+"/?seconds='\"$1\"\n"), 0o700); err != nil {
		h.t.Fatal(err)
	}
	var script strings.Builder
	for _, s := range steps {
		fmt.Fprintf(&script, "%s\nprintf '\\036'\n", strings.ReplaceAll(s.shell, "https://sonata.example", h.url))
	}
	shell := exec.CommandContext(h.t.Context(), "bash", "-uc", script.String())
	shell.Dir = work
	shell.Env = append(os.Environ(), "SONATA_ADMIN_KEY="+h.operatorsKey, "SONATA_API_KEY=", "PATH="+tools+":"+os.Getenv("PATH"))
	var stdout, stderr bytes.Buffer
	shell.Stdout, shell.Stderr = &stdout, &stderr
	if err := shell.Run(); err != nil || stderr.Len() > 0 {
		h.t.Errorf("the shell ended with %v and said\n%s", err, stderr.String())
	}
	close(asked)
	for seconds := range asked {
		waited = append(waited, seconds)
	}
	printed = strings.Split(stdout.String(), "\036")
	return printed[:len(printed)-1], waited
}
