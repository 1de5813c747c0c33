package document

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
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

// inspect reads a document and finds out whether the graph can run it.
func (d *Documents) inspect(source string) (r read, problems []Problem) {
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
	if err := Validate(d.schema, source, doc); err != nil {
		return r, problemsIn(err)
	}
	if d.policy.Refuse != nil {
		if message := d.policy.Refuse(op); message != "" {
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
	if known, ok := d.verdicts.Get(hash); ok {
		return known.why
	}
	var v verdict
	if _, problems := d.inspect(source); len(problems) > 0 {
		v.why = problems[0].Message
	}
	d.verdicts.Add(hash, v)
	return v.why
}
