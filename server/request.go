package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/document"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
)

// Subprotocol is the one that is spoken on websockets.
const subprotocol = "graphql-transport-ws"

// Codes of requests that the endpoint cannot take.
const (
	badRequest       = "BAD_REQUEST"
	methodNotAllowed = "METHOD_NOT_ALLOWED"
)

func isWebsocket(r *http.Request) bool { return r.Header.Get("Upgrade") != "" }

func isStream(r *http.Request) bool { return isWebsocket(r) || answersIn(r) == eventStream }

// sent is a request as it was understood, before anything of it was parsed as GraphQL.
type sent struct {
	params     *graphql.RawParams // the variables are there once they are decoded
	valid      *ast.QueryDocument // that was found valid for this request; nil where it was known
	invalid    gqlerror.List      // why the document is not valid
	variables  json.RawMessage    // an object as it was sent, or null; nil for none
	document   documentRef
	mediaType  string          // of the answer
	extensions json.RawMessage // as variables
	path       string          // what the address of the request names of a document; "" for nothing
	source     string          // of its document, as it was sent; "" for one that was only named
	raw        []byte          // the body or the query string, where it is short; nil else
	question   *understood     // what was read before; nil for what is new
	headers    http.Header     // of the answer; nil on a websocket
	most       int64           // bytes that the body may have; 0 for what all may
	get        bool            // may change nothing: whoever can make a browser load an image can send it
}

type sentKey struct{}

// in returns a context of the operation that was sent.
func (s *sent) in(ctx context.Context) context.Context {
	return document.With(context.WithValue(ctx, sentKey{}, s))
}

// forget lets go of what an operation was created from and does not need any more: up to 1 MB that nobody asked for would be
// kept as long as a stream.
func (s *sent) forget(op *graphql.OperationContext) {
	s.params.Variables, s.params.Extensions, s.variables, s.raw, s.question, s.source = nil, nil, nil, nil, nil, ""
	if op.Extensions[costKey] == true {
		op.Extensions = map[string]any{costKey: true}
	} else {
		op.Extensions = nil
	}
}

// sentIn is the request that a context is of; on a websocket, each operation is one.
func sentIn(ctx context.Context) *sent {
	s, _ := ctx.Value(sentKey{}).(*sent)
	return s
}

// wellFormed refuses what is no GraphQL request (GraphQL over HTTP, September 2026), and has what is one answered by give,
// else by next.
func wellFormed(known *questions, give func(context.Context, http.ResponseWriter, *http.Request, *sent) bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isWebsocket(r) {
			if upgrades(w, r) {
				next.ServeHTTP(w, r)
			}
			return
		}
		s := &sent{params: &graphql.RawParams{}, mediaType: answersIn(r), path: r.PathValue("document"), get: r.Method == http.MethodGet, headers: w.Header()}
		vary(s.headers, s.get)
		if s.mediaType == "" {
			refuse(w, http.StatusNotAcceptable, "NOT_ACCEPTABLE", "answers are "+graphQLJSON+", "+plainJSON+" or, for subscriptions, "+eventStream+": accept one of them")
			return
		}
		if s.mediaType == plainJSON {
			w.Header().Set("Content-Type", plainJSON+"; charset=utf-8") // of refusals, too
		}
		read := s.readBody
		switch r.Method {
		case http.MethodPost:
		case http.MethodGet:
			read = s.readQuery
		default:
			w.Header().Set("Allow", "GET, POST")
			refuse(w, http.StatusMethodNotAllowed, methodNotAllowed, "send a GET or a POST request")
			return
		}
		if err := s.document.clientIn(r.Header.Values); err != nil {
			refuse(w, err.status, err.code, err.message)
			return
		}
		if err := read(w, r, known); err != nil {
			refuse(w, err.status, err.code, err.message)
			return
		}
		s.source = s.params.Query
		ctx := s.in(r.Context())
		if !give(ctx, w, r, s) {
			next.ServeHTTP(w, r.WithContext(ctx))
		}
	})
}

// upgrades reports whether a request asks for the one websocket that is spoken; otherwise it was answered.
func upgrades(w http.ResponseWriter, r *http.Request) bool {
	if r.Method != http.MethodGet || !strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		refuse(w, http.StatusBadRequest, badRequest, "the only upgrade is that of a GET request to websocket")
		return false
	}
	if !slices.Contains(strings.Split(strings.ReplaceAll(r.Header.Get("Sec-Websocket-Protocol"), " ", ""), ","), subprotocol) {
		refuse(w, http.StatusBadRequest, badRequest, "ask for the websocket subprotocol "+subprotocol)
		return false
	}
	r.Header.Set("Sec-Websocket-Protocol", subprotocol)
	return true
}

// malformed is why a request is none.
type malformed struct {
	status        int
	code, message string
}

func malformedf(format string, args ...any) *malformed {
	return &malformed{http.StatusBadRequest, badRequest, fmt.Sprintf(format, args...)}
}

// readQuery reads a query string.
func (s *sent) readQuery(_ http.ResponseWriter, r *http.Request, known *questions) *malformed {
	if len(r.URL.RawQuery) > maxURL {
		return &malformed{http.StatusRequestURITooLong, "LIMIT", "the query string is too long: send a POST request"}
	}
	if len(r.URL.RawQuery) <= maxQuestion {
		if s.raw = []byte(r.URL.RawQuery); known.find(s, s.raw) {
			return nil
		}
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return malformedf("the query string cannot be read: encode each value")
	}
	s.params.Query = query.Get("query")
	s.params.OperationName = query.Get("operationName")
	for name, into := range map[string]*json.RawMessage{"variables": &s.variables, "extensions": &s.extensions} {
		if text := query.Get(name); text != "" {
			if *into = json.RawMessage(text); canonical.Strict(*into) != nil || !isObject(*into) {
				return malformedf("%s in the query string is not a JSON object", name)
			}
		}
	}
	s.decodeExtensions()
	if err := s.document.name(s.path, query.Get("documentId"), query.Get("doc_id")); err != nil {
		return err
	}
	if err := s.document.persisted(s.params.Extensions); err != nil {
		return err
	}
	if s.params.Query == "" && !s.document.named() {
		return malformedf(`the request has no "query" and no "documentId"; /graphiql is the page to explore this API`)
	}
	return nil
}

// bodyLimit is how large a request of a caller may be.
func bodyLimit(who principal.Principal) int64 {
	if who.Has(principal.ComponentsWrite) || who.Has(principal.DocumentsWrite) || who.Has(principal.ServicesWrite) {
		return maxManifest
	}
	return maxBody
}

// readBody reads a JSON body within the limit.
func (s *sent) readBody(w http.ResponseWriter, r *http.Request, known *questions) *malformed {
	if !isJSON(r.Header.Get("Content-Type")) {
		w.Header().Set("Accept-Post", plainJSON)
		return &malformed{http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", "send the request as application/json in UTF-8"}
	}
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		w.Header().Set("Accept-Encoding", "identity")
		w.Header().Set("Accept-Post", plainJSON)
		return &malformed{http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", "send the request as it is, without a Content-Encoding"}
	}
	limit := bodyLimit(principal.From(r.Context()))
	s.most = limit
	if r.ContentLength > limit {
		drain(r.Body)
		return tooLarge(limit)
	}
	if r.ContentLength > 0 && r.ContentLength <= maxQuestion {
		body, found, err := known.body(s, r)
		if err != nil {
			return malformedf("the request body ended too early")
		}
		if found {
			return nil
		}
		return s.decodeBody(body)
	}
	body, err := readAll(http.MaxBytesReader(w, r.Body, limit), r.ContentLength)
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		drain(r.Body)
		return tooLarge(limit)
	}
	if err != nil {
		return malformedf("the request body ended too early")
	}
	return s.decodeBody(body)
}

// isJSON reports whether a Content-Type is that of JSON in UTF-8.
func isJSON(contentType string) bool {
	if contentType == plainJSON {
		return true
	}
	mediaType, parameters, err := mime.ParseMediaType(contentType)
	charset := parameters["charset"]
	return err == nil && mediaType == plainJSON && (charset == "" || strings.EqualFold(charset, "utf-8"))
}

// decodeBody reads the members of a body.
func (s *sent) decodeBody(body []byte) *malformed {
	if err := canonical.Strict(body); err != nil {
		return malformedf("the request body is not a GraphQL request: %s", fault.As(err).Message)
	}
	if bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("[")) {
		return malformedf("the request body is a list: send one operation in a request, batches are not taken")
	}
	var members map[string]json.RawMessage // looked up by their exact names, which decoding into a struct would not do
	if json.Unmarshal(body, &members) != nil || members == nil {
		return malformedf(`the request body is not a GraphQL request: send {"query": "…", "variables": {…}} as JSON`)
	}
	return s.read(members)
}

// read takes the members of a request, by HTTP or on a websocket. Those that are not known are ignored, as the
// specification wants it.
func (s *sent) read(members map[string]json.RawMessage) *malformed {
	s.variables, s.extensions = members["variables"], members["extensions"]
	if !isText(members["query"], &s.params.Query) || !isText(members["operationName"], &s.params.OperationName) || !isObject(s.variables) || !isObject(s.extensions) {
		return malformedf(`the request is not a GraphQL request: "query" and "operationName" are strings, "variables" and "extensions" objects`)
	}
	if most := valuesLimit(s.most); holdsMore(s.variables, most) || holdsMore(s.extensions, most) {
		return &malformed{http.StatusBadRequest, "LIMIT", fmt.Sprintf("the variables or extensions hold more than %d values: send them in parts", most)}
	}
	s.decodeExtensions()
	var id, relay string
	if !isText(members["documentId"], &id) || !isText(members["doc_id"], &relay) {
		return malformedf(`"documentId" and "doc_id" are strings: the id of a registered document`)
	}
	if err := s.document.name(s.path, id, relay); err != nil {
		return err
	}
	if err := s.document.persisted(s.params.Extensions); err != nil {
		return err
	}
	if s.params.Query == "" && !s.document.named() {
		return malformedf(`the request has no "query" and no "documentId"`)
	}
	return nil
}

// readAll is io.ReadAll for what says how long it is: most of it is read into what it needs at once.
func readAll(from io.Reader, length int64) ([]byte, error) {
	buffer := bytes.NewBuffer(make([]byte, 0, min(max(length, 0), firstRead)+bytes.MinRead))
	_, err := buffer.ReadFrom(from)
	return buffer.Bytes(), err
}

// firstRead bounds what is taken on the word of who sends it.
const firstRead = 64 << 10

// isText reads a member that is a text, null or not there; false for anything else.
func isText(raw json.RawMessage, into *string) bool {
	return raw == nil || json.Unmarshal(raw, into) == nil
}

// isObject reports whether a member is an object, null or not there. It is JSON: that was looked at before.
func isObject(raw json.RawMessage) bool {
	raw = bytes.TrimLeft(raw, " \t\r\n")
	return len(raw) == 0 || raw[0] == '{' || raw[0] == 'n'
}

// create makes the operation of a request.
func (s *sent) create(ctx context.Context, exec graphql.GraphExecutor) (*graphql.OperationContext, gqlerror.List) {
	s.decodeVariables()
	op, errs := exec.CreateOperationContext(ctx, s.params)
	if s.invalid != nil {
		errs = s.invalid
	}
	return op, errs
}

// maxValues is how many values the variables of a request may hold: each takes a hundred times what it takes to send.
const maxValues = 50_000

// valuesLimit is the same for callers who may send larger bodies.
func valuesLimit(body int64) int {
	return maxValues * int(max(body, maxBody)/maxBody)
}

// holdsMore reports whether JSON may hold more than so many values.
func holdsMore(raw []byte, most int) bool {
	return len(raw) > 2*most && bytes.Count(raw, []byte{','})+bytes.Count(raw, []byte{'{'})+bytes.Count(raw, []byte{'['}) > most
}

// decodeVariables reads the variables, for an operation that is to run.
func (s *sent) decodeVariables() { decodeObject(s.variables, &s.params.Variables) }

func (s *sent) decodeExtensions() { decodeObject(s.extensions, &s.params.Extensions) }

func decodeObject(raw json.RawMessage, into *map[string]any) {
	if len(raw) == 0 {
		return
	}
	if err := decode(raw, into); err != nil {
		panic(err) // isObject has seen one
	}
}

func tooLarge(limit int64) *malformed {
	return &malformed{http.StatusRequestEntityTooLarge, "LIMIT", fmt.Sprintf("the request body is larger than %d MB", limit>>20)}
}

// decode reads one JSON value; numbers stay as they were written.
func decode(raw []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	return decoder.Decode(into)
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
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", graphQLJSON+"; charset=utf-8")
	}
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write(body) //nolint:errcheck // the client is gone: nobody is left to tell
}
