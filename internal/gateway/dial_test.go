package gateway_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"sonata.ai/sonata/internal/gateway"
)

// Addresses that a service cannot have are refused when they are registered, in whatever way they are written.
func TestAddressesThatAreRefused(t *testing.T) {
	t.Parallel()
	always := []string{
		"file:///etc/passwd", "unix:///run/docker.sock", "gopher://example.com", "ftp://example.com/", "//example.com/graphql", "example.com", "",
		"http://", "http:///graphql", "http://user@example.com/", "http://user:pass@example.com/", "http://example.com/#x", "http:example.com",
		"http://2130706433/", "http://0x7f000001/", "http://0x7f.1/", "http://0177.0.0.1/", "http://127.1/", "http://0/", "http://1.2.3/", "http://1.2.3.4.5/",
		"http://0.0.0.0/", "http://0.1.2.3/", "http://[::]/", "http://169.254.169.254/latest/meta-data", "http://[::ffff:169.254.169.254]/", "http://[fe80::1]/",
		"http://[fe80::1%25eth0]/", "http://[64:ff9b::a9fe:a9fe]/", "http://[2002:a9fe:a9fe::]/", "http://[fd00:ec2::254]/", "http://100.100.100.200/", "http://168.63.129.16/",
		"http://224.0.0.1/", "http://255.255.255.255/", "http://[ff02::1]/", "http://[::169.254.169.254]/", "http://[2001::1]/", "http://[64:ff9b:1::1]/", "http://exa mple.com/",
		"http://127.0.0.1\\@example.com/", "javascript:alert(1)", "http://[::1/",
	}
	unlessAllowed := []string{
		"http://127.0.0.1/", "http://127.9.9.9:8080/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://10.0.0.1/", "http://172.16.0.1/", "http://172.31.255.255/",
		"http://192.168.1.1/", "http://[fd12::1]/", "http://[64:ff9b::7f00:1]/", "http://[64:ff9b::10.0.0.1]/", "http://[2002:7f00:1::]/", "http://100.64.0.1/", "http://198.18.0.1/",
		"http://192.0.2.1/", "http://[2001:db8::1]/", "http://[::127.0.0.1]/", "http://192.0.0.1/",
	}
	fine := []string{"http://example.com/graphql", "https://example.com:8443/graphql?x=1", "http://93.184.216.34/", "http://172.32.0.1/", "http://[2606:4700::1111]/", "http://service-1:4000/", "http://[64:ff9b::5db8:d822]/"}
	closed, open := gateway.Reach{}, gateway.Reach{AllowPrivate: true}
	for _, u := range always {
		for _, r := range []gateway.Reach{closed, open, {Allow: []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0")}}} {
			if _, err := r.CheckURL(u); !errors.Is(err, gateway.ErrReach) {
				t.Errorf("%s with %+v: %v", u, r, err)
			}
		}
	}
	for _, u := range unlessAllowed {
		if _, err := closed.CheckURL(u); !errors.Is(err, gateway.ErrReach) {
			t.Errorf("%s: %v", u, err)
		}
		if _, err := open.CheckURL(u); err != nil {
			t.Errorf("%s, allowed: %v", u, err)
		}
	}
	for _, u := range fine {
		if _, err := closed.CheckURL(u); err != nil {
			t.Errorf("%s: %v", u, err)
		}
	}
	if _, err := (gateway.Reach{Allow: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")}}).CheckURL("http://10.1.2.3/"); err != nil {
		t.Error(err)
	}
}

// A name is checked by what it resolves to when it is dialed, each time; no connection is made to what is not allowed.
func TestNamesAreCheckedWhenTheyAreDialed(t *testing.T) {
	t.Parallel()
	connected := make(chan struct{}, 10)
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ConnState = func(net.Conn, http.ConnState) {
		select {
		case connected <- struct{}{}:
		default:
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	byName := strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
	r, err := gateway.NewRemote(gateway.RemoteOptions{Name: "x", URL: byName})
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.Ask(context.Background(), gateway.Question{Body: []byte(`{"query":"{a}"}`)})
	var f *gateway.Fault
	if !errors.As(err, &f) || f.Code != gateway.CodeUnavailable || !errors.Is(err, gateway.ErrReach) {
		t.Errorf("%v", err)
	}
	if len(connected) > 0 {
		t.Error("it was connected to")
	}
	for _, protocol := range []gateway.Protocol{gateway.Websocket, gateway.Events} {
		r, err := gateway.NewRemote(gateway.RemoteOptions{Name: "x", URL: byName, Streams: protocol})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Follow(context.Background(), gateway.Question{Body: []byte(`{"query":"subscription {a}"}`)}); !errors.Is(err, gateway.ErrReach) {
			t.Errorf("%s: %v", protocol, err)
		}
	}
	if len(connected) > 0 {
		t.Error("it was connected to")
	}
}
