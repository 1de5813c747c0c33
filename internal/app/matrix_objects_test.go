package app_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// tables says which rows are objects with an id, and to whom they belong: kind, id, frontend, environment.
func objectQueries() []string {
	return []string{
		"SELECT 'Frontend' kind, id, id frontend, '' environment FROM frontends",
		"SELECT 'Environment' kind, id, frontend_id frontend, key environment FROM environments",
		"SELECT 'Screen' kind, id, frontend_id frontend, '' environment FROM screens",
		"SELECT 'Component' kind, id, frontend_id frontend, '' environment FROM components",
		"SELECT 'ComponentVersion' kind, v.id id, c.frontend_id frontend, '' environment FROM component_versions v JOIN components c ON c.id = v.component_id",
		"SELECT 'Build' kind, id, frontend_id frontend, '' environment FROM builds",
		"SELECT 'Release' kind, id, frontend_id frontend, '' environment FROM releases",
		"SELECT 'TrustedDocument' kind, id, frontend_id frontend, '' environment FROM trusted_documents",
		"SELECT 'Asset' kind, id, frontend_id frontend, '' environment FROM assets",
		"SELECT 'Activation' kind, a.id id, e.frontend_id frontend, e.key environment FROM activations a JOIN environments e ON e.id = a.environment_id",
		"SELECT 'ReleaseSchedule' kind, s.id id, e.frontend_id frontend, e.key environment FROM release_schedules s JOIN environments e ON e.id = s.environment_id",
		"SELECT 'AuditEntry' kind, id, coalesce(frontend_id, '') frontend, '' environment FROM audit_entries",
	}
}

// find reads every object that there is.
func (m *matrix) find() {
	m.t.Helper()
	db, found := m.database(), map[string]object{}
	slugs := map[string]string{}
	for slug, x := range m.tenants {
		slugs[x.ids["frontend"]] = slug
	}
	for _, query := range objectQueries() {
		for _, row := range values(m.t, db, "SELECT kind || ' ' || id || ' ' || frontend || ' ' || environment FROM ("+query+")") {
			part := strings.Split(row, " ")
			found[part[1]] = object{kind: part[0], id: part[1], tenant: slugs[part[2]], environment: part[3]}
		}
	}
	for _, row := range values(m.t, db, "SELECT id || ' ' || coalesce(frontend_id, '') || ' ' || environments FROM api_keys") {
		part := strings.SplitN(row, " ", 3)
		o := object{kind: "ApiKey", id: part[0], tenant: slugs[part[1]]}
		if err := json.Unmarshal([]byte(part[2]), &o.holds); err != nil {
			m.t.Fatal(err)
		}
		found[o.id] = o
	}
	for _, row := range values(m.t, db, "SELECT id || ' ' || grants FROM members") {
		id, raw, _ := strings.Cut(row, " ")
		var grants []struct{ Frontend string }
		if err := json.Unmarshal([]byte(raw), &grants); err != nil {
			m.t.Fatal(err)
		}
		o := object{kind: "Member", id: id}
		for _, g := range grants {
			o.grants = append(o.grants, slugs[g.Frontend])
		}
		found[id] = o
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, o := range found {
		m.objects[id] = o
	}
}

// fates says where each release of a frontend stands: where it is or was live and was not withdrawn.
func (x *tenant) fates() map[string][]string {
	return map[string][]string{
		"replaced": {"production"}, "withdrawn": nil, "earlier": {"staging"}, "staged": {"staging"}, "live": {"production"},
	}
}

const pictureOf = `query($at: ScreenAt!, $context: DeliveryContext!) { screen(at: $at, context: $context) { id } }`

// photograph learns the ids of snapshots: of every release, as it was stamped and as a build gets it.
func (m *matrix) photograph() {
	m.t.Helper()
	for slug, x := range m.tenants {
		for name, stands := range x.fates() {
			for _, manifest := range []any{nil, x.manifest, "sha256:" + strings.Repeat("0", 64)} {
				in := map[string]any{"frontend": slug, "environment": "production", "perspective": map[string]any{"release": x.ids["release "+name]}}
				if manifest != nil {
					in["manifest"] = manifest
				}
				var got struct {
					Data struct{ Screen struct{ ID string } }
				}
				raw := m.send(m.named(adminOfAll), pictureOf, map[string]any{"at": map[string]any{"path": "/products/lamp"}, "context": in})
				if err := json.Unmarshal([]byte(raw), &got); err != nil || got.Data.Screen.ID == "" {
					m.t.Fatalf("no snapshot of %s: %s", name, raw)
				}
				m.objects[got.Data.Screen.ID] = object{kind: "ScreenSnapshot", id: got.Data.Screen.ID, tenant: slug, stands: stands}
			}
		}
	}
}

// missing is an id that nobody has, of the same form as another.
func missingLike(id string) string {
	prefix, rest, _ := strings.Cut(id, "_")
	return prefix + "_" + strings.Repeat("0", min(len(rest), 32))
}

// samples are ids, one of each kind in each place, in a fixed order; all are all of them.
func (m *matrix) samples() (samples, all []object) {
	m.mu.Lock()
	defer m.mu.Unlock()
	taken := map[string]bool{}
	for _, id := range sortedKeys(m.objects) {
		o := m.objects[id]
		all = append(all, o)
		if place := fmt.Sprint(o.kind, o.tenant, o.environment, o.grants, o.holds, o.stands); !taken[place] {
			taken[place] = true
			samples = append(samples, o)
		}
	}
	return samples, all
}

func sortedKeys[V any](of map[string]V) []string {
	keys := make([]string, 0, len(of))
	for key := range of {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// lookUp returns the object with an id, also of one that was made a moment ago.
func (m *matrix) lookUp(id string) (object, bool) {
	m.mu.Lock()
	o, ok := m.objects[id]
	m.mu.Unlock()
	if ok || strings.HasPrefix(id, "snp_") {
		return o, ok
	}
	m.find()
	m.mu.Lock()
	defer m.mu.Unlock()
	o, ok = m.objects[id]
	return o, ok
}
