package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// AuditEntry records one accepted change. Entries form a chain: each carries the hash of the one before.
type AuditEntry struct{ ent.Schema }

// Mixin of the AuditEntry.
func (AuditEntry) Mixin() []ent.Mixin { return []ent.Mixin{identity{prefix: "aud"}, immutable{}} }

// Fields of the AuditEntry.
func (AuditEntry) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("seq").Unique().Immutable(),
		field.Text("actor").Immutable().Comment("the actor as JSON"),
		field.String("action").MaxLen(100).Immutable(),
		field.String("frontend_id").MaxLen(64).Optional().Nillable().Immutable(),
		field.String("subject_id").MaxLen(64).Optional().Nillable().Immutable(),
		field.String("subject_label").MaxLen(1200).Immutable(),
		field.Text("detail").Immutable(),
		field.String("request_id").MaxLen(100).Optional().Nillable().Immutable(),
		field.String("previous_hash").MaxLen(80).Immutable(),
		field.String("hash").MaxLen(80).Immutable(),
	}
}

// Indexes of the AuditEntry.
func (AuditEntry) Indexes() []ent.Index {
	return []ent.Index{index.Fields("subject_id"), index.Fields("frontend_id")}
}
