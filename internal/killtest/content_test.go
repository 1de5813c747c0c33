package killtest

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"testing"
	"time"

	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/screen"
)

// ledger checks that sequence, events and audit entries agree without holes, and recomputes the audit chain.
func (c *checker) ledger(r reader) {
	r.t.Helper()
	var seq int64
	var head string
	r.each("SELECT seq, audit_head FROM ledgers", func(scan func(...any)) { scan(&seq, &head) })
	for table, column := range map[string]string{"outboxes": "seq", "audit_entries": "seq"} {
		var count, least, most int64
		r.each("SELECT count(*), coalesce(min("+column+"), 1), coalesce(max("+column+"), 0) FROM "+table, func(scan func(...any)) {
			scan(&count, &least, &most)
		})
		if count != seq || most != seq || least != 1 {
			r.t.Errorf("the ledger is at %d, %s has %d rows from %d to %d", seq, table, count, least, most)
		}
	}
	r.each("SELECT id, frontend_id, seq, created_at, actor, action, subject_id, subject_label, detail, request_id, previous_hash, hash FROM audit_entries WHERE seq > "+strconv.FormatInt(c.seq, 10)+" ORDER BY seq", func(scan func(...any)) {
		var at time.Time
		var n int64
		var id, actor, action, label, detail, previous, hash string
		var frontend, subject, request sql.NullString
		scan(&id, &frontend, &n, &at, &actor, &action, &subject, &label, &detail, &request, &previous, &hash)
		covered := map[string]any{
			"id": id, "seq": n, "previous": c.head, "at": at.UTC().Format(time.RFC3339Nano), "actor": actor, "action": action,
			"subjectId": subject.String, "subjectLabel": label, "detail": detail, "requestId": request.String,
		}
		if frontend.Valid {
			covered["frontendId"] = frontend.String
		}
		want, err := canonical.HashOf(covered)
		if err != nil || previous != c.head || hash != want {
			r.t.Errorf("audit entry %d: hash %s after %s, want %s after %s (%v)", n, hash, previous, want, c.head, err)
		}
		c.seq, c.head = n, hash
		if action == "screenEdit" {
			c.auditedEdit(r.t, subject.String, detail)
		}
	})
	if c.seq != seq || c.head != head {
		r.t.Errorf("the audit chain ends with %d %s, the ledger says %d %s", c.seq, c.head, seq, head)
	}
}

func (c *checker) auditedEdit(t *testing.T, screenID, detail string) {
	t.Helper()
	var edit struct{ Version int }
	if err := json.Unmarshal([]byte(detail), &edit); err != nil {
		t.Fatal(err)
	}
	if edit.Version > c.drafts[screenID].version {
		c.audited[fmt.Sprintf("%s %d", screenID, edit.Version)]++
	}
}

// draft is a screen's draft as its edits make it.
type draft struct {
	version int
	body    screen.Body
}

// begin reads the drafts that replay starts from.
func (c *checker) begin(t *testing.T, database string) {
	t.Helper()
	if c.mirror != nil {
		database = c.mirror.read(t)
	}
	db := open(t, database)
	defer db.Close()
	c.drafts = map[string]draft{}
	reader{t, db}.each("SELECT id, version, body FROM screens", func(scan func(...any)) {
		var id string
		var stored []byte
		var d draft
		scan(&id, &d.version, &stored)
		var err error
		if d.body, err = screen.ParseBody(stored); err != nil {
			t.Fatal(err)
		}
		c.drafts[id] = d
	})
}

// screens replays the stored ops on the drafts of the check before: no version may be skipped or doubled, and the
// result must be the stored body, byte by byte.
func (c *checker) screens(r reader) {
	r.t.Helper()
	r.none("versions of a screen are not one per edit", `SELECT s.key || ': version ' || s.version || ', edits ' || count(e.id) FROM screens s
		LEFT JOIN screen_edits e ON e.screen_id = s.id GROUP BY s.id
		HAVING s.version <> 1 + count(e.id) OR coalesce(min(e.from_version), 1) <> 1 OR coalesce(max(e.from_version), 0) <> s.version - 1`)
	c.fresh(r, "screen_edits", "screen_id, from_version, kind, ops", func(scan func(...any)) {
		var id, kind, stored string
		var from int
		scan(&id, &from, &kind, &stored)
		c.found.noteEdit(id, from, stored)
		d := c.drafts[id]
		if from < d.version {
			return // older than what replay starts from
		}
		c.drafts[id] = replay(r.t, id, d, from, kind, stored)
		name := fmt.Sprintf("%s %d", id, from+1)
		if c.audited[name] != 1 {
			r.t.Errorf("%d audit entries for the edit that made version %s", c.audited[name], name)
		}
		delete(c.audited, name)
	})
	for name := range c.audited {
		r.t.Errorf("an audit entry for an edit that is not there: version %s", name)
	}
	r.each("SELECT id, key, title, path, version, body, content_hash FROM screens", func(scan func(...any)) {
		var id, key, title, body, hash string
		var path sql.NullString
		var version int
		scan(&id, &key, &title, &path, &version, &body, &hash)
		d := c.drafts[id]
		want, err := d.body.Canonical()
		if err != nil || d.version != version || string(want) != body {
			r.t.Errorf("screen %s at version %d is not what its edits make: replay is at %d (%v)\nstored   %s\nreplayed %s", key, version, d.version, err, body, want)
		}
		if got, err := (screen.Draft{Key: key, Title: title, Path: path.String, Body: d.body}).Hash(); err != nil || got != hash {
			r.t.Errorf("screen %s: content hash %s, want %s (%v)", key, hash, got, err)
		}
	})
}

func replay(t *testing.T, id string, d draft, from int, kind, stored string) draft {
	t.Helper()
	var ops []screen.Op
	if err := json.Unmarshal([]byte(stored), &ops); err != nil || kind != "OPS" || from != d.version {
		t.Fatalf("screen %s: edit %d (%s) after version %d: %v", id, from, kind, d.version, err)
	}
	applied, err := screen.Apply(d.body, ops, screen.ApplyEnv{})
	if err != nil {
		t.Fatalf("screen %s: edit %d: %v", id, from, err)
	}
	return draft{version: from + 1, body: applied.Body}
}

// contents checks that every blob is what its name says, and every release what its hash says.
func (c *checker) contents(r reader) {
	r.t.Helper()
	c.fresh(r, "blobs", "hash, size, body", func(scan func(...any)) {
		var hash string
		var size int
		var body []byte
		scan(&hash, &size, &body)
		if got := canonical.Hash(body); got != hash || size != len(body) {
			r.t.Errorf("blob %s (%d bytes) holds %d bytes of hash %s", hash, size, len(body), got)
		}
	})
	r.none("an item without its blob", `SELECT i.id FROM release_items i LEFT JOIN blobs b ON b.hash = i.blob_hash AND b.kind = i.kind WHERE b.hash IS NULL`)
	items, want := map[string][]map[string]string{}, map[string]string{}
	r.each("SELECT r.id, r.hash, i.kind, i.key, i.blob_hash FROM releases r JOIN release_items i ON i.release_id = r.id ORDER BY r.id, i.kind, i.key", func(scan func(...any)) {
		var id, of, kind, key, hash string
		scan(&id, &of, &kind, &key, &hash)
		items[id], want[id] = append(items[id], map[string]string{"kind": kind, "key": key, "hash": hash}), of
	})
	for id, list := range items {
		if got, err := canonical.HashOf(list); err != nil || got != want[id] {
			r.t.Errorf("release %s: hash %s, its items make %s (%v)", id, want[id], got, err)
		}
	}
}
