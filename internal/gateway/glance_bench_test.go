package gateway

import (
	"fmt"
	"strings"
	"testing"

	"sonata.ai/sonata/internal/supergraph"
)

// What it costs to look at the answers of a join of three services, at once and as it was done before.
func BenchmarkGlance(b *testing.B) {
	c, err := newConformer(supergraph.Source{Name: "s", SDL: `
type Query { users(first: Int!): [User!] }
type User @key(fields: "id") { id: ID! name: String! orders: [Order!] }
type Order @key(fields: "id") { id: ID! total: Int! product: Product }
type Product @key(fields: "id") { id: ID! name: String price: Int inStock: Boolean }`})
	if err != nil {
		b.Fatal(err)
	}
	many := func(n int, format string) string {
		var all []string
		for i := range n {
			all = append(all, strings.ReplaceAll(format, "#", fmt.Sprint(i)))
		}
		return "[" + strings.Join(all, ",") + "]"
	}
	entitiesOf := func(n int, name, selected string) string {
		return fmt.Sprintf(`{"query":"query($representations: [_Any!]!){_entities(representations: $representations){... on %s {__typename %s}}}","variables":{"representations":%s}}`,
			name, selected, many(n, `{"__typename":"`+name+`","id":"u#"}`))
	}
	order := `{"__typename":"Order","id":"o#","total":10#,"product":{"__typename":"Product","id":"p#"}}`
	before := &oldGlancer{}
	for _, a := range []struct{ name, question, answer string }{
		{"users", `{"query":"query($a: Int!){users(first: $a){id name __typename}}","variables":{"a":20}}`, `{"data":{"users":` + many(20, `{"__typename":"User","id":"u#","name":"Name of user #"}`) + `}}`},
		{"orders", entitiesOf(20, "User", "orders {id total product {__typename id}}"), `{"data":{"_entities":` + many(20, `{"__typename":"User","orders":[`+order+`,`+order+`,`+order+`]}`) + `}}`},
		{"products", entitiesOf(30, "Product", "name price inStock"), `{"data":{"_entities":` + many(30, `{"__typename":"Product","name":"Name of product #","price":1#,"inStock":true}`) + `}}`},
	} {
		question, answer := []byte(a.question), []byte(a.answer)
		run := func(likes func() bool) func(b *testing.B) {
			return func(b *testing.B) {
				b.ReportAllocs()
				b.SetBytes(int64(len(answer)))
				for b.Loop() {
					if !likes() {
						b.Fatal("it is not liked")
					}
				}
			}
		}
		b.Run(a.name+"/now", run(func() bool { return likes(question, answer, c, glancedFits) }))
		b.Run(a.name+"/before", run(func() bool { return before.likes(question, answer, c, glancedFits) }))
	}
}
