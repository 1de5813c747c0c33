package app_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// followed is one open subscription of the matrix.
type followed struct {
	*stream
	field, document string
	at              site
	heard           []map[string]any // data of its events
}

// subscriptionVariables says how each is asked at a place.
func (m *matrix) subscriptionVariables(field string, at site) map[string]any {
	switch field {
	case "activity":
		return map[string]any{"frontend": at.slug}
	case "release":
		return map[string]any{"frontend": at.slug, "environment": at.environment}
	case "screen":
		return map[string]any{"at": map[string]any{"key": "home"}, "context": map[string]any{"frontend": at.slug, "environment": at.environment}}
	case "draft":
		version := m.one("SELECT version FROM screens WHERE id = ?", at.ids["home"])
		return map[string]any{"screen": at.ids["home"], "since": json.Number(version)}
	case "presence":
		return map[string]any{"screen": at.ids["home"], "client": m.fresh("the client of a tab"), "name": "Somebody"}
	}
	m.t.Fatalf("how is the subscription %s asked? Say so in subscriptionVariables", field)
	return nil
}

// subscriptionDocument asks for everything that a subscription answers.
func (m *matrix) subscriptionDocument(field string, variables map[string]any) string {
	return m.written("subscription "+field, func() string {
		f := m.schema.Subscription.Fields.ForName(field)
		var types, given []string
		for _, name := range sortedKeys(variables) {
			types = append(types, fmt.Sprintf("$%s: %s", name, f.Arguments.ForName(name).Type))
			given = append(given, fmt.Sprintf("%s: $%s", name, name))
		}
		if len(given) == 0 {
			return fmt.Sprintf("subscription { %s%s }", field, m.below(f, 1))
		}
		return fmt.Sprintf("subscription(%s) { %s(%s)%s }", strings.Join(types, ", "), field, strings.Join(given, ", "), m.below(f, 1))
	})
}

// ofEnvironment are the subscriptions to what is delivered in an environment; the others are to drafts, and belong to none.
func ofEnvironment(field string) bool { return field == "release" || field == "screen" }

// ofServices are the subscriptions to what belongs to no frontend.
func ofServices(field string) bool {
	return field == "services" || field == "fleet" || field == "alerts"
}

// subscriptions opens every subscription as everybody, everywhere: it is refused before it begins, or told of its own frontend
// alone while the others change.
func (m *matrix) subscriptions(t *testing.T) {
	var open []*followed
	for _, c := range m.callers {
		m.servicesFollowed(t, c)
		m.fleetFollowed(t, c)
		for _, f := range m.schema.Subscription.Fields {
			if ofServices(f.Name) {
				continue
			}
			for _, slug := range sortedKeys(m.tenants) {
				environments := []string{""}
				if ofEnvironment(f.Name) {
					environments = []string{"production", "staging"}
				}
				for _, environment := range environments {
					if s := m.begin(t, c, f.Name, site{m.tenants[slug], environment}); s != nil {
						open = append(open, s)
					}
				}
			}
		}
	}
	for _, s := range open {
		m.watching[s.field+" "+s.at.slug]++
	}
	if len(m.watching) != (len(m.schema.Subscription.Fields)-3)*len(m.tenants) {
		t.Errorf("some streams were never open: %v", m.watching)
	}
	m.move(m.tenants["blog"])
	m.move(m.tenants["vault"])
	m.drain(t, open, func(s *followed) bool { return s.at.slug != "shop" })
	for _, s := range open { // the others had all of it: what was for these by mistake would be there
		if s.at.slug == "shop" && s.field != "presence" && m.hear(s, 0) != nil {
			t.Errorf("%s, following %s of shop, was told of what others did: %v", s.c.name, s.field, s.heard)
		}
	}
	m.move(m.tenants["shop"])
	m.drain(t, open, func(s *followed) bool { return s.at.slug == "shop" })
	for _, s := range open {
		s.stop()
	}
}

// begin opens a subscription, and returns it when it was not rightly refused.
func (m *matrix) begin(t *testing.T, c *caller, field string, at site) *followed {
	t.Helper()
	what := fmt.Sprintf("%s, following %s of %s %s", c.name, field, at.slug, at.environment)
	variables := m.subscriptionVariables(field, at)
	document := m.subscriptionDocument(field, variables)
	may := c.at("content:read", at.slug, "")
	if ofEnvironment(field) {
		may = m.reads(c, at.slug, at.environment)
	}
	s := &followed{stream: m.follow(c, document, variables), field: field, document: document, at: at}
	if may {
		if field != "draft" { // the others are streams of state
			if first := m.hear(s, 10*time.Second); first == nil {
				t.Errorf("%s: nothing came", what)
			}
		}
		return s
	}
	first := s.next(10 * time.Second)
	rest := s.next(10 * time.Second)
	s.stop()
	m.marks(c, first, document)
	a := m.read(first)
	if scope := m.scopeOf("Subscription", field); scope != "" && !c.holds(scope) {
		if got := a.errors(); rest != "" || a.Data != nil || len(got) != 1 || got[0] != field+" FORBIDDEN" {
			t.Errorf("%s is not refused before it begins: %s %s", what, first, rest)
		}
		return nil
	}
	nobodys := m.follow(c, document, m.nowhere(c, field, at, variables))
	defer nobodys.stop()
	if none := nobodys.next(10 * time.Second); rest != "" || a.Data != nil || first != none || !strings.Contains(none, "NOT_FOUND") {
		t.Errorf("%s is answered %s %s, what is not there %s", what, first, rest, none)
	}
	return nil
}

// nowhere are the variables for what nobody has: of a frontend that everybody knows, an environment.
func (m *matrix) nowhere(c *caller, field string, at site, variables map[string]any) map[string]any {
	frontend, environment := "nowhere", at.environment
	if m.visible(c, at.slug) {
		frontend, environment = at.slug, "nowhere"
	}
	switch field {
	case "activity":
		return map[string]any{"frontend": "nowhere"}
	case "release":
		return map[string]any{"frontend": frontend, "environment": environment}
	case "screen":
		return map[string]any{"at": variables["at"], "context": map[string]any{"frontend": frontend, "environment": environment}}
	}
	out := map[string]any{}
	for name, value := range variables {
		out[name] = value
	}
	out["screen"] = missingLike(at.ids["home"])
	return out
}

// hear takes the next event and looks at it as at every answer; nil when there is none.
func (m *matrix) hear(s *followed, within time.Duration) map[string]any {
	raw := s.next(within)
	if raw == "" {
		return nil
	}
	m.marks(s.c, raw, s.document)
	a := m.read(raw)
	if len(a.Errors) > 0 || a.Data == nil {
		m.t.Errorf("%s, following %s of %s: %s", s.c.name, s.field, s.at.slug, raw)
		return nil
	}
	m.note(s.c, m.parse(s.document).Operations[0].SelectionSet, "Subscription", a.Data)
	event, _ := a.Data[s.field].(map[string]any)
	s.heard = append(s.heard, event)
	return event
}

// move edits and publishes, in staging first.
func (m *matrix) move(x *tenant) {
	publish := func(environment, title string) {
		m.title(x, title)
		kept := m.do("releasePublish", map[string]any{
			"frontend": x.slug, "environment": environment, "title": x.private, "screens": []any{"home"}, "acknowledgeWarnings": true,
		}, "release { id }", "release.id")
		x.ids["moved "+environment] = kept[0]
	}
	publish("staging", x.staged+" moved")
	publish("production", x.published+" moved")
	m.title(x, x.private+" moved")
	version := m.one("SELECT version FROM screens WHERE id = ?", x.ids["home"])
	op := map[string]any{"setProps": map[string]any{"key": "root", "patch": map[string]any{"title": x.published + " moved"}}}
	m.do("screenEdit", map[string]any{"screen": x.ids["home"], "expectedVersion": json.Number(version), "ops": []any{op}}, "")
}

// activated are the ids of the releases that each environment ever showed, by frontend and environment.
func (m *matrix) activated() map[string][]string {
	m.find()
	out := map[string][]string{}
	for _, row := range values(m.t, m.database(), "SELECT f.slug || ' ' || e.key || ' ' || a.release_id FROM activations a JOIN environments e ON e.id = a.environment_id JOIN frontends f ON f.id = e.frontend_id") {
		part := strings.Split(row, " ")
		out[part[0]+" "+part[1]] = append(out[part[0]+" "+part[1]], part[2])
	}
	return out
}

// drain reads what streams were told until each has the last of its own frontend, and finds what is not its own.
func (m *matrix) drain(t *testing.T, open []*followed, of func(*followed) bool) {
	t.Helper()
	moved := m.activated()
	for _, s := range open {
		if !of(s) {
			continue
		}
		what := fmt.Sprintf("%s, following %s of %s %s", s.c.name, s.field, s.at.slug, s.at.environment)
		for !m.hasLast(s) {
			if m.hear(s, 10*time.Second) == nil {
				t.Errorf("%s: the last change did not come; %d events did", what, len(s.heard))
				break
			}
		}
		for m.hear(s, 0) != nil { // what is there already
		}
		for _, event := range s.heard {
			if snapshot, ok := event["snapshot"].(map[string]any); ok {
				event = snapshot
			}
			if release, ok := event["release"].(map[string]any); ok && !slices.Contains(moved[s.at.slug+" "+s.at.environment], release["id"].(string)) {
				t.Errorf("%s: told of release %v, which was never live there", what, release)
			}
			if screen, ok := event["screen"].(map[string]any); ok && screen["id"] != s.at.ids["home"] {
				t.Errorf("%s: told of another screen: %v", what, screen["id"])
			}
		}
	}
}

// hasLast reports whether a stream was told of the last thing that happened where it looks.
func (m *matrix) hasLast(s *followed) bool {
	if len(s.heard) == 0 {
		return false
	}
	last := s.heard[len(s.heard)-1]
	switch s.field {
	case "activity":
		return len(s.heard) > 1 && slices.Contains(last["kinds"].([]any), any("SCREENS"))
	case "release":
		return last["release"].(map[string]any)["id"] == s.at.ids["moved "+s.at.environment]
	case "screen":
		return last["snapshot"].(map[string]any)["release"].(map[string]any)["id"] == s.at.ids["moved "+s.at.environment]
	case "draft":
		return len(last["ops"].([]any)) > 0
	}
	return len(last["people"].([]any)) == m.watching["presence "+s.at.slug]
}
