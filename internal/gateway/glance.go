package gateway

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// likes reports whether an answer has data and nothing else, entities as they were asked for, and values as their fields have
// them. It reads the answer once, along with what is expected of it, and takes nothing apart. Whatever it is not sure of it
// does not like: that is for vet and conform, which find out what is wrong and say so. They would leave alone what it likes.
// Of our own part there is no shape: it is looked at as gqlgen made it.
func likes(question, answer []byte, shape *conformer, fits func(asked, got string) bool) bool {
	g := glance{reader: reader{b: answer}, question: reader{b: question}, shape: shape, fits: fits}
	g.ask()
	return g.question.ended() && g.ended() && g.looked
}

// glance is one look at one answer.
type glance struct {
	reader          // of the answer
	question reader // which stands at the representations while the entities are read
	before   byte   // the next representation, as item has it; 0 where there are none
	expects  *expectation
	shape    *conformer
	fits     func(asked, got string) bool
	looked   bool
}

// ask reads the question, and the answer where the question comes to its representations; where it has none, at the end.
func (g *glance) ask() {
	q := &g.question
	for key, more := q.member('{'); more; key, more = q.member(',') {
		switch string(key) {
		case "query":
			g.expect(q.text())
		case "variables":
			g.variables()
		case "operationName", "extensions":
			q.skip()
		default:
			q.fail() // we write nothing else, nor any of these in another way
		}
	}
	if !g.looked && !q.bad {
		g.answer(false)
	}
}

// expect finds what is expected; the question has one text.
func (g *glance) expect(text []byte) {
	if g.expects != nil || g.looked || g.question.bad {
		g.fail()
		return
	}
	if g.shape == nil {
		g.expects = &expectation{data: expectedFields{list: []expectedField{{key: entities, value: &expected{kind: expectEntities}}}}}
		return
	}
	query := string(text)
	if g.question.escaped {
		query = unescaped(text)
	}
	q := g.shape.question(query)
	if q == nil || !q.expects.known {
		g.fail()
		return
	}
	g.expects = &q.expects
}

// unescaped is a text as it is meant; nothing where it means nothing.
func unescaped(text []byte) (meant string) {
	if json.Unmarshal(slices.Concat([]byte{'"'}, text, []byte{'"'}), &meant) != nil {
		return ""
	}
	return meant
}

func (g *glance) variables() {
	q := &g.question
	if q.peek() != '{' {
		q.skip()
		return
	}
	for key, more := q.member('{'); more; key, more = q.member(',') {
		switch {
		case string(key) == "representations" && !g.looked:
			g.before = '['
			g.answer(true)
		case strings.EqualFold(string(key), "representations"):
			g.fail()
			return
		default:
			q.skip()
		}
	}
}

// answer reads the answer. Beside data there may be extensions, which nobody looks at.
func (g *glance) answer(entities bool) {
	g.looked = true
	if g.expects == nil || g.shape != nil && entities != g.expects.entities {
		g.fail()
		return
	}
	var data, extensions bool
	for key, more := g.member('{'); more; key, more = g.member(',') {
		switch {
		case string(key) == "data" && !data:
			data = true
			g.fields(&g.expects.data)
		case string(key) == "extensions" && !extensions:
			extensions = true
			g.skip()
		default:
			g.fail()
		}
	}
	if !data { // that it has entities shows in the question, which does not go on where none were read
		g.fail()
	}
}

// fields reads an object. What stands in it twice is looked at twice.
func (g *glance) fields(of *expectedFields) {
	next := 0
	for more := g.step('{', '}'); more; more = g.step(',', '}') {
		if of.says != "" && g.takes(of.says) {
			continue
		}
		at := next
		if at == len(of.list) || of.list[at].written == "" || !g.takes(of.list[at].written) {
			key := g.key()
			if of.name != "" && string(key) == typename {
				if string(g.name()) != of.name {
					g.fail()
				}
				continue
			}
			if at = of.find(key); at < 0 {
				if isOdd(key) {
					g.fail()
				}
				g.skip() // it was not asked for
				continue
			}
		}
		next = at + 1
		if value := of.list[at].value; value != nil {
			g.value(value, value.lists)
		} else {
			g.skip()
		}
	}
}

// find is the place of a key; -1 for one that was not asked for.
func (f *expectedFields) find(key []byte) int {
	for i := range f.list {
		if f.list[i].key == string(key) {
			return i
		}
	}
	return -1
}

func (g *glance) value(of *expected, lists int) {
	if of.kind == expectEntities {
		g.entities(of.object)
		return
	}
	if g.null() { // where it may not be, the engine says so
		return
	}
	if lists > 0 {
		for more := g.item('['); more; more = g.item(',') {
			g.value(of, lists-1)
		}
		return
	}
	switch of.kind {
	case expectObject:
		g.object(of.object)
	case expectEnum:
		if !of.values[string(g.name())] {
			g.fail()
		}
	default:
		g.scalar(of.kind)
	}
}

// scalar is stricter than scalarFits with numbers that are written in an unusual way.
func (g *glance) scalar(kind expectedKind) {
	const digits, most = 10, 200
	switch c := g.peek(); {
	case kind == expectAnything:
		g.skip()
	case kind == expectBoolean:
		g.boolean()
	case kind == expectString || kind == expectID && c == '"':
		g.text()
	case kind == expectInt:
		number, whole := g.number()
		if _, err := strconv.ParseInt(string(number), digits, 32); err != nil || !whole {
			g.fail()
		}
	case kind == expectID:
		number, whole := g.number()
		if _, err := strconv.ParseInt(string(number), digits, 64); err != nil || !whole {
			g.fail()
		}
	default:
		number, whole := g.number()
		if len(number) > most { // what is shorter has to have an exponent to be too large
			g.fail()
		} else if !whole {
			if _, err := strconv.ParseFloat(string(number), 64); err != nil {
				g.fail()
			}
		}
	}
}

// object reads an object that says of which type it is, if it may be of several. Where it does so does not matter.
func (g *glance) object(of *expectedObject) {
	if of.others == nil && !of.tells {
		g.fields(&of.itself)
		return
	}
	told, ok := g.told()
	fields := &of.itself
	if of.tells || len(told) > 0 && string(told) != of.itself.name {
		fields = of.others[string(told)]
	}
	if !ok || fields == nil {
		g.fail()
		return
	}
	g.fields(fields)
}

// entities reads as many entities as there are representations, each of its type or null.
func (g *glance) entities(of *expectedObject) {
	for more := g.item('['); more; more = g.item(',') {
		asked := g.represented()
		if g.null() {
			continue
		}
		told, ok := g.told()
		if !ok || len(told) > 0 && string(told) != string(asked) && !g.fits(string(asked), string(told)) {
			g.fail()
			return
		}
		fields := &expectedFields{}
		if of == nil {
			fields.name = string(told)
		} else if len(told) > 0 { // where it does not say what it is, nobody knows what to look for
			fields = of.others[string(told)]
		}
		if fields == nil {
			g.fail()
			return
		}
		g.fields(fields)
	}
	if g.before == 0 || g.question.item(g.before) {
		g.fail()
	}
	g.before = ','
}

// represented is the type of the next representation.
func (g *glance) represented() (name []byte) {
	q := &g.question
	if g.before == 0 || !q.item(g.before) {
		g.fail()
		return nil
	}
	g.before = ','
	for key, more := q.member('{'); more; key, more = q.member(',') {
		if string(key) == typename && name == nil {
			name = q.name()
			continue
		}
		if string(key) == typename || isOdd(key) {
			q.fail()
		}
		q.skip()
	}
	return name
}
