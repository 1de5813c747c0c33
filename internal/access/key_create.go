package access

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"sonata.ai/sonata/ent"
	"sonata.ai/sonata/ent/apikey"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/internal/frontend"
	"sonata.ai/sonata/internal/principal"
	"sonata.ai/sonata/internal/store"
)

// KeyInput is a new API key.
type KeyInput struct {
	Name              string
	Frontend          string // slug or id; "" for every frontend
	Scopes            []string
	Environments      []string
	Services          []string
	Publishable       bool
	ExpiresAt         *time.Time
	RequestsPerMinute *int
}

// maxBudget bounds the requests per minute that a key can be given.
const maxBudget = 1_000_000

// Create makes a key and returns it with its secret, which is kept nowhere. Faults: Invalid, NotFound for a frontend
// where the caller may not make keys, Forbidden for what the caller does not hold, Exhausted.
func (k *Keys) Create(ctx context.Context, in KeyInput) (row *ent.APIKey, secret string, err error) {
	if err := in.check(time.Now()); err != nil {
		return nil, "", err
	}
	err = k.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		g := principal.Grant{Scopes: sorted(in.Scopes), Environments: sorted(in.Environments), Services: sorted(in.Services)}
		owner, err := findOwner(ctx, tx.Client(), in.Frontend)
		if err != nil {
			return err
		}
		if owner != nil {
			g.Frontend = owner.ID
			if err := environmentsExist(ctx, tx, owner, g.Environments, principal.KeysWrite); err != nil {
				return err
			}
		}
		if !principal.From(ctx).Covers(g) {
			return fault.Forbiddenf("you can give only what you hold yourself: leave out %s, or ask somebody who holds it",
				strings.Join(notHeld(principal.From(ctx), g), ", ")).At("scopes")
		}
		if !principal.From(ctx).CanAll(principal.KeysWrite, g) {
			return fault.Forbiddenf("you make keys for some environments only: name them").At("environments")
		}
		if err := k.noStronger(ctx, in.ExpiresAt, in.RequestsPerMinute); err != nil {
			return err
		}
		row, secret, err = k.insert(ctx, tx, in, g)
		if err != nil {
			return err
		}
		recordKey(tx, "apiKeyCreate", row, describe(g, in.Publishable, in.ExpiresAt))
		return nil
	})
	if err != nil {
		return nil, "", err
	}
	return row.Unwrap(), secret, nil
}

// noStronger refuses a key that would outlive the one that makes it, or ask for more: whoever holds a key for a day would
// have it for ever. Fault: Forbidden.
func (k *Keys) noStronger(ctx context.Context, expires *time.Time, budget *int) error {
	maker := principal.From(ctx)
	if maker.Credential != principal.KeyCredential {
		return nil
	}
	if ends := maker.Expires; !ends.IsZero() && (expires == nil || expires.After(ends)) {
		return fault.Forbiddenf("a key makes none that outlives it: set expiresAt to %s or before", ends.UTC().Format(time.RFC3339)).At("expiresAt")
	}
	most, asked := maker.RequestsPerMinute, k.budget
	if most == 0 {
		most = k.budget
	}
	if budget != nil {
		asked = *budget
	}
	if most > 0 && (asked == 0 || asked > most) {
		return fault.Forbiddenf("a key makes none that may ask for more: set requestsPerMinute to %d or less", most).At("requestsPerMinute")
	}
	return nil
}

func (in KeyInput) check(now time.Time) error {
	if err := frontend.CheckName("name", in.Name, 1, 200); err != nil {
		return err
	}
	if len(in.Scopes) == 0 {
		return fault.Invalidf("a key without scopes can do nothing: name at least one").At("scopes")
	}
	for _, s := range in.Scopes {
		if !principal.IsScope(s) {
			return fault.Invalidf("%q is no scope; there are %s", clip(s), strings.Join(principal.Scopes(), ", ")).At("scopes")
		}
	}
	forServices := slices.Contains(in.Scopes, principal.ServicesWrite) || slices.Contains(in.Scopes, principal.InstancesWrite)
	if forServices && len(in.Services) == 0 {
		return fault.Invalidf("a key with services:write or instances:write names its services").At("services")
	}
	if len(in.Services) > 0 && !slices.ContainsFunc(in.Scopes, principal.AboutServices) {
		return fault.Invalidf("services limit scopes about services, and none is given: leave services out").At("services")
	}
	if in.Environments != nil && len(in.Environments) == 0 {
		return fault.Invalidf("no environment is named: leave environments out for every one").At("environments")
	}
	for field, list := range map[string][]string{"environments": in.Environments, "services": in.Services} {
		if len(list) > 50 {
			return fault.Exhaustedf("a key names at most 50 %s", field).WithCode("LIMIT").At(field)
		}
		for _, name := range list {
			if err := frontend.CheckKey(field, name); err != nil {
				return err
			}
		}
	}
	if in.Publishable && (in.Frontend == "" || !slices.Equal(in.Scopes, []string{principal.DeliveryRead})) {
		return fault.Invalidf("a publishable key can be seen by everybody: name its frontend, and delivery:read as its only scope").At("publishable")
	}
	if err := checkEnd(in.ExpiresAt, now); err != nil {
		return err
	}
	if n := in.RequestsPerMinute; n != nil && (*n < 1 || *n > maxBudget) {
		return fault.Invalidf("requestsPerMinute: choose 1 to %d", maxBudget).At("requestsPerMinute")
	}
	return nil
}

func checkEnd(at *time.Time, now time.Time) error {
	if at != nil && !at.After(now) {
		return fault.Invalidf("expiresAt has passed: choose a time to come, or leave it out").At("expiresAt")
	}
	return nil
}

// environmentsExist looks for the environments that a grant names. One that the caller may not give a right in is as if it
// were not there. Fault: NotFound.
func environmentsExist(ctx context.Context, tx *store.Tx, owner *ent.Frontend, keys []string, scope string) error {
	for _, key := range keys {
		_, err := frontend.FindEnvironment(ctx, tx.Client(), owner, key, scope)
		if f := fault.As(err); f != nil {
			return f.At("environments")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// notHeld returns the scopes of a grant that the principal does not hold wherever it holds them.
func notHeld(p principal.Principal, g principal.Grant) (missing []string) {
	for _, s := range g.All() {
		if !p.CanAll(s, g) {
			missing = append(missing, s)
		}
	}
	return missing
}

func (k *Keys) insert(ctx context.Context, tx *store.Tx, in KeyInput, g principal.Grant) (*ent.APIKey, string, error) {
	open := tx.APIKey.Query().Where(apikey.RevokedAtIsNil(), apikey.Or(apikey.ExpiresAtIsNil(), apikey.ExpiresAtGT(time.Now().UTC())))
	if g.Frontend == "" {
		open.Where(apikey.FrontendIDIsNil())
	} else {
		open.Where(apikey.FrontendID(g.Frontend))
	}
	if count, err := open.Count(ctx); err != nil || count >= maxKeys {
		if err == nil {
			err = fault.Exhaustedf("there are %d keys already: revoke some that nobody uses", maxKeys).WithCode("LIMIT")
		}
		return nil, "", err
	}
	prefix, secret := newKey(in.Publishable)
	create := tx.APIKey.Create().SetName(in.Name).SetPrefix(prefix).SetSecretHash(hashOf(secret)).SetScopes(g.Scopes).
		SetEnvironments(g.Environments).SetServices(g.Services).SetPublishable(in.Publishable).
		SetNillableRequestsPerMinute(in.RequestsPerMinute).SetNillableExpiresAt(in.ExpiresAt).SetCreatedBy(principal.From(ctx).Encode())
	if g.Frontend != "" {
		create.SetFrontendID(g.Frontend)
	}
	row, err := create.Save(ctx)
	if err != nil {
		return nil, "", fmt.Errorf("create API key: %w", err)
	}
	return row, secret, nil
}

// newKey returns a key and how it begins. The beginning tells keys apart without telling what they are.
func newKey(publishable bool) (prefix, secret string) {
	var raw [4]byte
	rand.Read(raw[:])
	prefix = privateMark + hex.EncodeToString(raw[:])
	if publishable {
		prefix = publishableMark + hex.EncodeToString(raw[:])
	}
	return prefix, prefix + "_" + newSecret()
}

// Rotate makes a key with the rights of another one, which ends after the overlap; the new one ends at expires, and when
// that is nil, when the old one would have. Faults: NotFound, Invalid for one that has ended, Forbidden for what the
// caller does not hold, Exhausted.
func (k *Keys) Rotate(ctx context.Context, id string, overlap time.Duration, expires *time.Time) (row *ent.APIKey, secret string, err error) {
	if overlap < 0 || overlap > 720*time.Hour {
		return nil, "", fault.Invalidf("overlapHours: choose 0 to 720").At("overlapHours")
	}
	if err := checkEnd(expires, time.Now()); err != nil {
		return nil, "", err
	}
	err = k.store.WithTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		old, err := getKey(ctx, tx.Client(), id, principal.KeysWrite)
		if err != nil {
			return err
		}
		now := time.Now().UTC()
		if _, err := keyPrincipal(old, now); err != nil {
			return fault.Invalidf("the key has ended: make a new one").At("id")
		}
		g := grantOf(old)
		if !principal.From(ctx).Covers(g) {
			return fault.Forbiddenf("you can give only what you hold yourself, and the key holds %s", strings.Join(notHeld(principal.From(ctx), g), ", ")).At("id")
		}
		ends := cmp.Or(expires, old.ExpiresAt)
		if err := k.noStronger(ctx, ends, old.RequestsPerMinute); err != nil {
			if f := fault.As(err); expires == nil || !slices.Contains(f.Path, "expiresAt") {
				return f.At("id")
			}
			return err
		}
		in := KeyInput{Name: old.Name, Publishable: old.Publishable, ExpiresAt: ends, RequestsPerMinute: old.RequestsPerMinute}
		if row, secret, err = k.insert(ctx, tx, in, g); err != nil {
			return err
		}
		end := now.Add(overlap)
		if old.ExpiresAt != nil && old.ExpiresAt.Before(end) {
			end = *old.ExpiresAt
		}
		if old, err = tx.APIKey.UpdateOne(old).SetExpiresAt(end).SetRotatedAt(now).Save(ctx); err != nil {
			return fmt.Errorf("end the old API key: %w", err)
		}
		recordKey(tx, "apiKeyRotate", old, map[string]any{"by": row.Prefix, "endsAt": end.Format(time.RFC3339)})
		return nil
	})
	if err != nil {
		return nil, "", err
	}
	return row.Unwrap(), secret, nil
}

func sorted(list []string) []string {
	out := slices.Compact(slices.Sorted(slices.Values(list)))
	if out == nil {
		return []string{}
	}
	return out
}

func clip(s string) string {
	if len(s) > 80 {
		return strings.ToValidUTF8(s[:80], "") + "…"
	}
	return s
}
