//sonata:pure

package principal

import (
	"slices"
	"strings"
)

// The scopes: permission words noun:verb. What a field of the graph needs stands in its @access.
const (
	DeliveryRead    = "delivery:read" // what is live in environments that are not PUBLIC
	ContentRead     = "content:read"
	ContentWrite    = "content:write"
	ReleaseWrite    = "release:write"
	ComponentsWrite = "components:write"
	FrontendsWrite  = "frontends:write"
	DocumentsRead   = "documents:read"
	DocumentsWrite  = "documents:write"
	ServicesRead    = "services:read"
	ServicesWrite   = "services:write"
	InstancesWrite  = "instances:write"
	KeysRead        = "keys:read"
	KeysWrite       = "keys:write"
	MembersRead     = "members:read"
	MembersWrite    = "members:write"
	AuditRead       = "audit:read"
	GraphExplore    = "graph:explore" // free text and introspection in production
)

// Scopes returns every scope, sorted.
func Scopes() []string {
	all := []string{
		DeliveryRead, ContentRead, ContentWrite, ReleaseWrite, ComponentsWrite, FrontendsWrite, DocumentsRead, DocumentsWrite,
		ServicesRead, ServicesWrite, InstancesWrite, KeysRead, KeysWrite, MembersRead, MembersWrite, AuditRead, GraphExplore,
	}
	slices.Sort(all)
	return all
}

// IsScope reports whether there is such a scope.
func IsScope(s string) bool { return slices.Contains(Scopes(), s) }

// AboutServices reports whether the services of a grant limit a scope. The audit log tells of every service.
func AboutServices(scope string) bool {
	return strings.HasPrefix(scope, "services:") || strings.HasPrefix(scope, "instances:") || scope == AuditRead
}

// Role is a bundle of scopes for people.
type Role string

// The roles.
const (
	Designer  Role = "DESIGNER"
	Developer Role = "DEVELOPER"
	Operator  Role = "OPERATOR"
	Admin     Role = "ADMIN"
)

// ScopesOf returns the scopes of a role; nil for one that does not exist.
func ScopesOf(r Role) []string {
	switch r {
	case Designer:
		return []string{ContentWrite, ReleaseWrite, DocumentsRead}
	case Developer:
		return []string{ContentWrite, ReleaseWrite, ComponentsWrite, DocumentsWrite, ServicesWrite, KeysRead, GraphExplore}
	case Operator:
		return []string{ContentRead, ReleaseWrite, DocumentsRead, ServicesWrite, InstancesWrite, KeysRead, MembersRead, AuditRead, GraphExplore}
	case Admin:
		return Scopes()
	}
	return nil
}

// implies reports whether a scope is the other one, or brings it along as Implied says.
func implies(held, wanted string) bool {
	if held == wanted {
		return true
	}
	if wanted == DeliveryRead {
		return held == ContentRead || held == ContentWrite
	}
	noun, reads := strings.CutSuffix(wanted, ":read")
	writes, ok := strings.CutSuffix(held, ":write")
	return reads && ok && noun == writes
}

// Implied returns the scopes with those that they imply, sorted: noun:write implies noun:read where there is one, and
// content:read implies delivery:read.
func Implied(scopes []string) []string {
	out := slices.Clone(scopes)
	for _, s := range scopes {
		if noun, ok := strings.CutSuffix(s, ":write"); ok && IsScope(noun+":read") {
			out = append(out, noun+":read")
		}
	}
	if slices.Contains(out, ContentRead) {
		out = append(out, DeliveryRead)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
