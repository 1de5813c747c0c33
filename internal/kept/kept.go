// Package kept keeps values within a number of bytes.
package kept

import (
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// Kept keeps values by key; those that nobody asked for the longest go first. It may be used by several goroutines.
type Kept[K comparable, V any] struct {
	mu    sync.Mutex
	most  int
	bytes int
	size  func(K, V) int
	lru   *simplelru.LRU[K, V]
}

// New returns a Kept that holds nothing; size says how many bytes an entry takes, at least 1.
func New[K comparable, V any](most int, size func(K, V) int) *Kept[K, V] {
	k := &Kept[K, V]{most: most, size: size}
	lru, err := simplelru.NewLRU(max(1, most), func(key K, v V) { k.bytes -= size(key, v) })
	if err != nil {
		panic(err) // only for a size below 1
	}
	k.lru = lru
	return k
}

// Get returns what is kept for a key.
func (k *Kept[K, V]) Get(key K) (V, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.lru.Get(key)
}

// Replace keeps a value in place of one that is kept for the key, when that is the one that is meant.
func (k *Kept[K, V]) Replace(key K, isMeant func(V) bool, v V) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if now, ok := k.lru.Peek(key); ok && isMeant(now) {
		k.put(key, v)
	}
}

// Put keeps a value, in place of what was kept for the key.
func (k *Kept[K, V]) Put(key K, v V) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.put(key, v)
}

func (k *Kept[K, V]) put(key K, v V) {
	k.lru.Remove(key)
	k.bytes += k.size(key, v)
	k.lru.Add(key, v)
	for k.bytes > k.most {
		k.lru.RemoveOldest()
	}
}
