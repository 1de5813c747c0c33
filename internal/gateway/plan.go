package gateway

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/wundergraph/graphql-go-tools/v2/pkg/astnormalization"
	"github.com/wundergraph/graphql-go-tools/v2/pkg/astparser"
	"github.com/wundergraph/graphql-go-tools/v2/pkg/astprinter"
	"github.com/wundergraph/graphql-go-tools/v2/pkg/engine/plan"
	"github.com/wundergraph/graphql-go-tools/v2/pkg/engine/postprocess"
	"github.com/wundergraph/graphql-go-tools/v2/pkg/engine/resolve"
	"github.com/wundergraph/graphql-go-tools/v2/pkg/operationreport"
)

// planned is how one operation is run. It is never changed, and used by many requests at the same time.
type planned struct {
	response *resolve.GraphQLResponse
	trigger  *resolve.GraphQLSubscriptionTrigger // of a subscription
	// literals are the variables that normalization made of literals and defaults, in a fixed order.
	literals []literal
	bytes    int
}

type literal struct {
	name  string
	value json.RawMessage
}

// What a plan takes, measured (TestPlanBytes): so many times its normalized text, and a fixed part.
const (
	planFactor = 160
	planBase   = 8 << 10
)

// plan makes the plan of one operation of a document. Flags are the variables that @skip and @include look at, as JSON: a
// plan holds for their values only. shared returns a plan that was made for the same normalized text.
func (p *planners) plan(text, operation string, flags []byte, shared func(normalized string) *planned) (made *planned, normalized string, err error) {
	defer func() {
		if r := recover(); r != nil {
			made, err = nil, fmt.Errorf("the planner panicked: %v", r)
		}
	}()
	doc, report := astparser.ParseGraphqlDocumentString(text)
	if report.HasErrors() {
		return nil, "", report
	}
	doc.Input.Variables = flags
	astnormalization.NewWithOpts(
		astnormalization.WithRemoveNotMatchingOperationDefinitions(),
		astnormalization.WithInlineFragmentSpreads(),
		astnormalization.WithRemoveFragmentDefinitions(),
		astnormalization.WithExtractVariables(),
		astnormalization.WithRemoveUnusedVariables(),
	).NormalizeNamedOperation(&doc, p.definition, []byte(operation), &report)
	if report.HasErrors() {
		return nil, "", report
	}
	normalized, err = astprinter.PrintString(&doc)
	if err != nil {
		return nil, "", err
	}
	literals, err := literalsOf(doc.Input.Variables)
	if err != nil {
		return nil, "", err
	}
	if known := shared(normalized); known != nil {
		made := *known
		made.literals, made.bytes = literals, planBase/16+len(doc.Input.Variables)
		return &made, normalized, nil
	}
	planner, err := plan.NewPlanner(p.config) // one that made a plan before makes others wrong
	if err != nil {
		return nil, "", err
	}
	report = operationreport.Report{}
	steps := planner.Plan(&doc, p.definition, operation, &report)
	if report.HasErrors() {
		return nil, "", report
	}
	made = &planned{literals: literals, bytes: planBase + planFactor*len(normalized)}
	postprocess.NewProcessor().Process(steps)
	switch steps := steps.(type) {
	case *plan.SynchronousResponsePlan:
		made.response = steps.Response
	case *plan.SubscriptionResponsePlan:
		made.response, made.trigger = steps.Response.Response, &steps.Response.Trigger
	default:
		return nil, "", fmt.Errorf("a plan of the unexpected kind %T", steps)
	}
	shorten(made.response.Fetches, p.couriers)
	return made, normalized, nil
}

func literalsOf(variables []byte) ([]literal, error) {
	if len(variables) == 0 {
		return nil, nil
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(variables, &all); err != nil {
		return nil, err
	}
	out := make([]literal, 0, len(all))
	for name, value := range all {
		out = append(out, literal{name, value})
	}
	slices.SortFunc(out, func(a, b literal) int {
		if a.name < b.name {
			return -1
		}
		return 1
	})
	return out, nil
}

// variables are what a plan is run with: those of the request, and the literals of the document that it does not name.
func (p *planned) variables(request map[string]any) ([]byte, error) {
	if request == nil {
		request = map[string]any{}
	}
	out, err := json.Marshal(request)
	if err != nil {
		return nil, err
	}
	for _, l := range p.literals {
		if _, set := request[l.name]; set {
			continue
		}
		out = out[:len(out)-1]
		if len(out) > 1 {
			out = append(out, ',')
		}
		name, _ := json.Marshal(l.name) //nolint:errchkjson // text always marshals
		out = append(append(append(append(out, name...), ':'), l.value...), '}')
	}
	return out, nil
}

// flagsOf are the variables that @skip and @include look at anywhere in an operation, sorted.
func flagsOf(op *ast.OperationDefinition) []string {
	found, seen := map[string]bool{}, map[string]bool{}
	var walk func(ast.SelectionSet)
	look := func(directives ast.DirectiveList) {
		for _, d := range directives {
			if d.Name != "skip" && d.Name != "include" {
				continue
			}
			if a := d.Arguments.ForName("if"); a != nil && a.Value != nil && a.Value.Kind == ast.Variable {
				found[a.Value.Raw] = true
			}
		}
	}
	walk = func(set ast.SelectionSet) {
		for _, s := range set {
			switch s := s.(type) {
			case *ast.Field:
				look(s.Directives)
				walk(s.SelectionSet)
			case *ast.InlineFragment:
				look(s.Directives)
				walk(s.SelectionSet)
			case *ast.FragmentSpread:
				look(s.Directives)
				if !seen[s.Name] && s.Definition != nil {
					seen[s.Name] = true
					walk(s.Definition.SelectionSet)
				}
			}
		}
	}
	walk(op.SelectionSet)
	names := make([]string, 0, len(found))
	for name := range found {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
