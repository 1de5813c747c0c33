package document

import (
	"errors"
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/lexer"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"sonata.ai/sonata/internal/fault"
)

// The bounds of finding out whether a document is valid.
const (
	maxName     = 256 // bytes of a name: each error repeats them, and each entry of a list its alias
	maxProblems = 10
)

// Validate finds out whether a schema can run a document, within a few milliseconds and a few errors whatever the document
// holds. Fault: Exhausted with the code LIMIT for one that would take longer; otherwise gqlerror.List, with ten errors at
// most.
func Validate(schema *ast.Schema, source string, doc *ast.QueryDocument) error {
	if hasLongName(source) {
		return fault.Exhaustedf("a name of the document is longer than %d bytes", maxName).WithCode("LIMIT")
	}
	if Repeats(doc) {
		return fault.Exhaustedf("the document asks for the same at the same places again and again: ask for each once").WithCode("LIMIT")
	}
	if errs := problems(schema, doc); len(errs) > 0 {
		return errs
	}
	return nil
}

// hasLongName looks at the text, where every name stands once.
func hasLongName(source string) bool {
	if len(source) <= maxName {
		return false
	}
	text := lexer.New(&ast.Source{Input: source})
	for {
		token, err := text.ReadToken()
		if err != nil || token.Kind == lexer.EOF {
			return false
		}
		if token.Kind == lexer.Name && len(token.Value) > maxName {
			return true
		}
	}
}

// errEnough ends a validation that has found as much as is told.
var errEnough = errors.New("enough")

// problems runs the rules of the specification until ten things are wrong.
func problems(schema *ast.Schema, doc *ast.QueryDocument) (found gqlerror.List) {
	defer func() {
		if cause := recover(); cause != nil && cause != any(errEnough) {
			panic(cause)
		}
	}()
	all := rules.NewDefaultRules()
	for name, rule := range all.GetInner() {
		all.ReplaceRule(name, func(observers *core.Events, _ core.AddErrFunc) {
			rule(observers, func(options ...core.ErrorOption) {
				e := &gqlerror.Error{Rule: name}
				for _, option := range options {
					option(e)
				}
				if found = append(found, e); len(found) >= maxProblems {
					panic(errEnough)
				}
			})
		})
	}
	validator.ValidateWithRules(schema, doc, all) //nolint:errcheck // the rules above keep what they find
	return found
}

// problemsIn says what Validate found in the words of who registers a document.
func problemsIn(err error) (all []Problem) {
	var list gqlerror.List
	if !errors.As(err, &list) {
		return []Problem{{Message: fmt.Sprint(err)}}
	}
	for _, e := range list {
		all = append(all, problemOf(e))
	}
	return all
}
