package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"time"

	"sonata.ai/sonata/internal/fault"
)

// Chain is an audit log that holds.
type Chain struct {
	Entries int64  // as many as the sequence of the last
	Head    string // hash of the last entry; "" without any
	Noted   int64  // sequence of the entry whose hash is the head that was noted earlier; 0 when none was given
}

// VerifyChain recomputes the hash of every audit entry in the database and follows them from the first to the ledger's
// head. It may run beside servers: it only reads, takes no lock that anybody waits for, and needs the same memory for a
// log of any length. noted is a head that was written down earlier, or "". Faults: Conflict, which names the first entry
// that is not as it was written; Invalid for a file that is not there or a database that is none of ours; Unavailable for
// a PostgreSQL that does not answer.
func VerifyChain(ctx context.Context, address Address, noted string) (Chain, error) {
	v := verifier{noted: noted}
	db, err := v.open(ctx, address)
	if err != nil {
		return Chain{}, err
	}
	defer db.Close()
	for more := true; more; {
		if more, err = v.batch(ctx, db); err != nil {
			break
		}
	}
	if err == nil && noted != "" && v.Noted == 0 {
		err = fault.Conflictf("the head %s is not in the chain: the log was written anew since it was noted, or this is another database", noted)
	}
	if err != nil && fault.As(err) == nil {
		err = unreadable(address, err)
	}
	return v.Chain, err
}

func unreadable(of Address, err error) error {
	if of.IsPostgres() {
		return fault.Invalidf("cannot read the audit log of %s: %s", of, plain(err)).Because(err)
	}
	return fault.Invalidf("cannot read the audit log of %s: %s", of, reason(err)).Because(err)
}

// open opens the database so that nothing is written, and finds out how entries are read from it.
func (v *verifier) open(ctx context.Context, address Address) (*sql.DB, error) {
	if address.IsPostgres() {
		p := newPostgres(address)
		db := p.pool(1)
		if err := ping(ctx, db); err != nil {
			return nil, errors.Join(p.unreachable(err), db.Close())
		}
		v.query, v.options = fromPostgres, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}
		return db, nil
	}
	if _, err := os.Stat(address.path); err != nil {
		return nil, fault.Invalidf("there is no database %s: %s", address, reason(err)).Because(err)
	}
	db, err := openReadOnly(address.path)
	if err != nil {
		return nil, err
	}
	frontends, err := hasColumn(ctx, db, "audit_entries", "frontend_id")
	if err != nil {
		return nil, errors.Join(unreadable(address, err), db.Close())
	}
	v.query, v.options = fromSQLite, &sql.TxOptions{ReadOnly: true}
	if !frontends {
		v.query = strings.Replace(fromSQLite, "frontend_id", "NULL", 1)
	}
	return db, nil
}

// What reads the next entries behind a sequence and a row's own number, which only a file has: somebody may have made its
// table anew, without the index that keeps two from having the same sequence.
const (
	fromSQLite = `SELECT rowid, CAST(seq AS TEXT), id, CAST(created_at AS TEXT), actor, action, frontend_id,
		subject_id, subject_label, detail, request_id, previous_hash, hash
		FROM audit_entries WHERE (seq, rowid) > ($1, $2) ORDER BY seq, rowid LIMIT $3`
	fromPostgres = `SELECT 0, seq::text, id, to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US+00:00'), actor, action, frontend_id,
		subject_id, subject_label, detail, request_id, previous_hash, hash
		FROM audit_entries e WHERE (e.seq, 0) > ($1::bigint, $2::bigint) ORDER BY e.seq LIMIT $3`
)

// openReadOnly opens the file so that nothing can be written through it.
func openReadOnly(path string) (*sql.DB, error) {
	db, err := sql.Open("sqlite3", "file:"+uriPath(path)+"?mode=ro&_query_only=1&_busy_timeout=5000")
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// uriPath escapes what means something else in the name of a database.
func uriPath(path string) string {
	return strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
}

func hasColumn(ctx context.Context, db *sql.DB, table, column string) (has bool, err error) {
	var tables int
	err = db.QueryRowContext(ctx, `SELECT count(*), coalesce(max(name = ?), 0) FROM pragma_table_info(?)`, column, table).Scan(&tables, &has)
	if err == nil && tables == 0 {
		err = errors.New("the file holds no audit log")
	}
	return has, err
}

// batchOf is how many entries are read in one transaction. A longer one would keep a running server from tidying its
// write-ahead log.
const batchOf = 2000

// verifier follows the chain.
type verifier struct {
	Chain
	noted   string
	query   string
	options *sql.TxOptions
	rowid   int64 // of the last entry that was verified
}

// batch verifies the next entries; more is false once the end was reached and is what the ledger says.
func (v *verifier) batch(ctx context.Context, db *sql.DB) (more bool, err error) {
	tx, err := db.BeginTx(ctx, v.options)
	if err != nil {
		return false, err
	}
	defer tx.Rollback() //nolint:errcheck // nothing was written
	rows, err := tx.QueryContext(ctx, v.query, v.after(), v.rowid, batchOf)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	n := 0
	for ; rows.Next(); n++ {
		var r written
		if err := r.scan(rows); err != nil {
			return false, err
		}
		if err := v.follow(r); err != nil {
			return false, err
		}
	}
	if err := rows.Err(); err != nil || n == batchOf {
		return true, err
	}
	return false, v.end(ctx, tx)
}

// after is the sequence behind which the next batch begins. Whoever adds entries may number them as they like, so that
// the first batch has no lower bound.
func (v *verifier) after() int64 {
	if v.Entries == 0 {
		return math.MinInt64
	}
	return v.Entries
}

// end compares the last entry with the ledger, as one transaction sees both.
func (v *verifier) end(ctx context.Context, tx *sql.Tx) error {
	var seq, count int64
	var head string
	err := tx.QueryRowContext(ctx, "SELECT seq, audit_head FROM ledgers WHERE id = $1", ledgerID).Scan(&seq, &head)
	if errors.Is(err, sql.ErrNoRows) {
		return fault.Conflictf("the ledger's row is missing: nothing says where the log ends")
	}
	if err != nil {
		return err
	}
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM audit_entries").Scan(&count); err != nil {
		return err
	}
	switch {
	case count != v.Entries:
		return fault.Conflictf("%d entries have no number: they were added", count-v.Entries)
	case v.Entries < seq:
		return fault.Conflictf("%s at the end: the ledger has counted to %d", missing(v.Entries+1, seq), seq)
	case v.Entries > seq:
		return fault.Conflictf("the ledger has counted to %d only: %s added at the end, or the ledger's row was altered", seq, entries(seq+1, v.Entries, "was", "were"))
	case v.Head != head:
		return fault.Conflictf("the ledger's head is not the hash of the last entry, %d: that entry was replaced, or the ledger's row was altered", v.Entries)
	}
	return nil
}

// follow verifies the entry that comes next.
func (v *verifier) follow(r written) error {
	next := v.Entries + 1
	e, err := r.entry()
	switch {
	case err != nil:
		return r.fault("was altered: " + err.Error())
	case e.Seq < next && e.Seq >= 1:
		return r.fault("was added: there is another entry with this number")
	case e.Seq < 1:
		return r.fault("was added: entries are numbered from 1")
	case e.Seq > next:
		return r.fault("is not the next: " + missing(next, e.Seq-1) + " before it")
	}
	computed, err := r.is(e)
	if err != nil {
		return err
	}
	switch {
	case !computed && e.Previous != v.Head && r.isAfter(e, v.Head):
		return r.fault("was altered: the hash of the entry before it is not the one that it was written with")
	case !computed:
		return r.fault("was altered: its hash is not that of what it says")
	case e.Previous != v.Head:
		return r.fault("does not follow the entry before it: it was put in or moved here, or the one before was replaced")
	}
	v.Entries, v.Head, v.rowid = e.Seq, r.hash.String, r.rowid
	if v.noted != "" && v.Head == v.noted {
		v.Noted = e.Seq
	}
	return nil
}

// written is one row as it is in the file, whatever somebody made of it.
type written struct {
	rowid                                           int64
	seq, id, at, actor, action, frontend            sql.NullString
	subject, label, detail, request, previous, hash sql.NullString
}

func (r *written) scan(rows *sql.Rows) error {
	return rows.Scan(&r.rowid, &r.seq, &r.id, &r.at, &r.actor, &r.action, &r.frontend,
		&r.subject, &r.label, &r.detail, &r.request, &r.previous, &r.hash)
}

// timeForm is how times are stored.
const timeForm = "2006-01-02 15:04:05.999999999-07:00"

// entry reads the row. Its error says what of it was never written by us.
func (r *written) entry() (entry, error) {
	var seq int64
	if _, err := fmt.Sscanf(r.seq.String+".", "%d.", &seq); err != nil || fmt.Sprint(seq) != r.seq.String {
		return entry{}, errors.New("its sequence is not a number")
	}
	at, err := time.Parse(timeForm, r.at.String)
	if err != nil {
		return entry{}, errors.New("its time is not a time")
	}
	for name, optional := range map[string]sql.NullString{"frontend": r.frontend, "subject": r.subject, "request": r.request} {
		if optional.Valid && optional.String == "" {
			return entry{}, fmt.Errorf("its %s is empty", name)
		}
	}
	return entry{
		ID: r.id.String, Seq: seq, At: at, Actor: r.actor.String, Action: r.action.String, Frontend: r.frontend.String,
		SubjectID: r.subject.String, SubjectLabel: r.label.String, Detail: r.detail.String, RequestID: r.request.String,
		Previous: r.previous.String,
	}, nil
}

// is reports whether the row's hash is that of the entry.
func (r *written) is(e entry) (bool, error) {
	hash, err := e.hash()
	if err == nil && hash != r.hash.String && e.Frontend == "" {
		hash, err = e.oldHash()
	}
	return hash == r.hash.String, err
}

// isAfter reports whether the row's hash is that of the entry with another previous hash.
func (r *written) isAfter(e entry, previous string) bool {
	e.Previous = previous
	ok, err := r.is(e)
	return ok && err == nil
}

func (r *written) fault(what string) error {
	return fault.Conflictf("the entry %s (%s, %s) %s", quoted(r.seq), quoted(r.id), quoted(r.at), what)
}

// quoted is a value of the file on one line of a console.
func quoted(s sql.NullString) string {
	if !s.Valid {
		return "NULL"
	}
	text := strings.Trim(fmt.Sprintf("%q", s.String), `"`)
	if len(text) > 80 {
		text = text[:80] + "…"
	}
	return text
}

func missing(from, to int64) string { return entries(from, to, "is missing", "are missing") }

func entries(from, to int64, one, many string) string {
	if from == to {
		return fmt.Sprintf("entry %d %s", from, one)
	}
	return fmt.Sprintf("entries %d to %d %s", from, to, many)
}
