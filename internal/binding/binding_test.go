package binding

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/component"
)

const hash = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

func decode(t testing.TB, text string) map[string]any {
	t.Helper()
	v, err := canonical.Decode([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	object, _ := v.(map[string]any)
	return object
}

func encode(t testing.TB, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestEnvelopes(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`{"a":{"$bind":{"document":"` + hash + `"}}}`:                               "/a",
		`{"a":[{"b":1},{"b~/":{"$bind":{"document":"` + hash + `","path":"/x"}}}]}`: "/a/1/b~0~1",
		`{"a":{"$bind":{"document":"` + hash + `","run":"page"}}}`:                  "/a",
		`{"a":{"$bind":"x"}}`:                                                                    "bad",
		`{"a":{"$bind":{"document":"x"}}}`:                                                       "bad",
		`{"a":{"$bind":{"document":"` + hash + `","path":"x"}}}`:                                 "bad",
		`{"a":{"$bind":{"document":"` + hash + `","run":"client"}}}`:                             "bad",
		`{"a":{"$bind":{"document":"` + hash + `","map":{}}}}`:                                   "bad",
		`{"a":{"$bind":{"document":"` + hash + `","map":{"$x":"/y"}}}}`:                          "bad",
		`{"a":{"$bind":{"document":"` + hash + `","variables":{"x":{"$param":1}}}}}`:             "bad",
		`{"a":{"$bind":{"document":"` + hash + `","variables":{"x":{"$param":"y","z":1}}}}}`:     "bad",
		`{"a":{"$bind":{"document":"` + hash + `"},"$asset":"x"}}`:                               "bad",
		`{"$bind":{"document":"` + hash + `"}}`:                                                  "bad",
		`{"a":"{\"$bind\":{"}`:                                                                   "",
		`{"a":{"$bind":{"document":"` + hash + `","path":"/` + strings.Repeat("x", 600) + `"}}}`: "bad",
	} {
		found, bad := Find(decode(t, in))
		got := ""
		switch {
		case len(bad) > 0:
			got = "bad"
		case len(found) > 0:
			got = found[0].Pointer
		}
		if got != want {
			t.Errorf("%s: %q, want %q (%v)", in, got, want, bad)
		}
	}
}

func TestValues(t *testing.T) {
	t.Parallel()
	data := decode(t, `{"list":[{"node":{"name":"a","price":null}},null,{"node":null},{"node":{"name":"b","price":2,"deep":{"x":null,"y":[1,null]}}}],"text":"t","none":null,"a/b":{"~":1}}`)
	for _, c := range []struct {
		path string
		maps map[string]string
		want string // "" for nothing
	}{
		{"/text", nil, `"t"`},
		{"/none", nil, ""},
		{"/missing", nil, ""},
		{"/text/x", nil, ""},
		{"/a~1b/~0", nil, "1"},
		{"/list/0/node", nil, `{"name":"a"}`},
		{"/list/00/node", nil, ""},
		{"/list/9", nil, ""},
		{"/list", map[string]string{"n": "/node/name", "p": "/node/price"}, `[{"n":"a"},{},{"n":"b","p":2}]`},
		{"/list/3/node", map[string]string{"all": ""}, `{"all":{"deep":{"y":[1]},"name":"b","price":2}}`},
		{"/text", map[string]string{"n": "/x"}, ""},
		{"", nil, `{"a/b":{"~":1},"list":[{"node":{"name":"a"}},{},{"node":{"deep":{"y":[1]},"name":"b","price":2}}],"text":"t"}`},
	} {
		value, _, ok := Binding{Path: c.path, Map: c.maps}.ValueIn(data, MaxValue)
		got := ""
		if ok {
			got = encode(t, value)
		}
		if got != c.want {
			t.Errorf("%s %v: %s, want %s", c.path, c.maps, got, c.want)
		}
	}
	if _, _, ok := (Binding{}).ValueIn(strings.Repeat("x", MaxValue), 2*MaxValue); ok {
		t.Error("a value beyond the limit is taken")
	}
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	props := func() map[string]any { return decode(t, `{"a":{"b":[1,2,3]},"c~/":{"d":1}}`) }
	for _, c := range []struct{ pointer, put, cut string }{
		{"/a/b/1", `{"a":{"b":[1,"x",3]},"c~/":{"d":1}}`, `{"a":{"b":[1,3]},"c~/":{"d":1}}`},
		{"/c~0~1/d", `{"a":{"b":[1,2,3]},"c~/":{"d":"x"}}`, `{"a":{"b":[1,2,3]},"c~/":{}}`},
		{"/a", `{"a":"x","c~/":{"d":1}}`, `{"c~/":{"d":1}}`},
		{"/a/b/7", `{"a":{"b":[1,2,3]},"c~/":{"d":1}}`, `{"a":{"b":[1,2,3]},"c~/":{"d":1}}`},
		{"/x/y", `{"a":{"b":[1,2,3]},"c~/":{"d":1}}`, `{"a":{"b":[1,2,3]},"c~/":{"d":1}}`},
	} {
		with, without := props(), props()
		Put(with, c.pointer, "x")
		Cut(without, c.pointer)
		if encode(t, with) != c.put || encode(t, without) != c.cut {
			t.Errorf("%s: %s and %s", c.pointer, encode(t, with), encode(t, without))
		}
	}
}

func shopSchema(t testing.TB) *ast.Schema {
	t.Helper()
	schema, err := gqlparser.LoadSchema(&ast.Source{Input: `
interface Named { name: String! }
type Book implements Named { name: String! pages: Int }
type Film implements Named { name: String! minutes: Float! }
union Thing = Book | Film
enum Kind { NEW OLD }
scalar Any
input Filter { kind: Kind }
type Query { named: [Named!]! things: [Thing] kind: Kind! any: Any grid: [[Int!]!] book(id: ID!, n: Int = 3, f: Filter): Book }`})
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// What a document brings is known before anybody asked: fragments, aliases and conditions are followed.
func TestTypes(t *testing.T) {
	t.Parallel()
	schema := shopSchema(t)
	for document, want := range map[string]string{
		`{ named { name ... on Book { pages } } }`:                             `{"kind":"LIST","item":{"kind":"OBJECT","fields":{"name":{"kind":"STRING"},"pages":{"kind":"INT","nullable":true}}}}`,
		`{ named: things { __typename ...F } } fragment F on Film { minutes }`: `{"kind":"LIST","nullable":true,"item":{"kind":"OBJECT","nullable":true,"fields":{"__typename":{"kind":"STRING"},"minutes":{"kind":"FLOAT","nullable":true}}}}`,
		`query ($y: Boolean!) { named: kind @include(if: $y) }`:                `{"kind":"STRING","nullable":true,"values":["NEW","OLD"]}`,
		`query ($y: Boolean!) { named: kind @include(if: $y) named: kind }`:    `{"kind":"STRING","values":["NEW","OLD"]}`,
		`{ named: any }`:  `{"kind":"ANY","nullable":true}`,
		`{ named: grid }`: `{"kind":"LIST","nullable":true,"item":{"kind":"LIST","item":{"kind":"INT"}}}`,
	} {
		source := NewSource(schema, "D", document)
		if source.Problem != "" {
			t.Fatalf("%s: %s", document, source.Problem)
		}
		if got := encode(t, source.Result.Fields["named"]); got != want {
			t.Errorf("%s:\n%s, want\n%s", document, got, want)
		}
	}
}

func TestVariables(t *testing.T) {
	t.Parallel()
	source := NewSource(shopSchema(t), "B", `query B($id: ID!, $n: Int = 3, $f: Filter) { book(id: $id, n: $n, f: $f) { name } }`)
	for given, want := range map[string]string{
		`{"id":"x"}`:                     "",
		`{"id":{"$param":"id"}}`:         "",
		`{"id":"x","n":{"$param":"id"}}`: "",
		`{"id":"x","n":2.5}`:             "its variables",
		`{"id":"x","f":{"kind":"NEW"}}`:  "",
		`{"id":"x","f":{"kind":"GONE"}}`: "its variables",
		`{"id":"x","f":{"$param":"id"}}`: "no single value",
		`{"id":"x","more":1}`:            "takes no variable",
		`{"id":{"$param":"other"}}`:      "has no parameter",
		`{}`:                             "needs the variable",
	} {
		_, wrong := source.Check(Binding{Variables: decode(t, given), Path: "/book/name"}, []string{"id"}, true)
		if (want == "") != (wrong == "") || !strings.Contains(wrong, want) {
			t.Errorf("%s: %q, want %q", given, wrong, want)
		}
	}
	got, wrong := source.Given(Binding{Variables: decode(t, `{"id":{"$param":"id"},"n":{"$param":"n"}}`)}, map[string]string{"id": "7", "n": "7"})
	if wrong != "" || encode(t, got) != `{"id":"7","n":7}` {
		t.Errorf("%v %q", got, wrong)
	}
	if _, wrong := source.Given(Binding{Variables: decode(t, `{"id":{"$param":"id"},"n":{"$param":"n"}}`)}, map[string]string{"id": "7", "n": "seven"}); wrong == "" {
		t.Error("a text is taken for a number")
	}
	if NewSource(shopSchema(t), "S", `query S($unused: Int) { kind }`).Result.Kind != component.Object {
		t.Error("the data of a document is no object")
	}
}

func holdsNull(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case []any:
		return slices.ContainsFunc(v, holdsNull)
	case map[string]any:
		return slices.ContainsFunc(slices.Collect(maps.Values(v)), holdsNull)
	}
	return false
}

func FuzzFind(f *testing.F) {
	f.Add(`{"a":{"$bind":{"document":"`+hash+`","path":"/x/0","map":{"t":"/n"},"variables":{"h":{"$param":"h"}}}}}`, `{"x":[{"n":1}]}`)
	f.Add(`{"a":[{"$bind":{"document":"`+hash+`"}},{"$bind":1}]}`, `[null]`)
	f.Fuzz(func(t *testing.T, props, data string) {
		v, err := canonical.Decode([]byte(props))
		object, ok := v.(map[string]any)
		brought, errData := canonical.Decode([]byte(data))
		if err != nil || errData != nil || !ok {
			return
		}
		found, _ := Find(object)
		for _, b := range found {
			if at, there := canonical.At(object, b.Pointer); !there || at == nil {
				t.Fatalf("nothing stands at %s", b.Pointer)
			}
			value, _, ok := b.ValueIn(brought, MaxValue)
			if ok && holdsNull(value) {
				t.Fatalf("null is left in %s", encode(t, value))
			}
			filled, _ := canonical.Clone(object).(map[string]any)
			if Put(filled, b.Pointer, "x"); encode(t, filled) == encode(t, object) {
				t.Fatalf("nothing was put at %s", b.Pointer)
			}
			if _, still := canonical.At(filled, b.Pointer); !still {
				t.Fatalf("what was put at %s is gone", b.Pointer)
			}
		}
	})
}
