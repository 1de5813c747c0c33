package cli_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3"

	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/cli"
	"sonata.ai/sonata/internal/testkit"
)

// written is a database with a log of twelve entries, and the heads of the chain after each.
func written(t *testing.T) (path string, heads []string) {
	t.Helper()
	k := testkit.New(t)
	k.Frontend("shop")
	k.Register("shop", "1.0", testkit.Component("page", "1.0", ""), testkit.Component("text", "1.0", `"text":{"type":"string"}`))
	home := k.Screen("shop", "home", "/")
	home = k.Edit(home, testkit.Insert("a", "text", map[string]any{"text": "0"}))
	for i := range 7 {
		home = k.Edit(home, testkit.SetProps("a", map[string]any{"text": fmt.Sprint(i + 1)}))
	}
	k.Publish("shop", "First")
	path = filepath.Join(t.TempDir(), "copy.db")
	db := sqlite(t, k.Store.Address().Path())
	defer db.Close()
	run(t, db, "VACUUM INTO '"+path+"'")
	rows, err := db.Query("SELECT hash FROM audit_entries ORDER BY seq")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var head string
		if err := rows.Scan(&head); err != nil {
			t.Fatal(err)
		}
		heads = append(heads, head)
	}
	if err := rows.Err(); err != nil || len(heads) != 12 {
		t.Fatalf("%d entries, %v", len(heads), err)
	}
	return path, heads
}

func sqlite(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+path+"?_busy_timeout=5000")
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func run(t *testing.T, db *sql.DB, statements string) {
	t.Helper()
	if _, err := db.Exec(statements); err != nil {
		t.Fatalf("%s: %v", statements, err)
	}
}

func sonata(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, problems bytes.Buffer
	code = cli.Run(t.Context(), args, nil, &out, &problems)
	return code, out.String(), problems.String()
}

func clone(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "tampered.db")
	if err := os.WriteFile(out, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return out
}

// Whatever is done to the log in the file, verify names the first entry that is not as it was written.
func TestAuditVerifyNamesWhatWasDone(t *testing.T) {
	path, heads := written(t)
	first := clone(t, path)
	for name, c := range map[string]struct{ done, want string }{
		"nothing":               {"", "the audit log holds: 12 entries\nhead " + heads[11]},
		"id":                    {"UPDATE audit_entries SET id = 'aud_x' WHERE seq = 5", "entry 5 (aud_x, "},
		"time":                  {"UPDATE audit_entries SET created_at = '2020-01-01 00:00:00+00:00' WHERE seq = 5", "entry 5 (*, 2020-01-01 00:00:00+00:00) was altered"},
		"time, a little":        {"UPDATE audit_entries SET created_at = replace(created_at, '+00:00', '1+00:00') WHERE seq = 5", "entry 5 (*) was altered"},
		"no time":               {"UPDATE audit_entries SET created_at = 'noon' WHERE seq = 5", "entry 5 (*noon) was altered: its time is not a time"},
		"sequence":              {"UPDATE audit_entries SET seq = 500 WHERE seq = 5", "entry 6 (*) is not the next: entry 5 is missing before it"},
		"sequence, no number":   {"UPDATE audit_entries SET seq = 'x' WHERE seq = 12", "entry x (*) was altered: its sequence is not a number"},
		"actor":                 {`UPDATE audit_entries SET actor = '{"id":"a","kind":"MEMBER","name":"A"}' WHERE seq = 5`, "entry 5 (*) was altered: its hash is not that of what it says"},
		"action":                {"UPDATE audit_entries SET action = 'screenUpdate' WHERE seq = 5", "entry 5 (*) was altered"},
		"frontend":              {"UPDATE audit_entries SET frontend_id = 'frt_x' WHERE seq = 5", "entry 5 (*) was altered"},
		"frontend taken out":    {"UPDATE audit_entries SET frontend_id = NULL WHERE seq = 5", "entry 5 (*) was altered"},
		"frontend empty":        {"UPDATE audit_entries SET frontend_id = '' WHERE seq = 5", "entry 5 (*) was altered: its frontend is empty"},
		"subject":               {"UPDATE audit_entries SET subject_id = 'scr_x' WHERE seq = 5", "entry 5 (*) was altered"},
		"subject label":         {"UPDATE audit_entries SET subject_label = 'shop/away' WHERE seq = 5", "entry 5 (*) was altered"},
		"detail":                {"UPDATE audit_entries SET detail = replace(detail, '\"1\"', '\"9\"') WHERE seq = 5", "entry 5 (*) was altered"},
		"request":               {"UPDATE audit_entries SET request_id = 'r' WHERE seq = 5", "entry 5 (*) was altered"},
		"request empty":         {"UPDATE audit_entries SET request_id = '' WHERE seq = 5", "entry 5 (*) was altered: its request is empty"},
		"previous hash":         {"UPDATE audit_entries SET previous_hash = hash WHERE seq = 5", "entry 5 (*) was altered: the hash of the entry before it is not the one"},
		"hash":                  {"UPDATE audit_entries SET hash = previous_hash WHERE seq = 5", "entry 5 (*) was altered"},
		"first of several":      {"UPDATE audit_entries SET action = 'x' WHERE seq IN (3, 7, 9)", "entry 3 (*) was altered"},
		"last removed":          {"DELETE FROM audit_entries WHERE seq = 12", "entry 12 is missing at the end"},
		"several removed":       {"DELETE FROM audit_entries WHERE seq > 9", "entries 10 to 12 are missing at the end"},
		"all removed":           {"DELETE FROM audit_entries", "entries 1 to 12 are missing at the end"},
		"middle removed":        {"DELETE FROM audit_entries WHERE seq IN (5, 6)", "entry 7 (*) is not the next: entries 5 to 6 are missing before it"},
		"first removed":         {"DELETE FROM audit_entries WHERE seq = 1", "entry 2 (*) is not the next: entry 1 is missing before it"},
		"removed and closed":    {"DELETE FROM audit_entries WHERE seq = 5; UPDATE audit_entries SET seq = seq - 1 WHERE seq > 5; UPDATE ledgers SET seq = 11", "entry 5 (*) was altered"},
		"inserted":              {"DROP INDEX audit_entries_seq_key; INSERT INTO audit_entries SELECT 'aud_new', created_at, seq, actor, action, frontend_id, subject_id, subject_label, detail, request_id, previous_hash, hash FROM audit_entries WHERE seq = 5", "entry 5 (aud_new, *) was added: there is another entry with this number"},
		"inserted before":       {"INSERT INTO audit_entries SELECT 'aud_new', created_at, 0, actor, action, frontend_id, subject_id, subject_label, detail, request_id, previous_hash, hash FROM audit_entries WHERE seq = 5", "entry 0 (aud_new, *) was added: entries are numbered from 1"},
		"inserted at the end":   {"INSERT INTO audit_entries SELECT 'aud_new', created_at, 13, actor, action, frontend_id, subject_id, subject_label, detail, request_id, hash, hash FROM audit_entries WHERE seq = 12", "entry 13 (aud_new, *) was altered"},
		"exchanged":             {"UPDATE audit_entries SET seq = 100 WHERE seq = 5; UPDATE audit_entries SET seq = 5 WHERE seq = 6; UPDATE audit_entries SET seq = 6 WHERE seq = 100", "entry 5 (*) was altered"},
		"ledger's sequence":     {"UPDATE ledgers SET seq = 11", "the ledger has counted to 11 only: entry 12 was added at the end"},
		"ledger counts further": {"UPDATE ledgers SET seq = 14", "entries 13 to 14 are missing at the end"},
		"ledger's head":         {"UPDATE ledgers SET audit_head = 'x'", "the ledger's head is not the hash of the last entry, 12"},
		"ledger goes with it":   {"DELETE FROM audit_entries WHERE seq = 12; UPDATE ledgers SET seq = 11", "the ledger's head is not the hash of the last entry, 11"},
		"ledger gone":           {"DELETE FROM ledgers", "the ledger's row is missing"},
		"no log":                {"DROP TABLE audit_entries", "holds no audit log"},
	} {
		t.Run(name, func(t *testing.T) {
			tampered := clone(t, first)
			db := sqlite(t, tampered)
			run(t, db, c.done)
			db.Close()
			code, stdout, stderr := sonata(t, "audit", "verify", "--database", "sqlite:"+tampered)
			if wantCode := map[bool]int{true: 0, false: 1}[c.done == ""]; code != wantCode {
				t.Errorf("exit code %d, want %d", code, wantCode)
			}
			parts := strings.Split(c.want, "*")
			for _, part := range parts {
				if !strings.Contains(stdout+stderr, part) {
					t.Errorf("want %q:\n%s%s", c.want, stdout, stderr)
				}
			}
		})
	}
}

// A chain that was cut and given a new end holds in itself; a head that was noted earlier shows it.
func TestAuditVerifyFindsANotedHead(t *testing.T) {
	path, heads := written(t)
	code, stdout, stderr := sonata(t, "audit", "verify", "--database", "sqlite:"+path, "--head", heads[6])
	if code != 0 || !strings.Contains(stdout, "the head that was noted is that of entry 7") {
		t.Errorf("exit code %d:\n%s%s", code, stdout, stderr)
	}
	db := sqlite(t, path)
	run(t, db, "DELETE FROM audit_entries WHERE seq > 6; UPDATE ledgers SET seq = 6, audit_head = '"+heads[5]+"'")
	db.Close()
	if code, stdout, stderr = sonata(t, "audit", "verify", "--database", "sqlite:"+path); code != 0 {
		t.Errorf("cut, without a noted head: exit code %d:\n%s%s", code, stdout, stderr)
	}
	code, stdout, stderr = sonata(t, "audit", "verify", "--database", "sqlite:"+path, "--head", heads[6])
	if code != 1 || !strings.Contains(stderr, "is not in the chain") {
		t.Errorf("cut, with a noted head: exit code %d:\n%s%s", code, stdout, stderr)
	}
}

// Verifying changes no byte, works while a server writes, and on a file that nobody may write.
func TestAuditVerifyOnlyReads(t *testing.T) {
	k := testkit.New(t)
	k.Frontend("shop")
	k.Register("shop", "1.0", testkit.Component("page", "1.0", ""))
	for i := range 30 {
		k.Screen("shop", fmt.Sprintf("s%d", i), "")
		if code, stdout, stderr := sonata(t, "audit", "verify", "--database", "sqlite:"+k.Store.Address().Path()); code != 0 || !strings.Contains(stdout, fmt.Sprintf(": %d entries", i+3)) {
			t.Fatalf("exit code %d:\n%s%s", code, stdout, stderr)
		}
	}
	copied, _ := written(t)
	before, err := os.ReadFile(copied)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(copied, 0o400); err != nil {
		t.Fatal(err)
	}
	if code, stdout, stderr := sonata(t, "audit", "verify", "--database", "sqlite:"+copied); code != 0 {
		t.Errorf("exit code %d:\n%s%s", code, stdout, stderr)
	}
	after, err := os.ReadFile(copied)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the file was changed (%v)", err)
	}
	for want, args := range map[string][]string{
		"there is no database": {"verify", "--database", "sqlite:" + filepath.Join(t.TempDir(), "none.db")},
		"--head is a hash":     {"verify", "--head", "x"},
		"say what to do":       {},
		"is not a flag":        {"verify", "now"},
	} {
		wantCode := 2 // not understood
		if strings.HasPrefix(want, "there is") {
			wantCode = 1
		}
		if code, _, stderr := sonata(t, append([]string{"audit"}, args...)...); code != wantCode || !strings.Contains(stderr, want) {
			t.Errorf("%v: exit code %d: %s", args, code, stderr)
		}
	}
}

// Entries that were written before entries named their frontend hold as they were written then.
func TestAuditVerifyKnowsOlderEntries(t *testing.T) {
	path, _ := written(t)
	db := sqlite(t, path)
	defer db.Close()
	head := ""
	for seq := 1; seq <= 12; seq++ {
		var at time.Time
		var actor, action, subject, label, detail string
		err := db.QueryRow("SELECT created_at, actor, action, subject_id, subject_label, detail FROM audit_entries WHERE seq = ?", seq).
			Scan(&at, &actor, &action, &subject, &label, &detail)
		if err != nil {
			t.Fatal(err)
		}
		hash, err := canonical.HashOf(map[string]any{
			"seq": seq, "previous": head, "at": at.UTC().Format(time.RFC3339Nano), "actor": actor, "action": action,
			"subjectId": subject, "subjectLabel": label, "detail": detail, "requestId": "",
		})
		if err != nil {
			t.Fatal(err)
		}
		run(t, db, fmt.Sprintf("UPDATE audit_entries SET frontend_id = NULL, previous_hash = '%s', hash = '%s' WHERE seq = %d", head, hash, seq))
		head = hash
	}
	run(t, db, "UPDATE ledgers SET audit_head = '"+head+"'")
	for _, step := range []string{"", "DROP INDEX auditentry_frontend_id; ALTER TABLE audit_entries DROP COLUMN frontend_id"} {
		run(t, db, step)
		if code, stdout, stderr := sonata(t, "audit", "verify", "--database", "sqlite:"+path); code != 0 || !strings.Contains(stdout, "12 entries") {
			t.Errorf("after %q: exit code %d:\n%s%s", step, code, stdout, stderr)
		}
	}
	run(t, db, "UPDATE audit_entries SET action = 'x' WHERE seq = 4")
	if code, _, stderr := sonata(t, "audit", "verify", "--database", "sqlite:"+path); code != 1 || !strings.Contains(stderr, "entry 4 ") {
		t.Errorf("an older entry that was altered: exit code %d: %s", code, stderr)
	}
}
