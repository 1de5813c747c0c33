package cli

import (
	"fmt"
	"slices"
	"strings"

	"sonata.ai/sonata/internal/fault"
)

// changedService is the answer of what changes a service.
type changedService struct {
	Service    *struct{ Live *struct{ Number int } }
	Supergraph *struct{ Number int }
	UserErrors []serviceError
}

// serviceError is why something was refused; Check says it in full for a schema that does not fit.
type serviceError struct {
	Message string
	Path    []string
	Check   *subgraphCheck
}

// subgraphCheck is what a schema would do.
type subgraphCheck struct {
	OK              bool
	Composition     []compositionProblem
	Changes         []schemaChange
	BrokenDocuments []brokenDocument
	BrokenElsewhere int
	BrokenScreens   []brokenScreen
}

type compositionProblem struct {
	Severity, Code, Message, Hint, Service string
	Line, Column                           int
}

type schemaChange struct {
	Path, Message string
	Breaking      bool
}

type brokenDocument struct {
	Document struct{ Name string }
	Frontend struct{ Slug string }
	Reason   string
}

type brokenScreen struct {
	Frontend                       struct{ Slug string }
	Environment, ScreenKey, Reason string
}

// breaks reports whether clients break.
func (s subgraphCheck) breaks() bool {
	return len(s.BrokenDocuments) > 0 || len(s.BrokenScreens) > 0 || s.BrokenElsewhere > 0 || slices.ContainsFunc(s.Changes, func(c schemaChange) bool { return c.Breaking })
}

// summary counts what changes.
func (s subgraphCheck) summary() string {
	if len(s.Changes) == 0 {
		return "the graph stays as it is for clients"
	}
	return counted(len(s.Changes), "change") + " of the graph for clients, none of them breaking"
}

// mostAdded bounds how many changes are listed that break nobody: a new service is full of them.
const mostAdded = 20

// listed are all findings, one in each: the problems of composing with their place, then what breaks, then what else changes.
func (c *subgraphCommand) listed(s subgraphCheck) (lines []string) {
	for _, p := range s.Composition {
		lines = append(lines, c.problem(p))
	}
	var others []string
	for _, change := range s.Changes {
		if change.Breaking {
			lines = append(lines, "breaking: "+change.Message)
		} else {
			others = append(others, change.Message)
		}
	}
	for _, d := range s.BrokenDocuments {
		lines = append(lines, fmt.Sprintf("the document %s of the frontend %s breaks: %s", d.Document.Name, d.Frontend.Slug, d.Reason))
	}
	if n := s.BrokenElsewhere; n > 0 {
		lines = append(lines, counted(n, "document")+" of frontends that the API key may not read would break, too")
	}
	for _, screen := range s.BrokenScreens {
		where := "live in " + screen.Environment
		if screen.Environment == "" {
			where = "a draft"
		}
		lines = append(lines, fmt.Sprintf("the screen %s of the frontend %s (%s) loses data: %s", screen.ScreenKey, screen.Frontend.Slug, where, screen.Reason))
	}
	lines = append(lines, others[:min(len(others), mostAdded)]...)
	if more := len(others) - mostAdded; more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more that break nobody", more))
	}
	return lines
}

// problem is a problem with its place, in the form that editors and CI know how to open: that of our schema in our file.
func (c *subgraphCommand) problem(p compositionProblem) string {
	where := p.Service
	if where == c.service && c.schema != "" {
		where = c.schema
	}
	if where != "" && p.Line > 0 {
		where += fmt.Sprintf(":%d:%d", p.Line, p.Column)
	}
	if where != "" {
		where += ": "
	}
	severity := map[string]string{"WARNING": "warning: ", "INFO": "note: "}[p.Severity]
	text := where + severity + p.Message + " (" + p.Code + ")"
	if p.Hint != "" {
		text += "\n      " + p.Hint
	}
	return text
}

// broken is the fault of a schema that does not fit or breaks clients.
func (c *subgraphCommand) broken(what string, s subgraphCheck) error {
	f := fault.Invalidf("%s:\n  - %s", what, strings.Join(c.listed(s), "\n  - "))
	if s.breaks() && !slices.ContainsFunc(s.Composition, func(p compositionProblem) bool { return p.Severity == "ERROR" }) {
		how := "--allow-breaking does it all the same"
		if c.verb == "check" {
			how = "sonata subgraph publish --allow-breaking does it all the same"
		}
		return f.WithHint("%s, when nobody relies on it any more", how)
	}
	return f
}

// refused is the fault of what the server did not do.
func (c *subgraphCommand) refused(what string, errs []serviceError) error {
	var all []string
	for _, e := range errs {
		if e.Check != nil {
			return c.broken(what, *e.Check)
		}
		all = append(all, e.Message)
	}
	return fault.Invalidf("%s: %s", what, strings.Join(all, "\n  "))
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
