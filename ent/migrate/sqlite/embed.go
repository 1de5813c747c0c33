// Package sqlite holds the versioned migrations for SQLite, in goose's format. They are generated from ent/schema by
// `make migration name=…` and never edited once released.
package sqlite

import "embed"

// Files are the migrations, applied in the order of their names.
//
//go:embed *.sql
var Files embed.FS
