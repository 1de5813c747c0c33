package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// UnknownDocument is an operation that a frontend sent without having registered it, while that was let through and
// counted.
type UnknownDocument struct{ ent.Schema }

// Mixin of the UnknownDocument.
func (UnknownDocument) Mixin() []ent.Mixin { return []ent.Mixin{identity{prefix: "udc"}} }

// Fields of the UnknownDocument. It was created when it was first seen.
func (UnknownDocument) Fields() []ent.Field {
	return []ent.Field{
		field.String("frontend_id").MaxLen(64).Immutable(),
		field.String("hash").MaxLen(71).Immutable(),
		field.String("name").MaxLen(800).Default("").Immutable(),
		field.Text("body").Immutable(),
		field.Int64("calls").Default(0),
		field.Time("last_seen_at").Default(utcNow),
	}
}

// Edges of the UnknownDocument.
func (UnknownDocument) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("frontend", Frontend.Type).Ref("unknown_documents").Field("frontend_id").Unique().Required().Immutable(),
	}
}

// Indexes of the UnknownDocument.
func (UnknownDocument) Indexes() []ent.Index {
	return []ent.Index{index.Fields("frontend_id", "hash").Unique(), index.Fields("last_seen_at")}
}
