//sonata:pure

package component

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"sonata.ai/sonata/internal/canonical"
)

const maxViolations = 50

// Violation is one place where props do not fit their schema. Pointer is a JSON Pointer into the props; for a property
// that is missing or must not be there it is the place of that property. Message is for people.
type Violation struct {
	Pointer string
	Message string
}

func (c *compiled) validate(props map[string]any, schema *jsonschema.Schema) []Violation {
	if props == nil {
		props = map[string]any{}
	}
	if !c.shape.affordable(props) {
		return []Violation{{Message: "these props take too long to validate against this schema: make either smaller"}}
	}
	props = c.shape.trim(props)
	err := schema.Validate(props)
	if err == nil {
		return nil
	}
	var found *jsonschema.ValidationError
	if !errors.As(err, &found) {
		return []Violation{{Message: "do not fit the schema"}}
	}
	return violationsOf(found, props)
}

func violationsOf(found *jsonschema.ValidationError, value any) []Violation {
	c := &violationReader{value: value}
	c.read(found)
	slices.SortFunc(c.list, func(a, b Violation) int {
		return cmp.Or(cmp.Compare(a.Pointer, b.Pointer), cmp.Compare(a.Message, b.Message))
	})
	list := slices.Compact(c.list)
	if len(list) > maxViolations {
		list = list[:maxViolations]
	}
	return list
}

type violationReader struct {
	value any
	list  []Violation
}

func pointerOf(tokens []string, more ...string) string {
	var b strings.Builder
	for _, token := range tokens {
		b.WriteString("/" + canonical.EscapePointer(token))
	}
	for _, token := range more {
		b.WriteString("/" + canonical.EscapePointer(token))
	}
	return b.String()
}

func (c *violationReader) add(at []string, format string, args ...any) {
	c.list = append(c.list, Violation{pointerOf(at), fmt.Sprintf(format, args...)})
}

func (c *violationReader) addNamed(at []string, name, format string, args ...any) {
	c.list = append(c.list, Violation{pointerOf(at, name), name + ": " + fmt.Sprintf(format, args...)})
}

func (c *violationReader) read(e *jsonschema.ValidationError) {
	at := e.InstanceLocation
	switch k := e.ErrorKind.(type) {
	case *kind.Schema, *kind.Group, *kind.Reference, *kind.AllOf:
		for _, cause := range e.Causes {
			c.read(cause)
		}
	case *kind.AnyOf:
		c.readAlternatives(e)
	case *kind.OneOf:
		if len(k.Subschemas) > 0 {
			c.add(at, "fits more than one of the alternatives, and must fit exactly one")
			return
		}
		c.readAlternatives(e)
	case *kind.Required:
		for _, name := range k.Missing {
			c.addNamed(at, name, "is required")
		}
	case *kind.AdditionalProperties:
		for _, name := range k.Properties {
			c.addNamed(at, name, "is not a known property")
		}
	case *kind.DependentRequired:
		for _, name := range k.Missing {
			c.addNamed(at, name, "is required when %s is given", k.Prop)
		}
	case *kind.PropertyNames:
		c.readPropertyName(k.Property)
	case *kind.Type:
		c.add(at, "must be %s, is %s", typeNames(k.Want), c.got(at, k))
	case *kind.Enum:
		c.add(at, "must be %s", oneOfValues(k.Want))
	case *kind.Const:
		c.add(at, "must be %s", show(k.Want))
	case *kind.Format:
		c.add(at, "must be %s", formatName(k.Want))
	case *kind.Pattern:
		c.add(at, "must match the pattern %s", k.Want)
	case *kind.UniqueItems:
		c.add(at, "must not hold the same item twice")
	case *kind.FalseSchema:
		c.add(at, "must not be given")
	case *kind.Not:
		c.add(at, "is a value that is ruled out")
	default:
		c.add(at, "%s", boundMessage(e.ErrorKind))
	}
}

// readPropertyName looks for the place itself: the validator reuses the memory of this one location, so that it leads
// anywhere by now. A name that stands in several places is reported for the whole.
func (c *violationReader) readPropertyName(name string) {
	var holders [][]string
	var find func(v any, at []string)
	find = func(v any, at []string) {
		switch v := v.(type) {
		case map[string]any:
			if _, held := v[name]; held {
				holders = append(holders, slices.Clone(at))
			}
			for key := range v {
				find(v[key], append(slices.Clip(at), key))
			}
		case []any:
			for i := range v {
				find(v[i], append(slices.Clip(at), strconv.Itoa(i)))
			}
		}
	}
	find(c.value, nil)
	if len(holders) == 1 {
		c.addNamed(holders[0], name, "cannot be the name of a property here")
		return
	}
	c.add(nil, "%s: cannot be the name of a property in every place where it stands", name)
}

// readAlternatives shows what is wrong with the one alternative that was meant, when that can be told: the others
// differ in type or in a constant that tells alternatives apart. Else naming every alternative would only confuse.
func (c *violationReader) readAlternatives(e *jsonschema.ValidationError) {
	var meant []*jsonschema.ValidationError
	var values []any
	for _, cause := range e.Causes {
		if k, ok := cause.ErrorKind.(*kind.Const); ok && len(cause.InstanceLocation) == len(e.InstanceLocation) {
			values = append(values, k.Want)
		}
		if !otherKind(cause, len(e.InstanceLocation)) {
			meant = append(meant, cause)
		}
	}
	switch {
	case len(meant) == 1:
		c.read(meant[0])
	case len(values) == len(e.Causes) && len(values) > 0:
		c.add(e.InstanceLocation, "must be %s", oneOfValues(values))
	default:
		c.add(e.InstanceLocation, "fits none of the %d alternatives", len(e.Causes))
	}
}

func otherKind(e *jsonschema.ValidationError, depth int) bool {
	switch e.ErrorKind.(type) {
	case *kind.Type:
		return len(e.InstanceLocation) == depth
	case *kind.Const, *kind.Enum:
		return len(e.InstanceLocation) <= depth+1
	case *kind.Group, *kind.Reference, *kind.AllOf, *kind.Schema:
		for _, cause := range e.Causes {
			if otherKind(cause, depth) {
				return true
			}
		}
	}
	return false
}

func (c *violationReader) got(at []string, k *kind.Type) string {
	v, _ := canonical.At(c.value, pointerOf(at))
	if f, ok := v.(float64); ok && slices.Contains(k.Want, "integer") {
		return showNumber(f)
	}
	return typeName(k.Got)
}

func typeNames(names []string) string {
	words := make([]string, len(names))
	for i, name := range names {
		words[i] = typeName(name)
	}
	slices.Sort(words)
	return strings.Join(words, " or ")
}

func typeName(name string) string {
	switch name {
	case "null":
		return "null"
	case "integer", "object", "array":
		return "an " + name
	}
	return "a " + name
}

func formatName(name string) string {
	switch name {
	case "uri":
		return "a URI with its scheme, for instance https://example.com/"
	case "uri-reference":
		return "a URI or a path"
	case "date-time":
		return "a date with time, for instance 2025-01-31T12:00:00Z"
	case "date":
		return "a date, for instance 2025-01-31"
	case "email":
		return "an email address"
	case "regex":
		return "a pattern (RE2)"
	}
	return "of the format " + name
}

func oneOfValues(values []any) string {
	const most = 20
	if len(values) == 1 {
		return show(values[0])
	}
	var words []string
	for i, v := range values {
		if i == most {
			words = append(words, "…")
			break
		}
		words = append(words, show(v))
	}
	return "one of " + strings.Join(words, ", ")
}

// boundMessage covers the limits of numbers, texts, lists and objects.
func boundMessage(k jsonschema.ErrorKind) string {
	switch k := k.(type) {
	case *kind.Minimum:
		return "must be at least " + showRat(k.Want) + ", is " + showRat(k.Got)
	case *kind.Maximum:
		return "must be at most " + showRat(k.Want) + ", is " + showRat(k.Got)
	case *kind.ExclusiveMinimum:
		return "must be more than " + showRat(k.Want) + ", is " + showRat(k.Got)
	case *kind.ExclusiveMaximum:
		return "must be less than " + showRat(k.Want) + ", is " + showRat(k.Got)
	case *kind.MultipleOf:
		return "must be a multiple of " + showRat(k.Want) + ", is " + showRat(k.Got)
	case *kind.MinLength:
		return fmt.Sprintf("must have at least %s, has %d", counted(k.Want, "character"), k.Got)
	case *kind.MaxLength:
		return fmt.Sprintf("must have at most %s, has %d", counted(k.Want, "character"), k.Got)
	case *kind.MinItems:
		return fmt.Sprintf("must have at least %s, has %d", counted(k.Want, "item"), k.Got)
	case *kind.MaxItems:
		return fmt.Sprintf("must have at most %s, has %d", counted(k.Want, "item"), k.Got)
	case *kind.MinProperties:
		return fmt.Sprintf("must have at least %s, has %d", counted(k.Want, "property"), k.Got)
	case *kind.MaxProperties:
		return fmt.Sprintf("must have at most %s, has %d", counted(k.Want, "property"), k.Got)
	case *kind.Contains:
		return "must hold an item of the kind that the schema asks for"
	case *kind.MinContains:
		return fmt.Sprintf("must hold at least %s of the kind that the schema asks for, holds %d", counted(k.Want, "item"), len(k.Got))
	case *kind.MaxContains:
		return fmt.Sprintf("must hold at most %s of the kind that the schema asks for, holds %d", counted(k.Want, "item"), len(k.Got))
	}
	return "does not fit the schema"
}

func counted(n int, word string) string {
	switch {
	case n == 1:
		return "1 " + word
	case strings.HasSuffix(word, "y"):
		return strconv.Itoa(n) + " " + strings.TrimSuffix(word, "y") + "ies"
	}
	return strconv.Itoa(n) + " " + word + "s"
}

// show writes a value as JSON, cut so that a message stays readable.
func show(v any) string {
	if f, ok := v.(float64); ok {
		return showNumber(f)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return "a value"
	}
	s := strings.TrimSpace(b.String())
	const most = 60
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

func showRat(r *big.Rat) string {
	f, _ := r.Float64()
	return showNumber(f)
}

func showNumber(f float64) string {
	if math.Abs(f) < 1e15 && (f == 0 || math.Abs(f) > 1e-6) {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}
