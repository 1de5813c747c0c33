package gateway

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"sonata.ai/sonata/internal/supergraph"
)

// Query.node and Query.nodes are Sonata's own, and ids that begin with the prefix of a service are that service's to look up:
// what is planned is the operation with the service's own root field in their place (supergraph.Nodes). Which place an id
// is sent to depends on its prefix alone, so plans are as many as there are prefixes, not as ids.

// nodeUse is one selection of node or nodes in an operation.
type nodeUse struct {
	key  string // in the response
	many bool
	list string // the variable that holds all ids, or "" where
	ids  []idOf // they stand one by one
}

// idOf is an id in an operation: a variable's name, or its text.
type idOf struct{ variable, text string }

// nodeUses are the selections of node and nodes of an operation, each response key once, and what names of ours begin with
// where they stand beside those of the operation.
type nodeUses struct {
	all  []nodeUse
	mark string
}

func (u nodeUses) bytes() (n int) {
	for _, use := range u.all {
		n += 64 + len(use.key) + len(use.list)
		for _, id := range use.ids {
			n += 32 + len(id.variable) + len(id.text)
		}
	}
	return n
}

// nodeUsesOf finds them. They are the same for the same text, whether it was validated or only parsed.
func nodeUsesOf(op *ast.OperationDefinition, fragments ast.FragmentDefinitionList) (uses nodeUses) {
	if op.Operation != ast.Query {
		return nodeUses{}
	}
	var taken []string
	for _, v := range op.VariableDefinitions {
		taken = append(taken, v.Variable)
	}
	seen := map[string]bool{}
	eachRootField(op.SelectionSet, fragments, func(f *ast.Field) {
		taken = append(taken, f.Alias)
		if (f.Name != "node" && f.Name != "nodes") || seen[f.Alias] || len(f.Arguments) == 0 {
			return
		}
		seen[f.Alias] = true
		use := nodeUse{key: f.Alias, many: f.Name == "nodes"}
		switch value := f.Arguments[0].Value; {
		case use.many && value.Kind == ast.Variable:
			use.list = value.Raw
		case value.Kind == ast.ListValue:
			for _, child := range value.Children {
				use.ids = append(use.ids, idIn(child.Value))
			}
		default:
			use.ids = []idOf{idIn(value)}
		}
		uses.all = append(uses.all, use)
	})
	for uses.mark = "_n"; slices.ContainsFunc(taken, func(name string) bool { return strings.HasPrefix(name, uses.mark) }); {
		uses.mark += "n"
	}
	return uses
}

func idIn(v *ast.Value) idOf {
	if v.Kind == ast.Variable {
		return idOf{variable: v.Raw}
	}
	return idOf{text: v.Raw}
}

// eachRootField goes through the root fields of an operation, those in fragments included.
func eachRootField(set ast.SelectionSet, fragments ast.FragmentDefinitionList, do func(*ast.Field)) {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			do(s)
		case *ast.InlineFragment:
			eachRootField(s.SelectionSet, fragments, do)
		case *ast.FragmentSpread:
			f := s.Definition
			if f == nil {
				f = fragments.ForName(s.Name)
			}
			if f != nil {
				eachRootField(f.SelectionSet, fragments, do)
			}
		}
	}
}

// values are the ids of a use.
func (u nodeUse) values(variables map[string]any) (ids []any) {
	if u.list == "" {
		for _, id := range u.ids {
			if id.variable != "" {
				ids = append(ids, variables[id.variable])
			} else {
				ids = append(ids, id.text)
			}
		}
		return ids
	}
	list := reflect.ValueOf(variables[u.list]) // a list of anything: coercing makes one of the type of a single id
	if list.Kind() != reflect.Slice {
		return []any{variables[u.list]}
	}
	for i := range list.Len() {
		ids = append(ids, list.Index(i).Interface())
	}
	return ids
}

// nodes is how each service with a prefix is asked, by prefix.
type nodes map[string]*supergraph.Nodes

func nodesOf(sg *supergraph.Supergraph) nodes {
	n := nodes{}
	for _, s := range sg.Sources {
		if s.Nodes != nil {
			n[s.Nodes.Prefix] = s.Nodes
		}
	}
	return n
}

// prefixOf is the prefix of an id where it is a service's, else "".
func (n nodes) prefixOf(id any) string {
	text, _ := id.(string)
	prefix, _, found := strings.Cut(text, "_")
	if !found || n[prefix] == nil {
		return ""
	}
	return prefix
}

// Routes are where the ids of an operation are sent, as part of the key of its plan: for each use, in their order, "" for
// Sonata's own part; the prefix of a service; or, of a list, the places that have ids in it.
const (
	betweenUses   = ","
	betweenPlaces = "+"
	ownPlace      = "."
)

// route says where the ids of an operation are sent: in the operation, which is given the variables that its routes need, and
// what has to be joined in its answer.
func (e *Engine) route(op Operation) (Operation, joins) {
	if len(e.nodes) == 0 {
		return op, nil
	}
	uses := e.shapeOf(op.Text, op.Definition).nodes
	routes, away := make([]string, len(uses.all)), false
	var all joins
	for i, use := range uses.all {
		ids := use.values(op.Variables)
		if !use.many {
			routes[i] = e.nodes.prefixOf(ids[0])
		} else if len(ids) <= maxNodes { // more are refused by our own part
			var j join
			if routes[i], j = e.nodes.split(use.key, uses.mark+strconv.Itoa(i)+"_", ids); j.key != "" {
				all = append(all, j)
			}
		}
		away = away || routes[i] != ""
	}
	if !away {
		return op, nil
	}
	op.routes = strings.Join(routes, betweenUses)
	op.Variables = all.variables(op.Variables)
	return op, all
}

// split says where the ids of a list are sent. Names of the parts begin with name.
func (n nodes) split(key, name string, ids []any) (route string, j join) {
	var places []string
	for _, id := range ids {
		place := n.prefixOf(id)
		if place == "" {
			place = ownPlace
		}
		if !slices.Contains(places, place) {
			places = append(places, place)
		}
	}
	slices.Sort(places)
	if len(places) == 0 || len(places) == 1 && places[0] == ownPlace {
		return "", join{}
	}
	j = join{key: key, size: len(ids)}
	for _, place := range places {
		p := part{name: partName(name, place)}
		for i, id := range ids {
			if prefix := n.prefixOf(id); prefix == place || prefix == "" && place == ownPlace {
				p.ids, p.places = append(p.ids, id), append(p.places, i)
			}
		}
		j.parts = append(j.parts, p)
	}
	return strings.Join(places, betweenPlaces), j
}

// partName is the response key of a part of a list, and the variable with its ids.
func partName(name, place string) string {
	if place == ownPlace {
		return name
	}
	return name + place
}

// knows reports whether all places of routes are there.
func (n nodes) knows(routes string) bool {
	return !slices.ContainsFunc(strings.FieldsFunc(routes, func(r rune) bool { return strings.ContainsRune(betweenUses+betweenPlaces, r) }), func(place string) bool {
		return place != ownPlace && n[place] == nil
	})
}

// rerouted is the text of an operation with the services' own fields in the place of node and nodes, as its routes say.
func (n nodes) rerouted(text, operation, routes string) (string, error) {
	doc, err := parser.ParseQuery(&ast.Source{Input: text})
	if err != nil {
		return "", err
	}
	op := doc.Operations.ForName(operation)
	uses := nodeUsesOf(op, doc.Fragments)
	r := rerouting{nodes: n, fragments: doc.Fragments, seen: map[string]bool{}, uses: map[string]int{}, mark: uses.mark, routes: strings.Split(routes, betweenUses)}
	for i, use := range uses.all {
		r.uses[use.key] = i
		if route := r.routes[i]; use.many && route != "" {
			for _, place := range strings.Split(route, betweenPlaces) {
				op.VariableDefinitions = append(op.VariableDefinitions, &ast.VariableDefinition{
					Variable: r.partName(i, place), Type: ast.NonNullListType(ast.NonNullNamedType("ID", nil), nil),
				})
			}
		}
	}
	op.SelectionSet = r.set(op.SelectionSet)
	return printedDocument(&ast.QueryDocument{Operations: ast.OperationList{op}, Fragments: doc.Fragments}), nil
}

// rerouting is one operation on its way.
type rerouting struct {
	nodes     nodes
	fragments ast.FragmentDefinitionList
	seen      map[string]bool // fragments
	uses      map[string]int  // by response key
	mark      string
	routes    []string
}

func (r *rerouting) partName(use int, place string) string {
	return partName(r.mark+strconv.Itoa(use)+"_", place)
}

func (r *rerouting) set(set ast.SelectionSet) (out ast.SelectionSet) {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			out = append(out, r.field(s)...)
			continue
		case *ast.InlineFragment:
			s.SelectionSet = r.set(s.SelectionSet)
		case *ast.FragmentSpread:
			if f := r.fragments.ForName(s.Name); f != nil && !r.seen[s.Name] {
				r.seen[s.Name] = true
				f.SelectionSet = r.set(f.SelectionSet)
			}
		}
		out = append(out, s)
	}
	return out
}

func (r *rerouting) field(f *ast.Field) ast.SelectionSet {
	use, ok := r.uses[f.Alias]
	if !ok || r.routes[use] == "" {
		return ast.SelectionSet{f}
	}
	if f.Name == "node" {
		f.Name = r.nodes[r.routes[use]].One
		return ast.SelectionSet{f}
	}
	var out ast.SelectionSet
	for _, place := range strings.Split(r.routes[use], betweenPlaces) {
		part := *f
		part.Alias = r.partName(use, place)
		part.Arguments = ast.ArgumentList{{Name: "ids", Value: &ast.Value{Kind: ast.Variable, Raw: part.Alias}}}
		if place != ownPlace {
			part.Name = r.nodes[place].Many
		}
		out = append(out, &part)
	}
	return out
}
