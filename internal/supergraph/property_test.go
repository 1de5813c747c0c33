package supergraph

import (
	"slices"
	"strings"
	"testing"
)

// TestOrderChangesNothing: whatever the order of the services, the outcome is the same, byte for byte, and only the
// sources follow the order.
func TestOrderChangesNothing(t *testing.T) {
	for _, c := range composeCases(t) {
		want := outcome(c.subgraphs)
		permute(c.subgraphs, func(order []Subgraph) {
			if got := outcome(order); got != want {
				t.Errorf("%s: got:\n%s\nwant:\n%s", c.name, got, want)
			}
			if super, _ := Compose(order); super != nil {
				for i, s := range super.Sources {
					if s.Name != order[i].Name {
						t.Errorf("%s: source %d is %s", c.name, i, s.Name)
					}
				}
			}
		})
	}
}

func outcome(subgraphs []Subgraph) string {
	super, problems := Compose(subgraphs)
	if super == nil {
		return describe(problems)
	}
	return describe(problems) + super.SDL + printSchema(super.API)
}

// permute calls do with every order of at most four services.
func permute(list []Subgraph, do func([]Subgraph)) {
	var walk func(done, rest []Subgraph)
	walk = func(done, rest []Subgraph) {
		if len(rest) == 0 {
			do(done)
			return
		}
		for i := range rest {
			walk(append(slices.Clone(done), rest[i]), slices.Delete(slices.Clone(rest), i, i+1))
		}
	}
	walk(nil, list)
}

// TestComposedAgain: the graph itself is a schema of one service that composes to itself.
func TestComposedAgain(t *testing.T) {
	for _, c := range composeCases(t) {
		super, _ := Compose(c.subgraphs)
		if super == nil {
			continue
		}
		if changes := Compare(super.API, loadSchemaPlain(t, printSchema(super.API))); len(changes) > 0 {
			t.Errorf("%s: printing the API changes it: %s", c.name, describeChanges(changes))
		}
		sdl := super.SDL
		if strings.Contains(sdl, "@authenticated") || strings.Contains(sdl, "@requiresScopes") {
			sdl = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@authenticated", "@requiresScopes"])` + sdl
		}
		again, problems := Compose([]Subgraph{{Name: "whole", SDL: sdl, Owned: true}})
		if again == nil {
			t.Errorf("%s: %s", c.name, describe(problems))
			continue
		}
		if again.SDL != super.SDL {
			t.Errorf("%s: got:\n%s\nwant:\n%s", c.name, again.SDL, super.SDL)
		}
	}
}

// TestSourcesAreSchemas: what a planner is told names types and fields of the source and of the graph.
func TestSourcesAreSchemas(t *testing.T) {
	for _, c := range composeCases(t) {
		super, _ := Compose(c.subgraphs)
		if super == nil {
			continue
		}
		for _, s := range super.Sources {
			loadSchemaWith(t, s.SDL, directiveSDL)
			doc := parseAll(t, s.SDL)
			graph := parseAll(t, super.SDL)
			for _, f := range append(slices.Clone(s.Roots), s.Children...) {
				for _, name := range append(slices.Clone(f.Names), f.External...) {
					if in := doc[f.Type]; in == nil || in.Fields.ForName(name) == nil {
						t.Errorf("%s: %s has no %s.%s", c.name, s.Name, f.Type, name)
					}
					if in := graph[f.Type]; in == nil || in.Fields.ForName(name) == nil {
						t.Errorf("%s: the graph has no %s.%s", c.name, f.Type, name)
					}
				}
			}
		}
	}
}
