//sonata:pure

package supergraph

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// spot is a service that holds an object, with what it provides of the object on this path beside what it resolves.
type spot struct {
	svc      *service
	provided *selection
}

func (s spot) id() int {
	if s.provided == nil {
		return 0
	}
	return s.provided.id
}

// spots are where an object can be held: sorted, without repetition.
type spots []spot

func (list spots) tidy() spots {
	slices.SortFunc(list, func(a, b spot) int { return cmp.Or(cmp.Compare(a.svc.order, b.svc.order), cmp.Compare(a.id(), b.id())) })
	return slices.Compact(list)
}

func (list spots) key(typeName string) string {
	b := make([]byte, 0, len(typeName)+8*len(list))
	b = append(b, typeName...)
	for _, s := range list {
		b = append(b, '/')
		b = strconv.AppendInt(b, int64(s.svc.order), 10)
		if s.provided != nil {
			b = append(b, ':')
			b = strconv.AppendInt(b, int64(s.provided.id), 10)
		}
	}
	return string(b)
}

func (list spots) has(s *service) bool {
	return slices.ContainsFunc(list, func(x spot) bool { return x.svc == s && x.provided == nil })
}

func (list spots) names() string {
	var names []string
	for _, s := range list {
		if !slices.Contains(names, s.svc.name) {
			names = append(names, s.svc.name)
		}
	}
	return enumerate(names)
}

// search asks whether every field of the API can be got on every path from the roots. It walks over what is held
// where: an object of one type in the same services is looked at once.
type search struct {
	c     *composer
	steps int
	// cuts counts where a question that depends on itself was answered with no: what was found meanwhile is not kept.
	cuts    int
	active  map[string]bool
	reached map[string]spots
	// opened are the objects that options lead to.
	opened map[string][]visit
	// visited are those that visits led to.
	visited map[string]bool
	// settled are the answers to whether what a field requires can be got.
	settled map[string]bool
	seen    map[string]bool
	queue   []visit
	told    map[string]bool
}

// visit is an object on a path.
type visit struct {
	typeName string
	at       spots
	path     *step
}

// step is one field of a path, from the last to the first.
type step struct {
	before *step
	text   string
	// length counts the steps up to this one.
	length int
}

func (s *step) then(text string) *step {
	if s == nil {
		return &step{text: text, length: 1}
	}
	return &step{before: s, text: text, length: s.length + 1}
}

// String writes the path from the root on. Of a long one it leaves out how it begins.
func (s *step) String() string {
	const most = 12
	var texts []string
	for ; s != nil; s = s.before {
		if len(texts) == most {
			texts = append(texts, fmt.Sprintf("(%d fields)", s.length))
			break
		}
		texts = append(texts, s.text)
	}
	slices.Reverse(texts)
	return strings.Join(texts, " → ")
}

// option is one way to resolve a field.
type option struct {
	spot
	// typeName is the type of the field in that service.
	typeName string
}

// checkSatisfiable reports every field that some path leads to and no service can answer there.
func (c *composer) checkSatisfiable() {
	s := &search{
		c: c, active: map[string]bool{}, reached: map[string]spots{}, opened: map[string][]visit{}, visited: map[string]bool{},
		settled: map[string]bool{}, seen: map[string]bool{}, told: map[string]bool{},
	}
	for _, root := range []string{"Query", "Mutation", "Subscription"} {
		if c.api[root] != nil {
			s.enqueue(visit{typeName: root, at: s.everywhere(root)})
		}
	}
	s.enqueueNodes()
	for len(s.queue) > 0 && s.steps <= maxSteps {
		next := s.queue[0]
		s.queue = s.queue[1:]
		s.visit(next)
	}
	if s.steps > maxSteps {
		c.errorf(nil, nil, "SCHEMA_TOO_LARGE", "share fewer types between services", "there are too many ways through the graph to see whether every field can be reached")
	}
}

func (s *search) everywhere(typeName string) spots {
	var out spots
	for _, t := range s.c.merged[typeName].parts {
		out = append(out, spot{svc: t.svc})
	}
	return out
}

func (s *search) enqueue(v visit) {
	if id := v.at.key(v.typeName); !s.seen[id] {
		s.seen[id] = true
		s.queue = append(s.queue, v)
	}
}

func (s *search) visit(v visit) {
	reached := s.reach(v.typeName, v.at)
	for _, def := range s.c.api[v.typeName].Fields {
		if strings.HasPrefix(def.Name, "__") {
			continue
		}
		options := s.options(v.typeName, def.Name, reached)
		if s.steps > maxSteps {
			return
		}
		if len(options) == 0 {
			s.unreachable(v, def, reached)
			continue
		}
		children, fresh := s.children(options, true)
		if !fresh {
			continue // they are on their way, or behind
		}
		for _, child := range children {
			if s.c.api[child.typeName] != nil {
				child.path = v.path.then(v.typeName + "." + def.Name)
				s.enqueue(child)
			}
		}
	}
}

// children are the objects that the options of a field can answer, by their types. fresh says that a visit asks for them
// for the first time.
func (s *search) children(options []option, visiting bool) (out []visit, fresh bool) {
	var b []byte
	for _, o := range options {
		b = strconv.AppendInt(append(b, '/'), int64(o.svc.order), 10)
		b = strconv.AppendInt(append(b, ':'), int64(o.id()), 10)
		b = append(append(b, ' '), o.typeName...)
	}
	id := string(b)
	fresh = visiting && !s.visited[id]
	if visiting {
		s.visited[id] = true
	}
	if out, known := s.opened[id]; known {
		return out, fresh
	}
	var order []string
	byType := map[string]spots{}
	for _, o := range options {
		for _, name := range o.svc.possible(o.typeName) {
			if byType[name] == nil {
				order = append(order, name)
			}
			byType[name] = append(byType[name], o.spot)
		}
	}
	out = make([]visit, 0, len(order))
	for _, name := range order {
		out = append(out, visit{typeName: name, at: byType[name].tidy()})
	}
	s.steps += len(order)
	s.opened[id] = out
	return out, fresh
}

// reach adds the services that the object can be looked up in, by keys that can be got from where it is held.
func (s *search) reach(typeName string, at spots) spots {
	if isRoot(typeName) {
		return s.everywhere(typeName)
	}
	m := s.c.merged[typeName]
	if m == nil || len(at) == len(m.parts) && !slices.ContainsFunc(at, func(x spot) bool { return x.provided != nil }) {
		return at
	}
	id := at.key(typeName)
	if found, ok := s.reached[id]; ok {
		return found
	}
	if s.active[id] {
		s.cuts++
		return at
	}
	s.active[id] = true
	before := s.cuts
	now := slices.Clone(at)
	for grown := true; grown && s.steps <= maxSteps; {
		grown = false
		for _, t := range m.parts {
			if now.has(t.svc) || len(t.keys) == 0 {
				continue
			}
			s.steps++
			if s.entered(t, now) {
				now = append(now, spot{svc: t.svc}).tidy()
				grown = true
			}
		}
	}
	delete(s.active, id)
	if s.cuts == before {
		s.reached[id] = now
	}
	return now
}

// entered says whether one of the keys by which a service looks an object up can be got.
func (s *search) entered(t *typ, at spots) bool {
	return slices.ContainsFunc(t.keys, func(k *key) bool { return k.resolvable && s.gets(t.def.Name, at, k.sel) })
}

// gets says whether a selection of an object can be answered by those who hold it.
func (s *search) gets(typeName string, at spots, sel *selection) bool {
	for _, p := range sel.picks {
		switch {
		case s.steps > maxSteps:
			return false
		case p.field == "__typename":
		case p.field == "":
			if s.isA(typeName, p.on) && !s.gets(typeName, at, p.sub) {
				return false
			}
		default:
			options := s.options(typeName, p.field, at)
			if len(options) == 0 {
				return false
			}
			if p.sub == nil {
				continue
			}
			children, _ := s.children(options, false)
			for _, child := range children {
				if !s.gets(child.typeName, s.reach(child.typeName, child.at), p.sub) {
					return false
				}
			}
		}
	}
	return true
}

func (s *search) isA(typeName, abstract string) bool {
	if typeName == abstract {
		return true
	}
	m, up := s.c.merged[typeName], s.c.merged[abstract]
	return m != nil && slices.Contains(m.def.Interfaces, abstract) || up != nil && slices.Contains(up.def.Types, typeName)
}

// options are the ways to resolve a field of an object that is held at these spots.
func (s *search) options(typeName, name string, at spots) []option {
	var out []option
	for _, x := range at {
		s.steps++
		f := x.svc.field(typeName, name)
		if f == nil || f.takenBy != nil {
			continue
		}
		provided, found := s.provided(typeName, name, x.provided)
		if f.external && !found || f.requires != nil && !s.satisfied(f) {
			continue
		}
		o := option{spot: spot{svc: x.svc}, typeName: f.def.Type.Name()}
		if provided != nil {
			o.provided = provided
			out = append(out, o)
		}
		if o.provided = f.provides; provided == nil || f.provides != nil {
			out = append(out, o)
		}
	}
	return out
}

// provided looks a field up in what a path provides.
func (s *search) provided(typeName, name string, sel *selection) (sub *selection, found bool) {
	if sel == nil {
		return nil, false
	}
	for _, p := range sel.picks {
		switch {
		case p.field == name:
			return p.sub, true
		case p.field == "" && s.isA(typeName, p.on):
			if sub, found := s.provided(typeName, name, p.sub); found {
				return sub, true
			}
		}
	}
	return nil, false
}

// satisfied says whether what a field requires can be got and brought to its service. As in Apollo's composition that
// is asked from the service itself, however the object came there: another way to the object may not be taken.
func (s *search) satisfied(f *field) bool {
	id := f.typ.svc.name + "@" + f.String()
	if s.active[id] {
		s.cuts++
		return false
	}
	if ok, known := s.settled[id]; known {
		return ok
	}
	s.active[id] = true
	before := s.cuts
	name := f.typ.def.Name
	at := spots{{svc: f.typ.svc}}
	ok := (isRoot(name) || s.entered(f.typ, at)) && s.gets(name, s.reach(name, at), f.requires)
	delete(s.active, id)
	if s.cuts == before {
		s.settled[id] = ok
	}
	return ok
}

// unreachable reports a field, once for all paths to it.
func (s *search) unreachable(v visit, def *ast.FieldDefinition, reached spots) {
	id := v.typeName + "." + def.Name
	if s.told[id] || s.c.full(Error) {
		return
	}
	s.told[id] = true
	m := s.c.merged[v.typeName].fields[def.Name]
	var reasons []string
	var first *field
	for _, p := range m.parts {
		if !p.resolved() {
			continue
		}
		if first == nil {
			first = p
		}
		reasons = append(reasons, s.reason(p, reached))
	}
	if first == nil {
		first = m.parts[0]
	}
	path := v.path.then(id)
	s.c.errorf(first.typ.svc, first.def.Position, "SATISFIABILITY_ERROR",
		"give the type a @key that both services know, or resolve the field where the path leads",
		"%s cannot be reached on the path %s, where the object is held by %s: %s", id, path, v.at.names(), strings.Join(reasons, "; "))
}

func (s *search) reason(p *field, reached spots) string {
	name := p.typ.svc.name
	t := p.typ
	switch {
	case slices.ContainsFunc(reached, func(x spot) bool { return x.svc == t.svc }):
		if p.requires != nil && !isRoot(t.def.Name) && !s.entered(t, spots{{svc: t.svc}}) {
			return strconv.Quote(name) + " must be handed what the field requires, and has no resolvable @key that it knows itself"
		}
		return strconv.Quote(name) + " requires " + strconv.Quote(p.requires.text()) + ", which cannot be got from there by a key"
	case !hasResolvableKey(t):
		return strconv.Quote(name) + " has no resolvable @key of " + t.def.Name
	}
	var keys []string
	for _, k := range t.keys {
		if k.resolvable {
			keys = append(keys, strconv.Quote(k.sel.text()))
		}
	}
	return strconv.Quote(name) + " looks " + t.def.Name + " up by " + strings.Join(keys, " or ") + ", which cannot be got there"
}
