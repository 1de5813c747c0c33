//sonata:pure

package binding

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"

	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/component"
)

// Source is a trusted document as bindings see it.
type Source struct {
	Name    string
	Problem string // why nothing can be bound to it; "" when something can
	Result  *component.Type

	schema *ast.Schema
	op     *ast.OperationDefinition
}

// Unusable is a source that nothing can be bound to.
func Unusable(name, problem string) *Source { return &Source{Name: name, Problem: problem} }

// NewSource reads a document that a schema can run.
func NewSource(schema *ast.Schema, name, text string) *Source {
	doc, err := parser.ParseQuery(&ast.Source{Input: text})
	if err != nil || len(doc.Operations) != 1 {
		return Unusable(name, "it cannot be read")
	}
	op := doc.Operations[0]
	if op.Operation != ast.Query {
		return Unusable(name, "it is a "+string(op.Operation)+": only queries are run for a screen")
	}
	for _, v := range op.VariableDefinitions {
		v.Definition = schema.Types[v.Type.Name()]
	}
	t := typist{schema: schema, fragments: doc.Fragments, left: maxTypes}
	result := t.object(schema.Query, []ast.SelectionSet{op.SelectionSet})
	result.Nullable = true
	return &Source{Name: name, Result: result, schema: schema, op: op}
}

// Variable is what may be given to a document.
type Variable struct {
	Name, Type string
	Required   bool
	Default    any // nil for none
}

// Variables are in the order of the document.
func (s *Source) Variables() (all []Variable) {
	if s.op == nil {
		return nil
	}
	for _, v := range s.op.VariableDefinitions {
		one := Variable{Name: v.Variable, Type: v.Type.String(), Required: v.Type.NonNull && v.DefaultValue == nil}
		if v.DefaultValue != nil {
			one.Default, _ = v.DefaultValue.Value(nil)
		}
		all = append(all, one)
	}
	return all
}

// Given returns the variables of a binding with what the path matched filled in, in the types that the document declares;
// wrong says why it cannot be run with them.
func (s *Source) Given(b Binding, params map[string]string) (variables map[string]any, wrong string) {
	variables = map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(b.Variables)) {
		v := b.Variables[name]
		param, is := paramOf(v)
		if !is {
			variables[name] = v
			continue
		}
		text, there := params[param]
		if !there {
			continue // a part that several screens include need not have it
		}
		if declared := s.op.VariableDefinitions.ForName(name); declared != nil {
			variables[name] = converted(text, declared.Type)
		}
	}
	for _, v := range s.op.VariableDefinitions {
		if _, given := variables[v.Variable]; v.Type.NonNull && v.DefaultValue == nil && !given {
			return nil, fmt.Sprintf("it needs the variable %q", v.Variable)
		}
	}
	if _, err := validator.VariableValues(s.schema, s.op, whole(variables)); err != nil {
		return nil, "its variables: " + err.Error()
	}
	return whole(variables), ""
}

// converted is a text out of a path in the type that is wanted; the text where it is none of these.
func converted(text string, want *ast.Type) any {
	switch want.Name() {
	case "Int":
		if n, err := strconv.Atoi(text); err == nil {
			return n
		}
	case "Float":
		if f, err := strconv.ParseFloat(text, 64); err == nil {
			return f
		}
	case "Boolean":
		if b, err := strconv.ParseBool(text); err == nil {
			return b
		}
	}
	return text
}

// whole gives numbers without a fraction, which props hold as float64, the form that Int wants.
func whole(v map[string]any) map[string]any {
	out := make(map[string]any, len(v))
	for name := range v {
		out[name] = asWhole(v[name])
	}
	return out
}

func asWhole(v any) any {
	switch v := v.(type) {
	case float64:
		if n := int64(v); float64(n) == v {
			return n
		}
	case map[string]any:
		return whole(v)
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = asWhole(v[i])
		}
		return out
	}
	return v
}

// Check says what is wrong with a binding to the document at a screen whose path has these parameters; hasPath is false for
// a part that others include, whose parameters are not known. What it brings is the type of what comes.
func (s *Source) Check(b Binding, params []string, hasPath bool) (brings *component.Type, wrong string) {
	if s.Problem != "" {
		return nil, s.Problem
	}
	matched := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(b.Variables)) {
		declared := s.op.VariableDefinitions.ForName(name)
		if declared == nil {
			return nil, fmt.Sprintf("it takes no variable %q", name)
		}
		param, is := paramOf(b.Variables[name])
		switch {
		case !is:
			continue
		case hasPath && !slices.Contains(params, param):
			return nil, fmt.Sprintf("the path of the screen has no parameter %q", param)
		case declared.Type.Elem != nil || declared.Definition != nil && declared.Definition.Kind == ast.InputObject:
			return nil, fmt.Sprintf("the variable %q is no single value, so a path cannot give it", name)
		}
		matched[param] = sample(declared)
	}
	if _, wrong := s.Given(b, matched); wrong != "" {
		return nil, wrong
	}
	return s.brings(b)
}

// sample is a text that a parameter could be, of the type that a variable wants.
func sample(v *ast.VariableDefinition) string {
	if v.Definition != nil && len(v.Definition.EnumValues) > 0 {
		return v.Definition.EnumValues[0].Name
	}
	switch v.Type.Name() {
	case "Int", "Float":
		return "1"
	case "Boolean":
		return "true"
	}
	return "a"
}

// brings is the type of what a binding takes out of the data.
func (s *Source) brings(b Binding) (*component.Type, string) {
	t, wrong := at(s.Result, b.Path)
	if wrong != "" || b.Map == nil {
		return t, wrong
	}
	return mappedType(t, b.Map)
}

func mappedType(t *component.Type, properties map[string]string) (*component.Type, string) {
	switch t.Kind {
	case component.Anything:
		return t, ""
	case component.List:
		item, wrong := mappedType(t.Item, properties)
		return &component.Type{Kind: component.List, Nullable: t.Nullable, Item: item}, wrong
	case component.Object:
		out := &component.Type{Kind: component.Object, Nullable: t.Nullable, Fields: map[string]*component.Type{}}
		for _, name := range slices.Sorted(maps.Keys(properties)) {
			inner, wrong := at(t, properties[name])
			if wrong != "" {
				return nil, wrong
			}
			out.Fields[name] = inner
		}
		return out, ""
	default:
		return nil, `"map" is for objects and lists of them; take what is there as it is`
	}
}

// at follows a JSON Pointer through a type.
func at(t *component.Type, pointer string) (*component.Type, string) {
	if pointer == "" {
		return t, ""
	}
	nullable := t.Nullable
	for token := range strings.SplitSeq(pointer[1:], "/") {
		name := canonical.UnescapePointer(token)
		switch t.Kind {
		case component.Object:
			if t.Fields[name] == nil {
				return nil, fmt.Sprintf("it asks for no %q at %s: it has %s there", name, pointer, list(t.Fields))
			}
			t = t.Fields[name]
		case component.List:
			if i, err := strconv.Atoi(name); err != nil || i < 0 || strconv.Itoa(i) != name {
				return nil, fmt.Sprintf("%s leads into a list: end the path before %q and map the entries", pointer, name)
			}
			entry := *t.Item
			entry.Nullable = true
			t = &entry
		case component.Anything:
			return t, ""
		default:
			return nil, fmt.Sprintf("there is nothing below %q at %s", name, pointer)
		}
		nullable = nullable || t.Nullable
	}
	out := *t
	out.Nullable = nullable
	return &out, ""
}

func list(fields map[string]*component.Type) string {
	names := slices.Sorted(maps.Keys(fields))
	if len(names) > 8 {
		names = append(names[:8:8], "…")
	}
	return strings.Join(names, ", ")
}
