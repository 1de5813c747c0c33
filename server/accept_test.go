package server

import "testing"

func TestTheClientChoosesTheMediaType(t *testing.T) {
	t.Parallel()
	offers := []string{graphQLJSON, plainJSON, eventStream}
	for _, c := range []struct {
		accept []string
		want   string
	}{
		{nil, graphQLJSON},
		{[]string{"*/*"}, graphQLJSON},
		{[]string{"application/*"}, graphQLJSON},
		{[]string{"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}, graphQLJSON}, // a browser's address bar
		{[]string{"application/json"}, plainJSON},
		{[]string{"application/json; charset=utf-8"}, plainJSON},
		{[]string{"application/json; charset=latin-1"}, ""},
		{[]string{"application/graphql-response+json, application/json"}, graphQLJSON},
		{[]string{"application/json, application/graphql-response+json"}, plainJSON},
		{[]string{"application/json, application/graphql-response+json;q=0.9"}, plainJSON},
		{[]string{"application/json;q=0.9, application/graphql-response+json"}, graphQLJSON},
		{[]string{"application/json;q=0.5", "application/graphql-response+json;q=0.6"}, graphQLJSON},
		{[]string{"application/graphql-response+json;q=0, */*"}, plainJSON},
		{[]string{"*/*;q=0.1, application/json;q=0.2"}, plainJSON},
		{[]string{"application/*;q=0.2, */*;q=0.9"}, eventStream},
		{[]string{"text/event-stream"}, eventStream},
		{[]string{"text/event-stream, multipart/mixed"}, eventStream},
		{[]string{"application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed"}, graphQLJSON}, // urql
		{[]string{"text/html"}, ""},
		{[]string{"application/json;q=0"}, ""},
		{[]string{"application/json;q=2"}, ""},
		{[]string{"application/json;q=x, text/plain"}, ""},
		{[]string{"garbage;;; , application/json"}, plainJSON},
		{[]string{""}, graphQLJSON},
	} {
		if got := mediaTypeFor(c.accept, offers); got != c.want {
			t.Errorf("%q: got %q, want %q", c.accept, got, c.want)
		}
	}
}
