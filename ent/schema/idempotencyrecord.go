package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// IdempotencyRecord remembers the answer of a mutation that succeeded, so that a repetition gets it again.
type IdempotencyRecord struct{ ent.Schema }

// Mixin of the IdempotencyRecord.
func (IdempotencyRecord) Mixin() []ent.Mixin { return []ent.Mixin{identity{prefix: "idm"}} }

// Fields of the IdempotencyRecord.
func (IdempotencyRecord) Fields() []ent.Field {
	return []ent.Field{
		field.String("principal").MaxLen(100).Immutable(),
		field.String("mutation").MaxLen(100).Immutable(),
		field.String("key").MaxLen(800).Immutable(),
		field.String("input_hash").MaxLen(80).Immutable(),
		field.Text("result").Immutable(),
	}
}

// Indexes of the IdempotencyRecord.
func (IdempotencyRecord) Indexes() []ent.Index {
	return []ent.Index{index.Fields("principal", "mutation", "key").Unique(), index.Fields("created_at")}
}
