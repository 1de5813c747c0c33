package gateway_test

import (
	"context"
	"fmt"
	"testing"

	"sonata.ai/sonata/internal/gateway"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/supergraph"
)

const (
	guardedSDL = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@authenticated", "@requiresScopes"])
type Query { open: Int closed: Int @authenticated order: Order items: [Item] strict: Strict }
type Mutation { pay: Int @requiresScopes(scopes: [["orders:write"]]) free: Int }
type Subscription { paid: Int @authenticated }
type Order @key(fields: "id") { id: ID! total: Int @requiresScopes(scopes: [["orders:read", "money:read"], ["all:read"]]) note: Note }
type Note @authenticated { text: String }
interface Item { label: String }
type Card implements Item { label: String @authenticated }
type Strict { must: Int! @authenticated }`
	guardedData = `{"Query": {"open": 1, "closed": 2, "order": {"$ref":"Order","id":"1"}, "items": [{"__typename":"Card","label":"x"}], "strict": {"must": 1}},
 "Mutation": {"pay": 1, "free": 2}, "Order": [{"id":"1","total":5,"note":{"text":"n"}}]}`
)

// What a service lets only some see is decided before it is asked; a request that would bring nothing else is not sent.
func TestFieldsThatNeedAScope(t *testing.T) {
	t.Parallel()
	sg, problems := supergraph.Compose([]supergraph.Subgraph{{Name: "orders", SDL: guardedSDL}, {Name: "products", SDL: link + productsSDL}})
	if sg == nil {
		t.Fatal(problems)
	}
	w := &world{t: t, gateway: gateway.New(gateway.Options{}), remotes: map[string]*gateway.Remote{}, sources: map[string]gateway.Source{}, servers: servers{}}
	t.Cleanup(w.gateway.Close)
	orders := w.service("orders", guardedSDL, guardedData)
	w.service("products", productsSDL, productsData)
	w.swap(sg)
	holding := func(scopes ...string) context.Context {
		return principal.With(context.Background(), principal.Principal{
			Actor: principal.Actor{ID: "mem_1", Kind: principal.Member}, Grants: []principal.Grant{{Scopes: scopes}},
		})
	}
	nobody := context.Background()
	const signIn, forbidden = `"message":"sign in to see this field"`, `"message":"you may not see this field"`
	for i, c := range []struct {
		ctx         context.Context
		query, want string
		asked       int
	}{
		{nobody, `{open}`, `{"data":{"open":1}}`, 1},
		{nobody, `{closed}`, `{"errors":[{` + signIn + `,"path":["closed"],"extensions":{"code":"UNAUTHENTICATED"}}],"data":{"closed":null}}`, 0},
		{nobody, `{open closed}`, `{"errors":[{` + signIn + `,"path":["closed"],"extensions":{"code":"UNAUTHENTICATED"}}],"data":{"open":1,"closed":null}}`, 1},
		{holding(), `{c: closed}`, `{"data":{"c":2}}`, 1},
		{holding("orders:read"), `{order {id total note {text}}}`, `{"errors":[{` + forbidden + `,"path":["order","total"],"extensions":{"code":"FORBIDDEN"}}],"data":{"order":{"id":"1","total":null,"note":{"text":"n"}}}}`, 1},
		{holding("orders:read", "money:read"), `{order {total}}`, `{"data":{"order":{"total":5}}}`, 1},
		{holding("all:read"), `{order {total}}`, `{"data":{"order":{"total":5}}}`, 1},
		{nobody, `{order {id note {text}}}`, `{"errors":[{` + signIn + `,"path":["order","note"],"extensions":{"code":"UNAUTHENTICATED"}}],"data":{"order":{"id":"1","note":null}}}`, 1},
		{nobody, `{items {label}}`, `{"errors":[{` + signIn + `,"path":["items",0,"label"],"extensions":{"code":"UNAUTHENTICATED"}}],"data":{"items":[{"label":null}]}}`, 1},
		{nobody, `{strict {must}}`, `{"errors":[{` + signIn + `,"path":["strict","must"],"extensions":{"code":"UNAUTHENTICATED"}}],"data":{"strict":null}}`, 1},
		{holding("orders:read"), `mutation {free pay}`, `{"errors":[{` + forbidden + `,"path":["pay"],"extensions":{"code":"FORBIDDEN"}}],"data":{"free":2,"pay":null}}`, 1},
		{holding("orders:write"), `mutation {pay}`, `{"data":{"pay":1}}`, 1},
	} {
		got := w.ask(c.ctx, c.query, "")
		if got != c.want {
			t.Errorf("%d: %s\n got %s\nwant %s", i, c.query, got, c.want)
		}
		if asked := orders.Asked(); len(asked) != c.asked {
			t.Errorf("%d: %s: asked %s", i, c.query, fmt.Sprint(asked))
		}
	}
	for query, ok := range map[string]bool{`subscription {p: paid}`: false, `subscription {...F} fragment F on Subscription {p: paid}`: false} {
		op, err := gateway.Parsed(w.gateway.Current(), query)
		if err != nil {
			t.Fatal(err)
		}
		_, errs := w.gateway.Follow(nobody, op)
		if (errs == nil) != ok || fmt.Sprint(errs) != "input: p sign in to see this field\n" {
			t.Errorf("%s: %q", query, fmt.Sprint(errs))
		}
		if asked := orders.Asked(); len(asked) != 0 {
			t.Error(asked)
		}
	}
	op, _ := gateway.Parsed(w.gateway.Current(), `subscription {paid}`)
	ctx, cancel := context.WithCancel(holding())
	if _, errs := w.gateway.Follow(ctx, op); errs != nil {
		t.Error(errs)
	}
	eventually(t, func() bool { return orders.Streams("paid") == 1 })
	cancel()
	eventually(t, func() bool { return orders.Streams("paid") == 0 })
}
