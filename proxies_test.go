//go:build proxies

package main

import (
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"sonata.ai/sonata/internal/testkit/process"
)

// nginx and haproxy as somebody sets them up who reads the first page of their manuals.
const (
	nginxDefault = `
events {}
http {
  access_log off;
  server { listen 127.0.0.1:LISTEN; location / { proxy_pass http://SONATA; } }
}`
	nginxWebsocket = `
events {}
http {
  access_log off;
  server {
    listen 127.0.0.1:LISTEN;
    location / {
      proxy_pass http://SONATA;
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection "upgrade";
    }
  }
}`
	haproxyDefault = `
defaults
  mode http
  timeout connect 5s
  timeout client 50s
  timeout server 50s
frontend front
  bind 127.0.0.1:LISTEN
  default_backend back
backend back
  server sonata SONATA
`
	// As docs/configuration.md says.
	nginxRight = `
events {}
http {
  access_log off;
  map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
  server {
    listen 127.0.0.1:LISTEN;
    location / {
      proxy_pass http://SONATA;
      proxy_http_version 1.1;
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto https; # another server speaks TLS in this test
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_buffering off;
    }
  }
}`
)

func nginx(settings string) func(*testing.T, *url.URL) string {
	return behind(settings, "nginx", "-p", "DIR", "-e", "stderr", "-g", "daemon off; pid DIR/pid;", "-c")
}

func haproxy(settings string) func(*testing.T, *url.URL) string {
	return behind(settings, "haproxy", "-db", "-f")
}

// behind starts a proxy with its settings in a file, which is its last argument, and returns where it listens.
func behind(settings, program string, args ...string) func(*testing.T, *url.URL) string {
	return func(t *testing.T, to *url.URL) string {
		t.Helper()
		free, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		_, port, _ := net.SplitHostPort(free.Addr().String())
		free.Close()
		dir := t.TempDir()
		file := filepath.Join(dir, "settings")
		settings := strings.NewReplacer("LISTEN", port, "SONATA", to.Host).Replace(settings)
		if err := os.WriteFile(file, []byte(settings), 0o644); err != nil {
			t.Fatal(err)
		}
		arguments := []string{}
		for _, a := range append(args, file) {
			arguments = append(arguments, strings.ReplaceAll(a, "DIR", dir))
		}
		cmd := exec.Command(program, arguments...)
		cmd.WaitDelay = 5 * time.Second
		var said strings.Builder
		cmd.Stdout, cmd.Stderr = &said, &said
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			cmd.Process.Signal(syscall.SIGTERM) // to the master, which ends its workers
			cmd.Wait()
			if t.Failed() {
				t.Log(said.String())
			}
		})
		waitFor(t, func() bool {
			conn, err := net.Dial("tcp", "127.0.0.1:"+port)
			if err == nil {
				conn.Close()
			}
			return err == nil
		})
		return "http://127.0.0.1:" + port
	}
}

func TestNobodyIsSignedInBehindARealProxy(t *testing.T) {
	for name, front := range map[string]func(*testing.T, *url.URL) string{
		"nginx": nginx(nginxDefault), "nginx for websockets": nginx(nginxWebsocket), "haproxy": haproxy(haproxyDefault),
	} {
		t.Run(name, func(t *testing.T) { nobodyIsSignedIn(t, front) })
	}
}

// A server that was told of its proxy works behind it: pages under the public name, no other name, HSTS.
func TestARealProxyThatIsTrusted(t *testing.T) {
	program, err := exec.LookPath("sonata")
	if err != nil {
		t.Fatal(err)
	}
	s := process.Start(t, program, filepath.Join(t.TempDir(), "sonata.db"), "--public-url=https://sonata.example", "--trusted-proxies=127.0.0.1/32")
	to, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	at := nginx(nginxRight)(t, to)
	for host, want := range map[string]int{"sonata.example": http.StatusOK, "evil.example": http.StatusMisdirectedRequest, "127.0.0.1": http.StatusOK} {
		request, err := http.NewRequest(http.MethodGet, at+"/studio", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Host = host
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want || response.Header.Get("Strict-Transport-Security") == "" {
			t.Errorf("%s: %s with %v", host, response.Status, response.Header)
		}
	}
	if who := credential(t, at, "sonata.example"); who != "NONE" {
		t.Errorf("who is not known is %s", who)
	}
}
