package asset

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func props(t testing.TB, raw string) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(strings.NewReplacer("<a>", hashA, "<b>", hashB).Replace(raw)), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

var (
	hashA = "sha256:" + strings.Repeat("a", 64)
	hashB = "sha256:" + strings.Repeat("b", 64)
)

func TestFind(t *testing.T) {
	cases := map[string]string{
		`{"photo":{"$asset":"<a>","alt":"A"},"list":[1,{"x":{"$asset":"<b>"}}]}`: "/list/1/x=b /photo=a",
		`{"a/b":{"~":{"$asset":"<a>"}}}`:                                         "/a~1b/~0=a",
		`{"text":"\"$asset\":\"<a>\"","alt":"A","asset":"<a>"}`:                  "",
		`{"photo":{"$asset":5}}`:                                                 "/photo: 64 lower-case hex digits",
		`{"photo":{"$asset":null}}`:                                              "/photo: 64 lower-case hex digits",
		`{"photo":{"$asset":"sha256:A"}}`:                                        "/photo: 64 lower-case hex digits",
		`{"photo":{"$asset":"<a>","alt":{}}}`:                                    "/photo: is a text",
		`{"photo":{"$asset":"<a>","url":"x"}}`:                                   "/photo: nothing else",
		`{"photo":{"$asset":"<a>","alt":"` + strings.Repeat("é", 1001) + `"}}`:   "/photo: longer than 1000",
		`{"$asset":"<a>"}`:                                                       ": value of a prop",
	}
	for raw, want := range cases {
		uses, bad := Find(props(t, raw))
		var got []string
		for _, u := range uses {
			got = append(got, u.Pointer+"="+u.Hash[7:8])
		}
		for _, m := range bad {
			_, says, _ := strings.Cut(want, ": ")
			if !strings.Contains(m.Message, says) {
				t.Errorf("%.60s: %s", raw, m.Message)
			}
			got = append(got, m.Pointer+": "+says)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%.60s: %q", raw, got)
		}
	}
}

func TestServe(t *testing.T) {
	known := map[string]Meta{hashA: {Width: 3, Height: 2, Placeholder: "data:x"}}
	before := props(t, `{"photo":{"$asset":"<a>","alt":"A"},"list":[{"$asset":"<b>"},"x"],"deep":{"n":1}}`)
	want := fmt.Sprintf(`{"deep":{"n":1},"list":[{"alt":"","height":1,"placeholder":"","url":"%s","width":1},"x"],"photo":{"alt":"A","height":2,"placeholder":"data:x","url":"%s","width":3}}`,
		Path(hashB), Path(hashA))
	got, err := json.Marshal(Serve(before, known))
	if err != nil || string(got) != want {
		t.Errorf("%s", got)
	}
	if !reflect.DeepEqual(before, props(t, `{"photo":{"$asset":"<a>","alt":"A"},"list":[{"$asset":"<b>"},"x"],"deep":{"n":1}}`)) {
		t.Error("the props were changed")
	}
	malformed := props(t, `{"photo":{"$asset":5}}`)
	if !reflect.DeepEqual(Serve(malformed, known), malformed) {
		t.Error("a malformed envelope was changed")
	}
	if Serve(map[string]any{}, known) == nil {
		t.Error("no props became nil")
	}
}

func TestHashesIn(t *testing.T) {
	body := strings.NewReplacer("<a>", hashA, "<b>", hashB).Replace(
		`{"x":{"$asset":"<b>","alt":"\"$asset\":\"<a>\""},"y":[{"$asset":"<b>"}],"z":{"$asset":"sha256:short"}}`)
	if got := HashesIn(body, body); len(got) != 1 || got[0] != hashB {
		t.Errorf("%v", got)
	}
	if got := HashesIn(body + `{"$asset":"`); len(got) != 1 {
		t.Errorf("%v", got)
	}
}

func TestPlainName(t *testing.T) {
	for name, want := range map[string]string{
		"summer.jpg": "summer.jpg", `C:\photos\a.png`: "a.png", "../../etc/passwd": "passwd", "": "picture", "..": "picture", "/": "picture",
		"a\u202egpj.exe": "agpj.exe", "a\x00\nb": "ab", "Zürich \U0001f3d4.jpg": "Zürich \U0001f3d4.jpg", "a\xffb": "ab",
		strings.Repeat("é", 300): strings.Repeat("é", 200),
	} {
		if got := plainName(name); got != want {
			t.Errorf("%q became %q", name, got)
		}
	}
}
