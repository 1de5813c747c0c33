package store

import (
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"

	"sonata.ai/sonata/internal/fault"
)

// Address is where a database is: the file of an SQLite one, or a PostgreSQL.
type Address struct {
	path     string          // "" for PostgreSQL
	postgres *pgx.ConnConfig // nil for SQLite
}

// File is the address of an SQLite database.
func File(path string) Address { return Address{path: path} }

// ParseAddress reads the value of --database: sqlite: and the path of a file, or the postgres:// address of a
// PostgreSQL, with what libpq understands in its query (sslmode, sslrootcert and so on). What the address leaves out is
// taken from libpq's environment variables (PGPASSWORD, PGSSLMODE ...) and from its password file. Fault: Invalid, which
// never shows a password.
func ParseAddress(raw string) (Address, error) {
	scheme, rest, ok := strings.Cut(raw, ":")
	switch {
	case ok && scheme == "sqlite":
		rest = strings.TrimPrefix(rest, "//")
		if rest == "" || strings.Contains(rest, ":memory:") {
			return Address{}, fault.Invalidf("database %q: name a file, for instance sqlite:data/sonata.db", raw)
		}
		return File(filepath.Clean(rest)), nil // SQLite would read a path that begins with two slashes as the name of a machine
	case ok && (scheme == "postgres" || scheme == "postgresql"):
		config, err := pgx.ParseConfig(raw)
		if err != nil {
			return Address{}, fault.Invalidf("database %q is no address of a PostgreSQL: write postgres://name@host:5432/database, and special characters of a password as %%XX", shown(raw)).Because(err)
		}
		if config.Database == "" {
			return Address{}, fault.Invalidf("database %q names no database: write postgres://name@host:5432/database", shown(raw))
		}
		return Address{postgres: config}, nil
	}
	return Address{}, fault.Invalidf("database %q: write sqlite: and the path of a file, for instance sqlite:data/sonata.db, or postgres://name@host:5432/database", shown(raw))
}

// shown is an address without its password. One that cannot be read may hold it anywhere.
func shown(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		scheme, _, _ := strings.Cut(raw, ":")
		return scheme + ":…"
	}
	if query := u.Query(); query.Has("password") {
		query.Set("password", "xxxxx")
		u.RawQuery = query.Encode()
	}
	return u.Redacted()
}

// Path is the file of an SQLite database; "" for a PostgreSQL.
func (a Address) Path() string { return a.path }

// IsPostgres reports whether the database is a PostgreSQL, which several processes may share.
func (a Address) IsPostgres() bool { return a.postgres != nil }

// String is the path of the file, or the address of the PostgreSQL without a password.
func (a Address) String() string {
	if a.postgres == nil {
		return a.path
	}
	u := url.URL{Scheme: "postgres", User: url.User(a.postgres.User), Host: a.postgres.Host, Path: "/" + a.postgres.Database}
	if strings.HasPrefix(a.postgres.Host, "/") { // the folder of a socket
		u.Host, u.RawQuery = "", "host="+a.postgres.Host
	} else if a.postgres.Port != 5432 {
		u.Host = fmt.Sprintf("%s:%d", a.postgres.Host, a.postgres.Port)
	}
	return u.String()
}
