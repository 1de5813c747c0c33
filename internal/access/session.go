package access

import (
	"context"
	"fmt"
	"time"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/member"
	"sonata.ai/sonata/ent/memberlink"
	"sonata.ai/sonata/ent/session"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/frontend"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/store"
)

// How long a session lasts: from its beginning, and without being used.
const (
	sessionFor  = 7 * 24 * time.Hour
	sessionIdle = 24 * time.Hour
)

// SignIn begins a session with a password and returns who is signed in. What is wrong is told in the same words, and
// after the same time, whatever it is. Faults: Forbidden, Exhausted with TooMany as detail.
func (m *Members) SignIn(ctx context.Context, email, password string) (principal.Principal, error) {
	browser, err := browserOf(ctx)
	if err != nil {
		return principal.Principal{}, err
	}
	account, err := normalEmail(email)
	if err != nil {
		account = clip(email) // nobody has it, and nobody is told so sooner
	}
	if tooLong(password) {
		return principal.Principal{}, fault.Exhaustedf("a password has at most %d characters", maxPassword).WithCode("LIMIT").At("password")
	}
	source := principal.Source(ctx)
	row, fresh, err := m.compare(ctx, account, account, source, password)
	if err != nil {
		return principal.Principal{}, err
	}
	who, err := m.begin(ctx, browser, "sessionCreate", func(ctx context.Context, tx *store.Tx) (*ent.Member, error) {
		now, err := tx.Member.Get(ctx, row.ID)
		switch {
		case ent.IsNotFound(err) || err == nil && now.PasswordHash != row.PasswordHash: // removed, or changed since it was compared
			return nil, notRight()
		case err != nil:
			return nil, fmt.Errorf("read member: %w", err)
		case fresh == "":
			return now, nil
		}
		return tx.Member.UpdateOne(now).SetPasswordHash(fresh).Save(ctx)
	})
	if err == nil {
		m.attempts.succeeded(ctx, account, source)
	}
	return who, err
}

func notRight() error {
	return fault.Forbiddenf("the email address or the password is not right").At("password")
}

// compare returns the member of an account whose password this is, and a hash to keep instead of the one that there is,
// or "". Failures count for counted and for source. Who is refused a turn costs nothing but the asking. Faults: Forbidden,
// Exhausted.
func (m *Members) compare(ctx context.Context, account, counted, source, password string) (row *ent.Member, fresh string, err error) {
	if err := m.attempts.refuse(ctx, counted, source); err != nil {
		return nil, "", err
	}
	err = m.passwords.inTurn(ctx, func() error {
		if err := m.attempts.begin(ctx, counted, source); err != nil {
			return err
		}
		// The nearest before is read where there is none, so that the database does the same whether there is or not.
		row, err = m.store.Reader(ctx).Member.Query().Where(member.EmailLTE(account)).Order(ent.Desc(member.FieldEmail)).First(ctx)
		if err != nil && !ent.IsNotFound(err) {
			return fmt.Errorf("read member: %w", err)
		}
		hash := ""
		if row != nil && row.Email == account {
			hash = row.PasswordHash
		}
		ok := false
		if ok, fresh = m.passwords.matches(password, hash); !ok {
			return notRight()
		}
		return nil
	})
	return row, fresh, err
}

// begin makes a session of a member in one transaction with what must happen first. The session that the browser had
// ends: a token that somebody planted in it never becomes a signed-in one.
func (m *Members) begin(ctx context.Context, browser Browser, action string, first func(ctx context.Context, tx *store.Tx) (*ent.Member, error)) (who principal.Principal, err error) {
	token, expires := newSecret(), time.Time{}
	old := principal.From(ctx)
	err = m.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		row, err := first(ctx, tx)
		if err != nil {
			return err
		}
		if old.Credential == principal.SessionCredential {
			if err := tx.Session.DeleteOneID(old.CredentialID).Exec(ctx); err != nil && !ent.IsNotFound(err) {
				return fmt.Errorf("end the session before: %w", err)
			}
		}
		now := time.Now().UTC()
		made, err := tx.Session.Create().SetMemberID(row.ID).SetTokenHash(hashOf(token)).SetExpiresAt(now.Add(sessionFor).Truncate(time.Second)).Save(ctx)
		if err != nil {
			return fmt.Errorf("create session: %w", err)
		}
		if row, err = tx.Member.UpdateOne(row).SetLastSignedInAt(now).Save(ctx); err != nil {
			return fmt.Errorf("note sign-in: %w", err)
		}
		made.Edges.Member = row
		if who, err = sessionPrincipal(made, now); err != nil {
			return err
		}
		tx.Record(store.Fact{
			Topic: TopicChanged, Payload: Changed{Member: row.ID}, Action: action, SubjectID: row.ID, SubjectLabel: row.Email,
			Detail: map[string]any{"session": made.ID}, Actor: &who.Actor,
		})
		expires = made.ExpiresAt
		return nil
	})
	if err != nil {
		return principal.Principal{}, err
	}
	browser.Keep(token, expires)
	return who, nil
}

// SignOut ends the session of the caller; one that has none stays as it is.
func (m *Members) SignOut(ctx context.Context) error {
	browser, err := browserOf(ctx)
	if err != nil {
		return err
	}
	p := principal.From(ctx)
	if p.Credential == principal.SessionCredential {
		err = m.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error {
			if err := tx.Session.DeleteOneID(p.CredentialID).Exec(ctx); err != nil && !ent.IsNotFound(err) {
				return fmt.Errorf("end session: %w", err)
			}
			tx.Record(store.Fact{
				Topic: TopicChanged, Payload: Changed{Member: p.ID}, Action: "sessionEnd", SubjectID: p.ID, SubjectLabel: p.Name,
				Detail: map[string]any{"session": p.CredentialID},
			})
			return nil
		})
	}
	if err != nil {
		return err
	}
	browser.Forget()
	return nil
}

// ChangePassword sets a new password of the caller and ends all other sessions. Faults: Unauthenticated without a
// session, Forbidden for a wrong password, Invalid, Exhausted.
func (m *Members) ChangePassword(ctx context.Context, current, fresh string) (principal.Principal, error) {
	p := principal.From(ctx)
	if p.Credential != principal.SessionCredential {
		return p, fault.Unauthenticatedf("sign in first")
	}
	row, err := m.store.Reader(ctx).Member.Get(ctx, p.ID)
	if err != nil {
		return p, fmt.Errorf("read member: %w", err)
	}
	source := principal.Source(ctx)
	counted := "signed in " + p.ID // what strangers try for the account keeps nobody who is signed in from it
	row, _, err = m.compare(ctx, row.Email, counted, source, current)
	if fault.KindOf(err) == fault.Forbidden {
		err = fault.Forbiddenf("the current password is not right").At("current")
	}
	if err != nil {
		return p, err
	}
	m.attempts.succeeded(ctx, counted, source)
	if err := checkPassword(fresh, row.Email, row.Name); err != nil {
		return p, fault.As(err).At("new")
	}
	hash, err := m.passwords.Hash(ctx, fresh)
	if err != nil {
		return p, err
	}
	return p, m.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		// Whoever lost the session or the password meanwhile must not win the account back.
		still, err := tx.Session.Query().Where(session.ID(p.CredentialID), session.HasMemberWith(member.ID(p.ID), member.PasswordHash(row.PasswordHash))).Exist(ctx)
		if err != nil {
			return fmt.Errorf("read session: %w", err)
		}
		if !still {
			return fault.Unauthenticatedf("the session or the password ended meanwhile: sign in again")
		}
		changed, err := tx.Member.UpdateOneID(p.ID).SetPasswordHash(hash).Save(ctx)
		if err != nil {
			return fmt.Errorf("set password: %w", err)
		}
		if err := endSessions(ctx, tx, p.ID, p.CredentialID); err != nil {
			return err
		}
		recordMember(tx, "passwordChange", changed, map[string]any{})
		return nil
	})
}

// AcceptLink sets the password of the member that a one-time link is for, ends all sessions and signs in. Faults:
// Forbidden for a link that was used or has ended, Invalid, Exhausted.
func (m *Members) AcceptLink(ctx context.Context, token, password string) (principal.Principal, error) {
	browser, err := browserOf(ctx)
	if err != nil {
		return principal.Principal{}, err
	}
	over := fault.Forbiddenf("the link was used or has ended: ask for a new one").At("token")
	link, err := m.store.Reader(ctx).MemberLink.Query().Where(memberlink.TokenHash(hashOf(token))).WithMember().Only(ctx)
	if ent.IsNotFound(err) || err == nil && !time.Now().Before(link.ExpiresAt) {
		return principal.Principal{}, over
	}
	if err != nil {
		return principal.Principal{}, fmt.Errorf("read link: %w", err)
	}
	if err := checkPassword(password, link.Edges.Member.Email, link.Edges.Member.Name); err != nil {
		return principal.Principal{}, err
	}
	hash, err := m.passwords.Hash(ctx, password)
	if err != nil {
		return principal.Principal{}, err
	}
	return m.begin(ctx, browser, "memberLinkAccept", func(ctx context.Context, tx *store.Tx) (*ent.Member, error) {
		used, err := tx.MemberLink.Delete().Where(memberlink.ID(link.ID)).Exec(ctx)
		if err != nil {
			return nil, fmt.Errorf("use link: %w", err)
		}
		if used == 0 {
			return nil, over
		}
		if err := endSessions(ctx, tx, link.MemberID, ""); err != nil {
			return nil, err
		}
		return tx.Member.UpdateOneID(link.MemberID).SetPasswordHash(hash).Save(ctx)
	})
}

// SetUpInput is the admin to make.
type SetUpInput struct{ Token, Email, Name, Password string }

// CompleteSetUp makes an admin of everything while nobody who can sign in is one, and signs in. A member with this address
// becomes it. Faults: Forbidden once there is an admin or with a wrong token, Invalid, Exhausted.
func (m *Members) CompleteSetUp(ctx context.Context, in SetUpInput) (principal.Principal, error) {
	browser, err := browserOf(ctx)
	if err != nil {
		return principal.Principal{}, err
	}
	over := fault.Forbiddenf("the set-up link has ended: the console of the server shows the one that works while there is no admin").At("token")
	if exist, err := hasAdmin(ctx, m.store.Reader(ctx), ""); err != nil || exist || m.setup == nil || !m.setup.Matches(in.Token) {
		if err == nil {
			err = over
		}
		return principal.Principal{}, err
	}
	email, err := normalEmail(in.Email)
	if err != nil {
		return principal.Principal{}, err
	}
	if err := frontend.CheckName("name", in.Name, 1, 200); err != nil {
		return principal.Principal{}, err
	}
	if err := checkPassword(in.Password, email, in.Name); err != nil {
		return principal.Principal{}, err
	}
	hash, err := m.passwords.Hash(ctx, in.Password)
	if err != nil {
		return principal.Principal{}, err
	}
	return m.begin(ctx, browser, "setupComplete", func(ctx context.Context, tx *store.Tx) (*ent.Member, error) {
		if exist, err := hasAdmin(ctx, tx.Client(), ""); err != nil || exist {
			if err == nil {
				err = over
			}
			return nil, err
		}
		grants := principal.EncodeGrants([]principal.Grant{{Role: principal.Admin}})
		there, err := tx.Member.Query().Where(member.Email(email)).Only(ctx)
		if ent.IsNotFound(err) {
			return tx.Member.Create().SetEmail(email).SetName(in.Name).SetPasswordHash(hash).SetGrants(grants).Save(ctx)
		}
		if err != nil {
			return nil, fmt.Errorf("look for email: %w", err)
		}
		if _, err := tx.MemberLink.Delete().Where(memberlink.MemberID(there.ID)).Exec(ctx); err != nil {
			return nil, fmt.Errorf("end links: %w", err)
		}
		if err := endSessions(ctx, tx, there.ID, ""); err != nil {
			return nil, err
		}
		return tx.Member.UpdateOne(there).SetName(in.Name).SetPasswordHash(hash).SetGrants(grants).Save(ctx)
	})
}
