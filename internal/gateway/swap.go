package gateway

import (
	"context"
	"encoding/json"
	"sync"
	"sync/atomic"

	"github.com/vektah/gqlparser/v2/ast"
)

// Gateway holds the live engine. Everything that runs takes the engine once and stays with it to its end; streams move over
// at a swap.
type Gateway struct {
	options Options
	runtime *runtime
	current atomic.Pointer[Engine]
	swaps   sync.Mutex // one swap at a time

	mu      sync.Mutex
	streams map[*live]struct{}
}

// New returns a gateway without an engine: until the first Swap, Current is nil.
func New(o Options) *Gateway {
	o = o.withDefaults()
	return &Gateway{options: o, runtime: newRuntime(o), streams: map[*live]struct{}{}}
}

// Current is the live engine; nil before the first swap.
func (g *Gateway) Current() *Engine { return g.current.Load() }

// Swap makes an engine the live one. The documents that were asked for the most on the engine before it are planned first,
// so nobody waits for that later, at most as long as ctx allows; those that are not valid any more are left out. What runs
// on the engine before it ends there, within Options.DrainTimeout; streams move over.
func (g *Gateway) Swap(ctx context.Context, next *Engine) {
	g.swaps.Lock()
	defer g.swaps.Unlock()
	before := g.current.Load()
	if before == next {
		return
	}
	if before != nil {
		next.warm(ctx, before.uses.hottest(g.options.Hot))
	}
	g.current.Store(next)
	if before == nil {
		return
	}
	g.MoveStreams()
	before.retire(g.options.DrainTimeout)
}

// Close ends the engine for good. Nothing may be asked of the gateway afterwards.
func (g *Gateway) Close() {
	g.swaps.Lock()
	defer g.swaps.Unlock()
	if e := g.current.Load(); e != nil {
		e.retire(0)
	}
	g.runtime.cancel()
}

// take returns the live engine, entered; leave has to be called. False before the first swap.
func (g *Gateway) take() (*Engine, bool) {
	for {
		e := g.current.Load()
		if e == nil {
			return nil, false
		}
		if e.enter() {
			return e, true
		}
	}
}

// warm plans ahead. What it cannot plan is planned, or refused, when somebody asks.
func (e *Engine) warm(ctx context.Context, keys []planKey) {
	for _, k := range keys {
		if ctx.Err() != nil {
			return
		}
		var flags map[string]any
		if json.Unmarshal([]byte(k.flags), &flags) != nil {
			continue
		}
		op, errs := e.parsed(k.text, k.operation)
		if errs != nil {
			continue
		}
		if !e.nodes.knows(k.routes) {
			continue
		}
		_, _ = e.planFor(Operation{Text: k.text, Definition: op, Variables: flags, routes: k.routes}) // as above
	}
}

func (e *Engine) parsed(text, operation string) (*ast.OperationDefinition, error) {
	doc, errs := loadQuery(e.API(), text)
	if errs != nil {
		return nil, errs
	}
	op := doc.Operations.ForName(operation)
	if op == nil {
		return nil, coded(codeInvalid, "operation "+operation+" not found")
	}
	return op, nil
}
