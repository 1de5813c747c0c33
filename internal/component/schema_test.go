package component

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"sonata.ai/sonata/internal/fault"
)

func TestCheckSchemaRefuses(t *testing.T) {
	deep := strings.Repeat(`{"allOf":[`, 40) + "{}" + strings.Repeat("]}", 40)
	for name, c := range map[string]struct{ schema, want string }{
		"not JSON":          {`{`, "ends too early"},
		"not an object":     {`{"type":"string"}`, `"type": "object"`},
		"no type":           {`{}`, `"type": "object"`},
		"boolean":           {`true`, `"type": "object"`},
		"list":              {`[]`, "a schema is an object"},
		"remote reference":  {`{"type":"object","properties":{"a":{"$ref":"https://example.com/x"}}}`, "not inside this schema"},
		"file reference":    {`{"type":"object","properties":{"a":{"$ref":"file:///etc/passwd"}}}`, "not inside this schema"},
		"anchor reference":  {`{"type":"object","properties":{"a":{"$ref":"#name"}}}`, "not inside this schema"},
		"missing reference": {`{"type":"object","properties":{"a":{"$ref":"#/$defs/x"}}}`, "refers to nothing"},
		"reference to text": {`{"type":"object","title":"x","properties":{"a":{"$ref":"#/title"}}}`, "refers to nothing"},
		"id":                {`{"type":"object","$id":"https://example.com"}`, "stands alone"},
		"dynamic reference": {`{"type":"object","$dynamicRef":"#a"}`, "stands alone"},
		"anchor":            {`{"type":"object","$anchor":"a"}`, "stands alone"},
		"other draft":       {`{"type":"object","$schema":"http://json-schema.org/draft-07/schema#"}`, "2020-12"},
		"dollar":            {`{"type":"object","properties":{"a":{"properties":{"$x":{}}}}}`, "cannot begin with $"},
		"self":              {`{"type":"object","$ref":"#"}`, "refers to itself"},
		"mutual":            {`{"type":"object","$defs":{"a":{"allOf":[{"$ref":"#/$defs/b"}]},"b":{"anyOf":[{"$ref":"#/$defs/a"}]}}}`, "refers to itself"},
		"by condition":      {`{"type":"object","$defs":{"a":{"if":{"not":{"$ref":"#/$defs/a"}}}}}`, "refers to itself"},
		"by dependency":     {`{"type":"object","dependentSchemas":{"a":{"$ref":"#"}}}`, "refers to itself"},
		"unknown type":      {`{"type":"object","properties":{"a":{"type":"text"}}}`, "#/properties/a/type: "},
		"bad keyword":       {`{"type":"object","required":"a"}`, "#/required: must be an array, is a string"},
		"lookahead":         {`{"type":"object","properties":{"a":{"pattern":"(?=x)"}}}`, "patterns are RE2"},
		"huge patterns":     {`{"type":"object","properties":{"a":{"pattern":"` + strings.Repeat("x{1000}", 30) + `"}}}`, "too large"},
		"huge limit":        {`{"type":"object","maxProperties":1e300}`, "too large"},
		"deep combinators":  {`{"type":"object","properties":{"a":` + deep + `}}`, "deeper than 64"},
		"large":             {`{"type":"object","title":"` + strings.Repeat("x", 65<<10) + `"}`, "at most 64 kB"},
		"many parts":        {`{"type":"object","anyOf":[` + strings.Repeat("{},", 3000) + `{}]}`, "more than 2000 parts"},
		"many values":       {`{"type":"object","properties":{"a":{"enum":[` + strings.Repeat("1,", 6000) + `2]}}}`, "at most 5000 values"},
		"zero multiple":     {`{"type":"object","properties":{"a":{"multipleOf":0}}}`, "must be more than 0, is 0"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := CheckSchema(json.RawMessage(c.schema))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want something with %q", err, c.want)
			}
			if k := fault.KindOf(err); k != fault.Invalid && k != fault.Exhausted {
				t.Errorf("kind %d", k)
			}
			for _, inner := range []string{"jsonschema", "sonata:", "file:", "map[", "regexp:"} {
				if strings.Contains(err.Error(), inner) && !strings.Contains(c.schema, inner) {
					t.Errorf("%q shows internals (%s)", err, inner)
				}
			}
		})
	}
}

func TestCheckSchemaAccepts(t *testing.T) {
	for schema, want := range map[string]string{
		"":     `{"type":"object"}`,
		"null": `{"type":"object"}`,
		`{ "type" : "object", "properties":{"b":{}, "a":{"$ref":"#/properties/b"}} }`:                       `{"properties":{"a":{"$ref":"#/properties/b"},"b":{}},"type":"object"}`,
		`{"type":"object","properties":{"kids":{"type":"array","items":{"$ref":"#"}}}}`:                     ``,
		`{"type":"object","$schema":"https://json-schema.org/draft/2020-12/schema"}`:                        ``,
		`{"type":"object","properties":{"a":{"$ref":"#/$defs/a%3Cb%3E"}},"$defs":{"a<b>":{}}}`:              ``,
		`{"type":"object","properties":{"a":{"$ref":"#/$defs/a~1b~0c"}},"$defs":{"a/b~c":{}}}`:              ``,
		`{"type":"object","properties":{"a":{"default":{"$ref":"x"},"const":{"$id":1},"x-ui":{"$ref":1}}}}`: ``,
	} {
		got, err := CheckSchema(json.RawMessage(schema))
		if err != nil || (want != "" && string(got) != want) {
			t.Errorf("%s: %s, %v", schema, got, err)
		}
	}
}

func TestValidateNamesEveryLeaf(t *testing.T) {
	schema := json.RawMessage(`{"type":"object","required":["title","kind"],"additionalProperties":false,"properties":{
		"title":{"type":"string"},"kind":{},"count":{"type":"integer","minimum":1},"align":{"enum":["left","right"]},
		"link":{"type":"string","format":"uri"},"when":{"type":"string","format":"date-time"},"mail":{"format":"email"},"re":{"format":"regex"},
		"short":{"maxLength":2},"slug":{"pattern":"^[a-z]+$"},"list":{"type":"array","maxItems":1,"uniqueItems":true,"items":{"type":"number"}},
		"fixed":{"const":3},"map":{"propertyNames":{"maxLength":1}},"a/b~c":{"type":"boolean"},"half":{"multipleOf":0.5},
		"media":{"oneOf":[{"type":"object","properties":{"kind":{"const":"image"},"src":{"type":"string"}},"required":["kind","src"]},
			{"type":"object","properties":{"kind":{"const":"video"}},"required":["kind"]}]},
		"pick":{"anyOf":[{"const":1},{"const":"two"}]},"either":{"anyOf":[{"type":"string"},{"type":"number"}]},"never":false,"not":{"not":{"const":1}}}}`)
	if _, err := CheckSchema(schema); err != nil {
		t.Fatal(err)
	}
	var props map[string]any
	if err := json.Unmarshal([]byte(`{"count":0.5,"align":"center","link":"x y","when":"today","mail":"@","re":"(","short":"äöü","slug":"A","list":[1,1,"x"],
		"fixed":4,"map":{"ab":1},"a/b~c":1,"half":0.75,"media":{"kind":"image"},"pick":2,"either":true,"never":1,"not":1,"extra":1}`), &props); err != nil {
		t.Fatal(err)
	}
	want := `/align: must be one of "left", "right"
/a~1b~0c: must be a boolean, is a number
/count: must be an integer, is 0.5
/either: fits none of the 2 alternatives
/extra: extra: is not a known property
/fixed: must be 3
/half: must be a multiple of 0.5, is 0.75
/kind: kind: is required
/link: must be a URI with its scheme, for instance https://example.com/
/list: must have at most 1 item, has 3
/list: must not hold the same item twice
/list/2: must be a number, is a string
/mail: must be an email address
/map/ab: ab: cannot be the name of a property here
/media/src: src: is required
/never: must not be given
/not: is a value that is ruled out
/pick: must be one of 1, "two"
/re: must be a pattern (RE2)
/short: must have at most 2 characters, has 3
/slug: must match the pattern ^[a-z]+$
/title: title: is required
/when: must be a date with time, for instance 2025-01-31T12:00:00Z
`
	schemas := NewSchemas(2)
	for range 20 { // the order never varies
		var b strings.Builder
		for _, v := range schemas.Validate(schema, props) {
			fmt.Fprintf(&b, "%s: %s\n", v.Pointer, v.Message)
		}
		if b.String() != want {
			t.Fatalf("got:\n%s\nwant:\n%s", b.String(), want)
		}
	}
}

func TestValidateBounds(t *testing.T) {
	schemas := NewSchemas(2)
	props := map[string]any{}
	for i := range 200 {
		props[fmt.Sprintf("p%03d", i)] = 1.0
	}
	got := schemas.Validate(json.RawMessage(`{"type":"object","additionalProperties":{"type":"string"}}`), props)
	if len(got) != 50 || got[0].Pointer != "/p000" || got[49].Pointer != "/p049" {
		t.Errorf("got %d violations, %v", len(got), got)
	}
	if got := schemas.Validate(json.RawMessage(`{"$ref":"#"}`), nil); len(got) != 1 || !strings.Contains(got[0].Message, "refers to itself") {
		t.Errorf("an unchecked schema: %v", got)
	}
}

// TestHostileSchemas: a few bytes must not buy minutes.
func TestHostileSchemas(t *testing.T) {
	var doubling strings.Builder
	for i := range 30 {
		fmt.Fprintf(&doubling, `"d%d":{"allOf":[{"$ref":"#/$defs/d%d"},{"$ref":"#/$defs/d%d"}]},`, i, i+1, i+1)
	}
	nested := any(1.0)
	for range 60 {
		nested = map[string]any{"a": nested}
	}
	wide := map[string]any{}
	for i := range 20_000 {
		wide[fmt.Sprint("p", i)] = "x"
	}
	for name, c := range map[string]struct {
		schema string
		props  map[string]any
	}{
		"doubling in place": {`{"type":"object","$ref":"#/$defs/d0","$defs":{` + doubling.String() + `"d30":{"required":["x"]}}}`, map[string]any{}},
		"doubling by depth": {`{"type":"object","properties":{"a":{"$ref":"#/$defs/n"}},"$defs":{"n":{"properties":{"a":{"$ref":"#/$defs/n"}},"allOf":[{"properties":{"a":{"$ref":"#/$defs/n"}}}]}}}`, nested.(map[string]any)},
		"by alternatives":   {`{"type":"object","properties":{"a":{"$ref":"#/$defs/n"}},"$defs":{"n":{"anyOf":[{"properties":{"a":{"$ref":"#/$defs/n"}},"required":["x"]},{"properties":{"a":{"$ref":"#/$defs/n"}},"required":["y"]}]}}}`, nested.(map[string]any)},
		"wide":              {`{"type":"object","additionalProperties":{"anyOf":[` + strings.Repeat(`{"const":1},`, 900) + `{"const":2}]}}`, wide},
		"large enum":        {`{"type":"object","additionalProperties":{"enum":[` + strings.Repeat(`1,2,`, 2400) + `3]}}`, wide},
	} {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			raw, err := CheckSchema(json.RawMessage(c.schema))
			if err != nil {
				t.Logf("refused: %v", err)
				return
			}
			got := NewSchemas(1).Validate(raw, c.props)
			Project(raw, c.props)
			Compare(Definition{PropsSchema: raw}, Definition{PropsSchema: json.RawMessage(strings.Replace(string(raw), "x", "y", 1))})
			if took := time.Since(began); took > 3*time.Second {
				t.Errorf("took %s", took)
			}
			if len(got) == 0 {
				t.Error("was found valid")
			}
		})
	}
}

func TestSchemasFromManyGoroutines(t *testing.T) {
	schemas := NewSchemas(3)
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range 50 {
				limit := (i*7 + g) % 6
				raw := json.RawMessage(fmt.Sprintf(`{"type":"object","properties":{"a":{"type":"number","maximum":%d}}}`, limit))
				if got := len(schemas.Validate(raw, map[string]any{"a": 3.0})) == 0; got != (limit >= 3) {
					t.Errorf("limit %d: %v", limit, got)
				}
			}
		}()
	}
	wg.Wait()
	if len(schemas.byRaw) > 3 || schemas.used.Len() != len(schemas.byRaw) {
		t.Errorf("keeps %d schemas", len(schemas.byRaw))
	}
}

func BenchmarkCheckSchema(b *testing.B) {
	for b.Loop() {
		if _, err := CheckSchema(json.RawMessage(`{"type":"object","required":["title"],"properties":{"title":{"type":"string"},"cards":{"type":"array","items":{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"integer"}}}}}}`)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkValidate(b *testing.B) {
	raw := json.RawMessage(`{"type":"object","required":["title"],"properties":{"title":{"type":"string"},"cards":{"type":"array","items":{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"integer"}}}}}}`)
	props := map[string]any{"title": "x", "cards": []any{map[string]any{"a": "x", "b": 1.0}, map[string]any{"a": "x", "b": 1.0}}}
	schemas := NewSchemas(1)
	for b.Loop() {
		if len(schemas.Validate(raw, props)) > 0 {
			b.Fatal("does not fit")
		}
	}
}
