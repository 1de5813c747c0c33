// Command diff writes the next migration of each database: what ent/schema has and the migrations do not. It needs a
// PostgreSQL that TEST_POSTGRES names. Usage, from the root of the repository: make migration name=NAME
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"ariga.io/atlas/sql/sqltool"
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	"entgo.io/ent/dialect/sql/schema"
	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3"

	"sonata.ai/sonata/internal/store"
	"sonata.ai/sonata/internal/testkit/postgres"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	server := os.Getenv("TEST_POSTGRES")
	if len(args) != 1 || server == "" {
		return errors.New("usage: make migration name=NAME")
	}
	scratch, err := os.MkdirTemp("", "sonata-diff")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	empty, err := postgres.Create(ctx, server, fmt.Sprintf("diff_%d", time.Now().UnixNano()))
	if err != nil {
		return err
	}
	for _, d := range []struct{ dialect, driver, source string }{
		{dialect.SQLite, "sqlite3", "file:" + scratch + "/dev.db?_fk=1"},
		{dialect.Postgres, "pgx", empty},
	} {
		db, err := sql.Open(d.driver, d.source)
		if err != nil {
			return err
		}
		if err := diff(ctx, d.dialect, sql.OpenDB(d.dialect, db.DB()), args[0]); err != nil {
			return errors.Join(fmt.Errorf("%s: %w", d.dialect, err), db.Close())
		}
		if err := db.Close(); err != nil {
			return err
		}
	}
	return nil
}

func diff(ctx context.Context, dialect string, db *sql.Driver, name string) error {
	folder := map[string]string{"sqlite3": "sqlite", "postgres": "postgres"}[dialect]
	dir, err := sqltool.NewGooseDir("ent/migrate/" + folder)
	if err != nil {
		return err
	}
	m, err := schema.NewMigrate(db, schema.WithDir(dir), schema.WithFormatter(sqltool.GooseFormatter),
		schema.WithMigrationMode(schema.ModeReplay), schema.WithDialect(dialect), schema.WithDropColumn(true), schema.WithDropIndex(true))
	if err != nil {
		return err
	}
	return m.NamedDiff(ctx, name, store.Tables(dialect)...)
}
