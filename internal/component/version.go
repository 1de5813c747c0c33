//sonata:pure

package component

import (
	"cmp"
	"strconv"
	"strings"

	"sonata.ai/sonata/internal/fault"
)

// maxVersionPart bounds major and minor, so that a version always fits a database column and a semver range.
const maxVersionPart = 9999

// ParseVersion reads "2", "2.3" or "2.3.0". Major is 1 to 9999, minor 0 to 9999, and a patch must be 0. It returns a
// fault of kind Invalid.
func ParseVersion(s string) (Version, error) {
	parts := strings.Split(s, ".")
	if len(parts) > 3 {
		return Version{}, fault.Invalidf("%s is not a version: component versions are major.minor, for instance 2.3", quoted(s))
	}
	numbers := [3]int{}
	for i, part := range parts {
		n, ok := parseVersionPart(part)
		if !ok {
			return Version{}, fault.Invalidf("%s is not a version: component versions are major.minor, for instance 2.3", quoted(s))
		}
		numbers[i] = n
	}
	if numbers[2] != 0 {
		return Version{}, fault.Invalidf("%s has a patch number: component versions are major.minor", quoted(s))
	}
	if numbers[0] < 1 {
		return Version{}, fault.Invalidf("%s is not a version: the first major is 1", quoted(s))
	}
	return Version{Major: numbers[0], Minor: numbers[1]}, nil
}

// parseVersionPart takes plain digits only: strconv alone would also accept a sign, and "02" and "2" would be two
// spellings of one version.
func parseVersionPart(s string) (int, bool) {
	if s == "" || len(s) > 4 || strings.Trim(s, "0123456789") != "" || (len(s) > 1 && s[0] == '0') {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

// String returns major.minor, for instance 2.3.
func (v Version) String() string { return strconv.Itoa(v.Major) + "." + strconv.Itoa(v.Minor) }

// Compare returns -1, 0 or 1, by major first.
func (v Version) Compare(other Version) int {
	if c := cmp.Compare(v.Major, other.Major); c != 0 {
		return c
	}
	return cmp.Compare(v.Minor, other.Minor)
}

// Less reports whether v comes before other.
func (v Version) Less(other Version) bool { return v.Compare(other) < 0 }

// quoted shows a text from outside in a message, cut so that a message stays readable.
func quoted(s string) string {
	const most = 60
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return strconv.Quote(s)
}
