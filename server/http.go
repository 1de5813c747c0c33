package server

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"

	"sonata.ai/sonata/internal/delivery"
	"sonata.ai/sonata/internal/document"
)

// single answers queries and mutations, one answer to each request (GraphQL over HTTP, September 2026).
type single struct {
	answers *answers
	partial int // status of an answer that has data and errors, for clients who take graphQLJSON
	tokens  int // of a document, at most
}

var _ graphql.Transport = single{}

// Supports takes whatever the transports before it left.
func (single) Supports(r *http.Request) bool { return sentIn(r.Context()) != nil }

// Do runs one operation.
func (t single) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	s := sentIn(r.Context())
	s.params.Headers = r.Header
	ctx, reading := delivery.WithReading(r.Context())
	response, op := t.execute(ctx, s, exec)
	body := mustEncode(response)
	if x := t.answers.answered(op, response, body, reading); x != nil {
		respond(w, r, s, http.StatusOK, &x.plain, cacheControl(ctx, r, s, x.shared))
		t.answers.keep(ctx, s, x)
		return
	}
	t.answer(w, r, s, response, body, t.answers.freshness(ctx, r, s, op, response, reading))
}

// answer writes a response that is nobody else's.
func (t single) answer(w http.ResponseWriter, r *http.Request, s *sent, response *graphql.Response, body []byte, control string) {
	x := representation{body: body, length: []string{strconv.Itoa(len(body))}}
	if s.get && len(response.Errors) == 0 {
		x = represent(body, "")
	}
	respond(w, r, s, t.status(s, response), &x, control)
}

func mustEncode(response *graphql.Response) []byte {
	body, err := encode(response)
	if err != nil {
		panic(err) // extensions are made of what marshals
	}
	return body
}

// execute returns the one response to a request.
func (t single) execute(of context.Context, s *sent, exec graphql.GraphExecutor) (*graphql.Response, *graphql.OperationContext) {
	op, errs := s.create(of, exec)
	ctx := graphql.WithOperationContext(of, op)
	if errs != nil {
		if s.get && mutates(s.params, op.Operation, t.tokens) { // what GET may do is decided before what is valid
			errs = gqlerror.List{getOnlyReads()}
		} else if op.Operation == nil && op.Doc != nil {
			errs[0].Message = notAmong(op.Doc.Operations, s.params.OperationName)
		}
		return exec.DispatchError(ctx, errs), op
	}
	responses, ctx := exec.DispatchOperation(ctx, op)
	if response := responses(ctx); response != nil {
		return response, op
	}
	return exec.DispatchError(ctx, gqlerror.List{gaveUp()}), op
}

func gaveUp() *gqlerror.Error {
	return &gqlerror.Error{Message: "the request took too long or was given up", Extensions: map[string]any{"code": unavailable}}
}

// notAmong says what to do about an operation that a document does not hold.
func notAmong(operations ast.OperationList, name string) string {
	switch {
	case name != "":
		return fmt.Sprintf("the document holds no operation %.100q", name)
	case len(operations) == 0:
		return "the document holds no operation: a query, a mutation or a subscription"
	}
	return fmt.Sprintf("the document holds %d operations: name the one to run in operationName", len(operations))
}

// mutates reports whether a request names a mutation: by the operation where that was found, else as far as its document
// can be parsed.
func mutates(params *graphql.RawParams, op *ast.OperationDefinition, tokens int) bool {
	if op == nil {
		document, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: params.Query}, tokens)
		if err != nil {
			return false
		}
		op = document.Operations.ForName(params.OperationName)
	}
	return op != nil && op.Operation == ast.Mutation
}

// encode writes a response. Data is JSON already and is not read again; without data there is no entry for it, since then
// nothing ran.
func encode(response *graphql.Response) ([]byte, error) {
	var out bytes.Buffer
	out.Grow(len(response.Data) + 256)
	separator := byte('{')
	entry := func(name string, v any) error {
		raw, err := json.Marshal(v)
		if err != nil {
			return fmt.Errorf("encode %s: %w", name, err)
		}
		out.WriteByte(separator)
		out.WriteString(`"` + name + `":`)
		out.Write(raw)
		separator = ','
		return nil
	}
	if len(response.Errors) > 0 {
		if err := entry("errors", response.Errors); err != nil {
			return nil, err
		}
	}
	if response.Data != nil {
		out.WriteByte(separator)
		out.WriteString(`"data":`)
		out.Write(response.Data)
		separator = ','
	}
	if len(response.Extensions) > 0 {
		if err := entry("extensions", response.Extensions); err != nil {
			return nil, err
		}
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// Codes that decide the status of an answer.
const (
	unauthenticated = "UNAUTHENTICATED"
	forbidden       = "FORBIDDEN"
	unavailable     = "UNAVAILABLE"
	internal        = "INTERNAL"
)

// status is what an answer has. Clients who take plainJSON only cannot tell an answer of ours from one of something in
// between by anything else than 200, so they get that for every request that was understood, but for what asks them to
// come again or to send something else.
func (t single) status(s *sent, response *graphql.Response) int {
	switch {
	case response.Data != nil && (len(response.Errors) == 0 || s.mediaType == plainJSON):
		return http.StatusOK
	case response.Data != nil:
		return t.partial
	}
	code := codeOf(response)
	switch code {
	case rateLimited:
		return http.StatusTooManyRequests
	case methodNotAllowed:
		return http.StatusMethodNotAllowed
	case document.CodeNotFound, document.CodeNotSupported: // what Apollo's clients ask first, and go on from
		return http.StatusOK
	case unavailable:
		if response.Errors[0].Extensions["retryAfterSeconds"] != nil {
			return http.StatusServiceUnavailable
		}
	}
	if s.mediaType == plainJSON {
		return http.StatusOK
	}
	switch code {
	case unauthenticated:
		return http.StatusUnauthorized
	case forbidden:
		return http.StatusForbidden
	case unavailable:
		return http.StatusServiceUnavailable
	case internal:
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
}

func codeOf(response *graphql.Response) string {
	if len(response.Errors) == 0 {
		return ""
	}
	code, _ := response.Errors[0].Extensions["code"].(string)
	return code
}
