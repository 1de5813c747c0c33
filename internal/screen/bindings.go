//sonata:pure

package screen

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"sonata.ai/sonata/internal/binding"
	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/component"
)

// SchemaOf returns the props schema of a block; ok is false for a component that is not known.
type SchemaOf func(b Block) (schema json.RawMessage, ok bool)

// BrokenBindings says which bindings of a draft could not be filled, or would bring what their components do not take. sources
// holds what is known of each document by hash.
func BrokenBindings(d Draft, schemaOf SchemaOf, schemas *component.Schemas, sources func(hash string) *binding.Source) []Problem {
	c := blockChecker{screen: d.Key}
	params, hasPath := parametersOf(d.Path)
	questions, count := map[string]bool{}, 0
	for _, key := range d.Body.Order(nil) {
		b := d.Body.Blocks[key]
		found, bad := binding.Find(b.Props)
		for _, m := range bad {
			c.add(bindingBroken, key, m.Pointer, "%s", m.Message)
		}
		if len(found) > 0 && b.Component == IncludeComponent {
			c.add(bindingBroken, key, found[0].Pointer, "what is included is chosen here, not by data")
			continue
		}
		schema, known := schemaOf(b)
		for _, at := range found {
			count++
			questions[questionOf(at)] = true
			source := sources(at.Document)
			if source == nil {
				source = binding.Unusable("", "nobody knows the document")
			}
			brings, wrong := source.Check(at, params, hasPath)
			if wrong == "" && at.ByPage && inList(b.Props, at.Pointer) {
				wrong = "a page fills whole properties in, not entries of a list: bind the list, or let Sonata run the document"
			}
			if wrong == "" && known {
				wrong = schemas.Accepts(schema, b.Props, at.Pointer, brings)
			}
			if wrong != "" {
				c.add(bindingBroken, key, at.Pointer, "%s is bound to %s: %s", at.Pointer, nameOf(source, at), wrong)
			}
		}
	}
	if count > binding.MaxOnScreen {
		c.found = append(c.found, Problem{
			Severity: Error, Code: bindingBroken, Screen: d.Key,
			Message: d.Key + ": it has too much data: at most " + strconv.Itoa(binding.MaxOnScreen) + " places of a screen are bound",
		})
	}
	if len(questions) > binding.MaxQuestions {
		c.found = append(c.found, Problem{
			Severity: Error, Code: bindingBroken, Screen: d.Key,
			Message: d.Key + ": its data comes from too many documents or variables: at most " + strconv.Itoa(binding.MaxQuestions) + " different ones are asked for a screen",
		})
	}
	return c.found
}

// inList reports whether a place is in a list: where that is moves when something before it is left out.
func inList(props map[string]any, pointer string) bool {
	for i := strings.LastIndexByte(pointer, '/'); i > 0; i = strings.LastIndexByte(pointer[:i], '/') {
		if holder, _ := canonical.At(props, pointer[:i]); isList(holder) {
			return true
		}
	}
	return false
}

func isList(v any) bool {
	_, is := v.([]any)
	return is
}

const bindingBroken = "BINDING_BROKEN"

func nameOf(source *binding.Source, b binding.Binding) string {
	if source.Name != "" {
		return "the document " + quote(source.Name)
	}
	return "the document " + b.Document[:len("sha256:")+8] + "…"
}

// questionOf is what a binding asks, before the path says what its parameters are.
func questionOf(b binding.Binding) string {
	raw, err := canonical.Marshal(b.Variables)
	if err != nil {
		return b.Document + " " + b.Pointer
	}
	return b.Document + " " + string(raw)
}

// parametersOf are those of a path; ok is false for a part, which has none of its own.
func parametersOf(path string) (names []string, ok bool) {
	p, err := ParsePattern(path)
	if path == "" || err != nil {
		return nil, false
	}
	for _, seg := range p.segments {
		if seg.parameter != "" {
			names = append(names, seg.parameter)
		}
	}
	return names, true
}

// Documents returns the hashes of the documents that drafts are bound to, each once.
func Documents(drafts ...Draft) (hashes []string) {
	for _, d := range drafts {
		for _, key := range d.Body.Order(nil) {
			found, _ := binding.Find(d.Body.Blocks[key].Props)
			for _, b := range found {
				if !slices.Contains(hashes, b.Document) {
					hashes = append(hashes, b.Document)
				}
			}
		}
	}
	return hashes
}
