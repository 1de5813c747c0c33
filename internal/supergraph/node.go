//sonata:pure

package supergraph

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// Nodes is how ids with a prefix are looked up at the service that gave it.
type Nodes struct {
	Prefix string
	// One(id: ID!): Node and Many(ids: [ID!]!): [Node] are fields of Query in Supergraph.SDL and in Source.SDL that stand for
	// the service's own node. Clients do not see them, and the service does not have them by these names.
	One, Many string
	// Types are what the service may answer, sorted: those of its schema that its node can be, without those that are owned.
	Types []string
	// Plain says that the service's node is a Node; else it is another type of the service.
	Plain bool
	// Needs are @authenticated and @requiresScopes of the service's node.
	Needs ast.DirectiveList
}

// takeNode takes a service's own node and nodes out of the query type: in the graph they are answered for all services. With
// a prefix, node is kept aside.
func (r *reader) takeNode() {
	q := r.svc.types["Query"]
	if r.svc.owned || q == nil {
		return
	}
	q.def.Fields = slices.DeleteFunc(q.def.Fields, func(f *ast.FieldDefinition) bool {
		switch {
		case f.Name == "node" && r.svc.prefix != "":
			r.svc.node = f
			return true
		case f.Name == "nodes" && r.svc.prefix != "":
			r.composer.add(Notice, r.svc, f.Position, "NODE_TAKEN_OUT", "nothing is to be done: clients ask for several objects as before",
				"Query.nodes of the service is not part of the graph, which has its own and asks Query.node of the service")
			return true
		case f.Name != "node" && f.Name != "nodes":
			return false
		}
		r.composer.add(Notice, r.svc, f.Position, "NODE_TAKEN_OUT", "publish it with the prefix of its ids, so that they are sent there; until then node answers null for them",
			"Query.%s of the service is not part of the graph, which has its own", f.Name)
		return true
	})
	r.dropEmptyRoots()
}

const nodeCode = "NODE_PREFIX_WITHOUT_NODE"

// checkNodes asks that a service with a prefix can be asked for its ids, each service for its own.
func (c *composer) checkNodes() {
	by := map[string]*service{}
	for _, s := range c.services {
		if s.prefix == "" {
			continue
		}
		if other := by[s.prefix]; other != nil {
			c.errorf(s, nil, "NODE_PREFIX_TAKEN", "give each a prefix of its own", "%q and %q both say that ids which begin with %s_ are theirs", other.name, s.name, s.prefix)
			continue
		}
		by[s.prefix] = s
		if s.node == nil {
			c.errorf(s, nil, nodeCode, "add it, or publish the service without a prefix",
				"ids that begin with %s_ are to be sent to %q, whose schema has no Query.node(id: ID!): Node", s.prefix, s.name)
			continue
		}
		c.checkNode(s)
	}
}

func (c *composer) checkNode(s *service) {
	at := s.node.Position
	for _, a := range s.node.Arguments {
		if a.Name != "id" && a.Type.NonNull && a.DefaultValue == nil {
			c.errorf(s, at, nodeCode, "make it nullable", "Query.node is asked with an id alone, and requires the argument %s", a.Name)
		}
	}
	id := s.node.Arguments.ForName("id")
	if id == nil || id.Type.Elem != nil || id.Type.NamedType != "ID" {
		c.errorf(s, at, nodeCode, "write node(id: ID!): Node", "Query.node has no argument id of the type ID")
	}
	for _, d := range s.node.Directives {
		switch d.Name {
		case "authenticated", "requiresScopes":
			s.nodes.Needs = append(s.nodes.Needs, d)
		case "shareable", "cost", "listSize", "tag", "deprecated":
		default:
			c.errorf(s, d.Position, nodeCode, "remove it", "@%s cannot be put on Query.node, which ids that begin with %s_ are sent to", d.Name, s.prefix)
		}
	}
	if s.node.Type.Elem == nil {
		s.nodes.Plain = s.node.Type.NamedType == "Node"
		for _, name := range s.possible(s.node.Type.NamedType) {
			if c.owned == nil || c.owned.types[name] == nil {
				s.nodes.Types = append(s.nodes.Types, name)
			}
		}
	}
	slices.Sort(s.nodes.Types)
	for _, name := range s.nodes.Types {
		if !slices.Contains(s.types[name].def.Interfaces, "Node") {
			c.errorf(s, s.types[name].def.Position, nodeCode, "write implements Node", "Query.node can answer %s, which is no Node", name)
		}
	}
	if len(s.nodes.Types) == 0 {
		c.errorf(s, at, nodeCode, "write node(id: ID!): Node, and implements Node at the types that have these ids",
			"Query.node is %s, and none of the service's own types", s.node.Type)
	}
	s.nodes.Prefix = s.prefix
	s.nodes.One, s.nodes.Many = c.free("_node_"+s.prefix), c.free("_nodes_"+s.prefix)
}

// free is a name that no service has for a field of Query.
func (c *composer) free(name string) string {
	for slices.ContainsFunc(c.services, func(s *service) bool { return s.field("Query", name) != nil }) {
		name += "_"
	}
	return name
}

// fields are those that stand for the service's node.
func (n *Nodes) fields() ast.FieldList {
	of := func(name, argument string, t, answer *ast.Type) *ast.FieldDefinition {
		return &ast.FieldDefinition{Name: name, Type: answer, Arguments: ast.ArgumentDefinitionList{{Name: argument, Type: t}}}
	}
	node, id := ast.NamedType("Node", nil), ast.NonNullNamedType("ID", nil)
	return ast.FieldList{of(n.One, "id", id, node), of(n.Many, "ids", ast.NonNullListType(id, nil), ast.ListType(node, nil))}
}

// withNodes is the query type as operations are planned on it.
func (c *composer) withNodes(def *ast.Definition) *ast.Definition {
	if def.Name != "Query" {
		return def
	}
	out := *def
	out.Fields = slices.Clone(def.Fields)
	for _, s := range c.services {
		if s.node != nil {
			out.Fields = append(out.Fields, s.nodes.fields()...)
		}
	}
	return &out
}

// addNodes says how the service is asked by its ids, beside what else it is asked for.
func (s *service) addNodes(out *Source, doc *ast.SchemaDocument) {
	if s.node == nil {
		return
	}
	nodes := s.nodes
	out.Nodes = &nodes
	query := doc.Definitions.ForName("Query")
	if query == nil {
		query = &ast.Definition{Kind: ast.Object, Name: "Query"}
		doc.Definitions = append(doc.Definitions, query)
		out.Roots = append(out.Roots, Fields{Type: "Query"})
	}
	query.Fields = append(query.Fields, nodes.fields()...)
	root := &out.Roots[slices.IndexFunc(out.Roots, func(f Fields) bool { return f.Type == "Query" })]
	root.Names = append(root.Names, nodes.One, nodes.Many)
	slices.SortFunc(root.Names, strings.Compare)
}

// enqueueNodes begins at what services answer by their ids, which clients find on no other path perhaps.
func (s *search) enqueueNodes() {
	for _, svc := range s.c.services {
		if svc.node == nil {
			continue
		}
		for _, name := range svc.nodes.Types {
			if s.c.api[name] != nil {
				s.enqueue(visit{typeName: name, at: spots{{svc: svc}}, path: (*step)(nil).then("Query.node")})
			}
		}
	}
}
