package killtest

import (
	"database/sql"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3"
)

// checker looks into the file of a process that was killed. Rows that are written once are read once, so that many
// rounds stay affordable; a fresh checker reads all of them.
type checker struct {
	journal *journal
	mirror  *mirror          // nil for a file
	checked int              // attempts of the journal
	again   []*attempt       // to be checked once more: they were repeated
	seq     int64            // audit entries whose hashes were verified
	head    string           // hash of the last of them
	audited map[string]int   // audit entries of edits that were not replayed yet, by screen and version
	drafts  map[string]draft // by screen id, as replayed so far
	found   found
	rows    map[string]int64 // last row read, by table

	unanswered map[bool]int // attempts without an answer, by whether they had happened
}

func newChecker(j *journal, m *mirror, drafts map[string]draft) *checker {
	return &checker{journal: j, mirror: m, drafts: maps.Clone(drafts), audited: map[string]int{}, found: nothing(), rows: map[string]int64{}, unanswered: map[bool]int{}}
}

// check copies the file as the crash left it, opens the copy to read, and reports everything that is not whole. The
// copy leaves the recovery to the server.
func (c *checker) check(t *testing.T, database string) {
	t.Helper()
	dir := t.TempDir()
	if c.mirror != nil {
		c.mirror.settle(t)
		database = c.mirror.read(t)
	}
	for _, suffix := range []string{"", "-wal"} {
		raw, err := os.ReadFile(database + suffix)
		if os.IsNotExist(err) && suffix != "" {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "copy.db"+suffix), raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	db := open(t, filepath.Join(dir, "copy.db"))
	defer os.RemoveAll(dir)
	defer db.Close()
	r := reader{t, db}
	r.integrity()
	c.ledger(r)
	c.screens(r)
	r.releases()
	c.contents(r)
	r.activations()
	r.schedules()
	c.attempts(r)
}

func open(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// reader reads the file for a test.
type reader struct {
	t  *testing.T
	db *sql.DB
}

// each calls f for every row of a query; f scans it.
func (r reader) each(query string, f func(scan func(...any))) {
	r.t.Helper()
	rows, err := r.db.Query(query)
	if err != nil {
		r.t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	for rows.Next() {
		f(func(into ...any) {
			if err := rows.Scan(into...); err != nil {
				r.t.Fatalf("%s: %v", query, err)
			}
		})
	}
	if err := rows.Err(); err != nil {
		r.t.Fatalf("%s: %v", query, err)
	}
}

// fresh is each for the rows of a table that were not read before. Rows of these tables are never deleted.
func (c *checker) fresh(r reader, table, columns string, f func(scan func(...any))) {
	r.t.Helper()
	query := fmt.Sprintf("SELECT rowid, %s FROM %s WHERE rowid > %d ORDER BY rowid", columns, table, c.rows[table])
	r.each(query, func(scan func(...any)) {
		f(func(into ...any) {
			var row int64
			scan(append([]any{&row}, into...)...)
			c.rows[table] = row
		})
	})
}

// none fails for every row of a query: each is one line that should not exist.
func (r reader) none(what, query string) {
	r.t.Helper()
	r.each(query, func(scan func(...any)) {
		var line string
		scan(&line)
		r.t.Errorf("%s: %s", what, line)
	})
}

func (r reader) count(query string) (n int64) {
	r.t.Helper()
	r.each(query, func(scan func(...any)) { scan(&n) })
	return n
}

func (r reader) integrity() {
	r.t.Helper()
	r.each("PRAGMA integrity_check", func(scan func(...any)) {
		var line string
		if scan(&line); line != "ok" {
			r.t.Errorf("integrity check: %s", line)
		}
	})
	r.each("PRAGMA foreign_key_check", func(scan func(...any)) {
		var table, parent string
		var row sql.NullInt64
		var key int
		scan(&table, &row, &parent, &key)
		r.t.Errorf("foreign key: row %d of %s points at nothing in %s", row.Int64, table, parent)
	})
}

// releases checks that releases are numbered without holes, whole, and each made by exactly one act.
func (r reader) releases() {
	r.t.Helper()
	r.none("releases are not numbered 1..n", `SELECT frontend_id || ' has ' || count(*) || ', numbers to ' || max(number)
		FROM releases GROUP BY frontend_id HAVING count(*) <> max(number) OR min(number) <> 1`)
	r.none("half a release", `SELECT r.number FROM releases r WHERE
		(SELECT count(*) FROM release_items i WHERE i.release_id = r.id AND i.kind = 'COMPONENTS') <> 1 OR
		(SELECT count(*) FROM release_items i WHERE i.release_id = r.id AND i.kind = 'SCREEN') = 0`)
	r.none("a release that nobody published or scheduled, or two did", `WITH made AS (
		SELECT release_id FROM activations WHERE kind = 'PUBLISH' UNION ALL SELECT release_id FROM release_schedules)
		SELECT r.number FROM releases r LEFT JOIN made m ON m.release_id = r.id GROUP BY r.id HAVING count(m.release_id) <> 1`)
}

// activations checks that each environment's moves are numbered without holes, chained, and that it points where the
// last of them says.
func (r reader) activations() {
	r.t.Helper()
	r.none("activations are not numbered 1..sequence", `SELECT e.key || ': sequence ' || e.sequence || ', activations ' || count(a.id) || ' to ' || coalesce(max(a.sequence), 0)
		FROM environments e LEFT JOIN activations a ON a.environment_id = e.id GROUP BY e.id
		HAVING count(a.id) <> e.sequence OR coalesce(max(a.sequence), 0) <> e.sequence OR coalesce(min(a.sequence), 1) <> 1`)
	r.none("an environment does not point at its last activation's release", `SELECT e.key FROM environments e
		LEFT JOIN activations a ON a.environment_id = e.id AND a.sequence = e.sequence WHERE e.live_id IS NOT a.release_id`)
	r.none("an activation does not continue from the one before", `SELECT a.id FROM activations a
		LEFT JOIN activations b ON b.environment_id = a.environment_id AND b.sequence = a.sequence - 1 WHERE a.previous_id IS NOT b.release_id`)
	for kinds, actions := range map[string]string{
		"'PUBLISH'": "'releasePublish'", "'ROLL_BACK'": "'releaseRollBack'", "'PROMOTE'": "'releasePromote'",
	} {
		moves := r.count("SELECT count(*) FROM activations WHERE kind = " + kinds)
		if audited := r.count("SELECT count(*) FROM audit_entries WHERE action = " + actions); moves != audited {
			r.t.Errorf("%d activations of kind %s, %d audit entries", moves, kinds, audited)
		}
	}
}

// schedules checks that each schedule went live exactly once if it says so, and else never.
func (r reader) schedules() {
	r.t.Helper()
	r.none("a schedule that is DONE went live other than once, or another did", `SELECT s.id || ' ' || s.state || ' ' || count(a.id) FROM release_schedules s
		LEFT JOIN activations a ON a.kind = 'SCHEDULED' AND a.release_id = s.release_id GROUP BY s.id HAVING count(a.id) <> (s.state = 'DONE')`)
	r.none("a schedule went live over what moved meanwhile", `SELECT s.id FROM release_schedules s JOIN activations a ON a.kind = 'SCHEDULED'
		AND a.release_id = s.release_id WHERE a.environment_id <> s.environment_id OR a.sequence <> s.base_sequence + 1`)
	r.none("a schedule failed without a reason, or for none", `SELECT id FROM release_schedules WHERE (state = 'FAILED') <> (problem IS NOT NULL)`)
	facts := r.count("SELECT count(*) FROM audit_entries WHERE action = 'releaseSchedule'")
	if want := r.count("SELECT count(*) + coalesce(sum(state IN ('DONE', 'FAILED')), 0) FROM release_schedules"); facts != want {
		r.t.Errorf("%d audit entries about schedules, want %d", facts, want)
	}
}

// overdue returns the schedules whose time has come by a moment and that are still pending.
func (r reader) overdue(by time.Time) (n int) {
	r.t.Helper()
	r.each("SELECT at FROM release_schedules WHERE state = 'PENDING'", func(scan func(...any)) {
		var at time.Time
		if scan(&at); at.Before(by) {
			n++
		}
	})
	return n
}
