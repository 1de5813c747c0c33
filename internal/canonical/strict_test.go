package canonical_test

import (
	"encoding/json"
	"strings"
	"testing"

	"sonata.ai/sonata/internal/canonical"
)

func TestStrictRefusesWhatParsersReadDifferently(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		`{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]}`: "",
		`{"a":1,"a":2}`:            `"a" is given twice`,
		`{"x":[{"b":1, "b" : 2}]}`: `"b" is given twice`,
		`{"a":1,"\u0061":2}`:       `"a" is given twice`,
		`{"a\"b":1,"a":"\"a\":1"}`: "",
		`["a","a"]`:                "",
		`{"s":"\ud83d\ude00"}`:     "",
		`{"s":"\ud83d"}`:           "surrogate",
		`{"s":"\ude00\ud83d"}`:     "surrogate",
		`{"s":"\ud83dx"}`:          "surrogate",
		`{"\udead":1}`:             "surrogate",
		`{"s":"\\ud83d"}`:          "",
		"{\"s\":\"\xff\"}":         "UTF-8",
		"\ufeff{}":                 "not valid JSON",
		`{"a":NaN}`:                "not valid JSON",
		`{"a":1`:                   "not valid JSON",
		`{} {}`:                    "not valid JSON",
		``:                         "not valid JSON",
		`"plain"`:                  "",
		strings.Repeat("[", 9000) + strings.Repeat("]", 9000): "",
	} {
		err := canonical.Strict([]byte(raw))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%.80s: got %v, want %q", raw, err, want)
		}
	}
}

// What Strict lets through means the same however it is read: written again from what was read, nothing is lost.
func FuzzStrict(f *testing.F) {
	for _, seed := range []string{`{"a":{"b":[1,"x\u00e9\ud83d\ude00"]},"c":null}`, `{"a":1,"a":2}`, `"\ud800"`, `[[{"":0}]]`, `[1e700]`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if canonical.Strict(raw) != nil {
			return
		}
		members := 0
		dec := json.NewDecoder(strings.NewReader(string(raw)))
		for {
			token, err := dec.Token()
			if err != nil {
				break
			}
			if s, ok := token.(string); ok {
				members++
				if strings.ContainsRune(s, '\uFFFD') && !strings.ContainsRune(string(raw), '\uFFFD') && !strings.Contains(strings.ToLower(string(raw)), `\ufffd`) {
					t.Fatalf("%q was repaired", s)
				}
			}
		}
		var v any
		dec = json.NewDecoder(strings.NewReader(string(raw)))
		dec.UseNumber() // how large a number may be is for whoever uses it to say
		if err := dec.Decode(&v); err != nil {
			t.Fatalf("accepted, and not JSON: %v", err)
		}
		if kept := stringsIn(v); kept != members {
			t.Fatalf("%d names and strings were sent, %d are kept", members, kept)
		}
	})
}

func stringsIn(v any) (n int) {
	switch v := v.(type) {
	case string:
		return 1
	case []any:
		for _, e := range v {
			n += stringsIn(e)
		}
	case map[string]any:
		for _, e := range v {
			n += 1 + stringsIn(e)
		}
	}
	return n
}
