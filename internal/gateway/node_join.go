package gateway

import (
	"encoding/json"
	"maps"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// join is a list of Query.nodes that several were asked for.
type join struct {
	key   string // in the response
	size  int
	parts []part
}

// part is what one of them was asked for.
type part struct {
	name   string // its response key, and the variable with its ids
	ids    []any
	places []int // of the ids in the list
}

type joins []join

// variables are those of the request, and the ids of the parts.
func (all joins) variables(request map[string]any) map[string]any {
	if len(all) == 0 {
		return request
	}
	out := maps.Clone(request)
	if out == nil {
		out = map[string]any{}
	}
	for _, j := range all {
		for _, p := range j.parts {
			out[p.name] = p.ids
		}
	}
	return out
}

// apply makes one list of the parts, in the place where it was asked for, and gives errors the paths that it has then.
func (all joins) apply(op *ast.OperationDefinition, r *graphql.Response) *graphql.Response {
	if len(all) == 0 {
		return r
	}
	out := &graphql.Response{Data: r.Data, Extensions: r.Extensions, Errors: all.errors(r.Errors)}
	var data map[string]json.RawMessage
	if json.Unmarshal(r.Data, &data) != nil || data == nil {
		return out
	}
	for _, j := range all {
		j.apply(data)
	}
	out.Data = inOrder(op.SelectionSet, data)
	return out
}

// apply does it for one list. Where it was skipped, there is none of its parts.
func (j join) apply(data map[string]json.RawMessage) {
	list, found := make([]json.RawMessage, j.size), false
	for _, p := range j.parts {
		raw, ok := data[p.name]
		found = found || ok
		delete(data, p.name)
		var some []json.RawMessage
		if json.Unmarshal(raw, &some) != nil || len(some) != len(p.places) {
			continue // null, with an error that says why
		}
		for i, place := range p.places {
			list[place] = some[i]
		}
	}
	if !found {
		return
	}
	out := []byte{'['}
	for i, one := range list {
		if i > 0 {
			out = append(out, ',')
		}
		if one == nil {
			one = json.RawMessage("null")
		}
		out = append(out, one...)
	}
	data[j.key] = append(out, ']')
}

// errors is errors with the places of the list that they are about: one for each, where it is about a whole part.
func (all joins) errors(list gqlerror.List) (out gqlerror.List) {
	for _, e := range list {
		j, p := all.at(e.Path)
		if p == nil {
			out = append(out, e)
			continue
		}
		if len(e.Path) > 1 {
			if i, ok := e.Path[1].(ast.PathIndex); ok && int(i) < len(p.places) {
				out = append(out, moved(e, p.name, j.key, p.places[i]))
				continue
			}
		}
		for _, place := range p.places {
			out = append(out, moved(e, p.name, j.key, place))
		}
	}
	return out
}

func (all joins) at(path ast.Path) (join, *part) {
	if len(path) == 0 {
		return join{}, nil
	}
	for _, j := range all {
		for i := range j.parts {
			if path[0] == ast.PathName(j.parts[i].name) {
				return j, &j.parts[i]
			}
		}
	}
	return join{}, nil
}

// moved is an error of a part in its place in the list. The engine's own messages hold the name of the part.
func moved(e *gqlerror.Error, part, key string, place int) *gqlerror.Error {
	out := *e
	out.Message = strings.Replace(e.Message, "'Query."+part+".", "'Query."+key+".", 1)
	out.Path = append(ast.Path{ast.PathName(key), ast.PathIndex(place)}, e.Path[min(2, len(e.Path)):]...)
	return &out
}
