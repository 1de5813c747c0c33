package app_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"time"
)

// site is where something is done: in a frontend, and where that matters in one of its environments.
type site struct {
	*tenant
	environment string
}

// variant is one way to call a mutation.
type variant struct {
	as   string // who may; "" is the key for the scope of the mutation
	make func(m *matrix, at site) map[string]any
}

// variants says how every mutation is called so that it is accepted, with every field of its input that names something. What
// the input needs is made first.
func variants() map[string]variant {
	all := map[string]variant{
		"frontendCreate": {adminOfAll, func(m *matrix, at site) map[string]any {
			return map[string]any{"slug": m.fresh("front"), "name": at.private}
		}},
		"frontendUpdate": {"", func(_ *matrix, at site) map[string]any {
			return map[string]any{"id": at.slug, "name": at.private}
		}},
		"environmentCreate": {"", func(m *matrix, at site) map[string]any {
			return map[string]any{"frontend": at.slug, "key": m.fresh("env")}
		}},
		"environmentUpdate": {"", func(_ *matrix, at site) map[string]any {
			return map[string]any{"id": at.ids[at.environment]}
		}},
		"buildRegister": {"", func(_ *matrix, at site) map[string]any {
			return map[string]any{"frontend": at.slug, "name": at.private + " three", "components": []any{map[string]any{"key": "page", "version": "1.0"}}}
		}},
		"previewLinkCreate": {"", func(_ *matrix, at site) map[string]any {
			return map[string]any{"frontend": at.slug, "screen": at.ids["home"]}
		}},
		"usageReport": {adminOfShop, func(m *matrix, at site) map[string]any {
			number := m.one("SELECT number FROM releases WHERE id = ?", at.ids["release staged"])
			return map[string]any{"frontend": at.slug, "environment": "staging", "release": json.Number(number), "screens": []any{}}
		}},
		"presenceSet": {"", func(m *matrix, at site) map[string]any {
			return map[string]any{"screen": at.ids["home"], "client": m.present(at), "blockKey": "root"}
		}},
	}
	maps.Copy(all, screenVariants())
	maps.Copy(all, releaseVariants())
	maps.Copy(all, accessVariants())
	maps.Copy(all, documentVariants())
	maps.Copy(all, serviceVariants())
	maps.Copy(all, fleetVariants())
	return all
}

func screenVariants() map[string]variant {
	return map[string]variant{
		"screenCreate": {"", func(m *matrix, at site) map[string]any {
			body := `{"format":1,"root":"root","blocks":{"root":{"component":"page","major":1,"props":{},"slots":{"children":["a"]}},` +
				`"a":{"component":"hero","major":1,"props":{"image":{"$asset":"` + at.asset + `","alt":"x"}},"slots":{}}}}`
			return map[string]any{"frontend": at.slug, "key": m.fresh("screen"), "title": at.private, "body": json.RawMessage(body)}
		}},
		"screenUpdate": {"", func(m *matrix, at site) map[string]any {
			return map[string]any{"id": m.screen(at), "expectedVersion": 1, "title": at.private}
		}},
		"screenDuplicate": {"", func(m *matrix, at site) map[string]any {
			return map[string]any{"id": m.screen(at), "key": m.fresh("screen"), "title": at.private}
		}},
		"screenRevert": {"", func(m *matrix, at site) map[string]any {
			version := m.one("SELECT version FROM screens WHERE id = ?", at.ids["home"])
			return map[string]any{"id": at.ids["home"], "expectedVersion": json.Number(version), "toRelease": at.ids["release replaced"]}
		}},
		"screenDelete": {"", func(m *matrix, at site) map[string]any {
			return map[string]any{"id": m.screen(at), "expectedVersion": 1}
		}},
		"screenEdit": {"", func(m *matrix, at site) map[string]any {
			picture := map[string]any{"image": map[string]any{"$asset": at.asset, "alt": "x"}}
			return map[string]any{"screen": m.screen(at), "expectedVersion": 1, "ops": []any{
				map[string]any{"insert": map[string]any{"key": "d", "parent": "root", "component": "hero", "major": 1, "props": picture}},
				map[string]any{"setProps": map[string]any{"key": "a", "patch": picture}},
				map[string]any{"upgrade": map[string]any{"key": "b", "major": 2, "props": picture}},
				map[string]any{"move": map[string]any{"key": "a", "parent": "root", "index": 0}},
				map[string]any{"remove": map[string]any{"key": "c"}},
			}}
		}},
	}
}

func releaseVariants() map[string]variant {
	publish := func(m *matrix, at site) map[string]any {
		key := m.fresh("screen")
		m.do("screenCreate", map[string]any{"frontend": at.slug, "key": key, "title": at.private}, "")
		return map[string]any{"frontend": at.slug, "environment": at.environment, "screens": []any{key}, "title": at.private, "acknowledgeWarnings": true}
	}
	schedule := func(m *matrix, at site) map[string]any {
		in := publish(m, at)
		in["at"] = time.Now().Add(time.Hour).Format(time.RFC3339)
		return in
	}
	return map[string]variant{
		"releasePublish":  {"", publish},
		"releaseSchedule": {"", schedule},
		"releaseScheduleCancel": {"", func(m *matrix, at site) map[string]any {
			return map[string]any{"id": m.do("releaseSchedule", schedule(m, at), "schedule { id }", "schedule.id")[0]}
		}},
		"releaseRollBack": {"", func(_ *matrix, at site) map[string]any {
			before := map[string]string{"production": "release replaced", "staging": "release earlier"}[at.environment]
			return map[string]any{"frontend": at.slug, "environment": at.environment, "toRelease": at.ids[before], "reason": at.private}
		}},
		"releasePromote": {adminOfShop, func(_ *matrix, at site) map[string]any {
			from := map[string]string{"production": "staging", "staging": "production"}[at.environment]
			return map[string]any{"frontend": at.slug, "from": from, "to": at.environment}
		}},
	}
}

func accessVariants() map[string]variant {
	key := func(m *matrix, at site) map[string]any {
		return map[string]any{"name": at.private, "frontend": at.slug, "scopes": []any{"content:read"}, "environments": []any{at.environment}}
	}
	oldKey := func(m *matrix, at site) map[string]any {
		return map[string]any{"id": m.do("apiKeyCreate", key(m, at), "apiKey { id }", "apiKey.id")[0]}
	}
	grants := func(at site) []any {
		return []any{map[string]any{"role": "DESIGNER", "frontend": at.slug, "environments": []any{at.environment}}}
	}
	invite := func(m *matrix, at site) map[string]any {
		return map[string]any{"email": m.fresh("member") + "@example.org", "name": at.private, "grants": grants(at)}
	}
	member := func(m *matrix, at site) map[string]any {
		kept := m.do("memberInvite", invite(m, at), "member { id } link", "member.id", "link")
		m.story.known["invitation"] = kept[1]
		return map[string]any{"id": kept[0]}
	}
	return map[string]variant{
		"apiKeyCreate": {adminOfShop, key},
		"apiKeyRotate": {adminOfShop, oldKey},
		"apiKeyRevoke": {"", oldKey},
		"memberInvite": {adminOfShop, invite},
		"memberUpdate": {adminOfShop, func(m *matrix, at site) map[string]any {
			in := member(m, at)
			in["grants"] = grants(at)
			return in
		}},
		"memberRemove":      {adminOfShop, member},
		"memberLinkCreate":  {adminOfShop, member},
		"memberSessionsEnd": {adminOfShop, member},
		"memberLinkAccept": {newcomer, func(m *matrix, at site) map[string]any {
			member(m, at)
			return map[string]any{"token": m.story.known["invitation"], "password": good}
		}},
		"sessionCreate": {newcomer, func(m *matrix, at site) map[string]any {
			return map[string]any{"email": m.member(at), "password": good}
		}},
	}
}

// alone are the mutations that are about nobody but the caller, and name nothing: there is nothing of somebody else to put
// into them.
func alone() map[string]string {
	return map[string]string{
		"setupComplete": "the world began with it", "sessionEnd": "ends the caller's own session", "passwordChange": "of the caller itself",
	}
}

// fresh is a name that nothing has.
func (m *matrix) fresh(what string) string {
	m.counter++
	return fmt.Sprintf("%s-%d", what, m.counter)
}

// screen makes a screen with the blocks a, b and c, and returns its id.
func (m *matrix) screen(at site) string {
	const hero = `{"component":"hero","major":1,"props":{},"slots":{}}`
	const body = `{"format":1,"root":"root","blocks":{"root":{"component":"page","major":1,"props":{},"slots":{"children":["a","b","c"]}},"a":` + hero + `,"b":` + hero + `,"c":` + hero + `}}`
	in := map[string]any{"frontend": at.slug, "key": m.fresh("screen"), "title": at.private, "body": json.RawMessage(body)}
	return m.do("screenCreate", in, "screen { id }", "screen.id")[0]
}

// member makes a member who can sign in, and returns the address.
func (m *matrix) member(at site) string {
	in := accessVariants()["memberInvite"].make(m, at)
	m.story.visitors["signing in"] = m.visitor()
	m.story.do(m.t, act{"memberLinkAccept", "signing in", map[string]any{"token": m.do("memberInvite", in, "link", "link")[0], "password": good}, "", nil})
	return in["email"].(string)
}

// named things: what each kind of reference is replaced by.
func (x *tenant) values(kind string) []string {
	switch kind {
	case "frontend":
		return []string{x.slug, x.ids["frontend"]}
	case "environment key":
		return []string{x.trial()}
	case "environment":
		return []string{x.ids["production"], x.ids["staging"]}
	case "screen":
		return []string{x.ids["home"]}
	case "screen key":
		return []string{"only-" + x.slug}
	case "component key":
		return []string{"only-" + x.slug}
	case "release":
		return []string{x.ids["release live"], x.ids["release staged"]}
	case "schedule":
		return []string{x.ids["schedule pending"]}
	case "key":
		return []string{x.ids["key"]}
	case "member":
		return []string{x.ids["member"]}
	case "picture":
		return []string{x.asset}
	case "document":
		return []string{x.ids["document"]}
	case "unknown document":
		return []string{x.unknown}
	case "manifest":
		return []string{x.manifest}
	}
	return nil
}

// missing is what of a kind nobody has.
func missing(kind, like string) string {
	switch kind {
	case "frontend":
		if !strings.HasPrefix(like, "frt_") {
			return "nowhere"
		}
	case "environment key", "screen key", "component key":
		return "nowhere"
	case "picture", "manifest", "unknown document":
		return "sha256:" + strings.Repeat("0", 64)
	}
	return missingLike(like)
}
