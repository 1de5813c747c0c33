package store

import (
	"context"
	"database/sql"
	"io"

	entsql "entgo.io/ent/dialect/sql"
	"entgo.io/ent/dialect/sql/schema"
	"github.com/pressly/goose/v3"

	"sonata.ai/sonata/ent/migrate"
	"sonata.ai/sonata/internal/fault"
)

// appliedVersion reads how far goose brought a schema, without making its table.
const appliedVersion = "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied"

// newest is the version that this program brings a schema to.
func newest(provider *goose.Provider) int64 {
	sources := provider.ListSources()
	return sources[len(sources)-1].Version
}

func sameSchema(database string, have, want int64) error {
	if have != want {
		return fault.Invalidf("the database %s was written by another version of Sonata (schema %d, this one knows %d): use the program that the server runs", database, have, want)
	}
	return nil
}

// WriteDrift writes the statements that the schema of db lacks against the entities: nothing, when the migrations are
// complete.
func WriteDrift(ctx context.Context, dialect string, db *sql.DB, w io.Writer) error {
	into := migrate.NewSchema(&schema.WriteDriver{Writer: w, Driver: entsql.OpenDB(dialect, db)})
	return migrate.Create(ctx, into, Tables(dialect), schema.WithDropColumn(true), schema.WithDropIndex(true))
}
