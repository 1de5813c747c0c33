package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	validation "github.com/vektah/gqlparser/v2/validator/rules"
)

// This file writes documents out of the schema, sends them, and notes which fields somebody saw a value of.

// everything selects all fields of a type and of what hangs below them. Objects with an id below are followed to a depth
// and are then only named: each is asked for everything by itself. Fields that need an argument are asked one by one.
func (m *matrix) everything(d *ast.Definition, depth int) string {
	if d.IsAbstractType() {
		var b strings.Builder
		b.WriteString("__typename ")
		for _, p := range m.schema.PossibleTypes[d.Name] {
			fmt.Fprintf(&b, "... on %s { %s } ", p.Name, m.fields(p, depth, p.Name+"_"))
		}
		return b.String()
	}
	return "__typename " + m.fields(d, depth, "")
}

// fields aliases with a prefix: fields of several types may not share a name.
func (m *matrix) fields(d *ast.Definition, depth int, prefix string) string {
	var b strings.Builder
	for _, f := range d.Fields {
		if strings.HasPrefix(f.Name, "__") || needsArgument(f) {
			continue
		}
		if prefix != "" {
			b.WriteString(prefix + f.Name + ": ")
		}
		b.WriteString(f.Name)
		if f.Arguments.ForName("first") != nil {
			b.WriteString("(first: 100)")
		}
		b.WriteString(m.below(f, depth) + " ")
	}
	return b.String()
}

// below selects what a field answers.
func (m *matrix) below(f *ast.FieldDefinition, depth int) string {
	of := m.schema.Types[f.Type.Name()]
	switch {
	case of.IsLeafType():
		return ""
	case !m.hasID(of):
		return " { " + m.everything(of, depth) + " }"
	case depth == 0:
		return " { __typename id }"
	}
	return " { " + m.everything(of, depth-1) + " }"
}

func needsArgument(f *ast.FieldDefinition) bool {
	return slices.ContainsFunc(f.Arguments, func(a *ast.ArgumentDefinition) bool { return a.Type.NonNull })
}

// hasID reports whether objects of a type can be read by their id.
func (m *matrix) hasID(d *ast.Definition) bool {
	return d.Name == "Node" || slices.Contains(d.Interfaces, "Node")
}

// nodeDocument asks for everything of an object, by node, through fragments on the interface.
func (m *matrix) nodeDocument(kind string) string {
	return m.written("node "+kind, func() string {
		return "query($id: ID!) { node(id: $id) { __typename ... on Node { id ... on Node { ...All } } } } fragment All on Node { ... on " + kind + " { " +
			m.fields(m.schema.Types[kind], 1, "") + "} }"
	})
}

// nodesDocument asks for everything of whatever the ids are of, by nodes, through fragments on the types.
func (m *matrix) nodesDocument() string {
	return m.written("nodes", func() string {
		return "query($ids: [ID!]!) { nodes(ids: $ids) { id " + m.everything(m.schema.Types["Node"], 1) + "} }"
	})
}

// written keeps a document under a name.
func (m *matrix) written(name string, write func() string) string {
	m.mu.Lock()
	document := m.documents[name]
	m.mu.Unlock()
	if document == "" {
		document = write()
		m.mu.Lock()
		m.documents[name] = document
		m.mu.Unlock()
	}
	return document
}

// send asks as somebody and returns the answer as it came.
func (m *matrix) send(c *caller, document string, variables map[string]any) string {
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		m.t.Fatal(err)
	}
	return m.request(http.MethodPost, "/graphql", string(body), c.header...)
}

// parse reads a document once.
func (m *matrix) parse(document string) *ast.QueryDocument {
	m.mu.Lock()
	defer m.mu.Unlock()
	if doc := m.parsed[document]; doc != nil {
		return doc
	}
	doc, errs := gqlparser.LoadQueryWithRules(m.schema, document, validation.NewDefaultRules())
	if errs != nil {
		m.t.Fatalf("%v: %.300s", errs, document)
	}
	m.parsed[document] = doc
	return doc
}

// answer is what came, read.
type answer struct {
	Data   map[string]any `json:"data"`
	Errors []struct {
		Message    string
		Path       []any
		Extensions struct{ Code string }
	} `json:"errors"`
	Extensions any `json:"extensions"`
	raw        string
}

func (m *matrix) read(raw string) answer {
	a := answer{raw: raw}
	if err := json.Unmarshal([]byte(raw), &a); err != nil {
		m.t.Fatalf("%v: %.300s", err, raw)
	}
	return a
}

// errors are those of an answer, each by its path and code, sorted.
func (a answer) errors() []string {
	out := []string{}
	for _, e := range a.Errors {
		path := make([]string, len(e.Path))
		for i, step := range e.Path {
			path[i] = fmt.Sprint(step)
		}
		out = append(out, strings.Join(path, ".")+" "+e.Extensions.Code)
	}
	slices.Sort(out)
	return out
}

// ask sends a document, looks for what the caller must not see, and notes what it saw.
func (m *matrix) ask(c *caller, document string, variables map[string]any) answer {
	a := m.read(m.send(c, document, variables))
	m.marks(c, a.raw, document)
	op := m.parse(document).Operations[0]
	root := map[ast.Operation]string{ast.Query: "Query", ast.Mutation: "Mutation", ast.Subscription: "Subscription"}[op.Operation]
	if a.Data != nil {
		m.note(c, op.SelectionSet, root, a.Data)
	}
	return a
}

// marks finds text of a frontend that the caller may not see.
func (m *matrix) marks(c *caller, raw, document string) {
	for slug, x := range m.tenants {
		inside := c.knows(slug)
		delivered := m.reads(c, slug, "staging") || c.at("content:read", slug, "") || c.throughout("audit:read", slug)
		if !inside && strings.Contains(raw, x.private) {
			m.t.Errorf("%s sees %s: %.200s … %.300s", c.name, slug, document, around(raw, x.private))
		}
		if !delivered && strings.Contains(raw, x.staged) {
			m.t.Errorf("%s sees what is in staging of %s: %.200s … %.300s", c.name, slug, document, around(raw, x.staged))
		}
		if !x.public && !inside && strings.Contains(raw, x.published) {
			m.t.Errorf("%s sees what %s publishes: %.200s … %.300s", c.name, slug, document, around(raw, x.published))
		}
	}
}

func around(raw, mark string) string {
	at := strings.Index(raw, mark)
	return raw[max(0, at-150):min(len(raw), at+150)]
}

// note walks an answer: it remembers the fields that have a value, and finds objects that the caller must not see.
func (m *matrix) note(c *caller, set ast.SelectionSet, kind string, value map[string]any) {
	if named, ok := value["__typename"].(string); ok {
		kind = named
	}
	if id, ok := value["id"].(string); ok && m.hasID(m.schema.Types[kind]) {
		if o, known := m.lookUp(id); known && !m.sees(c, o) {
			m.t.Errorf("%s sees the %s %s of %q", c.name, kind, id, o.tenant)
		}
	}
	for _, f := range m.flat(set, kind) {
		if f.Name == "__typename" || value[f.Alias] == nil {
			continue
		}
		m.mu.Lock()
		m.reached[kind+"."+f.Name] = true
		m.mu.Unlock()
		m.noteBelow(c, f, value[f.Alias])
	}
}

func (m *matrix) noteBelow(c *caller, f *ast.Field, value any) {
	switch value := value.(type) {
	case []any:
		for _, one := range value {
			m.noteBelow(c, f, one)
		}
	case map[string]any:
		if len(f.SelectionSet) > 0 { // or it is a scalar that looks like an object
			m.note(c, f.SelectionSet, f.Definition.Type.Name(), value)
		}
	}
}

// flat are the fields of a selection that an object of a type has.
func (m *matrix) flat(set ast.SelectionSet, kind string) (fields []*ast.Field) {
	meets := func(condition string) bool {
		return condition == "" || condition == kind || slices.ContainsFunc(m.schema.PossibleTypes[condition], func(p *ast.Definition) bool { return p.Name == kind })
	}
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			fields = append(fields, s)
		case *ast.InlineFragment:
			if meets(s.TypeCondition) {
				fields = append(fields, m.flat(s.SelectionSet, kind)...)
			}
		case *ast.FragmentSpread:
			if meets(s.Definition.TypeCondition) {
				fields = append(fields, m.flat(s.Definition.SelectionSet, kind)...)
			}
		}
	}
	return fields
}
