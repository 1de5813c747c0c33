// Package schema describes the storage shapes. Everything else below ent is generated from it.
package schema

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/mixin"
	"github.com/google/uuid"
)

// ErrImmutable is what storage answers when code tries to change or delete a row that is written once.
var ErrImmutable = errors.New("this row is immutable")

// Prefixes are what ids begin with, up to the underscore: no service can take one of them for its own.
func Prefixes() []string {
	return []string{
		"act", "arm", "ast", "aud", "bld", "cmp", "cpv", "doc", "edt", "env", "frt", "idm", "ins", "key", "man", "mem", "mlk", "rel", "rfs", "rit", "sch", "scr",
		"ses", "sgv", SnapshotPrefix, "spv", "svc", "udc",
	}
}

// SnapshotPrefix is that of snapshots, which are not stored.
const SnapshotPrefix = "snp"

// newID returns a function that makes ids of one type: its prefix and a UUIDv7 (RFC 9562) as 32 hex digits, so that
// ids tell their type and sort by creation. The prefix is one of Prefixes.
func newID(prefix string) func() string {
	if !slices.Contains(Prefixes(), prefix) {
		panic("the prefix " + prefix + " of ids is none of Prefixes")
	}
	return func() string {
		return prefix + "_" + strings.ReplaceAll(uuid.Must(uuid.NewV7()).String(), "-", "")
	}
}

func utcNow() time.Time { return time.Now().UTC() }

// identity gives an entity its string id and its creation time.
type identity struct {
	mixin.Schema
	prefix string
}

func (m identity) Fields() []ent.Field {
	return []ent.Field{
		field.String("id").MaxLen(64).DefaultFunc(newID(m.prefix)).Immutable(),
		field.Time("created_at").Default(utcNow).Immutable(),
	}
}

// immutable refuses every change but the insert.
type immutable struct{ mixin.Schema }

func (immutable) Hooks() []ent.Hook {
	return []ent.Hook{func(next ent.Mutator) ent.Mutator {
		return ent.MutateFunc(func(ctx context.Context, m ent.Mutation) (ent.Value, error) {
			if !m.Op().Is(ent.OpCreate) {
				return nil, ErrImmutable
			}
			return next.Mutate(ctx, m)
		})
	}}
}
