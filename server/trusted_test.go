package server

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sonata.ai/sonata/internal/document"
)

// What a request says of its document, in every way that clients say it, where nothing is registered and nothing enforced.
func TestRequestsThatNameTheirDocument(t *testing.T) {
	t.Parallel()
	const text, other = "{ viewer { credential } }", "{ viewer { scopes } }"
	hash := document.HashOf(text)
	bare := strings.TrimPrefix(hash, "sha256:")
	persisted := func(hash string) string {
		return `"extensions":{"persistedQuery":{"version":1,"sha256Hash":"` + hash + `"}}`
	}
	quoted := `"query":"` + text + `"`
	for name, c := range map[string]struct {
		method, path, body string
		headers            []string
		status             int
		want               string
	}{
		"an id of nothing":                 {body: `{"documentId":"` + hash + `"}`, status: 400, want: "DOCUMENT_UNKNOWN"},
		"an id of nothing in the path":     {method: http.MethodGet, path: "/" + hash, status: 400, want: "DOCUMENT_UNKNOWN"},
		"an id beside its text":            {body: `{"documentId":"` + hash + `",` + quoted + `}`, status: 200, want: "credential"},
		"an id beside another text":        {body: `{"documentId":"` + hash + `","query":"` + other + `"}`, status: 400, want: "DOCUMENT_MISMATCH"},
		"an id in upper case":              {body: `{"documentId":"` + strings.ToUpper(hash) + `",` + quoted + `}`, status: 400, want: "DOCUMENT_MISMATCH"},
		"a plain answer of a mismatch":     {body: `{"documentId":"x",` + quoted + `}`, headers: []string{"Accept", plainJSON}, status: 200, want: "DOCUMENT_MISMATCH"},
		"two ids":                          {body: `{"documentId":"a","doc_id":"b"}`, status: 400, want: "two documents"},
		"an id and one in the path":        {path: "/a", body: `{"documentId":"b"}`, status: 400, want: "two documents"},
		"the same in the path":             {path: "/a", body: `{"documentId":"a"}`, status: 400, want: "DOCUMENT_UNKNOWN"},
		"an id and Apollo's":               {body: `{"documentId":"a",` + persisted(bare) + `}`, status: 400, want: "two documents"},
		"an id that is a number":           {body: `{"documentId":7}`, status: 400, want: "are strings"},
		"an id without an end":             {body: `{"documentId":"` + strings.Repeat("a", 129) + `"}`, status: 400, want: "at most 128"},
		"neither":                          {body: `{"documentId":"","query":""}`, status: 400, want: "no \\\"query\\\" and no"},
		"Apollo's hash as a text":          {body: `{"extensions":{"persistedQuery":"x"}}`, status: 400, want: "persistedQuery"},
		"Apollo's version 2":               {body: `{"extensions":{"persistedQuery":{"version":2,"sha256Hash":"` + bare + `"}}}`, status: 400, want: "persistedQuery"},
		"Apollo's hash with another text":  {body: `{"query":"` + other + `",` + persisted(bare) + `}`, status: 400, want: "DOCUMENT_MISMATCH"},
		"names that differ":                {body: `{` + quoted + `}`, headers: []string{"GraphQL-Client-Name", "a", "apollographql-client-name", "b"}, status: 400, want: "two things"},
		"a name that nobody has":           {body: `{` + quoted + `}`, headers: []string{"GraphQL-Client-Name", "a"}, status: 200, want: "credential"},
		"a mutation by an id, by GET":      {method: http.MethodGet, path: "?documentId=" + url.QueryEscape(document.HashOf(document.RegisterBuild)), status: 405, want: "METHOD_NOT_ALLOWED"},
		"a mutation by its path, by GET":   {method: http.MethodGet, path: "/" + document.HashOf(document.RegisterBuild) + "?variables=" + url.QueryEscape(`{"input":{"frontend":"x","name":"1","components":[]}}`), status: 405, want: "METHOD_NOT_ALLOWED"},
		"a path that goes on":              {method: http.MethodGet, path: "/a/b", status: 404},
		"what Sonata's own command sends":  {path: "/" + document.HashOf(document.RegisterBuild), body: `{"variables":{"input":{"frontend":"x","name":"1","components":[]}}}`, status: 294, want: "FORBIDDEN"},
		"what it sends, without variables": {path: "/" + document.HashOf(document.RegisterBuild), body: `{}`, status: 400},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := edge(t, 0, 0)
			method := c.method
			if method == "" {
				method = http.MethodPost
			}
			got := send(t, method, srv.URL+"/graphql"+c.path, "", c.body, c.headers...)
			if got.StatusCode != c.status || !strings.Contains(got.body, c.want) {
				t.Errorf("%d %s, want %d with %q", got.StatusCode, got.body, c.status, c.want)
			}
		})
	}
}

// Automatic persisted queries as Apollo's clients speak them: the hash, then the hash with the text, then the hash again.
func TestAutomaticPersistedQueries(t *testing.T) {
	t.Parallel()
	srv := edge(t, 0, 0)
	const text = "{ viewer { credential } }"
	bare := strings.TrimPrefix(document.HashOf(text), "sha256:")
	extension := `{"persistedQuery":{"version":1,"sha256Hash":"` + bare + `"}}`
	byHash, whole := `{"extensions":`+extension+`}`, `{"query":"`+text+`","extensions":`+extension+`}`
	for _, step := range []struct{ body, want string }{{byHash, "PERSISTED_QUERY_NOT_FOUND"}, {whole, "NONE"}, {byHash, "NONE"}} {
		if got := send(t, http.MethodPost, srv.URL+"/graphql", "", step.body); got.StatusCode != 200 || !strings.Contains(got.body, step.want) {
			t.Errorf("%s: %d %s, want %s", step.body, got.StatusCode, got.body, step.want)
		}
	}
	if got := send(t, http.MethodGet, srv.URL+"/graphql?extensions="+url.QueryEscape(extension), "", ""); got.StatusCode != 200 || !strings.Contains(got.body, "NONE") {
		t.Errorf("by GET: %d %s", got.StatusCode, got.body)
	}
}
