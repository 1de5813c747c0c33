package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"

	"sonata.ai/sonata/internal/kept"
)

// maxNodes is how many ids Query.nodes takes at once.
const maxNodes = 100

// Local is Sonata's own graph as a source: requests go to an executor in this process, with the context of the request, so
// that who asks is known there as it is on every other way in. Entities are found by their ids through Query.nodes.
type Local struct {
	executor graphql.GraphExecutor
	entities *kept.Kept[string, string] // of questions for entities, what they become
}

var _ Source = &Local{}

// NewLocal makes a source of an executor. It should keep parsed documents, and enforce access by itself.
func NewLocal(executor graphql.GraphExecutor) *Local {
	return &Local{executor, kept.New(1<<20, func(from, to string) int { return len(from) + len(to) + 128 })}
}

// Ask executes a question.
func (l *Local) Ask(ctx context.Context, q Question) ([]byte, error) {
	params, err := paramsOf(q)
	if err != nil {
		return nil, err
	}
	if ids, ok := representationsOf(params); ok {
		return l.nodes(ctx, params, ids)
	}
	return encodeResponse(l.run(ctx, params))
}

func paramsOf(q Question) (*graphql.RawParams, error) {
	params := &graphql.RawParams{}
	decoder := json.NewDecoder(bytes.NewReader(q.Body))
	decoder.UseNumber()
	if err := decoder.Decode(params); err != nil {
		return nil, fmt.Errorf("the question cannot be read: %w", err)
	}
	return params, nil
}

func encodeResponse(r *graphql.Response) ([]byte, error) {
	return json.Marshal(struct {
		Errors any             `json:"errors,omitempty"`
		Data   json.RawMessage `json:"data"`
	}{errorsOf(r), dataOf(r)})
}

func errorsOf(r *graphql.Response) any {
	if r == nil || len(r.Errors) == 0 {
		return nil
	}
	return r.Errors
}

func dataOf(r *graphql.Response) json.RawMessage {
	if r == nil || len(r.Data) == 0 {
		return json.RawMessage("null")
	}
	return r.Data
}

func (l *Local) run(ctx context.Context, params *graphql.RawParams) *graphql.Response {
	ctx = graphql.StartOperationTrace(ctx)
	now := graphql.Now()
	params.ReadTime = graphql.TraceTiming{Start: now, End: now}
	op, errs := l.executor.CreateOperationContext(ctx, params)
	if errs != nil {
		return l.executor.DispatchError(graphql.WithOperationContext(ctx, op), errs)
	}
	responses, ctx := l.executor.DispatchOperation(ctx, op)
	return responses(ctx)
}

// representationsOf are the ids that a question for entities asks for.
func representationsOf(params *graphql.RawParams) (ids []any, ok bool) {
	list, ok := params.Variables["representations"].([]any)
	if !ok {
		return nil, false
	}
	for _, r := range list {
		fields, _ := r.(map[string]any)
		ids = append(ids, fields["id"])
	}
	return ids, true
}

// nodes answers a question for entities by asking for nodes, at most maxNodes at once.
func (l *Local) nodes(ctx context.Context, params *graphql.RawParams, ids []any) ([]byte, error) {
	text, ok := l.entities.Get(params.Query)
	if !ok {
		var err error
		if text, err = nodesFor(params.Query); err != nil {
			return nil, err
		}
		l.entities.Put(params.Query, text)
	}
	var all struct {
		Entities []json.RawMessage `json:"_entities"`
	}
	whole := &graphql.Response{}
	for len(ids) > 0 {
		some := ids[:min(len(ids), maxNodes)]
		ids = ids[len(some):]
		variables := map[string]any{}
		for name, value := range params.Variables {
			variables[name] = value
		}
		delete(variables, "representations")
		variables[idsVariable] = some
		r := l.run(ctx, &graphql.RawParams{Query: text, Variables: variables})
		var part struct {
			Entities []json.RawMessage `json:"_entities"`
		}
		if r == nil || json.Unmarshal(dataOf(r), &part) != nil || len(part.Entities) != len(some) {
			return encodeResponse(&graphql.Response{Errors: errorsIn(r)})
		}
		for _, e := range r.Errors { // their places in the whole list
			if len(e.Path) > 1 {
				if i, ok := e.Path[1].(ast.PathIndex); ok {
					e.Path[1] = i + ast.PathIndex(len(all.Entities))
				}
			}
		}
		all.Entities = append(all.Entities, part.Entities...)
		whole.Errors = append(whole.Errors, r.Errors...)
	}
	for i, e := range all.Entities {
		if string(e) == "{}" { // of another type than was asked for
			all.Entities[i] = json.RawMessage("null")
		}
	}
	data, err := json.Marshal(all)
	if err != nil {
		return nil, err
	}
	whole.Data = data
	return encodeResponse(whole)
}

const idsVariable = "entityIds"

// nodesFor writes a query for entities as one for nodes, under the name that the engine expects.
func nodesFor(query string) (string, error) {
	doc, err := parser.ParseQuery(&ast.Source{Input: query})
	if err != nil {
		return "", err
	}
	if len(doc.Operations) != 1 {
		return "", errors.New("a question has one operation")
	}
	op := doc.Operations[0]
	for _, s := range op.SelectionSet {
		if f, ok := s.(*ast.Field); ok && f.Name == entities {
			f.Name = "nodes"
			f.Arguments = ast.ArgumentList{{Name: "ids", Value: &ast.Value{Raw: idsVariable, Kind: ast.Variable}}}
		}
	}
	for _, v := range op.VariableDefinitions {
		if v.Variable == "representations" {
			v.Variable, v.Type = idsVariable, ast.NonNullListType(ast.NonNullNamedType("ID", nil), nil)
		}
	}
	return printedDocument(doc), nil
}

func printedDocument(doc *ast.QueryDocument) string {
	var out bytes.Buffer
	formatter.NewFormatter(&out, formatter.WithIndent("")).FormatQueryDocument(doc)
	return out.String()
}

// Follow subscribes.
func (l *Local) Follow(ctx context.Context, q Question) (Stream, error) {
	params, err := paramsOf(q)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(graphql.StartOperationTrace(ctx))
	now := graphql.Now()
	params.ReadTime = graphql.TraceTiming{Start: now, End: now}
	op, errs := l.executor.CreateOperationContext(ctx, params)
	if errs != nil {
		refused := l.executor.DispatchError(graphql.WithOperationContext(ctx, op), errs)
		return &localStream{cancel: cancel, ctx: ctx, next: graphql.OneShot(refused)}, nil
	}
	responses, ctx := l.executor.DispatchOperation(ctx, op)
	return &localStream{cancel: cancel, ctx: ctx, next: responses}, nil
}

type localStream struct {
	cancel context.CancelFunc
	ctx    context.Context //nolint:containedctx // the executor's own, which its handler has to be called with
	next   graphql.ResponseHandler
}

// Next waits for the next payload.
func (s *localStream) Next(context.Context) ([]byte, error) {
	r := s.next(s.ctx)
	if r == nil {
		return nil, io.EOF
	}
	return encodeResponse(r)
}

// Close ends the subscription.
func (s *localStream) Close() { s.cancel() }

func errorsIn(r *graphql.Response) gqlerror.List {
	if r == nil {
		return nil
	}
	return r.Errors
}
