package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// nowhere is what the engine believes to be the address of every service: it never learns one, so it cannot tell one.
const nowhere = "http://service.invalid/"

// courier stands between the engine and a source. Whatever the source does, the engine gets a response that it can merge:
// an answer that was looked through, or errors with path, code and service.
type courier struct {
	service string
	source  Source
	fits    func(asked, got string) bool // whether an entity of one type may answer a representation of another
	shape   *conformer                   // nil for our own part
	nodes   *nodeService                 // nil for a service without a prefix of its ids
}

var _ http.RoundTripper = courier{}

// RoundTrip carries a request of the engine to the source.
func (c courier) RoundTrip(r *http.Request) (*http.Response, error) {
	defer r.Body.Close() // it is in memory
	body := make([]byte, 0, max(r.ContentLength, 0)+bytes.MinRead)
	buffer := bytes.NewBuffer(body)
	if _, err := buffer.ReadFrom(r.Body); err != nil {
		return nil, err
	}
	answer := c.carry(r.Context(), buffer.Bytes())
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(answer)), ContentLength: int64(len(answer)), Request: r,
	}, nil
}

// carry asks the source, and returns what the engine can merge.
func (c courier) carry(ctx context.Context, question []byte) []byte {
	q := Question{Body: question, Mutates: mutates(question)}
	sent, back := c.nodes.put(question)
	began := time.Now()
	answer, err := c.source.Ask(ctx, Question{Body: sent, Mutates: q.Mutates})
	if err == nil && back != nil {
		answer = back(answer)
	}
	liked := err == nil && likes(q.Body, answer, c.shape, c.fits)
	if err == nil && !liked {
		answer, err = vet(c.service, q.Body, answer, c.fits)
	}
	if counts, ok := c.source.(interface {
		asked(ctx context.Context, took time.Duration, err error)
	}); ok {
		counts.asked(ctx, time.Since(began), err)
	}
	if err == nil && !liked && c.shape != nil {
		answer = c.shape.conform(q.Body, answer)
	}
	if err != nil {
		return failed(faultOf(c.service, err), q.Body)
	}
	return answer
}

// mutates reports whether a body asks for a mutation. The planner writes the query first and without white space.
func mutates(body []byte) bool {
	return bytes.HasPrefix(body, []byte(`{"query":"mutation`))
}

// wireAnswer is a GraphQL response. What else stands in one does not pass.
type wireAnswer struct {
	Errors []wireError     `json:"errors,omitempty"`
	Data   json.RawMessage `json:"data"`
}

type wireError struct {
	Message    string         `json:"message"`
	Path       []any          `json:"path,omitempty"`
	Extensions wireExtensions `json:"extensions"`
}

type wireExtensions struct {
	Code    string `json:"code,omitempty"`
	Service string `json:"service,omitempty"`
}

// UnmarshalJSON takes the code when it is text, and nothing else, whatever a service writes there.
func (e *wireExtensions) UnmarshalJSON(b []byte) error {
	var all map[string]json.RawMessage
	if json.Unmarshal(b, &all) != nil {
		return nil
	}
	_ = json.Unmarshal(all["code"], &e.Code) // a code that is no text is none
	return nil
}

// vet looks through an answer: it has to be one that fits the request, and of its errors only what clients may see passes.
func vet(service string, question, answer []byte, fits func(asked, got string) bool) ([]byte, error) {
	var got struct {
		Errors json.RawMessage
		Data   json.RawMessage
	}
	if err := json.Unmarshal(answer, &got); err != nil {
		return nil, invalid(service, "with something that is not JSON", err)
	}
	hasErrors, hasData := present(got.Errors), present(got.Data)
	if hasData && got.Data[0] != '{' || !hasData && !hasErrors {
		return nil, invalid(service, "without data and without errors", nil)
	}
	if hasData && bytes.Contains(question, []byte("_entities(")) {
		if err := vetEntities(service, question, got.Data, hasErrors, fits); err != nil {
			return nil, err
		}
	}
	if !hasErrors {
		return answer, nil
	}
	var errs []wireError
	if err := json.Unmarshal(got.Errors, &errs); err != nil {
		return nil, invalid(service, "with errors that are not GraphQL's", err)
	}
	if len(errs) == 0 && !hasData {
		return nil, invalid(service, "without data and without errors", nil)
	}
	return json.Marshal(wireAnswer{cleaned(service, errs, question), got.Data})
}

func present(raw json.RawMessage) bool { return len(raw) > 0 && !bytes.Equal(raw, []byte("null")) }

// entity is as much of an entity, or of a representation, as is looked at.
type entity struct {
	Type string `json:"__typename"`
	set  bool
}

// UnmarshalJSON takes an object or null.
func (e *entity) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		return nil
	}
	type plain entity
	e.set = true
	return json.Unmarshal(b, (*plain)(e))
}

// vetEntities refuses an answer with another number of entities than were asked for, since each belongs to the representation
// in its place, and with one of another type.
func vetEntities(service string, question, data []byte, hasErrors bool, fits func(asked, got string) bool) error {
	var asked struct {
		Variables struct {
			Representations []entity
		}
	}
	if err := json.Unmarshal(question, &asked); err != nil || asked.Variables.Representations == nil {
		return nil //nolint:nilerr // it asks for no entities
	}
	var got struct {
		Entities []entity `json:"_entities"`
	}
	if err := json.Unmarshal(data, &got); err != nil {
		return invalid(service, "with entities that are no list of objects", err)
	}
	if got.Entities == nil {
		if hasErrors {
			return nil
		}
		return invalid(service, "without entities", nil)
	}
	if len(got.Entities) != len(asked.Variables.Representations) {
		return invalid(service, fmt.Sprintf("with %d entities for %d", len(got.Entities), len(asked.Variables.Representations)), nil)
	}
	for i, e := range got.Entities {
		if e.set && e.Type != "" && !fits(asked.Variables.Representations[i].Type, e.Type) {
			return invalid(service, "with an entity of another type than it was asked for", nil)
		}
	}
	return nil
}

// cleaned leaves of a service's errors the message, the path and the code, and adds the service's name.
func cleaned(service string, errs []wireError, question []byte) []wireError {
	var place []any
	for i := range errs {
		e := &errs[i]
		if e.Message == "" {
			e.Message = fmt.Sprintf("the service %q reports an error", service)
		}
		e.Path = pathOf(e.Path)
		if len(e.Path) == 0 {
			if place == nil {
				place = []any{}
				if places := placesOf(question); len(places) == 1 || len(places) > 1 && places[0][0] == entities {
					place = places[0][:1]
				}
			}
			e.Path = place
		}
		if e.Extensions.Code == "" {
			e.Extensions.Code = CodeError
		}
		e.Extensions.Service = service
	}
	return errs
}

// pathOf leaves names and whole numbers, up to what is neither.
func pathOf(path []any) []any {
	for i, step := range path {
		switch step := step.(type) {
		case string:
		case float64:
			if step < 0 || step != float64(int(step)) {
				return path[:i]
			}
		default:
			return path[:i]
		}
	}
	return path
}

// failed is the answer to a question that got none: an error for each field that was asked for, up to most.
func failed(f *Fault, question []byte) []byte {
	const most = 10
	places := placesOf(question)
	if len(places) == 0 {
		places = [][]any{nil}
	}
	errs := make([]wireError, 0, len(places))
	for _, place := range places[:min(len(places), most)] {
		errs = append(errs, wireError{f.Error(), place, wireExtensions{f.Code, f.Service}})
	}
	b, err := json.Marshal(wireAnswer{errs, json.RawMessage("null")})
	if err != nil {
		return []byte(`{"errors":[{"message":"internal error"}],"data":null}`) // text always marshals
	}
	return b
}

const entities = "_entities"

// placesOf are the response paths of what a question asks for: its root fields, or the fields of the entities.
func placesOf(question []byte) (places [][]any) {
	var asked wireQuestion
	if json.Unmarshal(question, &asked) != nil {
		return nil
	}
	doc, err := parser.ParseQuery(&ast.Source{Input: asked.Query})
	if err != nil || len(doc.Operations) == 0 {
		return nil
	}
	for _, name := range keysOf(doc.Operations[0].SelectionSet, nil) {
		places = append(places, []any{name})
	}
	if len(places) == 1 && places[0][0] == entities {
		below := keysOf(doc.Operations[0].SelectionSet[0].(*ast.Field).SelectionSet, nil) //nolint:forcetypeassert // keysOf found one
		if len(below) > 0 {
			places = nil
		}
		for _, name := range below {
			places = append(places, []any{entities, name})
		}
	}
	return places
}

// keysOf are the response keys of a selection, each once, those in fragments included.
func keysOf(set ast.SelectionSet, keys []string) []string {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			if s.Name != typename && !slices.Contains(keys, s.Alias) {
				keys = append(keys, s.Alias)
			}
		case *ast.InlineFragment:
			keys = keysOf(s.SelectionSet, keys)
		case *ast.FragmentSpread:
			if s.Definition != nil {
				keys = keysOf(s.Definition.SelectionSet, keys)
			}
		}
	}
	return keys
}

const typename = "__typename"
