package main

import (
	"bufio"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"sonata.ai/sonata/internal/testkit/process"
)

// A proxy in front of a development server signs in nobody, whoever set it up and however little it says of itself:
// neither by the first request through it nor by any later one, and who was signed in before is so no more.
func TestNobodyIsSignedInBehindAProxy(t *testing.T) {
	rewriting := func(rewrite func(r *httputil.ProxyRequest, to *url.URL)) func(*testing.T, *url.URL) string {
		return func(t *testing.T, to *url.URL) string {
			srv := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to); rewrite(r, to) }})
			t.Cleanup(srv.Close)
			return srv.URL
		}
	}
	for name, front := range map[string]func(*testing.T, *url.URL) string{
		"that says so": rewriting(func(r *httputil.ProxyRequest, _ *url.URL) { r.SetXForwarded() }),
		"that says so and passes the host on": rewriting(func(r *httputil.ProxyRequest, _ *url.URL) {
			r.SetXForwarded()
			r.Out.Host = r.In.Host
		}),
		"that only passes the host on": rewriting(func(r *httputil.ProxyRequest, _ *url.URL) { r.Out.Host = r.In.Host }),
		"that only says Via": rewriting(func(r *httputil.ProxyRequest, to *url.URL) {
			r.Out.Host = to.Host
			r.Out.Header.Set("Via", "1.1 front")
		}),
		"that always says upgrade": rewriting(func(r *httputil.ProxyRequest, to *url.URL) {
			r.Out.Host = to.Host
			r.Out.Header.Set("Connection", "upgrade")
		}),
		"that speaks HTTP/1.0 and says nothing": oldProxy,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			nobodyIsSignedIn(t, front)
		})
	}
}

// nobodyIsSignedIn puts a proxy in front of a development server and tries to be the developer.
func nobodyIsSignedIn(t *testing.T, front func(t *testing.T, to *url.URL) string) {
	t.Helper()
	program, err := exec.LookPath("sonata")
	if err != nil {
		t.Fatal(err)
	}
	s := process.Start(t, program, filepath.Join(t.TempDir(), "sonata.db"))
	to, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	if who := credential(t, s.URL, ""); who != "DEVELOPER" {
		t.Fatalf("without a proxy the browser on this machine is %s", who)
	}
	open := openStream(t, s.URL)
	behind := front(t, to)
	if who := credential(t, behind, ""); who == "DEVELOPER" {
		t.Error("the first request through the proxy is the developer's")
	}
	for _, host := range []string{"sonata.example", "localhost", to.Host} {
		if who := credential(t, behind, host); who == "DEVELOPER" {
			t.Errorf("a request for %s through the proxy is the developer's", host)
		}
	}
	if who := credential(t, s.URL, ""); who != "NONE" {
		t.Errorf("beside the proxy the browser on this machine is still %s", who)
	}
	select {
	case <-open:
	case <-time.After(5 * time.Second):
		t.Error("the developer's stream is still open")
	}
	if log := s.Stderr(); strings.Count(log, "signed out until Sonata is started again") != 1 || !strings.Contains(log, "the first member") {
		t.Errorf("the log does not say once how to go on:\n%s", log)
	}
}

// oldProxy speaks to the server as nginx does out of the box: HTTP/1.0, and the Host of where it sends things to.
func oldProxy(t *testing.T, to *url.URL) string {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
			return
		}
		conn, err := net.Dial("tcp", to.Host)
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		r.Header.Set("Host", to.Host)
		r.Header.Set("Content-Length", strconv.Itoa(len(body)))
		io.WriteString(conn, r.Method+" "+r.URL.RequestURI()+" HTTP/1.0\r\n")
		r.Header.Write(conn)
		io.WriteString(conn, "\r\n"+string(body))
		answer, err := http.ReadResponse(bufio.NewReader(conn), r)
		if err != nil {
			t.Error(err)
			return
		}
		defer answer.Body.Close()
		w.WriteHeader(answer.StatusCode)
		io.Copy(w, answer.Body)
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

// credential asks who is asking; "refused" when that is not even answered.
func credential(t *testing.T, at, host string) string {
	t.Helper()
	request, err := http.NewRequest(http.MethodPost, at+"/graphql", strings.NewReader(`{"query":"{ viewer { credential } }"}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Host = host
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var answer struct {
		Data struct{ Viewer struct{ Credential string } }
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		return "refused"
	}
	return answer.Data.Viewer.Credential
}

// openStream opens a stream that needs rights; the channel is closed when the server ends it.
func openStream(t *testing.T, at string) <-chan struct{} {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, at+"/graphql", strings.NewReader(`{"query":"subscription { activity(frontend: \"shop\") { kinds } }"}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "text/event-stream")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		t.Fatalf("the stream is answered with %s", response.Status)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer response.Body.Close()
		io.Copy(io.Discard, response.Body)
	}()
	return ended
}
