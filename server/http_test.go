package server

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// GraphQL over HTTP, September 2026: what is answered to what, by status, media type and headers.
func TestGraphQLOverHTTP(t *testing.T) {
	t.Parallel()
	srv := edge(t, 0, 0)
	const (
		whole   = `{"query":"{ viewer { credential } }"}`
		partial = `{"query":"{ viewer { credential } members { totalCount } }"}`
		invalid = `{"query":"{ nothing }"}`
		lacking = `{"query":"query ($id: ID!) { node(id: $id) { id } }"}`
	)
	for name, c := range map[string]struct {
		method, query, body string
		headers             []string
		status              int
		mediaType           string
		want                string // in the body
	}{
		"whole":                            {body: whole, status: 200, want: `{"data":{"viewer":{"credential":"NONE"}}}`},
		"whole, plain":                     {body: whole, headers: []string{"Accept", plainJSON}, status: 200, mediaType: plainJSON},
		"partial":                          {body: partial, status: 294, want: `"data":{"viewer"`},
		"partial, plain":                   {body: partial, headers: []string{"Accept", plainJSON}, status: 200, mediaType: plainJSON},
		"not valid":                        {body: invalid, status: 400, want: "GRAPHQL_VALIDATION_FAILED"},
		"not valid, plain":                 {body: invalid, headers: []string{"Accept", plainJSON}, status: 200, mediaType: plainJSON, want: "GRAPHQL_VALIDATION_FAILED"},
		"no document":                      {body: `{"query":"{"}`, status: 400, want: "GRAPHQL_PARSE_FAILED"},
		"a variable is missing":            {body: lacking, status: 400},
		"no such operation":                {body: `{"query":"query A { __typename }","operationName":"B"}`, status: 400, want: `the document holds no operation \"B\"`},
		"one of two operations":            {body: `{"query":"query A { __typename } query B { __typename }"}`, status: 400, want: "the document holds 2 operations: name the one to run in operationName"},
		"no operation":                     {body: `{"query":"fragment F on Query { __typename }"}`, status: 400},
		"packed":                           {body: whole, headers: []string{"Content-Encoding", "gzip"}, status: 415, want: "without a Content-Encoding"},
		"more than is known":               {body: `{"query":"{ __typename }","more":{"a":1},"variables":null,"extensions":null,"operationName":null}`, status: 200},
		"a name in other case":             {body: `{"QUERY":"{ __typename }"}`, status: 400, want: "BAD_REQUEST"},
		"a name twice":                     {body: `{"query":"{ __typename }","query":"{ __typename }"}`, status: 400, want: "given twice"},
		"half a character":                 {body: `{"query":"{ __typename }","variables":{"x":"\ud800"}}`, status: 400, want: "surrogate"},
		"variables in a list":              {body: `{"query":"{ __typename }","variables":[7]}`, status: 400, want: "BAD_REQUEST"},
		"extensions as text":               {body: `{"query":"{ __typename }","extensions":"x"}`, status: 400, want: "BAD_REQUEST"},
		"a name that is a number":          {body: `{"query":"{ __typename }","operationName":1}`, status: 400, want: "BAD_REQUEST"},
		"a document that is none":          {body: `{"query":{}}`, status: 400, want: "BAD_REQUEST"},
		"nothing":                          {body: ``, status: 400, want: "BAD_REQUEST"},
		"cut off":                          {body: `{"query":`, headers: []string{"Accept", plainJSON}, status: 400, mediaType: plainJSON},
		"a list":                           {body: ` [` + whole + `]`, status: 400, want: "batches are not taken"},
		"a byte order mark":                {body: "\ufeff" + whole, status: 400},
		"more after it":                    {body: whole + whole, status: 400},
		"no type of the body":              {body: whole, headers: []string{"Content-Type", ""}, status: 415},
		"another type":                     {body: whole, headers: []string{"Content-Type", "text/plain"}, status: 415},
		"a form":                           {body: "query=x", headers: []string{"Content-Type", "application/x-www-form-urlencoded"}, status: 415},
		"another charset":                  {body: whole, headers: []string{"Content-Type", "application/json; charset=utf-16"}, status: 415},
		"the same charset":                 {body: whole, headers: []string{"Content-Type", `application/json; charset="UTF-8"`}, status: 200},
		"an answer that there is not":      {body: whole, headers: []string{"Accept", "text/html"}, status: 406, want: "NOT_ACCEPTABLE"},
		"a subscription":                   {body: `{"query":"subscription { release(frontend: \"x\") { kind } }"}`, status: 400, want: "text/event-stream"},
		"another method":                   {method: http.MethodPut, body: whole, status: 405, want: "METHOD_NOT_ALLOWED"},
		"GET":                              {method: http.MethodGet, query: `query={viewer{credential}}`, status: 200},
		"GET with everything":              {method: http.MethodGet, query: `query=query A($id:ID!){node(id:$id){id}} query B{__typename}&operationName=B&variables={"id":"x"}&extensions={}`, status: 200},
		"GET with an empty name":           {method: http.MethodGet, query: `query={__typename}&operationName=&variables=null`, status: 200},
		"GET of a name that is null":       {method: http.MethodGet, query: `query=query null{__typename}&operationName=null`, status: 200},
		"GET with variables in a list":     {method: http.MethodGet, query: `query={__typename}&variables=[]`, status: 400},
		"GET of nothing":                   {method: http.MethodGet, query: `x=y`, status: 400},
		"GET of a mutation":                {method: http.MethodGet, query: `query=mutation{sessionEnd{viewer{credential}}}`, status: 405, want: "METHOD_NOT_ALLOWED"},
		"GET of a mutation, plain":         {method: http.MethodGet, query: `query=mutation{sessionEnd{viewer{credential}}}`, headers: []string{"Accept", plainJSON}, status: 405, mediaType: plainJSON},
		"GET of a mutation by name":        {method: http.MethodGet, query: `query=query A{__typename} mutation B{sessionEnd{viewer{credential}}}&operationName=B`, status: 405},
		"GET of a query beside a mutation": {method: http.MethodGet, query: `query=query A{__typename} mutation B{sessionEnd{viewer{credential}}}&operationName=A`, status: 200},
		"GET of a mutation that is wrong":  {method: http.MethodGet, query: `query=mutation{nothing}`, status: 405},
		"GET of too much":                  {method: http.MethodGet, query: `query={__typename}&variables={"x":"` + strings.Repeat("x", 129<<10) + `"}`, status: 414, want: "LIMIT"},
	} {
		t.Run(name, func(t *testing.T) {
			method := c.method
			if method == "" {
				method = http.MethodPost
			}
			address := srv.URL + "/graphql"
			if c.query != "" {
				address += "?" + escaped(c.query)
			}
			got := send(t, method, address, "", c.body, c.headers...)
			mediaType := c.mediaType
			if mediaType == "" {
				mediaType = graphQLJSON
			}
			if got.StatusCode != c.status || got.Header.Get("Content-Type") != mediaType+"; charset=utf-8" || !strings.Contains(got.body, c.want) {
				t.Errorf("%d %s %s, want %d %s %s", got.StatusCode, got.Header.Get("Content-Type"), got.body, c.status, mediaType, c.want)
			}
			if ran := strings.Contains(got.body, `"data":`); ran != (c.status == 200 && c.want != "GRAPHQL_VALIDATION_FAILED" || c.status == 294) {
				t.Errorf("an entry for data: %t, with the status %d: %s", ran, got.StatusCode, got.body)
			}
			if allow := got.Header.Get("Allow"); (c.status == 405) != (allow != "") {
				t.Errorf("Allow: %q", allow)
			}
			if post := got.Header.Get("Accept-Post"); (c.status == 415) != (post == plainJSON) {
				t.Errorf("Accept-Post: %q", post)
			}
			if !strings.Contains(strings.Join(got.Header.Values("Vary"), ","), "Accept") {
				t.Errorf("Vary: %q", got.Header.Values("Vary"))
			}
		})
	}
}

// escaped encodes the values of a query string.
func escaped(query string) string {
	pairs := strings.Split(query, "&")
	for i, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		pairs[i] = name + "=" + url.QueryEscape(value)
	}
	return strings.Join(pairs, "&")
}

// What was read by GET need not be sent twice; whoever else asks gets their own.
func TestAReadByGETHasATag(t *testing.T) {
	t.Parallel()
	srv := edge(t, 0, 0)
	address := srv.URL + "/graphql?" + escaped(`query={viewer{credential scopes}}`)
	first := send(t, http.MethodGet, address, "", "")
	tag := first.Header.Get("ETag")
	if tag == "" || first.Header.Get("Cache-Control") != "private, no-store" || !strings.Contains(strings.Join(first.Header.Values("Vary"), ","), "Authorization") {
		t.Fatalf("%v", first.Header)
	}
	for value, want := range map[string]int{tag: 304, "W/" + tag: 304, `"other", ` + tag: 304, "*": 304, `"other"`: 200, "": 200} {
		got := send(t, http.MethodGet, address, "", "", "If-None-Match", value)
		if got.StatusCode != want || want == 304 && (got.body != "" || got.Header.Get("ETag") != tag) {
			t.Errorf("%s: %d %v %s", value, got.StatusCode, got.Header, got.body)
		}
	}
	if got := send(t, http.MethodGet, address, "content:read", "", "If-None-Match", tag); got.StatusCode != 200 {
		t.Errorf("another caller: %d", got.StatusCode)
	}
	for _, query := range []string{`query={nothing}`, `query={members{totalCount}}`} {
		got := send(t, http.MethodGet, srv.URL+"/graphql?"+escaped(query), "", "")
		if got.Header.Get("ETag") != "" || got.Header.Get("Cache-Control") != "private, no-store" {
			t.Errorf("%s: %d %v", query, got.StatusCode, got.Header)
		}
	}
}

// Server-sent events carry any operation, by POST and by the GET of an EventSource, and end with an event of their own.
func TestOperationsAsEvents(t *testing.T) {
	t.Parallel()
	srv := edge(t, 0, 0)
	for name, c := range map[string]struct{ query, body, want string }{
		"a query":              {body: `{"query":"{ viewer { credential } }"}`, want: `{"data":{"viewer":{"credential":"NONE"}}}`},
		"by GET":               {query: `query={viewer{credential}}`, want: `{"data":{"viewer":{"credential":"NONE"}}}`},
		"what is not valid":    {body: `{"query":"subscription { nothing }"}`, want: "GRAPHQL_VALIDATION_FAILED"},
		"what is refused":      {body: `{"query":"subscription { draft(screen: \"x\") { __typename } }"}`, want: "FORBIDDEN"},
		"a followed frontend":  {query: `query=subscription{draft(screen:"x"){__typename}}`, want: "FORBIDDEN"},
		"a mutation by a POST": {body: `{"query":"mutation { nothing }"}`, want: "GRAPHQL_VALIDATION_FAILED"},
	} {
		t.Run(name, func(t *testing.T) {
			method, address := http.MethodPost, srv.URL+"/graphql"
			if c.query != "" {
				method, address = http.MethodGet, address+"?"+escaped(c.query)
			}
			got := send(t, method, address, "", c.body, "Accept", "text/event-stream")
			if got.StatusCode != 200 || got.Header.Get("Content-Type") != "text/event-stream; charset=utf-8" || got.Header.Get("Cache-Control") != "private, no-store" {
				t.Errorf("%d %v", got.StatusCode, got.Header)
			}
			events := strings.Split(strings.TrimSuffix(got.body, "\n\n"), "\n\n")
			if len(events) != 3 || events[0] != ":" || !strings.HasPrefix(events[1], "event: next\ndata: {") || !strings.Contains(events[1], c.want) || events[2] != "event: complete\ndata:" {
				t.Errorf("%q", events)
			}
		})
	}
	got := send(t, http.MethodGet, srv.URL+"/graphql?"+escaped(`query=mutation{sessionEnd{viewer{credential}}}`), "", "", "Accept", "text/event-stream")
	if got.StatusCode != 405 || got.Header.Get("Allow") != http.MethodPost {
		t.Errorf("a mutation by GET: %d %v %s", got.StatusCode, got.Header, got.body)
	}
}
