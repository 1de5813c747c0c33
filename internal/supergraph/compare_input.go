//sonata:pure

package supergraph

import (
	"cmp"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// value is an argument or a field of an input: what clients give.
type value struct {
	path       string
	t          *ast.Type
	preset     *ast.Value
	directives ast.DirectiveList
}

func (v *value) required() bool { return v.t.NonNull && v.preset == nil }

func (k *comparison) arguments(path string, b, a ast.ArgumentDefinitionList) {
	before, after := byName(b, argumentName), byName(a, argumentName)
	get := func(from map[string]*ast.ArgumentDefinition, name string) *value {
		if x := from[name]; x != nil {
			return &value{path + "." + name, x.Type, x.DefaultValue, x.Directives}
		}
		return nil
	}
	for _, name := range names(before, after) {
		k.value("ARGUMENT", get(before, name), get(after, name))
	}
}

func (k *comparison) inputFields(path string, b, a *ast.Definition) {
	before, after := byName(b.Fields, fieldName), byName(a.Fields, fieldName)
	get := func(from map[string]*ast.FieldDefinition, name string) *value {
		if x := from[name]; x != nil {
			return &value{path + "." + name, x.Type, x.DefaultValue, x.Directives}
		}
		return nil
	}
	for _, name := range names(before, after) {
		k.value("INPUT_FIELD", get(before, name), get(after, name))
	}
}

// value compares what clients give. What they gave must still be accepted, and nothing more be asked for.
func (k *comparison) value(what string, b, a *value) {
	switch {
	case a == nil:
		k.add(true, what+"_REMOVED", b.path, "%s was removed", b.path)
	case b == nil && a.required():
		k.add(true, what+"_ADDED", a.path, "%s was added and is required", a.path)
	case b == nil:
		k.add(false, what+"_ADDED", a.path, "%s was added", a.path)
	default:
		if was, is := b.t.String(), a.t.String(); was != is {
			// A value that may be left out, because there is a default value, may also be non-null: who left it out still can.
			// Who gave null, or a variable that may be null, no longer can.
			k.add(!accepts(a.t, b.t), what+"_TYPE_CHANGED", a.path, "%s was %s and is %s", a.path, was, is)
		}
		if was, is := defaultText(b.preset), defaultText(a.preset); was != is {
			breaking := a.required() && !b.required() && b.t.String() == a.t.String()
			k.add(breaking, what+"_DEFAULT_CHANGED", a.path, "%s had %s and has %s", a.path, was, is)
		}
		k.deprecation(a.path, b.directives, a.directives)
	}
}

func (k *comparison) oneOf(name string, b, a ast.DirectiveList) {
	was, is := b.ForName("oneOf") != nil, a.ForName("oneOf") != nil
	switch {
	case is && !was:
		k.add(true, "ONE_OF_ADDED", name, "%s now takes exactly one of its fields", name)
	case was && !is:
		k.add(false, "ONE_OF_REMOVED", name, "%s no longer takes exactly one of its fields", name)
	}
}

func (k *comparison) deprecation(path string, b, a ast.DirectiveList) {
	was, is := b.ForName("deprecated"), a.ForName("deprecated")
	switch {
	case is != nil && was == nil:
		k.add(false, "DEPRECATED", path, "%s is now deprecated", path)
	case was != nil && is == nil:
		k.add(false, "NO_LONGER_DEPRECATED", path, "%s is no longer deprecated", path)
	}
}

// specifiedBy compares what a scalar means. Only its specification says whether the new one reads the old values.
func (k *comparison) specifiedBy(name string, b, a ast.DirectiveList) {
	url := func(list ast.DirectiveList) string {
		if d := list.ForName("specifiedBy"); d != nil {
			text, _ := argument(d, "url")
			return text
		}
		return ""
	}
	if was, is := url(b), url(a); was != is {
		k.add(false, "SPECIFIED_BY_CHANGED", name, "%s was specified by %q and is by %q", name, was, is)
	}
}

// guards compares who may read an element, and what it costs. Asking for more breaks those who do not have it.
func (k *comparison) guards(path string, b, a ast.DirectiveList) {
	was, is := b.ForName("authenticated") != nil, a.ForName("authenticated") != nil
	switch {
	case is && !was:
		k.add(true, "AUTHENTICATION_ADDED", path, "%s now asks for a caller who has signed in", path)
	case was && !is:
		k.add(false, "AUTHENTICATION_REMOVED", path, "%s no longer asks for a caller who has signed in", path)
	}
	k.scopes(path, b.ForName("requiresScopes"), a.ForName("requiresScopes"))
	k.access(path, b.ForName("access"), a.ForName("access"))
	k.cost(path, b.ForName("cost"), a.ForName("cost"))
	if was, is := printed(b.ForName("listSize")), printed(a.ForName("listSize")); was != is {
		k.add(false, "LIST_SIZE_CHANGED", path, "the size of %s was %s and is %s: operations near the limit of cost may be refused", path, was, is)
	}
}

func (k *comparison) scopes(path string, b, a *ast.Directive) {
	switch {
	case a == nil && b == nil:
	case b == nil:
		k.add(true, "SCOPES_ADDED", path, "%s now asks for scopes: %s", path, printed(a))
	case a == nil:
		k.add(false, "SCOPES_REMOVED", path, "%s no longer asks for scopes", path)
	default:
		before, after := scopesOf(b), scopesOf(a)
		if printed(b) == printed(a) {
			return
		}
		k.add(!opens(before, after), "SCOPES_CHANGED", path, "%s asked for %s and asks for %s", path, printed(b), printed(a))
	}
}

func (k *comparison) access(path string, b, a *ast.Directive) {
	scope := func(d *ast.Directive) string {
		if d == nil {
			return ""
		}
		text, _ := argument(d, "scope")
		return text
	}
	if was, is := scope(b), scope(a); was != is {
		k.add(is != "public", "ACCESS_CHANGED", path, "%s asked for %q and asks for %q", path, was, is)
	}
}

func (k *comparison) cost(path string, b, a *ast.Directive) {
	of := func(d *ast.Directive) float64 {
		if d == nil {
			return -1
		}
		return weight(d)
	}
	switch cmp.Compare(of(b), of(a)) {
	case -1:
		k.add(false, "COST_RAISED", path, "the cost of %s was %s and is %s: operations near the limit may be refused", path, printed(b), printed(a))
	case 1:
		k.add(false, "COST_LOWERED", path, "the cost of %s was %s and is %s", path, printed(b), printed(a))
	}
}

// printed is what a directive says, without its name.
func printed(d *ast.Directive) string {
	if d == nil {
		return "not given"
	}
	parts := make([]string, 0, len(d.Arguments))
	for _, a := range d.Arguments {
		parts = append(parts, a.Name+" "+a.Value.String())
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}

// directiveDefinition compares directives that operations can use.
func (k *comparison) directiveDefinition(name string, b, a *ast.DirectiveDefinition) {
	usable := func(d *ast.DirectiveDefinition) bool { return d != nil && slices.ContainsFunc(d.Locations, executable) }
	path := "@" + name
	switch {
	case !usable(b) && !usable(a):
	case !usable(a):
		k.add(true, "DIRECTIVE_REMOVED", path, "%s was removed", path)
	case !usable(b):
		k.add(false, "DIRECTIVE_ADDED", path, "%s was added", path)
	default:
		for _, l := range b.Locations {
			if !slices.Contains(a.Locations, l) {
				k.add(true, "DIRECTIVE_LOCATION_REMOVED", path, "%s can no longer stand on %s", path, l)
			}
		}
		if b.IsRepeatable && !a.IsRepeatable {
			k.add(true, "DIRECTIVE_NOT_REPEATABLE", path, "%s can no longer be repeated", path)
		}
		k.arguments(path, b.Arguments, a.Arguments)
	}
}
