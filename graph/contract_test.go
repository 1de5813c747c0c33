package graph_test

import (
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"sonata.ai/sonata/graph"
)

func contract() *ast.Schema { return graph.NewExecutableSchema(graph.Config{}).Schema() }

func own(d *ast.Definition) bool { return !d.BuiltIn && !strings.HasPrefix(d.Name, "__") }

func accessOf(list ast.DirectiveList) string {
	if d := list.ForName("access"); d != nil {
		return d.Arguments.ForName("scope").Value.Raw
	}
	return ""
}

// Everything is described: GraphiQL is the documentation.
func TestEverythingIsDescribed(t *testing.T) {
	for name, d := range contract().Types {
		if !own(d) {
			continue
		}
		if d.Description == "" {
			t.Errorf("%s has no description", name)
		}
		for _, f := range d.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			if f.Description == "" {
				t.Errorf("%s.%s has no description", name, f.Name)
			}
			for _, a := range f.Arguments {
				if a.Description == "" {
					t.Errorf("%s.%s(%s:) has no description", name, f.Name, a.Name)
				}
			}
		}
		for _, v := range d.EnumValues {
			if v.Description == "" {
				t.Errorf("%s.%s has no description", name, v.Name)
			}
		}
	}
}

// Every object type says who may read it; root types say it field by field.
func TestEverythingIsClassified(t *testing.T) {
	schema := contract()
	for name, d := range schema.Types {
		if !own(d) || d.Kind != ast.Object && d.Kind != ast.Interface {
			continue
		}
		isRoot := d == schema.Query || d == schema.Mutation || d == schema.Subscription
		if access := accessOf(d.Directives); !isRoot && !validAccess(access) {
			t.Errorf("%s has no access class: write @access(scope: …) on it", name)
		}
		for _, f := range d.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			access := accessOf(f.Directives)
			if isRoot && !validAccess(access) {
				t.Errorf("%s.%s has no access class", name, f.Name)
			}
			mayBeRequired := d == schema.Subscription || access == "public" || access == "inherit"
			if access != "" && f.Type.NonNull && !mayBeRequired {
				t.Errorf("%s.%s has an access class of its own and is not nullable: a refusal would take its parent along", name, f.Name)
			}
		}
	}
}

func validAccess(scope string) bool {
	noun, verb, ok := strings.Cut(scope, ":")
	return scope == "public" || scope == "inherit" || ok && noun != "" && (verb == "read" || verb == "write")
}

// What a mutation answers is nullable, and its failures are not.
func TestMutationsAnswerWithPayloads(t *testing.T) {
	schema := contract()
	for _, m := range schema.Mutation.Fields {
		if m.Type.NonNull {
			t.Errorf("%s is not nullable: a refused mutation would take its neighbors along", m.Name)
		}
		payload := schema.Types[m.Type.Name()]
		if errors := payload.Fields.ForName("userErrors"); errors == nil || errors.Type.String() != "[UserError!]!" {
			t.Errorf("%s has no userErrors: [UserError!]!", payload.Name)
		}
		if m.Name == "sessionEnd" { // there is nothing to say
			continue
		}
		if len(m.Arguments) != 1 || m.Arguments[0].Name != "input" {
			t.Errorf("%s should take one argument, input", m.Name)
		}
	}
}

// Connections are Relay's, and every one is bounded.
func TestConnections(t *testing.T) {
	for name, d := range contract().Types {
		if !own(d) || !strings.HasSuffix(name, "Connection") {
			continue
		}
		for _, field := range []string{"edges", "pageInfo", "totalCount"} {
			if d.Fields.ForName(field) == nil {
				t.Errorf("%s has no %s", name, field)
			}
		}
	}
}

// What a list or a page costs is known: how long it is stands in the contract.
func TestEveryListHasASize(t *testing.T) {
	schema := contract()
	for name, d := range schema.Types {
		if !own(d) || d.Kind != ast.Object && d.Kind != ast.Interface {
			continue
		}
		for _, f := range d.Fields {
			answers := schema.Types[f.Type.Name()]
			size := f.Directives.ForName("listSize")
			switch {
			case strings.HasPrefix(f.Name, "__") || answers.IsLeafType():
			case strings.HasSuffix(answers.Name, "Connection"):
				if size == nil || size.Arguments.ForName("slicingArguments") == nil || size.Arguments.ForName("sizedFields") == nil {
					t.Errorf(`%s.%s answers a page: write @listSize(slicingArguments: ["first"], sizedFields: ["edges"]) on it`, name, f.Name)
				}
			case f.Type.Elem != nil && !strings.HasSuffix(name, "Connection"):
				if size == nil || size.Arguments.ForName("slicingArguments") == nil && size.Arguments.ForName("assumedSize") == nil {
					t.Errorf("%s.%s answers a list: write @listSize(assumedSize: …) on it", name, f.Name)
				}
			}
		}
	}
}
