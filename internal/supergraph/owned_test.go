package supergraph

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestOwnSchema: the schema of this product composes as the owned subgraph, alone to what it is, and beside a service.
func TestOwnSchema(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "schema", "*.graphql"))
	if err != nil || len(files) == 0 {
		t.Fatal("no schema", err)
	}
	var b strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(text)
		b.WriteByte('\n')
	}
	// Which types take fields of services is said where the schema is exported.
	sdl := linkLine + strings.Replace(b.String(), "type Frontend implements Node ", `type Frontend implements Node @key(fields: "id") `, 1)
	alone, problems := Compose([]Subgraph{{Name: "sonata", SDL: sdl, Owned: true}})
	if alone == nil {
		t.Fatal(describe(problems))
	}
	if changes := Compare(loadSchemaPlain(t, b.String()), alone.API); len(changes) > 0 {
		t.Errorf("it changes by being composed: %s", describeChanges(changes))
	}
	shop := Subgraph{Name: "shop", SDL: linkLine + `
interface Node { id: ID! }
scalar Time
type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
type Query { orders(first: Int): OrderConnection }
type OrderConnection { nodes: [Order] pageInfo: PageInfo! }
type Order implements Node @key(fields: "id") { id: ID! at: Time }
type Frontend @key(fields: "id") { id: ID! orders: [Order] }
`}
	joined, problems := Compose([]Subgraph{shop, {Name: "sonata", SDL: sdl, Owned: true}})
	if joined == nil || len(problems) > 0 {
		t.Fatal(describe(problems))
	}
	for _, c := range Compare(alone.API, joined.API) {
		if c.Breaking {
			t.Errorf("a service breaks the owned subgraph: %+v", c)
		}
	}
	if joined.API.Types["Frontend"].Fields.ForName("orders") == nil {
		t.Error("the field is missing")
	}
}
