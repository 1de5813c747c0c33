//sonata:pure

package supergraph

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// checkAuthorization asks that a field which requires guarded fields is guarded as they are: what it answers is made of
// them, and the gateway gets them for the service, whoever asks.
func (c *composer) checkAuthorization() {
	for _, name := range c.names {
		m := c.merged[name]
		for _, def := range m.def.Fields {
			f := m.fields[def.Name]
			if f == nil {
				continue
			}
			for _, p := range f.parts {
				if p.requires != nil && p.resolved() {
					c.checkRequired(p, []ast.DirectiveList{m.def.Directives, def.Directives}, name, p.requires)
				}
			}
		}
	}
}

func (c *composer) checkRequired(f *field, have []ast.DirectiveList, parent string, sel *selection) {
	m := c.merged[parent]
	if m == nil {
		return
	}
	for _, p := range sel.picks {
		if p.field == "" {
			c.checkRequired(f, have, p.on, p.sub)
			continue
		}
		wanted := m.fields[p.field]
		if wanted == nil {
			continue
		}
		target := wanted.def.Type.Name()
		for _, need := range []ast.DirectiveList{m.def.Directives, wanted.def.Directives, c.typeDirectives(target)} {
			if !guarded(have, need) {
				c.errorf(f.typ.svc, f.def.Position, "MISSING_TRANSITIVE_AUTH_REQUIREMENTS", "guard it in the same way",
					"%s is made of %s.%s by @requires, and does not ask for what that asks for", f, parent, p.field)
				break
			}
		}
		if p.sub != nil {
			c.checkRequired(f, have, target, p.sub)
		}
	}
}

func (c *composer) typeDirectives(name string) ast.DirectiveList {
	if m := c.merged[name]; m != nil {
		return m.def.Directives
	}
	return nil
}

// guarded says whether whoever passes what is asked for in have also passes need.
func guarded(have []ast.DirectiveList, need ast.DirectiveList) bool {
	if need.ForName("authenticated") != nil && !slices.ContainsFunc(have, func(list ast.DirectiveList) bool {
		return list.ForName("authenticated") != nil || list.ForName("requiresScopes") != nil
	}) {
		return false
	}
	scopes := need.ForName("requiresScopes")
	if scopes == nil {
		return true
	}
	var asked []*ast.Directive
	for _, list := range have {
		if d := list.ForName("requiresScopes"); d != nil {
			asked = append(asked, d)
		}
	}
	return len(asked) > 0 && opens(scopesOf(mergeScopes(asked)), scopesOf(scopes))
}

// opens says whether each of the lists had has all scopes of one of the lists asked.
func opens(had, asked [][]string) bool {
	return !slices.ContainsFunc(had, func(have []string) bool {
		return !slices.ContainsFunc(asked, func(need []string) bool {
			return !slices.ContainsFunc(need, func(scope string) bool { return !slices.Contains(have, scope) })
		})
	})
}
