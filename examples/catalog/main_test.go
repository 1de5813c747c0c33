package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"sonata.ai/sonata/examples/catalog/store"
)

// catalog is the running service.
type catalog struct {
	*testing.T
	address string
	stop    func()
}

func start(t *testing.T, database string) catalog {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	reader, writer := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, []string{"--listen", "127.0.0.1:0", "--database", database}, writer) }()
	stopped := false
	c := catalog{T: t, stop: func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("it ended with %v", err)
			}
		case <-time.After(10 * time.Second):
			t.Error("it does not end")
		}
	}}
	t.Cleanup(c.stop)
	lines := bufio.NewReader(reader)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		if found := regexp.MustCompile(`^  go run \. subgraph publish --service catalog --url (http://\S+)/graphql --introspect\n$`).FindStringSubmatch(line); found != nil {
			c.address = found[1]
			go io.Copy(io.Discard, lines)
			return c
		}
	}
}

func (c catalog) ask(document string, variables map[string]any) string {
	c.Helper()
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		c.Fatal(err)
	}
	response, err := http.Post(c.address+"/graphql", "application/json", bytes.NewReader(body)) //nolint:noctx // a test
	if err != nil {
		c.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		c.Fatal(err)
	}
	return string(answer)
}

func (c catalog) want(got, want string) {
	c.Helper()
	if got != want {
		c.Errorf("got  %s\nwant %s", got, want)
	}
}

// Pages follow each other without a gap and end.
func TestProductsComeInPages(t *testing.T) {
	c := start(t, filepath.Join(t.TempDir(), "new", "catalog.db"))
	var names []string
	var after *string
	for range 4 {
		var answer struct {
			Data struct {
				Products struct {
					Edges    []struct{ Node struct{ Name string } }
					PageInfo struct {
						HasNextPage, HasPreviousPage bool
						EndCursor                    string
					}
					TotalCount int
				}
			}
		}
		got := c.ask(`query ($after: String) { products(first: 5, after: $after) { edges { node { name } } pageInfo { hasNextPage hasPreviousPage endCursor } totalCount } }`, map[string]any{"after": after})
		if err := json.Unmarshal([]byte(got), &answer); err != nil {
			t.Fatal(err)
		}
		p := answer.Data.Products
		if p.TotalCount != 12 || p.PageInfo.HasPreviousPage != (after != nil) {
			t.Fatal(got)
		}
		for _, e := range p.Edges {
			names = append(names, e.Node.Name)
		}
		if !p.PageInfo.HasNextPage {
			break
		}
		after = &p.PageInfo.EndCursor
	}
	if len(names) != 12 || names[0] != "Reading lamp" || names[11] != "Linen napkins" {
		t.Errorf("the pages have %q", names)
	}
	c.want(c.ask(`{ products(category: "table", first: 1) { edges { node { id category { name } } } totalCount } categories { id } product(id: "nothing") { id } }`, nil),
		`{"data":{"products":{"edges":[{"node":{"id":"p09","category":{"name":"At the table"}}}],"totalCount":4},"categories":[{"id":"table"},{"id":"light"},{"id":"seating"}],"product":null}}`)
	c.want(c.ask(`{ products(first: 101) { totalCount } }`, nil),
		`{"errors":[{"message":"first is a number from 1 to 100","path":["products"],"locations":[{"line":1,"column":3}],"extensions":{"code":"BAD_USER_INPUT"}}],"data":{"products":null}}`)
	c.want(c.ask(`{ products(after: "%") { totalCount } }`, nil),
		`{"errors":[{"message":"after is the cursor of an edge, as it was answered","path":["products"],"locations":[{"line":1,"column":3}],"extensions":{"code":"BAD_USER_INPUT"}}],"data":{"products":null}}`)
}

// What other services know by its id is found, in the order of the question.
func TestEntitiesAreFoundInOrder(t *testing.T) {
	c := start(t, filepath.Join(t.TempDir(), "catalog.db"))
	of := func(kind, id string) map[string]any { return map[string]any{"__typename": kind, "id": id} }
	c.want(c.ask(`query ($all: [_Any!]!) { _entities(representations: $all) { ... on Product { name price } ... on Category { id name } } }`,
		map[string]any{"all": []any{of("Product", "p03"), of("Category", "light"), of("Product", "gone"), of("Product", "p01"), of("Category", "light"), of("Product", "p03")}}),
		`{"data":{"_entities":[{"name":"Candle holder","price":1900},{"id":"light","name":"Light"},null,{"name":"Reading lamp","price":8900},{"id":"light","name":"Light"},{"name":"Candle holder","price":1900}]}}`)
	if sdl := c.ask(`{ _service { sdl } }`, nil); !strings.Contains(sdl, `type Product @key(fields: \"id\") {`) {
		t.Errorf("the schema is %s", sdl)
	}
}

// A picture is where its address says.
func TestPicturesAreServed(t *testing.T) {
	c := start(t, filepath.Join(t.TempDir(), "catalog.db"))
	c.want(c.ask(`{ product(id: "p01") { imageUrl } }`, nil), `{"data":{"product":{"imageUrl":"`+c.address+`/images/p01.svg"}}}`)
	response, err := http.Get(c.address + "/images/p01.svg") //nolint:noctx // a test
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if kind := response.Header.Get("Content-Type"); response.StatusCode != http.StatusOK || kind != "image/svg+xml" {
		t.Errorf("status %d, %s", response.StatusCode, kind)
	}
}

// What is wrong with the database is not told to clients.
func TestFailuresAreNotTold(t *testing.T) {
	products, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "catalog.db"))
	if err != nil {
		t.Fatal(err)
	}
	products.Close()
	srv := httptest.NewServer(routes(products, ""))
	t.Cleanup(srv.Close)
	c := catalog{T: t, address: srv.URL}
	c.want(c.ask(`{ categories { id } }`, nil), `{"errors":[{"message":"internal error","path":["categories"],"extensions":{"code":"INTERNAL"}}],"data":{"categories":null}}`)
}

// A second start keeps what is there.
func TestTheDatabaseIsKept(t *testing.T) {
	database := filepath.Join(t.TempDir(), "catalog.db")
	c := start(t, database)
	c.stop()
	c = start(t, database)
	c.want(c.ask(`{ products { totalCount } }`, nil), `{"data":{"products":{"totalCount":12}}}`)
	if err := run(t.Context(), []string{"--database", filepath.Join(database, "x")}, io.Discard); err == nil {
		t.Error("it starts where no database can be")
	}
}
