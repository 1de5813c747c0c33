package component

import (
	"encoding/json"
	"reflect"
	"testing"

	"sonata.ai/sonata/internal/canonical"
)

func TestProject(t *testing.T) {
	const media = `{"type":"object","properties":{"m":{"oneOf":[
		{"properties":{"kind":{"const":"image"},"src":{},"box":{"properties":{"w":{}}}},"required":["kind"]},
		{"properties":{"kind":{"const":"video"},"url":{},"box":{"properties":{"h":{}}}},"required":["kind"]}]}}}`
	for name, c := range map[string]struct {
		schema, props, want string
		removed             []string
	}{
		"nothing listed":           {`{"type":"object"}`, `{"a":1,"b":{"c":2}}`, `{"a":1,"b":{"c":2}}`, nil},
		"listed":                   {`{"type":"object","properties":{"a":{}}}`, `{"a":{"x":1},"b":2,"c/d":3}`, `{"a":{"x":1}}`, []string{"/b", "/c~1d"}},
		"others welcome":           {`{"type":"object","properties":{"a":{}},"additionalProperties":true}`, `{"a":1,"b":2}`, `{"a":1,"b":2}`, nil},
		"others with a schema":     {`{"type":"object","additionalProperties":{"properties":{"x":{}}}}`, `{"a":{"x":1,"y":2}}`, `{"a":{"x":1}}`, []string{"/a/y"}},
		"closed":                   {`{"type":"object","additionalProperties":false}`, `{"a":1}`, `{}`, []string{"/a"}},
		"patterns":                 {`{"type":"object","properties":{"a":{}},"patternProperties":{"^x":{"properties":{"k":{}}}},"additionalProperties":false}`, `{"a":1,"xy":{"k":1,"l":2},"z":1}`, `{"a":1,"xy":{"k":1}}`, []string{"/xy/l", "/z"}},
		"nested":                   {`{"type":"object","properties":{"a":{"properties":{"b":{"properties":{"c":{}}}}}}}`, `{"a":{"b":{"c":1,"d":2},"e":3}}`, `{"a":{"b":{"c":1}}}`, []string{"/a/b/d", "/a/e"}},
		"items":                    {`{"type":"object","properties":{"l":{"items":{"properties":{"a":{}}}}}}`, `{"l":[{"a":1,"b":2},3,{"b":1}]}`, `{"l":[{"a":1},3,{}]}`, []string{"/l/0/b", "/l/2/b"}},
		"tuple":                    {`{"type":"object","properties":{"l":{"prefixItems":[{"properties":{"a":{}}}],"items":{"properties":{"b":{}}}}}}`, `{"l":[{"a":1,"b":2},{"a":1,"b":2}]}`, `{"l":[{"a":1},{"b":2}]}`, []string{"/l/0/b", "/l/1/a"}},
		"reference":                {`{"type":"object","properties":{"a":{"$ref":"#/$defs/x"}},"$defs":{"x":{"properties":{"b":{},"a":{"$ref":"#/$defs/x"}}}}}`, `{"a":{"a":{"b":1,"c":2}}}`, `{"a":{"a":{"b":1}}}`, []string{"/a/a/c"}},
		"combined":                 {`{"type":"object","allOf":[{"properties":{"a":{}}},{"properties":{"b":{}}}]}`, `{"a":1,"b":2,"c":3}`, `{"a":1,"b":2}`, []string{"/c"}},
		"combined with closed":     {`{"type":"object","properties":{"b":{}},"allOf":[{"properties":{"a":{}},"additionalProperties":false}]}`, `{"a":1,"b":2}`, `{"a":1}`, []string{"/b"}},
		"alternative meant":        {media, `{"m":{"kind":"image","src":1,"url":2,"box":{"w":1,"h":2}}}`, `{"m":{"box":{"w":1},"kind":"image","src":1}}`, []string{"/m/box/h", "/m/url"}},
		"alternative unknown":      {media, `{"m":{"kind":"audio","src":1,"url":2,"x":3,"box":{"w":1,"h":2,"d":3}}}`, `{"m":{"box":{"h":2,"w":1},"kind":"audio","src":1,"url":2}}`, []string{"/m/box/d", "/m/x"}},
		"alternatives, no telling": {`{"type":"object","anyOf":[{"properties":{"a":{}}},{"properties":{"b":{}}}]}`, `{"a":1,"b":2,"c":3}`, `{"a":1,"b":2}`, []string{"/c"}},
		"condition":                {`{"type":"object","properties":{"a":{}},"if":{"required":["a"]},"then":{"properties":{"b":{}}}}`, `{"a":1,"b":2,"c":3}`, `{"a":1,"b":2}`, []string{"/c"}},
		"envelope":                 {`{"type":"object","properties":{"i":{"properties":{"url":{}}}}}`, `{"i":{"$asset":"x"}}`, `{"i":{"$asset":"x"}}`, nil},
		"not an envelope":          {`{"type":"object","properties":{"i":{"properties":{"url":{}}}}}`, `{"i":{"$asset":"x","url":1},"$bind":1}`, `{"i":{"url":1}}`, []string{"/$bind", "/i/$asset"}},
		"unusable schema":          {`{"properties":{"a":{"$ref":"x"}}}`, `{"b":1}`, `{"b":1}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			props := decodeProps(t, c.props)
			got, removed := Project(json.RawMessage(c.schema), props)
			raw, err := canonical.Marshal(got)
			if err != nil {
				t.Fatal(err)
			}
			if string(raw) != c.want || !reflect.DeepEqual(removed, c.removed) {
				t.Errorf("got %s without %q, want %s without %q", raw, removed, c.want, c.removed)
			}
			if !reflect.DeepEqual(props, decodeProps(t, c.props)) {
				t.Error("the input was changed")
			}
		})
	}
}

func decodeProps(t testing.TB, text string) map[string]any {
	t.Helper()
	v, err := canonical.Decode([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v.(map[string]any)
}

// TestProjectIsStable: a second projection removes nothing, whatever the schema, and what is removed was there.
func TestProjectIsStable(t *testing.T) {
	d := newDice(11)
	removals := 0
	for range 1500 {
		schema := d.propsSchema()
		s, err := readShape(schema)
		if err != nil {
			continue
		}
		for range 10 {
			props := d.object(4)
			if v, ok := d.fitting(schema, schema, 4).(map[string]any); ok && d.oneIn(2) {
				props = v
			}
			before := canonical.Clone(props)
			once, removed := s.project(props)
			if !reflect.DeepEqual(before, any(props)) {
				t.Fatalf("the input was changed: %s", d.raw(t, schema))
			}
			removals += len(removed)
			for _, pointer := range removed {
				if _, was := canonical.At(props, pointer); !was {
					t.Fatalf("%s was never there", pointer)
				}
			}
			twice, more := s.project(once)
			if len(more) > 0 || !reflect.DeepEqual(once, twice) {
				t.Fatalf("the second time removed %q:\n%s\n%s", more, d.raw(t, schema), d.raw(t, props))
			}
		}
	}
	if removals < 1000 {
		t.Errorf("only %d properties were removed", removals)
	}
}
