package access

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"entgo.io/ent/dialect/sql"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/auditentry"
	entfrontend "sonata.ai/sonata/ent/frontend"
	"sonata.ai/sonata/ent/predicate"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/frontend"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/store"
)

// Log is the audit log, as far as a caller may read it: entries of the frontends where the caller holds audit:read, and
// those of none with audit:read for every frontend. A grant for some environments or services reads nothing: the log of
// a frontend tells of all of them.
type Log struct{ store *store.Store }

// NewLog returns the log that is kept in a store.
func NewLog(s *store.Store) *Log { return &Log{store: s} }

// Filter says which entries; each condition that is given must hold.
type Filter struct {
	Actor    string // id
	Action   string
	Frontend string // slug or id
	Subject  string // id
	From, To time.Time
}

// Entry is one accepted change.
type Entry struct {
	*ent.AuditEntry
	Slug string // of the frontend that it is about; "" for none
}

// List returns at most limit entries below a sequence, the newest first.
func (l *Log) List(ctx context.Context, f Filter, below int64, limit int) ([]Entry, error) {
	where, err := l.where(ctx, f)
	if err != nil {
		return nil, err
	}
	rows, err := l.store.Reader(ctx).AuditEntry.Query().Where(where, auditentry.SeqLT(below)).
		Order(auditentry.BySeq(sql.OrderDesc())).Limit(limit).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read audit log: %w", err)
	}
	return l.named(ctx, rows)
}

// Count returns how many entries there are.
func (l *Log) Count(ctx context.Context, f Filter) (int, error) {
	where, err := l.where(ctx, f)
	if err != nil {
		return 0, err
	}
	n, err := l.store.Reader(ctx).AuditEntry.Query().Where(where).Count(ctx)
	if err != nil {
		return 0, fmt.Errorf("count audit log: %w", err)
	}
	return n, nil
}

// Get returns one entry. Fault: NotFound.
func (l *Log) Get(ctx context.Context, id string) (Entry, error) {
	row, err := l.store.Reader(ctx).AuditEntry.Query().Where(auditentry.ID(id), readable(ctx)).Only(ctx)
	if ent.IsNotFound(err) {
		return Entry{}, fault.NotFoundf("there is no audit entry with this id").At("id")
	}
	if err != nil {
		return Entry{}, fmt.Errorf("read audit entry: %w", err)
	}
	named, err := l.named(ctx, []*ent.AuditEntry{row})
	if err != nil {
		return Entry{}, err
	}
	return named[0], nil
}

// readable is what the caller may read.
func readable(ctx context.Context) predicate.AuditEntry {
	who := principal.From(ctx)
	if readsWholeLog(who) {
		return func(*sql.Selector) {}
	}
	ids := []string{}
	for _, g := range who.Grants {
		if g.Frontend != "" && who.CanAll(principal.AuditRead, principal.Grant{Frontend: g.Frontend}) {
			ids = append(ids, g.Frontend)
		}
	}
	return auditentry.FrontendIDIn(ids...)
}

func readsWholeLog(who principal.Principal) bool {
	return who.CanAll(principal.AuditRead, principal.Grant{})
}

func (l *Log) where(ctx context.Context, f Filter) (predicate.AuditEntry, error) {
	all := []predicate.AuditEntry{readable(ctx)}
	if f.Actor != "" {
		id, err := json.Marshal(f.Actor)
		if err != nil {
			return nil, err
		}
		all = append(all, auditentry.ActorHasPrefix(`{"id":`+string(id)+`,`)) // as principal.Actor encodes itself
	}
	if f.Action != "" {
		all = append(all, auditentry.Action(f.Action))
	}
	if f.Subject != "" {
		all = append(all, auditentry.SubjectID(f.Subject))
	}
	if f.Frontend != "" {
		owner, err := frontend.Find(ctx, l.store.Reader(ctx), f.Frontend, principal.AuditRead)
		switch {
		case fault.KindOf(err) == fault.NotFound:
			all = append(all, auditentry.FrontendIDIn())
		case err != nil:
			return nil, err
		default:
			all = append(all, auditentry.FrontendID(owner.ID))
		}
	}
	if !f.From.IsZero() {
		all = append(all, auditentry.CreatedAtGTE(f.From.UTC()))
	}
	if !f.To.IsZero() {
		all = append(all, auditentry.CreatedAtLT(f.To.UTC()))
	}
	return auditentry.And(all...), nil
}

// named adds the slugs of the frontends.
func (l *Log) named(ctx context.Context, rows []*ent.AuditEntry) ([]Entry, error) {
	var ids []string
	for _, row := range rows {
		if row.FrontendID != nil {
			ids = append(ids, *row.FrontendID)
		}
	}
	slugs := map[string]string{}
	if len(ids) > 0 {
		owners, err := l.store.Reader(ctx).Frontend.Query().Where(entfrontend.IDIn(ids...)).All(ctx)
		if err != nil {
			return nil, fmt.Errorf("read frontends: %w", err)
		}
		for _, f := range owners {
			slugs[f.ID] = f.Slug
		}
	}
	out := make([]Entry, len(rows))
	for i, row := range rows {
		out[i] = Entry{AuditEntry: row}
		if row.FrontendID != nil {
			out[i].Slug = slugs[*row.FrontendID]
		}
	}
	return out, nil
}
