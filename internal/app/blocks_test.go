package app_test

import (
	"encoding/json"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// Blocks are written without an executor: what is asked for, under the names and conditions that it is asked by, and every
// field that the contract has.
func TestBlocksAreWrittenAsTheyAreAskedFor(t *testing.T) {
	h := newHouseOf(t, io.Discard, []string{"--demo", "on"})
	ask := func(selection string, variables message) []map[string]any {
		t.Helper()
		raw := h.ways()["POST"](asker{}, message{"query": `query ($yes: Boolean = true, $no: Boolean = false) { screen(at: {path: "/"}, context: {frontend: "shop"}) { list: ` + selection + ` more: blocks { ...F key @include(if: $yes) @skip(if: $no) } } } fragment F on Block { key again: key }`, "variables": variables})
		var got struct {
			Data struct {
				Screen struct{ List []map[string]any }
			}
		}
		if err := json.Unmarshal([]byte(raw), &got); err != nil || strings.Contains(raw, `"errors"`) || len(got.Data.Screen.List) < 3 {
			t.Fatalf("%v: %.500s", err, raw)
		}
		return got.Data.Screen.List
	}
	fields := func(name string) (all []string) {
		for _, f := range contractOf().Types[name].Fields {
			if !strings.HasPrefix(f.Name, "__") {
				all = append(all, f.Name)
			}
		}
		slices.Sort(all)
		return all
	}
	whole := ask(`blocks { key component version props bindings { pointer } slots { name blocks } }`, nil)
	slotted := false
	for _, b := range whole {
		if names := slices.Sorted(maps.Keys(b)); !slices.Equal(names, fields("Block")) {
			t.Errorf("a block has %v, and the contract %v", names, fields("Block"))
		}
		for _, s := range b["slots"].([]any) {
			slotted = true
			if names := slices.Sorted(maps.Keys(s.(map[string]any))); !slices.Equal(names, fields("Slot")) {
				t.Errorf("a slot has %v, and the contract %v", names, fields("Slot"))
			}
		}
	}
	if !slotted {
		t.Error("no block has a slot: nothing was compared")
	}
	asked := ask(`blocks { __typename ...F ... on Block { k: key props } slots @include(if: $yes) { __typename n: name } slots { blocks } version @skip(if: $yes) component @include(if: $no) }`, nil)
	for i, b := range whole {
		slots := []any{}
		for _, s := range b["slots"].([]any) {
			of := s.(map[string]any)
			slots = append(slots, map[string]any{"__typename": "Slot", "n": of["name"], "blocks": of["blocks"]})
		}
		want := map[string]any{"__typename": "Block", "key": b["key"], "again": b["key"], "k": b["key"], "props": b["props"], "slots": slots}
		if !reflect.DeepEqual(asked[i], want) {
			t.Errorf("block %d is %v, want %v", i, asked[i], want)
		}
	}
}
