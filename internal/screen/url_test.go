package screen

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func TestUnsafeURLValues(t *testing.T) {
	unsafe := []string{
		"javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)", "\x01\x1f javascript:alert(1)", "java\tscript:alert(1)",
		"java\r\nscript:alert(1)", "javascript\n:alert(1)", "java\x00script:alert(1)", `java\0script:alert(1)`, "javascript:", "vbscript:x", "livescript:x", "mocha:x",
		"data:text/html,x", "data:,x", "data:image/svg+xml,<svg onload=x>", "data:image/pngx,1", "DATA:text/html;base64,x", "data:image/png%2Cx",
		"blob:https://x/y", "filesystem:https://x/y", "view-source:javascript:x",
		"javascript&colon;alert(1)", "javascript&colonalert(1)", "javascript&COLON;x", "&#106;avascript:x", "&#106avascript:x", "&#x6A;avascript:x", "j&#x61vascript:x",
		"&#0000106avascript:x", "java&Tab;script:x", "java&NewLine;script:x", "java&#9;script:x", "java&#x0A;script:x", "javascript&#58;x", "javascript&#x3a;x",
		"&amp;#106;avascript:x", "&#38;#106;avascript:x", "%6aavascript:x", "%6A%61vascript:x", "javascript%3Ax", "javascript%3ax", "%256aavascript:x", "java%0ascript:x", "%20javascript:x", "java%00script:x",
		"java\u200bscript:x", "\ufeffjavascript:x", "java\u00adscript:x", "\u202ejavascript:x", "\u2028javascript:x", "\u00a0javascript:x", "java\u2060script:x", "java\u180escript:x",
		"ｊａｖａｓｃｒｉｐｔ:x", "javascript：x", "javascript﹕x", "java\u017fcript:x", "javascr\u0131pt:x", "java\xffscript:x", "java%ffscript:x", "java\ufe0fscript:x",
		"%EF%BD%8Aavascript:x", "&ZeroWidthSpace;javascript:x", "java&shy;script:x", "java&shyscript:x",
	}
	for _, value := range unsafe {
		got := UnsafeURLs(map[string]any{"href": value}, nil)
		if len(got) != 1 || got[0].Pointer != "/href" || !strings.Contains(got[0].Message, "can run script") {
			t.Errorf("%q: %v", value, got)
		}
	}
	safe := []string{
		"", "/", "#", "#javascript:x", "?javascript:x", "/javascript:x", "./javascript:x", "//example.com/javascript:x", "https://example.com/?u=javascript:alert(1)",
		"https://example.com/%6aavascript:", "mailto:a@example.com", "tel:+1", "javascript", "javascripts:x", "xjavascript:x", "my-data:x", "database:x", "_blank", "@media", "a b c",
		"data:image/png;base64,AAAA", "data:image/jpeg,x", " data:image/gif;base64,AA", "DATA:image/WEBP,x", "data:image/avif,x", "&amp;", "100%", "%", "&#;", "&colon", ":", "javascript/x:y",
		"example.com/a&tab=1:2", "javascript.html", "the javascript: good parts",
	}
	for _, value := range safe {
		if got := UnsafeURLs(map[string]any{"href": value}, nil); got != nil {
			t.Errorf("%q: %v", value, got)
		}
	}
}

func TestUnsafeURLNames(t *testing.T) {
	const bad = "javascript:x"
	shaped := []string{
		"href", "HREF", "url", "URL", "uri", "src", "link", "action", "formAction", "formaction", "poster", "to", "target", "background", "cite", "srcset", "srcSet", "image", "icon",
		"imageUrl", "imageURL", "image_url", "image-url", "xlink:href", "heroImage", "ctaLink", "linkTo", "URLImage", "image2", "imageSrcSet", "image_srcset", "backgroundImage", "links", "imageURLs2",
	}
	for _, name := range shaped {
		if got := UnsafeURLs(map[string]any{name: bad}, nil); len(got) != 1 {
			t.Errorf("%q is not URL-shaped: %v", name, got)
		}
	}
	for _, name := range []string{"title", "text", "linkText", "imageAlt", "photo", "urlLabel", "stop", "curl", "blink", "", "1", "caption"} {
		if got := UnsafeURLs(map[string]any{name: "JavaScript: the good parts"}, nil); got != nil {
			t.Errorf("%q is URL-shaped: %v", name, got)
		}
	}
}

func TestUnsafeURLPlaces(t *testing.T) {
	props := object(t, `{
		"title":"JavaScript: the good parts",
		"links":["/a","javascript:1",["vbscript:2"]],
		"link":{"text":"JavaScript: fine","href":"javascript:3"},
		"a/b":[{"url":"data:text/html,4"}],
		"srcset":"a.png 1x, javascript:5 2x",
		"goodset":"javascript:6",
		"imageSrcset":"data:image/png;base64,AA 1x, b.png 2x",
		"background":"no-repeat URL( 'javascript:7' )",
		"custom":["javascript:8"]
	}`)
	var got []string
	for _, u := range UnsafeURLs(props, func(pointer string) bool { return pointer == "/custom/0" }) {
		got = append(got, u.Pointer)
	}
	want := []string{"/a~1b/0/url", "/background", "/custom/0", "/link/href", "/links/1", "/links/2/0", "/srcset"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestURLPointers(t *testing.T) {
	schema := `{
		"type":"object",
		"$defs":{
			"link":{"type":"string","format":"uri-reference"},
			"item":{"type":"object","properties":{"go":{"$ref":"#/$defs/link"},"sub":{"type":"array","items":{"$ref":"#/$defs/item"}}}},
			"loop":{"$ref":"#/$defs/loop2"},"loop2":{"$ref":"#/$defs/loop","anyOf":[{"$ref":"#/$defs/loop"},{"format":"iri"}]},
			"named":{"$anchor":"here","format":"uri"},
			"a/b%":{"format":"url"}
		},
		"properties":{
			"plain":{"type":"string"},
			"site":{"type":"string","format":"uri"},
			"mail":{"type":"string","format":"email"},
			"list":{"type":"array","prefixItems":[{"type":"string"}],"items":{"format":"iri-reference"}},
			"tree":{"$ref":"#/$defs/item"},
			"loop":{"$ref":"#/$defs/loop"},
			"either":{"oneOf":[{"type":"number"},{"$ref":"#here"}]},
			"odd":{"$ref":"#/$defs/a~1b%25"},
			"cond":{"if":{"type":"string"},"then":{"format":"uri"}},
			"self":{"$ref":"#"},
			"outside":{"$ref":"https://example.com/x"},
			"gone":{"$ref":"#/$defs/gone"},
			"map":{"type":"object","properties":{"known":{"type":"string"}},"patternProperties":{"^u":{"format":"uri"}},"additionalProperties":{"format":"url"}},
			"sla/sh":{"format":"uri"}
		}
	}`
	isURL := URLPointers(json.RawMessage(schema))
	for _, p := range []string{"/site", "/list/1", "/list/7", "/tree/go", "/tree/sub/0/go", "/tree/sub/3/sub/4/go", "/loop", "/either", "/odd", "/cond", "/self/site", "/self/self/self/loop", "/map/u1", "/map/other", "/sla~1sh"} {
		if !isURL(p) {
			t.Errorf("%s is not found", p)
		}
	}
	for _, p := range []string{"", "/", "x", "/plain", "/mail", "/list", "/list/0", "/list/-", "/tree", "/tree/sub/x/go", "/outside", "/gone", "/map/known", "/nobody/x", "/site/x"} {
		if isURL(p) {
			t.Errorf("%s is found", p)
		}
	}
	for _, bad := range []string{"", "{", "true", "[]", `{"properties":[],"items":3,"allOf":{},"$ref":7,"patternProperties":{"(":true}}`} {
		if URLPointers(json.RawMessage(bad))("/a/0") {
			t.Errorf("%q says something", bad)
		}
	}
}

func FuzzURL(f *testing.F) {
	for _, s := range []string{"javascript:x", "&#106avascript&colon;x", "%256a\u200b:", "a.png 1x, data:image/png;base64,AA 2x", "url(url(", "&\u0130colon;"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		UnsafeURLs(map[string]any{"srcset": s, "background": s, s: s}, nil)
		URLPointers(json.RawMessage(s))("/a/0")
		// Disguise never helps: what comes before the scheme of a script and what is taken away changes nothing.
		for _, disguised := range []string{" \t" + "javascript:" + s, "java\u200bscript&colon;" + s, "%6Aavascript:" + s} {
			if UnsafeURLs(map[string]any{"href": disguised}, nil) == nil {
				t.Fatalf("%q was let through", disguised)
			}
		}
		if UnsafeURLs(map[string]any{"href": "https://example.com/" + s}, nil) != nil {
			t.Fatalf("https with %q was refused", s)
		}
	})
}
