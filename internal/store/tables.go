package store

import (
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql/schema"
	"entgo.io/ent/schema/field"

	"sonata.ai/sonata/ent/migrate"
)

// Tables are what the entities are in a database. PostgreSQL orders text by the language of the database, and pages of a
// list are cut by that order: every text is compared byte for byte there, as SQLite does.
func Tables(of string) []*schema.Table {
	if of != dialect.Postgres {
		return migrate.Tables
	}
	tables, err := schema.CopyTables(migrate.Tables)
	if err != nil {
		panic(err) // only for tables that do not belong together
	}
	for _, t := range tables {
		for _, c := range t.Columns {
			if c.Type == field.TypeString || c.Type == field.TypeEnum {
				c.Collation = "C"
			}
		}
	}
	return tables
}
