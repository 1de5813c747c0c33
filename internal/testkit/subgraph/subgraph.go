// Package subgraph is a real service for tests: it executes the SDL of a subgraph over data, answers _entities, can be told
// to misbehave, and keeps what it was asked.
//
// Data is JSON: {"Query": {…}, "Mutation": {…}, "Product": [entities…]}. A field answers the value of its name. Some values
// are worked out: {"$ref": "Product", "id": "1"} is the entity with these fields; {"$arg": "name"} is the argument;
// {"$from": ["price", "size.width"]} is text that shows other fields of the same object, for instance those that @requires
// brought; {"$error": "text", "code": "CODE"} fails. A list behind a field with arguments is filtered by those that its
// items have fields for ("ids" for "id", too), and cut by "first"; where the field is no list, the first item answers.
// An entity list that ends with "*" has an entity for every key.
package subgraph

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
)

const prelude = `
directive @key(fields: String!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE
directive @requires(fields: String!) on FIELD_DEFINITION
directive @provides(fields: String!) on FIELD_DEFINITION
directive @external(reason: String) on OBJECT | FIELD_DEFINITION
directive @shareable repeatable on OBJECT | FIELD_DEFINITION
directive @override(from: String!, label: String) on FIELD_DEFINITION
directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION
directive @tag(name: String!) repeatable on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION
directive @extends on OBJECT | INTERFACE
directive @interfaceObject on OBJECT
directive @authenticated on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
directive @requiresScopes(scopes: [[String!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
directive @cost(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
scalar _Any
type _Service { sdl: String! }
extend type Query { _service: _Service! }
`

// Service executes a subgraph. It is a handler for POST, server-sent events and graphql-transport-ws.
type Service struct {
	sdl    string
	schema *ast.Schema
	data   map[string]any

	mu      sync.Mutex
	fault   Fault
	asked   []Asked
	streams map[*stream]string
	sockets map[*websocket.Conn]struct{}
}

// Asked is a request that arrived.
type Asked struct {
	Query     string
	Variables map[string]any
	Header    http.Header
}

// Fault is a way to misbehave.
type Fault struct {
	Slow          time.Duration // before every answer
	Status        int           // instead of 200, with a body that is no JSON
	HTML          bool          // a page, with status 200
	Cut           bool          // half of the body, and the end of the connection
	WrongTypename bool          // entities of a type that nobody has
	ShortEntities bool          // one entity less
	Huge          int           // bytes of white space before the answer
	Body          string        // this instead of the answer
	Header        http.Header   // beside the others
	Times         int           // so often; 0 for always
	Matching      string        // only questions that hold this
}

// New reads a subgraph and its data.
func New(sdl, data string) (*Service, error) {
	s := &Service{sdl: sdl, streams: map[*stream]string{}, sockets: map[*websocket.Conn]struct{}{}}
	if data != "" {
		decoder := json.NewDecoder(strings.NewReader(data))
		decoder.UseNumber()
		if err := decoder.Decode(&s.data); err != nil {
			return nil, fmt.Errorf("the data cannot be read: %w", err)
		}
	}
	doc, err := parser.ParseSchema(&ast.Source{Name: "sdl", Input: sdl})
	if err != nil {
		return nil, err
	}
	doc.SchemaExtension = nil
	more := prelude
	if entities := entityTypes(doc); len(entities) > 0 {
		more += "union _Entity = " + strings.Join(entities, " | ") +
			"\nextend type Query { _entities(representations: [_Any!]!): [_Entity]! }\n"
	}
	base, err := parser.ParseSchemas(validator.Prelude, &ast.Source{Name: "federation", Input: more})
	if err != nil {
		return nil, err
	}
	base.Merge(doc)
	s.schema, err = validator.ValidateSchemaDocument(base)
	return s, err
}

func entityTypes(doc *ast.SchemaDocument) (names []string) {
	for _, def := range slices.Concat(doc.Definitions, doc.Extensions) {
		if def.Kind == ast.Object && def.Directives.ForName("key") != nil && !slices.Contains(names, def.Name) {
			names = append(names, def.Name)
		}
	}
	return names
}

// Break makes the service misbehave; the zero Fault ends that.
func (s *Service) Break(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = f
}

// Execute answers a query or a mutation without a server.
func (s *Service) Execute(query string, variables map[string]any) []byte {
	return s.answer(request{Query: query, Variables: variables}, s.next(Asked{Query: query, Variables: variables}))
}

// Asked returns what arrived since the last call.
func (s *Service) Asked() []Asked {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := s.asked
	s.asked = nil
	return asked
}

// next takes note of a request, and says how to misbehave with it.
func (s *Service) next(a Asked) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, a)
	f := s.fault
	if !strings.Contains(a.Query, f.Matching) {
		return Fault{}
	}
	if s.fault.Times > 0 {
		if s.fault.Times--; s.fault.Times == 0 {
			s.fault = Fault{}
		}
	}
	return f
}

// ServeHTTP answers.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		s.serveWebsocket(w, r)
		return
	}
	var request request
	decoder := json.NewDecoder(r.Body)
	decoder.UseNumber()
	if err := decoder.Decode(&request); err != nil {
		http.Error(w, "not a request", http.StatusBadRequest)
		return
	}
	f := s.next(Asked{request.Query, request.Variables, r.Header.Clone()})
	if f.Slow > 0 {
		select {
		case <-time.After(f.Slow):
		case <-r.Context().Done():
			return
		}
	}
	if strings.Contains(r.Header.Get("Accept"), "text/event-stream") {
		s.serveEvents(w, r, request)
		return
	}
	write(w, f, s.answer(request, f))
}

type request struct {
	Query         string         `json:"query"`
	OperationName string         `json:"operationName"`
	Variables     map[string]any `json:"variables"`
}

func write(w http.ResponseWriter, f Fault, body []byte) {
	for name, values := range f.Header {
		w.Header()[name] = values
	}
	if f.Body != "" {
		body = []byte(f.Body)
	}
	switch {
	case f.Status != 0:
		w.WriteHeader(f.Status)
		_, _ = w.Write([]byte("upstream 10.1.2.3 said no"))
		return
	case f.HTML:
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<html><body>hello</body></html>"))
		return
	}
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/json")
	}
	if f.Cut {
		w.Header().Set("Content-Length", fmt.Sprint(len(body)))
		_, _ = w.Write(body[:len(body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	for left := f.Huge; left > 0; left -= 1 << 16 {
		if _, err := w.Write([]byte(strings.Repeat(" ", 1<<16))); err != nil {
			return
		}
	}
	_, _ = w.Write(body)
}

// answer executes a query or a mutation.
func (s *Service) answer(r request, f Fault) []byte {
	doc, errs := gqlparser.LoadQueryWithRules(s.schema, r.Query, nil)
	if errs != nil {
		return encode(response{Errors: []failure{{Message: "not valid: " + errs.Error()}}})
	}
	op := doc.Operations.ForName(r.OperationName)
	if op == nil {
		return encode(response{Errors: []failure{{Message: "there is no such operation"}}})
	}
	variables, err := validator.VariableValues(s.schema, op, r.Variables)
	if err != nil {
		return encode(response{Errors: []failure{{Message: "variables: " + err.Error()}}})
	}
	x := &execution{Service: s, variables: variables, fault: f}
	root := s.schema.Query
	switch op.Operation {
	case ast.Mutation:
		root = s.schema.Mutation
	case ast.Subscription:
		root = s.schema.Subscription
	}
	value, _ := s.data[root.Name].(map[string]any)
	return encode(x.run(root, op.SelectionSet, value))
}

func encode(r response) []byte {
	b, err := json.Marshal(r)
	if err != nil {
		panic(err) // it came out of JSON
	}
	return b
}
