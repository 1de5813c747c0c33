package registry

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"sonata.ai/sonata/ent"
	entservice "sonata.ai/sonata/ent/service"
	"sonata.ai/sonata/internal/binding"
	"sonata.ai/sonata/internal/document"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/release"
	"sonata.ai/sonata/internal/supergraph"
)

// Check is what a change of the services would do.
type Check struct {
	Composition []supergraph.Problem
	Changes     []supergraph.Change
	Documents   []BrokenDocument
	Screens     []release.BrokenBinding
}

// BrokenDocument is a trusted document that would not do any more what it did.
type BrokenDocument struct {
	ID       string // of the document
	Frontend string // id
	Name     string
	Reason   string
}

// Refused reports whether the schemas do not compose.
func (c Check) Refused() bool { return refused(c.Composition) }

// Breaks reports whether the change takes something away that somebody may rely on.
func (c Check) Breaks() bool {
	return len(c.Documents) > 0 || len(c.Screens) > 0 || slices.ContainsFunc(c.Changes, func(c supergraph.Change) bool { return c.Breaking })
}

// OK reports whether the change would be published without being asked for twice.
func (c Check) OK() bool { return !c.Refused() && !c.Breaks() }

// maxBroken bounds the documents, and the screens, that one check names.
const maxBroken = 100

// Check says what publishing a schema would do. It needs services:read for the service, which may be new. Faults: NotFound,
// Invalid, Exhausted.
func (r *Registry) Check(ctx context.Context, service, sdl string) (Check, error) {
	if err := checkName(service); err != nil {
		return Check{}, err
	}
	if !principal.Can(ctx, principal.ServicesRead, principal.Place{Service: service}) {
		return Check{}, fault.NotFoundf("there is no service %.80q", service).At("service")
	}
	if err := checkSDL(sdl); err != nil {
		return Check{}, err
	}
	db := r.store.Reader(ctx)
	members, err := Members(ctx, db)
	if err != nil {
		return Check{}, err
	}
	row, err := db.Service.Query().Where(entservice.Name(service)).Only(ctx)
	if ent.IsNotFound(err) {
		row, err = &ent.Service{Name: service}, nil
	}
	if err != nil {
		return Check{}, fmt.Errorf("read service: %w", err)
	}
	check, _, err := r.compare(ctx, members, with(members, row, sdl))
	return check, err
}

// compare says what it would do if the graph were made of other members, and returns that graph.
func (r *Registry) compare(ctx context.Context, before, after []Member) (Check, *supergraph.Supergraph, error) {
	next, problems := r.compose(after)
	check := Check{Composition: problems}
	if check.Refused() {
		return check, nil, nil
	}
	if err := r.plans(next); err != nil {
		check.Composition = append(check.Composition, supergraph.Problem{
			Severity: supergraph.Error, Code: "CANNOT_BE_RUN", Message: "the schemas compose, but operations on the whole could not be run: " + err.Error(),
			Hint: "this is a limit of Sonata: leave out what is new, and report it",
		})
		return check, nil, nil
	}
	was, _, err := r.Assemble(before)
	if err != nil { // what cannot be served now cannot break
		return check, next, nil
	}
	check.Changes = supergraph.Compare(was.API, next.API)
	if !slices.ContainsFunc(check.Changes, func(c supergraph.Change) bool { return c.Breaking }) {
		return check, next, nil // nothing was taken away
	}
	check.Documents = r.broken(was.API, next.API, check.Changes)
	in := func(graph *ast.Schema) release.SourceIn {
		return func(frontendID, hash string) *binding.Source { return r.documents.BindableIn(graph, frontendID, hash) }
	}
	check.Screens, err = r.screens.BrokenBindings(ctx, in(was.API), in(next.API), maxBroken)
	return check, next, err
}

// broken finds the trusted documents that can run now and could not, or would be answered otherwise than their clients
// expect.
func (r *Registry) broken(was, next *ast.Schema, changes []supergraph.Change) (broken []BrokenDocument) {
	why := map[string]string{} // by coordinate
	for _, c := range changes {
		if c.Breaking {
			why[c.Path] = c.Message
		}
	}
	r.documents.Each(func(d *document.Trusted) {
		if len(broken) >= maxBroken || r.documents.InvalidIn(was, d.Source) != "" {
			return
		}
		reason := r.documents.InvalidIn(next, d.Source)
		if reason == "" {
			reason = usesOf(was, d.Source, why)
		}
		if reason != "" {
			broken = append(broken, BrokenDocument{ID: d.ID, Frontend: d.Frontend, Name: document.NameOf(d.Source), Reason: reason})
		}
	})
	slices.SortFunc(broken, func(a, b BrokenDocument) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return broken
}

// usesOf returns what is said of the first coordinate that a valid document uses, or "".
func usesOf(graph *ast.Schema, source string, why map[string]string) string {
	doc, err := parser.ParseQuery(&ast.Source{Input: source})
	if err != nil {
		return ""
	}
	found := ""
	use := func(coordinate string) {
		if found == "" {
			found = why[coordinate]
		}
	}
	u := uses{graph: graph, use: use, seen: map[string]bool{}}
	for _, op := range doc.Operations {
		u.variables(op.VariableDefinitions)
		u.selections(u.root(op.Operation), op.SelectionSet, doc.Fragments)
	}
	return found
}

// uses walks what of a graph a document uses.
type uses struct {
	graph *ast.Schema
	use   func(coordinate string)
	seen  map[string]bool // fragments at types, and input types
}

func (u *uses) root(operation ast.Operation) *ast.Definition {
	switch operation {
	case ast.Mutation:
		return u.graph.Mutation
	case ast.Subscription:
		return u.graph.Subscription
	}
	return u.graph.Query
}

func (u *uses) selections(of *ast.Definition, set ast.SelectionSet, fragments ast.FragmentDefinitionList) {
	if of == nil {
		return
	}
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			f := of.Fields.ForName(s.Name)
			if f == nil {
				continue
			}
			u.use(of.Name + "." + f.Name)
			for _, a := range s.Arguments {
				u.use(of.Name + "." + f.Name + "." + a.Name)
				if d := f.Arguments.ForName(a.Name); d != nil {
					u.input(d.Type.Name())
				}
			}
			below := u.graph.Types[f.Type.Name()]
			u.use(f.Type.Name())
			u.selections(below, s.SelectionSet, fragments)
		case *ast.InlineFragment:
			below := of
			if s.TypeCondition != "" {
				below = u.graph.Types[s.TypeCondition]
				u.use(s.TypeCondition)
			}
			u.selections(below, s.SelectionSet, fragments)
		case *ast.FragmentSpread:
			if f := fragments.ForName(s.Name); f != nil && !u.seen["..."+f.Name] {
				u.seen["..."+f.Name] = true
				u.selections(u.graph.Types[f.TypeCondition], f.SelectionSet, fragments)
			}
		}
	}
}

func (u *uses) variables(list ast.VariableDefinitionList) {
	for _, v := range list {
		u.input(v.Type.Name())
	}
}

// input uses a type that values are given in, with all its fields: which of them clients give is not known.
func (u *uses) input(name string) {
	d := u.graph.Types[name]
	if d == nil || u.seen[name] {
		return
	}
	u.seen[name] = true
	u.use(name)
	for _, v := range d.EnumValues {
		u.use(name + "." + v.Name)
	}
	if d.Kind != ast.InputObject {
		return
	}
	for _, f := range d.Fields {
		u.use(name + "." + f.Name)
		u.input(f.Type.Name())
	}
}

// with is the members with a service's schema in place of the one it has.
func with(members []Member, service *ent.Service, sdl string) []Member {
	next := memberOf(service, sdl)
	at, found := slices.BinarySearchFunc(members, service.Name, func(m Member, name string) int { return strings.Compare(m.Name, name) })
	if found {
		return slices.Concat(members[:at], []Member{next}, members[at+1:])
	}
	return slices.Insert(slices.Clone(members), at, next)
}

// without is the members without a service.
func without(members []Member, service string) []Member {
	return slices.DeleteFunc(slices.Clone(members), func(m Member) bool { return m.Name == service })
}
