package component_test

import (
	"encoding/json"
	"strings"
	"testing"

	"sonata.ai/sonata/internal/component"
	"sonata.ai/sonata/internal/testkit"
)

// What a schema says of one property, and its type. Whether the types hold for what is served, and whether TypeScript takes
// them, is tried with its compiler.
func TestTypesOfProps(t *testing.T) {
	t.Parallel()
	for schema, want := range map[string]string{
		`true`:                       `Json`,
		`{}`:                         `Json`,
		`false`:                      `never`,
		`{"description":"anything"}`: `Json`,
		`{"type":"string","maxLength":5,"pattern":"^a"}`:                       `string`,
		`{"type":"integer"}`:                                                   `number`,
		`{"type":["integer","number","null"]}`:                                 `number | null`,
		`{"type":"string","enum":["a","b\"","a"]}`:                             `"a" | "b\""`,
		`{"enum":[1,2.5,null,true]}`:                                           `1 | 2.5 | null | true`,
		`{"enum":[{"a":1},"x"]}`:                                               `Json`,
		`{"const":"</script>"}`:                                                `"\u003c/script\u003e"`,
		`{"type":"array"}`:                                                     `readonly Json[]`,
		`{"type":"array","items":{"type":"string"}}`:                           `readonly string[]`,
		`{"type":"array","items":{"type":["string","null"]}}`:                  `readonly (string | null)[]`,
		`{"type":"array","items":{"type":"array","items":{"type":"number"}}}`:  `readonly (readonly number[])[]`,
		`{"type":"array","prefixItems":[{"type":"string"},{"type":"number"}]}`: `readonly [string?, number?, ...Json[]]`,
		`{"type":"array","prefixItems":[{"type":"string"},{"enum":[1,2]}],"minItems":1,"items":false}`: `readonly [string, (1 | 2)?]`,
		`{"type":"object"}`: `{ readonly [name: string]: Json }`,
		`{"type":"object","additionalProperties":{"type":"number"}}`:                                  `{ readonly [name: string]: number }`,
		`{"type":"object","patternProperties":{"^x":{"type":"number"}},"additionalProperties":false}`: `{ readonly [name: string]: Json }`,
		`{"type":"object","format":"asset"}`:                                                          `Picture`,
		`{"anyOf":[{"type":"string"},{"type":"number"},{"type":"string"}]}`:                           `string | number`,
		`{"anyOf":[{"type":"string"},{"minimum":3}]}`:                                                 `Json`,
		`{"oneOf":[{"const":1},false]}`:                                                               `1`,
		`{"oneOf":[false]}`:                                                                           `never`,
		`{"type":"string","anyOf":[{"minLength":3},{"enum":["a"]}]}`:                                  `string`,
		`{"allOf":[{"type":["string","null"]},{"type":"string"}]}`:                                    `(string | null) & string`,
		`{"type":"object","not":{"required":["x"]},"if":true,"then":true}`:                            `{ readonly [name: string]: Json }`,
		`{"$ref":"#/$defs/link"}`:                                                                     `PartV1Props_link`,
		`{"$ref":"#/$defs/li-nk"}`:                                                                    `PartV1Props_li_nk`,
		`{"$ref":"#"}`:                                                                                `PartV1Props`,
		`{"$ref":"#/$defs/link","type":"object"}`:                                                     `PartV1Props_link & ({ readonly [name: string]: Json })`,
	} {
		props := `{"type":"object","properties":{"p":` + schema + `},"$defs":{"link":{"type":"object","properties":{"next":{"$ref":"#/$defs/link"}}},"li-nk":true,"li_nk":{"type":"null"}}}`
		raw := testkit.Must(component.CheckSchema(json.RawMessage(props)))(t)
		got := testkit.Must(component.TypeScript("x", []component.Definition{{Key: "part", Version: component.Version{Major: 1}, PropsSchema: raw}}))(t)
		_, after, _ := strings.Cut(got, "  readonly p?: ")
		if line, _, _ := strings.Cut(after, ";\n"); line != want {
			t.Errorf("%s\n got %s\nwant %s", schema, line, want)
		}
	}
}

// Whatever a team writes into names and texts stays inside the comment or the quotes that it stands in.
func TestTypesHoldNoCodeOfOthers(t *testing.T) {
	t.Parallel()
	evil := "*/ export type Evil = 1; /*\n// \u2028 `${evil}` \\ \" '"
	schema := testkit.Must(json.Marshal(map[string]any{
		"type": "object", "title": evil, "description": evil,
		"properties": map[string]any{evil: map[string]any{"const": evil, "title": evil}},
	}))(t)
	got := testkit.Must(component.TypeScript(evil, []component.Definition{{Key: "part", Title: evil, Version: component.Version{Major: 1}, PropsSchema: schema}}))(t)
	for line := range strings.Lines(got) {
		if code, _, _ := strings.Cut(line, " ="); strings.HasPrefix(strings.TrimSpace(code), "export type Evil") || strings.Contains(line, "\u2028") {
			t.Errorf("it got out:\n%s", got)
		}
	}
}
