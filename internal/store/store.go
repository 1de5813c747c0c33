// Package store opens the database and owns what every verb relies on: one transaction per verb, one ledger row that
// orders all of them, migrations, the lock that keeps a second process away from an SQLite file, the installation key.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/gofrs/flock"
	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3"

	"sonata.ai/sonata/ent"
	_ "sonata.ai/sonata/ent/runtime" // defaults and hooks of the entities
	"sonata.ai/sonata/internal/fault"
)

// Store is an open database.
type Store struct {
	path     string
	lock     *flock.Flock // nil beside the process that has the file
	writer   *sql.DB
	reader   *sql.DB
	write    *ent.Client
	read     *ent.Client
	onCommit func(ctx context.Context, seq int64)
}

// Open opens or creates the SQLite database at path, brings its schema up to date and takes the lock on it. The folder
// is created when it is missing. Its faults are sentences for the console: the file is in use (Conflict), cannot be
// read or is not a database (Unavailable), or was written by a newer Sonata (Invalid).
func Open(ctx context.Context, path string) (_ *Store, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return nil, fault.Unavailablef("cannot create the folder of the database %s: %s", path, reason(err)).Because(err)
	}
	if file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600); err == nil { // SQLite would let everybody read it
		file.Close()
	}
	lock := flock.New(path + ".lock")
	locked, err := lock.TryLock()
	if err != nil {
		return nil, fault.Unavailablef("cannot lock the database %s: %s", path, reason(err)).Because(err)
	}
	if !locked {
		return nil, fault.Conflictf("another Sonata is using the database %s: stop it, or choose another file with --database", path)
	}
	s := &Store{path: path, lock: lock, onCommit: func(context.Context, int64) {}}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	if err := s.connect(ctx); err != nil {
		return nil, err
	}
	if err := s.migrate(ctx); err != nil {
		return nil, err
	}
	return s, s.ensureLedger(ctx)
}

// Join opens the database at path beside the process that has it, for a command of the operator: what SQLite lets two
// processes do. It takes no lock, makes nothing and changes no schema; transactions take turns whichever process they are
// in, and the server follows the ledger, so it knows within a second. Its faults are sentences for the console: Invalid
// for a file that is not there or holds another schema, Unavailable for one that cannot be written.
func Join(ctx context.Context, path string) (_ *Store, err error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fault.Invalidf("there is no database %s: %s. Name the one of the server with --database", path, reason(err)).Because(err)
	}
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, fault.Unavailablef("cannot write the database %s: %s", path, reason(err)).Because(err).WithHint("run the command as the user that the server runs as")
	}
	file.Close()
	s := &Store{path: path, onCommit: func(context.Context, int64) {}}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	if err := s.connect(ctx); err != nil {
		return nil, err
	}
	return s, s.checkSchema(ctx)
}

// connect opens two pools on the file: one connection that writes, several that only read. With SQLite's defaults and
// one pool, transactions that begin by reading fail with "database is locked" instead of waiting.
func (s *Store) connect(ctx context.Context) error {
	const common = "_journal_mode=WAL&_busy_timeout=5000&_foreign_keys=1&_synchronous=FULL"
	name := "file:" + uriPath(s.path) + "?" + common
	var err error
	if s.writer, err = sql.Open("sqlite3", name+"&_txlock=immediate"); err != nil {
		return fmt.Errorf("open writer: %w", err)
	}
	s.writer.SetMaxOpenConns(1)
	var count int
	if err := s.writer.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master").Scan(&count); err != nil {
		return fault.Unavailablef("cannot open the database %s: %s. Restore the file from a backup, or choose another with --database", s.path, reason(err)).Because(err)
	}
	if s.reader, err = sql.Open("sqlite3", name+"&_txlock=deferred&_query_only=1"); err != nil {
		return fmt.Errorf("open reader: %w", err)
	}
	s.reader.SetMaxOpenConns(2 * runtime.NumCPU())
	s.reader.SetMaxIdleConns(2 * runtime.NumCPU())
	s.write = ent.NewClient(ent.Driver(entsql.OpenDB(dialect.SQLite, s.writer)))
	s.read = ent.NewClient(ent.Driver(entsql.OpenDB(dialect.SQLite, s.reader)))
	return nil
}

// reason shortens an error of the system to what a person at the console needs.
func reason(err error) string {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}

// OnCommit sets what is told of each commit: the ledger's sequence after it. It is called before the verb returns, so
// that a caller who has its answer finds its own change in memory too. Call it before the store is shared.
func (s *Store) OnCommit(f func(ctx context.Context, seq int64)) { s.onCommit = f }

// Path is where the database file is.
func (s *Store) Path() string { return s.path }

// Reader returns the client for reads: the transaction that ctx carries, or the pool that cannot write.
func (s *Store) Reader(ctx context.Context) *ent.Client {
	if tx := fromContext(ctx); tx != nil {
		return tx.Client()
	}
	return s.read
}

// Ping asks the database for a sign of life.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	return s.reader.QueryRowContext(ctx, "SELECT 1").Scan(&one)
}

// Close gives the file back. It is safe to call on a store that opened half.
func (s *Store) Close() error {
	var errs []error
	if s.reader != nil {
		errs = append(errs, s.reader.Close())
	}
	if s.writer != nil {
		if _, err := s.writer.Exec("PRAGMA optimize"); err != nil {
			slog.Debug("optimize the database", "error", err) // best effort: it only refreshes statistics
		}
		errs = append(errs, s.writer.Close())
	}
	if s.lock != nil {
		errs = append(errs, s.lock.Unlock())
	}
	return errors.Join(errs...)
}

// ParseURL reads the value of --database and returns the file's path.
func ParseURL(raw string) (string, error) {
	scheme, rest, ok := strings.Cut(raw, ":")
	if !ok || scheme != "sqlite" {
		shown := raw
		if u, err := url.Parse(raw); err == nil {
			shown = u.Redacted()
		}
		return "", fault.Invalidf("database %q: write sqlite: and the path of a file, for instance sqlite:data/sonata.db", shown)
	}
	rest = strings.TrimPrefix(rest, "//")
	if rest == "" || strings.Contains(rest, ":memory:") {
		return "", fault.Invalidf("database %q: name a file, for instance sqlite:data/sonata.db", raw)
	}
	return filepath.Clean(rest), nil // SQLite would read a path that begins with two slashes as the name of a machine
}
