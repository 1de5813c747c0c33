package server

import (
	"net/netip"
	"strings"
	"testing"
)

func networks(t testing.TB, list ...string) (all []netip.Prefix) {
	t.Helper()
	for _, text := range list {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

func TestThroughProxies(t *testing.T) {
	ours := networks(t, "10.0.0.0/8", "fd00::/8")
	for name, c := range map[string]struct {
		peer       string
		hops       []string
		schemes    []string
		client     string
		clientsays string
	}{
		"no proxy":                            {"192.0.2.7", nil, nil, "192.0.2.7", "http"},
		"a client that claims to be a proxy":  {"192.0.2.7", []string{"198.51.100.1"}, []string{"https"}, "192.0.2.7", "http"},
		"one proxy":                           {"10.0.0.1", []string{"192.0.2.7"}, []string{"https"}, "192.0.2.7", "https"},
		"what the client made up stays out":   {"10.0.0.1", []string{"127.0.0.1, 192.0.2.7"}, []string{"https"}, "192.0.2.7", "https"},
		"and in a line of its own":            {"10.0.0.1", []string{"127.0.0.1", "192.0.2.7"}, nil, "192.0.2.7", "http"},
		"made up to look like our proxy":      {"10.0.0.1", []string{"127.0.0.1, 10.9.9.9, 192.0.2.7"}, nil, "192.0.2.7", "http"},
		"two proxies":                         {"10.0.0.1", []string{"192.0.2.7, 10.0.0.2"}, []string{"https, http"}, "192.0.2.7", "https"},
		"a scheme that the client made up":    {"10.0.0.1", []string{"192.0.2.7"}, []string{"https, http"}, "192.0.2.7", "http"},
		"made up hops and schemes":            {"10.0.0.1", []string{"1.1.1.1, 192.0.2.7"}, []string{"https, http"}, "192.0.2.7", "http"},
		"a client among our own machines":     {"10.0.0.1", []string{"10.0.0.9"}, nil, "10.0.0.9", "http"},
		"a proxy that does not know":          {"10.0.0.1", []string{"192.0.2.7, unknown"}, []string{"https"}, "10.0.0.1", "https"},
		"nothing but commas":                  {"10.0.0.1", []string{", ,"}, []string{""}, "10.0.0.1", "http"},
		"a port":                              {"10.0.0.1", []string{"192.0.2.7:4711"}, nil, "192.0.2.7", "http"},
		"IPv6 with brackets and port":         {"fd00::1", []string{"[2001:db8::7]:4711"}, nil, "2001:db8::7", "http"},
		"IPv6 in brackets":                    {"fd00::1", []string{"[2001:db8::7]"}, nil, "2001:db8::7", "http"},
		"IPv4 in IPv6":                        {"10.0.0.1", []string{"::ffff:192.0.2.7"}, nil, "192.0.2.7", "http"},
		"our proxy as IPv4 in IPv6":           {"10.0.0.1", []string{"192.0.2.7, ::ffff:10.0.0.2"}, nil, "192.0.2.7", "http"},
		"a scheme that nobody speaks":         {"10.0.0.1", []string{"192.0.2.7"}, []string{"gopher"}, "192.0.2.7", "http"},
		"a zone is no other address":          {"10.0.0.1", []string{"fe80::1%eth0"}, nil, "fe80::1", "http"},
		"the proxy passed only the scheme on": {"10.0.0.1", nil, []string{"HTTPS"}, "10.0.0.1", "https"},
	} {
		client, scheme := through(netip.MustParseAddr(c.peer), "http", c.hops, c.schemes, ours)
		if client.String() != c.client || scheme != c.clientsays {
			t.Errorf("%s: %s by %s, want %s by %s", name, client, scheme, c.client, c.clientsays)
		}
	}
}

// FuzzThroughProxies: whatever a client sends ahead of what our proxy adds, it is seen where it is; and one that is no
// proxy of ours is never believed.
func FuzzThroughProxies(f *testing.F) {
	f.Add("127.0.0.1", "https", "\n")
	f.Add("10.1.1.1, 10.2.2.2", "https,https", ",")
	f.Add("[::1]:1, unknown, ", "", "")
	ours := networks(f, "10.0.0.0/8")
	proxy, stranger := netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("192.0.2.7")
	f.Fuzz(func(t *testing.T, hops, schemes, more string) {
		lines := strings.Split(hops, "\n")
		client, scheme := through(stranger, "http", lines, []string{schemes, more}, ours)
		if client != stranger || scheme != "http" {
			t.Fatalf("a stranger is seen as %s by %s", client, scheme)
		}
		client, scheme = through(proxy, "http", append(lines, stranger.String()), []string{schemes, more, "http"}, ours)
		if client != stranger || scheme != "http" {
			t.Fatalf("behind the proxy a stranger is seen as %s by %s", client, scheme)
		}
		lines[len(lines)-1] += ", " + stranger.String() // as nginx does
		if client, _ = through(proxy, "http", lines, nil, ours); client != stranger {
			t.Fatalf("in one line a stranger is seen as %s", client)
		}
	})
}
