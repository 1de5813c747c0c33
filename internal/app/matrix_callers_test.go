package app_test

import (
	"slices"
	"strings"
)

// This file is the oracle of the matrix: who holds what, and what that lets them see. It is written down from the
// schema's descriptions and the rules of the design, and knows nothing of the code that it judges.

// grant is scopes, by a role or one by one, and where they hold.
type grant struct {
	role         string
	scopes       []string
	tenant       string   // slug; "" for every frontend
	environments []string // none for every environment
}

// caller is somebody who asks.
type caller struct {
	name   string
	grants []grant
	header []string
	member string // id, of one who signed in
}

// scopesOfRoles is the enum Role of the schema.
func scopesOfRoles() map[string][]string {
	designer := []string{"content:read", "content:write", "delivery:read", "documents:read", "release:write"}
	developer := append(slices.Clone(designer), "components:write", "documents:write", "graph:explore", "keys:read", "services:read", "services:write")
	operator := []string{
		"audit:read", "content:read", "delivery:read", "documents:read", "graph:explore", "instances:write", "keys:read", "members:read",
		"release:write", "services:read", "services:write",
	}
	return map[string][]string{"DESIGNER": designer, "DEVELOPER": developer, "OPERATOR": operator, "ADMIN": allScopes()}
}

func allScopes() []string {
	return []string{
		"audit:read", "components:write", "content:read", "content:write", "delivery:read", "documents:read", "documents:write",
		"frontends:write", "graph:explore", "instances:write", "keys:read", "keys:write", "members:read", "members:write",
		"release:write", "services:read", "services:write",
	}
}

// implied are the scopes that one brings along: noun:write its noun:read, reading content reading what is delivered.
func implied(scope string) []string {
	switch scope {
	case "content:write":
		return []string{"content:read", "delivery:read"}
	case "content:read":
		return []string{"delivery:read"}
	case "documents:write", "keys:write", "members:write", "services:write":
		return []string{strings.TrimSuffix(scope, "write") + "read"}
	}
	return nil
}

// all returns what the grant gives.
func (g grant) all() []string {
	if g.role != "" {
		return scopesOfRoles()[g.role]
	}
	out := slices.Clone(g.scopes)
	for _, s := range g.scopes {
		out = append(out, implied(s)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// holds is the first check: the scope, anywhere.
func (c *caller) holds(scope string) bool {
	return slices.ContainsFunc(c.grants, func(g grant) bool { return slices.Contains(g.all(), scope) })
}

// at is the second check: the scope in a frontend, and there in an environment. What belongs to no environment is reached
// by a grant for some; what belongs to no frontend only by one for every frontend.
func (c *caller) at(scope, tenant, environment string) bool {
	return slices.ContainsFunc(c.grants, func(g grant) bool {
		return slices.Contains(g.all(), scope) && (g.tenant == "" || g.tenant == tenant) &&
			(len(g.environments) == 0 || environment == "" || slices.Contains(g.environments, environment))
	})
}

// throughout is the scope in every one of some environments of a frontend; of all there are when none is named. A log tells of
// every environment, and a key may hold in several.
func (c *caller) throughout(scope, tenant string, environments ...string) bool {
	return slices.ContainsFunc(c.grants, func(g grant) bool {
		outside := func(e string) bool { return !slices.Contains(g.environments, e) }
		return slices.Contains(g.all(), scope) && (g.tenant == "" || g.tenant == tenant) &&
			(len(g.environments) == 0 || len(environments) > 0 && !slices.ContainsFunc(environments, outside))
	})
}

// scopes returns everything that the caller holds somewhere.
func (c *caller) scopes() []string {
	out := []string{}
	for _, g := range c.grants {
		out = append(out, g.all()...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// knows reports whether the caller has anything to do with a frontend: others see nothing of it but what it publishes.
func (c *caller) knows(tenant string) bool {
	return slices.ContainsFunc(c.grants, func(g grant) bool { return g.tenant == "" || g.tenant == tenant })
}

// object is something with an id.
type object struct {
	kind, id    string
	tenant      string   // slug; "" for what belongs to no frontend
	environment string   // key; "" for what belongs to none
	grants      []string // of a member: slugs of the frontends, "" for every
	holds       []string // of a key: the environments, none for every one
	stands      []string // of a snapshot: the environments where its release is or was live and was not withdrawn
}

// sees says who may read an object by its id, and wherever else it turns up.
func (m *matrix) sees(c *caller, o object) bool {
	switch o.kind {
	case "Frontend", "Screen", "Component", "ComponentVersion", "Build", "Release", "Asset", "Environment", "Activation", "ReleaseSchedule":
		return c.at("content:read", o.tenant, o.environment)
	case "ApiKey":
		return c.throughout("keys:read", o.tenant, o.holds...)
	case "TrustedDocument":
		return c.at("documents:read", o.tenant, "")
	case "AuditEntry":
		return c.throughout("audit:read", o.tenant)
	case "Member":
		return o.id == c.member || slices.ContainsFunc(o.grants, func(tenant string) bool { return c.at("members:read", tenant, "") })
	case "ScreenSnapshot":
		return c.at("content:read", o.tenant, "") || slices.ContainsFunc(o.stands, func(e string) bool { return m.reads(c, o.tenant, e) })
	}
	m.t.Fatalf("who may see a %s? Say so in sees", o.kind)
	return false
}

// reads says who may read what is live in an environment.
func (m *matrix) reads(c *caller, tenant, environment string) bool {
	of := m.tenants[tenant]
	if !slices.Contains(of.environments(), environment) {
		return false
	}
	return of.public && environment == "production" || c.at("delivery:read", tenant, environment)
}

// keys are the API keys that ask, by name; people are the members.
func askingKeys() map[string]grant {
	everything := slices.DeleteFunc(allScopes(), func(s string) bool { return s == "services:write" || s == "instances:write" }) // those name services
	all := map[string]grant{
		"a key for staging of shop":               {scopes: everything, tenant: "shop", environments: []string{"staging"}},
		"a key for production of shop":            {scopes: everything, tenant: "shop", environments: []string{"production"}},
		"a key for delivery in staging of shop":   {scopes: []string{"delivery:read"}, tenant: "shop", environments: []string{"staging"}},
		"a key for staging of blog":               {scopes: everything, tenant: "blog", environments: []string{"staging"}},
		"a key for everything in blog":            {scopes: everything, tenant: "blog"},
		publishable:                               {scopes: []string{"delivery:read"}, tenant: "shop"},
		"a key for content of every frontend":     {scopes: []string{"content:read"}},
		"a key for keys and members of all shops": {scopes: []string{"keys:read", "members:read"}},
	}
	for _, s := range allScopes() {
		all["a key for "+s+" in shop"] = grant{scopes: []string{s}, tenant: "shop"}
	}
	return all
}

const publishable = "a publishable key of shop"

func askingPeople() map[string][]grant {
	return map[string][]grant{
		"the designer of shop":                {{role: "DESIGNER", tenant: "shop"}},
		"the developer of shop":               {{role: "DEVELOPER", tenant: "shop"}},
		"the operator of shop":                {{role: "OPERATOR", tenant: "shop"}},
		adminOfShop:                           {{role: "ADMIN", tenant: "shop"}},
		"the admin of blog":                   {{role: "ADMIN", tenant: "blog"}},
		"an admin of shop, operator of blog":  {{role: "ADMIN", tenant: "shop"}, {role: "OPERATOR", tenant: "blog"}},
		"an admin of shop, designer of blog":  {{role: "ADMIN", tenant: "shop"}, {role: "DESIGNER", tenant: "blog"}},
		"a designer of shop, in staging only": {{role: "DESIGNER", tenant: "shop", environments: []string{"staging"}}},
	}
}

const (
	nobody      = "nobody"
	adminOfAll  = "the admin of everything"
	adminOfShop = "the admin of shop"
	newcomer    = "who signs in" // asks as nobody and is answered as somebody of shop
)
