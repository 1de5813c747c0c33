package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/jackc/pgx/v5/pgconn"

	"sonata.ai/sonata/internal/fault"
)

// patient is a driver that waits for a PostgreSQL just so long, does not even begin to while it is known to be away, and
// tells a database that does not answer from one that refuses.
type patient struct {
	dialect.Driver
	of *postgres
}

var errAway = errors.New("the database did not answer lately")

func (d *patient) Exec(ctx context.Context, query string, args, v any) error {
	if d.of.away.Load() {
		return unavailable(errAway)
	}
	ctx, cancel := d.of.bound(ctx, readWithin)
	defer cancel()
	return told(ctx, d.Driver.Exec(ctx, query, args, v))
}

func (d *patient) Query(ctx context.Context, query string, args, v any) error {
	if d.of.away.Load() {
		return unavailable(errAway)
	}
	ctx, cancel := d.of.bound(ctx, readWithin)
	err := d.Driver.Query(ctx, query, args, v)
	if err != nil {
		defer cancel() // after what its end says was read
		return told(ctx, err)
	}
	read(ctx, v, cancel)
	return nil
}

// read has the rows of a query tell what breaks off while they are read, and end with over.
func read(ctx context.Context, v any, over context.CancelFunc) {
	rows, ok := v.(*entsql.Rows)
	if !ok {
		over()
		return
	}
	rows.ColumnScanner = &reading{ColumnScanner: rows.ColumnScanner, ctx: ctx, over: over}
}

// reading is the rows of a query, which may break off in the middle.
type reading struct {
	entsql.ColumnScanner
	ctx  context.Context
	over context.CancelFunc
}

func (r *reading) Err() error { return told(r.ctx, r.ColumnScanner.Err()) }

func (r *reading) Close() error {
	defer r.over()
	return told(r.ctx, r.ColumnScanner.Close())
}

func (d *patient) Tx(ctx context.Context) (dialect.Tx, error) {
	if d.of.away.Load() {
		return nil, unavailable(errAway)
	}
	tx, err := d.Driver.Tx(ctx)
	if err != nil {
		return nil, busy(ctx, err)
	}
	own := &patientTx{Tx: tx, ctx: ctx}
	if b, ok := ctx.Value(begunKey{}).(*begun); ok {
		b.tx = own
		if err := b.take(ctx); err != nil {
			return nil, errors.Join(busy(ctx, err), own.Rollback())
		}
	}
	return own, nil
}

// patientTx is bounded by the context that it began with.
type patientTx struct {
	dialect.Tx
	ctx context.Context
}

func (t *patientTx) Exec(ctx context.Context, query string, args, v any) error {
	return told(ctx, t.Tx.Exec(ctx, query, args, v))
}

func (t *patientTx) Query(ctx context.Context, query string, args, v any) error {
	if err := t.Tx.Query(ctx, query, args, v); err != nil {
		return told(ctx, err)
	}
	read(ctx, v, func() {})
	return nil
}

func (t *patientTx) Commit() error {
	err := t.Tx.Commit()
	if err != nil && isAway(t.ctx, err) {
		return fault.Unavailablef("the database went away while it kept the change, so it is not known whether it did: read again before you repeat it").Because(err)
	}
	return err
}

func (t *patientTx) Rollback() error {
	err := t.Tx.Rollback()
	if errors.Is(err, sql.ErrTxDone) || err != nil && isAway(t.ctx, err) {
		return nil // the server gives up what never came to an end
	}
	return err
}

// busy gives the wait for a turn that did not come its fault, as told does for the rest.
func busy(ctx context.Context, err error) error {
	var refused *pgconn.PgError
	if errors.Is(context.Cause(ctx), context.DeadlineExceeded) || errors.As(err, &refused) && refused.Code == "55P03" {
		return fault.Unavailablef("so many changes wait for their turn that this one did not come to it: nothing was changed, try again in a moment").Because(err)
	}
	return told(ctx, err)
}

// told gives an error that says that the database is away, or too busy, its fault, and one that says that a text is none.
// Others stay what they are.
func told(ctx context.Context, err error) error {
	var refused *pgconn.PgError
	switch {
	case err == nil || fault.As(err) != nil:
		return err
	case errors.As(err, &refused) && refused.Code == "22021": // PostgreSQL looks at what it is sent, SQLite finds nothing by it
		return fault.Invalidf("a text holds the character NUL (U+0000), or is not valid UTF-8: remove what is none").Because(err)
	case isAway(ctx, err):
		return unavailable(err)
	}
	return err
}

func unavailable(cause error) error {
	return fault.Unavailablef("the database does not answer: nothing was changed, try again in a moment").Because(cause)
}

// isAway reports whether an error says that the database could not be asked, or did not come to it: the connection, its
// time, its shutdown, its lack of something, a turn that did not come. A caller who gave up is none of it.
func isAway(ctx context.Context, err error) bool {
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errAway):
		return true
	case errors.Is(cause, context.Canceled):
		return false
	}
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		switch class := refused.Code[:min(2, len(refused.Code))]; class {
		case "08", "53", "57", "40": // connection, resources, the operator's intervention, rolled back for another's sake
			return true
		}
		return refused.Code == "55P03" || refused.Code == "25006" || refused.Code == "25P03" // a lock, a server that only reads since another took over, a transaction that was left alone
	}
	var network net.Error
	var dial *pgconn.ConnectError
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &dial) || errors.As(err, &network) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, net.ErrClosed) || strings.Contains(err.Error(), "conn closed")
}

// plain is what went wrong with a PostgreSQL in a few words, without its address and without names of the driver.
func plain(err error) string {
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		return refused.Message
	}
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err.Error()
	}
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return "there is no such host"
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return "it did not answer in time"
	}
	return "the connection failed"
}
