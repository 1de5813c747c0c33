package server

import (
	"encoding/json"
	"hash/maphash"
	"io"
	"net/http"
	"sync"

	"sonata.ai/sonata/internal/document"
	"sonata.ai/sonata/internal/kept"
)

// How much is kept of requests that were read.
const (
	questionsBytes = 8 << 20
	maxQuestion    = 16 << 10 // bytes of one, as it was sent: far below what any caller may send
)

// questions keeps how requests were read whose answers are kept, by their exact bytes: what was read once need not be
// decoded again. Nothing of it depends on who asks; whether the document may run, what it may read and what of their
// budget is left is asked for each request.
type questions struct {
	seed    maphash.Seed
	kept    *kept.Kept[uint64, *understood]
	buffers sync.Pool // of *[maxQuestion]byte
}

// understood is a request as it was read. Nobody changes it.
type understood struct {
	get        bool
	path, raw  string // what the address names of a document; the body or the query string
	query      string
	hash       string // of query; "" without one
	operation  string
	variables  string
	extensions map[string]any
	document   documentRef
}

func newQuestions() *questions {
	return &questions{
		seed:    maphash.MakeSeed(),
		kept:    kept.New(questionsBytes, func(_ uint64, q *understood) int { return 2*len(q.raw) + 512 }),
		buffers: sync.Pool{New: func() any { return new([maxQuestion]byte) }},
	}
}

// keyOf is where a question is looked for. No client can know what falls on the same key, and what does is told apart.
func (x *questions) keyOf(get bool, path string, raw []byte) uint64 {
	var h maphash.Hash
	h.SetSeed(x.seed)
	if get {
		h.WriteByte('?')
	}
	h.WriteString(path)
	h.WriteByte(0)
	h.Write(raw)
	return h.Sum64()
}

// find reads what was read before into s, and reports whether it was.
func (x *questions) find(s *sent, raw []byte) bool {
	q, ok := x.kept.Get(x.keyOf(s.get, s.path, raw))
	if !ok || q.get != s.get || q.path != s.path || q.raw != string(raw) {
		return false
	}
	s.question = q
	s.params.Query, s.params.OperationName, s.params.Extensions = q.query, q.operation, q.extensions
	s.variables = json.RawMessage(q.variables)
	s.document.id, s.document.sha256 = q.document.id, q.document.sha256
	return true
}

// keep keeps how a request was read.
func (x *questions) keep(s *sent) {
	if s.question != nil || s.raw == nil {
		return
	}
	q := &understood{
		get: s.get, path: s.path, raw: string(s.raw), query: s.source, operation: s.params.OperationName,
		variables: string(s.variables), extensions: s.params.Extensions, document: s.document,
	}
	if s.source != "" {
		q.hash = document.HashOf(s.source)
	}
	x.kept.Put(x.keyOf(q.get, q.path, s.raw), q)
}

// body reads a short body that says how long it is. Where it was read before, known is true and nothing is left to do;
// otherwise it is returned, or why it ended too early.
func (x *questions) body(s *sent, r *http.Request) (body []byte, known bool, err error) {
	buffer, _ := x.buffers.Get().(*[maxQuestion]byte)
	defer x.buffers.Put(buffer)
	raw := buffer[:r.ContentLength]
	if _, err := io.ReadFull(r.Body, raw); err != nil {
		return nil, false, err
	}
	if x.find(s, raw) {
		return nil, true, nil
	}
	s.raw = append(make([]byte, 0, len(raw)), raw...)
	return s.raw, false, nil
}
