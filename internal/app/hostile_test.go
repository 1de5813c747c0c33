package app_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"sonata.ai/sonata/internal/document"
)

// hostile is one request that must not hurt: what it is answered at most, with which status, and what the answer holds and
// does not hold.
type hostile struct {
	method  string // POST when empty
	path    string // /graphql when empty
	body    string
	headers []string // names and values
	status  []int
	size    int    // bytes of the answer at most; 1 kB when zero
	holds   string // "" for anything
	lacks   string // "" for anything
}

// The bars for one request of somebody who is not known.
const (
	mostAnswer = 100 << 10
	mostCPU    = 250 * time.Millisecond
)

func graphqlBody(query string) string { return `{"query":` + quotedJSON(query) + `}` }

func quotedJSON(s string) string {
	raw, err := json.Marshal(s)
	if err != nil {
		panic(err) // texts always marshal
	}
	return string(raw)
}

func nested(levels int) string {
	return `{ node(id: "x") { ... on Release { parent ` + strings.Repeat("{ parent ", levels) + "{ id }" + strings.Repeat(" }", levels) + " } } }"
}

func aliases(n int, field string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, " a%d: %s", i, field)
	}
	return b.String()
}

func overHTTP() map[string]hostile {
	const whole = `{"query":"{ viewer { credential } }"}`
	bad := []int{400}
	mutation := `mutation { sessionEnd { userErrors { message } } }`
	all := map[string]hostile{
		"HT1 cut off":                         {body: whole[:20], status: bad},
		"HT1 a name twice":                    {body: `{"query":"{ __typename }","query":"{ __typename }"}`, status: bad},
		"HT1 a byte order mark":               {body: "\ufeff" + whole, status: bad},
		"HT1 NaN":                             {body: `{"query":"{ __typename }","variables":{"x":NaN}}`, status: bad},
		"HT1 a list":                          {body: "[" + whole + "]", status: bad},
		"HT2 a mutation by GET":               {method: http.MethodGet, path: "/graphql?query=" + url.QueryEscape(mutation), status: []int{405}, holds: "METHOD_NOT_ALLOWED"},
		"HT2 a mutation by id by GET":         {method: http.MethodGet, path: "/graphql/" + document.HashOf(document.RegisterBuild), status: []int{405}},
		"HT3 plain text":                      {body: whole, headers: []string{"Content-Type", "text/plain"}, status: []int{415}},
		"HT3 a form":                          {body: "query={viewer{credential}}", headers: []string{"Content-Type", "application/x-www-form-urlencoded"}, status: []int{415}},
		"HT3 multipart":                       {body: "--x--", headers: []string{"Content-Type", "multipart/form-data; boundary=x"}, status: []int{415}},
		"HT3 no type":                         {body: whole, headers: []string{"Content-Type", ""}, status: []int{415}},
		"HT5 a preflight of a megabyte":       {method: http.MethodOptions, headers: []string{"Origin", "https://evil.example", "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", strings.Repeat(",", 1<<20)}, status: []int{431}},
		"HT6 a byte too much":                 {body: `{"query":"` + strings.Repeat(" ", 1<<20-11) + `"}`, status: []int{413}},
		"HT6 20 MB":                           {body: `{"query":"` + strings.Repeat(" ", 20<<20) + `"}`, status: []int{413}},
		"HT11 a header of a megabyte":         {body: whole, headers: []string{"X-Long", strings.Repeat("x", 1<<20)}, status: []int{431}},
		"HT12 an answer that there is not":    {body: whole, headers: []string{"Accept", "image/png"}, status: []int{406}},
		"HT13 a batch of a thousand":          {body: "[" + strings.Repeat(whole+",", 999) + whole + "]", status: bad},
		"HT17 a way out of the studio":        {method: http.MethodGet, path: "/studio/..%2f..%2fgo.mod", status: []int{200, 404}, size: mostAnswer, lacks: "module sonata"},
		"HT17 a dotfile":                      {method: http.MethodGet, path: "/studio/.git/config", status: []int{200, 404}, size: mostAnswer, lacks: "[core]"},
		"HT18 a profile":                      {method: http.MethodGet, path: "/debug/pprof/heap", status: []int{404}},
		"HT18 figures":                        {method: http.MethodGet, path: "/metrics", status: []int{404}},
		"an id of a document without an end":  {method: http.MethodGet, path: "/graphql/" + strings.Repeat("a", 10_000), status: bad},
		"an id that leads somewhere":          {method: http.MethodGet, path: "/graphql/..%2f..%2fetc%2fpasswd", status: []int{400, 404}},
		"a query string of a megabyte":        {method: http.MethodGet, path: "/graphql?query=" + strings.Repeat("a", 1<<20), status: []int{400, 414, 431}},
		"a persisted query that is a mystery": {body: `{"extensions":{"persistedQuery":{"version":1,"sha256Hash":["x"]}}}`, status: bad},
	}
	for name, origin := range map[string]string{
		"evil": "https://evil.example", "null": "null", "a sibling": "https://other.shop.example", "a look-alike": "https://shop.example.evil.example", "a prefix": "https://evilshop.example",
	} {
		all["HT4 from "+name] = hostile{body: whole, headers: []string{"Origin", origin}, status: []int{403}, holds: "FORBIDDEN", lacks: "credential\":"}
	}
	return all
}

func documentsOverHTTP() map[string]hostile {
	bad := []int{400}
	query := func(source string) hostile { return hostile{body: graphqlBody(source), status: bad, size: 10 << 10} }
	withVariables := func(source, variables string) hostile {
		return hostile{body: `{"query":` + quotedJSON(source) + `,"variables":` + variables + `}`, status: bad, size: 10 << 10}
	}
	inFragments := func(n int) string { // each asks for the next twice
		var b strings.Builder
		b.WriteString("{ ...F0 }")
		for i := range n {
			fmt.Fprintf(&b, " fragment F%d on Query { a%d: nodes(ids: []) { id } ...F%d ...F%d }", i, i, i+1, i+1)
		}
		fmt.Fprintf(&b, " fragment F%d on Query { viewer { credential } }", n)
		return b.String()
	}
	const screen = `query($c: DeliveryContext!) { screen(at: {key: "home"}, context: $c) { key } }`
	return map[string]hostile{
		"GQ1 a level too deep":                    query(nested(20)),
		"GQ1 a thousand levels":                   query(nested(1000)),
		"GQ1 as deep as 64 kB go":                 query(strings.Repeat("{a", 20_000) + strings.Repeat("}", 20_000)),
		"GQ1 deep through inline fragments":       query("{ viewer " + strings.Repeat("{ ... on Viewer ", 3000) + "{ credential }" + strings.Repeat("}", 3000) + "}"),
		"GQ1 fragments that double":               query(inFragments(200)),
		"GQ2 101 aliases":                         query("{" + aliases(101, "__typename") + "}"),
		"GQ2 5,000 aliases":                       query("{" + aliases(3000, "__typename") + "}"),
		"GQ2 101 sign-ins":                        query("mutation {" + aliases(101, `sessionCreate(input: {email: "a@b.c", password: "x"}) { userErrors { message } }`) + "}"),
		"GQ3 a circle of two":                     query("{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }"),
		"GQ3 a circle of three":                   query("{ ...A } fragment A on Query { ...B } fragment B on Query { ...C } fragment C on Query { ...A }"),
		"GQ3 a circle that nobody uses":           query("{ __typename } fragment A on Query { ...A }"),
		"GQ3 a circle in introspection":           query("{ __schema { types { ...T } } } fragment T on __Type { fields { type { ...T } } }"),
		"GQ5 20,000 directives":                   query("{ __typename " + strings.Repeat("@a ", 20_000) + "}"),
		"GQ5 a directive again and again":         query("{ __typename " + strings.Repeat("@skip(if: false) ", 600) + "}"),
		"GQ7 a page of two milliards, there":      query(`{ nodes(ids: []) { id } a: nodes(first: 2147483648, ids: []) { id } }`),
		"GQ9 a field that is misspelled":          withLacks(query(`{ viewr { credential } }`), "viewer"),
		"GQ9 an argument that is misspelled":      withLacks(query(`{ node(idd: "x") { id } }`), "Did you mean"),
		"GQ9 a type that is misspelled":           withLacks(query(`{ node(id: "x") { ... on Relese { id } } }`), "Release"),
		"GQ9 a value that is misspelled":          withLacks(query(`mutation { frontendUpdate(input: {id: "x", naam: "y"}) { userErrors { message } } }`), "Did you mean"),
		"GQ10 variables 10,000 deep":              withVariables(screen, `{"c":`+strings.Repeat("[", 10_000)+strings.Repeat("]", 10_000)+`}`),
		"GQ10 variables with 100,000 items":       withVariables(screen, `{"c":[`+strings.Repeat("1,", 100_000)+`1]}`),
		"GQ10 half a character":                   withVariables(screen, `{"c":{"frontend":"\ud800"}}`),
		"GQ10 __proto__":                          withVariables(screen, `{"c":{"__proto__":{"frontend":"shop"}}}`),
		"GQ16 64 kB of spaces":                    query("{" + strings.Repeat(" ", 65_536) + "__typename }"),
		"GQ16 a megabyte of commas":               {body: graphqlBody("{" + strings.Repeat(",", 1_000_000) + "__typename }"), status: bad},
		"GQ16 half a megabyte of comments":        {body: graphqlBody("{" + strings.Repeat("#\n", 250_000) + "__typename }"), status: bad},
		"GQ16 a name of 60 kB":                    query("{ " + strings.Repeat("a", 60_000) + " }"),
		"GQ16 a block string of 60 kB":            query(`{ node(id: """` + strings.Repeat("a", 60_000) + `""") { idd } }`),
		"GQ16 5,001 tokens":                       query("{" + strings.Repeat(" a", 5001) + "}"),
		"GQ17 a field that no input has":          query(`mutation { frontendUpdate(input: {id: "x", createdAt: "2020-01-01T00:00:00Z"}) { userErrors { message } } }`),
		"GQ18 deferred a hundred times":           query("{ viewer {" + strings.Repeat(" ... @defer { credential }", 101) + "} }"),
		"a fragment that 2,000 fields use":        query("{" + aliases(2000, "viewer { ...V }") + "} fragment V on Viewer { credential }"),
		"the same field in nested fragments":      query("{" + strings.Repeat(" __typename ... {", 1200) + " __typename" + strings.Repeat(" }", 1200) + " }"),
		"the same field 4,900 times":              query("{" + strings.Repeat(" __typename", 4900) + " }"),
		"the same object a thousand times":        query("{" + strings.Repeat(" viewer { credential scopes }", 990) + " }"),
		"the same field in a hundred fragments":   query("{" + spreads(100) + "}" + fragments(100, strings.Repeat(" __typename", 40))),
		"a chain of fragments with a long list":   query("{ ...F0 }" + chain(270) + " fragment F269 on Query { nodes(ids: [" + strings.Repeat("1.5 ", 2700) + "]) { id } }"),
		"a chain of fragments with directives":    query("{ ...F0 }" + chain(300) + " fragment F299 on Query { viewer" + strings.Repeat(" @a", 1000) + " { credential } }"),
		"300 operations that share a fragment":    query(strings.Repeat("query A { ...F } ", 300) + " fragment F on Query {" + strings.Repeat(" nodes(ids: [$a]) { id }", 200) + "}"),
		"a name of 50 kB that each error repeats": query("query " + strings.Repeat("Q", 50_000) + " { nodes(ids: [" + strings.Repeat("$a ", 2400) + "]) { id } }"),
		"an alias of 58 kB":                       query(`{ screen(at: {path: "/"}, context: {frontend: "shop"}) { blocks { ` + strings.Repeat("b", 58_000) + `: key } } }`),
		"the same field 20,000 times":             query("{ viewer {" + strings.Repeat(" scopes", 6000) + " } }"),
		"a variable of 2,000 defaults":            query("query(" + strings.Repeat("$a: Int = 1 ", 2000) + ") { __typename }"),
		"fields that might clash, in a square":    query("{" + strings.Repeat(` viewer { credential a: scopes }`, 400) + "}"),
	}
}

func chain(n int) string {
	var b strings.Builder
	for i := range n - 1 {
		fmt.Fprintf(&b, " fragment F%d on Query { ...F%d }", i, i+1)
	}
	return b.String()
}

func spreads(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, " ...F%d", i)
	}
	return b.String()
}

func fragments(n int, set string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, " fragment F%d on Query {%s }", i, set)
	}
	return b.String()
}

func withLacks(h hostile, lacks string) hostile {
	h.lacks = lacks
	return h
}

// Requests that nobody sends by mistake are answered in a few words, with the right status, within the bars, and nothing of
// them runs.
func TestHostileRequests(t *testing.T) {
	h := newHouseOf(t, io.Discard, []string{"--demo", "on"})
	mustContain(t, h.visitor().setUp("ada@example.org"), "Ada")
	all := overHTTP()
	for name, c := range documentsOverHTTP() {
		all[name] = c
	}
	client := &http.Client{Timeout: 20 * time.Second}
	for name, c := range all {
		t.Run(name, func(t *testing.T) {
			method, path := c.method, c.path
			if method == "" {
				method = http.MethodPost
			}
			if path == "" {
				path = "/graphql"
			}
			r, err := http.NewRequestWithContext(t.Context(), method, h.address+path, strings.NewReader(c.body))
			if err != nil {
				t.Fatal(err)
			}
			if method == http.MethodPost {
				r.Header.Set("Content-Type", "application/json")
			}
			for i := 0; i < len(c.headers); i += 2 {
				r.Header.Set(c.headers[i], c.headers[i+1])
			}
			before := cpu(t)
			answer, err := client.Do(r)
			if err != nil {
				if c.status[0] == http.StatusRequestEntityTooLarge || c.status[0] == http.StatusRequestHeaderFieldsTooLarge {
					return // the rest of it was not waited for
				}
				t.Fatal(err)
			}
			defer answer.Body.Close()
			body, err := io.ReadAll(answer.Body)
			if err != nil {
				t.Fatal(err)
			}
			took := cpu(t) - before
			c.compare(t, answer, body)
			if took > mostCPU*raceFactor {
				t.Errorf("it took %s of CPU, the client's included", took)
			}
		})
	}
}

func (c hostile) compare(t *testing.T, answer *http.Response, body []byte) {
	t.Helper()
	if c.size == 0 {
		c.size = 1 << 10
	}
	wanted := false
	for _, status := range c.status {
		wanted = wanted || status == answer.StatusCode
	}
	short := body[:min(len(body), 300)]
	if !wanted {
		t.Errorf("%d, want one of %v: %s", answer.StatusCode, c.status, short)
	}
	if len(body) > c.size {
		t.Errorf("%d bytes, at most %d: %s", len(body), c.size, short)
	}
	if c.holds != "" && !bytes.Contains(body, []byte(c.holds)) {
		t.Errorf("no %s in %s", c.holds, short)
	}
	if c.lacks != "" && bytes.Contains(body, []byte(c.lacks)) {
		t.Errorf("%s in %s", c.lacks, short)
	}
	if bytes.Contains(body, []byte(`"data"`)) {
		t.Errorf("it ran: %s", short)
	}
	if answer.StatusCode == http.StatusMethodNotAllowed && answer.Header.Get("Allow") == "" {
		t.Error("405 without Allow")
	}
	if got := answer.Header.Get("Access-Control-Allow-Origin"); got != "" {
		t.Errorf("the origin is reflected: %s", got)
	}
}

// cpu is what this process has used.
func cpu(t *testing.T) time.Duration {
	t.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// Requests that are no HTTP, or two at once: written by hand, since no client sends them.
func TestHostileFraming(t *testing.T) {
	t.Parallel()
	h := newHouseOf(t, io.Discard, []string{"--demo", "off"})
	host := strings.TrimPrefix(h.address, "http://")
	const smuggled = "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"
	for name, c := range map[string]struct {
		request string
		status  string
	}{
		"HT11 a length and chunks":          {"POST /graphql HTTP/1.1\r\nHost: " + host + "\r\nContent-Type: application/json\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled, "400"},
		"HT11 two lengths":                  {"POST /graphql HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", "400"},
		"HT11 chunks that are none":         {"POST /graphql HTTP/1.1\r\nHost: " + host + "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", "400"},
		"HT11 another encoding of transfer": {"POST /graphql HTTP/1.1\r\nHost: " + host + "\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "501"},
		"HT11 a space before the colon":     {"POST /graphql HTTP/1.1\r\nHost : " + host + "\r\nContent-Length: 0\r\n\r\n", "400"},
		"HT11 no host":                      {"GET /livez HTTP/1.1\r\n\r\n", "400"},
		"HT11 a line feed in a header":      {"GET /livez HTTP/1.1\r\nHost: " + host + "\r\nX: a\nb\r\n\r\n", "400"},
		"a method that nobody knows":        {"BREW /graphql HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 0\r\n\r\n", "405"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn, err := net.Dial("tcp", host)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if err := conn.SetDeadline(time.Now().Add(15 * time.Second)); err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(conn, c.request); err != nil {
				t.Fatal(err)
			}
			line, err := bufio.NewReader(conn).ReadString('\n')
			if err != nil || !strings.Contains(line, " "+c.status) {
				t.Errorf("answered %q (%v), want %s", line, err, c.status)
			}
		})
	}
}
