package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"sonata.ai/sonata/ent"
	migrations "sonata.ai/sonata/ent/migrate/postgres"
	"sonata.ai/sonata/internal/fault"
)

// Pool says how many connections to a PostgreSQL this process holds open at most, 4 at least. An SQLite file has its own
// number.
type Pool struct{ Connections int }

// How long a PostgreSQL may take. What waits longer gives up, so that nothing piles up behind a database that hangs.
const (
	dialWithin    = 5 * time.Second
	readWithin    = 5 * time.Second
	writeWithin   = 30 * time.Second // a transaction, with the wait for its turn
	upgradeWithin = 10 * time.Minute
	idleFor       = 5 * time.Minute  // then a connection is closed
	liveFor       = 30 * time.Minute // then, too, so that a pooler or a server behind a name can be changed
)

// channel is where processes tell each other that the ledger moved.
const channel = "sonata_ledger"

// postgres is a database that several processes share. Nothing that it does needs a session of its own, so it works
// behind a pooler that lends a connection for one transaction.
type postgres struct {
	address        Address
	writer, reader *sql.DB
	probe          *sql.DB // one connection that asks for signs of life, whatever the others wait for

	away    atomic.Bool
	mu      sync.Mutex
	present context.Context // ends when the database goes away, and what waits for it with it
	leave   context.CancelCauseFunc
}

func newPostgres(address Address) *postgres {
	p := &postgres{address: address}
	p.present, p.leave = context.WithCancelCause(context.Background())
	return p
}

// set says whether the database is away; changed is false when that was known.
func (p *postgres) set(away bool) (changed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.away.Swap(away) == away {
		return false
	}
	if away {
		p.leave(errAway)
	} else {
		p.present, p.leave = context.WithCancelCause(context.Background())
	}
	return true
}

// bound ends a context after a while, and when the database goes away.
func (p *postgres) bound(ctx context.Context, within time.Duration) (context.Context, context.CancelFunc) {
	p.mu.Lock()
	present := p.present
	p.mu.Unlock()
	ctx, timeout := context.WithTimeout(ctx, within)
	ctx, leave := context.WithCancelCause(ctx)
	stop := context.AfterFunc(present, func() { leave(errAway) })
	return ctx, func() {
		stop()
		leave(nil)
		timeout()
	}
}

func openPostgres(ctx context.Context, address Address, pool Pool, upgrade bool) (_ *Store, err error) {
	p := newPostgres(address)
	writers := max(1, pool.Connections/4)
	p.writer, p.reader, p.probe = p.pool(writers), p.pool(max(1, pool.Connections-writers-2)), p.pool(1) // one more is for Listen
	defer func() {
		if err != nil {
			err = errors.Join(err, p.close())
		}
	}()
	if err := ping(ctx, p.probe); err != nil {
		return nil, p.unreachable(err)
	}
	if err := p.prepare(ctx, upgrade); err != nil {
		return nil, err
	}
	s := &Store{
		address: address, engine: p, onCommit: func(context.Context, int64) {},
		write: ent.NewClient(ent.Driver(&patient{Driver: entsql.OpenDB(dialect.Postgres, p.writer), of: p})),
		read:  ent.NewClient(ent.Driver(&patient{Driver: entsql.OpenDB(dialect.Postgres, p.reader), of: p})),
	}
	if !upgrade {
		return s, nil
	}
	return s, s.ensureLedger(ctx)
}

// pool opens a pool. Statements are not prepared on the server, where a pooler would look for them on another
// connection: what they are is asked once and remembered here.
func (p *postgres) pool(connections int) *sql.DB {
	config := p.address.postgres.Copy()
	config.ConnectTimeout = dialWithin
	if _, given := config.RuntimeParams["application_name"]; !given {
		config.RuntimeParams["application_name"] = "sonata"
	}
	config.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	db.SetConnMaxIdleTime(idleFor)
	db.SetConnMaxLifetime(liveFor)
	return db
}

func (p *postgres) unreachable(err error) error {
	return fault.Unavailablef("the database %s does not answer: %s", p.address, plain(err)).Because(err).
		WithHint("check that PostgreSQL runs there and lets this name in")
}

// begin takes the turn before anything is read, so that every statement after it sees what those before it committed.
// Time limits are set with it: one that is stuck must not keep the others waiting, and a server that lost this process
// must not wait for it.
func (p *postgres) begin(ctx context.Context, c *ent.Client, in turn) (*ent.Tx, func(context.Context) error, error) {
	b := &begun{turn: in}
	tx, err := c.Tx(context.WithValue(ctx, begunKey{}, b))
	if err != nil {
		return nil, nil, err
	}
	notify := func(ctx context.Context) error { return b.exec(ctx, "SELECT pg_notify('"+channel+"', '')") }
	return tx, notify, nil
}

// begun is how begin reaches the transaction below ent's.
type begun struct {
	turn turn
	tx   dialect.Tx
}

type begunKey struct{}

const (
	turnOfAll      = 1399811681 // any number that no other program takes in the same database
	turnOfFrontend = turnOfAll + 1
	turnOfCount    = turnOfAll + 2
)

func (b *begun) take(ctx context.Context) error {
	query := "SELECT set_config('lock_timeout', '25s', true), set_config('statement_timeout', '30s', true), set_config('idle_in_transaction_session_timeout', '15s', true)"
	switch {
	case b.turn.counts && b.turn.of == "":
		return b.exec(ctx, query+fmt.Sprintf(", pg_advisory_xact_lock(%d, 2)", turnOfAll))
	case b.turn.counts:
		return b.exec(ctx, query+fmt.Sprintf(", pg_advisory_xact_lock(%d, hashtext($1))", turnOfCount), b.turn.of)
	case b.turn.of == "":
		return b.exec(ctx, query+fmt.Sprintf(", pg_advisory_xact_lock(%d, 0)", turnOfAll))
	}
	return b.exec(ctx, query+fmt.Sprintf(", pg_advisory_xact_lock_shared(%d, 0), pg_advisory_xact_lock(%d, hashtext($1))", turnOfAll, turnOfFrontend), b.turn.of)
}

func (b *begun) exec(ctx context.Context, query string, args ...any) error {
	return b.tx.Exec(ctx, query, args, nil)
}

func (p *postgres) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	return p.bound(ctx, writeWithin)
}

func (p *postgres) now(ctx context.Context) (now time.Time, err error) {
	if p.away.Load() {
		return now, unavailable(errAway)
	}
	ctx, cancel := p.bound(ctx, readWithin)
	defer cancel()
	err = told(ctx, p.reader.QueryRowContext(ctx, "SELECT clock_timestamp()").Scan(&now))
	return now, err
}

func (p *postgres) ping(ctx context.Context) error { return ping(ctx, p.probe) }

func (p *postgres) close() error {
	return errors.Join(p.writer.Close(), p.reader.Close(), p.probe.Close())
}

// prepare brings the schema up to date, or only looks whether it is. Processes that start at once do it one after the
// other, behind a lock that a transaction holds: a pooler lends that one connection for as long.
func (p *postgres) prepare(ctx context.Context, upgrade bool) error {
	ctx, cancel := context.WithTimeout(ctx, upgradeWithin)
	defer cancel()
	provider, err := goose.NewProvider(goose.DialectPostgres, p.writer, migrations.Files)
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	want := newest(provider)
	if !upgrade {
		var have int64
		if err := p.reader.QueryRowContext(ctx, appliedVersion).Scan(&have); err != nil {
			return fault.Invalidf("the database %s is none of Sonata", p.address).Because(err)
		}
		return sameSchema(p.address.String(), have, want)
	}
	lock, err := p.probe.BeginTx(ctx, nil)
	if err != nil {
		return p.unreachable(err)
	}
	defer lock.Rollback() //nolint:errcheck // nothing was written: it only holds the lock
	if _, err := lock.ExecContext(ctx, fmt.Sprintf("SELECT pg_advisory_xact_lock(%d, 1)", turnOfAll)); err != nil {
		return p.unreachable(err)
	}
	have, err := provider.GetDBVersion(ctx)
	if err != nil {
		return fault.Unavailablef("cannot read the schema version of the database %s: %s", p.address, plain(err)).Because(err)
	}
	switch {
	case have > want:
		return fault.Invalidf("the database %s was written by a newer Sonata (schema %d, this one knows %d): start that version", p.address, have, want)
	case have == want:
		return nil
	}
	if have > 0 {
		slog.InfoContext(ctx, "upgrading the database", "from", have, "to", want)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fault.Unavailablef("cannot upgrade the database %s: %s. Nothing of the failed step was kept", p.address, plain(err)).Because(err)
	}
	return nil
}
