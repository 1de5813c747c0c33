// Package store opens the database and owns what every verb relies on: one transaction per verb, one ledger row that
// orders all of them, migrations, the lock that keeps a second process away from an SQLite file, the installation key.
package store

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"time"

	entsql "entgo.io/ent/dialect/sql"

	"sonata.ai/sonata/ent"
	_ "sonata.ai/sonata/ent/runtime" // defaults and hooks of the entities
)

// Store is an open database.
type Store struct {
	address  Address
	engine   engine
	write    *ent.Client
	read     *ent.Client
	onCommit func(ctx context.Context, seq int64)
}

// engine is what differs between the databases.
type engine interface {
	// begin begins a transaction that takes its turn with others; notify tells other processes, with the commit, that
	// the ledger moved.
	begin(ctx context.Context, c *ent.Client, in turn) (tx *ent.Tx, notify func(context.Context) error, err error)
	// bounded ends a transaction that takes too long, or whose database went away.
	bounded(ctx context.Context) (context.Context, context.CancelFunc)
	ping(ctx context.Context) error
	now(ctx context.Context) (time.Time, error)
	close() error
}

// Open opens the database and brings its schema up to date. An SQLite file is created with its folder when it is
// missing, and locked; a PostgreSQL is shared, and one of the processes that start upgrades it while the others wait. Its
// faults are sentences for the console: the file is in use (Conflict), cannot be read or is not a database, the PostgreSQL
// does not answer (Unavailable), or it was written by a newer Sonata (Invalid).
func Open(ctx context.Context, address Address, pool Pool) (_ *Store, err error) {
	if address.IsPostgres() {
		return openPostgres(ctx, address, pool, true)
	}
	return openSQLite(ctx, address)
}

// Join opens a database beside the process that serves it, for a command of the operator. It takes no lock, makes nothing
// and changes no schema; transactions take turns whichever process they are in, and the server follows the ledger, so it
// knows within a second. Its faults are sentences for the console: Invalid for a database that is not there or holds
// another schema, Unavailable for one that cannot be written or does not answer.
func Join(ctx context.Context, address Address) (*Store, error) {
	if address.IsPostgres() {
		return openPostgres(ctx, address, Pool{Connections: 2}, false)
	}
	return joinSQLite(ctx, address)
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

// Address is where the database is.
func (s *Store) Address() Address { return s.address }

// Reader returns the client for reads: the transaction that ctx carries, or the pool that reads.
func (s *Store) Reader(ctx context.Context) *ent.Client {
	if tx := fromContext(ctx); tx != nil {
		return tx.Client()
	}
	return s.read
}

// Ping asks the database for a sign of life, and waits two seconds at most.
func (s *Store) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, pingWithin)
	defer cancel()
	return s.engine.ping(ctx)
}

// Now is the time by the clock that all processes on the database have in common: the PostgreSQL's, or this machine's for
// an SQLite file. Fault: Unavailable.
func (s *Store) Now(ctx context.Context) (time.Time, error) {
	now, err := s.engine.now(ctx)
	return now.UTC(), err
}

const pingWithin = 2 * time.Second

// Close gives the database back. It is safe to call on a store that opened half.
func (s *Store) Close() error { return s.engine.close() }

func client(of string, db *sql.DB) *ent.Client {
	return ent.NewClient(ent.Driver(entsql.OpenDB(of, db)))
}
