package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// TrustedDocument is an operation that a frontend registered ahead.
type TrustedDocument struct{ ent.Schema }

// Mixin of the TrustedDocument.
func (TrustedDocument) Mixin() []ent.Mixin { return []ent.Mixin{identity{prefix: "doc"}} }

// Fields of the TrustedDocument.
func (TrustedDocument) Fields() []ent.Field {
	return []ent.Field{
		field.String("frontend_id").MaxLen(64).Immutable(),
		field.String("hash").MaxLen(71).Immutable().Comment("of the exact source"),
		field.String("alias").MaxLen(128).Default("").Comment("an id of the frontend's own that is no hash of the source; empty for none"),
		field.String("name").MaxLen(800),
		field.Enum("kind").Values("QUERY", "MUTATION", "SUBSCRIPTION").Immutable(),
		field.Text("body").Immutable(),
		field.Time("registered_at").Default(utcNow),
		field.Time("last_used_at").Optional().Nillable(),
		field.Time("retired_at").Optional().Nillable(),
		field.Int("public_max_age").Optional().Nillable().Comment("seconds; null when its answers on screens are each reader's own"),
	}
}

// Edges of the TrustedDocument.
func (TrustedDocument) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("frontend", Frontend.Type).Ref("documents").Field("frontend_id").Unique().Required().Immutable(),
		edge.To("usage", DocumentUsage.Type),
	}
}

// Indexes of the TrustedDocument.
func (TrustedDocument) Indexes() []ent.Index {
	return []ent.Index{index.Fields("frontend_id", "hash").Unique()}
}
