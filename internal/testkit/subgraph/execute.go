package subgraph

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

type response struct {
	Errors []failure       `json:"errors,omitempty"`
	Data   json.RawMessage `json:"data"`
}

type failure struct {
	Message    string         `json:"message"`
	Path       []any          `json:"path,omitempty"`
	Extensions map[string]any `json:"extensions,omitempty"`
}

// execution is one operation at work.
type execution struct {
	*Service
	variables map[string]any
	fault     Fault
	errors    []failure
}

// object is ordered, as the selection is.
type object []member

type member struct {
	key   string
	value any
}

// MarshalJSON writes the members in their order.
func (o object) MarshalJSON() ([]byte, error) {
	out := []byte{'{'}
	for i, m := range o {
		if i > 0 {
			out = append(out, ',')
		}
		key, _ := json.Marshal(m.key)
		value, err := json.Marshal(m.value)
		if err != nil {
			return nil, err
		}
		out = append(append(append(out, key...), ':'), value...)
	}
	return append(out, '}'), nil
}

func (x *execution) run(root *ast.Definition, set ast.SelectionSet, value map[string]any) response {
	data, ok := x.object(root, set, value, nil)
	if !ok {
		data = nil
	}
	raw := json.RawMessage("null")
	if ok {
		raw, _ = json.Marshal(data)
	}
	return response{x.errors, raw}
}

func (x *execution) fail(path []any, message, code string) {
	f := failure{Message: message, Path: slices.Clone(path), Extensions: map[string]any{"secret": "stack trace at 10.0.0.7"}}
	if code != "" {
		f.Extensions["code"] = code
	}
	x.errors = append(x.errors, f)
}

// object answers a selection on a value; false when a field that may not be null is.
func (x *execution) object(def *ast.Definition, set ast.SelectionSet, value map[string]any, path []any) (object, bool) {
	out := object{}
	for _, group := range x.collect(def, set, nil) {
		f := group[0]
		if f.Name == "__typename" {
			name := def.Name
			if x.fault.WrongTypename && len(path) > 0 {
				name = "Nobody"
			}
			out = append(out, member{f.Alias, name})
			continue
		}
		var below ast.SelectionSet
		for _, g := range group {
			below = append(below, g.SelectionSet...)
		}
		at := append(slices.Clone(path), f.Alias)
		field := def.Fields.ForName(f.Name)
		got, ok := x.complete(field.Type, x.value(def, f, value, at), below, at)
		if !ok {
			return nil, false
		}
		out = append(out, member{f.Alias, got})
	}
	return out, true
}

// collect groups the fields of a selection by response key.
func (x *execution) collect(def *ast.Definition, set ast.SelectionSet, groups [][]*ast.Field) [][]*ast.Field {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			if !x.included(s.Directives) {
				continue
			}
			i := slices.IndexFunc(groups, func(g []*ast.Field) bool { return g[0].Alias == s.Alias })
			if i < 0 {
				groups = append(groups, []*ast.Field{s})
			} else {
				groups[i] = append(groups[i], s)
			}
		case *ast.InlineFragment:
			if x.included(s.Directives) && x.applies(def, s.TypeCondition) {
				groups = x.collect(def, s.SelectionSet, groups)
			}
		case *ast.FragmentSpread:
			if x.included(s.Directives) && x.applies(def, s.Definition.TypeCondition) {
				groups = x.collect(def, s.Definition.SelectionSet, groups)
			}
		}
	}
	return groups
}

func (x *execution) included(directives ast.DirectiveList) bool {
	for _, d := range directives {
		value, _ := d.ArgumentMap(x.variables)["if"].(bool)
		if d.Name == "skip" && value || d.Name == "include" && !value {
			return false
		}
	}
	return true
}

func (x *execution) applies(def *ast.Definition, condition string) bool {
	return condition == "" || condition == def.Name || slices.ContainsFunc(x.schema.PossibleTypes[condition], func(d *ast.Definition) bool { return d.Name == def.Name })
}

type thrown struct{ message, code string }

// value is what the data has for a field.
func (x *execution) value(def *ast.Definition, f *ast.Field, parent map[string]any, _ []any) any {
	args := f.ArgumentMap(x.variables)
	switch f.Name {
	case "_service":
		return map[string]any{"sdl": x.sdl}
	case "_entities":
		return x.entities(args["representations"])
	}
	value := x.computed(parent[f.Name], parent, args)
	list, isList := value.([]any)
	if !isList || len(args) == 0 {
		return value
	}
	wantsList := def.Fields.ForName(f.Name).Type.Elem != nil
	var kept []any
	for _, item := range list {
		item = x.computed(item, parent, args)
		if matches(item, args) {
			kept = append(kept, item)
		}
	}
	if !wantsList {
		if len(kept) == 0 {
			return nil
		}
		return kept[0]
	}
	if first := number(args["first"]); first >= 0 && first < len(kept) {
		kept = kept[:first]
	}
	if kept == nil {
		return []any{}
	}
	return kept
}

func number(v any) int {
	var n int
	if v == nil {
		return -1
	}
	if _, err := fmt.Sscan(fmt.Sprint(v), &n); err != nil {
		return -1
	}
	return n
}

// matches compares an item with the arguments that it has fields for.
func matches(item any, args map[string]any) bool {
	fields, ok := item.(map[string]any)
	if !ok {
		return true
	}
	for name, arg := range args {
		if arg == nil {
			continue
		}
		if have, ok := fields[name]; ok && fmt.Sprint(have) != fmt.Sprint(arg) {
			return false
		}
		if have, ok := fields[strings.TrimSuffix(name, "s")]; ok && strings.HasSuffix(name, "s") {
			several, _ := arg.([]any)
			if !slices.ContainsFunc(several, func(one any) bool { return fmt.Sprint(one) == fmt.Sprint(have) }) {
				return false
			}
		}
	}
	return true
}

// computed works out the values that are written with a $.
func (x *execution) computed(value any, parent, args map[string]any) any {
	v, ok := value.(map[string]any)
	if !ok {
		return value
	}
	switch {
	case v["$ref"] != nil:
		name, _ := v["$ref"].(string)
		return x.find(name, v, nil)
	case v["$arg"] != nil:
		return args[fmt.Sprint(v["$arg"])]
	case v["$error"] != nil:
		code, _ := v["code"].(string)
		return thrown{fmt.Sprint(v["$error"]), code}
	case v["$from"] != nil:
		paths, _ := v["$from"].([]any)
		var parts []string
		for _, p := range paths {
			var at any = parent
			for _, step := range strings.Split(fmt.Sprint(p), ".") {
				fields, _ := at.(map[string]any)
				at = x.computed(fields[step], fields, nil)
			}
			b, _ := json.Marshal(at)
			parts = append(parts, fmt.Sprintf("%s=%s", p, b))
		}
		return strings.Join(parts, " ")
	}
	return value
}

// complete makes a value one of its type; false when it may not be null and is.
func (x *execution) complete(t *ast.Type, value any, set ast.SelectionSet, path []any) (any, bool) {
	value = x.computed(value, nil, nil)
	if t, ok := value.(thrown); ok {
		x.fail(path, t.message, t.code)
		value = nil
	}
	if value == nil {
		if t.NonNull {
			if len(x.errors) == 0 {
				x.fail(path, "a field that may not be null is", "")
			}
			return nil, false
		}
		return nil, true
	}
	if t.Elem != nil {
		list, ok := value.([]any)
		if !ok {
			list = []any{value}
		}
		out := []any{}
		for i, item := range list {
			got, ok := x.complete(t.Elem, item, set, append(slices.Clone(path), i))
			if !ok {
				return nil, !t.NonNull
			}
			out = append(out, got)
		}
		return out, true
	}
	def := x.schema.Types[t.NamedType]
	if def.IsLeafType() {
		return value, true
	}
	fields, ok := value.(map[string]any)
	if !ok {
		return value, true // whatever it is: that is the data's wish
	}
	if name, ok := fields["__typename"].(string); ok && x.schema.Types[name] != nil {
		def = x.schema.Types[name]
	}
	got, ok := x.object(def, set, fields, path)
	if !ok {
		return nil, !t.NonNull
	}
	return got, true
}

// entities answers representations, in their order.
func (x *execution) entities(representations any) any {
	list, _ := representations.([]any)
	out := []any{}
	for _, r := range list {
		fields, _ := r.(map[string]any)
		name, _ := fields["__typename"].(string)
		out = append(out, x.find(name, fields, fields))
	}
	if x.fault.ShortEntities && len(out) > 0 {
		out = out[:len(out)-1]
	}
	return out
}

// find is the entity that has the fields of one of its keys; with is added to it.
func (x *execution) find(name string, by, with map[string]any) any {
	list, _ := x.data[name].([]any)
	def := x.schema.Types[name]
	if def == nil {
		return nil
	}
	for _, item := range list {
		entity, _ := item.(map[string]any)
		if item != "*" && (with == nil && !has(entity, by) || with != nil && !x.isMeant(def, entity, by)) {
			continue
		}
		found := map[string]any{"__typename": name}
		for _, from := range []map[string]any{with, entity} {
			for k, v := range from {
				if !strings.HasPrefix(k, "$") {
					found[k] = v
				}
			}
		}
		for k, v := range with { // what @requires brought is what counts
			if f := def.Fields.ForName(k); f != nil && f.Directives.ForName("external") != nil {
				found[k] = v
			}
		}
		return found
	}
	return nil
}

func (x *execution) isMeant(def *ast.Definition, entity, by map[string]any) bool {
	for _, key := range def.Directives.ForNames("key") {
		names := strings.FieldsFunc(key.Arguments.ForName("fields").Value.Raw, func(r rune) bool { return strings.ContainsRune("{} ,\n", r) })
		all, equal := true, true
		for _, name := range names {
			if def.Fields.ForName(name) == nil {
				continue // below another
			}
			all = all && by[name] != nil
			equal = equal && same(entity[name], by[name])
		}
		if all && equal {
			return true
		}
	}
	return false
}

// has reports whether an entity has all the fields of a $ref.
func has(entity, by map[string]any) bool {
	for name, want := range by {
		if !strings.HasPrefix(name, "$") && !same(entity[name], want) {
			return false
		}
	}
	return true
}

// same compares what the representation has: an entity may have more.
func same(have, want any) bool {
	w, ok := want.(map[string]any)
	if !ok {
		return reflect.DeepEqual(fmt.Sprint(have), fmt.Sprint(want))
	}
	h, _ := have.(map[string]any)
	for k, v := range w {
		if k != "__typename" && !same(h[k], v) {
			return false
		}
	}
	return true
}
