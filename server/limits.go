package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"sonata.ai/sonata/internal/principal"
)

// The limits of one request.
const (
	maxBody     = 1 << 20   // bytes of a request body
	maxManifest = 16 << 20  // the same, for callers who register builds, documents or services
	maxDocument = 64 << 10  // bytes of a document
	maxTokens   = 5000      // lexical tokens of a document
	maxDepth    = 20        // levels of nested fields, fragments followed
	maxErrors   = 10        // errors in one answer
	maxURL      = 128 << 10 // bytes of a GET request's query string
)

// Subprotocol is the one that is spoken on websockets.
const subprotocol = "graphql-transport-ws"

func isWebsocket(r *http.Request) bool { return r.Header.Get("Upgrade") != "" }

func isStream(r *http.Request) bool {
	return isWebsocket(r) || strings.Contains(r.Header.Get("Accept"), "text/event-stream")
}

// wellFormed refuses what is no GraphQL request before anything looks into it. It also keeps bodies out of the log:
// the executor's transports would write one that they cannot decode.
func wellFormed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case isWebsocket(r) && (r.Method != http.MethodGet || !strings.EqualFold(r.Header.Get("Upgrade"), "websocket")):
			refuse(w, http.StatusBadRequest, "BAD_REQUEST", "the only upgrade is that of a GET request to websocket")
			return
		case isWebsocket(r):
			if !slices.Contains(strings.Split(strings.ReplaceAll(r.Header.Get("Sec-Websocket-Protocol"), " ", ""), ","), subprotocol) {
				refuse(w, http.StatusBadRequest, "BAD_REQUEST", "ask for the websocket subprotocol "+subprotocol)
				return
			}
			r.Header.Set("Sec-Websocket-Protocol", subprotocol)
		case r.Method == http.MethodGet:
			if !readQuery(w, r) {
				return
			}
			answer := &getAnswer{ResponseWriter: w}
			w, r = answer, r.WithContext(context.WithValue(r.Context(), getKey{}, answer))
		case r.Method == http.MethodPost:
			if !readBody(w, r) {
				return
			}
		default:
			w.Header().Set("Allow", "GET, POST")
			refuse(w, http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "send a GET or a POST request")
			return
		}
		next.ServeHTTP(w, r)
	})
}

type getKey struct{}

// getAnswer answers a GET request. Those may change nothing: whoever can make a browser load an image can send them.
// What the document asks for is known only when the executor, which would answer 200 or 406, has parsed it.
type getAnswer struct {
	http.ResponseWriter
	notAllowed bool
}

// WriteHeader passes the status on, or 405 with what may be sent instead.
func (w *getAnswer) WriteHeader(status int) {
	if w.notAllowed {
		w.Header().Set("Allow", "POST")
		status = http.StatusMethodNotAllowed
	}
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController find the writer below.
func (w *getAnswer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// readQuery checks a query string; ok is false when the request was answered.
func readQuery(w http.ResponseWriter, r *http.Request) (ok bool) {
	if len(r.URL.RawQuery) > maxURL {
		refuse(w, http.StatusRequestURITooLong, "LIMIT", "the query string is too long: send a POST request")
		return false
	}
	query := r.URL.Query()
	if query.Get("query") == "" {
		refuse(w, http.StatusBadRequest, "BAD_REQUEST", `the request has no "query"; /graphiql is the page to explore this API`)
		return false
	}
	for _, name := range []string{"variables", "extensions"} {
		var object map[string]any
		if text := query.Get(name); text != "" && json.Unmarshal([]byte(text), &object) != nil {
			refuse(w, http.StatusBadRequest, "BAD_REQUEST", name+" in the query string is not a JSON object")
			return false
		}
	}
	return true
}

// bodyLimit is how large a request of a caller may be.
func bodyLimit(who principal.Principal) int64 {
	if who.Has(principal.ComponentsWrite) || who.Has(principal.DocumentsWrite) || who.Has(principal.ServicesWrite) {
		return maxManifest
	}
	return maxBody
}

// readBody reads a JSON body within the limit and puts it back; ok is false when the request was answered.
func readBody(w http.ResponseWriter, r *http.Request) (ok bool) {
	mediaType, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	if strings.TrimSpace(strings.ToLower(mediaType)) != "application/json" {
		w.Header().Set("Accept-Post", "application/json")
		refuse(w, http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", "send the request as application/json")
		return false
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit(principal.From(r.Context()))))
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		refuse(w, http.StatusRequestEntityTooLarge, "LIMIT", fmt.Sprintf("the request body is larger than %d MB", bodyLimit(principal.From(r.Context()))>>20))
		return false
	}
	if err != nil {
		refuse(w, http.StatusBadRequest, "BAD_REQUEST", "the request body ended too early")
		return false
	}
	var request struct {
		Query         *string         `json:"query"`
		OperationName *string         `json:"operationName"`
		Variables     *map[string]any `json:"variables"`
		Extensions    *map[string]any `json:"extensions"`
	}
	if err := json.Unmarshal(body, &request); err != nil {
		refuse(w, http.StatusBadRequest, "BAD_REQUEST", `the request body is not a GraphQL request: send {"query": "…", "variables": {…}} as JSON`)
		return false
	}
	if request.Query == nil || *request.Query == "" {
		refuse(w, http.StatusBadRequest, "BAD_REQUEST", `the request has no "query"`)
		return false
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return true
}

// refuse answers in the form of GraphQL, without data.
func refuse(w http.ResponseWriter, status int, code, message string) {
	body, err := json.Marshal(map[string]any{"errors": []any{map[string]any{
		"message": message, "extensions": map[string]any{"code": code},
	}}})
	if err != nil {
		body = []byte(`{"errors":[{"message":"refused"}]}`) // strings always marshal
	}
	writeRefusal(w, status, body)
}

func writeRefusal(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "application/graphql-response+json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write(body) //nolint:errcheck // the client is gone: nobody is left to tell
}

// documentLimits holds what a document may ask for, whatever it arrived by.
type documentLimits struct{}

var _ interface {
	graphql.OperationParameterMutator
	graphql.OperationContextMutator
	graphql.OperationInterceptor
	graphql.ResponseInterceptor
} = documentLimits{}

// ExtensionName names the extension.
func (documentLimits) ExtensionName() string { return "DocumentLimits" }

// Validate accepts every schema.
func (documentLimits) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters refuses long documents before they are parsed.
func (documentLimits) MutateOperationParameters(_ context.Context, request *graphql.RawParams) *gqlerror.Error {
	if len(request.Query) > maxDocument {
		return limitError("the document is larger than 64 kB")
	}
	return nil
}

// MutateOperationContext refuses deep documents, subscriptions on a transport that cannot carry them, and mutations by
// GET.
func (documentLimits) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	if depthOf(op.Operation.SelectionSet, map[string]int{}) > maxDepth {
		return limitError("the document nests fields deeper than 20 levels")
	}
	if op.Operation.Operation == ast.Subscription && !streaming(ctx) {
		err := gqlerror.Errorf("subscriptions need a websocket (graphql-transport-ws) or server-sent events (Accept: text/event-stream)")
		err.Extensions = map[string]any{"code": "BAD_REQUEST"}
		return err
	}
	if answer, get := ctx.Value(getKey{}).(*getAnswer); get && op.Operation.Operation != ast.Query {
		answer.notAllowed = true
		err := gqlerror.Errorf("a GET request only reads: send a POST request")
		err.Extensions = map[string]any{"code": "METHOD_NOT_ALLOWED"}
		return err
	}
	return nil
}

// InterceptOperation gives operations that end their deadline, also on transports that go on.
func (documentLimits) InterceptOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	if graphql.GetOperationContext(ctx).Operation.Operation == ast.Subscription {
		return next(ctx)
	}
	ctx, cancel := context.WithTimeout(ctx, deadline)
	responses := next(ctx)
	return func(ctx context.Context) *graphql.Response {
		defer cancel()
		return responses(ctx)
	}
}

// InterceptResponse bounds the errors of an answer.
func (documentLimits) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response := next(ctx)
	if response != nil && len(response.Errors) > maxErrors {
		response.Errors = response.Errors[:maxErrors]
	}
	return response
}

func limitError(message string) *gqlerror.Error {
	return &gqlerror.Error{Message: message, Extensions: map[string]any{"code": "LIMIT"}}
}

// depthOf counts levels of fields. Each fragment is measured once; validation refused cycles before.
func depthOf(set ast.SelectionSet, fragments map[string]int) int {
	deepest := 0
	for _, s := range set {
		depth := 0
		switch s := s.(type) {
		case *ast.Field:
			depth = 1 + depthOf(s.SelectionSet, fragments)
		case *ast.InlineFragment:
			depth = depthOf(s.SelectionSet, fragments)
		case *ast.FragmentSpread:
			known, ok := fragments[s.Name]
			if !ok && s.Definition != nil {
				known = depthOf(s.Definition.SelectionSet, fragments)
				fragments[s.Name] = known
			}
			depth = known
		}
		deepest = max(deepest, depth)
	}
	return deepest
}
