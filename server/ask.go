package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"sonata.ai/sonata/internal/delivery"
	"sonata.ai/sonata/internal/document"
)

// Ask runs a trusted document on the graph that is served, as a part of what ctx is answering: with the rights of whoever
// asked, and at their cost unless it is for everybody. Data beside an error is what could be had.
func (s *Surface) Ask(ctx context.Context, t *document.Trusted, variables map[string]any) (data any, err error) {
	defer func() {
		if cause := recover(); cause != nil { // it runs in a goroutine of its own
			data, err = nil, s.parts.Recover(ctx, cause)
		}
	}()
	began := time.Now()
	ctx = document.As(graphql.StartOperationTrace(ctx), t)
	response, err := s.graphs.now.Load().ask(ctx, s.parts, t.Source, variables)
	failed := err != nil || len(response.Errors) > 0
	s.parts.Documents.Ran(ctx, time.Since(began), failed)
	if err != nil {
		return nil, err
	}
	if len(response.Data) > 0 {
		if err := json.Unmarshal(response.Data, &data); err != nil {
			return nil, fmt.Errorf("read the data of a document: %w", err)
		}
	}
	if failed {
		return data, errIncomplete
	}
	return data, nil
}

var (
	errIncomplete = errors.New("some of the data could not be had")
	errTooDear    = errors.New("whoever asks has spent what a minute has")
)

func (g *generation) ask(ctx context.Context, p Parts, source string, variables map[string]any) (*graphql.Response, error) {
	params := &graphql.RawParams{Query: source, Variables: variables}
	if graphql.HasOperationContext(ctx) && !delivery.ForEverybody(ctx) {
		params.Headers = graphql.GetOperationContext(ctx).Headers
	}
	now := graphql.Now()
	params.ReadTime = graphql.TraceTiming{Start: now, End: now}
	op, errs := g.inner.CreateOperationContext(ctx, params)
	if errs != nil {
		return nil, errs
	}
	if !delivery.ForEverybody(ctx) {
		if _, limited, enough := p.Limits.Spend(ctx, g.Costs.Of(op.Operation, op.Variables)); limited && !enough {
			return nil, errTooDear
		}
	}
	responses, ctx := g.inner.DispatchOperation(ctx, op)
	if response := responses(ctx); response != nil {
		return response, nil
	}
	return nil, errIncomplete
}
