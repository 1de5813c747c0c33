package document

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"

	"sonata.ai/sonata/internal/binding"
	"sonata.ai/sonata/internal/kept"
)

// MaxSource is how many bytes a document may have.
const MaxSource = 64 << 10

// Problem is why the graph cannot run a document.
type Problem struct {
	Message      string
	Line, Column int // in the document, from 1; 0 where it has no place
}

// read is a document that was read.
type read struct {
	name string // of its operation; "" for none
	kind string
}

// served is a graph and what was found out about documents for it.
type served struct {
	schema   *ast.Schema
	refuse   func(op *ast.OperationDefinition) string
	verdicts *kept.Kept[string, verdict] // by hash
	sources  *kept.Kept[string, *binding.Source]
}

// inspect reads a document and finds out whether the graph can run it.
func (d *Documents) inspect(source string) (r read, problems []Problem) {
	return d.inspectFor(d.graph.Load(), source)
}

func (d *Documents) inspectFor(graph *served, source string) (r read, problems []Problem) {
	if len(source) > MaxSource {
		return r, []Problem{{Message: fmt.Sprintf("the document is larger than %d kB", MaxSource>>10)}}
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: source}, d.policy.Tokens)
	if err != nil {
		return r, problemsOf(err)
	}
	if n := len(doc.Operations); n != 1 {
		return r, []Problem{{Message: fmt.Sprintf("the document holds %d operations: a trusted document holds one", n)}}
	}
	op := doc.Operations[0]
	r = read{name: op.Name, kind: strings.ToUpper(string(op.Operation))}
	if err := Validate(graph.schema, source, doc); err != nil {
		return r, problemsIn(err)
	}
	if graph.refuse != nil {
		if message := graph.refuse(op); message != "" {
			return r, []Problem{{Message: message}}
		}
	}
	return r, nil
}

func problemsOf(err error) []Problem {
	if e, ok := err.(*gqlerror.Error); ok { //nolint:errorlint // the parser returns it bare
		return []Problem{problemOf(e)}
	}
	return []Problem{{Message: err.Error()}}
}

func problemOf(e *gqlerror.Error) Problem {
	p := Problem{Message: e.Message}
	if len(e.Locations) > 0 {
		p.Line, p.Column = e.Locations[0].Line, e.Locations[0].Column
	}
	return p
}

// verdict is whether the graph can run a document: "" or why not.
type verdict struct{ why string }

// Invalid says why the served graph cannot run a document, or "".
func (d *Documents) Invalid(hash, source string) string {
	graph := d.graph.Load()
	if known, ok := graph.verdicts.Get(hash); ok {
		return known.why
	}
	var v verdict
	if _, problems := d.inspectFor(graph, source); len(problems) > 0 {
		v.why = problems[0].Message
	}
	graph.verdicts.Put(hash, v)
	return v.why
}

// InvalidIn says in a sentence why a graph that is not served could not run a document, or "".
func (d *Documents) InvalidIn(graph *ast.Schema, source string) string {
	_, problems := d.inspectFor(&served{schema: graph}, source)
	if len(problems) > 0 {
		return problems[0].Message
	}
	return ""
}

// Each calls fn with each document that may run, in no order.
func (d *Documents) Each(fn func(*Trusted)) {
	for _, s := range d.index.Load().byID {
		seen := map[*Trusted]bool{} // by several ids
		for _, t := range s.of {
			if !seen[t] {
				seen[t] = true
				fn(t)
			}
		}
	}
}

// NameOf is the name of the operation of a document; "" for none.
func NameOf(source string) string {
	doc, err := parser.ParseQuery(&ast.Source{Input: source})
	if err != nil || len(doc.Operations) == 0 {
		return ""
	}
	return doc.Operations[0].Name
}
