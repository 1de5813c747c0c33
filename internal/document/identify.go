//sonata:pure

package document

import (
	"crypto/md5"  //nolint:gosec // ids of clients' tools, of documents that were registered: nobody is let in by them
	"crypto/sha1" //nolint:gosec // as above
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"sonata.ai/sonata/internal/fault"
)

const hashMark = "sha256:"

// HashOf is the hash of a document's exact source.
func HashOf(source string) string { return hashMark + sha256Of(source) }

func sha256Of(source string) string {
	sum := sha256.Sum256([]byte(source))
	return hex.EncodeToString(sum[:])
}

// idsOf are all ids that a request may send for a registered document: its hash, the bare hashes that clients' tools
// write, and its own alias.
func idsOf(source, alias string) []string {
	sum := sha256Of(source)
	short, shortest := sha1.Sum([]byte(source)), md5.Sum([]byte(source)) //nolint:gosec // see the imports
	ids := []string{hashMark + sum, sum, hex.EncodeToString(short[:]), hex.EncodeToString(shortest[:])}
	if alias != "" {
		ids = append(ids, alias)
	}
	return ids
}

// maxAlias is how long an id of a frontend's own may be.
const maxAlias = 128

// aliasFor returns the alias that an id of a manifest makes: "" for one that is a hash of the source. Fault: Invalid for
// an id that looks like a hash and is none of this source, and for one that no request could send.
func aliasFor(id, source string) (string, error) {
	for _, known := range idsOf(source, "") {
		if id == known {
			return "", nil
		}
	}
	if strings.HasPrefix(id, hashMark) || isHex(id, 64) || isHex(id, 40) || isHex(id, 32) {
		return "", fault.Invalidf("the id %.80q is not the hash of the document: make the manifest again", id)
	}
	bare := strings.TrimPrefix(id, "x-")
	if name, rest, ok := strings.Cut(bare, ":"); ok && len(bare) < len(id) { // x-<prefix>:… is for ids of one's own, too
		bare = name + rest
	}
	if strings.Trim(bare, ".") == "" || len(id) > maxAlias || strings.Trim(bare, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~") != "" {
		return "", fault.Invalidf("the id %.80q cannot be sent: use letters, digits and - _ . ~, at most 128", id)
	}
	return id, nil
}

func isHex(s string, length int) bool {
	return len(s) == length && strings.Trim(s, "0123456789abcdefABCDEF") == ""
}
