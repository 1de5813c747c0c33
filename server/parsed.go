package server

import (
	"container/list"
	"context"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"sonata.ai/sonata/internal/document"
)

// How much is kept of documents that were parsed and validated. nodeBytes is measured (BenchmarkParsedSize): a document
// takes 110 to 220 bytes for each node of its tree, which is 24 to 55 times its text, whatever it is made of.
const (
	parsedBytes = 16 << 20
	onceBytes   = parsedBytes / 4 // of those that were asked for once
	nodeBytes   = 256
)

// parsed keeps documents that were parsed and validated, with what was found out about their operations, within a number
// of bytes. One that was asked for once is kept among its kind, and one that was asked for again among the others: whoever
// sends a million documents once moves none of those in real use.
type parsed struct {
	mu     sync.Mutex
	known  map[string]*list.Element // by text; values are *keptDocument
	once   segment
	again  segment
	weighs map[*ast.OperationDefinition]weight

	learn, forget func(*ast.QueryDocument) // told of what is kept, and of what is not any more
}

var _ graphql.Cache[*ast.QueryDocument] = &parsed{}

// segment is a list of documents, the one asked for last in front.
type segment struct {
	list.List
	bytes, most int
}

type keptDocument struct {
	text     string
	document *ast.QueryDocument
	bytes    int
	in       *segment
}

func newParsed(most, once int, learn, forget func(*ast.QueryDocument)) *parsed {
	return &parsed{
		known: map[string]*list.Element{}, weighs: map[*ast.OperationDefinition]weight{},
		once: segment{most: once}, again: segment{most: most - once}, learn: learn, forget: forget,
	}
}

// has reports whether the document of a text is kept. That is no use of it.
func (c *parsed) has(text string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, ok := c.known[text]
	return ok
}

// Get returns the document of a text. What is found is in real use.
func (c *parsed) Get(ctx context.Context, text string) (*ast.QueryDocument, bool) {
	if s := sentIn(ctx); s != nil && s.valid != nil && s.params.Query == text {
		return s.valid, true // it was found valid for this request: that is no second use
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.known[text]
	if !ok {
		return nil, false
	}
	k := e.Value.(*keptDocument) //nolint:forcetypeassert // nothing else is put in
	if k.in == &c.again {
		c.again.MoveToFront(e)
		return k.document, true
	}
	if k.bytes > c.again.most {
		return k.document, true
	}
	c.once.take(e)
	c.known[text] = c.again.put(k)
	for c.again.bytes > c.again.most { // back among the others, where it may be asked for once more
		last := c.again.last()
		c.again.take(c.again.Back())
		c.known[last.text] = c.once.put(last)
	}
	c.shrink()
	return k.document, true
}

// Add keeps a document, unless it is too large. The same text is parsed twice when two ask for it at once: the last stays.
func (c *parsed) Add(_ context.Context, text string, document *ast.QueryDocument) {
	k := &keptDocument{text: text, document: document, bytes: sizeOf(text, document)}
	if k.bytes > c.once.most {
		return
	}
	weighs := make([]weight, len(document.Operations))
	for i, op := range document.Operations {
		weighs[i] = weightOf(op)
	}
	c.learn(document)
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.known[text]; ok {
		c.drop(e)
	}
	for i, op := range document.Operations {
		c.weighs[op] = weighs[i]
	}
	c.known[text] = c.once.put(k)
	c.shrink()
}

// weightOf is what an operation holds, which is found out once for a document that is kept.
func (c *parsed) weightOf(op *ast.OperationDefinition) weight {
	c.mu.Lock()
	w, ok := c.weighs[op]
	c.mu.Unlock()
	if ok {
		return w
	}
	return weightOf(op)
}

func (c *parsed) shrink() {
	for c.once.bytes > c.once.most {
		c.drop(c.once.Back())
	}
}

func (c *parsed) drop(e *list.Element) {
	k := e.Value.(*keptDocument) //nolint:forcetypeassert // nothing else is put in
	k.in.take(e)
	delete(c.known, k.text)
	for _, op := range k.document.Operations {
		delete(c.weighs, op)
	}
	c.forget(k.document)
}

func (s *segment) put(k *keptDocument) *list.Element {
	k.in = s
	s.bytes += k.bytes
	return s.PushFront(k)
}

func (s *segment) take(e *list.Element) {
	s.bytes -= e.Value.(*keptDocument).bytes //nolint:forcetypeassert // nothing else is put in
	s.Remove(e)
}

func (s *segment) last() *keptDocument { return s.Back().Value.(*keptDocument) } //nolint:forcetypeassert // nothing else is put in

// sizeOf estimates what a document takes in memory, its text included.
func sizeOf(text string, doc *ast.QueryDocument) int {
	return len(text) + document.Nodes(doc)*nodeBytes
}
