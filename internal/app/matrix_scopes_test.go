package app_test

import "testing"

// scopes is what a caller must hold, beside what the schema says that they must: by type or by field. What is not named
// needs no more than what it is read through.
var scopes = map[string]string{
	"Activation":                "content:read",
	"Alert":                     "services:read",
	"ApiKey":                    "keys:read",
	"Asset":                     "content:read",
	"AuditEntry":                "audit:read",
	"AuditRefusal":              "audit:read",
	"Build":                     "content:read",
	"Component":                 "content:read",
	"ComponentVersion":          "content:read",
	"Environment":               "content:read",
	"Frontend":                  "content:read",
	"Frontend.apiKeys":          "keys:read",
	"Frontend.documents":        "documents:read",
	"Frontend.safelist":         "documents:read",
	"Frontend.unknownDocuments": "documents:read",
	"Instance":                  "services:read",
	"Release":                   "content:read",
	"ReleaseSchedule":           "content:read",
	"Screen":                    "content:read",
	"Service":                   "services:read",
	"SubgraphVersion":           "services:read",
	"SupergraphVersion":         "services:read",
	"TrustedDocument":           "documents:read",
	"ScreenSnapshot":            "", // what is live, also for who may read nothing else of the frontend

	"Query.alerts":        "services:read",
	"Query.apiKeys":       "keys:read",
	"Query.auditLog":      "audit:read",
	"Query.auditRefusals": "audit:read",
	"Query.fleet":         "services:read",
	"Query.frontend":      "content:read",
	"Query.frontends":     "content:read",
	"Query.members":       "members:read",
	"Query.node":          "", // what it finds says what it takes
	"Query.nodes":         "",
	"Query.screen":        "",
	"Query.service":       "services:read",
	"Query.services":      "services:read",
	"Query.supergraph":    "services:read",
	"Query.viewer":        "",

	"Subscription.activity": "content:read",
	"Subscription.alerts":   "services:read",
	"Subscription.draft":    "content:read",
	"Subscription.fleet":    "services:read",
	"Subscription.presence": "content:read",
	"Subscription.release":  "",
	"Subscription.screen":   "",
	"Subscription.services": "services:read",

	"Mutation.apiKeyCreate":          "keys:write",
	"Mutation.apiKeyRevoke":          "keys:write",
	"Mutation.apiKeyRotate":          "keys:write",
	"Mutation.buildRegister":         "components:write",
	"Mutation.documentRetire":        "documents:write",
	"Mutation.documentUpdate":        "documents:write",
	"Mutation.documentsRegister":     "documents:write",
	"Mutation.safelistSet":           "documents:write",
	"Mutation.instanceDrain":         "services:write",
	"Mutation.instanceHeartbeat":     "instances:write",
	"Mutation.servicePolicySet":      "services:write",
	"Mutation.serviceScale":          "services:write",
	"Mutation.serviceWithdraw":       "services:write",
	"Mutation.subgraphCheck":         "services:read",
	"Mutation.subgraphPublish":       "services:write",
	"Mutation.subgraphRollBack":      "services:write",
	"Mutation.environmentCreate":     "frontends:write",
	"Mutation.environmentUpdate":     "frontends:write",
	"Mutation.frontendCreate":        "frontends:write",
	"Mutation.frontendUpdate":        "frontends:write",
	"Mutation.memberInvite":          "members:write",
	"Mutation.memberLinkAccept":      "", // by the link
	"Mutation.memberLinkCreate":      "members:write",
	"Mutation.memberRemove":          "members:write",
	"Mutation.memberSessionsEnd":     "", // one's own, or with members:write those of others
	"Mutation.memberUpdate":          "members:write",
	"Mutation.passwordChange":        "", // one's own
	"Mutation.presenceSet":           "content:read",
	"Mutation.previewLinkCreate":     "content:read", // who may see drafts may show them
	"Mutation.releasePromote":        "release:write",
	"Mutation.releasePublish":        "release:write",
	"Mutation.releaseRollBack":       "release:write",
	"Mutation.releaseSchedule":       "release:write",
	"Mutation.releaseScheduleCancel": "release:write",
	"Mutation.screenCreate":          "content:write",
	"Mutation.screenDelete":          "content:write",
	"Mutation.screenDuplicate":       "content:write",
	"Mutation.screenEdit":            "content:write",
	"Mutation.screenRevert":          "content:write",
	"Mutation.screenUpdate":          "content:write",
	"Mutation.sessionCreate":         "",
	"Mutation.sessionEnd":            "",
	"Mutation.setupComplete":         "", // by the link
	"Mutation.usageReport":           "", // what it counts is public
}

// scopeOf is the scope that a field needs: its own, else that of its type; "" for none.
func (m *matrix) scopeOf(kind, field string) string {
	if scope, own := scopes[kind+"."+field]; own {
		return scope
	}
	return scopes[kind]
}

// declaredScope is what @access says of a type or of a field; "" where it says inherit, public or nothing.
func (m *matrix) declaredScope(kind, field string) string {
	d := m.schema.Types[kind].Directives
	if field != "" {
		d = m.schema.Types[kind].Fields.ForName(field).Directives
	}
	access := d.ForName("access")
	if access == nil {
		return ""
	}
	if scope := access.Arguments.ForName("scope").Value.Raw; scope != "public" && scope != "inherit" {
		return scope
	}
	return ""
}

// scopesAgree compares the table with the schema: neither changes without the other, and each root has its row.
func (m *matrix) scopesAgree(t *testing.T) {
	known := map[string]bool{}
	for name, d := range m.schema.Types {
		if len(d.Fields) == 0 || d.BuiltIn {
			continue
		}
		root := d == m.schema.Query || d == m.schema.Mutation || d == m.schema.Subscription
		if known[name] = true; m.declaredScope(name, "") != scopes[name] {
			t.Errorf("%s: the schema asks for %q, the table for %q", name, m.declaredScope(name, ""), scopes[name])
		}
		for _, f := range d.Fields {
			at := name + "." + f.Name
			scope, named := scopes[at]
			if known[at] = true; m.declaredScope(name, f.Name) != scope {
				t.Errorf("%s: the schema asks for %q, the table for %q", at, m.declaredScope(name, f.Name), scope)
			}
			if root && !named && !d.BuiltIn && f.Name[0] != '_' {
				t.Errorf("%s has no row in the table: say what it takes, and why when it takes nothing", at)
			}
		}
	}
	for at := range scopes {
		if !known[at] {
			t.Errorf("%s is in the table, and not in the schema", at)
		}
	}
}
