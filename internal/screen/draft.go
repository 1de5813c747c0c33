//sonata:pure

package screen

import (
	"sonata.ai/sonata/internal/canonical"
)

// Draft is the content of a screen as designers see it: what a publish takes.
type Draft struct {
	Key   string
	Title string
	Path  string // pattern; "" for shared parts
	Body  Body
}

// Hash covers key, title, path and body: a draft with the hash of what is live is in sync.
func (d Draft) Hash() (string, error) {
	return canonical.HashOf(map[string]any{"key": d.Key, "title": d.Title, "path": d.Path, "body": d.Body})
}

// SlotNames returns the names of the block's slots that hold something: declared ones first, in their order, then the
// others sorted.
func (b Block) SlotNames(declared []string) []string { return slotNames(b, declared) }
