package graph_test

import (
	"testing"

	"sonata.ai/sonata/graph"
	"sonata.ai/sonata/internal/supergraph"
)

// Our own part composes alone, and what clients see of the whole is what they saw before.
func TestOurOwnSubgraphComposes(t *testing.T) {
	t.Parallel()
	schema := graph.NewExecutableSchema(graph.Config{}).Schema()
	composed, problems := supergraph.Compose([]supergraph.Subgraph{{Name: "sonata", SDL: graph.Subgraph(schema), Owned: true}})
	for _, p := range problems {
		t.Errorf("%s %s: %s (%d:%d)", p.Severity, p.Code, p.Message, p.Line, p.Column)
	}
	if composed == nil {
		t.Fatal("it does not compose")
	}
	for _, c := range supergraph.Compare(schema, composed.API) {
		t.Errorf("%s: %s", c.Path, c.Message)
	}
	for _, c := range supergraph.Compare(composed.API, schema) {
		t.Errorf("%s: %s", c.Path, c.Message)
	}
}
