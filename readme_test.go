package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"sonata.ai/sonata/internal/cli"
)

// The tour of the README works line by line against a fresh server.
func TestReadmeTour(t *testing.T) {
	for _, tool := range []string{"bash", "curl", "grep", "sed"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("the README's tour was NOT tried: %s is missing", tool)
		}
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	at := startForReadme(t)
	local := func(text string) string { return strings.ReplaceAll(text, "http://127.0.0.1:8080", at) }
	watch := blocks(string(readme), "sh background")
	tour := blocks(string(readme), "sh tour")
	if len(watch) != 1 || len(tour) < 7 {
		t.Fatalf("found %d background and %d tour blocks", len(watch), len(tour))
	}

	var live bytes.Buffer
	watching := exec.CommandContext(t.Context(), "bash", "-c", local(watch[0]))
	watching.Stdout = &live
	if err := watching.Start(); err != nil {
		t.Fatal(err)
	}
	script := "set -euo pipefail\n" + local(strings.Join(tour, "\necho ---\n"))
	out, err := exec.CommandContext(t.Context(), "bash", "-c", script).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	answers := strings.Split(string(out), "---\n")
	for i, want := range []string{
		``, // defines gql
		`"release":{"number":1}.*"component":"hero","version":"2.1"`,
		`"version":2,"status":"EDITED".*"kind":"SET_PROPS","key":"hero".*"userErrors":\[\]`,
		`"canPublish":true.*"hero: title changed".*"name":"1.0"`,
		`"release":{"number":2}.*"sequence":2.*"userErrors":\[\]`,
		`"release":{"number":1}.*"kind":"ROLL_BACK".*"userErrors":\[\]`,
		`"component":"hero","version":"2.0".*"wanted":"countdown 1.0","served":"banner 1.0","reason":"FALLBACK_USED"`,
	} {
		if !regexp.MustCompile(want).MatchString(answers[i]) || strings.Contains(answers[i], `"errors"`) {
			t.Errorf("block %d of the tour answered\n%s\nwant %s", i+1, answers[i], want)
		}
	}
	checkWatched(t, watching, &live)
}

// checkWatched ends the background line and looks at what it saw.
func checkWatched(t *testing.T, watching *exec.Cmd, live *bytes.Buffer) {
	t.Helper()
	time.AfterFunc(500*time.Millisecond, func() { watching.Process.Kill() })
	watching.Wait()
	for _, want := range []string{`"kind":"PUBLISH","sequence":2,"release":{"number":2},"changedScreens":["home"]`, `"kind":"ROLL_BACK","sequence":3`} {
		if !strings.Contains(live.String(), want) {
			t.Errorf("the second terminal did not see %s:\n%s", want, live)
		}
	}
}

// blocks returns the fenced code blocks with this info string.
func blocks(markdown, info string) (found []string) {
	for _, part := range strings.Split(markdown, "\n```"+info+"\n")[1:] {
		code, _, _ := strings.Cut(part, "\n```")
		found = append(found, code)
	}
	return found
}

// startForReadme runs the server as `go run .` does, on a free port and an empty folder, and returns its address.
func startForReadme(t *testing.T) string {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	reader, writer := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		args := []string{"--listen", "127.0.0.1:0", "--database", "sqlite:" + filepath.Join(t.TempDir(), "data", "sonata.db")}
		ended <- cli.Run(ctx, args, nil, writer, io.Discard)
		writer.Close()
	}()
	t.Cleanup(func() {
		stop()
		if code := <-ended; code != 0 {
			t.Errorf("the server ended with code %d", code)
		}
	})
	greeting := make([]byte, 64<<10)
	n, err := reader.Read(greeting)
	if err != nil {
		t.Fatal(err)
	}
	go io.Copy(io.Discard, reader)
	address := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(string(greeting[:n]))
	if address == "" {
		t.Fatalf("the greeting names no address:\n%s", greeting[:n])
	}
	return address
}

// Every setting is in the manual.
func TestSettingsAreDocumented(t *testing.T) {
	manual, err := os.ReadFile(filepath.Join("docs", "configuration.md"))
	if err != nil {
		t.Fatal(err)
	}
	var help bytes.Buffer
	if code := cli.Run(t.Context(), []string{"help"}, nil, &help, io.Discard); code != 0 {
		t.Fatalf("help ended with code %d", code)
	}
	settings := regexp.MustCompile(`SONATA_[A-Z_]+|--[a-z-]+`).FindAllString(help.String(), -1)
	if len(settings) < 10 {
		t.Fatalf("help lists only %v", settings)
	}
	for _, name := range settings {
		if !strings.Contains(string(manual), "`"+name+"`") {
			t.Errorf("docs/configuration.md does not explain %s", name)
		}
	}
}
