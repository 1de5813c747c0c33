package gateway

import (
	"context"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

// PlansKept is how many plans an engine has at hand.
func PlansKept(e *Engine) int {
	n := 0
	for _, k := range e.uses.hottest(maxUses) {
		if _, ok := e.plans.Get(k); ok {
			n++
		}
	}
	return n
}

// GiveUpAfter is for streams that are to be seen giving up.
func GiveUpAfter(g *Gateway, d time.Duration) { g.options.ResumeWithin = d }

// IsJSON reports whether a reader takes all of something.
func IsJSON(b []byte) bool {
	r := reader{b: b}
	r.skip()
	return r.ended()
}

// PlansMade is how many it made since it was built.
func PlansMade(e *Engine) int { return int(e.made.Load()) }

// Prepared is an operation that was parsed, as it arrives from gqlgen.
func Prepared(e *Engine, text string) func(context.Context) *graphql.Response {
	op, errs := e.operation(text, "", nil)
	if errs != nil {
		panic(errs)
	}
	return func(ctx context.Context) *graphql.Response { return e.run(ctx, op) }
}

// PlanOf makes a plan, and says how many bytes are counted for it.
func PlanOf(t *testing.T, e *Engine, text string) (any, int) {
	t.Helper()
	op, err := e.parsed(text, "")
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := e.planners.plan(text, op.Name, []byte("{}"), func(string) *planned { return nil })
	if err != nil {
		t.Fatal(err)
	}
	return p, p.bytes
}

// Parsed is an operation that is valid in an engine.
func Parsed(e *Engine, text string) (Operation, error) {
	op, errs := e.operation(text, "", nil)
	if errs != nil {
		return op, errs
	}
	return op, nil
}
