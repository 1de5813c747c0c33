//go:build s3

// These tests need a real server that speaks S3: `make s3` installs one and runs them.

package s3_test

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sonata.ai/sonata/internal/app"
	"sonata.ai/sonata/internal/asset"
	"sonata.ai/sonata/internal/asset/s3"
	"sonata.ai/sonata/internal/config"
	"sonata.ai/sonata/internal/fault"
)

const (
	accessKey = "test"
	secretKey = "a secret of the test"
	bucket    = "pictures"
)

// gateway is a running versitygw on a folder.
type gateway struct {
	address string
	folder  string
	cmd     *exec.Cmd
}

func startGateway(t *testing.T) *gateway {
	t.Helper()
	binary := os.Getenv("VERSITYGW")
	if binary == "" {
		t.Fatal("VERSITYGW does not name the server to test against: run make s3")
	}
	g := &gateway{folder: t.TempDir()}
	if err := os.MkdirAll(filepath.Join(g.folder, bucket), 0o750); err != nil {
		t.Fatal(err)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g.address = free.Addr().String()
	free.Close()
	var said bytes.Buffer
	g.cmd = exec.Command(binary, "--quiet", "--port", g.address, "posix", "--sidecar", t.TempDir(), g.folder)
	g.cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY="+accessKey, "ROOT_SECRET_KEY="+secretKey)
	g.cmd.Stdout, g.cmd.Stderr = &said, &said
	if err := g.cmd.Start(); err != nil {
		t.Fatalf("start %s: %v", binary, err)
	}
	t.Cleanup(g.stop)
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if conn, err := net.Dial("tcp", g.address); err == nil {
			conn.Close()
			return g
		}
		if time.Now().After(deadline) {
			t.Fatalf("the S3 server does not answer:\n%s", said.String())
		}
	}
}

func (g *gateway) stop() {
	g.cmd.Process.Kill() // it may be gone already
	g.cmd.Wait()         // it was killed
}

func (g *gateway) options() s3.Options {
	return s3.Options{Endpoint: g.address, Region: "us-east-1", Bucket: bucket, Prefix: "shop/assets", AccessKey: accessKey, SecretKey: secretKey}
}

func open(t *testing.T, o s3.Options) *s3.Bucket {
	t.Helper()
	b, err := s3.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func hashOf(digits string) string { return "sha256:" + strings.Repeat(digits, 32) }

func read(t *testing.T, b *s3.Bucket, hash, name string) string {
	t.Helper()
	f, err := b.Open(t.Context(), hash, name)
	if fault.KindOf(err) == fault.NotFound && err != nil {
		return ""
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Seek(2, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func list(t *testing.T, b *s3.Bucket) (hashes []string) {
	t.Helper()
	err := b.List(t.Context(), func(hash string, stored time.Time) error {
		if age := time.Since(stored); age < -time.Minute || age > time.Hour {
			t.Errorf("%s was stored at %s", hash, stored)
		}
		hashes = append(hashes, hash)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return hashes
}

func TestABucketKeepsPictures(t *testing.T) {
	g := startGateway(t)
	b := open(t, g.options())
	if err := b.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	one, two := hashOf("0a"), hashOf("0b")
	files := []asset.File{{Name: asset.Whole, Body: []byte("--whole")}, {Name: "160", Body: []byte("--small")}}
	for range 2 { // the second time they are there
		for _, hash := range []string{one, two} {
			if err := b.Put(t.Context(), hash, files); err != nil {
				t.Fatal(err)
			}
		}
	}
	if whole, small, none := read(t, b, one, asset.Whole), read(t, b, one, "160"), read(t, b, one, "320"); whole != "whole" || small != "small" || none != "" {
		t.Errorf("%q %q %q", whole, small, none)
	}
	if got := list(t, b); len(got) != 2 || got[0] != one || got[1] != two {
		t.Errorf("listed %v", got)
	}
	for range 2 {
		if err := b.Delete(t.Context(), one); err != nil {
			t.Fatal(err)
		}
	}
	if got := list(t, b); len(got) != 1 || got[0] != two || read(t, b, one, asset.Whole) != "" {
		t.Errorf("after removing one: %v", got)
	}
	for _, name := range []string{"ins_1", "ins_2"} {
		if got, err := b.Owner(t.Context(), name); err != nil || got != "ins_1" {
			t.Errorf("the owner is %s (%v)", got, err)
		}
	}
	if got := list(t, b); len(got) != 1 {
		t.Errorf("the owner is listed as a picture: %v", got)
	}
	other := g.options()
	other.Prefix = ""
	if got := list(t, open(t, other)); len(got) != 0 {
		t.Errorf("another prefix lists %v", got)
	}
}

func TestABucketThatCannotBeUsedSaysSo(t *testing.T) {
	g := startGateway(t)
	for name, change := range map[string]func(*s3.Options){
		"wrong key":  func(o *s3.Options) { o.SecretKey = "wrong" },
		"no bucket":  func(o *s3.Options) { o.Bucket = "nowhere" },
		"wrong port": func(o *s3.Options) { o.Endpoint = "127.0.0.1:1" },
	} {
		o := g.options()
		change(&o)
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		err := open(t, o).Check(ctx)
		cancel()
		if fault.KindOf(err) != fault.Unavailable || strings.Contains(err.Error(), o.SecretKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// startServer runs the whole server on the bucket.
func startServer(t *testing.T, g *gateway, database string) (url string, stop func()) {
	t.Helper()
	cfg, err := config.Load([]string{
		"--listen", "127.0.0.1:0", "--database", "sqlite:" + database,
		"--assets", "s3://" + bucket + "/shop/assets?region=us-east-1&endpoint=http://" + g.address,
	}, []string{"SONATA_ASSETS_ACCESS_KEY=" + accessKey, "SONATA_ASSETS_SECRET_KEY=" + secretKey}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.New(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	return a.URL(), func() {
		t.Helper()
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}
}

func send(t *testing.T, method, url string, body []byte, header ...string) (*http.Response, []byte) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(response.Body)
	response.Body.Close()
	if err != nil {
		t.Fatal(err)
	}
	return response, raw
}

func photo(t *testing.T) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 700, 350))
	for i := range m.Pix {
		m.Pix[i] = uint8(i * 7)
	}
	m.SetRGBA(0, 0, color.RGBA{})
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The same as on disk: uploaded once, served at every width, in ranges, after a restart. When the bucket is away the
// answer says so, and what is published is served.
func TestTheServerKeepsPicturesInABucket(t *testing.T) {
	g := startGateway(t)
	database := filepath.Join(t.TempDir(), "sonata.db")
	url, stop := startServer(t, g, database)
	var made struct{ URL, Hash string }
	for _, want := range []int{http.StatusCreated, http.StatusOK} {
		response, raw := send(t, http.MethodPut, url+"/assets?frontend=shop&name=photo.png", photo(t))
		if response.StatusCode != want || json.Unmarshal(raw, &made) != nil {
			t.Fatalf("status %d: %s", response.StatusCode, raw)
		}
	}
	check := func() {
		t.Helper()
		for _, query := range []string{"", "?w=160", "?w=640", "?w=2560"} {
			response, raw := send(t, http.MethodGet, url+made.URL+query, nil)
			m, err := png.Decode(bytes.NewReader(raw))
			if response.StatusCode != http.StatusOK || err != nil {
				t.Fatalf("%s: status %d, %v", query, response.StatusCode, err)
			}
			if wide := map[string]int{"": 700, "?w=160": 160, "?w=640": 640, "?w=2560": 700}[query]; m.Bounds().Dx() != wide {
				t.Errorf("%s is %d wide", query, m.Bounds().Dx())
			}
		}
		if response, raw := send(t, http.MethodGet, url+made.URL, nil, "Range", "bytes=1-3"); response.StatusCode != http.StatusPartialContent || string(raw) != "PNG" {
			t.Errorf("a range: status %d, %q", response.StatusCode, raw)
		}
	}
	check()
	stop()
	url, stop = startServer(t, g, database)
	defer func() { stop() }()
	check()
	g.stop()
	for _, method := range []string{http.MethodGet, http.MethodPut} {
		target := url + made.URL
		if method == http.MethodPut {
			target = url + "/assets?frontend=shop"
		}
		response, raw := send(t, method, target, photo(t))
		if response.StatusCode != http.StatusServiceUnavailable || bytes.Contains(raw, []byte(g.address)) || response.Header.Get("Retry-After") == "" {
			t.Errorf("%s while the bucket is away: status %d, %s", method, response.StatusCode, raw)
		}
	}
	response, raw := send(t, http.MethodPost, url+"/graphql",
		[]byte(`{"query":"{ screen(at: {key: \"home\"}, context: {frontend: \"shop\"}) { title } }"}`), "Content-Type", "application/json")
	if response.StatusCode != http.StatusOK || !bytes.Contains(raw, []byte(`"title"`)) {
		t.Errorf("a published screen: status %d, %s", response.StatusCode, raw)
	}
}
