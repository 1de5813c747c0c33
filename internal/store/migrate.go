package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/pressly/goose/v3"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/migrate/sqlite"
	"sonata.ai/sonata/internal/fault"
)

// migrate brings the schema up to date. Before it changes a database that holds something it writes a copy beside it.
func (s *Store) migrate(ctx context.Context) error {
	provider, err := goose.NewProvider(goose.DialectSQLite3, s.writer, sqlite.Files)
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	have, err := provider.GetDBVersion(ctx)
	if err != nil {
		return fault.Unavailablef("cannot read the schema version of the database %s: %s", s.path, reason(err)).Because(err)
	}
	sources := provider.ListSources()
	want := sources[len(sources)-1].Version
	switch {
	case have > want:
		return fault.Invalidf("the database %s was written by a newer Sonata (schema %d, this one knows %d): start that version, or restore the copy made before the upgrade", s.path, have, want)
	case have == want:
		return nil
	case have > 0:
		backup := fmt.Sprintf("%s.before-%d", s.path, want)
		if _, err := os.Stat(backup); os.IsNotExist(err) {
			if _, err := s.writer.ExecContext(ctx, "VACUUM INTO ?", backup); err != nil {
				return fault.Unavailablef("cannot copy the database to %s before the upgrade: %s", backup, reason(err)).Because(err)
			}
		}
	}
	if err := s.upgrade(ctx, provider); err != nil {
		return fault.Unavailablef("cannot upgrade the database %s: %s. Nothing of the failed step was kept", s.path, reason(err)).Because(err)
	}
	return nil
}

// checkSchema refuses a database that is not exactly of the schema that this program knows, and changes nothing.
func (s *Store) checkSchema(ctx context.Context) error {
	provider, err := goose.NewProvider(goose.DialectSQLite3, s.writer, sqlite.Files)
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	var have int64
	if err := s.reader.QueryRowContext(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&have); err != nil {
		return fault.Invalidf("the file %s is no database of Sonata", s.path).Because(err)
	}
	sources := provider.ListSources()
	if want := sources[len(sources)-1].Version; have != want {
		return fault.Invalidf("the database %s was written by another version of Sonata (schema %d, this one knows %d): use the program that the server runs", s.path, have, want)
	}
	return nil
}

// upgrade applies what is missing. A step that makes a table anew drops the old one, so references are not enforced
// meanwhile; within the step's transaction SQLite ignores the switch. They are checked afterwards.
func (s *Store) upgrade(ctx context.Context, provider *goose.Provider) (err error) {
	if _, err := s.writer.ExecContext(ctx, "PRAGMA foreign_keys = off"); err != nil {
		return err
	}
	defer func() {
		_, on := s.writer.ExecContext(context.WithoutCancel(ctx), "PRAGMA foreign_keys = on")
		err = errors.Join(err, on)
	}()
	if _, err := provider.Up(ctx); err != nil {
		return err
	}
	var table string
	err = s.writer.QueryRowContext(ctx, "SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1").Scan(&table)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return errors.Join(err, fmt.Errorf("a row of %s refers to nothing", table))
}

// WriteDrift writes the statements that the schema of db lacks against the entities: nothing, when the migrations are
// complete.
func WriteDrift(ctx context.Context, db *sql.DB, w io.Writer) error {
	return ent.NewClient(ent.Driver(entsql.OpenDB(dialect.SQLite, db))).Schema.WriteTo(ctx, w)
}
