//sonata:pure

package component

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// TypeScript declares the blocks of a frontend as they are served: a type of the props of each definition, a type of each
// block, and Block, which is all of them. Every block that is valid by its schema is a value of its type. What a schema
// says that a type cannot (patterns, lengths, conditions) makes the type wider, never narrower. Definitions of which one
// replaces the other, minors of one major, must not stand in defs together; title is the first line.
func TypeScript(title string, defs []Definition) (string, error) {
	var out strings.Builder
	fmt.Fprintf(&out, "// %s\n%s", oneLine(title), typesOfAll)
	names := make([]string, 0, len(defs))
	for _, d := range defs {
		name, err := declare(&out, d)
		if err != nil {
			return "", err
		}
		names = append(names, name+"Block")
	}
	if len(names) == 0 {
		names = []string{"never"}
	}
	fmt.Fprintf(&out, "\nexport type Block =\n  | %s;\n", strings.Join(names, "\n  | "))
	return out.String(), nil
}

const typesOfAll = `
/** Any value of JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** A picture. The address serves smaller ones with ?w=640. */
export interface Picture {
  readonly url: string;
  readonly width: number;
  readonly height: number;
  readonly alt: string;
  /** A tiny picture as a data: address, to be shown until the other one is there; "" for none. */
  readonly placeholder: string;
}

/** The blocks in one slot, by their keys, in order. */
export interface Slot<Name extends string> {
  readonly name: Name;
  readonly blocks: readonly string[];
}
`

// declare writes the types of one definition and returns what their names begin with.
func declare(out *strings.Builder, d Definition) (name string, err error) {
	name = pascalCase(d.Key) + "V" + strconv.Itoa(d.Version.Major)
	s, _, err := readRaw(d.PropsSchema)
	if err != nil {
		return "", fmt.Errorf("props schema of %s %s: %w", d.Key, d.Version, err)
	}
	t := typist{prefix: name + "Props", names: map[*node]string{s.root: name + "Props"}, todo: []*node{s.root}}
	for len(t.todo) > 0 {
		n := t.todo[0]
		t.todo = t.todo[1:]
		fmt.Fprintf(out, "\n%sexport type %s = %s;\n", docOf(n, ""), t.names[n], orJSON(t.typeOf(n, "")))
	}
	slot := "never"
	if len(d.Slots) > 0 {
		parts := make([]string, len(d.Slots))
		for i, s := range d.Slots {
			parts[i] = "Slot<" + literal(s) + ">"
		}
		slot = strings.Join(parts, " | ")
	}
	if len(d.Slots) > 1 {
		slot = "(" + slot + ")"
	}
	fmt.Fprintf(out, "\n/** %s %s. */\nexport interface %sBlock {\n  readonly key: string;\n  readonly component: %s;\n  readonly version: `%d.${number}`;\n  readonly props: %sProps;\n  readonly slots: readonly %s[];\n}\n",
		oneLine(cmp.Or(d.Title, d.Key)), d.Version, name, literal(d.Key), d.Version.Major, name, slot)
	return name, nil
}

// typist turns one schema into types. Places that references lead to get types of their own.
type typist struct {
	prefix string
	names  map[*node]string
	todo   []*node
}

// nameOf is the name of the type of a place that a reference leads to.
func (t *typist) nameOf(n *node) string {
	if name, known := t.names[n]; known {
		return name
	}
	name := t.prefix + "_" + notInNames.ReplaceAllString(strings.TrimPrefix(strings.TrimPrefix(n.at, "/$defs/"), "/"), "_")
	for slices.Contains(slices.Collect(maps.Values(t.names)), name) { // two places that differ only in what a name cannot have
		name += "_"
	}
	t.names[n] = name
	t.todo = append(t.todo, n)
	return name
}

// typeOf is the type of what is valid by a schema; "" when that can be anything. What it returns can stand in a union.
func (t *typist) typeOf(n *node, indent string) string {
	switch {
	case n == nil || n.boolean != nil && *n.boolean:
		return ""
	case n.boolean != nil:
		return "never"
	case n.takesPicture():
		return "Picture"
	}
	var all []string // each of them holds
	add := func(one string) {
		if one != "" && !slices.Contains(all, one) {
			all = append(all, one)
		}
	}
	if n.ref != nil {
		add(t.nameOf(n.ref))
	}
	if values, ok := n.raw["enum"].([]any); ok {
		add(literals(values))
	} else if value, ok := n.raw["const"]; ok {
		add(literals([]any{value}))
	} else {
		add(t.byType(n, indent))
	}
	add(t.union(n.list["anyOf"], indent))
	add(t.union(n.list["oneOf"], indent))
	for _, one := range n.list["allOf"] {
		add(t.typeOf(one, indent))
	}
	if len(all) > 1 {
		for i, one := range all {
			all[i] = bracketed(one)
		}
	}
	return strings.Join(all, " & ")
}

// union is the type of what is valid by one of some schemas; "" when there is none, or one takes anything.
func (t *typist) union(list []*node, indent string) string {
	var each []string
	for _, one := range list {
		of := t.typeOf(one, indent)
		if of == "" {
			return ""
		}
		if of != "never" && !slices.Contains(each, of) {
			each = append(each, of)
		}
	}
	if len(each) == 0 && len(list) > 0 {
		return "never"
	}
	return strings.Join(each, " | ")
}

// byType is what the keyword type says; "" without it.
func (t *typist) byType(n *node, indent string) string {
	kinds, ok := n.raw["type"].([]any)
	if !ok {
		kinds = []any{n.raw["type"]}
	}
	var each []string
	for _, kind := range kinds {
		one := ""
		switch kind {
		case "null", "boolean", "string":
			one = kind.(string)
		case "number", "integer":
			one = "number"
		case "array":
			one = t.array(n, indent)
		case "object":
			one = t.object(n, indent)
		}
		if one != "" && !slices.Contains(each, one) {
			each = append(each, one)
		}
	}
	return strings.Join(each, " | ")
}

func (t *typist) array(n *node, indent string) string {
	rest := orJSON(t.typeOf(n.one["items"], indent))
	if len(n.list["prefixItems"]) == 0 {
		return "readonly " + bracketed(rest) + "[]"
	}
	least, _ := strconv.Atoi(fmt.Sprint(n.raw["minItems"])) // 0 without
	var parts []string
	for i, one := range n.list["prefixItems"] {
		part := bracketed(orJSON(t.typeOf(one, indent)))
		if i >= least {
			part += "?"
		}
		parts = append(parts, part)
	}
	if rest != "never" {
		parts = append(parts, "..."+bracketed(rest)+"[]")
	}
	return "readonly [" + strings.Join(parts, ", ") + "]"
}

func (t *typist) object(n *node, indent string) string {
	properties := n.named["properties"]
	if len(properties) == 0 {
		others := "Json"
		if len(n.patterns) == 0 {
			others = orJSON(t.typeOf(n.one["additionalProperties"], indent))
		}
		return "{ readonly [name: string]: " + others + " }"
	}
	required, _ := n.raw["required"].([]any)
	inner := indent + "  "
	var out strings.Builder
	out.WriteString("{\n")
	for _, name := range sortedKeys(properties) {
		optional := "?"
		if slices.Contains(required, any(name)) {
			optional = ""
		}
		fmt.Fprintf(&out, "%s%sreadonly %s%s: %s;\n", docOf(properties[name], inner), inner, propertyName(name), optional, orJSON(t.typeOf(properties[name], inner)))
	}
	out.WriteString(indent + "}")
	return out.String()
}

func orJSON(t string) string {
	if t == "" {
		return "Json"
	}
	return t
}

// bracketed is a type that can stand before [] and between &.
func bracketed(t string) string {
	if strings.Contains(t, " ") {
		return "(" + t + ")"
	}
	return t
}

// literals is the type of some values: themselves where a type can say it.
func literals(values []any) string {
	var each []string
	for _, v := range values {
		one := "Json"
		switch v := v.(type) {
		case nil:
			one = "null"
		case bool:
			one = strconv.FormatBool(v)
		case string:
			one = literal(v)
		case float64: // JavaScript has no others
			one = strconv.FormatFloat(v, 'g', -1, 64)
		}
		if !slices.Contains(each, one) {
			each = append(each, one)
		}
	}
	if slices.Contains(each, "Json") {
		return "Json"
	}
	return strings.Join(each, " | ")
}

var (
	identifier = regexp.MustCompile(`^[A-Za-z_$][A-Za-z0-9_$]*$`)
	notInNames = regexp.MustCompile(`[^A-Za-z0-9_]`)
)

func propertyName(name string) string {
	if identifier.MatchString(name) {
		return name
	}
	return literal(name)
}

// literal is a string as TypeScript writes it. JSON's way, with the characters escaped that end a line, is one.
func literal(s string) string {
	raw, _ := json.Marshal(s) // a string always marshals
	return string(raw)
}

// pascalCase is the key of a component as the name of a type: product-grid is ProductGrid.
func pascalCase(key string) string {
	var out strings.Builder
	for part := range strings.SplitSeq(key, "-") {
		if part != "" {
			out.WriteString(strings.ToUpper(part[:1]) + part[1:])
		}
	}
	return out.String()
}

// docOf is what a schema says of itself to people, as a comment in front of its type; "" when it says nothing.
func docOf(n *node, indent string) string {
	var parts []string
	for _, keyword := range []string{"title", "description"} {
		if text, _ := n.raw[keyword].(string); oneLine(text) != "" {
			parts = append(parts, oneLine(text))
		}
	}
	text := strings.Join(parts, ": ")
	if n.raw["deprecated"] == true {
		text = strings.TrimSpace(text + " @deprecated")
	}
	if text == "" {
		return ""
	}
	return indent + "/** " + text + " */\n"
}

// oneLine is a text as it can stand in a comment.
func oneLine(text string) string {
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r <= ' ' || r == '\u007f' || r == '\u2028' || r == '\u2029' || r == '\u0085' }), " ")
	return strings.ReplaceAll(text, "*/", "*\\/")
}
