package killtest

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sonata.ai/sonata/internal/store"
	"sonata.ai/sonata/internal/testkit/postgres"
)

// mirror is an SQLite file with what a PostgreSQL has, so that one checker looks into both.
type mirror struct {
	address, path string
	from          *sql.DB
}

// database is where a campaign keeps things: a file, or a database of the PostgreSQL that TEST_POSTGRES names.
func database(t *testing.T) string {
	t.Helper()
	if address := postgres.Fresh(t); address != "" {
		return address
	}
	return filepath.Join(t.TempDir(), "sonata.db")
}

func isPostgres(database string) bool { return strings.HasPrefix(database, "postgres:") }

// newMirror returns an empty mirror, or nil for what is a file already.
func newMirror(t *testing.T, database string) *mirror {
	t.Helper()
	if !isPostgres(database) {
		return nil
	}
	m := &mirror{address: database, path: filepath.Join(t.TempDir(), "mirror.db")}
	s, err := store.Open(t.Context(), store.File(m.path), store.Pool{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if m.from, err = sql.Open("pgx", database); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.from.Close() })
	return m
}

// settle waits until nothing of a process that was killed works on in the PostgreSQL: a commit that was on its way may
// come after the kill.
func (m *mirror) settle(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		var n int
		err := m.from.QueryRowContext(t.Context(), "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'sonata%'").Scan(&n)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d connections of a process that was killed are still there", n)
		}
	}
}

// read brings the file up to what one moment of the PostgreSQL was. A row keeps its number.
func (m *mirror) read(t *testing.T) string {
	t.Helper()
	if err := m.copy(t.Context()); err != nil {
		t.Fatal(err)
	}
	return m.path
}

func (m *mirror) copy(ctx context.Context) error {
	from, err := m.from.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead})
	if err != nil {
		return err
	}
	defer from.Rollback()
	db, err := sql.Open("sqlite3", "file:"+m.path+"?_foreign_keys=0")
	if err != nil {
		return err
	}
	defer db.Close()
	into, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer into.Rollback()
	tables, err := column(ctx, into, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'goose_db_version'")
	if err != nil {
		return err
	}
	for _, table := range tables {
		if err := copyTable(ctx, from, into, table); err != nil {
			return fmt.Errorf("%s: %w", table, err)
		}
	}
	return into.Commit()
}

func copyTable(ctx context.Context, from, into *sql.Tx, table string) error {
	columns, err := column(ctx, into, "SELECT name FROM pragma_table_info('"+table+"')")
	if err != nil {
		return err
	}
	keys, err := column(ctx, into, "SELECT name FROM pragma_table_info('"+table+"') WHERE pk > 0")
	if err != nil {
		return err
	}
	key := keys[0]
	var set, quoted []string
	for _, c := range columns {
		quoted = append(quoted, `"`+c+`"`)
		set = append(set, fmt.Sprintf(`"%s" = excluded."%s"`, c, c))
	}
	rows, err := from.QueryContext(ctx, fmt.Sprintf(`SELECT %s FROM "%s" ORDER BY "%s"`, strings.Join(quoted, ", "), table, key))
	if err != nil {
		return err
	}
	defer rows.Close()
	insert := fmt.Sprintf(`INSERT INTO "%s" (%s) VALUES (%s) ON CONFLICT ("%s") DO UPDATE SET %s`, table, strings.Join(quoted, ", "),
		strings.TrimSuffix(strings.Repeat("?, ", len(columns)), ", "), key, strings.Join(set, ", "))
	if _, err := into.ExecContext(ctx, "CREATE TEMP TABLE seen (key)"); err != nil {
		return err
	}
	for rows.Next() {
		values := make([]any, len(columns))
		targets := make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		for i, v := range values {
			switch v := v.(type) {
			case []byte: // JSON
				values[i] = string(v)
			case time.Time:
				values[i] = v.UTC()
			}
		}
		if _, err := into.ExecContext(ctx, insert, values...); err != nil {
			return err
		}
		if _, err := into.ExecContext(ctx, "INSERT INTO seen VALUES (?)", values[slices.Index(columns, key)]); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if _, err := into.ExecContext(ctx, fmt.Sprintf(`DELETE FROM "%s" WHERE "%s" NOT IN (SELECT key FROM seen)`, table, key)); err != nil {
		return err
	}
	_, err = into.ExecContext(ctx, "DROP TABLE seen")
	return err
}

func column(ctx context.Context, tx *sql.Tx, query string) (all []string, err error) {
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, rows.Err()
}
