package gateway

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/wundergraph/graphql-go-tools/v2/pkg/engine/resolve"
)

// mended makes a response of what the engine wrote. Its errors get paths that the response really has, a code and the name
// of a service, and nothing else.
func mended(p *planned, own string, written []byte) *graphql.Response {
	const before, after = `{"data":`, `}`
	if bytes.HasPrefix(written, []byte(before)) && bytes.HasSuffix(written, []byte(after)) {
		return &graphql.Response{Data: written[len(before) : len(written)-len(after)]}
	}
	var got wireResult
	if err := json.Unmarshal(written, &got); err != nil {
		return internal(err)
	}
	m := mender{plan: p.response.Data, own: own, data: got.Data}
	return &graphql.Response{Data: got.Data, Errors: m.all(got.Errors)}
}

// maxMended bounds the errors of one response: a service can answer one for each entry of a long list.
const maxMended = 100

// all mends errors, the first ones, in their order.
func (m *mender) all(errs []engineError) (mended gqlerror.List) {
	m.explained, m.leading = map[string]bool{}, map[string]bool{}
	for _, e := range errs {
		if e.own() && e.Extensions.Code != engineUnauthorized {
			continue
		}
		key := ""
		for _, name := range namesOf(e.Path) {
			key += name + "\x00"
			m.leading[key] = true
		}
		if key != "" {
			m.explained[key] = true
		}
	}
	for _, e := range errs {
		if len(mended) == maxMended {
			break
		}
		if fixed := m.mend(e); fixed != nil {
			mended = append(mended, fixed)
		}
	}
	return mended
}

// isExplained reports whether an error of another stands at a path, above it or below it, places in lists left out of both.
func (m *mender) isExplained(path []any) bool {
	key := ""
	for _, name := range namesOf(path) {
		key += name + "\x00"
		if m.explained[key] {
			return true
		}
	}
	return m.leading[key]
}

type wireResult struct {
	Errors []engineError   `json:"errors"`
	Data   json.RawMessage `json:"data"`
}

// engineError is an error as it comes out of the engine: of a service, with a service's name; or its own.
type engineError struct {
	Message    string
	Path       []any
	Extensions struct{ Code, Service string }
}

func (e engineError) own() bool { return e.Extensions.Service == "" }

// mender knows what a response looks like.
type mender struct {
	plan    *resolve.Object
	own     string // the subgraph that is Sonata's own: its errors are as they are without any service
	data    json.RawMessage
	decoded any
	read    bool

	explained, leading map[string]bool // paths of errors of others, and all that leads to them
}

// mend returns what clients see of an error; nil for one that only repeats that something is missing which another error
// already explains.
func (m *mender) mend(e engineError) *gqlerror.Error {
	path := m.path(e.Path)
	service, code, message := e.Extensions.Service, e.Extensions.Code, e.Message
	if code == engineUnauthorized {
		code, message = refusal(message)
	} else if e.own() {
		if m.isExplained(e.Path) {
			return nil
		}
		code, service = CodeInvalid, m.serviceAt(path)
		if name := quoted(message); strings.HasPrefix(message, "Subgraph '") || strings.HasPrefix(message, "Failed to fetch from Subgraph '") {
			service = name
		}
		message = ownMessage(message, service)
		if service != "" && service == m.own { // a service named an object of ours that is not there, or not to be seen
			code, message = codeNotFound, "there is no such object, or you may not see it"
		}
	}
	out := &gqlerror.Error{Message: message, Path: path, Extensions: map[string]any{"code": code}}
	if service != "" && service != m.own {
		out.Extensions["service"] = service
	}
	return out
}

func ownMessage(message, service string) string {
	if strings.HasPrefix(message, "Cannot return null for non-nullable field") {
		return message
	}
	if service == "" {
		return "a service answered something that its schema does not allow"
	}
	return fmt.Sprintf("the service %q answered something that its schema does not allow", service)
}

func quoted(message string) string {
	parts := strings.SplitN(message, "'", 3)
	if len(parts) < 3 {
		return ""
	}
	return parts[1]
}

func namesOf(path []any) (names []string) {
	for _, step := range path {
		if name, ok := step.(string); ok && name != anyIndex {
			names = append(names, name)
		}
	}
	return names
}

// anyIndex is what the engine writes for "some place in the list".
const anyIndex = "@"

// path makes a path exact: where places in lists are missing and only one place can be meant, it is filled in; else the path
// ends at the list, and it ends before what the response does not have.
func (m *mender) path(path []any) ast.Path {
	exact, whole := follow(m.plan, path)
	if whole || len(exact) == 0 {
		return exact
	}
	if _, list := nodeAt(m.plan, exact).(*resolve.Array); !list {
		return exact
	}
	const enough = 2
	var found []ast.Path
	var look func(node resolve.Node, value any, rest []any, at ast.Path)
	look = func(node resolve.Node, value any, rest []any, at ast.Path) {
		if len(found) >= enough {
			return
		}
		if value == nil {
			found = append(found, append(slices.Clone(at), below(node, rest)...))
			return
		}
		switch node := node.(type) {
		case *resolve.Array:
			items, _ := value.([]any)
			if len(rest) > 0 && rest[0] == anyIndex {
				rest = rest[1:]
			}
			for i, item := range items {
				look(node.Item, item, rest, append(at, ast.PathIndex(i)))
			}
		case *resolve.Object:
			fields, _ := value.(map[string]any)
			if len(rest) == 0 {
				return
			}
			name, _ := rest[0].(string)
			next := fieldOf(node, name)
			value, has := fields[name]
			if next == nil || !has {
				return
			}
			look(next.Value, value, rest[1:], append(at, ast.PathName(name)))
		}
	}
	look(m.plan, m.tree(), path, nil)
	if len(found) == 1 {
		return found[0]
	}
	return exact
}

// below are the steps that go on to the field that failed from where its null ended up, as far as no list is on the way.
func below(node resolve.Node, rest []any) (path ast.Path) {
	for _, step := range rest {
		object, _ := node.(*resolve.Object)
		name, _ := step.(string)
		if object == nil {
			return path
		}
		f := fieldOf(object, name)
		if f == nil {
			return path
		}
		path, node = append(path, ast.PathName(name)), f.Value
	}
	return path
}

// tree is the data, decoded once and only for errors that need it.
func (m *mender) tree() any {
	if !m.read {
		m.read = true
		_ = json.Unmarshal(m.data, &m.decoded) // the engine wrote it; without it paths end earlier
	}
	return m.decoded
}

// follow takes the steps of a path that the response has; whole says that it took all.
func follow(root *resolve.Object, path []any) (exact ast.Path, whole bool) {
	var node resolve.Node = root
	for _, step := range path {
		switch at := node.(type) {
		case *resolve.Array:
			index, ok := step.(float64)
			if !ok {
				return exact, false
			}
			exact, node = append(exact, ast.PathIndex(int(index))), at.Item
		case *resolve.Object:
			name, ok := step.(string)
			if !ok {
				return exact, false
			}
			f := fieldOf(at, name)
			if f == nil {
				return exact, false
			}
			exact, node = append(exact, ast.PathName(name)), f.Value
		default:
			return exact, true // inside a custom scalar, or too deep: the field itself is meant
		}
	}
	if _, list := node.(*resolve.Array); list && len(path) > 0 && path[len(path)-1] == anyIndex {
		return exact, false
	}
	return exact, true
}

func nodeAt(root *resolve.Object, path ast.Path) resolve.Node {
	var node resolve.Node = root
	for _, step := range path {
		switch at := node.(type) {
		case *resolve.Array:
			node = at.Item
		case *resolve.Object:
			name, _ := step.(ast.PathName)
			f := fieldOf(at, string(name))
			if f == nil {
				return nil
			}
			node = f.Value
		}
	}
	return node
}

func fieldOf(o *resolve.Object, name string) *resolve.Field {
	for _, f := range o.Fields {
		if string(f.Name) == name {
			return f
		}
	}
	return nil
}

// serviceAt is the one service that the field at a path comes from; "" when there are several.
func (m *mender) serviceAt(path ast.Path) (service string) {
	var node resolve.Node = m.plan
	for _, step := range path {
		switch at := node.(type) {
		case *resolve.Array:
			node = at.Item
		case *resolve.Object:
			name, _ := step.(ast.PathName)
			f := fieldOf(at, string(name))
			if f == nil {
				return service
			}
			service = ""
			if f.Info != nil && len(f.Info.Source.Names) == 1 {
				service = f.Info.Source.Names[0]
			}
			node = f.Value
		}
	}
	return service
}

// broken is the response when the engine gives up on all of it, since two answers do not fit together.
func broken(err error) *graphql.Response {
	var merge resolve.ErrMergeResult
	if !errors.As(err, &merge) {
		return internal(err)
	}
	e := coded(CodeInvalid, fmt.Sprintf("the service %q answered something that its schema does not allow", merge.Subgraph))
	e.Extensions["service"] = merge.Subgraph
	return &graphql.Response{Errors: gqlerror.List{e}, Data: json.RawMessage("null")}
}
