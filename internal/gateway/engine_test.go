package gateway_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"sonata.ai/sonata/internal/testkit/subgraph"
)

func TestAnOperationJoinsServices(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.want(`{products(first: 2) {name stars}}`, "", `{"data":{"products":[{"name":"Chair","stars":4.5},{"name":"Table","stars":3}]}}`)
	w.want(`query($n: Int = 1) {all: products(first: $n) {name reviews(first: 1) {text product {name}}} reviewCount __typename}`, "",
		`{"data":{"all":[{"name":"Chair","reviews":[{"text":"good","product":{"name":"Chair"}}]}],"reviewCount":3,"__typename":"Query"}}`)
	w.want(`query($id: ID!) {product(id: $id) {...P}} fragment P on Product {name stars}`, `{"id":"3"}`, `{"data":{"product":{"name":"Lamp","stars":1.25}}}`)
	w.want(`query($deep: Boolean!) {product(id: "2") {name stars @include(if: $deep)}}`, `{"deep":false}`, `{"data":{"product":{"name":"Table"}}}`)
	w.want(`query($deep: Boolean!) {product(id: "2") {name stars @include(if: $deep)}}`, `{"deep":true}`, `{"data":{"product":{"name":"Table","stars":3}}}`)
	w.want(`query($not: Boolean!) {product(id: "2") @skip(if: $not) {name}}`, `{"not":true}`, `{"data":{}}`)
	w.want(`{product(id: 9) {name stars}}`, "", `{"data":{"product":null}}`)
	w.want(`{_entities(representations: []) {__typename}}`, "", `{"errors":[{"message":"Cannot query field \"_entities\" on type \"Query\".","locations":[{"line":1,"column":2}],"extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}]}`)
	w.want(`{products {`, "", `{"errors":[{"message":"Expected Name, found \u003cEOF\u003e","locations":[{"line":1,"column":12}],"extensions":{"code":"GRAPHQL_PARSE_FAILED"}}]}`)
	w.want(`query($id: ID!) {product(id: $id) {name}}`, "", `{"errors":[{"message":"must be defined","path":["variable","id"],"extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}]}`)
	w.want(`subscription {productChanged {name}}`, "", `{"errors":[{"message":"a subscription cannot be answered at once","extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}]}`)
}

// A service that lists ten thousand entities is asked for all of them at once, and the other one, too.
func TestManyEntities(t *testing.T) {
	t.Parallel()
	const many = 10_000
	var refs, reviews []string
	for i := range many {
		refs = append(refs, fmt.Sprintf(`{"__typename":"Product","id":"%d","name":"n"}`, i))
		reviews = append(reviews, fmt.Sprintf(`{"__typename":"Product","stars":%d}`, i))
	}
	w := newWorld(t)
	w.products.Break(subgraph.Fault{Body: `{"data":{"products":[` + strings.Join(refs, ",") + `]}}`})
	w.reviews.Break(subgraph.Fault{Body: `{"data":{"_entities":[` + strings.Join(reviews, ",") + `]}}`})
	began := time.Now()
	got := w.ask(context.Background(), `{products {name stars}}`, "")
	t.Logf("%d bytes in %s", len(got), time.Since(began))
	if n := strings.Count(got, `"stars"`); n != many || !strings.HasSuffix(got, `{"name":"n","stars":9999}]}}`) {
		t.Errorf("%d, %.300s", n, got)
	}
	if asked := w.reviews.Asked(); len(asked) != 1 {
		t.Errorf("%d questions", len(asked))
	}
}
