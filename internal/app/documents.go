package app

import (
	"github.com/vektah/gqlparser/v2/ast"

	"sonata.ai/sonata/graph"
	"sonata.ai/sonata/internal/document"
	"sonata.ai/sonata/server"
	"sonata.ai/sonata/web"
)

// openDocuments makes the trusted documents of the graph. Those that Sonata's own pages, SDK and commands send may run
// whatever a frontend enforces.
func (a *App) openDocuments() (*document.Documents, error) {
	builtIn, err := web.Documents()
	if err != nil {
		return nil, err
	}
	schema := graph.NewExecutableSchema(graph.Config{}).Schema()
	guard, err := graph.NewGuard(schema)
	if err != nil {
		return nil, err
	}
	limit := a.limit()
	policy := document.Policy{
		Tokens: limit.Tokens,
		Mode:   document.Mode(a.cfg.Safelist.Mode()),
		Refuse: func(op *ast.OperationDefinition) string { return limit.Refuse(op, guard.Roots(op)) },
	}
	return document.New(a.store, schema, policy, append(builtIn, document.OfCommands()...))
}

func (a *App) limit() server.DocumentLimits {
	return server.DocumentLimits{
		Depth: a.cfg.Limits.Depth, Aliases: a.cfg.Limits.Aliases, RootFields: a.cfg.Limits.RootFields, Directives: a.cfg.Limits.Directives,
		Tokens: a.cfg.Limits.Tokens, Cost: a.cfg.Limits.Cost,
	}
}
