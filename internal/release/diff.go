//sonata:pure

package release

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sonata.ai/sonata/internal/asset"
	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/component"
	"sonata.ai/sonata/internal/screen"
)

// Change is how one item differs.
type Change struct {
	ItemID
	Change  string   // ADDED, CHANGED or REMOVED
	Summary []string // in words
	Before  json.RawMessage
	After   json.RawMessage
}

// maxSummary bounds the words of one change.
const maxSummary = 100

// Diff returns what differs between two contents, screens first, sorted by key; before may be nil.
func Diff(before *Content, after Content) ([]Change, error) {
	if before == nil {
		before = &Content{Components: component.NewCatalogue(nil)}
	}
	keys := map[string]bool{}
	for key := range before.Screens {
		keys[key] = true
	}
	for key := range after.Screens {
		keys[key] = true
	}
	var changes []Change
	for _, key := range sortedKeys(keys) {
		old, was := before.Screens[key]
		now, is := after.Screens[key]
		c := Change{ItemID: ItemID{KindScreen, key}}
		var err error
		if was {
			if c.Before, _, err = old.Blob(); err != nil {
				return nil, err
			}
		}
		if is {
			if c.After, _, err = now.Blob(); err != nil {
				return nil, err
			}
		}
		switch {
		case !was:
			c.Change, c.Summary = "ADDED", []string{fmt.Sprintf("%s added with %s", now.Title, count(len(now.Blocks), "block"))}
		case !is:
			c.Change, c.Summary = "REMOVED", []string{old.Title + " removed"}
		case string(c.Before) == string(c.After):
			continue
		default:
			c.Change, c.Summary = "CHANGED", screenSummary(old, now)
		}
		changes = append(changes, c)
	}
	if words := catalogueSummary(before.Components, after.Components); len(words) > 0 {
		kind := "CHANGED"
		if len(before.Components.All()) == 0 {
			kind = "ADDED"
		}
		changes = append(changes, Change{ItemID: ItemID{KindComponents, componentsKey}, Change: kind, Summary: words})
	}
	if words := assetsSummary(before.Assets, after.Assets); len(words) > 0 {
		changes = append(changes, Change{ItemID: ItemID{KindAssets, assetsKey}, Change: changeOf(len(before.Assets), len(after.Assets)), Summary: words})
	}
	return changes, nil
}

func changeOf(before, after int) string {
	switch {
	case before == 0:
		return "ADDED"
	case after == 0:
		return "REMOVED"
	default:
		return "CHANGED"
	}
}

func assetsSummary(before, after map[string]asset.Meta) (words []string) {
	if n := missingFrom(before, after); n > 0 {
		words = append(words, count(n, "image")+" added")
	}
	if n := missingFrom(after, before); n > 0 {
		words = append(words, count(n, "image")+" no longer used")
	}
	return words
}

// missingFrom counts what of all is not among known.
func missingFrom(known, all map[string]asset.Meta) (n int) {
	for hash := range all {
		if _, there := known[hash]; !there {
			n++
		}
	}
	return n
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

func catalogueSummary(before, after component.Catalogue) (words []string) {
	for _, d := range after.All() {
		if _, had := before.Exact(d.Key, d.Version); !had {
			words = append(words, fmt.Sprintf("%s %s is used", d.Key, d.Version))
		}
	}
	for _, d := range before.All() {
		if _, has := after.Exact(d.Key, d.Version); !has {
			words = append(words, fmt.Sprintf("%s %s is no longer used", d.Key, d.Version))
		}
	}
	return words
}

// screenSummary says in words how a screen changed.
func screenSummary(old, now screen.Frozen) (words []string) {
	if old.Title != now.Title {
		words = append(words, fmt.Sprintf("title changed from %q to %q", old.Title, now.Title))
	}
	if old.Path != now.Path {
		words = append(words, fmt.Sprintf("path changed from %s to %s", orNone(old.Path), orNone(now.Path)))
	}
	if old.Root != now.Root {
		words = append(words, fmt.Sprintf("root changed from %s to %s", old.Root, now.Root))
	}
	places, was := placesOf(now), placesOf(old)
	for _, key := range places.order {
		b := now.Blocks[key]
		o, had := old.Blocks[key]
		if !had {
			words = append(words, key+" added"+unless(key, b.Component))
			continue
		}
		words = append(words, blockSummary(key, o, b)...)
	}
	for _, key := range was.order {
		if _, still := now.Blocks[key]; !still {
			words = append(words, key+" removed"+unless(key, old.Blocks[key].Component))
		}
	}
	words = append(words, moves(was, places)...)
	if len(words) == 0 {
		words = []string{"changed"}
	}
	if len(words) > maxSummary {
		words = append(words[:maxSummary], fmt.Sprintf("and %d more", len(words)-maxSummary))
	}
	return words
}

func orNone(path string) string {
	if path == "" {
		return "none"
	}
	return path
}

// unless names the component behind a key that does not say it.
func unless(key, component string) string {
	if strings.HasPrefix(key, component) {
		return ""
	}
	return " (" + component + ")"
}

func blockSummary(key string, old, now screen.FrozenBlock) (words []string) {
	if old.Component != now.Component {
		words = append(words, fmt.Sprintf("%s: %s replaced by %s", key, old.Component, now.Component))
	} else if old.Version != now.Version {
		words = append(words, fmt.Sprintf("%s: %s %s instead of %s", key, now.Component, now.Version, old.Version))
	}
	names := map[string]bool{}
	for name := range old.Props {
		names[name] = true
	}
	for name := range now.Props {
		names[name] = true
	}
	for _, name := range sortedKeys(names) {
		before, had := old.Props[name]
		after, has := now.Props[name]
		switch {
		case asset.IsEnvelope(before) || asset.IsEnvelope(after):
			words = append(words, pictureSummary(key, name, before, after)...)
		case !had:
			words = append(words, key+": "+name+" added")
		case !has:
			words = append(words, key+": "+name+" removed")
		case !equal(before, after):
			words = append(words, key+": "+name+" changed")
		}
	}
	return words
}

// pictureSummary says what happened to a prop that is a picture before or after.
func pictureSummary(key, name string, before, after any) []string {
	suffix := ""
	if name != "image" {
		suffix = " (" + name + ")"
	}
	old, _ := before.(map[string]any)
	now, _ := after.(map[string]any)
	switch {
	case before == nil:
		return []string{key + ": image added" + suffix}
	case after == nil:
		return []string{key + ": image removed" + suffix}
	case !equal(old[asset.EnvelopeKey], now[asset.EnvelopeKey]):
		return []string{key + ": image changed" + suffix}
	case !equal(old, now):
		return []string{key + ": alternative text of the image changed" + suffix}
	}
	return nil
}

func equal(a, b any) bool {
	x, errX := canonical.Marshal(a)
	y, errY := canonical.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}

type place struct {
	parent, slot string
	index        int
}

// places is where each block stands, and all blocks in document order.
type places struct {
	of    map[string]place
	lists map[string][]string // by parent and slot
	order []string
}

func placesOf(f screen.Frozen) places {
	p := places{of: map[string]place{}, lists: map[string][]string{}}
	var walk func(key string)
	walk = func(key string) {
		p.order = append(p.order, key)
		for _, slot := range sortedKeys(f.Blocks[key].Slots) {
			children := f.Blocks[key].Slots[slot]
			p.lists[key+"/"+slot] = children
			for i, child := range children {
				p.of[child] = place{key, slot, i}
				walk(child)
			}
		}
	}
	walk(f.Root)
	return p
}

// moves names the blocks that stand somewhere else. Within one slot only those that left the common order count: an
// insert above moves nothing.
func moves(old, now places) (words []string) {
	for _, key := range now.order {
		a, had := old.of[key]
		b, has := now.of[key]
		if had && has && (a.parent != b.parent || a.slot != b.slot) {
			words = append(words, fmt.Sprintf("%s moved from %s to %s", key, where(a), where(b)))
		}
	}
	for _, list := range sortedKeys(now.lists) {
		before, after := common(old.lists[list], now.lists[list]), common(now.lists[list], old.lists[list])
		stay := longestRun(before, after)
		for _, key := range after {
			if !slices.Contains(stay, key) {
				words = append(words, fmt.Sprintf("%s moved from %d to %d", key, old.of[key].index+1, now.of[key].index+1))
			}
		}
	}
	return words
}

func where(p place) string {
	if p.slot == "children" {
		return p.parent
	}
	return p.parent + " (" + p.slot + ")"
}

// common returns the members of a that are in b too, in a's order.
func common(a, b []string) (out []string) {
	in := map[string]bool{}
	for _, k := range b {
		in[k] = true
	}
	for _, k := range a {
		if in[k] {
			out = append(out, k)
		}
	}
	return out
}

// longestRun returns the longest list of keys that stand in the same order in both permutations.
func longestRun(before, after []string) []string {
	position := map[string]int{}
	for i, k := range before {
		position[k] = i
	}
	best, from, last := make([]int, len(after)), make([]int, len(after)), -1
	for i := range after {
		best[i], from[i] = 1, -1
		for j := range i {
			if position[after[j]] < position[after[i]] && best[j]+1 > best[i] {
				best[i], from[i] = best[j]+1, j
			}
		}
		if last < 0 || best[i] >= best[last] { // of two that changed places the one that went up moved
			last = i
		}
	}
	var run []string
	for i := last; i >= 0; i = from[i] {
		run = append(run, after[i])
	}
	return run
}
