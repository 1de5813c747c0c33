package server

import (
	"strings"
	"testing"
)

func TestRequestIDs(t *testing.T) {
	for id, plain := range map[string]bool{
		"a-1_b.c:d": true, "": false, "a b": false, "a\nb": false, strings.Repeat("x", 65): false, `"}{"`: false,
	} {
		if plainID(id) != plain {
			t.Errorf("%q: %v", id, !plain)
		}
	}
}

func TestLoopbackNames(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "localhost:8080": true, "shop.localhost:1": true, "127.0.0.1:8080": true, "127.9.9.9": true, "[::1]:8080": true,
		"LOCALHOST.": true, "evil.example": false, "127.0.0.1.evil.example": false, "localhost.evil.example:8080": false,
		"10.0.0.1": false, "": false, "[::ffff:10.0.0.1]:1": false, "0.0.0.0": false,
	} {
		if IsLoopback(host) != want {
			t.Errorf("%q: %v", host, !want)
		}
	}
}
