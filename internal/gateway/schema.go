package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Executable is the whole graph as one engine serves it, as gqlgen's executor takes it: what is parsed, validated and limited
// there is run here. Another executor takes its place with the next engine.
//
// An operation that is valid in Sonata's own schema is handed to its own executable as it is. Everything else is planned. It
// runs on the live engine: when another has been swapped in since it was read, it is parsed and validated again.
type Executable struct {
	gateway *Gateway
	engine  *Engine
}

var _ graphql.ExecutableSchema = &Executable{}

// Executable returns the graph for gqlgen's executor. Options.Own has to be set.
func (g *Gateway) Executable(e *Engine) *Executable { return &Executable{g, e} }

// Schema is the API of the engine.
func (x *Executable) Schema() *ast.Schema { return x.engine.API() }

// Complexity is that of Sonata's own graph.
func (x *Executable) Complexity(ctx context.Context, typeName, fieldName string, child int, args map[string]any) (int, bool) {
	return x.engine.own.Complexity(ctx, typeName, fieldName, child, args)
}

// Exec runs the operation of the context.
func (x *Executable) Exec(ctx context.Context) graphql.ResponseHandler {
	op := graphql.GetOperationContext(ctx)
	e := x.gateway.Current()
	if errs := e.adopt(op); errs != nil {
		return graphql.OneShot(&graphql.Response{Errors: errs})
	}
	if e.isOwn(op) {
		return e.own.Exec(ctx)
	}
	if op.Operation.Operation == ast.Subscription {
		next, errs := x.gateway.Follow(WithCaller(ctx, op.Headers), Operation{Text: op.RawQuery, Definition: op.Operation, Variables: op.Variables})
		if errs != nil {
			return graphql.OneShot(&graphql.Response{Errors: errs})
		}
		return next
	}
	answered := false
	return func(ctx context.Context) *graphql.Response {
		if answered {
			return nil
		}
		answered = true
		return x.answer(ctx, op)
	}
}

// answer runs a query or mutation on the engine that is live when it begins.
func (x *Executable) answer(ctx context.Context, op *graphql.OperationContext) *graphql.Response {
	ctx = WithCaller(ctx, op.Headers)
	e, ok := x.gateway.take()
	if !ok {
		return internal(errNotAsked)
	}
	defer e.leave()
	if errs := e.adopt(op); errs != nil {
		return &graphql.Response{Errors: errs}
	}
	if op.Operation.Operation == ast.Query && hasIntrospection(op.Operation.SelectionSet) {
		return e.introspect(ctx, op)
	}
	return e.run(ctx, Operation{Text: op.RawQuery, Definition: op.Operation, Variables: op.Variables})
}

// adopt makes an operation one that was validated by this engine's schema: it is parsed again when it was another's.
func (e *Engine) adopt(op *graphql.OperationContext) gqlerror.List {
	if validIn(e.API(), op.Operation) {
		return nil
	}
	again, errs := e.operation(op.RawQuery, op.OperationName, op.Variables)
	if errs != nil {
		return errs
	}
	op.Doc, op.Operation, op.Variables = again.document, again.Definition, again.Variables
	return nil
}

// validIn reports whether it was this very schema that validated an operation: validation leaves its definitions at each
// selection.
func validIn(schema *ast.Schema, op *ast.OperationDefinition) bool {
	if len(op.SelectionSet) == 0 {
		return false
	}
	var root *ast.Definition
	switch s := op.SelectionSet[0].(type) {
	case *ast.Field:
		root = s.ObjectDefinition
	case *ast.InlineFragment:
		root = s.ObjectDefinition
	case *ast.FragmentSpread:
		root = s.ObjectDefinition
	}
	return root != nil && (root == schema.Query || root == schema.Mutation || root == schema.Subscription)
}

// isOwn reports whether an operation touches nothing but Sonata's own schema. The text has to be valid there, not only what
// remains of it after @skip: it is handed on as it is. Ids of a service are not looked up there.
func (e *Engine) isOwn(op *graphql.OperationContext) bool {
	if e.own == nil {
		return false
	}
	if !e.shapeOf(op.RawQuery, op.Operation).own {
		return false
	}
	routed, _ := e.route(Operation{Text: op.RawQuery, Definition: op.Operation, Variables: op.Variables})
	return routed.routes == ""
}

func (e *Engine) shapeOf(text string, op *ast.OperationDefinition) *shape {
	key := shapeKey{text, op.Name}
	if s, ok := e.shapes.Get(key); ok {
		return s
	}
	s := &shape{flags: flagsOf(op)}
	if len(e.nodes) > 0 {
		s.nodes = nodeUsesOf(op, nil)
	}
	if e.own != nil {
		_, errs := loadQuery(e.ownSchema, text) // parsed again: validation writes into the document
		s.own = errs == nil
	}
	e.shapes.Put(key, s)
	return s
}

func hasIntrospection(set ast.SelectionSet) bool {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			if s.Name == "__schema" || s.Name == "__type" {
				return true
			}
		case *ast.InlineFragment:
			if hasIntrospection(s.SelectionSet) {
				return true
			}
		case *ast.FragmentSpread:
			if s.Definition != nil && hasIntrospection(s.Definition.SelectionSet) {
				return true
			}
		}
	}
	return false
}

// introspect answers an operation that asks for data and about the schema: gqlgen answers what is about the schema, which is
// the engine's API, and the engine the rest.
func (e *Engine) introspect(ctx context.Context, op *graphql.OperationContext) *graphql.Response {
	if e.own == nil {
		return &graphql.Response{Errors: gqlerror.List{coded(codeInvalid, "the schema cannot be asked for here")}}
	}
	about, rest := split(op.Operation.SelectionSet)
	out := &graphql.Response{}
	data := map[string]json.RawMessage{}
	add := func(r *graphql.Response) {
		if r == nil {
			return
		}
		out.Errors = append(out.Errors, r.Errors...)
		var part map[string]json.RawMessage
		if json.Unmarshal(r.Data, &part) != nil || part == nil {
			data = nil
		}
		for k, v := range part {
			if data != nil {
				data[k] = v
			}
		}
	}
	sub := *op.Operation
	sub.SelectionSet = about
	subContext := &graphql.OperationContext{
		RawQuery: op.RawQuery, OperationName: op.OperationName, Variables: op.Variables, Doc: op.Doc, Operation: &sub, Headers: op.Headers,
		DisableIntrospection: op.DisableIntrospection, RecoverFunc: op.RecoverFunc, ResolverMiddleware: op.ResolverMiddleware,
		RootResolverMiddleware: op.RootResolverMiddleware, Stats: op.Stats,
	}
	inner := graphql.WithOperationContext(ctx, subContext)
	add(e.own.Exec(inner)(inner))
	if len(rest) > 0 {
		without := *op.Operation
		without.SelectionSet = rest
		text := printedDocument(&ast.QueryDocument{Operations: ast.OperationList{&without}, Fragments: op.Doc.Fragments})
		add(e.run(ctx, Operation{Text: text, Definition: &without, Variables: op.Variables}))
	}
	if data == nil {
		out.Data = json.RawMessage("null")
		return out
	}
	out.Data = inOrder(op.Operation.SelectionSet, data)
	return out
}

// split divides root fields into those about the schema and the others. Fragments are divided, too.
func split(set ast.SelectionSet) (about, rest ast.SelectionSet) {
	for _, s := range set {
		var inner ast.SelectionSet
		var fragment ast.InlineFragment
		switch s := s.(type) {
		case *ast.Field:
			if s.Name == "__schema" || s.Name == "__type" {
				about = append(about, s)
			} else {
				rest = append(rest, s)
			}
			continue
		case *ast.InlineFragment:
			inner, fragment = s.SelectionSet, *s
		case *ast.FragmentSpread:
			inner = s.Definition.SelectionSet
			fragment = ast.InlineFragment{
				TypeCondition: s.Definition.TypeCondition, Directives: s.Directives, ObjectDefinition: s.ObjectDefinition, Position: s.Position,
			}
		}
		a, r := split(inner)
		for _, part := range []struct {
			fields ast.SelectionSet
			to     *ast.SelectionSet
		}{{a, &about}, {r, &rest}} {
			if len(part.fields) > 0 {
				copied := fragment
				copied.SelectionSet = part.fields
				*part.to = append(*part.to, &copied)
			}
		}
	}
	return about, rest
}

// inOrder writes the members of a response in the order in which they were asked for.
func inOrder(set ast.SelectionSet, data map[string]json.RawMessage) json.RawMessage {
	var keys []string
	var walk func(ast.SelectionSet)
	walk = func(set ast.SelectionSet) {
		for _, s := range set {
			switch s := s.(type) {
			case *ast.Field:
				if !slices.Contains(keys, s.Alias) {
					keys = append(keys, s.Alias)
				}
			case *ast.InlineFragment:
				walk(s.SelectionSet)
			case *ast.FragmentSpread:
				walk(s.Definition.SelectionSet)
			}
		}
	}
	walk(set)
	out := []byte{'{'}
	for _, k := range keys {
		v, ok := data[k]
		if !ok {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(fmt.Appendf(out, "%q:", k), v...)
	}
	return append(out, '}')
}
