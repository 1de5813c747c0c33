//sonata:pure

package component

import (
	"container/list"
	"encoding/json"
	"errors"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/fault"
)

// anyObject is the schema of a component that declares none.
const anyObject = `{"type":"object"}`

// schemaURL names a schema inside the compiler. It never leaves this file.
const schemaURL = "sonata:props"

// CheckSchema reads the props schema of a component and returns its canonical form. Nothing, or null, is
// {"type":"object"}. The schema is JSON Schema 2020-12 of type object, at most 64 kB, closed in itself (references
// begin with #/, no $id, no $anchor, no $dynamicRef), with property names that do not begin with $, and without
// references that never end; a place that takes a picture is an object with the format asset. It returns a fault of kind Invalid or Exhausted; its pointer leads into the schema.
func CheckSchema(raw json.RawMessage) (json.RawMessage, error) {
	c, decoded, err := compile(raw)
	if err != nil {
		return nil, err
	}
	if t, _ := c.shape.root.raw["type"].(string); t != "object" {
		return nil, fault.Invalidf(`the props of a component are an object: write "type": "object" at the root of the schema`).WithPointer("/type")
	}
	for _, at := range sortedKeys(c.shape.nodes) {
		n := c.shape.nodes[at]
		if n.takesPicture() && n.raw["type"] != "object" {
			return nil, schemaFault(at+"/format", `an asset is an object: write {"type": "object", "format": "asset"}`)
		}
	}
	return canonical.Marshal(decoded)
}

// compiled is a schema ready for use.
type compiled struct {
	shape  *shape
	schema *jsonschema.Schema
	raw    json.RawMessage

	once  sync.Once
	bound *jsonschema.Schema // see lenient
}

func compile(raw json.RawMessage) (*compiled, any, error) {
	s, decoded, err := readRaw(raw)
	if err != nil {
		return nil, nil, err
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	compiler.UseLoader(noLoader{})
	compiler.UseRegexpEngine(func(s string) (jsonschema.Regexp, error) {
		re, _, err := compilePattern(s)
		if err != nil {
			return nil, err
		}
		return re, nil
	})
	if err := compiler.AddResource(schemaURL, decoded); err != nil {
		return nil, nil, fault.Invalidf("the schema cannot be used").Because(err)
	}
	schema, err := compiler.Compile(schemaURL)
	if err != nil {
		return nil, nil, explain(err, decoded)
	}
	return &compiled{shape: s, schema: schema, raw: raw}, decoded, nil
}

// noLoader keeps the compiler away from files and the network.
type noLoader struct{}

func (noLoader) Load(string) (any, error) { return nil, errors.New("a props schema stands alone") }

// explain says what the meta-schema found, in the words of a violation.
func explain(err error, decoded any) error {
	var invalid *jsonschema.SchemaValidationError
	var found *jsonschema.ValidationError
	if errors.As(err, &invalid) && errors.As(invalid.Err, &found) {
		if list := violationsOf(found, decoded); len(list) > 0 {
			return schemaFault(list[0].Pointer, "%s", list[0].Message)
		}
	}
	return fault.Invalidf("the schema cannot be used: it is not JSON Schema 2020-12").Because(err)
}

// Schemas keeps the compiled form of the schemas used last. It may be used from many goroutines. What it returns
// depends on the arguments only; the number of schemas it keeps is a matter of speed.
type Schemas struct {
	max int

	mu    sync.Mutex
	byRaw map[string]*list.Element // content → element of used
	used  *list.List               // of *kept, the one used last in front
}

type kept struct {
	raw      string
	compiled *compiled // nil when the schema cannot be used
	problem  string
}

// NewSchemas returns an empty cache for at most max schemas, at least one.
func NewSchemas(max int) *Schemas {
	if max < 1 {
		max = 1
	}
	return &Schemas{max: max, byRaw: map[string]*list.Element{}, used: list.New()}
}

func (s *Schemas) get(raw json.RawMessage) *kept {
	key := string(raw)
	s.mu.Lock()
	if e, ok := s.byRaw[key]; ok {
		s.used.MoveToFront(e)
		s.mu.Unlock()
		return e.Value.(*kept)
	}
	s.mu.Unlock()

	// Compiled outside the lock: two goroutines may do the same work, none waits for another schema.
	k := &kept{raw: key}
	c, _, err := compile(raw)
	if err != nil {
		k.problem = err.Error()
	} else {
		k.compiled = c
	}

	s.mu.Lock()
	defer s.mu.Unlock()
	if e, ok := s.byRaw[key]; ok {
		return e.Value.(*kept)
	}
	s.byRaw[key] = s.used.PushFront(k)
	for s.used.Len() > s.max {
		oldest := s.used.Back()
		delete(s.byRaw, oldest.Value.(*kept).raw)
		s.used.Remove(oldest)
	}
	return k
}

// Validate says where the props do not fit the schema: all leaf violations, sorted, at most 50. A binding fits everywhere: it
// is not yet the value that the schema describes. A schema that cannot be used, or a validation that would take too long, is
// one violation of the whole.
func (s *Schemas) Validate(raw json.RawMessage, props map[string]any) []Violation {
	k := s.get(raw)
	if k.compiled == nil {
		return []Violation{{Message: "the schema cannot be used: " + k.problem}}
	}
	schema := k.compiled.schema
	if holdsBinding(props) {
		schema = k.compiled.lenient()
	}
	return k.compiled.validate(props, schema)
}

// project is Project with the compiled schema.
func (s *Schemas) project(schema json.RawMessage, props map[string]any) (map[string]any, []string) {
	k := s.get(schema)
	if k.compiled == nil {
		return cloneProps(props), nil
	}
	return k.compiled.shape.project(props)
}

func cloneProps(props map[string]any) map[string]any {
	if props == nil {
		return map[string]any{}
	}
	return canonical.Clone(props).(map[string]any)
}
