// Command diff writes the next migration: what ent/schema has and the migrations do not. Usage, from the root of the
// repository: go run ./ent/migrate/diff NAME
package main

import (
	"context"
	"fmt"
	"os"

	"ariga.io/atlas/sql/sqltool"
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	"entgo.io/ent/dialect/sql/schema"
	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3"

	"sonata.ai/sonata/ent/migrate"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("usage: go run ./ent/migrate/diff NAME")
	}
	dir, err := sqltool.NewGooseDir("ent/migrate/sqlite")
	if err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "sonata-diff")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	db, err := sql.Open(dialect.SQLite, "file:"+scratch+"/dev.db?_fk=1")
	if err != nil {
		return err
	}
	defer db.Close()
	m, err := schema.NewMigrate(db, schema.WithDir(dir), schema.WithFormatter(sqltool.GooseFormatter),
		schema.WithMigrationMode(schema.ModeReplay), schema.WithDialect(dialect.SQLite))
	if err != nil {
		return err
	}
	return m.NamedDiff(ctx, args[0], migrate.Tables...)
}
