package component

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"sonata.ai/sonata/internal/canonical"
)

func TestParseVersion(t *testing.T) {
	for s, want := range map[string]string{"2": "2.0", "2.3": "2.3", "2.3.0": "2.3", "9999.9999": "9999.9999"} {
		if v, err := ParseVersion(s); err != nil || v.String() != want {
			t.Errorf("%q: %v, %v", s, v, err)
		}
	}
	for _, s := range []string{"", "0", "0.1", "2.3.1", "2.3.0.0", "v2", "2.", ".3", "-1", "+1", "1.02", "10000", "1.2.x", "²"} {
		if v, err := ParseVersion(s); err == nil {
			t.Errorf("%q was read as %v", s, v)
		}
	}
	if _, err := ParseVersion("2.3.1"); err == nil || !strings.Contains(err.Error(), "component versions are major.minor") {
		t.Errorf("got %v", err)
	}
	if !(Version{1, 9}).Less(Version{2, 0}) || (Version{2, 1}).Compare(Version{2, 1}) != 0 || (Version{2, 10}).Less(Version{2, 9}) {
		t.Error("the order is wrong")
	}
	if raw, err := json.Marshal(Version{2, 3}); err != nil || string(raw) != `{"major":2,"minor":3}` {
		t.Errorf("%s, %v", raw, err)
	}
}

func TestCatalogue(t *testing.T) {
	def := func(key string, major, minor int) Definition {
		return Definition{Key: key, Version: Version{major, minor}, Title: fmt.Sprintf("%s%d.%d", key, major, minor)}
	}
	cat := NewCatalogue([]Definition{def("b", 1, 0), def("a", 2, 0), def("a", 1, 10), def("a", 1, 9), def("a", 1, 10)})
	var all []string
	for _, d := range cat.All() {
		all = append(all, d.Title)
	}
	if got := strings.Join(all, " "); got != "a1.9 a1.10 a2.0 b1.0" {
		t.Errorf("all: %s", got)
	}
	if d, ok := cat.Newest("a", 1); !ok || d.Version != (Version{1, 10}) {
		t.Errorf("newest: %v", d)
	}
	if _, ok := cat.Newest("a", 3); ok {
		t.Error("found a major that is not there")
	}
	if m, ok := cat.NewestMajor("a"); !ok || m != 2 {
		t.Errorf("newest major: %d", m)
	}
	if _, ok := (Catalogue{}).NewestMajor("a"); ok {
		t.Error("an empty catalogue found something")
	}
	if _, ok := cat.Exact("a", Version{1, 9}); !ok {
		t.Error("exact found nothing")
	}
	if got := cat.Keys(); !reflect.DeepEqual(got, []string{"a", "b"}) {
		t.Errorf("keys: %q", got)
	}
}

func TestContractHash(t *testing.T) {
	base := Definition{Key: "a", PropsSchema: json.RawMessage(`{"type":"object"}`)}
	same := Definition{Key: "a", Title: "T", UISchema: json.RawMessage(`{}`), Examples: json.RawMessage(`[]`), Slots: []string{}, PropsSchema: json.RawMessage(` {"type": "object"}`)}
	if base.ContractHash() != same.ContractHash() || base.ContractHash() != (Definition{}).ContractHash() {
		t.Error("what is no part of the contract counts")
	}
	if !canonical.IsHash(base.ContractHash()) {
		t.Errorf("not a hash: %s", base.ContractHash())
	}
	for _, other := range []Definition{
		{PropsSchema: json.RawMessage(`{"type":"object","properties":{}}`)},
		{Slots: []string{"a"}},
		{Fallback: &Fallback{Component: "b", Major: 1}},
		{PropsSchema: json.RawMessage(`{`)},
	} {
		if other.ContractHash() == base.ContractHash() {
			t.Errorf("%v has the same hash", other)
		}
	}
}

func TestNewManifest(t *testing.T) {
	m, err := NewManifest([]Support{
		{Key: "hero", Version: Version{2, 3}, ContractHash: "h"},
		{Key: "card", Version: Version{1, 0}, Range: ">=1.0 <2"},
		{Key: "hero", Version: Version{1, 4}, Range: "~1.4 || 1.2"},
	})
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for _, e := range m.Entries {
		order = append(order, e.Key+" "+e.Version.String()+" "+e.Range)
	}
	if got := strings.Join(order, ", "); got != "card 1.0 >=1.0 <2, hero 1.4 ~1.4 || 1.2, hero 2.3 ^2" {
		t.Errorf("entries: %s", got)
	}
	// The published form of the hash: whoever changes it loses every manifest that clients hold.
	want := canonical.Hash([]byte(`[{"contractHash":"","key":"card","range":">=1.0 <2","version":"1.0"},` +
		`{"contractHash":"","key":"hero","range":"~1.4 || 1.2","version":"1.4"},{"contractHash":"h","key":"hero","range":"^2","version":"2.3"}]`))
	if m.Hash() != want {
		t.Errorf("hash %s, want %s", m.Hash(), want)
	}
	again, err := NewManifest([]Support{m.Entries[2], m.Entries[0], m.Entries[1]})
	if err != nil || again.Hash() != want {
		t.Errorf("the order counts: %v", err)
	}
	if (Manifest{}).Hash() != canonical.Hash([]byte("[]")) {
		t.Error("the empty manifest")
	}
}

func TestNewManifestRefuses(t *testing.T) {
	many := make([]Support, 501)
	for i := range many {
		many[i] = Support{Key: fmt.Sprint("c", i), Version: Version{1, 0}}
	}
	if _, err := NewManifest(many[:500]); err != nil {
		t.Error(err)
	}
	for want, entries := range map[string][]Support{
		"at most 500 entries":         many,
		"cannot be a component key":   {{Key: "Hero", Version: Version{1, 0}}},
		"reserved":                    {{Key: "include", Version: Version{1, 0}}},
		"is not a version range":      {{Key: "a", Version: Version{1, 0}, Range: "latest"}},
		"is not a version range: ":    {{Key: "a", Version: Version{1, 0}, Range: strings.Repeat("1 || ", 50) + "1"}},
		"does not include 1.0":        {{Key: "a", Version: Version{1, 0}, Range: "^2"}},
		"is not a version: major":     {{Key: "a"}},
		"list each major version onc": {{Key: "a", Version: Version{1, 0}}, {Key: "b", Version: Version{1, 0}}, {Key: "a", Version: Version{1, 1}}},
	} {
		if _, err := NewManifest(entries); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}

func TestRenders(t *testing.T) {
	for _, c := range []struct {
		span string
		v    Version
		want bool
	}{
		{"", Version{2, 9}, true},
		{"", Version{1, 9}, false},
		{"^2", Version{2, 9}, true},
		{"^2.1", Version{2, 0}, false},
		{"*", Version{7, 0}, true},
		{">=1 <3", Version{1, 0}, true},
		{">=1 <3", Version{3, 0}, false},
		{"2.1 - 2.3", Version{2, 3}, true},
		{"nonsense", Version{2, 0}, false},
		{"*", Version{-1, 0}, false},
	} {
		if got := (Support{Version: Version{2, 3}, Range: c.span}).Renders(c.v); got != c.want {
			t.Errorf("%q renders %s: %v", c.span, c.v, got)
		}
	}
}

func TestCheckKeyAndSlots(t *testing.T) {
	for key, ok := range map[string]bool{"a": true, "hero-2": true, strings.Repeat("a", 64): true, strings.Repeat("a", 65): false, "": false, "2a": false, "a_b": false, "a/b": false, "include": false, "a\n": false} {
		if err := CheckKey(key); (err == nil) != ok {
			t.Errorf("%q: %v", key, err)
		}
	}
	for _, c := range []struct {
		slots []string
		ok    bool
	}{
		{nil, true},
		{[]string{"children", "asideLeft2"}, true},
		{[]string{"a", "a"}, false},
		{[]string{"A"}, false},
		{[]string{"a-b"}, false},
		{[]string{strings.Repeat("a", 33)}, false},
		{make([]string, 21), false},
	} {
		if err := CheckSlots(c.slots); (err == nil) != c.ok {
			t.Errorf("%q: %v", c.slots, err)
		}
	}
}
