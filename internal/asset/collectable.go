//sonata:pure

package asset

// keepSeconds is how long what nothing uses is kept after a draft last took it or gave it up: 30 days. So an edit can be
// undone for that long, and what was uploaded in advance is there when it is wanted.
const keepSeconds = 30 * 24 * 60 * 60

// Candidate is a picture that may be collected.
type Candidate struct {
	ID, Frontend, Hash, Label string
	Touched                   int64 // Unix seconds
}

// Collectable returns those that can go: no draft and no release uses them, and nobody touched them lately.
func Collectable(all []Candidate, used map[string]bool, now int64) (gone []Candidate) {
	for _, c := range all {
		if !used[c.Hash] && c.Touched <= now-keepSeconds {
			gone = append(gone, c)
		}
	}
	return gone
}
