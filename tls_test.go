package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
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

// A certificate is renewed under the running server: who is connected stays, who comes gets the new one, and one that
// does not work changes nothing.
func TestACertificateIsReadAgainWhenItChanges(t *testing.T) {
	program, err := exec.LookPath("sonata")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	name := filepath.Join(dir, "sonata")
	renew := func() {
		t.Helper()
		if err := writeCertificate(name, "sonata.example", time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	renew()
	first := fileOf(t, name+".crt")
	s, stdout := process.Launch(t, program, filepath.Join(dir, "sonata.db"), "--public-url=https://sonata.example", "--tls-cert="+name+".crt", "--tls-key="+name+".key")
	address := listening(t, stdout)

	early := client(t, address, first)
	answer := fetch(t, early)
	if answer.ProtoMajor != 2 || answer.TLS.Version < tls.VersionTLS12 || answer.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("answered by %s, TLS %x, with %v", answer.Proto, answer.TLS.Version, answer.Header)
	}
	old := &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS11}
	if conn, err := tls.Dial("tcp", address, old); err == nil {
		conn.Close()
		t.Error("TLS 1.1 is spoken")
	}

	if err := os.WriteFile(name+".crt", []byte("torn"), 0o600); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { return strings.Contains(s.Stderr(), "the new certificate is not used") })
	fetch(t, client(t, address, first))

	renew()
	second := fileOf(t, name+".crt")
	waitFor(t, func() bool {
		_, err := get(client(t, address, second))
		return err == nil
	})
	if answer := fetch(t, early); !answer.TLS.PeerCertificates[0].Equal(leaf(t, first)) {
		t.Error("the connection that was open was dropped")
	}
	s.Stop(t)
}

func fileOf(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func leaf(t *testing.T, text []byte) *x509.Certificate {
	t.Helper()
	block, _ := pem.Decode(text)
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// listening reads from the console where the server listens.
func listening(t *testing.T, stdout io.Reader) string {
	t.Helper()
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		if fields := strings.Fields(lines.Text()); len(fields) == 2 && fields[0] == "Listening" {
			_, address, _ := strings.Cut(fields[1], "://")
			go io.Copy(io.Discard, stdout)
			return address
		}
	}
	t.Fatal("the console does not say where the server listens")
	return ""
}

// client reaches the server by the name that people use, and believes one certificate.
func client(t *testing.T, address string, trusted []byte) *http.Client {
	t.Helper()
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(trusted)
	transport := &http.Transport{
		ForceAttemptHTTP2: true,
		TLSClientConfig:   &tls.Config{RootCAs: pool},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, address)
		},
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: 10 * time.Second}
}

func get(c *http.Client) (*http.Response, error) {
	response, err := c.Get("https://sonata.example/livez")
	if err == nil {
		response.Body.Close()
	}
	return response, err
}

func fetch(t *testing.T, c *http.Client) *http.Response {
	t.Helper()
	response, err := get(c)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	for end := time.Now().Add(15 * time.Second); !done(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("waited in vain")
		}
	}
}
