//sonata:pure

package principal

import (
	"encoding/json"
	"slices"
)

// Grant is scopes and where they hold.
type Grant struct {
	Role         Role     `json:"role,omitempty"`         // the bundle that the scopes come from; "" for those of an API key
	Scopes       []string `json:"scopes,omitempty"`       // of a grant without a role
	Frontend     string   `json:"frontend,omitempty"`     // id; "" for every frontend
	Environments []string `json:"environments,omitempty"` // keys; none for every environment
	Services     []string `json:"services,omitempty"`     // names, where scopes about services hold; none for every service
}

// All returns the grant's scopes with those that they imply, sorted.
func (g Grant) All() []string {
	if g.Role != "" {
		return Implied(ScopesOf(g.Role))
	}
	return Implied(g.Scopes)
}

// gives reports whether a scope is among All. It is asked on every read, so it makes no list.
func (g Grant) gives(scope string) bool {
	if g.Role == Admin { // every scope
		return true
	}
	scopes := g.Scopes
	if g.Role != "" {
		scopes = ScopesOf(g.Role)
	}
	return slices.ContainsFunc(scopes, func(s string) bool { return implies(s, scope) })
}

// Place is where a scope is needed. The zero value is the whole installation: only a grant for every frontend reaches it.
type Place struct {
	Frontend    string // id
	Environment string // key; "" for what belongs to no environment, for instance drafts
	Service     string // name; "" for what belongs to no service
}

// reaches reports whether the grant holds at a place. A grant for some environments holds for what belongs to none: such
// a key may edit drafts, and publish them only where it is let.
func (g Grant) reaches(at Place) bool {
	return (g.Frontend == "" || g.Frontend == at.Frontend) &&
		(len(g.Environments) == 0 || at.Environment == "" || slices.Contains(g.Environments, at.Environment)) &&
		(len(g.Services) == 0 || at.Service == "" || slices.Contains(g.Services, at.Service)) // only scopes about services are asked for at one
}

// covers reports whether everything that the other grant gives of one scope is given by this one.
func (g Grant) covers(scope string, other Grant) bool {
	return g.gives(scope) &&
		(g.Frontend == "" || g.Frontend == other.Frontend) &&
		subset(other.Environments, g.Environments) && (!AboutServices(scope) || subset(other.Services, g.Services))
}

// subset compares lists of which an empty one means everything.
func subset(small, large []string) bool {
	if len(large) == 0 {
		return true
	}
	return len(small) > 0 && !slices.ContainsFunc(small, func(s string) bool { return !slices.Contains(large, s) })
}

// EncodeGrants returns the form in which grants are stored.
func EncodeGrants(grants []Grant) string {
	b, err := json.Marshal(grants)
	if err != nil {
		return "[]" // strings always marshal
	}
	return string(b)
}

// DecodeGrants reads what EncodeGrants wrote; what cannot be read grants nothing.
func DecodeGrants(s string) []Grant {
	var grants []Grant
	if json.Unmarshal([]byte(s), &grants) != nil {
		return nil
	}
	return grants
}
