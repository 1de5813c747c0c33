package store_test

import (
	"context"
	"database/sql"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"

	"sonata.ai/sonata/ent/migrate/postgres"
	"sonata.ai/sonata/ent/migrate/sqlite"
	"sonata.ai/sonata/internal/store"
	server "sonata.ai/sonata/internal/testkit/postgres"
)

// The migrations make exactly what the entities need.
func TestMigrationsMatchTheEntities(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		db := opened(t, "sqlite3", "file:"+filepath.Join(t.TempDir(), "replay.db")+"?_fk=1")
		matches(t, db, "sqlite3", goose.DialectSQLite3, sqlite.Files)
	})
	if address := server.Fresh(t); address != "" {
		t.Run("postgres", func(t *testing.T) { //nolint:paralleltest // the database ends with the test around it
			db := opened(t, "pgx", address)
			matches(t, db, "postgres", goose.DialectPostgres, postgres.Files)
			comparesBytes(t, db)
		})
	}
}

func opened(t *testing.T, driver, source string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func matches(t *testing.T, db *sql.DB, dialect string, of goose.Dialect, files fs.FS) {
	t.Helper()
	provider, err := goose.NewProvider(of, db, files)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	missing := drift(t.Context(), t, dialect, db)
	for _, line := range missing {
		t.Errorf("a migration is missing (make migration name=…): %s", line)
	}
	if _, err := db.ExecContext(t.Context(), "ALTER TABLE screens DROP COLUMN title"); err != nil {
		t.Fatal(err)
	}
	if len(drift(t.Context(), t, dialect, db)) == 0 {
		t.Error("a column that is not there is no drift")
	}
}

func drift(ctx context.Context, t *testing.T, dialect string, db *sql.DB) (missing []string) {
	t.Helper()
	var all strings.Builder
	if err := store.WriteDrift(ctx, dialect, db, &all); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(all.String()) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "BEGIN") && !strings.HasPrefix(line, "COMMIT") && !strings.HasPrefix(line, "PRAGMA") {
			missing = append(missing, line)
		}
	}
	return missing
}

// comparesBytes fails for every text that a PostgreSQL would order by a language, as SQLite never does.
func comparesBytes(t *testing.T, db *sql.DB) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `SELECT table_name || '.' || column_name FROM information_schema.columns
		WHERE table_schema = 'public' AND data_type IN ('text', 'character varying') AND collation_name IS DISTINCT FROM 'C'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		t.Errorf("%s is ordered by the language of the database", name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

// A change of the entities is a migration of both databases, of the same name: those of PostgreSQL begin later.
func TestBothDatabasesHaveTheSameMigrations(t *testing.T) {
	t.Parallel()
	names := func(files fs.FS) (all []string) {
		entries, err := fs.Glob(files, "*.sql")
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			_, name, _ := strings.Cut(e, "_")
			all = append(all, name)
		}
		return all
	}
	small, large := names(sqlite.Files), names(postgres.Files)
	since := slices.Index(small, large[1])
	if since < 0 || !slices.Equal(small[since:], large[1:]) {
		t.Errorf("SQLite has %v, PostgreSQL %v", small, large)
	}
}
