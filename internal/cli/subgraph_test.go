package cli_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sonata.ai/sonata/internal/testkit/subgraph"
)

const catalogSDL = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
type Query { product(id: ID!): Product }
type Product @key(fields: "id") { id: ID! name: String! }
`

// answering is a server that answers every request with this, and keeps what it was sent last.
func answering(t *testing.T, status int, contentType, body string) (address string, sent *string) {
	t.Helper()
	sent = new(string)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		*sent = string(raw)
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Location", "http://127.0.0.1:1/")
		w.WriteHeader(status)
		io.WriteString(w, body)
	}))
	t.Cleanup(srv.Close)
	return srv.URL, sent
}

// A service that speaks Federation is asked for its schema, and exactly that is checked.
func TestSubgraphIntrospects(t *testing.T) {
	service, err := subgraph.New(catalogSDL, `{}`)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(service)
	t.Cleanup(srv.Close)
	server, sent := answering(t, 200, "application/json", `{"data":{"subgraphCheck":{"check":{"ok":true,"composition":[
		{"severity":"WARNING","code":"NULLABLE","message":"May be away.","hint":"Make it nullable.","service":"catalog","line":2,"column":14}],
		"changes":[{"path":"Product","breaking":false,"message":"Product was added"}],"brokenDocuments":[],"brokenElsewhere":0},"userErrors":[]}}}`)
	code, stdout, stderr := sonata(t, "subgraph", "check", "--server", server, "--service", "catalog", "--introspect", "--url", srv.URL)
	want := "catalog can be published: 1 change of the graph for clients, none of them breaking\n" +
		"  - catalog:2:14: warning: May be away. (NULLABLE)\n      Make it nullable.\n  - Product was added\n"
	if code != 0 || stdout != want || stderr != "" {
		t.Errorf("exit code %d:\n%s%s", code, stdout, stderr)
	}
	var request struct {
		Variables struct{ Input struct{ Service, SDL string } }
	}
	if err := json.Unmarshal([]byte(*sent), &request); err != nil || request.Variables.Input.SDL != catalogSDL || request.Variables.Input.Service != "catalog" {
		t.Errorf("the server was sent %s (%v)", *sent, err)
	}
}

// A new service is full of what breaks nobody: enough of it is listed, and the rest is counted.
func TestSubgraphListsEnough(t *testing.T) {
	schema := filepath.Join(t.TempDir(), "catalog.graphql")
	if err := os.WriteFile(schema, []byte(catalogSDL), 0o600); err != nil {
		t.Fatal(err)
	}
	added := strings.TrimSuffix(strings.Repeat(`{"path":"Query.f","breaking":false,"message":"Query.f was added"},`, 25), ",")
	server, _ := answering(t, 200, "application/json", `{"data":{"subgraphCheck":{"check":{"ok":true,"composition":[],"changes":[`+added+`],"brokenDocuments":[],"brokenElsewhere":0},"userErrors":[]}}}`)
	code, stdout, _ := sonata(t, "subgraph", "check", "--server", server, "--service", "catalog", "--schema", schema)
	if code != 0 || strings.Count(stdout, "  - Query.f was added\n") != 20 || !strings.HasSuffix(stdout, "  - and 5 more that break nobody\n") || !strings.Contains(stdout, ": 25 changes") {
		t.Errorf("exit code %d:\n%s", code, stdout)
	}
}

// Whatever a service answers instead of a schema, the command says what is wrong and asks Sonata nothing.
func TestSubgraphTellsWhyThereIsNoSchema(t *testing.T) {
	for name, c := range map[string]struct {
		status     int
		kind, body string
		want       string
	}{
		"a page":      {200, "text/html", "<html>", "does not answer GraphQL (status 200)"},
		"an error":    {200, "application/json", `{"errors":[{"message":"Cannot query field \"_service\""}]}`, `does not tell its schema: it says "Cannot query field \"_service\""`},
		"colors":      {200, "application/json", `{"errors":[{"message":"\u001b[31mred"}]}`, `it says "\x1b[31mred"`},
		"no service":  {200, "application/json", `{"data":{"_service":null}}`, "the answer has none"},
		"no schema":   {200, "application/json", `{"data":{"_service":{"sdl":" "}}}`, "the answer has none"},
		"no answer":   {500, "application/json", `{}`, "does not answer GraphQL (status 500)"},
		"a list":      {200, "application/json", `[]`, "does not answer GraphQL (status 200)"},
		"a redirect":  {307, "application/json", ``, "answers with a redirect"},
		"without end": {200, "application/json", `{"data":{"_service":{"sdl":"` + strings.Repeat("#", 9<<20) + `"}}}`, "answers with more than 8 MB"},
	} {
		t.Run(name, func(t *testing.T) {
			service, _ := answering(t, c.status, c.kind, c.body)
			server, asked := answering(t, 200, "application/json", `{}`)
			code, stdout, stderr := sonata(t, "subgraph", "publish", "--server", server, "--service", "catalog", "--introspect", "--url", service)
			if code != 1 || stdout != "" || !strings.Contains(stderr, c.want) {
				t.Errorf("exit code %d:\n%s%s\nwant %s", code, stdout, stderr, c.want)
			}
			if *asked != "" {
				t.Errorf("the server was asked %s", *asked)
			}
		})
	}
}

// What is refused ends with 1, and what was not understood with 2.
func TestSubgraphExitCodes(t *testing.T) {
	schema := filepath.Join(t.TempDir(), "catalog.graphql")
	if err := os.WriteFile(schema, []byte(catalogSDL), 0o600); err != nil {
		t.Fatal(err)
	}
	server, asked := answering(t, 200, "application/json", `{"data":{"subgraphCheck":{"check":{"ok":false,"composition":[
		{"severity":"ERROR","code":"KEY_INVALID_FIELDS","message":"There is no sku.","hint":null,"service":"catalog","line":3,"column":9},
		{"severity":"ERROR","code":"OTHER","message":"Nor here.","hint":null,"service":"reviews","line":1,"column":2},
		{"severity":"ERROR","code":"NOWHERE","message":"Nowhere.","hint":null,"service":null,"line":null,"column":null}],
		"changes":[],"brokenDocuments":[],"brokenElsewhere":0},"userErrors":[]}}}`)
	code, _, stderr := sonata(t, "subgraph", "check", "--server", server, "--service", "catalog", "--schema", schema)
	want := "sonata: catalog would be refused:\n  - " + schema + ":3:9: There is no sku. (KEY_INVALID_FIELDS)\n  - reviews:1:2: Nor here. (OTHER)\n  - Nowhere. (NOWHERE)\n"
	if code != 1 || stderr != want {
		t.Errorf("exit code %d:\n%s", code, stderr)
	}
	*asked = ""
	for want, args := range map[string][]string{
		"usage:":                          {},
		"usage: ":                         {"push"},
		"--service is missing":            {"check", "--schema", schema},
		"say where the schema is":         {"publish", "--service", "catalog", "--url", "http://127.0.0.1:1"},
		"two places for one schema":       {"check", "--service", "catalog", "--schema", schema, "--introspect"},
		"say at which --url":              {"publish", "--service", "catalog", "--introspect"},
		"--url is missing":                {"publish", "--service", "catalog", "--schema", schema},
		"--to is missing":                 {"rollback", "--service", "catalog"},
		"invalid value":                   {"rollback", "--service", "catalog", "--to", "last"},
		"is not a flag":                   {"withdraw", "catalog"},
		"flag provided but not defined":   {"check", "--allow-breaking"},
		"not defined: -owner":             {"check", "--owner", "me"},
		"cannot read the schema":          {"check", "--service", "catalog", "--schema", schema + ".not"},
		"write http:// or https:// befor": {"check", "--service", "catalog", "--introspect", "--url", "127.0.0.1:8091"},
	} {
		code, stdout, stderr := sonata(t, append([]string{"subgraph"}, append(args, "--server", server)...)...)
		if len(args) == 0 {
			code, stdout, stderr = sonata(t, "subgraph")
		}
		if code != 2 || stdout != "" || !strings.Contains(stderr, want) {
			t.Errorf("%v: exit code %d:\n%s%s", args, code, stdout, stderr)
		}
	}
	if *asked != "" {
		t.Errorf("the server was asked %s", *asked)
	}
}
