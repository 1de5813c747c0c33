package app

import (
	"github.com/vektah/gqlparser/v2/ast"

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
	policy := document.Policy{Tokens: a.cfg.Limits.Tokens, Mode: document.Mode(a.cfg.Safelist.Mode())}
	return document.New(a.store, policy, append(builtIn, document.OfCommands()...)), nil
}

// refusing says why an operation would be refused whenever it is sent to a graph, or "".
func (a *App) refusing(g server.Graph) func(op *ast.OperationDefinition) string {
	limit := a.limit()
	return func(op *ast.OperationDefinition) string { return limit.Refuse(op, g.Guard.Roots(op)) }
}

func (a *App) limit() server.DocumentLimits {
	return server.DocumentLimits{
		Depth: a.cfg.Limits.Depth, Aliases: a.cfg.Limits.Aliases, RootFields: a.cfg.Limits.RootFields, Directives: a.cfg.Limits.Directives,
		Tokens: a.cfg.Limits.Tokens, Cost: a.cfg.Limits.Cost,
	}
}
