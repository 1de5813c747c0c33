package principal_test

import (
	"testing"

	"sonata.ai/sonata/internal/principal"
)

// The services of a grant limit the scopes about services, and no others.
func TestServicesLimitScopesAboutServices(t *testing.T) {
	t.Parallel()
	holder := principal.Principal{Grants: []principal.Grant{{
		Scopes: []string{principal.ServicesWrite, principal.ContentWrite, principal.AuditRead, principal.KeysWrite}, Services: []string{"orders"},
	}}}
	for _, c := range []struct {
		give principal.Grant
		want bool
	}{
		{principal.Grant{Scopes: []string{principal.ServicesWrite}, Services: []string{"orders"}}, true},
		{principal.Grant{Scopes: []string{principal.ServicesWrite}, Services: []string{"orders", "stock"}}, false},
		{principal.Grant{Scopes: []string{principal.ServicesRead}}, false},
		{principal.Grant{Scopes: []string{principal.AuditRead}}, false},
		{principal.Grant{Scopes: []string{principal.ContentRead, principal.KeysRead}}, true},
		{principal.Grant{Scopes: []string{principal.ContentWrite}, Frontend: "frt_1"}, true},
		{principal.Grant{Role: principal.Designer}, false}, // releases
		{principal.Grant{Role: principal.Admin}, false},
	} {
		if got := holder.Covers(c.give); got != c.want {
			t.Errorf("gives %+v: %t", c.give, got)
		}
	}
	for service, want := range map[string]bool{"": true, "orders": true, "stock": false} {
		if got := holder.Can(principal.ServicesWrite, principal.Place{Service: service}); got != want {
			t.Errorf("services:write at %q: %t", service, got)
		}
	}
	if !holder.Can(principal.ContentWrite, principal.Place{Frontend: "frt_1", Environment: "production"}) {
		t.Error("content is limited by services")
	}
}

// A place is one frontend and one environment of it; a grant reaches it when it names neither another frontend nor only
// other environments.
func TestAGrantReachesWhatItNames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		grant principal.Grant
		at    principal.Place
		want  bool
	}{
		{principal.Grant{}, principal.Place{}, true},
		{principal.Grant{}, principal.Place{Frontend: "a", Environment: "production"}, true},
		{principal.Grant{Frontend: "a"}, principal.Place{Frontend: "a"}, true},
		{principal.Grant{Frontend: "a"}, principal.Place{Frontend: "b"}, false},
		{principal.Grant{Frontend: "a"}, principal.Place{}, false},
		{principal.Grant{Environments: []string{"staging"}}, principal.Place{Frontend: "a", Environment: "staging"}, true},
		{principal.Grant{Environments: []string{"staging"}}, principal.Place{Frontend: "a", Environment: "production"}, false},
		{principal.Grant{Environments: []string{"staging"}}, principal.Place{Frontend: "a"}, true},
	} {
		c.grant.Scopes = []string{principal.ReleaseWrite}
		who := principal.Principal{Grants: []principal.Grant{c.grant}}
		if got := who.Can(principal.ReleaseWrite, c.at); got != c.want {
			t.Errorf("%+v reaches %+v: %t", c.grant, c.at, got)
		}
		if who.Can(principal.ContentRead, c.at) {
			t.Errorf("%+v gives more than it says", c.grant)
		}
	}
}
