package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// SignInFailure is how often signing in failed for one account, there or not, or from one address, where several processes
// share a database. One process on a file counts in memory.
type SignInFailure struct{ ent.Schema }

// Fields of the SignInFailure.
func (SignInFailure) Fields() []ent.Field {
	return []ent.Field{
		field.String("id").MaxLen(64).Immutable().Comment("hash of the account or the address"),
		field.Time("began").Comment("when the first of them failed, by the clock of the database"),
		field.Int("count").Default(0),
	}
}

// Indexes of the SignInFailure.
func (SignInFailure) Indexes() []ent.Index { return []ent.Index{index.Fields("began")} }
