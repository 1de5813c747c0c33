package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"entgo.io/ent/dialect"
	"github.com/gofrs/flock"
	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3"
	"github.com/pressly/goose/v3"

	"sonata.ai/sonata/ent"
	migrations "sonata.ai/sonata/ent/migrate/sqlite"
	"sonata.ai/sonata/internal/fault"
)

// sqlite is a database in a file, which one process serves.
type sqlite struct {
	path           string
	lock           *flock.Flock // nil beside the process that has the file
	writer, reader *sql.DB
}

func openSQLite(ctx context.Context, address Address) (_ *Store, err error) {
	path := address.path
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
	q := &sqlite{path: path, lock: lock}
	defer func() {
		if err != nil {
			err = errors.Join(err, q.close())
		}
	}()
	s, err := q.connect(ctx)
	if err != nil {
		return nil, err
	}
	if err := q.migrate(ctx); err != nil {
		return nil, err
	}
	return s, s.ensureLedger(ctx)
}

func joinSQLite(ctx context.Context, address Address) (_ *Store, err error) {
	path := address.path
	if _, err := os.Stat(path); err != nil {
		return nil, fault.Invalidf("there is no database %s: %s. Name the one of the server with --database", path, reason(err)).Because(err)
	}
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, fault.Unavailablef("cannot write the database %s: %s", path, reason(err)).Because(err).WithHint("run the command as the user that the server runs as")
	}
	file.Close()
	q := &sqlite{path: path}
	defer func() {
		if err != nil {
			err = errors.Join(err, q.close())
		}
	}()
	s, err := q.connect(ctx)
	if err != nil {
		return nil, err
	}
	return s, q.checkSchema(ctx)
}

// connect opens two pools on the file: one connection that writes, several that only read. With SQLite's defaults and
// one pool, transactions that begin by reading fail with "database is locked" instead of waiting.
func (q *sqlite) connect(ctx context.Context) (*Store, error) {
	const common = "_journal_mode=WAL&_busy_timeout=5000&_foreign_keys=1&_synchronous=FULL"
	name := "file:" + uriPath(q.path) + "?" + common
	var err error
	if q.writer, err = sql.Open("sqlite3", name+"&_txlock=immediate"); err != nil {
		return nil, fmt.Errorf("open writer: %w", err)
	}
	q.writer.SetMaxOpenConns(1)
	var count int
	if err := q.writer.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master").Scan(&count); err != nil {
		return nil, fault.Unavailablef("cannot open the database %s: %s. Restore the file from a backup, or choose another with --database", q.path, reason(err)).Because(err)
	}
	if q.reader, err = sql.Open("sqlite3", name+"&_txlock=deferred&_query_only=1"); err != nil {
		return nil, fmt.Errorf("open reader: %w", err)
	}
	q.reader.SetMaxOpenConns(2 * runtime.NumCPU())
	q.reader.SetMaxIdleConns(2 * runtime.NumCPU())
	return &Store{
		address: File(q.path), engine: q, onCommit: func(context.Context, int64) {},
		write: client(dialect.SQLite, q.writer), read: client(dialect.SQLite, q.reader),
	}, nil
}

// begin waits for the one connection that writes: whoever has it has the only turn. There is nobody to notify: another
// process on the file is a command of the operator, and asks each second.
func (*sqlite) begin(ctx context.Context, c *ent.Client, _ turn) (*ent.Tx, func(context.Context) error, error) {
	tx, err := c.Tx(ctx)
	return tx, func(context.Context) error { return nil }, err
}

func (q *sqlite) ping(ctx context.Context) error { return ping(ctx, q.reader) }

func (*sqlite) now(context.Context) (time.Time, error) { return time.Now(), nil }

func ping(ctx context.Context, db *sql.DB) error {
	var one int
	return db.QueryRowContext(ctx, "SELECT 1").Scan(&one)
}

func (q *sqlite) close() error {
	var errs []error
	if q.reader != nil {
		errs = append(errs, q.reader.Close())
	}
	if q.writer != nil {
		if _, err := q.writer.Exec("PRAGMA optimize"); err != nil {
			slog.Debug("optimize the database", "error", err) // best effort: it only refreshes statistics
		}
		errs = append(errs, q.writer.Close())
	}
	if q.lock != nil {
		errs = append(errs, q.lock.Unlock())
	}
	return errors.Join(errs...)
}

func (q *sqlite) provider() (*goose.Provider, error) {
	provider, err := goose.NewProvider(goose.DialectSQLite3, q.writer, migrations.Files)
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return provider, nil
}

// migrate brings the schema up to date. Before it changes a database that holds something it writes a copy beside it.
func (q *sqlite) migrate(ctx context.Context) error {
	provider, err := q.provider()
	if err != nil {
		return err
	}
	have, err := provider.GetDBVersion(ctx)
	if err != nil {
		return fault.Unavailablef("cannot read the schema version of the database %s: %s", q.path, reason(err)).Because(err)
	}
	want := newest(provider)
	switch {
	case have > want:
		return fault.Invalidf("the database %s was written by a newer Sonata (schema %d, this one knows %d): start that version, or restore the copy made before the upgrade", q.path, have, want)
	case have == want:
		return nil
	case have > 0:
		backup := fmt.Sprintf("%s.before-%d", q.path, want)
		if _, err := os.Stat(backup); os.IsNotExist(err) {
			if _, err := q.writer.ExecContext(ctx, "VACUUM INTO ?", backup); err != nil {
				return fault.Unavailablef("cannot copy the database to %s before the upgrade: %s", backup, reason(err)).Because(err)
			}
		}
	}
	if err := q.upgrade(ctx, provider); err != nil {
		return fault.Unavailablef("cannot upgrade the database %s: %s. Nothing of the failed step was kept", q.path, reason(err)).Because(err)
	}
	return nil
}

// checkSchema refuses a database that is not exactly of the schema that this program knows, and changes nothing.
func (q *sqlite) checkSchema(ctx context.Context) error {
	provider, err := q.provider()
	if err != nil {
		return err
	}
	var have int64
	if err := q.reader.QueryRowContext(ctx, appliedVersion).Scan(&have); err != nil {
		return fault.Invalidf("the file %s is no database of Sonata", q.path).Because(err)
	}
	return sameSchema(q.path, have, newest(provider))
}

// upgrade applies what is missing. A step that makes a table anew drops the old one, so references are not enforced
// meanwhile; within the step's transaction SQLite ignores the switch. They are checked afterwards.
func (q *sqlite) upgrade(ctx context.Context, provider *goose.Provider) (err error) {
	if _, err := q.writer.ExecContext(ctx, "PRAGMA foreign_keys = off"); err != nil {
		return err
	}
	defer func() {
		_, on := q.writer.ExecContext(context.WithoutCancel(ctx), "PRAGMA foreign_keys = on")
		err = errors.Join(err, on)
	}()
	if _, err := provider.Up(ctx); err != nil {
		return err
	}
	var table string
	err = q.writer.QueryRowContext(ctx, "SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1").Scan(&table)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return errors.Join(err, fmt.Errorf("a row of %s refers to nothing", table))
}
