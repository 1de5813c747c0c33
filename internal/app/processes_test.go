//go:build postgres

package app_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

const (
	screens   = `subscription { activity(frontend: "shop") { kinds } }`
	live      = `{ frontend(slug: "shop") { environment(key: "production") { live { number } } } }`
	makeKey   = `mutation($in: ApiKeyCreateInput!) { apiKeyCreate(input: $in) { apiKey { id } secret userErrors { code message } } }`
	revokeKey = `mutation($id: ID!) { apiKeyRevoke(input: {id: $id}) { userErrors { code } } }`
	signOut   = `mutation { sessionEnd { userErrors { code } } }`
)

// Each production server prints a set-up link of its own. A load balancer takes whoever opens one anywhere; the first
// that is used ends all.
func TestASetUpLinkWorksAtEveryProcessUntilOneIsUsed(t *testing.T) {
	all := several(t, 2, "--mode", "production", "--demo", "on")
	a, b := all[0], all[1]
	if a.app.SetUpLink() == "" || b.app.SetUpLink() == "" || a.browser().h.token == b.browser().h.token {
		t.Fatalf("%q and %q", a.app.SetUpLink(), b.app.SetUpLink())
	}
	ada := a.browser().at(b)
	forged := a.browser()
	forged.h.token = strings.ToUpper(forged.h.token)
	mustContain(t, forged.at(b).setUp("eve@example.com"), `"FORBIDDEN"`)
	mustContain(t, ada.setUp("ada@example.com"), `"name":"Ada"`, `"userErrors":[]`)
	mustContain(t, b.browser().setUp("eve@example.com"), `"FORBIDDEN"`)
	mustContain(t, a.browser().setUp("eve@example.com"), `"FORBIDDEN"`)
	if !ada.at(a).signedIn() {
		t.Error("a session of one process is none at the other")
	}
}

// What a credential holds open at one process ends when it ends through another.
func TestCredentialsEndEverywhere(t *testing.T) {
	all := several(t, 2, "--mode", "production", "--demo", "on")
	a, b := all[0], all[1]
	ada := a.browser()
	mustContain(t, ada.setUp("ada@example.com"), `"userErrors":[]`)
	var made struct {
		APIKeyCreate struct {
			APIKey struct{ ID string }
			Secret string
		}
	}
	a.in(ada).must(&made, makeKey, message{"in": message{"name": "CI", "frontend": "shop", "scopes": []string{"content:read"}}})
	byKey := b.as(made.APIKeyCreate.Secret)
	stream := byKey.follow(screens, nil)
	stream.until(`"SCREENS"`)
	a.in(ada).ask(revokeKey, message{"id": made.APIKeyCreate.APIKey.ID})
	stream.closes()
	byKey.until(`"UNAUTHENTICATED"`, whoAmI, nil)

	session := b.in(ada).follow(screens, nil)
	session.until(`"SCREENS"`)
	a.in(ada).ask(signOut, nil)
	session.closes()
	b.in(ada).until(`"credential":"NONE"`, whoAmI, nil)
}

// The developers of all processes end with the first member, whichever made it.
func TestAMemberEndsTheDeveloperOfEveryProcess(t *testing.T) {
	all := several(t, 2, "--demo", "on")
	a, b := all[0], all[1]
	stream := b.follow(screens, nil)
	stream.until(`"SCREENS"`)
	var made struct{ MemberInvite struct{ Link string } }
	a.must(&made, `mutation { memberInvite(input: {email: "ada@example.com", name: "Ada", grants: [{role: ADMIN}]}) { link } }`, nil)
	_, token, _ := strings.Cut(made.MemberInvite.Link, "#")
	mustContain(t, b.browser().send(`mutation($i: MemberLinkAcceptInput!) { memberLinkAccept(input: $i) { viewer { actor { name } } userErrors { code message } } }`,
		map[string]any{"i": map[string]any{"token": token, "password": good}}), `"name":"Ada"`)
	stream.closes()
	for _, o := range all {
		o.until(`"kind":"ANONYMOUS"`, whoAmI, nil)
	}
}

// A schedule goes live exactly once, whoever looks at the clock.
func TestAScheduleGoesLiveOnceWithSeveralProcesses(t *testing.T) {
	all := several(t, 3, "--demo", "on")
	home := all[0].home()
	var answer any
	const change = `mutation($id: ID!, $title: String!, $version: Int!) { screenUpdate(input: {id: $id, title: $title, expectedVersion: $version}) { screen { version } userErrors { code message } } }`
	all[1].must(&answer, change, message{"id": home, "title": "Later", "version": 1})
	all[2].must(&answer, `mutation($at: Time!) { releaseSchedule(input: {frontend: "shop", title: "Later", at: $at, acknowledgeWarnings: true}) { schedule { id } userErrors { code message } } }`,
		message{"at": time.Now().Add(1500 * time.Millisecond).UTC().Format(time.RFC3339Nano)})
	for _, o := range all {
		o.until(`"live":{"number":2}`, live, nil)
	}
	time.Sleep(1200 * time.Millisecond) // each has looked again
	const log = `{ frontend(slug: "shop") { environment(key: "production") { activations(first: 10) { edges { node { kind sequence } } } } } }`
	for _, o := range all {
		if got := o.ask(log, nil); strings.Count(got, `"kind":"SCHEDULED"`) != 1 {
			t.Error(got)
		}
	}
}

// What is decided through one process about documents, origins and builds holds at the other.
func TestWhatAFrontendDecidesHoldsAtEveryProcess(t *testing.T) {
	all := several(t, 2, "--demo", "on", "--safelist", "off")
	a, b := all[0], all[1]
	var answer any
	a.must(&answer, `mutation { frontendUpdate(input: {id: "shop", origins: ["https://shop.example"]}) { userErrors { code } } }`, nil)
	for deadline := time.Now().Add(eventually); !b.allows("https://shop.example"); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the other process never let the origin in")
		}
	}
	if b.allows("https://evil.example") {
		t.Error("any origin is let in")
	}

	const read = `query Read { screen(at: {key: "home"}, context: {frontend: "shop"}) { title } }`
	var registered struct {
		DocumentsRegister struct{ Documents []struct{ ID string } }
	}
	a.must(&registered, `mutation($body: String!) { documentsRegister(input: {frontend: "shop", documents: [{body: $body}]}) { documents { id } userErrors { code message } } }`, message{"body": read})
	a.must(&answer, `mutation { safelistSet(input: {frontend: "shop", mode: ENFORCE}) { userErrors { code message } } }`, nil)
	var made struct{ APIKeyCreate struct{ Secret string } }
	a.must(&made, makeKey, message{"in": message{"name": "Site", "frontend": "shop", "scopes": []string{"delivery:read"}}})
	site := b.as(made.APIKeyCreate.Secret)
	site.until(`"DOCUMENT_UNKNOWN"`, `query Other { screen(at: {key: "home"}, context: {frontend: "shop"}) { key } }`, nil)
	site.until(`"title"`, read, nil)
	a.must(&answer, `mutation($id: ID!) { documentRetire(input: {id: $id}) { userErrors { code message } } }`, message{"id": registered.DocumentsRegister.Documents[0].ID})
	site.until(`"DOCUMENT_UNKNOWN"`, read, nil)
}

// Calls of a document through both processes are one figure, and so is what visitors use.
func TestCountersOfSeveralProcessesAddUp(t *testing.T) {
	all := several(t, 2, "--demo", "on")
	const read = `query Read { screen(at: {key: "home"}, context: {frontend: "shop"}) { title } }`
	var answer any
	all[0].must(&answer, `mutation($body: String!) { documentsRegister(input: {frontend: "shop", documents: [{body: $body}]}) { documents { id } userErrors { code message } } }`, message{"body": read})
	var made struct{ APIKeyCreate struct{ Secret string } }
	all[0].must(&made, makeKey, message{"in": message{"name": "Site", "frontend": "shop", "scopes": []string{"delivery:read"}}})
	for _, mode := range []struct{ name, answer string }{{"ENFORCE", `"DOCUMENT_UNKNOWN"`}, {"LOG", `"key":"home"`}} { // the other process knows of it once it does as it says
		all[0].must(&answer, `mutation($mode: SafelistMode!) { safelistSet(input: {frontend: "shop", mode: $mode}) { userErrors { code message } } }`, message{"mode": mode.name})
		all[1].as(made.APIKeyCreate.Secret).until(mode.answer, `query Probe { screen(at: {key: "home"}, context: {frontend: "shop"}) { key } }`, nil)
	}
	for i := range 20 {
		site := all[i%2].as(made.APIKeyCreate.Secret)
		site.must(&answer, read, nil)
		site.must(&answer, `query Unknown { screen(at: {key: "home"}, context: {frontend: "shop"}) { key } }`, nil)
		site.must(&answer, `mutation { usageReport(input: {frontend: "shop", release: 1, screens: [{screen: "home", views: 2, blocks: []}]}) { accepted } }`, nil)
	}
	for _, o := range all {
		o.until(`"calls":20`, `{ frontend(slug: "shop") { documents(first: 10) { edges { node { calls } } } } }`, nil)
		o.until(`"calls":20`, `{ frontend(slug: "shop") { unknownDocuments(first: 10) { edges { node { name calls } } } } }`, nil)
		o.until(fmt.Sprintf(`"views":%d`, 40), `{ frontend(slug: "shop") { usage { total { views } } } }`, nil)
	}
}

// A service that joins, changes or leaves through one process does so at every other within two seconds.
func TestServicesJoinAtEveryProcess(t *testing.T) {
	all := several(t, 2, "--demo", "on")
	a, b := all[0], all[1]
	_, catalog := platform{T: t}.service(catalogSDL, catalogData)
	input := message{"input": message{"service": "catalog", "url": catalog, "sdl": catalogSDL, "allowBreaking": true}}
	var answer any
	began := time.Now()
	a.must(&answer, publishSubgraph, input)
	b.until(`"name":"Lamp"`, `{ products { name } }`, nil)
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("the other process served it after %s", took)
	}
	b.must(&answer, `mutation { serviceWithdraw(input: {service: "catalog", allowBreaking: true}) { withdrawn userErrors { message } } }`, nil)
	a.until("Cannot query field", `{ products { name } }`, nil)
	for _, o := range all {
		o.until(`{"number":2`, `{ supergraph { number } }`, nil)
	}
}
