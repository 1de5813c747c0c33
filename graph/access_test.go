package graph_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"sonata.ai/sonata/graph"
	"sonata.ai/sonata/internal/principal"
)

// guarded is the executor with the guard, on resolvers that are not there: whatever runs one panics, which is counted.
type guarded struct {
	*executor.Executor
	guard   *graph.Guard
	mu      sync.Mutex
	refused []string // fields of one operation are resolved at the same time
}

func newGuarded(t *testing.T) *guarded { return guardedOn(t, &graph.Resolver{}) }

func guardedOn(t *testing.T, resolver *graph.Resolver) *guarded {
	t.Helper()
	schema := graph.NewExecutableSchema(graph.Config{Resolvers: resolver})
	g := &guarded{Executor: executor.New(schema)}
	var err error
	if g.guard, err = graph.NewGuard(schema.Schema()); err != nil {
		t.Fatal(err)
	}
	g.guard.Refused = func(_ context.Context, action, code string) {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.refused = append(g.refused, action+" "+code)
	}
	g.SetErrorPresenter(graph.Present(slog.New(slog.DiscardHandler)))
	g.SetRecoverFunc(func(context.Context, any) error { return fmt.Errorf("ran") })
	g.Use(g.guard)
	return g
}

type result struct {
	data   map[string]any
	errors gqlerror.List
	text   string // of the data
	early  bool   // refused before anything ran
}

func (r result) codes() (codes []string) {
	for _, e := range r.errors {
		codes = append(codes, fmt.Sprint(e.Extensions["code"]))
	}
	return codes
}

func (g *guarded) ask(ctx context.Context, document string) result {
	ctx = graphql.StartOperationTrace(ctx)
	op, errs := g.CreateOperationContext(ctx, &graphql.RawParams{Query: document})
	if errs != nil {
		return result{errors: g.DispatchError(graphql.WithOperationContext(ctx, op), errs).Errors, early: true}
	}
	responses, ctx := g.DispatchOperation(ctx, op)
	response := responses(ctx)
	out := result{errors: response.Errors, text: string(response.Data)}
	json.Unmarshal(response.Data, &out.data)
	return out
}

func holding(ctx context.Context, scopes ...string) context.Context {
	return at(ctx, "frt_1", scopes...)
}

func at(ctx context.Context, frontend string, scopes ...string) context.Context {
	return principal.With(ctx, principal.Principal{
		Actor:      principal.Actor{ID: "key_1", Kind: principal.APIKey, Name: "test"},
		Credential: principal.KeyCredential, CredentialID: "key_1", Grants: []principal.Grant{{Scopes: scopes, Frontend: frontend}},
	})
}

// Every root field of every kind runs with its scope and is refused without it, by the message that names it.
func TestEveryRootFieldNeedsItsScope(t *testing.T) {
	t.Parallel()
	schema := contract()
	for _, root := range []*ast.Definition{schema.Query, schema.Mutation, schema.Subscription} {
		for _, f := range root.Fields {
			scope := accessOf(f.Directives)
			if strings.HasPrefix(f.Name, "__") || scope == "public" {
				continue
			}
			document := strings.ToLower(root.Name) + " { alias: " + f.Name + arguments(schema, f) + " { __typename } }"
			g := newGuarded(t)
			without := slices.DeleteFunc(principal.Scopes(), func(s string) bool { return slices.Contains(principal.Implied([]string{s}), scope) })
			for _, ctx := range []context.Context{t.Context(), holding(t.Context(), without...)} {
				got := g.ask(ctx, document)
				if want := "this needs the scope " + scope + ":"; len(got.errors) != 1 || !strings.HasPrefix(got.errors[0].Message, want) || got.codes()[0] != "FORBIDDEN" {
					t.Errorf("%s: got %v, want %s", document, got.errors, want)
				}
				if got.early != (root == schema.Subscription) {
					t.Errorf("%s: refused before execution: %t", document, got.early)
				}
				if len(got.errors) == 1 && got.errors[0].Path.String() != "alias" {
					t.Errorf("%s: the path of the error is %s", document, got.errors[0].Path)
				}
			}
			if want := f.Name + " FORBIDDEN"; len(g.refused) != 2 || g.refused[0] != want {
				t.Errorf("%s: told of %v, want %s twice", document, g.refused, want)
			}
			if got := g.ask(holding(t.Context(), scope), document); len(got.errors) == 1 && got.codes()[0] == "FORBIDDEN" {
				t.Errorf("%s is refused for who holds %s", document, scope)
			}
		}
	}
}

// arguments writes what a field requires, as small as it may be.
func arguments(schema *ast.Schema, f *ast.FieldDefinition) string {
	var given []string
	for _, a := range f.Arguments {
		if a.Type.NonNull && a.DefaultValue == nil {
			given = append(given, a.Name+": "+value(schema, a.Type))
		}
	}
	if len(given) == 0 {
		return ""
	}
	return "(" + strings.Join(given, ", ") + ")"
}

func value(schema *ast.Schema, typ *ast.Type) string {
	if typ.Elem != nil {
		return "[]"
	}
	d := schema.Types[typ.NamedType]
	switch {
	case d.Kind == ast.Enum:
		return d.EnumValues[0].Name
	case d.Kind == ast.InputObject:
		var given []string
		for _, f := range d.Fields {
			if f.Type.NonNull && f.DefaultValue == nil {
				given = append(given, f.Name+": "+value(schema, f.Type))
			}
		}
		if d.Directives.ForName("oneOf") != nil {
			given = []string{d.Fields[0].Name + ": " + value(schema, &ast.Type{NamedType: d.Fields[0].Type.NamedType, NonNull: true})}
		}
		return "{" + strings.Join(given, ", ") + "}"
	case typ.NamedType == "Int" || typ.NamedType == "Float":
		return "1"
	case typ.NamedType == "Boolean":
		return "true"
	case typ.NamedType == "Time":
		return `"2026-01-01T00:00:00Z"`
	case typ.NamedType == "Hash":
		return `"sha256:` + strings.Repeat("0", 64) + `"`
	default:
		return `"x"`
	}
}

// A refusal takes no neighbor along, and what needs nothing is not looked at.
func TestARefusalIsOfOneField(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	got := g.ask(t.Context(), `{ viewer { actor { kind } scopes grants { scopes } } members { totalCount } f: frontend(slug: "x") { id } }`)
	if want := map[string]any{"viewer": map[string]any{"actor": map[string]any{"kind": "ANONYMOUS"}, "scopes": []any{}, "grants": []any{}}, "members": nil, "f": nil}; fmt.Sprint(got.data) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got.data, want)
	}
	if codes := got.codes(); fmt.Sprint(codes) != "[FORBIDDEN FORBIDDEN]" {
		t.Errorf("got %v", got.errors)
	}
}

func TestTheSchemaNeedsAScope(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	for _, document := range []string{
		`{ __schema { queryType { name } } }`, `{ a: __type(name: "Screen") { name } }`, `{ ...F } fragment F on Query { s: __schema { types { name } } }`,
		`{ ... on Query { ... { __type(name: "Query") { fields { name } } } } }`,
	} {
		for _, ctx := range []context.Context{t.Context(), holding(t.Context(), principal.ContentWrite, principal.AuditRead)} {
			if got := g.ask(ctx, document); len(got.errors) != 1 || got.codes()[0] != "FORBIDDEN" || strings.Contains(fmt.Sprint(got.data), "Query") {
				t.Errorf("%s: got %v %v", document, got.data, got.errors)
			}
		}
		if got := g.ask(holding(t.Context(), principal.GraphExplore), document); len(got.errors) != 0 {
			t.Errorf("%s: %v", document, got.errors)
		}
	}
}

func TestNamesAreSuggestedOnlyToWhoMayKnowThem(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	for _, document := range []string{
		`{ viewr { scopes } }`, `{ node(idd: "x") { id } }`, `{ node(id: "x") { title } }`,
		`{ screen(frontend: "f", path: "/", at: {releas: "x"}) { id } }`, `mutation { memberInvite(input: {email: "x", grants: [{role: ADMN}]}) { link } }`,
	} {
		known := g.ask(holding(t.Context(), principal.GraphExplore), document)
		if !strings.Contains(fmt.Sprint(known.errors), "Did you mean") {
			t.Errorf("%s: no suggestion for who may explore: %v", document, known.errors)
		}
		for _, ctx := range []context.Context{t.Context(), holding(t.Context(), principal.ContentWrite)} {
			got := g.ask(ctx, document)
			if len(got.errors) == 0 || strings.Contains(fmt.Sprint(got.errors), "Did you mean") {
				t.Errorf("%s: %v", document, got.errors)
			}
		}
	}
}

// An id of somebody else is answered as one that nobody has, whatever is asked of the object: no error tells that it is
// there.
func TestNoErrorTellsThatAnIDExists(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.site(t, "alpha")
	w.site(t, "beta")
	g := guardedOn(t, w.resolver)
	var asked strings.Builder
	for _, d := range contract().PossibleTypes["Node"] {
		asked.WriteString(" ... on " + d.Name + " { ")
		for _, f := range d.Fields {
			if kind := contract().Types[f.Type.Name()].Kind; (kind == ast.Scalar || kind == ast.Enum) && arguments(contract(), f) == "" {
				asked.WriteString(d.Name + "_" + f.Name + ": " + f.Name + " ")
			}
		}
		asked.WriteString("}")
	}
	elsewhere := func(scopes ...string) context.Context { return at(t.Context(), "frt_elsewhere", scopes...) }
	for name, ctx := range map[string]context.Context{
		"anonymous": t.Context(), "all scopes elsewhere": elsewhere(principal.Scopes()...), "no content": elsewhere(principal.AuditRead, principal.KeysRead),
		"delivery elsewhere": elsewhere(principal.DeliveryRead),
	} {
		for _, id := range a.nodes {
			prefix, _, _ := strings.Cut(id, "_")
			ask := func(id string) string {
				got := g.ask(ctx, fmt.Sprintf(`{ node(id: %q) { id __typename %s } nodes(ids: [%q]) { %s } }`, id, asked.String(), id, asked.String()))
				return strings.ReplaceAll(got.text+fmt.Sprint(got.errors), id, "ID")
			}
			if theirs, missing := ask(id), ask(prefix+"_0"); theirs != missing {
				t.Errorf("%s: %s is answered %s, an id that is not there %s", name, id, theirs, missing)
			}
		}
	}
	all := at(t.Context(), a.frontend.ID, principal.Scopes()...)
	for _, id := range a.nodes { // and who may see it does
		if got := g.ask(all, fmt.Sprintf(`{ node(id: %q) { id %s } }`, id, asked.String())); !strings.Contains(got.text, id) || len(got.errors) != 0 {
			t.Errorf("%s: %s %v", id, got.text, got.errors)
		}
	}
}
