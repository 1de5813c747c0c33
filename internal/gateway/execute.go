package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"io"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/wundergraph/astjson"
	"github.com/wundergraph/graphql-go-tools/v2/pkg/engine/resolve"
)

// Operation is what is run: an operation of a document that is valid in the engine's API, and its variables, coerced.
type Operation struct {
	Text       string
	Definition *ast.OperationDefinition
	Variables  map[string]any

	document *ast.QueryDocument
	routes   string // where the ids of its nodes are sent: see Engine.route
}

// Execute validates an operation of a document, runs it and writes the response, {"errors":…,"data":…}. What is wrong with
// the operation or comes of running it is written; the error is that of the writer. Subscriptions are refused: they are
// for Gateway.Follow.
func (e *Engine) Execute(ctx context.Context, w io.Writer, text, operationName string, variables map[string]any) error {
	response := e.execute(ctx, text, operationName, variables)
	b, err := json.Marshal(struct {
		Errors gqlerror.List   `json:"errors,omitempty"`
		Data   json.RawMessage `json:"data,omitempty"`
	}{response.Errors, response.Data})
	if err != nil {
		return err
	}
	_, err = w.Write(b)
	return err
}

func (e *Engine) execute(ctx context.Context, text, operationName string, variables map[string]any) *graphql.Response {
	op, errs := e.operation(text, operationName, variables)
	if errs != nil {
		return &graphql.Response{Errors: errs}
	}
	if op.Definition.Operation == ast.Subscription {
		return &graphql.Response{Errors: gqlerror.List{coded(codeInvalid, "a subscription cannot be answered at once")}}
	}
	e.inFlight.Add(1) // whoever holds an engine may use it: it ends later, then
	defer e.leave()
	return e.run(ctx, op)
}

// operation parses and validates. Errors are those of GraphQL, with locations and codes.
func (e *Engine) operation(text, operationName string, variables map[string]any) (Operation, gqlerror.List) {
	doc, errs := loadQuery(e.API(), text)
	if errs != nil {
		return Operation{}, errs
	}
	definition := doc.Operations.ForName(operationName)
	if definition == nil {
		return Operation{}, gqlerror.List{coded(codeInvalid, "operation "+operationName+" not found")}
	}
	coerced, err := validator.VariableValues(e.API(), definition, variables)
	if err != nil {
		wrong := gqlerror.WrapIfUnwrapped(err)
		errcode.Set(wrong, errcode.ValidationFailed)
		return Operation{}, gqlerror.List{wrong}
	}
	return Operation{Text: text, Definition: definition, Variables: coerced, document: doc}, nil
}

// loadQuery parses and validates a document. Its errors have the form and the codes of gqlgen's.
func loadQuery(schema *ast.Schema, text string) (*ast.QueryDocument, gqlerror.List) {
	doc, err := parser.ParseQuery(&ast.Source{Input: text})
	if err != nil {
		parseError := gqlerror.WrapIfUnwrapped(err)
		errcode.Set(parseError, errcode.ParseFailed)
		return nil, gqlerror.List{parseError}
	}
	if len(doc.Operations) == 0 {
		return nil, gqlerror.List{coded(codeInvalid, "no operation provided")}
	}
	errs := validator.ValidateWithRules(schema, doc, nil)
	for _, e := range errs {
		errcode.Set(e, errcode.ValidationFailed)
	}
	return doc, errs
}

func coded(code, message string) *gqlerror.Error {
	return &gqlerror.Error{Message: message, Extensions: map[string]any{"code": code}}
}

// run answers a query or a mutation, for as long as the engine lasts. Mutations are serial: see the package.
func (e *Engine) run(ctx context.Context, op Operation) *graphql.Response {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(e.ctx, cancel)()
	op, lists := e.route(op)
	p, err := e.planFor(op)
	if err != nil {
		return internal(err)
	}
	return lists.apply(op.Definition, e.resolve(ctx, p, op.Variables, nil))
}

// internal is said where the gateway itself is at fault: the reason is for the log, not for clients.
func internal(cause error) *graphql.Response {
	e := coded(codeInternal, "the operation could not be run")
	e.Err = cause
	return &graphql.Response{Errors: gqlerror.List{e}, Data: json.RawMessage("null")}
}

// resolve runs a plan. Of a subscription, payload is the data of an event.
func (e *Engine) resolve(ctx context.Context, p *planned, variables map[string]any, payload []byte) *graphql.Response {
	rctx, err := p.context(ctx, variables)
	if err != nil {
		return internal(err)
	}
	if len(e.planners.guard) > 0 {
		rctx.SetPreFetchFieldAuthorizer(e.planners.guard)
	}
	var out bytes.Buffer
	if payload == nil {
		_, err = e.runtime.resolver().ArenaResolveGraphQLResponse(rctx, p.response, &out)
	} else {
		_, err = e.runtime.resolver().ResolveGraphQLResponse(rctx, p.response, payload, &out)
	}
	if err != nil {
		return broken(err)
	}
	return mended(p, e.ownName, out.Bytes())
}

// context is what the engine keeps of one request. Neither requests of clients nor requests to services are ever shared:
// who asks travels in ctx, which the engine does not look at when it finds that two are equal.
func (p *planned) context(ctx context.Context, variables map[string]any) (*resolve.Context, error) {
	encoded, err := p.variables(variables)
	if err != nil {
		return nil, err
	}
	rctx := resolve.NewContext(ctx)
	if rctx.Variables, err = astjson.ParseBytes(encoded); err != nil {
		return nil, err
	}
	rctx.ExecutionOptions.DisableSubgraphRequestDeduplication = true
	rctx.ExecutionOptions.DisableInboundRequestDeduplication = true
	return rctx, nil
}
