package screen

import (
	"encoding/json"
	"strings"
	"testing"

	"sonata.ai/sonata/internal/asset"
	"sonata.ai/sonata/internal/component"
)

// What is wrong with pictures is said where they stand: all of it, and as what it is.
func TestProblemsOfPictures(t *testing.T) {
	there, gone := "sha256:"+strings.Repeat("a", 64), "sha256:"+strings.Repeat("b", 64)
	catalogue := component.NewCatalogue([]component.Definition{{
		Key: "hero", Version: component.Version{Major: 1}, PropsSchema: json.RawMessage(`{"type":"object","properties":{
			"photo":{"type":"object","format":"asset","properties":{"url":{"type":"string"},"alt":{"type":"string"}},"required":["url"],"additionalProperties":false},
			"free":{"type":"object"},"title":{"type":"string"}}}`),
	}})
	known := map[string]asset.Meta{there: {Width: 4, Height: 3}}
	for _, c := range []struct{ props, want string }{
		{`{"photo":{"$asset":"<there>","alt":"A"}}`, ""},
		{`{"photo":{"url":"https://shop.example/a.jpg"}}`, ""},
		{`{"photo":{"$asset":"<there>"}}`, "WARNING ALT_MISSING /photo"},
		{`{"photo":{"$asset":"<there>","alt":" \u00a0"}}`, "WARNING ALT_MISSING /photo"},
		{`{"photo":{"$asset":"<gone>","alt":"A"}}`, "ERROR ASSET_MISSING /photo"},
		{`{"photo":{"$asset":"<gone>"}}`, "ERROR ASSET_MISSING /photo, WARNING ALT_MISSING /photo"},
		{`{"free":{"deep":{"$asset":"<there>","alt":"A"}}}`, "ERROR PROPS_INVALID /free/deep"},
		{`{"photo":{"$asset":5}}`, "ERROR PROPS_INVALID /photo"},
	} {
		props := object(t, strings.NewReplacer("<there>", there, "<gone>", gone).Replace(c.props))
		d := Draft{Key: "home", Body: Body{Format: 1, Root: "hero", Blocks: map[string]Block{"hero": {Component: "hero", Major: 1, Props: props}}}}
		var got []string
		for _, p := range CheckBlocks(d, catalogue, component.NewSchemas(8), known, nil) {
			if p.Code == "PROPS_INVALID" && strings.HasPrefix(p.Pointer, "/photo/") { // the schema says it of what is no picture, too
				continue
			}
			got = append(got, p.Severity+" "+p.Code+" "+p.Pointer)
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s: %s", c.props, strings.Join(got, ", "))
		}
	}
}
