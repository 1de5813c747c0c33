package app_test

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// owners says for each table whose its rows are: an expression that gives the id of the frontend, or null for what belongs
// to none.
func owners() map[string]string {
	of := func(table, column string) string {
		return "(SELECT x.frontend_id FROM " + table + " x WHERE x.id = " + column + ")"
	}
	const grant = "json_extract(grants, '$[0].frontend')"
	member := func(column string) string {
		return "(SELECT " + grant + " FROM members x WHERE x.id = " + column + ")"
	}
	return map[string]string{
		"activations": of("environments", "environment_id"), "api_keys": "frontend_id", "assets": "frontend_id",
		"audit_entries": "coalesce(frontend_id, " + member("subject_id") + ")", "build_manifests": "frontend_id", "builds": "frontend_id",
		"blobs":              "(SELECT r.frontend_id FROM release_items i JOIN releases r ON r.id = i.release_id WHERE i.blob_hash = hash)",
		"component_versions": of("components", "component_id"), "components": "frontend_id", "environments": "frontend_id",
		"frontends": "id", "idempotency_records": "NULL", "ledgers": "NULL", "member_links": member("member_id"), "members": grant,
		"outboxes": "NULL", "release_items": of("releases", "release_id"), "release_schedules": of("environments", "environment_id"),
		"releases": "frontend_id", "screen_edits": of("screens", "screen_id"), "screens": "frontend_id", "sessions": member("member_id"),
		"usage_counters": "frontend_id", "trusted_documents": "frontend_id", "unknown_documents": "frontend_id",
		"document_usages": of("trusted_documents", "document_id"), "presences": of("screens", "screen_id"), "asset_removals": "NULL",
		"instances": "NULL", "services": "NULL", "subgraph_versions": "NULL", "supergraph_versions": "NULL", // of no frontend
	}
}

// apart are tables that no request is answered from.
func apart() []string {
	return []string{"goose_db_version", "sqlite_sequence", "refusals", "allowances", "sign_in_failures"} // the last three count what this test asks for
}

// drifting are columns that are written in the background, of whoever asked for something.
func drifting() []string { return []string{"used_at", "last_seen"} }

// digest is a checksum over every row of every table, by the slug of the frontend that it belongs to; "" is nobody's. A
// table that nobody says the owner of fails.
func (m *matrix) digest() map[string]string {
	m.t.Helper()
	db, known := m.database(), owners()
	text := map[string]*strings.Builder{}
	for _, table := range values(m.t, db, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name") {
		if slices.Contains(apart(), table) {
			continue
		}
		owner := known[table]
		if owner == "" {
			m.t.Fatalf("whose are the rows of %s? Say so in owners", table)
		}
		columns := []string{}
		for _, c := range values(m.t, db, "SELECT name FROM pragma_table_info('"+table+"')") {
			if !slices.Contains(drifting(), c) {
				columns = append(columns, `coalesce(CAST("`+c+`" AS TEXT), '-')`)
			}
		}
		for _, row := range values(m.t, db, "SELECT coalesce("+owner+", '') || ' ' || "+strings.Join(columns, " || char(31) || ")+" FROM "+table+" ORDER BY rowid") {
			id, rest, _ := strings.Cut(row, " ")
			if text[id] == nil {
				text[id] = &strings.Builder{}
			}
			fmt.Fprintln(text[id], table, rest)
		}
	}
	out := map[string]string{}
	for slug, x := range m.tenants {
		if rows := text[x.ids["frontend"]]; rows != nil {
			out[slug] = fmt.Sprintf("%x", sha256.Sum256([]byte(rows.String())))
			delete(text, x.ids["frontend"])
		}
	}
	var rest strings.Builder
	for _, id := range slices.Sorted(maps.Keys(text)) {
		rest.WriteString(text[id].String())
	}
	out[""] = fmt.Sprintf("%x", sha256.Sum256([]byte(rest.String())))
	return out
}

// changed names the owners whose rows differ.
func changed(before, after map[string]string) (owners []string) {
	for _, owner := range sortedKeys(after) {
		if before[owner] != after[owner] {
			owners = append(owners, fmt.Sprintf("%q", owner))
		}
	}
	return owners
}
