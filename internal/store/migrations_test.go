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
			matches(t, opened(t, "pgx", address), "postgres", goose.DialectPostgres, postgres.Files)
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
