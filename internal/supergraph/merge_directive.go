//sonata:pure

package supergraph

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// keptDirectives are the directives that mean something in the graph, in the order in which they are printed.
func keptDirectives() [10]string {
	return [...]string{"deprecated", "specifiedBy", "oneOf", "inaccessible", "access", "published", "authenticated", "requiresScopes", "cost", "listSize"}
}

// mergeDirectives joins the directives that services put on one element. What hides or guards it in one service does so
// in the graph; of costs the highest counts.
func (c *composer) mergeDirectives(lists []ast.DirectiveList) ast.DirectiveList {
	empty := true
	for _, list := range lists {
		empty = empty && len(list) == 0
	}
	if empty {
		return nil
	}
	var out ast.DirectiveList
	for _, name := range keptDirectives() {
		var found []*ast.Directive
		for _, list := range lists {
			found = append(found, list.ForNames(name)...)
		}
		switch {
		case len(found) == 0:
		case name == "inaccessible":
			c.hides = true
			out = append(out, &ast.Directive{Name: name, Position: found[0].Position})
		case name == "requiresScopes":
			out = append(out, mergeScopes(found))
		case name == "cost":
			out = append(out, mergeCost(found))
		default:
			out = append(out, &ast.Directive{Name: name, Arguments: found[0].Arguments, Position: found[0].Position})
		}
	}
	return out
}

// mergeCost keeps the highest weight, as a string: Federation writes it as an integer, the specification of costs as a
// string that holds a number.
func mergeCost(found []*ast.Directive) *ast.Directive {
	highest := slices.MaxFunc(found, func(a, b *ast.Directive) int { return cmp.Compare(weight(a), weight(b)) })
	text := highest.Arguments.ForName("weight").Value.Raw
	return &ast.Directive{Name: "cost", Position: highest.Position, Arguments: ast.ArgumentList{
		{Name: "weight", Value: &ast.Value{Kind: ast.StringValue, Raw: text}},
	}}
}

// weight returns what @cost says, or -1 for what is no number from 0.
func weight(d *ast.Directive) float64 {
	a := d.Arguments.ForName("weight")
	if a == nil || a.Value == nil || len(a.Value.Children) > 0 {
		return -1
	}
	f, err := strconv.ParseFloat(a.Value.Raw, 64)
	if err != nil || !(f >= 0) || f > 1e9 {
		return -1
	}
	return f
}

// maxScopes bounds the combinations of scopes.
const maxScopes = 256

// mergeScopes demands what every service demands. Each demands all scopes of one of its lists, so together they demand
// one list of each.
func mergeScopes(found []*ast.Directive) *ast.Directive {
	all := [][]string{{}}
	for _, d := range found {
		var next [][]string
		seen := map[string]bool{}
		for _, have := range all {
			for _, list := range scopesOf(d) {
				joined := slices.Clone(have)
				for _, scope := range list {
					if !slices.Contains(joined, scope) {
						joined = append(joined, scope)
					}
				}
				slices.Sort(joined)
				if id := strings.Join(joined, "\x00"); !seen[id] && len(next) < maxScopes {
					seen[id] = true
					next = append(next, joined)
				}
			}
		}
		all = next
	}
	slices.SortFunc(all, func(a, b []string) int { return slices.Compare(a, b) })
	outer := &ast.Value{Kind: ast.ListValue}
	for _, list := range all {
		inner := &ast.Value{Kind: ast.ListValue}
		for _, scope := range list {
			inner.Children = append(inner.Children, &ast.ChildValue{Value: &ast.Value{Kind: ast.StringValue, Raw: scope}})
		}
		outer.Children = append(outer.Children, &ast.ChildValue{Value: inner})
	}
	return &ast.Directive{Name: "requiresScopes", Position: found[0].Position, Arguments: ast.ArgumentList{{Name: "scopes", Value: outer}}}
}

func scopesOf(d *ast.Directive) [][]string {
	a := d.Arguments.ForName("scopes")
	if a == nil {
		return nil
	}
	var out [][]string
	for _, list := range a.Value.Children {
		var scopes []string
		for _, scope := range list.Value.Children {
			scopes = append(scopes, scope.Value.Raw)
		}
		out = append(out, scopes)
	}
	return out
}
