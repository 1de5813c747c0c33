//sonata:pure

package supergraph

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// add notes a problem. A service or a position that is not known is nil.
func (c *composer) add(severity Severity, s *service, at *ast.Position, code, hint, format string, args ...any) {
	if severity == Error {
		c.failed = true
	}
	if c.full(severity) {
		return
	}
	p := Problem{Severity: severity, Code: code, Message: clip(fmt.Sprintf(format, args...)), Hint: clip(hint)}
	if s != nil {
		p.Service = s.name
	}
	if at != nil && at.Line > 0 {
		p.Line, p.Column = at.Line, at.Column
	}
	c.problems = append(c.problems, p)
	c.found[rank(severity)]++
}

// full says that there are far more problems of a severity than are shown, so that no more need be looked for. Errors are
// counted apart: they must not be crowded out.
func (c *composer) full(severity Severity) bool { return c.found[rank(severity)] >= 100*maxProblems }

func (c *composer) errorf(s *service, at *ast.Position, code, hint, format string, args ...any) {
	c.add(Error, s, at, code, hint, format, args...)
}

// clip keeps a message short: names in a schema may be as long as the schema.
func clip(s string) string {
	const most = 1000
	if len(s) <= most {
		return s
	}
	cut := most
	for cut > 0 && s[cut]&0xC0 == 0x80 {
		cut--
	}
	return s[:cut] + "…"
}

// report sorts the problems by service and place. When there are too many, warnings and notices give way to errors, and
// the last line says how many were left out.
func (c *composer) report() []Problem {
	list := slices.Clone(c.problems)
	slices.SortStableFunc(list, compareProblems)
	list = slices.Compact(list)
	if len(list) <= maxProblems {
		return list
	}
	slices.SortStableFunc(list, func(a, b Problem) int { return cmp.Compare(rank(a.Severity), rank(b.Severity)) })
	left := len(list) - maxProblems
	worst := list[maxProblems].Severity
	list = list[:maxProblems]
	slices.SortStableFunc(list, compareProblems)
	return append(list, Problem{
		Severity: worst, Code: "TOO_MANY_PROBLEMS",
		Message: fmt.Sprintf("%d more problems are not listed", left), Hint: "mend these first",
	})
}

func compareProblems(a, b Problem) int {
	return cmp.Or(
		cmp.Compare(a.Service, b.Service), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
		cmp.Compare(a.Code, b.Code), cmp.Compare(a.Message, b.Message), cmp.Compare(a.Hint, b.Hint),
		cmp.Compare(rank(a.Severity), rank(b.Severity)),
	)
}

func rank(s Severity) int {
	switch s {
	case Error:
		return 0
	case Warning:
		return 1
	}
	return 2
}
