package gateway

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"sonata.ai/sonata/internal/supergraph"
)

const glancedSDL = `
type Query {
  me: String products(first: Int): [Product!]! product(id: ID!): Product animal: Animal animals: [[Animal]] any: Any node(id: ID!): Node
  mood: Mood moods: [Mood!] size: Float count: Int id: ID yes: Boolean json: JSON jsons: [JSON] unseen: Unseen
  _prd: Node _prds: [Node] nodeOne: Node nodeMany: [Node]
}
type Mutation { rename(name: String): Product }
scalar JSON
enum Mood { GOOD BAD }
interface Node { id: ID! }
interface Animal { name: String mate: Animal }
union Any = Dog | Cat | Product
type Dog implements Animal { name: String mate: Dog age: Int }
type Cat implements Animal { name: String mate: Animal lives: Int friends: [Animal!] }
type Product implements Node { id: ID! name: String! stars: Float! best: Review reviews(first: Int): [Review!] size: Size }
type Review { text: String! product: Product mood: Mood }
type Size { width: Int height: Int unit: String }
type Other implements Node { id: ID! other: Int }
`

// glanced are the shapes that answers are looked at with: one of a service, one of a service that has nodes, and none.
func glanced(t testing.TB) [3]*conformer {
	t.Helper()
	var all [3]*conformer
	for i, nodes := range []*supergraph.Nodes{nil, {One: "nodeOne", Many: "nodeMany", Types: []string{"Product"}}} {
		c, err := newConformer(supergraph.Source{Name: "s", SDL: glancedSDL, Nodes: nodes})
		if err != nil {
			t.Fatal(err)
		}
		all[i] = c
	}
	return all
}

// glancedFits lets an Animal be each of its types.
func glancedFits(asked, got string) bool {
	return asked == got || asked == "Animal" && (got == "Dog" || got == "Cat") || got == "Animal" && (asked == "Dog" || asked == "Cat")
}

const asksEntitiesOf = `query($representations: [_Any!]!){_entities(representations: $representations){%s}}`

// asking is a question as our engine writes it.
func asking(query string, representations ...string) string {
	text, err := json.Marshal(query)
	if err != nil {
		panic(err)
	}
	if representations == nil {
		return fmt.Sprintf(`{"query":%s,"variables":{"a":1}}`, text)
	}
	for i, r := range representations {
		representations[i] = fmt.Sprintf(`{"__typename":%q,"id":"%d"}`, r, i)
	}
	return fmt.Sprintf(`{"query":%s,"variables":{"a":{"x":[1]},"representations":[%s]}}`, text, strings.Join(representations, ","))
}

type glancedCase struct{ question, answer string }

// ordinary are answers as they are: each has to be liked.
func ordinary() []glancedCase {
	deep := `{"name":"d","mate":{"name":"m","mate":null}}`
	return []glancedCase{
		{asking(`{me}`), `{"data":{"me":"x"}}`},
		{asking(`{me}`), " {\n\t\"data\" : { \"me\" : \"x\" } ,\r\n \"extensions\" : { \"ab\" : [ ] , \"c\" : { } } } "},
		{asking(`{me}`), `{"extensions":{"cost":1.5e3},"data":{"me":null,"more":{"a":[true,false,null,-0.1E-2]}}}`},
		{asking(`{me products(first: 2) {name __typename id}}`), `{"data":{"me":"viewer-0","products":[{"name":"Chair","__typename":"Product","id":"1"},{"__typename":"Product","id":2,"name":"T\u00e9\ud83d\ude00\n\"\\\/"}]}}`},
		{asking(`{products {name}}`), `{"data":{"products":[]}}`},
		{asking(`{products {name stars}}`), `{"data":{"products":[{"name":"` + strings.Repeat("long and plain ", 9) + "é\xff" + `","stars":4.5},{"name":"b","stars":3},{"name":"c","stars":-1e3}]}}`},
		{asking(`{a: product(id: "\"x\"") {id} b: product(id: 2) {best {text mood product {id}} size {width}}}`), `{"data":{"b":{"best":{"text":"t","mood":"GOOD","product":{"id":7}},"size":{"width":-2147483648}},"a":null}}`},
		{asking(`{mood moods size count id yes json jsons unseen {a}}`), `{"data":{"mood":"BAD","moods":["GOOD","BAD",null],"size":1,"count":2147483647,"id":"i","yes":false,"json":{"a":[{"b":"c"}]},"jsons":[1,"2",[]],"unseen":[7]}}`},
		{asking(`{id size}`), `{"data":{"id":1234567890123456789,"size":0.25}}`},
		{asking(`{__schema {a} t: __typename __typename nothing}`), `{"data":{"__schema":7,"t":"Query","__typename":"Query","nothing":{}}}`},
		{asking(`{animal {__typename name ... on Dog {age} ... on Cat {lives}}}`), `{"data":{"animal":{"__typename":"Dog","name":"d","age":3}}}`},
		{asking(`{animal {name ... on Dog {age} ...C __typename}} fragment C on Cat {x: lives friends {name}}`), `{"data":{"animal":{"x":9,"name":"c","friends":[{"name":"f"},` + deep + `],"__typename":"Cat"}}}`},
		{asking(`{animals {name mate {name mate {name}} ... on Dog {mate {age}}}}`), `{"data":{"animals":[[` + deep + `,{"__typename":"Dog","mate":{"age":1,"name":"n","__typename":"Dog"}}],null,[]]}}`},
		{asking(`{any {__typename ... on Product {id} ... on Animal {name}}}`), `{"data":{"any":{"__typename":"Product","id":"p"}}}`},
		{asking(`{any {... on Product {id} ... on Animal {name} __typename}}`), `{"data":{"any":{"id":"p","__typename":"Product"}}}`},
		{asking(`{nodeOne(id: 1) {__typename id ... on Product {name}} nodeMany(ids: [1]) {__typename id}}`), `{"data":{"nodeOne":{"__typename":"Product","id":"p","name":"n"},"nodeMany":[{"__typename":"Product","id":"p"},null]}}`},
		{asking(`mutation{rename(name: "x") {name}}`), `{"data":{"rename":{"name":"x"}}}`},
		{asking(fmt.Sprintf(asksEntitiesOf, `... on Product {__typename stars best {text}}`), "Product", "Product"), `{"data":{"_entities":[{"__typename":"Product","stars":1,"best":{"text":"a"}},{"__typename":"Product","stars":2,"best":null}]}}`},
		{asking(fmt.Sprintf(asksEntitiesOf, `... on Product {__typename stars}`), "Product", "Product", "Product"), `{"data":{"_entities":[{"stars":1.5,"__typename":"Product"},null,{"stars":2}]}}`},
		{asking(fmt.Sprintf(asksEntitiesOf, `... on Animal {__typename name} ...D`)+` fragment D on Dog {age}`, "Animal", "Dog", "Cat"), `{"data":{"_entities":[{"__typename":"Dog","name":"d","age":1},{"__typename":"Dog","name":"d","age":1},{"__typename":"Animal","name":"c"}]}}`},
		{strings.Replace(asking(fmt.Sprintf(asksEntitiesOf, `... on Product {__typename name}`), "Product"), `{"__typename":"Product","id":"0"}`, ``, 1), `{"data":{"_entities":[]}}`},
	}
}

// wrong are answers that may not be liked, with what is asked: some that would be with another question.
func wrong() []glancedCase {
	var all []glancedCase
	for _, c := range [][2]string{
		{`{me}`, ``},
		{`{me}`, `null`},
		{`{me}`, `[`},
		{`{me}`, `{}`},
		{`{me}`, `{"data":null}`},
		{`{me}`, `{"data":[]}`},
		{`{me}`, `{"data":{"me":"x"}}}`},
		{`{me}`, `{"data":{"me":"x"}} x`},
		{`{me}`, `{"data":{"me":"x"},"errors":[]}`},
		{`{me}`, `{"data":{"me":"x"},"errors":null}`},
		{`{me}`, `{"Data":{"me":"x"}}`},
		{`{me}`, `{"data":{},"data":{"me":7}}`},
		{`{me}`, `{"data":{"me":"x","me":7}}`},
		{`{me}`, `{"data":{"m\u0065":7}}`},
		{`{me}`, `{"data":{"me":"x"},"extensions":{},"extensions":{}}`},
		{`{me}`, `{"data":{"me":"x",}}`},
		{`{me}`, `{"data":{"me":7}}`},
		{`{me}`, `{"data":{"me":"\x"}}`},
		{`{me}`, "{\"data\":{\"me\":\"\x01\"}}"},
		{`{me}`, `{"data":{"me":"\u12g4"}}`},
		{`{me}`, `{"data":{"me":"\"}}`},
		{`{me}`, `{"data":{"me":"\u12`},
		{`{me}`, `{"data":{"me":"\`},
		{`{me}`, `{"data":{"me" "x"}}`},
		{`{count}`, `{"data":{"count":2147483648}}`},
		{`{count}`, `{"data":{"count":1.5}}`},
		{`{count}`, `{"data":{"count":"1"}}`},
		{`{count}`, `{"data":{"count":01}}`},
		{`{count}`, `{"data":{"count":-}}`},
		{`{size}`, `{"data":{"size":1e999}}`},
		{`{size}`, `{"data":{"size":.5}}`},
		{`{size}`, `{"data":{"size":1.}}`},
		{`{size}`, `{"data":{"size":1e}}`},
		{`{size}`, "{\"data\":{\"size\":1\x0e5}}"},
		{`{size}`, `{"data":{"size":NaN}}`},
		{`{id}`, `{"data":{"id":1.5}}`},
		{`{id}`, `{"data":{"id":9223372036854775808}}`},
		{`{id}`, `{"data":{"id":true}}`},
		{`{yes}`, `{"data":{"yes":"true"}}`},
		{`{yes}`, `{"data":{"yes":nul}}`},
		{`{mood}`, `{"data":{"mood":"UGLY"}}`},
		{`{mood}`, `{"data":{"mood":["GOOD"]}}`},
		{`{moods}`, `{"data":{"moods":"GOOD"}}`},
		{`{jsons}`, `{"data":{"jsons":{}}}`},
		{`{json}`, `{"data":{"json":` + strings.Repeat("[", 63) + strings.Repeat("]", 63) + `}}`},
		{`{json}`, `{"data":{"json":` + strings.Repeat(`{"a":`, 9000) + "1" + strings.Repeat("}", 9000) + `}}`},
		{`{product(id: 1) {id}}`, `{"data":{"product":[{"id":1}]}}`},
		{`{product(id: 1) {id}}`, `{"data":{"product":{"id":{}}}}`},
		{`{product(id: 1) {id}}`, `{"data":{"product":{"id":1,"__typename":"Review"}}}`},
		{`{product(id: 1) {id}}`, `{"data":{"product":{"id":1,"__typename":7}}}`},
		{`{product(id: 1) {id}}`, `{"data":{"product":{"__typename":"Product","__typename":"Review"}}}`},
		{`{animal {name ... on Dog {age}}}`, `{"data":{"animal":{"age":"old","__typename":"Dog"}}}`},
		{`{animal {name}}`, `{"data":{"animal":{"__typename":"Product"}}}`},
		{`{animal {name}}`, `{"data":{"animal":{"__typename":""}}}`},
		{`{animal {name}}`, `{"data":{"animal":{"__typename":"Cat","name":"x","__typename":"Product"}}}`},
		{`{animals {name}}`, `{"data":{"animals":[{"name":"x"}]}}`},
		{`{nodeOne {id}}`, `{"data":{"nodeOne":{"id":1,"__typename":"Other"}}}`},
		{`{nodeOne {id}}`, `{"data":{"nodeOne":{"id":1}}}`},
		{`{me}`, `{"data":{"_entities":[],"me":"x"}}`},
		{`{me}`, `{"data":{"_Entities":[],"me":"x"}}`},
	} {
		all = append(all, glancedCase{asking(c[0]), c[1]})
	}
	for _, answer := range []string{
		`{"data":{"_entities":[{"__typename":"Product","stars":1}]}}`, `{"data":{"_entities":[null,null,null]}}`, `{"data":{"_entities":null}}`, `{"data":{}}`, `{"data":{"_entities":{}}}`, `{"data":{"_entities":["x",null]}}`,
		`{"data":{"_entities":[null,{"__typename":"Review"}]}}`, `{"data":{"_entities":[null,{"__typename":5}]}}`, `{"data":{"_entities":[null,{"__typename":"Product","stars":"x"}]}}`, `{"data":{"_entities":[null,[]]}}`,
		`{"data":{"_entities":[null,{"__typeName":"Review"}]}}`, `{"data":{"_entities":[null,null],"_entities":[]}}`, `{"data":{"_entities":[null,null],"_entitieſ":[]}}`, `{"data":{"_entities":[null,{"__typename":"Product","__TYPENAME":"Review"}]}}`,
	} {
		all = append(all, glancedCase{asking(fmt.Sprintf(asksEntitiesOf, `... on Product {__typename stars}`), "Product", "Product"), answer})
	}
	const one = `{"data":{"_entities":[{"__typename":"Product","stars":1}]}}`
	odd := func(query, answer string) glancedCase { return glancedCase{asking(query, "Product"), answer} }
	entity := fmt.Sprintf(asksEntitiesOf, `... on Product {__typename stars}`)
	return append(all,
		glancedCase{asking(`{a: me a: count}`), `{"data":{"a":"x"}}`},
		glancedCase{asking(entity), `{"data":{}}`},
		glancedCase{strings.Replace(asking(entity, "Product"), `"id":`, `"__typename":"Review","id":`, 1), one},
		glancedCase{strings.Replace(asking(entity, "Product"), `"id":`, `"__Typename":"Review","id":`, 1), one},
		glancedCase{strings.Replace(asking(entity, "Product"), `"representations":`, `"representations":[{"__typename":"Review"}],"representations":`, 1), one},
		glancedCase{strings.Replace(asking(entity, "Review"), `"representations":`, `"representations":[{"__typename":"Product"}],"Representations":`, 1), one},
		odd(fmt.Sprintf(asksEntitiesOf, `... on Product {__typename __TypeName: name}`), `{"data":{"_entities":[{"__typename":"Product","__TypeName":"Review"}]}}`),
		odd(`query($representations: [_Any!]!){_entities: me x: _entities(representations: $representations){... on Product {stars}}}`, `{"data":{"_entities":"x","x":[{"__typename":"Product","stars":1}]}}`),
		odd(`query($representations: [_Any!]!){_entities(representations: $representations){... on Product {stars}} product(id: 1) {_entities(representations: $representations){id}}}`, `{"data":{"product":{"_entities":[null]}}}`),
	)
}

// agrees fails where an answer is liked that was not liked before, or that vet or conform would not leave alone.
func agrees(t *testing.T, before *oldGlancer, shape *conformer, question, answer []byte) (liked bool) {
	t.Helper()
	if !likes(question, answer, shape, glancedFits) {
		return false
	}
	if !before.likes(question, answer, shape, glancedFits) {
		t.Errorf("%s\n%s\nis liked, and was not before", question, answer)
	}
	if !json.Valid(answer) {
		t.Errorf("%s\nis liked, and no JSON", answer)
	}
	vetted, err := vet("s", question, answer, glancedFits)
	if err != nil || !bytes.Equal(vetted, answer) {
		t.Errorf("%s\n%s\nis liked, and vet made of it %s, %v", question, answer, vetted, err)
	}
	if shape != nil {
		if got := shape.conform(question, answer); !bytes.Equal(got, answer) {
			t.Errorf("%s\n%s\nis liked, and conform made of it %s", question, answer, got)
		}
	}
	return true
}

// An answer as it should be is looked at once.
func TestWhatIsLiked(t *testing.T) {
	t.Parallel()
	shapes := glanced(t)
	before := &oldGlancer{}
	for _, c := range ordinary() {
		for i, shape := range shapes {
			old := before.likes([]byte(c.question), []byte(c.answer), shape, glancedFits)
			if got := agrees(t, before, shape, []byte(c.question), []byte(c.answer)); got != old {
				t.Errorf("shape %d, %s\n%s\nis liked: %t, and was before: %t", i, c.question, c.answer, got, old)
			}
			if i == 0 && !old && !strings.Contains(c.question, "node") {
				t.Errorf("%s\n%s\nwas not liked before", c.question, c.answer)
			}
		}
	}
	for _, c := range wrong() {
		if agrees(t, before, shapes[1], []byte(c.question), []byte(c.answer)) {
			t.Errorf("%s\n%.200s\nis liked", c.question, c.answer)
		}
	}
}

// tokensOf are the tokens of something that is about JSON.
func tokensOf(b []byte) [][]byte {
	return regexp.MustCompile(`(?s)"(?:[^"\\]|\\.)*"|[^\s"\[\]{}:,]+|.`).FindAll(b, -1)
}

// changed is a text that is a little different: in its tokens, or in its bytes.
func changed(b []byte, random *rand.Rand) []byte {
	const alphabet = `{}[]:,"\/ue+-.0123456789abtfn _` + "\x00\x0e\x1f\n\t \x7f\xff"
	odd := []string{
		`null`, `1`, `-7`, `2147483648`, `1e999`, `1.5`, `1E+2`, `true`, `false`, `"x"`, `"Product"`, `"Dog"`, `"Cat"`, `"Animal"`, `"Review"`, `"Other"`, `"GOOD"`, `"\u0065"`, `{}`, `[]`, `""`, `,`, `{`, `}`, `[`, `]`, `:`, ``,
		`"__typename"`, `"__typename":"Dog",`, `"__typename":"Product",`, `,"__typename":"Review"`, `"__TypeName":"x",`, `"\u005f_typename":"Cat",`, `"_entities":[],`, `"_Entities":[null],`, `"errors":[],`, `"data":{},`, `,"data":{"me":1}`,
		`"extensions":{},`, `"me":1,`, `,"me":"x"`, `"stars":"x",`, `"name":{},`, `,"age":"old"`, `"representations":[],`, `"Representations":[{}],`, `[[[[[[[[1]]]]]]]]`, `{"a":{"a":{"a":1}}}`, `"more":{"__typename":7},`,
	}
	for range 1 + random.IntN(3) {
		if len(b) == 0 {
			return b
		}
		tokens := tokensOf(b)
		at, other := random.IntN(len(tokens)), random.IntN(len(tokens))
		switch random.IntN(8) {
		case 0, 1:
			tokens[at] = []byte(odd[random.IntN(len(odd))])
		case 2, 3:
			tokens[at] = append([]byte(odd[random.IntN(len(odd))]), tokens[at]...)
		case 4:
			tokens[at], tokens[other] = tokens[other], tokens[at]
		case 5:
			tokens[at] = bytes.Join(tokens[min(at, other):max(at, other)], nil)
		default:
			i := random.IntN(len(b))
			c := alphabet[random.IntN(len(alphabet))]
			switch random.IntN(3) {
			case 0:
				b[i] = c
			case 1:
				b = append(b[:i:i], b[i+1:]...)
			default:
				b = append(append(b[:i:i], c), b[i:]...)
			}
			continue
		}
		b = bytes.Join(tokens, nil)
	}
	return b
}

// Whatever is liked of answers and questions that were changed a little was liked before, and is what vet and conform leave.
func TestWhatIsLikedOfWhatIsAboutRight(t *testing.T) {
	t.Parallel()
	shapes := glanced(t)
	before := &oldGlancer{}
	random := rand.New(rand.NewPCG(rand.Uint64(), 1))
	liked, all := 0, 0
	cases := append(ordinary(), wrong()...)
	for _, c := range cases {
		for range 600 {
			if len(c.answer) > 5000 {
				break
			}
			question, answer := []byte(c.question), changed([]byte(c.answer), random)
			if random.IntN(4) == 0 {
				question = changed(question, random)
			}
			if random.IntN(8) == 0 {
				answer = []byte(c.answer)
			}
			all++
			if agrees(t, before, shapes[random.IntN(len(shapes))], question, answer) {
				liked++
			}
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("%d of %d are liked", liked, all)
	if liked < all/50 {
		t.Errorf("%d of %d are liked", liked, all)
	}
}

// FuzzLikes looks at answers, each with the question that it was written for, or with another one.
func FuzzLikes(f *testing.F) {
	for _, c := range append(ordinary(), wrong()...) {
		if len(c.answer) < 5000 {
			f.Add([]byte(c.question), []byte(c.answer))
		}
	}
	shapes := glanced(f)
	before := &oldGlancer{}
	f.Fuzz(func(t *testing.T, question, answer []byte) {
		for _, shape := range shapes {
			agrees(t, before, shape, question, answer)
		}
	})
}
