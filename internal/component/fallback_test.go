package component

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"sonata.ai/sonata/internal/canonical"
)

func TestParseFallback(t *testing.T) {
	for _, nothing := range []string{"", "null", " null "} {
		if f, err := ParseFallback(json.RawMessage(nothing)); f != nil || err != nil {
			t.Errorf("%q: %v, %v", nothing, f, err)
		}
	}
	f, err := ParseFallback(json.RawMessage(`{"component":"banner","major":2,"props":{"a":{"$prop":"/x/0"},"l":[{"$prop":"/y"},{"deep":{"$prop":"/z"}}]}}`))
	if err != nil || f.Component != "banner" || f.Major != 2 {
		t.Fatalf("%v, %v", f, err)
	}
	for want, raw := range map[string]string{
		"is an object":              `[]`,
		"ends too early":            `{`,
		"not \"minor\"":             `{"component":"a","major":1,"minor":2}`,
		"names a component":         `{"major":1}`,
		"cannot be a component key": `{"component":"A","major":1}`,
		"reserved":                  `{"component":"include","major":1}`,
		"major version":             `{"component":"a","major":1.5}`,
		"1 to 9999":                 `{"component":"a","major":1e300}`,
		"are an object":             `{"component":"a","major":1,"props":[]}`,
		"/props/a is a reference":   `{"component":"a","major":1,"props":{"a":{"$prop":"x"}}}`,
		"nothing but one":           `{"component":"a","major":1,"props":{"a":{"$prop":"/x","b":1}}}`,
		"is null":                   `{"component":"a","major":1,"props":{"a":null}}`,
		"cannot begin with $":       `{"component":"a","major":1,"props":{"$prop":"/x"}}`,
		"at most 50":                `{"component":"a","major":1,"props":{"l":[` + strings.Repeat(`{"$prop":"/x"},`, 50) + `{"$prop":"/x"}]}}`,
	} {
		if _, err := ParseFallback(json.RawMessage(raw)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: want %q, got %v", raw, want, err)
		}
	}
}

func TestFill(t *testing.T) {
	f, err := ParseFallback(json.RawMessage(`{"component":"a","major":1,"props":{
		"literal":"x","title":{"$prop":"/title"},"gone":{"$prop":"/none"},"list":["a",{"$prop":"/none"},{"$prop":"/tags/1"}],
		"in":{"first":{"$prop":"/tags/0"},"none":{"$prop":"/tags/9"}},"escaped":{"$prop":"/a~1b"},"whole":{"$prop":"/tags"},"text":{"$prop":"/title/0"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	original := decodeProps(t, `{"title":"T","tags":["x","y"],"a/b":true}`)
	filled := f.Fill(original)
	raw, err := canonical.Marshal(filled)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"escaped":true,"in":{"first":"x"},"list":["a","y"],"literal":"x","title":"T","whole":["x","y"]}`; string(raw) != want {
		t.Errorf("got %s, want %s", raw, want)
	}
	filled["whole"].([]any)[0] = "changed"
	if original["tags"].([]any)[0] != "x" {
		t.Error("the result shares memory with the original")
	}
	if got := (Fallback{Component: "a", Major: 1}).Fill(nil); got == nil || len(got) != 0 {
		t.Errorf("no props: %v", got)
	}
	large := Fallback{Props: map[string]any{}}
	for i := range 40 {
		large.Props[fmt.Sprint("p", i)] = map[string]any{"$prop": "/x"}
	}
	if got := large.Fill(map[string]any{"x": strings.Repeat("x", 20_000)}); len(got) != 0 {
		t.Error("800 kB of props were made")
	}
}

func TestCheckFallbacks(t *testing.T) {
	def := func(key string, minor int, to string) Definition {
		d := Definition{Key: key, Version: Version{1, minor}}
		if to != "" {
			d.Fallback = &Fallback{Component: to, Major: 1}
		}
		return d
	}
	for _, c := range []struct {
		name string
		defs []Definition
		want string
	}{
		{"none", []Definition{def("a", 0, "")}, ""},
		{"four", []Definition{def("a", 0, "b"), def("b", 0, "c"), def("c", 0, "d"), def("d", 0, "e"), def("e", 0, "")}, ""},
		{"five", []Definition{def("a", 0, "b"), def("b", 0, "c"), def("c", 0, "d"), def("d", 0, "e"), def("e", 0, "f"), def("f", 0, "")}, "a 1 → b 1 → c 1 → d 1 → e 1 → f 1"},
		{"self", []Definition{def("a", 0, "a")}, "a 1 → a 1"},
		{"circle", []Definition{def("a", 0, "b"), def("b", 0, "c"), def("c", 0, "b")}, "a 1 → b 1 → c 1 → b 1"},
		{"missing", []Definition{def("a", 0, "b"), def("b", 0, "c")}, "the fallback c 1 does not exist: a 1 → b 1 → c 1"},
		{"old minor does not count", []Definition{def("a", 0, "zzz"), def("a", 1, "b"), def("b", 0, "")}, ""},
	} {
		err := CheckFallbacks(NewCatalogue(c.defs))
		if (err == nil) != (c.want == "") || (err != nil && !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
