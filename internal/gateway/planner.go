package gateway

import (
	"context"
	"fmt"
	"net/http"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	engineast "github.com/wundergraph/graphql-go-tools/v2/pkg/ast"
	"github.com/wundergraph/graphql-go-tools/v2/pkg/astparser"
	"github.com/wundergraph/graphql-go-tools/v2/pkg/asttransform"
	datasource "github.com/wundergraph/graphql-go-tools/v2/pkg/engine/datasource/graphql_datasource"
	"github.com/wundergraph/graphql-go-tools/v2/pkg/engine/plan"
	"github.com/wundergraph/graphql-go-tools/v2/pkg/engine/resolve"

	"sonata.ai/sonata/internal/supergraph"
)

// planners makes plans for one supergraph.
type planners struct {
	definition *engineast.Document
	schema     *ast.Schema // the same
	config     plan.Configuration
	guard      guard
	couriers   map[string]courier
}

// newPlanners reads a supergraph. Each service is asked through what courierOf returns for its name.
func newPlanners(ctx context.Context, sg *supergraph.Supergraph, courierOf func(service string) courier) (*planners, error) {
	definition, report := astparser.ParseGraphqlDocumentString(sg.SDL)
	if report.HasErrors() {
		return nil, fmt.Errorf("the supergraph cannot be read: %w", report)
	}
	if err := asttransform.MergeDefinitionWithBaseSchema(&definition); err != nil {
		return nil, fmt.Errorf("the supergraph cannot be completed: %w", err)
	}
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "supergraph", Input: sg.SDL})
	if err != nil {
		return nil, fmt.Errorf("the supergraph cannot be read: %w", err)
	}
	guarded := guardOf(sg.API)
	guarded.nodes(sg)
	config := plan.Configuration{Fields: fieldsOf(schema, guarded), DisableResolveFieldPositions: true}
	couriers := map[string]courier{}
	for _, s := range sg.Sources {
		couriers[s.Name] = courierOf(s.Name)
		source, err := sourceOf(ctx, s, couriers[s.Name])
		if err != nil {
			return nil, fmt.Errorf("the subgraph %s cannot be planned: %w", s.Name, err)
		}
		config.DataSources = append(config.DataSources, source)
	}
	if _, err := plan.NewPlanner(config); err != nil {
		return nil, err
	}
	return &planners{&definition, schema, config, guarded, couriers}, nil
}

// fieldsOf tells the planner that the arguments of a field come from the arguments of the field, and which are guarded.
func fieldsOf(schema *ast.Schema, guarded guard) (fields plan.FieldConfigurations) {
	for _, def := range schema.Types {
		if def.BuiltIn || def.Kind != ast.Object && def.Kind != ast.Interface {
			continue
		}
		for _, f := range def.Fields {
			_, isGuarded := guarded[resolve.GraphCoordinate{TypeName: def.Name, FieldName: f.Name}]
			if len(f.Arguments) == 0 && !isGuarded || isIntrospection(f.Name) {
				continue
			}
			c := plan.FieldConfiguration{TypeName: def.Name, FieldName: f.Name, HasAuthorizationRule: isGuarded}
			for _, a := range f.Arguments {
				c.Arguments = append(c.Arguments, plan.ArgumentConfiguration{Name: a.Name, SourceType: plan.FieldArgumentSource})
			}
			fields = append(fields, c)
		}
	}
	return fields
}

func isIntrospection(name string) bool {
	return name == "__schema" || name == "__type" || name == typename
}

// sourceOf is one service as the planner sees it.
func sourceOf(ctx context.Context, s supergraph.Source, through http.RoundTripper) (plan.DataSource, error) {
	schema, err := datasource.NewSchemaConfiguration(s.SDL, &datasource.FederationConfiguration{Enabled: true, ServiceSDL: s.SDL})
	if err != nil {
		return nil, err
	}
	config, err := datasource.NewConfiguration(datasource.ConfigurationInput{
		Fetch:               &datasource.FetchConfiguration{URL: nowhere, Method: http.MethodPost},
		Subscription:        &datasource.SubscriptionConfiguration{URL: nowhere},
		SchemaConfiguration: schema,
	})
	if err != nil {
		return nil, err
	}
	factory, err := datasource.NewFactory(ctx, &http.Client{Transport: through}, noSubscriptions{})
	if err != nil {
		return nil, err
	}
	meta := &plan.DataSourceMetadata{RootNodes: typeFields(s.Roots), ChildNodes: typeFields(s.Children)}
	for _, k := range s.Keys {
		meta.Keys = append(meta.Keys, plan.FederationFieldConfiguration{
			TypeName: k.Type, SelectionSet: k.Selection, DisableEntityResolver: !k.Resolvable,
		})
	}
	meta.Requires, meta.Provides = fieldSets(s.Requires), fieldSets(s.Provides)
	return plan.NewDataSourceConfigurationWithName(s.Name, s.Name, factory, meta, config)
}

func typeFields(all []supergraph.Fields) (out plan.TypeFields) {
	for _, f := range all {
		out = append(out, plan.TypeField{TypeName: f.Type, FieldNames: f.Names, ExternalFieldNames: f.External})
	}
	return out
}

func fieldSets(all []supergraph.FieldSet) (out plan.FederationFieldConfigurations) {
	for _, f := range all {
		out = append(out, plan.FederationFieldConfiguration{TypeName: f.Type, FieldName: f.Field, SelectionSet: f.Selection})
	}
	return out
}

// noSubscriptions stands where the engine wants a client: streams are followed by Live, which outlives an engine.
type noSubscriptions struct{}

// Subscribe is never called.
func (noSubscriptions) Subscribe(*resolve.Context, datasource.GraphQLSubscriptionOptions, resolve.SubscriptionUpdater) error {
	return resolve.ErrUnableToResolve
}
