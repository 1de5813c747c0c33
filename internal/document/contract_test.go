package document_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"

	"sonata.ai/sonata/graph"
	"sonata.ai/sonata/internal/document"
)

func contract(t testing.TB) (*ast.Schema, *document.Costs) {
	t.Helper()
	schema := graph.NewExecutableSchema(graph.Config{}).Schema()
	costs, err := document.NewCosts(schema)
	if err != nil {
		t.Fatal(err)
	}
	return schema, costs
}

// mostOfOurs is what no operation of our own pages may cost, so that the limit that is set leaves them room.
const mostOfOurs = 3500

// What the studio sends, with whole pages, passes.
func TestWhatTheStudioSendsPasses(t *testing.T) {
	t.Parallel()
	schema, costs := contract(t)
	raw, err := os.ReadFile(filepath.Join("..", "..", "web", "studio", "gql", "gql.ts"))
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, m := range regexp.MustCompile(`(?m)^ +("(?:[^"\\]|\\.)*"): typeof types`).FindAllStringSubmatch(string(raw), -1) {
		var text string
		if err := json.Unmarshal([]byte(m[1]), &text); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, text)
	}
	doc := gqlparser.MustLoadQueryWithRules(schema, strings.Join(texts, "\n"), nil)
	if len(doc.Operations) < 50 {
		t.Fatalf("only %d operations were found in the studio", len(doc.Operations))
	}
	dearest, most := "", 0
	for _, op := range doc.Operations {
		variables := map[string]any{}
		for _, v := range op.VariableDefinitions {
			if v.DefaultValue != nil {
				variables[v.Variable], _ = v.DefaultValue.Value(nil)
			}
			if v.Type.Name() == "Int" {
				variables[v.Variable] = 100
			}
			if v.Type.Name() == "Boolean" {
				variables[v.Variable] = true
			}
		}
		if cost := costs.Of(op, variables); cost > most {
			dearest, most = op.Name, cost
		}
	}
	t.Logf("of %d operations %s costs most: %d", len(doc.Operations), dearest, most)
	if most > mostOfOurs {
		t.Errorf("%s costs %d, more than %d: read less of it at once", dearest, most, mostOfOurs)
	}
}

// introspection is what GraphiQL and code generators send (graphql-js, getIntrospectionQuery with everything).
const introspection = `query IntrospectionQuery { __schema { description queryType { name kind } mutationType { name kind } subscriptionType { name kind } types { ...FullType } directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } } } }
fragment FullType on __Type { kind name description specifiedByURL fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason } inputFields { ...InputValue } interfaces { ...TypeRef } enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef } }
fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue }
fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }`

func TestIntrospectionPassesOnce(t *testing.T) {
	t.Parallel()
	schema, costs := contract(t)
	cost := func(text string) int {
		return costs.Of(unchecked(t, schema, text), nil)
	}
	once := cost(introspection)
	t.Logf("introspection costs %d", once)
	if once > mostOfOurs {
		t.Errorf("introspection costs %d, more than %d", once, mostOfOurs)
	}
	for _, circle := range []string{
		"fields { type { fields { type { fields { name } } } } }", "possibleTypes { interfaces { possibleTypes { interfaces { possibleTypes { interfaces { name } } } } } }",
		"fields { args { type { inputFields { type { inputFields { type { inputFields { name } } } } } } } }",
	} {
		if got := cost("{ __schema { types { " + circle + " } } }"); got <= 5000 { // far more than anything of ours
			t.Errorf("in circles: %s costs %d", circle, got)
		}
	}
}

// What a whole report of usage and a whole build hold is not refused for what it costs.
func TestLargestInputsPass(t *testing.T) {
	t.Parallel()
	schema, costs := contract(t)
	many := func(n int, of any) []any {
		list := make([]any, n)
		for i := range list {
			list[i] = of
		}
		return list
	}
	for text, input := range map[string]map[string]any{
		`mutation ($in: UsageReportInput!) { usageReport(input: $in) { accepted userErrors { message } } }`: {
			"frontend": "shop", "release": 1, "screens": many(100, map[string]any{"screen": "home", "blocks": many(300, map[string]any{"key": "a"})}),
		},
		`mutation ($in: BuildRegisterInput!) { buildRegister(input: $in) { build { id } userErrors { message } } }`: {
			"frontend": "shop", "name": "1", "components": many(500, map[string]any{"key": "hero", "version": "1.0"}),
		},
		`mutation ($in: ScreenEditInput!) { screenEdit(input: $in) { screen { id } userErrors { message } } }`: {
			"screen": "scr", "expectedVersion": 1, "ops": many(100, map[string]any{"remove": map[string]any{"key": "a"}}),
		},
	} {
		op := gqlparser.MustLoadQueryWithRules(schema, text, nil).Operations[0]
		variables, err := validator.VariableValues(schema, op, map[string]any{"in": input})
		if err != nil {
			t.Fatal(err)
		}
		if got := costs.Of(op, variables); got > 1000 {
			t.Errorf("%s costs %d", text, got)
		}
	}
}

// A document that the graph could run once and cannot any more says why.
func TestDocumentsStopBeingValid(t *testing.T) {
	t.Parallel()
	schema, _ := contract(t)
	d := document.New(nil, document.Policy{}, nil)
	d.Follow(schema, nil)
	for source, why := range map[string]string{
		"query Fine { viewer { credential } }": "",
		"query Gone { viewer { gone } }":       `Cannot query field "gone" on type "Viewer".`,
	} {
		for range 2 { // what was found out is remembered
			if got := d.Invalid(document.HashOf(source), source); got != why {
				t.Errorf("%s: %q, want %q", source, got, why)
			}
		}
	}
}
