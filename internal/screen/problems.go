//sonata:pure

package screen

import (
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"

	"sonata.ai/sonata/internal/asset"
	"sonata.ai/sonata/internal/binding"
	"sonata.ai/sonata/internal/component"
)

// Problem is something that is wrong with a draft.
type Problem struct {
	Severity string // ERROR, WARNING or INFO
	Code     string // a ProblemCode of the contract
	Message  string
	Screen   string
	BlockKey string
	Pointer  string // JSON Pointer into the block's props
}

// The severities.
const (
	Error   = "ERROR"
	Warning = "WARNING"
	Info    = "INFO"
)

// maxProblems bounds what is reported of one screen: more would not be read.
const maxProblems = 200

// CheckBlocks validates each block of a draft against the newest minor of its major version, with pictures in the form
// that they are served in, and each binding against what its document brings.
func CheckBlocks(d Draft, catalogue component.Catalogue, schemas *component.Schemas, pictures map[string]asset.Meta, sources map[string]*binding.Source) []Problem {
	c := blockChecker{screen: d.Key, pictures: pictures}
	for _, key := range d.Body.Order(nil) {
		if len(c.found) >= maxProblems {
			break
		}
		c.block(key, d.Body.Blocks[key], catalogue, schemas)
	}
	newest := func(b Block) (json.RawMessage, bool) {
		def, ok := catalogue.Newest(b.Component, b.Major)
		return def.PropsSchema, ok
	}
	return append(c.found, BrokenBindings(d, newest, schemas, func(hash string) *binding.Source { return sources[hash] })...)
}

type blockChecker struct {
	screen   string
	pictures map[string]asset.Meta
	found    []Problem
}

func (c *blockChecker) add(code, block, pointer, format string, args ...any) {
	c.report(Error, code, block, pointer, format, args...)
}

func (c *blockChecker) report(severity, code, block, pointer, format string, args ...any) {
	c.found = append(c.found, Problem{
		Severity: severity, Code: code, Screen: c.screen, BlockKey: block, Pointer: pointer,
		Message: block + ": " + fmt.Sprintf(format, args...),
	})
}

func (c *blockChecker) block(key string, b Block, catalogue component.Catalogue, schemas *component.Schemas) {
	slots := []string(nil)
	if b.Component == IncludeComponent {
		c.urls(key, b, func(string) bool { return false })
		c.assets(key, b, func(string) bool { return false })
	} else {
		def, ok := catalogue.Newest(b.Component, b.Major)
		if !ok {
			c.add("UNKNOWN_COMPONENT", key, "", "no build registered %s %d: register one with buildRegister, or place another component", b.Component, b.Major)
			c.urls(key, b, func(string) bool { return false })
			c.assets(key, b, func(string) bool { return true }) // a component that is not known may take one
			return
		}
		slots = def.Slots
		for _, v := range schemas.Validate(def.PropsSchema, asset.Serve(b.Props, c.pictures)) {
			c.add("PROPS_INVALID", key, v.Pointer, "%s", v.Message)
		}
		c.urls(key, b, URLPointers(def.PropsSchema))
		c.assets(key, b, AssetPointers(def.PropsSchema))
	}
	names := make([]string, 0, len(b.Slots))
	for name := range b.Slots {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if !slices.Contains(slots, name) {
			c.add("UNKNOWN_SLOT", key, "", "%s has no slot %q; blocks in it would not be shown", b.Component, name)
		}
	}
}

func (c *blockChecker) urls(key string, b Block, isURL func(string) bool) {
	for _, u := range UnsafeURLs(b.Props, isURL) {
		c.add("UNSAFE_URL", key, u.Pointer, "%s", u.Message)
	}
}

func (c *blockChecker) assets(key string, b Block, takesPicture func(string) bool) {
	uses, bad := asset.Find(b.Props)
	for _, m := range bad {
		c.add("PROPS_INVALID", key, m.Pointer, "%s", m.Message)
	}
	for _, use := range uses {
		if _, there := c.pictures[use.Hash]; !there {
			c.add("ASSET_MISSING", key, use.Pointer, "the picture at %s is not there any more: upload it again, or take another", use.Pointer)
		}
		if !takesPicture(use.Pointer) {
			c.add("PROPS_INVALID", key, use.Pointer, `%s takes no picture: the schema of %s does not say "format": "asset" there`, use.Pointer, b.Component)
		}
		if strings.TrimSpace(use.Alt) == "" {
			c.report(Warning, "ALT_MISSING", key, use.Pointer, "the picture at %s has no text for people who cannot see it: say what it shows", use.Pointer)
		}
	}
}

// CheckTogether checks the rules over all screens of a frontend: paths that collide, includes, and the size of each
// screen with what it includes.
func CheckTogether(drafts []Draft) []Problem {
	drafts = slices.Clone(drafts)
	slices.SortFunc(drafts, func(a, b Draft) int { return strings.Compare(a.Key, b.Key) })
	found := checkPaths(drafts)
	bodies, frozen := map[string]Body{}, map[string]Frozen{}
	for _, d := range drafts {
		bodies[d.Key] = d.Body
		frozen[d.Key] = Freeze(d, func(_ string, major int) (component.Version, bool) {
			return component.Version{Major: major}, true
		})
	}
	for _, p := range CheckIncludes(bodies) {
		found = append(found, Problem{
			Severity: Error, Code: "INCLUDE_BROKEN", Screen: p.Screen, BlockKey: p.BlockKey, Message: p.Message,
		})
	}
	for _, d := range drafts {
		if filled, _ := Fill(frozen, d.Key); filled.TooMany {
			found = append(found, Problem{
				Severity: Error, Code: "BUDGET_EXCEEDED", Screen: d.Key,
				Message: fmt.Sprintf("%s is larger than %d blocks or %d kB with everything it includes", d.Key, maxFilledBlocks, maxFilledBytes>>10),
			})
		}
	}
	return found
}

func checkPaths(drafts []Draft) (found []Problem) {
	byShape := map[string]string{}
	for _, d := range drafts {
		if d.Path == "" {
			continue
		}
		pattern, err := ParsePattern(d.Path)
		if err != nil {
			found = append(found, Problem{Severity: Error, Code: "TREE_INVALID", Screen: d.Key, Message: err.Error()})
			continue
		}
		if other, taken := byShape[pattern.Shape()]; taken {
			for _, key := range []string{other, d.Key} { // whoever looks at either should see it
				found = append(found, Problem{
					Severity: Error, Code: "PATH_TAKEN", Screen: key,
					Message: fmt.Sprintf("the paths of %s and %s match alike (%s): change one of them", other, d.Key, d.Path),
				})
			}
			continue
		}
		byShape[pattern.Shape()] = d.Key
	}
	return found
}

// firstUnsafeURL is what a save refuses: a URL that could run script in any block that an edit wrote.
func firstUnsafeURL(body Body, keys []string, catalogue component.Catalogue) (block string, found *UnsafeURL) {
	for _, key := range keys {
		b, ok := body.Blocks[key]
		if !ok {
			continue
		}
		isURL := func(string) bool { return false }
		if def, known := catalogue.Newest(b.Component, b.Major); known {
			isURL = URLPointers(def.PropsSchema)
		}
		if unsafe := UnsafeURLs(b.Props, isURL); len(unsafe) > 0 {
			return key, &unsafe[0]
		}
	}
	return "", nil
}
