package store_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/auditentry"
	"sonata.ai/sonata/ent/migrate/sqlite"
	"sonata.ai/sonata/ent/outbox"
	"sonata.ai/sonata/ent/schema"
	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/store"
)

func open(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.File(filepath.Join(t.TempDir(), "test.db")), store.Pool{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func fact(n int) store.Fact {
	return store.Fact{Topic: "test", Payload: map[string]int{"n": n}, Action: "test", SubjectLabel: "x", Detail: map[string]int{"n": n}}
}

// Transactions that write at once are numbered in commit order, without holes, and the audit chain never forks.
func TestLedgerOrdersConcurrentTransactions(t *testing.T) {
	s := open(t)
	var wg sync.WaitGroup
	for w := range 12 {
		wg.Go(func() {
			for i := range 10 {
				err := s.WithTx(t.Context(), func(_ context.Context, tx *store.Tx) error {
					for n := range 1 + (w+i)%3 {
						tx.Record(fact(n))
					}
					if i%4 == 3 {
						return errors.New("given up")
					}
					return nil
				})
				if err != nil && i%4 != 3 {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	checkLedger(t, s)
}

// checkLedger verifies the numbers and the hash chain from what is stored alone.
func checkLedger(t *testing.T, s *store.Store) {
	t.Helper()
	ctx := t.Context()
	seq, err := s.Seq(ctx)
	if err != nil || seq == 0 {
		t.Fatalf("ledger at %d, %v", seq, err)
	}
	events, err := s.Reader(ctx).Outbox.Query().Order(outbox.ByID()).All(ctx)
	if err != nil {
		t.Fatal(err)
	}
	entries, err := s.Reader(ctx).AuditEntry.Query().Order(auditentry.BySeq()).All(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if int64(len(events)) != seq || int64(len(entries)) != seq {
		t.Fatalf("%d events and %d audit entries for a ledger at %d", len(events), len(entries), seq)
	}
	head := ""
	for i, e := range entries {
		if e.Seq != int64(i+1) || events[i].ID != int64(i+1) {
			t.Fatalf("hole at %d: audit %d, event %d", i+1, e.Seq, events[i].ID)
		}
		if e.PreviousHash != head || e.Hash != auditHash(t, e) {
			t.Fatalf("the audit chain breaks at %d", e.Seq)
		}
		head = e.Hash
	}
}

func auditHash(t *testing.T, e *ent.AuditEntry) string {
	t.Helper()
	text := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	if e.FrontendID != nil {
		t.Errorf("entry %d belongs to a frontend", e.Seq)
	}
	hash, err := canonical.HashOf(map[string]any{
		"id": e.ID, "seq": e.Seq, "previous": e.PreviousHash, "at": e.CreatedAt.UTC().Format(time.RFC3339Nano), "actor": e.Actor, "action": e.Action,
		"subjectId": text(e.SubjectID), "subjectLabel": e.SubjectLabel, "detail": e.Detail, "requestId": text(e.RequestID),
	})
	if err != nil {
		t.Fatal(err)
	}
	return hash
}

func TestFailedTransactionLeavesNothing(t *testing.T) {
	s := open(t)
	for name, fn := range map[string]func(tx *store.Tx) error{
		"error": func(*store.Tx) error { return errors.New("no") },
		"panic": func(*store.Tx) error { panic("no") },
	} {
		func() {
			defer func() { _ = recover() }()
			err := s.WithTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				tx.Frontend.Create().SetSlug("x" + name).SetName("x").SaveX(ctx)
				tx.Record(fact(1))
				return fn(tx)
			})
			if err == nil {
				t.Errorf("%s: no error", name)
			}
		}()
	}
	if n := s.Reader(t.Context()).Frontend.Query().CountX(t.Context()); n != 0 {
		t.Errorf("%d rows left", n)
	}
	if err := s.WithTx(t.Context(), func(_ context.Context, tx *store.Tx) error { tx.Record(fact(1)); return nil }); err != nil {
		t.Errorf("the writer did not come back: %v", err)
	}
}

// A verb called inside a transaction joins it, and reads see what it wrote.
func TestTransactionsJoin(t *testing.T) {
	s := open(t)
	err := s.WithTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		tx.Frontend.Create().SetSlug("one").SetName("x").SaveX(ctx)
		return s.WithTx(ctx, func(ctx context.Context, inner *store.Tx) error {
			if inner != tx {
				t.Error("a second transaction")
			}
			if n := s.Reader(ctx).Frontend.Query().CountX(ctx); n != 1 {
				t.Errorf("sees %d rows", n)
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestReadersCannotWrite(t *testing.T) {
	s := open(t)
	if err := s.Reader(t.Context()).Frontend.Create().SetSlug("x").SetName("x").Exec(t.Context()); err == nil {
		t.Error("the reading pool wrote")
	}
}

func TestImmutableRowsRefuseChanges(t *testing.T) {
	s := open(t)
	ctx := t.Context()
	err := s.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.Blob.Create().SetID("sha256:x").SetKind("SCREEN").SetBody("{}").SetSize(2).Exec(ctx)
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(tx *store.Tx) error{
		"delete one":  func(tx *store.Tx) error { return tx.Blob.DeleteOneID("sha256:x").Exec(ctx) },
		"delete many": func(tx *store.Tx) error { _, err := tx.Blob.Delete().Exec(ctx); return err },
		"update many": func(tx *store.Tx) error { _, err := tx.Blob.Update().Save(ctx); return err },
		"audit":       func(tx *store.Tx) error { _, err := tx.AuditEntry.Delete().Exec(ctx); return err },
		"release":     func(tx *store.Tx) error { _, err := tx.Release.Delete().Exec(ctx); return err },
		"edit":        func(tx *store.Tx) error { _, err := tx.ScreenEdit.Delete().Exec(ctx); return err },
		"activation":  func(tx *store.Tx) error { _, err := tx.Activation.Delete().Exec(ctx); return err },
	} {
		err := s.WithTx(ctx, func(_ context.Context, tx *store.Tx) error { return change(tx) })
		if !errors.Is(err, schema.ErrImmutable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOnce(t *testing.T) {
	s := open(t)
	runs := 0
	call := func(ctx context.Context, key, input string, fail bool) (out string, err error) {
		err = s.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error {
			return store.Once(ctx, tx, "m", key, input, &out, func() error {
				runs++
				out = fmt.Sprintf("%s %d", input, runs)
				if fail {
					return fault.Invalidf("no")
				}
				return nil
			})
		})
		return out, err
	}
	ctx := t.Context()
	if _, err := call(ctx, "k", "a", true); err == nil {
		t.Fatal("no error")
	}
	first, err := call(ctx, "k", "a", false) // a failure is not remembered
	again, errAgain := call(ctx, "k", "a", false)
	if err != nil || errAgain != nil || first != again || runs != 2 {
		t.Errorf("%q %v, then %q %v after %d runs", first, err, again, errAgain, runs)
	}
	if _, err := call(ctx, "k", "b", false); fault.As(err) == nil || fault.As(err).Code != "IDEMPOTENCY_MISMATCH" {
		t.Errorf("other input: %v", err)
	}
	other := principal.With(ctx, principal.Principal{Actor: principal.Actor{ID: "somebody", Kind: principal.Member}})
	if got, err := call(other, "k", "b", false); err != nil || got != "b 3" {
		t.Errorf("keys are per principal: %q %v", got, err)
	}
	if got, err := call(ctx, "", "a", false); err != nil || got == first {
		t.Errorf("no key, no memory: %q %v", got, err)
	}
}

// Every migration is one for databases that are in use: what refers to a table that is made anew still does afterwards.
func TestAnUpgradeKeepsWhatIsThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "old.db")
	db, err := sql.Open("sqlite3", "file:"+path+"?_fk=1")
	if err != nil {
		t.Fatal(err)
	}
	goose, err := goose.NewProvider(goose.DialectSQLite3, db, sqlite.Files)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := goose.UpTo(t.Context(), goose.ListSources()[0].Version); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		`INSERT INTO frontends (id, created_at, slug, name, origins) VALUES ('frt_1', '2026-01-01 00:00:00+00:00', 'shop', 'Shop', '[]')`,
		`INSERT INTO environments (id, created_at, frontend_id, key, delivery) VALUES ('env_1', '2026-01-01 00:00:00+00:00', 'frt_1', 'production', 'PUBLIC')`,
	} {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), store.File(path), store.Pool{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	rows, err := s.Reader(t.Context()).Frontend.Query().WithEnvironments().All(t.Context())
	if err != nil || len(rows) != 1 || len(rows[0].Edges.Environments) != 1 {
		t.Errorf("after the upgrade there is %v, %v", rows, err)
	}
	err = s.WithTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		return tx.Environment.Create().SetFrontendID("frt_none").SetKey("lost").SetDelivery("KEY").Exec(ctx)
	})
	if err == nil {
		t.Error("references are no longer checked after an upgrade")
	}
}

func TestRefusesWhatItCannotOpen(t *testing.T) {
	dir := t.TempDir()
	junk := filepath.Join(dir, "junk.db")
	if err := os.WriteFile(junk, []byte(strings.Repeat("not a database", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	newer := filepath.Join(dir, "newer.db")
	s, err := store.Open(t.Context(), store.File(newer), store.Pool{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(t.Context(), store.File(newer), store.Pool{}); fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "another Sonata") {
		t.Errorf("a second process: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite3", "file:"+newer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (99990101000000, 1)"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{junk: "cannot open the database", newer: "newer Sonata", dir: "cannot"} {
		_, err := store.Open(t.Context(), store.File(path), store.Pool{})
		if f := fault.As(err); f == nil || !strings.Contains(f.Message, want) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestSecrets(t *testing.T) {
	dir := t.TempDir()
	a, err := store.OpenSecrets("", dir)
	if err != nil {
		t.Fatal(err)
	}
	sealed := a.Seal("preview", []byte("hello"))
	again, err := store.OpenSecrets("", dir) // the key is kept
	if err != nil {
		t.Fatal(err)
	}
	if plain, ok := again.Open("preview", sealed); !ok || string(plain) != "hello" {
		t.Errorf("opened %q %v", plain, ok)
	}
	if _, ok := again.Open("webhook", sealed); ok {
		t.Error("sealed for one purpose, opened for another")
	}
	tampered := []byte(sealed)
	tampered[len(tampered)/2] ^= 1
	for _, bad := range []string{"", "x", "!!!", sealed[:10], string(tampered)} {
		if _, ok := again.Open("preview", bad); ok {
			t.Errorf("opened %q", bad)
		}
	}
	info, err := os.Stat(filepath.Join(dir, "secret.key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("secret.key: %v %v", info.Mode(), err)
	}
	if _, err := store.OpenSecrets("short", dir); err == nil {
		t.Error("a short key was taken")
	}
}

func TestSweepKeepsWhatIsNeeded(t *testing.T) {
	s := open(t)
	err := s.WithTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		tx.Record(fact(1))
		out := json.RawMessage(`1`)
		return store.Once(ctx, tx, "m", "k", 1, &out, func() error { return nil })
	})
	if err != nil {
		t.Fatal(err)
	}
	counts := func() string {
		c := s.Reader(t.Context())
		return fmt.Sprint(c.Outbox.Query().CountX(t.Context()), c.IdempotencyRecord.Query().CountX(t.Context()), c.AuditEntry.Query().CountX(t.Context()))
	}
	for _, step := range []struct {
		after time.Duration
		want  string
	}{{time.Hour, "1 1 1"}, {25 * time.Hour, "1 0 1"}, {8 * 24 * time.Hour, "0 0 1"}} {
		if err := s.Sweep(t.Context(), time.Now().Add(step.after)); err != nil {
			t.Fatal(err)
		}
		if got := counts(); got != step.want {
			t.Errorf("after %s: %s, want %s", step.after, got, step.want)
		}
	}
}

// A process beside the one that has the file writes in turn with it: the numbers have no holes, the chain never forks.
func TestJoinWritesInTurnWithTheServer(t *testing.T) {
	s := open(t)
	beside, err := store.Join(t.Context(), store.File(s.Address().Path()))
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for _, each := range []*store.Store{s, beside, s, beside} {
		wg.Go(func() {
			for n := range 15 {
				if err := each.WithTx(t.Context(), func(_ context.Context, tx *store.Tx) error {
					tx.Record(fact(n))
					return nil
				}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if err := beside.Close(); err != nil {
		t.Error(err)
	}
	chain, err := store.VerifyChain(t.Context(), s.Address(), "")
	if err != nil || chain.Entries != 60 {
		t.Errorf("%d entries, %v", chain.Entries, err)
	}
	if err := s.Ping(t.Context()); err != nil {
		t.Errorf("the server's store, after the other was closed: %v", err)
	}
	if _, err := store.Open(t.Context(), store.File(s.Address().Path()), store.Pool{}); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a second server: %v", err)
	}
}

// Beside a server of another version nothing is read and nothing changed.
func TestJoinRefusesAnotherSchema(t *testing.T) {
	s := open(t)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite3", s.Address().Path())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, change := range []string{
		"INSERT INTO goose_db_version (version_id, is_applied) VALUES (99990101000000, 1)",
		"DELETE FROM goose_db_version WHERE version_id > 0",
	} {
		if _, err := db.Exec(change); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Join(t.Context(), store.File(s.Address().Path())); fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "another version of Sonata") {
			t.Errorf("after %q: %v", change, err)
		}
	}
}
