package access

import (
	"context"
	"fmt"
	"slices"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/apikey"
	"sonata.ai/sonata/ent/predicate"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/frontend"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/store"
)

// Keys is the verbs on API keys.
type Keys struct {
	store  *store.Store
	budget int
}

// NewKeys returns the verbs; budget is what a key without one of its own may ask for in a minute, 0 for all it likes.
func NewKeys(s *store.Store, budget int) *Keys { return &Keys{store: s, budget: budget} }

// How keys begin: for programs, and for browsers, where everybody can see them.
const (
	privateMark     = "sonata_sk_"
	publishableMark = "sonata_pk_"
)

// maxKeys bounds the keys that have not ended, of one frontend and of all together without one.
const maxKeys = 1000

// grantOf is what a key gives to its holder.
func grantOf(row *ent.APIKey) principal.Grant {
	g := principal.Grant{Scopes: row.Scopes, Environments: row.Environments, Services: row.Services}
	if row.FrontendID != nil {
		g.Frontend = *row.FrontendID
	}
	return g
}

// may reports whether who is asking holds a scope of keys wherever the key holds: whoever makes keys for staging neither
// sees nor ends one that reaches production.
func may(ctx context.Context, scope string, row *ent.APIKey) bool {
	return principal.From(ctx).CanAll(scope, grantOf(row))
}

// Get returns the key with this id. Fault: NotFound, also for a caller who may not see it.
func (k *Keys) Get(ctx context.Context, id string) (*ent.APIKey, error) {
	return getKey(ctx, k.store.Reader(ctx), id, principal.KeysRead)
}

func getKey(ctx context.Context, c *ent.Client, id, scope string) (*ent.APIKey, error) {
	row, err := c.APIKey.Query().Where(apikey.ID(id)).WithFrontend().Only(ctx)
	if ent.IsNotFound(err) || err == nil && !may(ctx, scope, row) {
		return nil, fault.NotFoundf("there is no API key with this id").At("id")
	}
	if err != nil {
		return nil, fmt.Errorf("read API key: %w", err)
	}
	return row, nil
}

// List returns at most limit keys that the caller may see, the newest first and those before the id after, and how many
// there are; frontendID "" means those of all frontends and of none.
func (k *Keys) List(ctx context.Context, frontendID, after string, limit int) (rows []*ent.APIKey, total int, err error) {
	visible := visibleKeys(principal.From(ctx))
	if frontendID != "" {
		visible = apikey.And(visible, apikey.FrontendID(frontendID))
	}
	q := k.store.Reader(ctx).APIKey.Query().Where(visible)
	if total, err = q.Clone().Count(ctx); err != nil {
		return nil, 0, fmt.Errorf("count API keys: %w", err)
	}
	if after != "" {
		q.Where(apikey.IDLT(after))
	}
	rows, err = q.Order(ent.Desc(apikey.FieldID)).Limit(limit).All(ctx)
	if err != nil {
		return nil, 0, fmt.Errorf("read API keys: %w", err)
	}
	return rows, total, nil
}

// visibleKeys is may of keys:read, asked in the database.
func visibleKeys(p principal.Principal) predicate.APIKey {
	visible := []predicate.APIKey{}
	for _, g := range p.Grants {
		if !slices.Contains(g.All(), principal.KeysRead) {
			continue
		}
		there := []predicate.APIKey{apikey.IDNEQ("")}
		if g.Frontend != "" {
			there = append(there, apikey.FrontendID(g.Frontend))
		}
		if len(g.Environments) > 0 {
			there = append(there, holdsWithin(g.Environments))
		}
		visible = append(visible, apikey.And(there...))
	}
	if len(visible) == 0 {
		return apikey.IDIn()
	}
	return apikey.Or(visible...)
}

// holdsWithin selects the keys that hold in some of these environments and in no other.
func holdsWithin(environments []string) predicate.APIKey {
	return func(s *sql.Selector) {
		column := s.C(apikey.FieldEnvironments)
		each, count := "json_each("+column+") AS held", "json_array_length("+column+")"
		if s.Dialect() == dialect.Postgres {
			each, count = "jsonb_array_elements_text("+column+") AS held(value)", "jsonb_array_length("+column+")"
		}
		s.Where(sql.P(func(b *sql.Builder) {
			b.WriteString(count + " > 0 AND NOT EXISTS (SELECT 1 FROM " + each + " WHERE held.value NOT IN (")
			for i, e := range environments {
				if i > 0 {
					b.Comma()
				}
				b.Arg(e)
			}
			b.WriteString("))")
		}))
	}
}

// Revoke ends a key for good; one that has ended stays as it is. Fault: NotFound.
func (k *Keys) Revoke(ctx context.Context, id string) (row *ent.APIKey, err error) {
	err = k.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if row, err = getKey(ctx, tx.Client(), id, principal.KeysWrite); err != nil {
			return err
		}
		if row.RevokedAt == nil {
			if row, err = tx.APIKey.UpdateOne(row).SetRevokedAt(time.Now().UTC()).Save(ctx); err != nil {
				return fmt.Errorf("revoke API key: %w", err)
			}
		}
		recordKey(tx, "apiKeyRevoke", row, nil)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return row.Unwrap(), nil
}

func recordKey(tx *store.Tx, action string, row *ent.APIKey, detail map[string]any) {
	if detail == nil {
		detail = map[string]any{}
	}
	detail["prefix"] = row.Prefix
	tx.Record(store.Fact{
		Topic: TopicChanged, Payload: Changed{Key: row.ID}, Action: action,
		Frontend: grantOf(row).Frontend, SubjectID: row.ID, SubjectLabel: row.Name, Detail: detail,
	})
}

// describe says a grant in the words of the audit log.
func describe(g principal.Grant, publishable bool, expires *time.Time) map[string]any {
	detail := map[string]any{"scopes": g.Scopes, "publishable": publishable}
	if g.Frontend != "" {
		detail["frontend"] = g.Frontend
	}
	if len(g.Environments) > 0 {
		detail["environments"] = g.Environments
	}
	if len(g.Services) > 0 {
		detail["services"] = g.Services
	}
	if expires != nil {
		detail["expiresAt"] = expires.UTC().Format(time.RFC3339)
	}
	return detail
}

// findOwner returns the frontend that a new key is for; nil for every frontend. Fault: NotFound, also where the caller
// may not make keys.
func findOwner(ctx context.Context, c *ent.Client, ref string) (*ent.Frontend, error) {
	if ref == "" {
		if !principal.Can(ctx, principal.KeysWrite, principal.Place{}) {
			return nil, fault.Forbiddenf("a key for every frontend takes keys:write for every frontend: name the frontend").At("frontend")
		}
		return nil, nil
	}
	return frontend.Find(ctx, c, ref, principal.KeysWrite)
}
