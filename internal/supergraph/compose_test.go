package supergraph

import (
	"strings"
	"testing"
)

// TestNames: what a corpus of files cannot say, because a folder has no two files of one name.
func TestNames(t *testing.T) {
	const sdl = "type Query { a: Int }"
	for name, c := range map[string]struct {
		subgraphs []Subgraph
		want      string
	}{
		"none":      {nil, "NO_QUERIES"},
		"no name":   {[]Subgraph{{SDL: sdl}}, "INVALID_SUBGRAPH_NAME"},
		"twice":     {[]Subgraph{{Name: "a", SDL: sdl}, {Name: "a", SDL: "type Query { b: Int }"}}, "INVALID_SUBGRAPH_NAME"},
		"two owned": {[]Subgraph{{Name: "a", SDL: sdl, Owned: true}, {Name: "b", SDL: "type Query { b: Int }", Owned: true}}, "INVALID_SUBGRAPH_NAME"},
		"too large together": {
			func() (list []Subgraph) {
				for i := range 17 {
					list = append(list, Subgraph{Name: string(rune('a' + i)), SDL: sdl + strings.Repeat(" ", maxSDL-len(sdl))})
				}
				return list
			}(), "SCHEMA_TOO_LARGE",
		},
	} {
		t.Run(name, func(t *testing.T) {
			super, problems := Compose(c.subgraphs)
			checkComposed(t, super, problems)
			if super != nil || len(problems) != 1 || problems[0].Code != c.want {
				t.Errorf("%s", describe(problems))
			}
		})
	}
}

// TestGivenIsKept: what is handed in is not changed, and composing again gives the same.
func TestGivenIsKept(t *testing.T) {
	given := []Subgraph{{Name: "b", SDL: "type Query { b: Int }"}, {Name: "a", SDL: "type Query { a: Int }"}}
	first, _ := Compose(given)
	again, _ := Compose(given)
	if given[0].Name != "b" || first.SDL != again.SDL || printSchema(first.API) != printSchema(again.API) || first.Sources[0].Name != "b" {
		t.Errorf("%+v", given)
	}
}
