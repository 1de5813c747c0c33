package gateway_test

import (
	"context"
	"testing"

	"sonata.ai/sonata/internal/gateway"
	"sonata.ai/sonata/internal/supergraph"
	"sonata.ai/sonata/internal/testkit/subgraph"
)

const oddSDL = `
interface Animal { name: String }
type Dog implements Animal { name: String age: Int }
type Cat implements Animal { name: String lives: Int }
type Thing { id: ID! name: String size: Float }
enum Mood { GOOD }
type Query { big: String things: [Thing] strict: [Int!] animal: Animal ids: [ID] mood: Mood fine: String yes: Boolean }
`

// A value that its field cannot have becomes null with an error at its place, and takes nothing else along.
func TestAnswersThatDoNotFitTheirSchema(t *testing.T) {
	t.Parallel()
	other := `type Query { other: Int }`
	sg, problems := supergraph.Compose([]supergraph.Subgraph{{Name: "odd", SDL: oddSDL}, {Name: "other", SDL: other}})
	if sg == nil {
		t.Fatal(problems)
	}
	w := &world{t: t, gateway: gateway.New(gateway.Options{}), remotes: map[string]*gateway.Remote{}, sources: map[string]gateway.Source{}, servers: servers{}}
	t.Cleanup(w.gateway.Close)
	odd := w.service("odd", oddSDL, `{"Query":{}}`)
	w.service("other", other, `{"Query":{"other":1}}`)
	w.swap(sg)
	wrong := func(paths ...string) string {
		out := `{"errors":[`
		for i, path := range paths {
			if i > 0 {
				out += ","
			}
			out += `{"message":"the service \"odd\" answered something that its schema does not allow","path":` + path + `,"extensions":{"code":"SUBGRAPH_INVALID_RESPONSE","service":"odd"}}`
		}
		return out + `],"data":`
	}
	for _, c := range []struct{ query, answer, want string }{
		{`{other big fine}`, `{"big":5,"fine":"f"}`, wrong(`["big"]`) + `{"other":1,"big":null,"fine":"f"}}`},
		{`{other big}`, `{"big":[1]}`, wrong(`["big"]`) + `{"other":1,"big":null}}`},
		{`{other big}`, `{"big":{"a":1}}`, wrong(`["big"]`) + `{"other":1,"big":null}}`},
		{`{other things {name}}`, `{"things":{"name":"a"}}`, wrong(`["things"]`) + `{"other":1,"things":null}}`},
		{`{other things {name}}`, `{"things":"no"}`, wrong(`["things"]`) + `{"other":1,"things":null}}`},
		{`{other things {name size}}`, `{"things":[{"name":[1],"size":1},7,{"name":"n","size":1.5}]}`, wrong(`["things",0,"name"]`, `["things",1]`) + `{"other":1,"things":[{"name":null,"size":1},null,{"name":"n","size":1.5}]}}`},
		{`{other things {id}}`, `{"things":[{"id":true},{"id":7},{"id":"x"}]}`, wrong(`["things",0,"id"]`) + `{"other":1,"things":[null,{"id":7},{"id":"x"}]}}`},
		{`{other strict}`, `{"strict":[1,2.5]}`, wrong(`["strict",1]`) + `{"other":1,"strict":null}}`},
		{`{other strict}`, `{"strict":[9999999999]}`, wrong(`["strict",0]`) + `{"other":1,"strict":null}}`},
		{`{other ids}`, `{"ids":["a",3,2.5,null]}`, wrong(`["ids",2]`) + `{"other":1,"ids":["a",3,null,null]}}`},
		{`{other mood}`, `{"mood":"BAD"}`, wrong(`["mood"]`) + `{"other":1,"mood":null}}`},
		{`{other yes}`, `{"yes":"true"}`, wrong(`["yes"]`) + `{"other":1,"yes":null}}`},
		{`{other animal {name ... on Dog {age}}}`, `{"animal":{"__typename":"Thing","name":"t"}}`, wrong(`["animal"]`) + `{"other":1,"animal":null}}`},
		{`{other animal {__typename name ... on Dog {age}}}`, `{"animal":{"__typename":"Dog","name":"d","age":"old"}}`, wrong(`["animal","age"]`) + `{"other":1,"animal":{"__typename":"Dog","name":"d","age":null}}}`},
		{`{other a: animal {...F}} fragment F on Animal {n: name ... on Cat {lives}}`, `{"a":{"__typename":"Cat","n":"c","lives":9}}`, `{"data":{"other":1,"a":{"n":"c","lives":9}}}`},
	} {
		odd.Break(subgraph.Fault{Body: `{"data":` + c.answer + `}`})
		if got := w.ask(context.Background(), c.query, ""); got != c.want {
			t.Errorf("%s answered %s\n got %s\nwant %s", c.query, c.answer, got, c.want)
		}
	}
}
