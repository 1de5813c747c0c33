package access_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sonata.ai/sonata/ent/member"
	"sonata.ai/sonata/internal/access"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/store"
	"sonata.ai/sonata/internal/testkit"
)

// jar is a browser.
type jar struct{ token string }

func (j *jar) Keep(token string, _ time.Time) { j.token = token }
func (j *jar) Forget()                        { j.token = "" }

const (
	good  = "several words nobody guesses 7"
	other = "entirely different words 9"
)

// people is the verbs on members with Ada, who can sign in, and Grace, who was invited.
type people struct {
	*testkit.Kit
	*access.Members
	t           testing.TB
	queue       *access.Passwords
	work        atomic.Uint64 // of hashing, in KiB that are passed over
	ada, grace  string        // ids
	graceToken  string
	credentials *access.Credentials
}

func newPeople(t testing.TB) *people {
	t.Helper()
	k := testkit.New(t)
	setUp := testkit.Must(access.OpenSetUp(t.Context(), k.Store, k.Secrets))(t)
	members := testkit.Must(access.NewMembers(k.Store, access.NewPasswords(nil), setUp, func() string { return "https://sonata.example" }))(t)
	p := &people{
		Kit: k, Members: members, t: t, queue: access.NewPasswordQueue(1, 2, time.Minute),
		credentials: testkit.Must(access.NewCredentials(k.Store))(t),
	}
	p.queue.CountWork(func(kib uint64) { p.work.Add(kib) })
	members.SetPasswords(p.queue)
	ada := testkit.Must(members.CompleteSetUp(p.from("192.0.2.1"), access.SetUpInput{Token: setUp.Token(), Email: "ada@example.com", Name: "Ada", Password: good}))(t)
	grace, link, err := members.Invite(testkit.Context(t), access.InviteInput{Email: "grace@example.com", Name: "Grace", Grants: []access.GrantInput{{Role: principal.Designer}}})
	if err != nil {
		t.Fatal(err)
	}
	p.ada, p.grace = ada.ID, grace.ID
	_, p.graceToken, _ = strings.Cut(link.URL, "#")
	p.work.Store(0)
	return p
}

// from is a browser at an address that nobody is signed in with.
func (p *people) from(address string) context.Context {
	return access.WithBrowser(from(p.t.Context(), address), &jar{})
}

// keep replaces the hash of a member.
func (p *people) keep(id, hash string) {
	p.t.Helper()
	err := p.Store.WithTx(p.t.Context(), func(ctx context.Context, tx *store.Tx) error {
		return tx.Member.UpdateOneID(id).SetPasswordHash(hash).Exec(ctx)
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *people) hashOf(id string) string {
	p.t.Helper()
	return testkit.Must(p.Store.Reader(p.t.Context()).Member.Get(p.t.Context(), id))(p.t).PasswordHash
}

// during runs a verb up to its transaction, then the change, then the rest of the verb, and returns what it answered.
func (p *people) during(verb func() error, change func(ctx context.Context, tx *store.Tx) error) error {
	p.t.Helper()
	answer := make(chan error, 1)
	err := p.Store.WithTx(testkit.Context(p.t), func(ctx context.Context, tx *store.Tx) error {
		done := testkit.Must(p.queue.Turn(p.t.Context()))(p.t)
		go func() { answer <- verb() }()
		for p.queue.Waiting() == 0 {
			time.Sleep(time.Millisecond)
		}
		done()
		done = testkit.Must(p.queue.Turn(p.t.Context()))(p.t) // after that of the verb
		done()
		return change(ctx, tx)
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return <-answer
}

func TestHashingIsBounded(t *testing.T) {
	t.Parallel()
	q := access.NewPasswordQueue(1, 2, time.Minute)
	done := testkit.Must(q.Turn(t.Context()))(t)
	var waiting sync.WaitGroup
	gaveUp, giveUp := context.WithCancel(t.Context())
	wait := func(ctx context.Context, served bool) {
		before := q.Waiting()
		waiting.Go(func() {
			if _, err := q.Hash(ctx, good); (err == nil) != served || !served && fault.KindOf(err) != fault.Unavailable {
				t.Errorf("who waited was answered %v", err)
			}
		})
		for q.Waiting() == before {
			time.Sleep(time.Millisecond)
		}
	}
	wait(t.Context(), true)
	wait(gaveUp, false)
	begin := time.Now()
	_, err := q.Hash(t.Context(), good)
	if f := fault.As(err); f == nil || f.Kind != fault.Exhausted || f.Code != "RATE_LIMITED" || f.Detail.(access.TooMany).Seconds < 1 {
		t.Errorf("beyond the queue: %v", err)
	}
	if took := time.Since(begin); took > 10*time.Second { // nobody would have let it go on
		t.Errorf("who was refused waited %s", took)
	}
	giveUp()
	for q.Waiting() > 1 {
		time.Sleep(time.Millisecond)
	}
	wait(t.Context(), true) // in the place of who gave up
	done()
	waiting.Wait()
	if n := q.Waiting(); n != 0 {
		t.Errorf("%d wait for nothing", n)
	}
}

func TestNobodyWaitsForeverForATurn(t *testing.T) {
	t.Parallel()
	q := access.NewPasswordQueue(1, 2, 10*time.Millisecond)
	done := testkit.Must(q.Turn(t.Context()))(t)
	if _, err := q.Hash(t.Context(), good); fault.KindOf(err) != fault.Exhausted || fault.As(err).Code != "RATE_LIMITED" {
		t.Errorf("after the longest wait: %v", err)
	}
	done()
	if hash, err := access.NewPasswordQueue(1, 0, time.Minute).Hash(t.Context(), good); err == nil {
		t.Errorf("a queue without places gave %s", hash)
	}
}

// accounts are all kinds of those that a wrong password can be tried for.
func (p *people) accounts() map[string]string {
	p.keep(testkit.Must(p.Store.Reader(p.t.Context()).Member.Query().Where(member.Email("grace@example.com")).OnlyID(p.t.Context()))(p.t), "")
	return map[string]string{
		"known": "ada@example.com", "unknown": "nobody@example.com", "before all others": "a@example.com", "invited": "grace@example.com",
		"no address": "not an address", "empty": "", "long": strings.Repeat("x", 5000) + "@example.com",
	}
}

func TestWhoIsRefusedATurnLearnsNothing(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	p.SetPasswords(access.NewPasswordQueue(1, 0, time.Minute)) // too many wait, always
	var answers []string
	for name, account := range p.accounts() {
		for range 15 { // more than may fail
			_, err := p.SignIn(p.from("192.0.2.2"), account, good)
			if f := fault.As(err); f == nil || f.Code != "RATE_LIMITED" {
				t.Fatalf("%s: %v", name, err)
			}
			answers = append(answers, fmt.Sprintf("%v %+v", err, fault.As(err).Detail))
		}
	}
	for _, a := range answers {
		if a != answers[0] {
			t.Errorf("%q and %q", a, answers[0])
		}
	}
	p.SetPasswords(p.queue)
	if _, err := p.SignIn(p.from("192.0.2.2"), "ada@example.com", good); err != nil {
		t.Errorf("what was never tried counts as failed: %v", err)
	}
}

// A wrong password costs one hash of today, whatever the account, and is answered alike.
func TestAWrongPasswordCostsTheSameForAnyAccount(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	accounts := p.accounts()
	try := func(name, account string) string {
		before := p.work.Load()
		_, err := p.SignIn(p.from("192.0.2.2"), account, "not the password at all")
		if work := p.work.Load() - before; work != access.Work() {
			t.Errorf("%s: %d KiB of work, one hash is %d", name, work, access.Work())
		}
		return fmt.Sprint(err)
	}
	want := try("known", accounts["known"])
	for name, account := range accounts {
		if got := try(name, account); got != want {
			t.Errorf("%s is told %q, not %q", name, got, want)
		}
	}
	for name, hash := range map[string]string{
		"an older hash":     p.queue.HashOf(good, 12*1024, 3),
		"a much older hash": p.queue.HashOf(good, 64, 1),
		"no hash":           "something else",
		"a changed hash":    p.queue.HashOf(good, 19*1024, 2) + "x",
		"a hash of spite":   strings.Replace(p.queue.HashOf(good, 19*1024, 2), "t=2", "t=20", 1),
	} {
		p.keep(p.ada, hash)
		if got := try(name, "ada@example.com"); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// Attempts at the same time count before any of them has failed.
func TestManyAttemptsAtOnceCountAsMany(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	crowd := access.NewPasswordQueue(2, 100, time.Minute)
	crowd.CountWork(func(kib uint64) { p.work.Add(kib) })
	p.SetPasswords(crowd)
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			if who, err := p.SignIn(p.from(fmt.Sprintf("192.0.2.%d", i)), "ada@example.com", other); err == nil {
				t.Errorf("%v signed in", who)
			}
		})
	}
	all.Wait()
	if tried := p.work.Load() / access.Work(); tried != 10 {
		t.Errorf("%d of 40 guesses were tried", tried)
	}
}

// Where there is no account its neighbor is read, and nobody is signed in by the neighbor's password.
func TestNobodySignsInAsTheNeighbor(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	for _, account := range []string{"adb@example.com", "ada@example.con", "ada@example.com.example.com", "z", ""} {
		if _, err := p.SignIn(p.from("192.0.2.2"), account, good); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("%q: %v", account, err)
		}
	}
}

func TestAHashOfAnotherCostStillWorks(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	for name, old := range map[string]string{"cheaper": p.queue.HashOf(good, 12*1024, 1), "dearer": p.queue.HashOf(good, 32*1024, 2)} {
		p.keep(p.ada, old)
		if _, err := p.SignIn(p.from("192.0.2.2"), "ada@example.com", other); fault.KindOf(err) != fault.Forbidden || p.hashOf(p.ada) != old {
			t.Errorf("%s, a wrong password: %v, kept is %s", name, err, p.hashOf(p.ada))
		}
		if who, err := p.SignIn(p.from("192.0.2.2"), "ada@example.com", good); err != nil || who.ID != p.ada {
			t.Errorf("%s: %v", name, err)
		}
		if now := p.hashOf(p.ada); now == old || !strings.Contains(now, "$m=19456,t=2,p=1$") {
			t.Errorf("%s: after signing in the hash is %s", name, now)
		}
		now := p.hashOf(p.ada)
		if _, err := p.SignIn(p.from("192.0.2.2"), "ada@example.com", good); err != nil || p.hashOf(p.ada) != now {
			t.Errorf("%s, again: %v", name, err)
		}
	}
}

// A sign-in counts for the password that was compared, and for nobody once that is another or the member is gone.
func TestASignInCountsForThePasswordThatWasCompared(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(p *people) func(ctx context.Context, tx *store.Tx) error{
		"the password is another": func(p *people) func(ctx context.Context, tx *store.Tx) error {
			hash := p.queue.HashOf(other, 64, 1)
			return func(ctx context.Context, tx *store.Tx) error {
				return tx.Member.UpdateOneID(p.ada).SetPasswordHash(hash).Exec(ctx)
			}
		},
		"the member is gone": func(p *people) func(ctx context.Context, tx *store.Tx) error {
			p.keep(p.grace, p.queue.HashOf(other, 64, 1))
			if _, err := p.Update(testkit.Context(p.t), access.MemberUpdate{ID: p.grace, Grants: &[]access.GrantInput{{Role: principal.Admin}}}); err != nil {
				p.t.Fatal(err)
			}
			return func(ctx context.Context, _ *store.Tx) error { return p.Remove(ctx, p.ada) }
		},
	} {
		p := newPeople(t)
		browser := &jar{}
		change := change(p)
		err := p.during(func() error {
			_, err := p.SignIn(access.WithBrowser(from(t.Context(), "192.0.2.2"), browser), "ada@example.com", good)
			return err
		}, change)
		if fault.KindOf(err) != fault.Forbidden || !strings.Contains(err.Error(), "is not right") || browser.token != "" {
			t.Errorf("%s meanwhile: %v, a session %q", name, err, browser.token)
		}
	}
}

// Whoever lost the session while the new password was hashed does not set it.
func TestAPasswordIsChangedByTheSessionThatIsThere(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(p *people, ctx context.Context, tx *store.Tx, fresh string) error{
		"another password": func(p *people, ctx context.Context, tx *store.Tx, fresh string) error {
			return tx.Member.UpdateOneID(p.ada).SetPasswordHash(fresh).Exec(ctx)
		},
		"sessions ended": func(p *people, ctx context.Context, _ *store.Tx, _ string) error {
			_, err := p.EndSessions(ctx, p.ada)
			return err
		},
	} {
		p := newPeople(t)
		browser := &jar{}
		if _, err := p.SignIn(access.WithBrowser(from(t.Context(), "192.0.2.2"), browser), "ada@example.com", good); err != nil {
			t.Fatal(err)
		}
		who := testkit.Must(p.credentials.Session(t.Context(), browser.token))(t)
		thief := access.WithBrowser(principal.With(principal.WithSource(t.Context(), "192.0.2.3"), who), &jar{})
		fresh := p.queue.HashOf("what the owner chose", 64, 1)
		err := p.during(func() error {
			_, err := p.ChangePassword(thief, good, other)
			return err
		}, func(ctx context.Context, tx *store.Tx) error { return change(p, ctx, tx, fresh) })
		if _, signIn := p.SignIn(p.from("192.0.2.4"), "ada@example.com", other); fault.KindOf(err) != fault.Unauthenticated || signIn == nil {
			t.Errorf("%s meanwhile: %v, and the password of the thief: %v", name, err, signIn)
		}
	}
}

// What strangers try for an account keeps nobody who is signed in from a new password; what is tried with the session does.
func TestStrangersKeepNobodyFromANewPassword(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	browser := &jar{}
	if _, err := p.SignIn(access.WithBrowser(from(t.Context(), "192.0.2.2"), browser), "ada@example.com", good); err != nil {
		t.Fatal(err)
	}
	who := testkit.Must(p.credentials.Session(t.Context(), browser.token))(t)
	for n := range 10 {
		if _, err := p.SignIn(p.from(fmt.Sprintf("198.51.100.%d", n)), "ada@example.com", "not the password at all"); fault.KindOf(err) != fault.Forbidden {
			t.Fatal(err)
		}
	}
	if _, err := p.SignIn(p.from("192.0.2.9"), "ada@example.com", good); fault.KindOf(err) != fault.Exhausted {
		t.Fatalf("ten failures: %v", err)
	}
	at := func(address string) context.Context {
		return access.WithBrowser(principal.With(principal.WithSource(t.Context(), address), who), &jar{})
	}
	if _, err := p.ChangePassword(at("192.0.2.2"), good, other); err != nil {
		t.Error(err)
	}
	for n := range 10 {
		if _, err := p.ChangePassword(at(fmt.Sprintf("203.0.113.%d", n)), "not the password at all", good); fault.KindOf(err) != fault.Forbidden {
			t.Fatal(err)
		}
	}
	if _, err := p.ChangePassword(at("192.0.2.2"), other, good); fault.KindOf(err) != fault.Exhausted {
		t.Errorf("whoever has the session tries as often as they like: %v", err)
	}
}

// Where nobody can sign in, and for a link that is none, nothing is hashed.
func TestNothingIsHashedInVain(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	accounts := p.accounts()
	for range 15 {
		ctx := access.WithoutBrowser(from(t.Context(), "192.0.2.2"), "not here")
		if _, err := p.SignIn(ctx, accounts["known"], good); fault.KindOf(err) != fault.Forbidden || !strings.Contains(err.Error(), "not here") {
			t.Error(err)
		}
	}
	grace := p.from("192.0.2.2")
	if _, err := p.AcceptLink(grace, p.graceToken, other); err != nil {
		t.Fatal(err)
	}
	p.work.Store(0)
	for name, token := range map[string]string{"used": p.graceToken, "none": "", "another": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "long": strings.Repeat("x", 1<<20)} {
		if _, err := p.AcceptLink(p.from("192.0.2.2"), token, "short"); fault.KindOf(err) != fault.Forbidden || !strings.Contains(err.Error(), "was used or has ended") {
			t.Errorf("a link that is %s: %v", name, err)
		}
		if _, err := p.CompleteSetUp(p.from("192.0.2.2"), access.SetUpInput{Token: token}); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("a set-up link that is %s: %v", name, err)
		}
	}
	if _, err := p.SignIn(p.from("192.0.2.2"), accounts["known"], strings.Repeat("x", 1<<20)); fault.KindOf(err) != fault.Exhausted {
		t.Errorf("a password of 1 MB: %v", err)
	}
	if work := p.work.Load(); work != 0 {
		t.Errorf("%d KiB of work", work)
	}
	if _, err := p.SignIn(p.from("192.0.2.2"), accounts["known"], good); err != nil {
		t.Errorf("what was not tried counts as failed: %v", err)
	}
}

// What has ended goes, what has not stays, and none of it is a fact.
func TestWhatHasEndedIsSwept(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	began, day := time.Now(), 24*time.Hour
	if _, err := p.SignIn(p.from("192.0.2.2"), "ada@example.com", good); err != nil { // beside the session of the set-up
		t.Fatal(err)
	}
	facts := testkit.Must(p.Store.Seq(t.Context()))(t)
	kept := p.Store.Reader(t.Context()).Session
	used := testkit.Must(kept.Query().FirstID(t.Context()))(t)
	for _, step := range []struct {
		after, used     time.Duration // since they began; used is when one of the sessions was used
		sessions, links int
	}{
		{0, 0, 2, 1},
		{day + 30*time.Minute, 0, 2, 1}, // the last uses may not be written yet
		{day + 2*time.Hour, day, 1, 1},
		{3*day + 2*time.Hour, 3 * day, 1, 0},
		{7*day + 30*time.Minute, 7 * day, 1, 0},
		{7*day + 2*time.Hour, 7 * day, 0, 0},
	} {
		err := p.Store.WithTx(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return tx.Session.UpdateOneID(used).SetUsedAt(began.UTC().Add(step.used)).Exec(ctx)
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := p.credentials.Sweep(t.Context(), began.Add(step.after)); err != nil {
			t.Fatal(err)
		}
		sessions := testkit.Must(kept.Query().Count(t.Context()))(t)
		links := testkit.Must(p.Store.Reader(t.Context()).MemberLink.Query().Count(t.Context()))(t)
		if sessions != step.sessions || links != step.links {
			t.Errorf("after %s there are %d sessions and %d links, want %d and %d", step.after, sessions, links, step.sessions, step.links)
		}
	}
	if now := testkit.Must(p.Store.Seq(t.Context()))(t); now != facts {
		t.Errorf("sweeping moved the ledger from %d to %d", facts, now)
	}
}
