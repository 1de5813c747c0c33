package gateway

import (
	"context"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/wundergraph/graphql-go-tools/v2/pkg/engine/resolve"

	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/supergraph"
)

// What is said of a field that its service lets only some see. The field is null, and when it may not be, what holds it.
const (
	codeUnauthenticated = "UNAUTHENTICATED"
	codeForbidden       = "FORBIDDEN"
	engineUnauthorized  = "UNAUTHORIZED_FIELD_OR_TYPE"
)

// needs are what a caller has to have for one field: @authenticated and @requiresScopes at the field, at the type that has
// it, and at the type that it answers with. All of them have to hold.
type needs struct {
	authenticated bool
	scopes        [][][]string // each: all of one of these lists
}

func (n needs) none() bool { return !n.authenticated && len(n.scopes) == 0 }

func (n *needs) add(directives ast.DirectiveList) {
	for _, d := range directives {
		switch d.Name {
		case "authenticated":
			n.authenticated = true
		case "requiresScopes":
			if a := d.Arguments.ForName("scopes"); a != nil && a.Value != nil {
				n.scopes = append(n.scopes, scopeLists(a.Value))
			}
		}
	}
}

func scopeLists(v *ast.Value) (lists [][]string) {
	for _, outer := range v.Children {
		list := []string{}
		if outer.Value.Kind == ast.ListValue {
			for _, inner := range outer.Value.Children {
				list = append(list, inner.Value.Raw)
			}
		} else {
			list = append(list, outer.Value.Raw)
		}
		lists = append(lists, list)
	}
	return lists
}

// guard knows what fields need. A scope counts when it holds for the whole installation, not for one frontend only.
type guard map[resolve.GraphCoordinate]needs

var _ resolve.BatchAuthorizer = guard{}

// guardOf reads an API. A field of an interface needs what any type behind it needs, since it can be asked for there.
func guardOf(api *ast.Schema) guard {
	g := guard{}
	for _, def := range api.Types {
		if def.BuiltIn || def.Kind != ast.Object && def.Kind != ast.Interface {
			continue
		}
		for _, f := range def.Fields {
			var n needs
			owners := []*ast.Definition{def}
			if def.Kind == ast.Interface {
				owners = append(owners, api.PossibleTypes[def.Name]...)
			}
			for _, owner := range owners {
				n.add(owner.Directives)
				if own := owner.Fields.ForName(f.Name); own != nil {
					n.add(own.Directives)
					if answered := api.Types[own.Type.Name()]; answered != nil {
						n.add(answered.Directives)
					}
				}
			}
			if !n.none() {
				g[resolve.GraphCoordinate{TypeName: def.Name, FieldName: f.Name}] = n
			}
		}
	}
	return g
}

// nodes adds what the services' own nodes need, beside what Query.node and what they answer do.
func (g guard) nodes(sg *supergraph.Supergraph) {
	for _, s := range sg.Sources {
		if s.Nodes == nil {
			continue
		}
		for theirs, ours := range map[string]string{s.Nodes.One: "node", s.Nodes.Many: "nodes"} {
			n := g[resolve.GraphCoordinate{TypeName: "Query", FieldName: ours}]
			n.add(s.Nodes.Needs)
			if !n.none() {
				g[resolve.GraphCoordinate{TypeName: "Query", FieldName: theirs}] = n
			}
		}
	}
}

// AuthorizeFields says which fields the caller may see, before any service is asked.
func (g guard) AuthorizeFields(rctx *resolve.Context, fields []resolve.GraphCoordinate) ([]resolve.AuthorizationDecision, error) {
	out := make([]resolve.AuthorizationDecision, len(fields))
	for i, f := range fields {
		n := g[resolve.GraphCoordinate{TypeName: f.TypeName, FieldName: f.FieldName}]
		out[i].Reason = n.refuse(rctx.Context())
		out[i].Allowed = out[i].Reason == ""
	}
	return out, nil
}

// refuse returns the code of why a caller may not see the field; "" when it may.
func (n needs) refuse(ctx context.Context) string {
	if n.none() {
		return ""
	}
	who := principal.From(ctx)
	holds := func(scope string) bool { return who.Can(scope, principal.Place{}) }
	allowed := !n.authenticated || who.Kind != principal.Anonymous
	for _, lists := range n.scopes {
		allowed = allowed && slices.ContainsFunc(lists, func(all []string) bool {
			return !slices.ContainsFunc(all, func(scope string) bool { return !holds(scope) })
		})
	}
	switch {
	case allowed:
		return ""
	case who.Kind == principal.Anonymous:
		return codeUnauthenticated
	}
	return codeForbidden
}

// stream refuses a subscription before it begins.
func (g guard) stream(ctx context.Context, op *ast.OperationDefinition) *gqlerror.Error {
	for _, name := range keysOf(op.SelectionSet, nil) {
		f := rootField(op.SelectionSet, name)
		if f == nil || f.ObjectDefinition == nil {
			continue
		}
		if code := g[resolve.GraphCoordinate{TypeName: f.ObjectDefinition.Name, FieldName: f.Name}].refuse(ctx); code != "" {
			_, message := refusal(code)
			e := coded(code, message)
			e.Path = ast.Path{ast.PathName(name)}
			return e
		}
	}
	return nil
}

func rootField(set ast.SelectionSet, key string) *ast.Field {
	for _, s := range set {
		var found *ast.Field
		switch s := s.(type) {
		case *ast.Field:
			if s.Alias == key {
				found = s
			}
		case *ast.InlineFragment:
			found = rootField(s.SelectionSet, key)
		case *ast.FragmentSpread:
			found = rootField(s.Definition.SelectionSet, key)
		}
		if found != nil {
			return found
		}
	}
	return nil
}

// refusal makes a client's error of the engine's for a field that was refused.
func refusal(message string) (code, said string) {
	if strings.Contains(message, codeUnauthenticated) {
		return codeUnauthenticated, "sign in to see this field"
	}
	return codeForbidden, "you may not see this field"
}
