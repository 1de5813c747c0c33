package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// ReleaseItem is one entry of a release's manifest: which blob stands under which key.
type ReleaseItem struct{ ent.Schema }

// Mixin of the ReleaseItem.
func (ReleaseItem) Mixin() []ent.Mixin { return []ent.Mixin{identity{prefix: "rit"}, immutable{}} }

// Fields of the ReleaseItem.
func (ReleaseItem) Fields() []ent.Field {
	return []ent.Field{
		field.String("release_id").MaxLen(64).Immutable(),
		field.Enum("kind").Values("SCREEN", "COMPONENTS", "ASSETS").Immutable(),
		field.String("key").MaxLen(64).Immutable(),
		field.String("blob_hash").MaxLen(80).Immutable(),
	}
}

// Edges of the ReleaseItem.
func (ReleaseItem) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("release", Release.Type).Ref("items").Field("release_id").Unique().Required().Immutable(),
		edge.To("blob", Blob.Type).Field("blob_hash").Unique().Required().Immutable(),
	}
}

// Indexes of the ReleaseItem.
func (ReleaseItem) Indexes() []ent.Index {
	return []ent.Index{index.Fields("release_id", "kind", "key").Unique()}
}
