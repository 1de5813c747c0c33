// Package postgres holds the versioned migrations for PostgreSQL, in goose's format. They are generated from ent/schema
// by `make migration name=…` and never edited once released.
package postgres

import "embed"

// Files are the migrations, applied in the order of their names.
//
//go:embed *.sql
var Files embed.FS
