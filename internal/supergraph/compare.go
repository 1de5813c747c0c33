//sonata:pure

package supergraph

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// Change is one difference between two graphs as clients see them.
type Change struct {
	// Kind is what happened, in SCREAMING_SNAKE: FIELD_REMOVED, ARGUMENT_TYPE_CHANGED and so on.
	Kind string
	// Path is what it happened to: a type, Type.field, Type.field.argument or @directive.
	Path string
	// Message says it in a sentence.
	Message string
	// Breaking says that an operation which was valid, and a client which understood its answer, may no longer be.
	// A change that adds what an old client can meet in answers, for instance a value of an enum, is not breaking.
	Breaking bool
}

// Compare returns what is different in after, sorted by path and kind. Descriptions are not compared. Both schemas must
// be valid.
func Compare(before, after *ast.Schema) []Change {
	k := &comparison{before: before, after: after}
	for _, name := range names(before.Types, after.Types) {
		if b, a := before.Types[name], after.Types[name]; !builtin(b) && !builtin(a) {
			k.types(name, b, a)
		}
	}
	for _, name := range names(before.Directives, after.Directives) {
		k.directiveDefinition(name, before.Directives[name], after.Directives[name])
	}
	slices.SortStableFunc(k.changes, func(a, b Change) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Message, b.Message))
	})
	return k.changes
}

type comparison struct {
	before, after *ast.Schema
	changes       []Change
}

func (k *comparison) add(breaking bool, kind, path, format string, args ...any) {
	k.changes = append(k.changes, Change{Kind: kind, Path: path, Message: fmt.Sprintf(format, args...), Breaking: breaking})
}

func names[V any](a, b map[string]V) []string {
	all := slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b))
	slices.Sort(all)
	return slices.Compact(all)
}

func builtin(d *ast.Definition) bool {
	return d != nil && (d.BuiltIn || strings.HasPrefix(d.Name, "__"))
}

func (k *comparison) types(name string, b, a *ast.Definition) {
	switch {
	case b == nil:
		k.add(false, "TYPE_ADDED", name, "%s was added", name)
		return
	case a == nil:
		k.add(true, "TYPE_REMOVED", name, "%s was removed", name)
		return
	case a.Kind != b.Kind:
		k.add(true, "TYPE_KIND_CHANGED", name, "%s was %s and is %s", name, kind(b.Kind), kind(a.Kind))
		return
	}
	k.guards(name, b.Directives, a.Directives)
	k.specifiedBy(name, b.Directives, a.Directives)
	switch b.Kind {
	case ast.Object, ast.Interface:
		k.interfaces(name, b, a)
		k.fields(name, b, a)
	case ast.InputObject:
		k.inputFields(name, b, a)
		k.oneOf(name, b.Directives, a.Directives)
	case ast.Enum:
		k.values(name, b, a)
	case ast.Union:
		k.members(name, b, a)
	}
}

func (k *comparison) interfaces(name string, b, a *ast.Definition) {
	for _, i := range b.Interfaces {
		if !slices.Contains(a.Interfaces, i) {
			k.add(true, "INTERFACE_REMOVED", name, "%s no longer implements %s", name, i)
		}
	}
	for _, i := range a.Interfaces {
		if !slices.Contains(b.Interfaces, i) {
			k.add(false, "INTERFACE_ADDED", name, "%s now implements %s: clients that select %s can meet it", name, i, i)
		}
	}
}

func (k *comparison) members(name string, b, a *ast.Definition) {
	for _, m := range b.Types {
		if !slices.Contains(a.Types, m) {
			k.add(true, "UNION_MEMBER_REMOVED", name, "%s can no longer be a %s", name, m)
		}
	}
	for _, m := range a.Types {
		if !slices.Contains(b.Types, m) {
			k.add(false, "UNION_MEMBER_ADDED", name, "%s can now be a %s: clients that select %s can meet it", name, m, name)
		}
	}
}

func (k *comparison) values(name string, b, a *ast.Definition) {
	before, after := byName(b.EnumValues, valueName), byName(a.EnumValues, valueName)
	for _, v := range names(before, after) {
		path := name + "." + v
		switch {
		case after[v] == nil:
			k.add(true, "ENUM_VALUE_REMOVED", path, "%s was removed", path)
		case before[v] == nil:
			k.add(false, "ENUM_VALUE_ADDED", path, "%s was added: clients that read the enum can meet it", path)
		default:
			k.deprecation(path, before[v].Directives, after[v].Directives)
		}
	}
}

func (k *comparison) fields(name string, b, a *ast.Definition) {
	before, after := byName(b.Fields, fieldName), byName(a.Fields, fieldName)
	for _, f := range names(before, after) {
		path := name + "." + f
		old, now := before[f], after[f]
		switch {
		case strings.HasPrefix(f, "__"):
		case now == nil:
			note := ""
			if old.Directives.ForName("deprecated") != nil {
				note = ", which was deprecated,"
			}
			k.add(true, "FIELD_REMOVED", path, "%s%s was removed", path, note)
		case old == nil:
			k.add(false, "FIELD_ADDED", path, "%s was added", path)
		default:
			k.field(path, old, now)
		}
	}
}

func (k *comparison) field(path string, b, a *ast.FieldDefinition) {
	if was, is := b.Type.String(), a.Type.String(); was != is {
		k.add(!answers(a.Type, b.Type), "FIELD_TYPE_CHANGED", path, "%s was %s and is %s", path, was, is)
	}
	k.deprecation(path, b.Directives, a.Directives)
	k.guards(path, b.Directives, a.Directives)
	k.arguments(path, b.Arguments, a.Arguments)
}

// answers says whether an answer of the type now is one that clients of the type before understand: it may be non-null
// where it was not. An object in the place of an interface is another type: fragments on the other objects would be
// refused.
func answers(now, before *ast.Type) bool {
	for {
		if before.NonNull && !now.NonNull {
			return false
		}
		if before.Elem == nil || now.Elem == nil {
			break
		}
		before, now = before.Elem, now.Elem
	}
	return before.Elem == nil && now.Elem == nil && before.NamedType == now.NamedType
}

// accepts says whether the type now accepts every value of the type before.
func accepts(now, before *ast.Type) bool {
	for {
		if now.NonNull && !before.NonNull {
			return false
		}
		if before.Elem == nil || now.Elem == nil {
			break
		}
		before, now = before.Elem, now.Elem
	}
	return before.Elem == nil && now.Elem == nil && before.NamedType == now.NamedType
}

func valueName(v *ast.EnumValueDefinition) string   { return v.Name }
func fieldName(f *ast.FieldDefinition) string       { return f.Name }
func argumentName(a *ast.ArgumentDefinition) string { return a.Name }

func byName[V any](list []*V, name func(*V) string) map[string]*V {
	out := make(map[string]*V, len(list))
	for _, v := range list {
		out[name(v)] = v
	}
	return out
}
