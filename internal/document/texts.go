package document

import (
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// maxSent bounds, in bytes, the documents that clients had kept here by hash.
const maxSent = 8 << 20

// texts keeps documents by hash within a number of bytes; those that nobody asked for the longest go first.
type texts struct {
	mu    sync.Mutex
	most  int
	bytes int
	kept  *simplelru.LRU[string, string]
}

func newTexts(most int) *texts {
	t := &texts{most: most}
	kept, err := simplelru.NewLRU(most, func(hash, source string) { t.bytes -= len(hash) + len(source) })
	if err != nil {
		panic(err) // only for a size below 1
	}
	t.kept = kept
	return t
}

func (t *texts) get(hash string) (string, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.kept.Get(hash)
}

func (t *texts) put(hash, source string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.kept.Contains(hash) {
		return
	}
	t.bytes += len(hash) + len(source)
	t.kept.Add(hash, source)
	for t.bytes > t.most {
		t.kept.RemoveOldest()
	}
}
