//sonata:pure

package component

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"

	"github.com/Masterminds/semver/v3"

	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/fault"
)

// The limits of what one build can register.
const (
	maxEntries = 500
	maxSlots   = 20
	maxRange   = 100 // bytes of a version range
)

// reserved is the component that places a shared screen; no build can define it.
const reserved = "include"

// Manifest is the list of what one build can render, sorted by key and version. Make it with NewManifest.
type Manifest struct {
	Entries []Support
}

// CheckKey says whether key can name a component: a small letter, then up to 63 small letters, digits and hyphens; not
// the reserved word include. It returns a fault of kind Invalid.
func CheckKey(key string) error {
	if !regexp.MustCompile(`^[a-z][a-z0-9-]{0,63}$`).MatchString(key) {
		return fault.Invalidf("%s cannot be a component key: begin with a small letter and use up to 64 small letters, digits and hyphens", quoted(key))
	}
	if key == reserved {
		return fault.Invalidf("the key %q is reserved for shared screens: choose another", reserved)
	}
	return nil
}

// CheckSlots says whether the names can be the slots of one component: at most 20, each once, a small letter and then
// up to 31 letters and digits. It returns a fault of kind Invalid or Exhausted.
func CheckSlots(slots []string) error {
	if len(slots) > maxSlots {
		return fault.Exhaustedf("a component has at most %d slots, this one has %d", maxSlots, len(slots)).WithCode("LIMIT")
	}
	form := regexp.MustCompile(`^[a-z][A-Za-z0-9]{0,31}$`)
	for i, slot := range slots {
		if !form.MatchString(slot) {
			return fault.Invalidf("%s cannot be a slot: begin with a small letter and use up to 32 letters and digits", quoted(slot))
		}
		if slices.Contains(slots[:i], slot) {
			return fault.Invalidf("the slot %q is declared twice", slot)
		}
	}
	return nil
}

// NewManifest sorts and checks the entries: at most 500, keys as in CheckKey, each key once per major, ranges that are
// semver ranges and include the entry's own version. An empty range becomes ^major. It returns a fault of kind Invalid
// or Exhausted and leaves the argument as it is.
func NewManifest(entries []Support) (Manifest, error) {
	if len(entries) > maxEntries {
		return Manifest{}, fault.Exhaustedf("a manifest has at most %d entries, this one has %d", maxEntries, len(entries)).WithCode("LIMIT")
	}
	sorted := slices.Clone(entries)
	for i := range sorted {
		if err := checkSupport(&sorted[i]); err != nil {
			return Manifest{}, err
		}
	}
	slices.SortFunc(sorted, func(a, b Support) int {
		return cmp.Or(cmp.Compare(a.Key, b.Key), a.Version.Compare(b.Version))
	})
	for i := 1; i < len(sorted); i++ {
		if a, b := sorted[i-1], sorted[i]; a.Key == b.Key && a.Version.Major == b.Version.Major {
			return Manifest{}, fault.Invalidf("%s is listed with %s and %s: list each major version once", a.Key, a.Version, b.Version)
		}
	}
	return Manifest{Entries: sorted}, nil
}

func checkSupport(s *Support) error {
	if err := CheckKey(s.Key); err != nil {
		return err
	}
	if v := s.Version; v.Major < 1 || v.Major > maxVersionPart || v.Minor < 0 || v.Minor > maxVersionPart {
		return fault.Invalidf("%s: %s is not a version: major is 1 to %d, minor 0 to %d", s.Key, v, maxVersionPart, maxVersionPart)
	}
	if s.Range == "" {
		s.Range = "^" + strconv.Itoa(s.Version.Major)
	}
	if _, ok := parseRange(s.Range); !ok {
		return fault.Invalidf("%s: %s is not a version range: write for instance ^%d or >=%d.0 <%d", s.Key, quoted(s.Range),
			s.Version.Major, s.Version.Major, s.Version.Major+1)
	}
	if !s.Renders(s.Version) {
		return fault.Invalidf("%s: the range %s does not include %s, the version that the build ships", s.Key, quoted(s.Range), s.Version)
	}
	return nil
}

func parseRange(s string) (*semver.Constraints, bool) {
	if len(s) > maxRange {
		return nil, false
	}
	c, err := semver.NewConstraint(s)
	return c, err == nil
}

// Renders reports whether the build can render content stamped with v. An empty range means ^major; a range that is
// not one renders nothing.
func (s Support) Renders(v Version) bool {
	if s.Range == "" {
		return v.Major == s.Version.Major
	}
	c, ok := parseRange(s.Range)
	if !ok || v.Major < 0 || v.Minor < 0 {
		return false
	}
	return c.Check(semver.New(uint64(v.Major), uint64(v.Minor), 0, "", ""))
}

// hashed is the form of an entry that the hash of a manifest covers.
type hashed struct {
	Key          string `json:"key"`
	Version      string `json:"version"`
	Range        string `json:"range"`
	ContractHash string `json:"contractHash"`
}

// Hash addresses the manifest: the canonical hash over key, version, range and contract hash of each entry. Two builds
// that can render the same have the same hash.
func (m Manifest) Hash() string {
	list := make([]hashed, len(m.Entries))
	for i, e := range m.Entries {
		list[i] = hashed{Key: e.Key, Version: e.Version.String(), Range: e.Range, ContractHash: e.ContractHash}
	}
	hash, err := canonical.HashOf(list)
	if err != nil {
		// Four strings always have a canonical form once they are valid UTF-8, which encoding/json sees to.
		return canonical.Hash(nil)
	}
	return hash
}
