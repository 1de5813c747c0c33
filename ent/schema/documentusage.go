package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// DocumentUsage is how often a trusted document ran for about as long, sent by one build.
type DocumentUsage struct{ ent.Schema }

// Fields of the DocumentUsage.
func (DocumentUsage) Fields() []ent.Field {
	return []ent.Field{
		field.String("document_id").MaxLen(64).Immutable(),
		field.String("build").MaxLen(400).Immutable().Comment("name; empty when it is not known"),
		field.Int("bucket").Immutable().Comment("of the time it took; -1 for subscriptions, which take no time"),
		field.Int64("calls").Default(0),
		field.Int64("errors").Default(0),
	}
}

// Edges of the DocumentUsage.
func (DocumentUsage) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("document", TrustedDocument.Type).Ref("usage").Field("document_id").Unique().Required().Immutable(),
	}
}

// Indexes of the DocumentUsage.
func (DocumentUsage) Indexes() []ent.Index {
	return []ent.Index{index.Fields("document_id", "build", "bucket").Unique()}
}
