package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/auditentry"
	"sonata.ai/sonata/ent/ledger"
	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
)

// Tx is the one transaction of a verb. Everything in it commits together, with what Record noted.
type Tx struct {
	*ent.Tx
	turn  turn
	facts []Fact
}

// Fact is one change worth knowing: it becomes an audit entry and an event with the same sequence number.
type Fact struct {
	Topic        string // of the event, for instance release.activated; TopicNone wakes nobody
	Payload      any    // of the event: ids, never content
	Action       string // of the audit entry: the mutation, for instance releasePublish
	Frontend     string // id of the frontend that it is about; "" for none. It decides who may read the entry
	SubjectID    string
	SubjectLabel string           // readable without the database, for instance shop/home
	Detail       any              // what was decided, never whole bodies
	Actor        *principal.Actor // who did it, where that is known only afterwards; nil for who is asking
}

// TopicNone is the topic of a fact that is no news: what was accepted and changed nothing.
const TopicNone = "none"

type txKey struct{}

func fromContext(ctx context.Context) *Tx {
	tx, _ := ctx.Value(txKey{}).(*Tx)
	return tx
}

// InTx reports whether ctx carries a transaction.
func InTx(ctx context.Context) bool { return fromContext(ctx) != nil }

// OutsideTx returns ctx without its transaction: reads then see what is committed.
func OutsideTx(ctx context.Context) context.Context {
	return context.WithValue(ctx, txKey{}, (*Tx)(nil))
}

// Record notes a fact for the commit.
func (tx *Tx) Record(f Fact) { tx.facts = append(tx.facts, f) }

// turn is with whom a transaction takes turns. SQLite has one turn for all.
type turn struct {
	counts bool   // with others that count
	of     string // id of a frontend, or of what is counted: with those of the same, and with those of everything; "" for everything
}

// covers reports whether what runs in turn t may do what asks for turn u.
func (t turn) covers(u turn) bool {
	return u == turn{counts: true} || t == u || t == turn{} && !u.counts
}

// WithTx runs fn in one transaction and commits when it returns nil. Inside fn, pass its context on: reads then see
// the transaction, and a verb called within joins it. Transactions write one at a time, whichever process they are in, so
// that what fn read is true until it commits; their order is that of the ledger.
//
// On a PostgreSQL a transaction may take 30 seconds with its waiting. Fault there, besides those of fn: Unavailable, when
// the database does not answer; then nothing was kept, or, where the message says so, it is not known whether it was.
func (s *Store) WithTx(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	return s.inTurn(ctx, turn{}, fn)
}

// WithTxOf is WithTx for what reads and changes nothing but one frontend, named by its id: it does not wait for those of
// other frontends.
func (s *Store) WithTxOf(ctx context.Context, frontend string, fn func(ctx context.Context, tx *Tx) error) error {
	return s.inTurn(ctx, turn{of: frontend}, fn)
}

// Count is WithTx for what may run beside everything but others of its kind: it adds to counters or removes what ended,
// decides nothing by what it read, and records no facts.
func (s *Store) Count(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	return s.inTurn(ctx, turn{counts: true}, fn)
}

// CountOf is Count for what may decide by what it read of one thing, named by its id: it takes turns with those of the
// same, and waits for nothing else.
func (s *Store) CountOf(ctx context.Context, id string, fn func(ctx context.Context, tx *Tx) error) error {
	return s.inTurn(ctx, turn{counts: true, of: id}, fn)
}

func (s *Store) inTurn(ctx context.Context, in turn, fn func(ctx context.Context, tx *Tx) error) (err error) {
	if tx := fromContext(ctx); tx != nil {
		if !tx.turn.covers(in) {
			return fmt.Errorf("a transaction of %+v cannot do what takes turns as %+v", tx.turn, in)
		}
		return fn(ctx, tx)
	}
	bounded, cancel := s.engine.bounded(ctx)
	defer cancel()
	etx, notify, err := s.engine.begin(bounded, s.write, in)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	tx := &Tx{Tx: etx, turn: in}
	done := false
	defer func() {
		if !done { // also when fn panics: the connection must come back
			err = errors.Join(err, etx.Rollback())
		}
	}()
	if err := fn(context.WithValue(bounded, txKey{}, tx), tx); err != nil {
		return err
	}
	seq, err := tx.settle(bounded)
	if err != nil {
		return err
	}
	if seq > 0 {
		if err := notify(bounded); err != nil {
			return fmt.Errorf("notify: %w", err)
		}
	}
	done = true
	if err := etx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	if seq > 0 {
		s.onCommit(ctx, seq)
	}
	return nil
}

const ledgerID = 1

// settle writes the recorded facts and moves the ledger. The ledger row comes first here because its lock is what
// gives the facts their numbers; nothing but facts follows it before the commit.
func (tx *Tx) settle(ctx context.Context) (int64, error) {
	if len(tx.facts) == 0 {
		return 0, nil
	}
	if tx.turn.counts {
		return 0, errors.New("what counts records no facts")
	}
	if err := tx.Ledger.Update().Where(ledger.ID(ledgerID)).AddSeq(int64(len(tx.facts))).Exec(ctx); err != nil {
		return 0, fmt.Errorf("move ledger: %w", err)
	}
	row, err := tx.Ledger.Get(ctx, ledgerID)
	if err != nil {
		return 0, fmt.Errorf("read ledger: %w", err)
	}
	head, first := row.AuditHead, row.Seq-int64(len(tx.facts))+1
	for i, f := range tx.facts {
		if head, err = tx.writeFact(ctx, first+int64(i), head, f); err != nil {
			return 0, err
		}
	}
	if err := tx.Ledger.Update().Where(ledger.ID(ledgerID)).SetAuditHead(head).Exec(ctx); err != nil {
		return 0, fmt.Errorf("move audit head: %w", err)
	}
	return row.Seq, nil
}

// writeFact stores one fact and returns the hash of its audit entry, the new head of the chain.
func (tx *Tx) writeFact(ctx context.Context, seq int64, head string, f Fact) (string, error) {
	payload, err := json.Marshal(f.Payload)
	if err != nil {
		return "", fmt.Errorf("encode event: %w", err)
	}
	detail, err := canonical.Marshal(f.Detail)
	if err != nil {
		return "", fmt.Errorf("encode audit detail: %w", err)
	}
	at := time.Now().UTC().Truncate(time.Microsecond) // what both databases keep, so that the hash can be verified
	actor := principal.From(ctx).Actor
	if f.Actor != nil {
		actor = *f.Actor
	}
	e := entry{
		ID: auditentry.DefaultID(), Seq: seq, At: at, Actor: actor.Encode(), Action: f.Action, Frontend: f.Frontend,
		SubjectID: f.SubjectID, SubjectLabel: f.SubjectLabel, Detail: string(detail), RequestID: principal.RequestID(ctx), Previous: head,
	}
	hash, err := e.hash()
	if err != nil {
		return "", fmt.Errorf("hash audit entry: %w", err)
	}
	err = tx.AuditEntry.Create().SetID(e.ID).SetSeq(seq).SetCreatedAt(at).SetActor(e.Actor).SetAction(e.Action).
		SetNillableFrontendID(optional(e.Frontend)).SetNillableSubjectID(optional(e.SubjectID)).SetSubjectLabel(e.SubjectLabel).
		SetDetail(e.Detail).SetNillableRequestID(optional(e.RequestID)).SetPreviousHash(head).SetHash(hash).Exec(ctx)
	if err != nil {
		return "", fmt.Errorf("write audit entry: %w", err)
	}
	if err := tx.Outbox.Create().SetID(seq).SetTopic(f.Topic).SetPayload(string(payload)).Exec(ctx); err != nil {
		return "", fmt.Errorf("write event: %w", err)
	}
	return hash, nil
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// ensureLedger makes the one ledger row of a new database, and gives one that has none its name.
func (s *Store) ensureLedger(ctx context.Context) error {
	name := "ins_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	found, err := s.read.Ledger.Get(ctx, ledgerID)
	switch {
	case ent.IsNotFound(err): // another process may be as far
		err = s.write.Ledger.Create().SetID(ledgerID).SetInstallation(name).OnConflictColumns(ledger.FieldID).Ignore().Exec(ctx)
	case err == nil && found.Installation == "":
		err = s.write.Ledger.UpdateOneID(ledgerID).SetInstallation(name).Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("make ledger: %w", err)
	}
	return nil
}

// Installation returns the name that tells this database from every other; a restored one has the same.
func (s *Store) Installation(ctx context.Context) (string, error) {
	ledger, err := s.Reader(ctx).Ledger.Get(ctx, ledgerID)
	if err != nil {
		return "", fmt.Errorf("read ledger: %w", err)
	}
	return ledger.Installation, nil
}

// SameKey notes which installation key a PostgreSQL is used with, and refuses another: processes with different keys
// could not read what the others sealed. Fault: Invalid. An SQLite file has its key beside it.
func (s *Store) SameKey(ctx context.Context, secrets *Secrets) error {
	if !s.address.IsPostgres() {
		return nil
	}
	if _, err := s.write.Ledger.Update().Where(ledger.ID(ledgerID), ledger.KeyCheckIsNil()).SetKeyCheck(secrets.check).Save(ctx); err != nil {
		return fmt.Errorf("note the installation key: %w", err)
	}
	row, err := s.write.Ledger.Get(ctx, ledgerID)
	if err != nil {
		return fmt.Errorf("read ledger: %w", err)
	}
	if row.KeyCheck != secrets.check {
		return fault.Invalidf("SONATA_SECRET_KEY is not the key that the database %s was used with first: give every process on it that key", s.address)
	}
	return nil
}
